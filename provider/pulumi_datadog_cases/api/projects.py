"""Projects and what is part of one: automation rules and notification rules."""

from collections.abc import Mapping

from pulumi_datadog_cases.api.document import JSON, Item, Items, body
from pulumi_datadog_cases.api.family import Family
from pulumi_datadog_cases.api.paths import path

_PROJECT = "/cases/projects/{}"
_FAVORITE = "/cases/projects/{}/favorites"
_AUTOMATION_RULES = "/cases/projects/{}/rules"
_AUTOMATION_RULE = "/cases/projects/{}/rules/{}"
_NOTIFICATION_RULES = "/cases/projects/{}/notification_rules"
_NOTIFICATION_RULE = "/cases/projects/{}/notification_rules/{}"


class Projects(Family):
    """`client.projects`."""

    def create(self, attributes: Mapping[str, JSON]) -> Item:
        """Create a project: POST /cases/projects. Settings and columns need an update after it."""
        return self._one("POST", "/cases/projects", body("project", attributes))

    def list(self) -> Items:
        """Get all projects: GET /cases/projects."""
        return self._many("GET", "/cases/projects")

    def get(self, project_id: str) -> Item:
        """Get a project: GET /cases/projects/{project_id}."""
        return self._one("GET", path(_PROJECT, project_id))

    def update(self, project_id: str, attributes: Mapping[str, JSON]) -> Item:
        """Change what is given of a project: PATCH /cases/projects/{project_id}.

        The answer leaves attributes out that the project has (recorded): read it again to know
        them all.
        """
        return self._one("PATCH", path(_PROJECT, project_id), body("project", attributes))

    def delete(self, project_id: str) -> None:
        """Remove a project and its cases, for ever: DELETE /cases/projects/{project_id}."""
        self._none("DELETE", path(_PROJECT, project_id))

    def favorites(self) -> Items:
        """List the caller's favorite projects, by project id: GET /cases/projects/favorites."""
        return self._many("GET", "/cases/projects/favorites")

    def favorite(self, project_id: str) -> None:
        """Make a project a favorite: POST /cases/projects/{project_id}/favorites."""
        self._none("POST", path(_FAVORITE, project_id), repeatable=True)

    def unfavorite(self, project_id: str) -> None:
        """Unmake a favorite: DELETE /cases/projects/{project_id}/favorites."""
        self._none("DELETE", path(_FAVORITE, project_id))


class AutomationRules(Family):
    """`client.automation_rules`."""

    def create(self, project_id: str, attributes: Mapping[str, JSON]) -> Item:
        """Create an automation rule: POST /cases/projects/{project_id}/rules."""
        return self._one("POST", path(_AUTOMATION_RULES, project_id), body("rule", attributes))

    def list(self, project_id: str) -> Items:
        """List a project's automation rules: GET /cases/projects/{project_id}/rules."""
        return self._many("GET", path(_AUTOMATION_RULES, project_id))

    def get(self, project_id: str, rule_id: str) -> Item:
        """Get an automation rule: GET /cases/projects/{project_id}/rules/{rule_id}."""
        return self._one("GET", path(_AUTOMATION_RULE, project_id, rule_id))

    def update(self, project_id: str, rule_id: str, attributes: Mapping[str, JSON]) -> Item:
        """Replace an automation rule: PUT /cases/projects/{project_id}/rules/{rule_id}.

        Takes the whole rule: name, trigger and action are required each time (documented).
        """
        return self._one(
            "PUT", path(_AUTOMATION_RULE, project_id, rule_id), body("rule", attributes)
        )

    def delete(self, project_id: str, rule_id: str) -> None:
        """Delete an automation rule: DELETE /cases/projects/{project_id}/rules/{rule_id}."""
        self._none("DELETE", path(_AUTOMATION_RULE, project_id, rule_id))

    def enable(self, project_id: str, rule_id: str) -> Item:
        """Enable a rule: POST /cases/projects/{project_id}/rules/{rule_id}/enable."""
        return self._one(
            "POST", path(f"{_AUTOMATION_RULE}/enable", project_id, rule_id), repeatable=True
        )

    def disable(self, project_id: str, rule_id: str) -> Item:
        """Disable a rule: POST /cases/projects/{project_id}/rules/{rule_id}/disable."""
        return self._one(
            "POST", path(f"{_AUTOMATION_RULE}/disable", project_id, rule_id), repeatable=True
        )


class NotificationRules(Family):
    """`client.notification_rules`. There is no call for a single one (documented)."""

    def create(self, project_id: str, attributes: Mapping[str, JSON]) -> Item:
        """Create a notification rule: POST /cases/projects/{project_id}/notification_rules."""
        return self._one(
            "POST", path(_NOTIFICATION_RULES, project_id), body("notification_rule", attributes)
        )

    def list(self, project_id: str) -> Items:
        """Get a project's rules: GET /cases/projects/{project_id}/notification_rules."""
        return self._many("GET", path(_NOTIFICATION_RULES, project_id))

    def update(self, project_id: str, rule_id: str, attributes: Mapping[str, JSON]) -> None:
        """Replace a notification rule.

        PUT /cases/projects/{project_id}/notification_rules/{notification_rule_id}. Send all its
        attributes: whether a missing one is kept is not documented.
        """
        self._none(
            "PUT",
            path(_NOTIFICATION_RULE, project_id, rule_id),
            body("notification_rule", attributes),
        )

    def delete(self, project_id: str, rule_id: str) -> None:
        """Delete a notification rule.

        DELETE /cases/projects/{project_id}/notification_rules/{notification_rule_id}.
        """
        self._none("DELETE", path(_NOTIFICATION_RULE, project_id, rule_id))
