"""Incidents linked to a case."""

from pulumi_datadog_cases.api.endpoints.group import EndpointGroup
from pulumi_datadog_cases.api.http.json_api import Item, reference
from pulumi_datadog_cases.api.http.paths import path


class IncidentEndpoints(EndpointGroup):
    """The methods of `client.cases` for incidents."""

    def link_incident(self, case_id: str, incident_id: str) -> Item:
        """Link an incident: POST /cases/{case_id}/relationships/incidents.

        No endpoint removes the link.
        """
        target = path("/cases/{}/relationships/incidents", case_id)
        return self._get_item("POST", target, reference("incidents", incident_id))
