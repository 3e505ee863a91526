"""`CaseNotebook`: the investigation notebook of a case."""

from pulumi_datadog_cases.engine import LiveObject, Prop, Values, arg, warn
from pulumi_datadog_cases.resources._shared.base import CaseLifecycle, CaseResource, text
from pulumi_datadog_cases.resources._shared.types import Text


class CaseNotebook(CaseResource):
    """An investigation notebook, made for a case.

    Import id: `<case_id>`.

    Destroy: **the notebook stays**, as the API answers neither its id nor a way to delete it; a
    warning says so.

    Errors: 404 where the case does not exist; 403 where the keys lack `cases_write`.

    Endpoints: `/api/v2/cases/{case_id}/relationships/notebook`. No answer tells of the notebook:
    it is taken to be there as long as the case is.
    """

    case_id: Prop[Text] = arg(replace_on_changes=True)
    """UUID or key of the case. A change replaces."""

    class Lifecycle(CaseLifecycle):
        """How notebooks live at the API."""

        create_is_idempotent = True

        def create(self, new: Values) -> LiveObject:
            """Have the notebook made."""
            case_id = text(new["case_id"])
            self.client.cases.create_notebook(case_id)
            return LiveObject(case_id, new)

        def read(self, id_: str, known: Values) -> LiveObject:
            """See that the case is there."""
            del known
            self.client.cases.get(id_)
            return LiveObject(id_, {"case_id": id_})

        def delete(self, id_: str, known: Values) -> None:
            """Leave the notebook, and say so."""
            del known
            warn(f"the notebook of case {id_} stays: the API cannot delete it; do it in Datadog")
