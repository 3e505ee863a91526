"""The kinds of objects that the API returns, each with the models of its members.

Each class names two models of `pulumi_datadog_cases.api.models`: the model of the object's
`attributes` and the model of its `relationships`. The models are imported when a program first
reads one of them, because the import of pydantic takes as long as all other imports of the client.
"""

from typing import TYPE_CHECKING

from pulumi_datadog_cases.api.http.json_api import Item

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
