"""`CaseInsight`: what made somebody open the case, seen from the case."""

from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

from pulumi_datadog_cases.api import Item
from pulumi_datadog_cases.engine import LiveObject, Prop, Values, arg
from pulumi_datadog_cases.resources._shared.base import (
    CaseLifecycle,
    CaseResource,
    live,
    text,
    without,
)
from pulumi_datadog_cases.resources._shared.types import Text

CaseInsightType: TypeAlias = (
    Literal[
        "SECURITY_SIGNAL",
        "MONITOR",
        "EVENT_CORRELATION",
        "ERROR_TRACKING",
        "CLOUD_COST_RECOMMENDATION",
        "INCIDENT",
        "SENSITIVE_DATA_SCANNER_ISSUE",
        "EVENT",
        "WATCHDOG_STORY",
        "WIDGET",
        # The rest is in the official client only.
        "SECURITY_FINDING",
        "INSIGHT_SCORECARD_CAMPAIGN",
        "RESOURCE_POLICY",
        "APM_RECOMMENDATION",
        "SCM_URL",
        "PROFILING_DOWNSIZING_EXPERIMENT",
    ]
    | str
)


def _id(insight: Values) -> str:
    """An insight has no id of its own: type and resource tell it from the others of its case."""
    return f"{insight['type']}:{insight['resource_id']}"


def _insights(case: Values) -> list[Values]:
    told = case.get("insights")
    return [each for each in (told if isinstance(told, list) else []) if isinstance(each, Mapping)]


def _find(case: Item, id_: str) -> Values | None:
    return next((each for each in _insights(case.attributes) if _id(each) == id_), None)


class CaseInsight(CaseResource):
    """Something elsewhere in Datadog that a case is about: a monitor, a signal, an incident.

    Import id: `<case_id>/<type>:<resource_id>`.

    Destroy: the insight is taken off the case; what it points to stays.

    Errors: 400 for a type the API does not know; 404 where the case does not exist; 403 where the
    keys lack `cases_write`.

    Endpoints: `/api/v2/cases/{case_id}/insights`. Insights are read back from the case, which
    has them in every recorded answer, though not in the documented one.
    """

    delete_before_replace = True  # one of the same type and resource_id is the same

    case_id: Prop[Text] = arg(parent=True)
    """UUID or key of the case. A change replaces."""
    type: Prop[CaseInsightType] = arg(replace_on_changes=True)
    """Such as `MONITOR` or `SECURITY_SIGNAL`. One not known here passes with a warning."""
    ref: Prop[Text] = arg(replace_on_changes=True)
    """Path within Datadog, such as `/monitors/12345?q=total`. A change replaces."""
    resource_id: Prop[Text] = arg(replace_on_changes=True)
    """Id of what it points to. A change replaces."""

    class Lifecycle(CaseLifecycle):
        """How insights live at the API."""

        ids_are_unique = False
        parent_property = "case_id"

        def create(self, new: Values) -> LiveObject:
            """Add the insight to those that are there."""
            insight = without(new, "case_id")
            self.client.cases.add_insights(text(new["case_id"]), [insight])
            return LiveObject(_id(insight), insight)

        def list(self, parent: LiveObject | None) -> Iterable[LiveObject]:
            """The insights of a case."""
            return (
                LiveObject(_id(each), each) for each in _insights(parent.values if parent else {})
            )

        def candidates(self, new: Values, age: float) -> Iterable[LiveObject]:
            """The insights of the case."""
            del age
            return self.list(live(self.client.cases.get(text(new["case_id"]))))

        def read(self, id_: str, known: Values) -> LiveObject | None:
            """Look for the insight on its case."""
            insight = _find(self.client.cases.get(text(known["case_id"])), id_)
            return None if insight is None else LiveObject(id_, insight)

        def delete(self, id_: str, known: Values) -> None:
            """Take the insight off; the request wants it whole."""
            del id_
            insight = {name: known[name] for name in ("type", "ref", "resource_id")}
            self.client.cases.remove_insights(text(known["case_id"]), [insight])
