"""Automation rules of a project."""

from typing import TYPE_CHECKING

from pulumi_datadog_cases.api.endpoints.group import EndpointGroup
from pulumi_datadog_cases.api.http.json_api import JSON, Items, body
from pulumi_datadog_cases.api.http.paths import path
from pulumi_datadog_cases.api.items import AutomationRuleItem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_datadog_cases.api.models import AutomationRuleRequest

_RULES = "/cases/projects/{}/rules"
_RULE = "/cases/projects/{}/rules/{}"


class AutomationRules(EndpointGroup):
    """`client.automation_rules`."""

    def create(
        self, project_id: str, attributes: "Mapping[str, JSON] | AutomationRuleRequest"
    ) -> AutomationRuleItem:
        """Create an automation rule: POST /cases/projects/{project_id}/rules."""
        return self._get_item(
            AutomationRuleItem, "POST", path(_RULES, project_id), body("rule", attributes)
        )

    def list(self, project_id: str) -> Items[AutomationRuleItem]:
        """List a project's automation rules: GET /cases/projects/{project_id}/rules."""
        return self._get_list(AutomationRuleItem, "GET", path(_RULES, project_id))

    def get(self, project_id: str, rule_id: str) -> AutomationRuleItem:
        """Get an automation rule: GET /cases/projects/{project_id}/rules/{rule_id}."""
        return self._get_item(AutomationRuleItem, "GET", path(_RULE, project_id, rule_id))

    def update(
        self,
        project_id: str,
        rule_id: str,
        attributes: "Mapping[str, JSON] | AutomationRuleRequest",
    ) -> AutomationRuleItem:
        """Replace an automation rule: PUT /cases/projects/{project_id}/rules/{rule_id}.

        Pass the whole rule. Name, trigger and action are required (documented).
        """
        return self._get_item(
            AutomationRuleItem, "PUT", path(_RULE, project_id, rule_id), body("rule", attributes)
        )

    def delete(self, project_id: str, rule_id: str) -> None:
        """Delete an automation rule: DELETE /cases/projects/{project_id}/rules/{rule_id}."""
        self._send("DELETE", path(_RULE, project_id, rule_id))

    def enable(self, project_id: str, rule_id: str) -> AutomationRuleItem:
        """Enable a rule: POST /cases/projects/{project_id}/rules/{rule_id}/enable."""
        return self._get_item(
            AutomationRuleItem,
            "POST",
            path(f"{_RULE}/enable", project_id, rule_id),
            idempotent=True,
        )

    def disable(self, project_id: str, rule_id: str) -> AutomationRuleItem:
        """Disable a rule: POST /cases/projects/{project_id}/rules/{rule_id}/disable."""
        return self._get_item(
            AutomationRuleItem,
            "POST",
            path(f"{_RULE}/disable", project_id, rule_id),
            idempotent=True,
        )
