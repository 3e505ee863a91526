"""`CaseServiceNowTicket`: the ServiceNow ticket that is created for a case."""

from urllib.parse import urlsplit

from pulumi_datadog_cases.engine import LiveObject, Prop, Values, arg, computed, warn
from pulumi_datadog_cases.resources._shared.base import CaseResource, text, without
from pulumi_datadog_cases.resources._shared.external_ticket import ExternalTicketLifecycle
from pulumi_datadog_cases.resources._shared.types import NonEmptyStr


class CaseServiceNowTicket(CaseResource):
    """A ticket in ServiceNow, created for a case.

    ServiceNow creates the ticket some time after the request. `pulumi up` waits for the ticket for
    up to a minute. If ServiceNow fails, the creation of this resource fails. If ServiceNow takes
    longer, the creation succeeds with a warning and `status` IN_PROGRESS. A later refresh then
    shows the ticket.

    Import id: `<case_id>`.

    Destroy: **the ticket stays**, because the API cannot remove it; a warning says so.

    Replacement: a case has at most one ticket, and the API cannot remove it. So a replacement on
    the same case fails, and changes nothing.

    Errors: 404 if the case does not exist; 403 if the application key lacks `cases_write`.

    Endpoints: `/api/v2/cases/{case_id}/relationships/servicenow_tickets`; the ticket is read from
    the case.
    """

    identity = ("case_id",)

    case_id: Prop[NonEmptyStr] = arg(replace_on_changes=True, reference=True)
    """UUID or key of the case, which has at most one ticket. Naming another case replaces the
    ticket."""
    instance_name: Prop[NonEmptyStr] = arg(replace_on_changes=True, write_only=True)
    """The ServiceNow instance that Datadog is connected to. Changing it replaces the ticket."""
    assignment_group: Prop[str | None] = arg(default=None, replace_on_changes=True, write_only=True)
    """The group that the ticket is assigned to. Changing it replaces the ticket."""

    status: Prop[str | None] = computed()
    """`IN_PROGRESS`, `COMPLETED` or `FAILED`."""
    sys_target_link: Prop[str | None] = computed()
    """The ticket's URL in ServiceNow."""

    @staticmethod
    def preview_warning(old: Values, new: Values) -> str | None:
        """Warn that a replacement on the same case fails."""
        if old.get("case_id") != new.get("case_id"):
            return None
        return (
            "cannot be replaced: the case keeps its ticket, which the API cannot remove, and the "
            "API rejects a second one"
        )

    class Lifecycle(ExternalTicketLifecycle):
        """Requests a ticket, and reads it from the case. Never removes the ticket."""

        attribute = "service_now_ticket"
        label = "ServiceNow ticket"

        def create(self, new: Values) -> LiveObject:
            """Request the ticket, and wait until ServiceNow has created it."""
            case_id = text(new["case_id"])
            attributes = without(new, "case_id")
            self.client.cases.create_service_now_ticket(case_id, attributes)
            return self.wait_until_created(case_id)

        def importable(self, live: LiveObject) -> Values:
            """The case, and the name of the ServiceNow instance.

            The host of the ticket's URL begins with this name (assumed).
            """
            host = urlsplit(str(live.values.get("sys_target_link") or "")).hostname or ""
            return {"case_id": live.id, "instance_name": host.partition(".")[0] or None}

        def delete(self, id_: str, known: Values) -> None:
            """Leave the ticket in place, with a warning."""
            del known
            warn(
                f"the ServiceNow ticket of case {id_} stays: the API cannot remove it; close it in "
                "ServiceNow"
            )
