"""`CaseServiceNowTicket`: the ServiceNow ticket that is made for a case."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from pulumi_datadog_cases.engine import LiveObject, Prop, Values, arg, computed, warn
from pulumi_datadog_cases.resources._shared.base import CaseLifecycle, CaseResource, text, without
from pulumi_datadog_cases.resources._shared.external_ticket import counterpart, made
from pulumi_datadog_cases.resources._shared.types import Text


class CaseServiceNowTicket(CaseResource):
    """A ticket in ServiceNow, made for a case.

    ServiceNow makes the ticket by and by: creation waits for it for a minute at most. If
    ServiceNow fails, creation fails. If it takes longer, creation ends with a warning and `status`
    IN_PROGRESS, and a later refresh shows the ticket.

    Import id: `<case_id>`.

    Destroy: **the ticket stays**, as the API has no way to take it off; a warning says so. For the
    same reason a case cannot get another ticket: a replacement on the same case fails, and changes
    nothing.

    Errors: 404 where the case does not exist; 403 where the keys lack `cases_write`.

    Endpoints: `/api/v2/cases/{case_id}/relationships/servicenow_tickets`; the ticket is read from
    the case.
    """

    case_id: Prop[Text] = arg(replace_on_changes=True)
    """UUID or key of the case, which has one ticket at most. A change replaces."""
    instance_name: Prop[Text] = arg(replace_on_changes=True, write_only=True)
    """The ServiceNow instance that Datadog is connected to. A change replaces."""
    assignment_group: Prop[str | None] = arg(default=None, replace_on_changes=True, write_only=True)
    """Which group the ticket is assigned to. A change replaces."""

    status: Prop[str | None] = computed()
    """`IN_PROGRESS`, `COMPLETED` or `FAILED`."""
    sys_target_link: Prop[str | None] = computed()
    """The ticket's URL in ServiceNow."""

    class Lifecycle(CaseLifecycle):
        """How tickets live at the API."""

        ids_are_unique = False
        parent_property = "case_id"

        def create(self, new: Values) -> LiveObject:
            """Have the ticket made, and wait for it."""
            case_id = text(new["case_id"])
            attributes = without(new, "case_id")
            self.client.cases.create_service_now_ticket(case_id, attributes)
            return self._made(case_id)

        def _made(self, case_id: str) -> LiveObject:
            """The ticket, when ServiceNow has made it."""
            return made(f"the ServiceNow ticket of case {case_id}", lambda: self.read(case_id, {}))

        def list(self, parent: LiveObject | None) -> Iterable[LiveObject]:
            """The case's ticket: it has one."""
            ticket = parent and counterpart(parent.id, parent.values, "service_now_ticket")
            return filter(None, [ticket])

        def candidates(self, new: Values, age: float) -> Iterable[LiveObject]:
            """The case's ticket, waited for as in a create."""
            del age
            case_id = text(new["case_id"])
            return [self._made(case_id)] if self.read(case_id, new) else []

        def importable(self, live: LiveObject) -> Values:
            """The ticket; its instance is told by the host of its URL alone (assumed)."""
            host = urlsplit(str(live.values.get("sys_target_link") or "")).hostname or ""
            return {"case_id": live.id, "instance_name": host.partition(".")[0] or None}

        def read(self, id_: str, known: Values) -> LiveObject | None:
            """Look at the case's ticket."""
            del known
            return counterpart(id_, self.client.cases.get(id_).attributes, "service_now_ticket")

        def delete(self, id_: str, known: Values) -> None:
            """Leave the ticket, and say so."""
            del known
            warn(f"the ServiceNow ticket of case {id_} stays: close it there; the API cannot")
