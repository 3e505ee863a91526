"""The output forms of the lookups. Written by `make generate`.

They take inputs, wait for the resources that these come from, and return outputs. `output_form`
documents when a result is unknown in a preview.
"""
# ruff: noqa: A002 - `filter` is the API's name

from collections.abc import Sequence

import pulumi

from pulumi_datadog_cases.api import (
    AggregateItem,
    AutomationRuleItem,
    CaseItem,
    CaseLinkItem,
    CaseTypeItem,
    CaseViewItem,
    CountItem,
    CustomAttributeItem,
    MaintenanceWindowItem,
    NotificationRuleItem,
    ProjectFavoriteItem,
    ProjectItem,
    TeamItem,
    TimelineCellItem,
    UserItem,
    WatcherItem,
)
from pulumi_datadog_cases.lookups import functions
from pulumi_datadog_cases.lookups.lookup import output_form


def get_project_output(
    *,
    key: pulumi.Input[str | None] = None,
    project_id: pulumi.Input[str | None] = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[ProjectItem]:
    """Like `get_project`, but takes inputs and returns an output."""
    return output_form(functions.get_project, opts, {"key": key, "project_id": project_id})


def get_case_output(
    case_id: pulumi.Input[str], opts: pulumi.InvokeOptions | None = None
) -> pulumi.Output[CaseItem]:
    """Like `get_case`, but takes inputs and returns an output."""
    return output_form(functions.get_case, opts, {"case_id": case_id})


def search_cases_output(
    filter: pulumi.Input[str | None] = None,
    *,
    sort_field: pulumi.Input[str] = "created_at",
    ascending: pulumi.Input[bool] = True,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[CaseItem]]:
    """Like `search_cases`, but takes inputs and returns an output."""
    return output_form(
        functions.search_cases,
        opts,
        {"filter": filter, "sort_field": sort_field, "ascending": ascending},
    )


def count_cases_output(
    query_filter: pulumi.Input[str | None] = None,
    *,
    group_bys: pulumi.Input[Sequence[pulumi.Input[str]]] = (),
    limit: pulumi.Input[int | None] = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[CountItem]:
    """Like `count_cases`, but takes inputs and returns an output."""
    return output_form(
        functions.count_cases,
        opts,
        {"query_filter": query_filter, "group_bys": group_bys, "limit": limit},
    )


def aggregate_cases_output(
    query_filter: pulumi.Input[str],
    *,
    groups: pulumi.Input[Sequence[pulumi.Input[str]]],
    limit: pulumi.Input[int] = 1000,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[AggregateItem]:
    """Like `aggregate_cases`, but takes inputs and returns an output."""
    return output_form(
        functions.aggregate_cases,
        opts,
        {"query_filter": query_filter, "groups": groups, "limit": limit},
    )


def get_case_timeline_output(
    case_id: pulumi.Input[str], opts: pulumi.InvokeOptions | None = None
) -> pulumi.Output[list[TimelineCellItem]]:
    """Like `get_case_timeline`, but takes inputs and returns an output."""
    return output_form(functions.get_case_timeline, opts, {"case_id": case_id})


def get_case_type_output(
    *, name: pulumi.Input[str], opts: pulumi.InvokeOptions | None = None
) -> pulumi.Output[CaseTypeItem]:
    """Like `get_case_type`, but takes inputs and returns an output."""
    return output_form(functions.get_case_type, opts, {"name": name})


def get_custom_attributes_output(
    *, case_type_id: pulumi.Input[str | None] = None, opts: pulumi.InvokeOptions | None = None
) -> pulumi.Output[list[CustomAttributeItem]]:
    """Like `get_custom_attributes`, but takes inputs and returns an output."""
    return output_form(functions.get_custom_attributes, opts, {"case_type_id": case_type_id})


def get_automation_rules_output(
    project_id: pulumi.Input[str], opts: pulumi.InvokeOptions | None = None
) -> pulumi.Output[list[AutomationRuleItem]]:
    """Like `get_automation_rules`, but takes inputs and returns an output."""
    return output_form(functions.get_automation_rules, opts, {"project_id": project_id})


def get_notification_rules_output(
    project_id: pulumi.Input[str], opts: pulumi.InvokeOptions | None = None
) -> pulumi.Output[list[NotificationRuleItem]]:
    """Like `get_notification_rules`, but takes inputs and returns an output."""
    return output_form(functions.get_notification_rules, opts, {"project_id": project_id})


def get_case_views_output(
    project_id: pulumi.Input[str], opts: pulumi.InvokeOptions | None = None
) -> pulumi.Output[list[CaseViewItem]]:
    """Like `get_case_views`, but takes inputs and returns an output."""
    return output_form(functions.get_case_views, opts, {"project_id": project_id})


def get_case_links_output(
    entity_type: pulumi.Input[str],
    entity_id: pulumi.Input[str],
    *,
    relationship: pulumi.Input[str | None] = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[CaseLinkItem]]:
    """Like `get_case_links`, but takes inputs and returns an output."""
    return output_form(
        functions.get_case_links,
        opts,
        {"entity_type": entity_type, "entity_id": entity_id, "relationship": relationship},
    )


def get_case_watchers_output(
    case_id: pulumi.Input[str], opts: pulumi.InvokeOptions | None = None
) -> pulumi.Output[list[WatcherItem]]:
    """Like `get_case_watchers`, but takes inputs and returns an output."""
    return output_form(functions.get_case_watchers, opts, {"case_id": case_id})


def get_project_favorites_output(
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[ProjectFavoriteItem]]:
    """Like `get_project_favorites`, but takes inputs and returns an output."""
    return output_form(functions.get_project_favorites, opts, {})


def get_maintenance_windows_output(
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[MaintenanceWindowItem]]:
    """Like `get_maintenance_windows`, but takes inputs and returns an output."""
    return output_form(functions.get_maintenance_windows, opts, {})


def get_user_output(
    *,
    email: pulumi.Input[str | None] = None,
    user_id: pulumi.Input[str | None] = None,
    service_accounts: pulumi.Input[bool] = True,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[UserItem]:
    """Like `get_user`, but takes inputs and returns an output."""
    return output_form(
        functions.get_user,
        opts,
        {"email": email, "user_id": user_id, "service_accounts": service_accounts},
    )


def get_team_output(
    *,
    handle: pulumi.Input[str | None] = None,
    name: pulumi.Input[str | None] = None,
    team_id: pulumi.Input[str | None] = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[TeamItem]:
    """Like `get_team`, but takes inputs and returns an output."""
    return output_form(
        functions.get_team, opts, {"handle": handle, "name": name, "team_id": team_id}
    )
