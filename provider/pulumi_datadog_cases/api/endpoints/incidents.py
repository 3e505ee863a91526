"""Incidents linked to a case."""

from pulumi_datadog_cases.api.endpoints.group import EndpointGroup
from pulumi_datadog_cases.api.http.json_api import reference
from pulumi_datadog_cases.api.http.paths import path
from pulumi_datadog_cases.api.items import CaseItem


class IncidentEndpoints(EndpointGroup):
    """The methods of `client.cases` for incidents."""

    def link_incident(self, case_id: str, incident_id: str) -> CaseItem:
        """Link an incident: POST /cases/{case_id}/relationships/incidents.

        No endpoint removes the link.
        """
        target = path("/cases/{}/relationships/incidents", case_id)
        return self._get_item(CaseItem, "POST", target, reference("incidents", incident_id))
