"""`CaseNotebook`: the investigation notebook of a case."""

from collections.abc import Iterable

from pulumi_datadog_cases.engine import LiveObject, Prop, Values, arg, warn
from pulumi_datadog_cases.resources._shared.base import CaseLifecycle, CaseResource, text
from pulumi_datadog_cases.resources._shared.types import NonEmptyStr


class CaseNotebook(CaseResource):
    """An investigation notebook, created for a case.

    Import id: `<case_id>`.

    Destroy: **the notebook stays**, because the API cannot delete notebooks; a warning says so. The
    warning names only the case, because the API does not return the notebook's id.

    Errors: 404 if the case does not exist; 403 if the application key lacks `cases_write`.

    Endpoints: `/api/v2/cases/{case_id}/relationships/notebook`. No response contains the notebook.
    So the provider assumes that the notebook exists as long as the case exists.
    """

    identity = ("case_id",)

    case_id: Prop[NonEmptyStr] = arg(replace_on_changes=True, reference=True)
    """UUID or key of the case. Naming another case replaces the notebook."""

    class Lifecycle(CaseLifecycle):
        """Creates notebooks. The API can neither read nor delete notebooks."""

        create_is_idempotent = True
        ids_are_unique = False

        def create(self, new: Values) -> LiveObject:
            """Create the notebook."""
            case_id = text(new["case_id"])
            self.client.cases.create_notebook(case_id)
            return LiveObject(case_id, new)

        def candidates(self, new: Values, since: float) -> Iterable[LiveObject]:
            """The notebook, if its case exists. No response contains the notebook itself."""
            del since
            return [self.read(text(new["case_id"]), new)]

        def read(self, id_: str, known: Values) -> LiveObject:
            """Read the case only, because no response contains the notebook."""
            case_id = self.client.cases.get(text(known.get("case_id", id_))).id
            return LiveObject(case_id, {"case_id": case_id})

        def delete(self, id_: str, known: Values) -> None:
            """Leave the notebook in place, with a warning."""
            del known
            warn(
                f"the notebook of case {id_} stays: the API cannot delete it; delete it in Datadog"
            )
