"""Insights of a case."""

from collections.abc import Mapping, Sequence

from pulumi_datadog_cases.api.endpoints.group import EndpointGroup
from pulumi_datadog_cases.api.http.json_api import JSON, Item, body
from pulumi_datadog_cases.api.http.paths import path

_INSIGHTS = "/cases/{}/insights"


class InsightEndpoints(EndpointGroup):
    """The methods of `client.cases` for insights."""

    def add_insights(self, case_id: str, insights: Sequence[Mapping[str, JSON]]) -> Item:
        """Add insights, and keep the existing ones: PUT /cases/{case_id}/insights.

        Args:
            case_id: the case.
            insights: at least one and at most 100 insights. Each has `type`, `ref` and
                `resource_id`.
        """
        return self._get_item("PUT", path(_INSIGHTS, case_id), body("case", {"insights": insights}))

    def remove_insights(self, case_id: str, insights: Sequence[Mapping[str, JSON]]) -> Item:
        """Remove insights: DELETE /cases/{case_id}/insights.

        Args:
            case_id: the case.
            insights: the insights to remove. Each has `type`, `ref` and `resource_id`.
        """
        return self._get_item(
            "DELETE", path(_INSIGHTS, case_id), body("case", {"insights": insights})
        )
