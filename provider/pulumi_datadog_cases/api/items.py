"""The kinds of objects that the API returns, each with the models of its members.

Each class names two models of `pulumi_datadog_cases.api.models`: the model of the object's
`attributes` and the model of its `relationships`. The models are imported when a program first
reads one of them, because the import of pydantic takes as long as all other imports of the client.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pulumi_datadog_cases.api.http.json_api import JSON, Item

if TYPE_CHECKING:
    # The bases of the classes below name these models in strings, which ruff does not see.
    from pulumi_datadog_cases.api.models import (  # noqa: F401
        AggregateAttributes,
        AuthorRelationships,
        AutomationRuleAttributes,
        CaseAttributes,
        CaseLinkAttributes,
        CaseRelationships,
        CaseTypeAttributes,
        CaseViewAttributes,
        CaseViewRelationships,
        CountAttributes,
        CustomAttributeAttributes,
        MaintenanceWindowAttributes,
        NoAttributes,
        NoRelationships,
        NotificationRuleAttributes,
        OrganizationAttributes,
        ProjectAttributes,
        ProjectRelationships,
        TeamAttributes,
        TimelineCellAttributes,
        UserAttributes,
        UserRelationships,
        WatcherRelationships,
    )


class ProjectItem(Item["ProjectAttributes", "ProjectRelationships"]):
    """A project."""


class ProjectFavoriteItem(Item["NoAttributes", "NoRelationships"]):
    """A user's favorite project. Its id is the id of the project."""


class AutomationRuleItem(Item["AutomationRuleAttributes", "AuthorRelationships"]):
    """An automation rule."""


class NotificationRuleItem(Item["NotificationRuleAttributes", "NoRelationships"]):
    """A notification rule."""


class CaseItem(Item["CaseAttributes", "CaseRelationships"]):
    """A case."""


class TimelineCellItem(Item["TimelineCellAttributes", "NoRelationships"]):
    """A cell of a case's timeline, for example a comment."""

    @property
    def is_comment(self) -> bool:
        """Whether the cell is a comment that is not deleted.

        Timelines also contain deleted comments, and cells of other types, such as
        `ATTRIBUTE_UPDATE`. Datadog's command-line client documents this.
        """
        is_comment = self.raw_attributes.get("type") in (None, "COMMENT")
        return is_comment and not self.raw_attributes.get("deleted_at")

    @property
    def message(self) -> JSON:
        """The text of a comment, in Markdown; None if the cell has no text."""
        content = self.raw_attributes.get("cell_content")
        return content.get("message") if isinstance(content, Mapping) else None


class WatcherItem(Item["NoAttributes", "WatcherRelationships"]):
    """A watcher of a case. Its id is not documented to be the id of the user."""


class CountItem(Item["CountAttributes", "NoRelationships"]):
    """The result of a count of cases."""


class AggregateItem(Item["AggregateAttributes", "NoRelationships"]):
    """The result of an aggregation of cases."""


class CaseTypeItem(Item["CaseTypeAttributes", "NoRelationships"]):
    """A case type."""


class CustomAttributeItem(Item["CustomAttributeAttributes", "NoRelationships"]):
    """The definition of a custom attribute."""


class CaseLinkItem(Item["CaseLinkAttributes", "NoRelationships"]):
    """A link between a case and another entity."""


class CaseViewItem(Item["CaseViewAttributes", "CaseViewRelationships"]):
    """A case view."""


class MaintenanceWindowItem(Item["MaintenanceWindowAttributes", "NoRelationships"]):
    """A maintenance window."""


class UserItem(Item["UserAttributes", "UserRelationships"]):
    """A user."""


class TeamItem(Item["TeamAttributes", "NoRelationships"]):
    """A team."""


class OrganizationItem(Item["OrganizationAttributes", "NoRelationships"]):
    """An organisation."""
