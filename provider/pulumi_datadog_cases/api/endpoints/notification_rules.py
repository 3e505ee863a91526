"""Notification rules of a project."""

from typing import TYPE_CHECKING

from pulumi_datadog_cases.api.endpoints.group import EndpointGroup
from pulumi_datadog_cases.api.http.json_api import JSON, Items, body
from pulumi_datadog_cases.api.http.paths import path
from pulumi_datadog_cases.api.items import NotificationRuleItem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_datadog_cases.api.models import NotificationRuleRequest

_RULES = "/cases/projects/{}/notification_rules"
_RULE = "/cases/projects/{}/notification_rules/{}"


class NotificationRules(EndpointGroup):
    """`client.notification_rules`. No endpoint returns a single rule (documented)."""

    def create(
        self, project_id: str, attributes: "Mapping[str, JSON] | NotificationRuleRequest"
    ) -> NotificationRuleItem:
        """Create a notification rule: POST /cases/projects/{project_id}/notification_rules."""
        return self._get_item(
            NotificationRuleItem,
            "POST",
            path(_RULES, project_id),
            body("notification_rule", attributes),
        )

    def list(self, project_id: str) -> Items[NotificationRuleItem]:
        """List a project's rules: GET /cases/projects/{project_id}/notification_rules."""
        return self._get_list(NotificationRuleItem, "GET", path(_RULES, project_id))

    def update(
        self,
        project_id: str,
        rule_id: str,
        attributes: "Mapping[str, JSON] | NotificationRuleRequest",
    ) -> None:
        """Replace a notification rule.

        PUT /cases/projects/{project_id}/notification_rules/{notification_rule_id}.

        Pass all attributes. It is not documented whether the API keeps attributes that the request
        omits.
        """
        self._send(
            "PUT",
            path(_RULE, project_id, rule_id),
            body("notification_rule", attributes),
        )

    def delete(self, project_id: str, rule_id: str) -> None:
        """Delete a notification rule.

        DELETE /cases/projects/{project_id}/notification_rules/{notification_rule_id}.
        """
        self._send("DELETE", path(_RULE, project_id, rule_id))
