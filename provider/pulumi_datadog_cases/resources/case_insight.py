"""`CaseInsight`: a link from a case to its cause, such as a monitor or a signal."""

from collections.abc import Iterable, Mapping

from pulumi_datadog_cases.api import CaseItem
from pulumi_datadog_cases.api.enums import CaseInsightType
from pulumi_datadog_cases.engine import LiveObject, Prop, Values, arg, find_alike
from pulumi_datadog_cases.resources._shared.base import (
    CaseLifecycle,
    CaseResource,
    parent_values,
    text,
    without,
)
from pulumi_datadog_cases.resources._shared.types import NonEmptyStr


def _id(insight: Values) -> str:
    """Return the id of an insight, made from its type and its resource.

    The API has no ids for insights. A case has at most one insight with the same type and resource.
    """
    return f"{insight['type']}:{insight['resource_id']}"


def _insights(case: Values) -> list[Values]:
    insights = case.get("insights")
    if not isinstance(insights, list):
        return []
    return [
        each
        for each in insights
        if isinstance(each, Mapping) and each.keys() >= {"type", "resource_id"}
    ]


def _find(case: CaseItem, id_: str) -> Values | None:
    insights = {_id(each): each for each in _insights(case.raw_attributes)}
    found = find_alike(id_, insights)
    return None if found is None else insights[found]


class CaseInsight(CaseResource):
    """A link from a case to its cause in Datadog, such as a monitor, a signal or an incident.

    Import id: `<case_id>/<type>:<resource_id>`.

    Destroy: the insight is removed from the case; the object that it links to stays.

    Errors: 400 for a type that the API does not know; 404 if the case does not exist; 403 if the
    application key lacks `cases_write`.

    Endpoints: `/api/v2/cases/{case_id}/insights`. Insights are read from the case. Every recorded
    response of the case contains them, but the documented response does not.
    """

    # A replacement may have the same type and `resource_id` as before. A case has at most one
    # insight with this type and `resource_id`, so the old insight must be removed first.
    delete_before_replace = True

    identity = ("case_id", "type", "resource_id")

    case_id: Prop[NonEmptyStr] = arg(parent=True, reference=True)
    """UUID or key of the case. Naming another case replaces the insight."""
    type: Prop[CaseInsightType] = arg(replace_on_changes=True)
    """The type of cause, such as `MONITOR` or `SECURITY_SIGNAL`. An unknown type is sent with a
    warning. Changing `type` replaces the insight."""
    ref: Prop[NonEmptyStr] = arg(replace_on_changes=True)
    """Path of the object in Datadog, such as `/monitors/12345?q=total`. Changing it replaces the
    insight."""
    resource_id: Prop[NonEmptyStr] = arg(replace_on_changes=True)
    """Id of the object that the insight links to. Changing it replaces the insight."""

    class Lifecycle(CaseLifecycle):
        """Adds and removes insights, and reads them from their case."""

        ids_are_unique = False
        parent_property = "case_id"

        def create(self, new: Values) -> LiveObject:
            """Add the insight to the case."""
            insight = without(new, "case_id")
            case = self.client.cases.add_insights(text(new["case_id"]), [insight])
            return LiveObject(_id(insight), _find(case, _id(insight)) or insight)

        def list(self, parent: LiveObject | None) -> Iterable[LiveObject]:
            """The insights of a case."""
            case = parent_values(parent, self.client.cases.get)
            return (LiveObject(_id(each), each) for each in _insights(case))

        def read(self, id_: str, known: Values) -> LiveObject | None:
            """Find the insight on its case."""
            insight = _find(self.client.cases.get(text(known["case_id"])), id_)
            return None if insight is None else LiveObject(id_, insight)

        def delete(self, id_: str, known: Values) -> None:
            """Remove the insight. The request has to contain all properties of the insight."""
            del id_
            insight = {name: known[name] for name in ("type", "ref", "resource_id")}
            self.client.cases.remove_insights(text(known["case_id"]), [insight])
