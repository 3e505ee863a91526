"""Insights, what other products know about a case: `/cases/{case_id}/insights`."""

from typing import Annotated, Final

from pydantic import Field
from typing_extensions import TypedDict

from datadog_cases_sandbox.bodies import CaseBody
from datadog_cases_sandbox.call import Answer, Call, Endpoints
from datadog_cases_sandbox.families.cases import Insight, addressed, answer, changed

MAX_AT_ONCE: Final = 100


class Insights(TypedDict):
    """Insights to add or to remove."""

    insights: Annotated[list[Insight], Field(min_length=1, max_length=MAX_AT_ONCE)]


def _add(call: Call) -> Answer:
    return _with(call, added=_sent(call), removed=[])


def _remove(call: Call) -> Answer:
    return _with(call, added=[], removed=_sent(call))


def _sent(call: Call) -> list[Insight]:
    return call.sent(CaseBody[Insights]).data.attributes["insights"]


def _with(call: Call, added: list[Insight], removed: list[Insight]) -> Answer:
    case = addressed(call)
    # Type and resource tell which one it is (documented); its `ref` may change (assumed).
    insights = {_identity(one): one for one in [*case.insights, *added]}
    for one in removed:
        insights.pop(_identity(one), None)
    return answer(call.store, changed(call.store, case, {"insights": [*insights.values()]}))


def _identity(insight: Insight) -> tuple[str, str]:
    return insight["type"], insight["resource_id"]


_INSIGHTS: Final = "/cases/{case_id}/insights"
ENDPOINTS: Final[Endpoints] = {
    ("PUT", _INSIGHTS): _add,
    ("DELETE", _INSIGHTS): _remove,
}
