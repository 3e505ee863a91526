"""`CaseIncident`: the link from a case to an incident."""

from collections.abc import Iterable

from pulumi_datadog_cases.engine import LiveObject, Prop, Values, arg, warn
from pulumi_datadog_cases.resources._shared.base import CaseLifecycle, CaseResource, text
from pulumi_datadog_cases.resources._shared.types import NonEmptyStr


class CaseIncident(CaseResource):
    """A link from a case to an incident of Datadog Incident Management.

    Import id: `<case_id>/<incident_id>`.

    Destroy: **the link stays**, because the API cannot remove it; a warning says so.

    Errors: 404 if the case or the incident does not exist; 403 if the application key lacks
    `cases_write`.

    Endpoints: `/api/v2/cases/{case_id}/relationships/incidents`. No response contains the link. So
    the provider assumes that the link exists as long as the case exists.
    """

    identity = ("case_id", "incident_id")

    case_id: Prop[NonEmptyStr] = arg(parent=True, reference=True)
    """UUID or key of the case. Naming another case replaces the link."""
    incident_id: Prop[NonEmptyStr] = arg(replace_on_changes=True)
    """UUID of the incident. Changing it replaces the link."""

    class Lifecycle(CaseLifecycle):
        """Creates links. The API can neither read nor delete links."""

        create_is_idempotent = True
        ids_are_unique = False

        def create(self, new: Values) -> LiveObject:
            """Link the incident."""
            incident_id = text(new["incident_id"])
            self.client.cases.link_incident(text(new["case_id"]), incident_id)
            return LiveObject(incident_id, new)

        def candidates(self, new: Values, since: float) -> Iterable[LiveObject]:
            """The link, if its case exists. No response contains the link itself."""
            del since
            return [self.read(text(new["incident_id"]), new)]

        def read(self, id_: str, known: Values) -> LiveObject:
            """Read the case only, because no response contains the link."""
            self.client.cases.get(text(known["case_id"]))
            return LiveObject(id_, {"incident_id": id_})

        def delete(self, id_: str, known: Values) -> None:
            """Leave the link in place, with a warning."""
            warn(
                f"incident {id_} stays linked to case {known['case_id']}: the API cannot "
                "remove the link; remove it in Datadog"
            )
