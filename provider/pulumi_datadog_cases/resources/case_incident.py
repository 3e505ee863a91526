"""`CaseIncident`: an incident that a case is linked to."""

from pulumi_datadog_cases.engine import LiveObject, Prop, Values, arg, warn
from pulumi_datadog_cases.resources._shared.base import CaseLifecycle, CaseResource, text
from pulumi_datadog_cases.resources._shared.types import Text


class CaseIncident(CaseResource):
    """A link from a case to an incident of Datadog Incident Management.

    Import id: `<case_id>/<incident_id>`.

    Destroy: **the link stays**, as the API has no way to take it off; a warning says so.

    Errors: 404 where the case or the incident does not exist; 403 where the keys lack
    `cases_write`.

    Endpoints: `/api/v2/cases/{case_id}/relationships/incidents`. No answer tells of the link: it is
    taken to be there as long as the case is.
    """

    case_id: Prop[Text] = arg(parent=True)
    """UUID or key of the case. A change replaces."""
    incident_id: Prop[Text] = arg(replace_on_changes=True)
    """UUID of the incident. A change replaces."""

    class Lifecycle(CaseLifecycle):
        """How incident links live at the API."""

        create_is_idempotent = True

        def create(self, new: Values) -> LiveObject:
            """Link the incident."""
            incident_id = text(new["incident_id"])
            self.client.cases.link_incident(text(new["case_id"]), incident_id)
            return LiveObject(incident_id, new)

        def read(self, id_: str, known: Values) -> LiveObject:
            """See that the case is there."""
            self.client.cases.get(text(known["case_id"]))
            return LiveObject(id_, {"incident_id": id_})

        def delete(self, id_: str, known: Values) -> None:
            """Leave the link, and say so."""
            warn(
                f"incident {id_} stays linked to case {known['case_id']}: the API cannot take the "
                "link off; do it in Datadog"
            )
