"""Insights of a case."""

from typing import TYPE_CHECKING

from pulumi_datadog_cases.api.endpoints.group import EndpointGroup
from pulumi_datadog_cases.api.http.json_api import JSON, body, to_json
from pulumi_datadog_cases.api.http.paths import path
from pulumi_datadog_cases.api.items import CaseItem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pulumi_datadog_cases.api.models import Insight

_INSIGHTS = "/cases/{}/insights"


class InsightEndpoints(EndpointGroup):
    """The methods of `client.cases` for insights."""

    def add_insights(
        self, case_id: str, insights: "Sequence[Mapping[str, JSON] | Insight]"
    ) -> CaseItem:
        """Add insights, and keep the existing ones: PUT /cases/{case_id}/insights.

        Args:
            case_id: the case.
            insights: at least one and at most 100 insights. Each has `type`, `ref` and
                `resource_id`.
        """
        return self._get_item(
            CaseItem,
            "PUT",
            path(_INSIGHTS, case_id),
            body("case", {"insights": [*map(to_json, insights)]}),
        )

    def remove_insights(
        self, case_id: str, insights: "Sequence[Mapping[str, JSON] | Insight]"
    ) -> CaseItem:
        """Remove insights: DELETE /cases/{case_id}/insights.

        Args:
            case_id: the case.
            insights: the insights to remove. Each has `type`, `ref` and `resource_id`.
        """
        return self._get_item(
            CaseItem,
            "DELETE",
            path(_INSIGHTS, case_id),
            body("case", {"insights": [*map(to_json, insights)]}),
        )
