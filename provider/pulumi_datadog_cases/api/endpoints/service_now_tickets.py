"""The ServiceNow ticket of a case."""

from typing import TYPE_CHECKING

from pulumi_datadog_cases.api.endpoints.group import EndpointGroup
from pulumi_datadog_cases.api.http.json_api import JSON, body
from pulumi_datadog_cases.api.http.paths import path

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_datadog_cases.api.models import ServiceNowTicketRequest


class ServiceNowTicketEndpoints(EndpointGroup):
    """The methods of `client.cases` for ServiceNow tickets."""

    def create_service_now_ticket(
        self, case_id: str, attributes: "Mapping[str, JSON] | ServiceNowTicketRequest"
    ) -> None:
        """Create a ticket: POST /cases/{case_id}/relationships/servicenow_tickets.

        The API creates the ticket after the response. The case's attribute `service_now_ticket`
        contains the status of this creation (documented).
        """
        target = path("/cases/{}/relationships/servicenow_tickets", case_id)
        self._send("POST", target, body("tickets", attributes))
