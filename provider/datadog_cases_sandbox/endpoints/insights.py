"""Insights of other products on a case: `/cases/{case_id}/insights`."""

from typing import Annotated, Final

from pydantic import Field
from typing_extensions import TypedDict

from datadog_cases_sandbox.bodies import CaseBody
from datadog_cases_sandbox.endpoints.cases import Insight, case_response, from_path, update_case
from datadog_cases_sandbox.handler import ApiRequest, ApiResponse, Endpoints

MAX_AT_ONCE: Final = 100


class Insights(TypedDict):
    """Insights to add or to remove."""

    insights: Annotated[list[Insight], Field(min_length=1, max_length=MAX_AT_ONCE)]


def _add(request: ApiRequest) -> ApiResponse:
    return _with(request, added=_insights(request), removed=[])


def _remove(request: ApiRequest) -> ApiResponse:
    return _with(request, added=[], removed=_insights(request))


def _insights(request: ApiRequest) -> list[Insight]:
    return request.body(CaseBody[Insights]).data.attributes["insights"]


def _with(request: ApiRequest, added: list[Insight], removed: list[Insight]) -> ApiResponse:
    case = from_path(request)
    # Type and resource id identify an insight (documented). Adding an insight again may change its
    # `ref` (assumed).
    insights = {_identity(insight): insight for insight in [*case.insights, *added]}
    for insight in removed:
        insights.pop(_identity(insight), None)
    return case_response(
        request.store, update_case(request.store, case, {"insights": [*insights.values()]})
    )


def _identity(insight: Insight) -> tuple[str, str]:
    return insight["type"], insight["resource_id"]


_INSIGHTS: Final = "/cases/{case_id}/insights"
ENDPOINTS: Final[Endpoints] = {
    ("PUT", _INSIGHTS): _add,
    ("DELETE", _INSIGHTS): _remove,
}
