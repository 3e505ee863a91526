"""Lookups: find existing objects by name, key or query while the program runs.

Each `get_…`, `search_…`, `count_…` or `aggregate_…` is a plain function that sends its requests
when it is called, also in a preview. Each has an output form, such as `get_…_output`, which takes
inputs, waits for the resources that these come from, and returns an output. If a run repeats a call
with equal arguments, the first result is returned again.

A lookup reads the organisation of the stack's config or the environment. With
`opts=InvokeOptions(provider=...)` it reads the organisation of an explicit `Provider`.

An object is returned as an `Item`, for example as a `ProjectItem`. Its `attributes` and
`relationships` are models, as in `project.attributes.name`. `values()` returns plain data: the
attributes, and the ids of related objects.

This file is written by `make generate`.
"""

from pulumi_datadog_cases.lookups.functions import (
    aggregate_cases,
    count_cases,
    get_automation_rules,
    get_case,
    get_case_links,
    get_case_timeline,
    get_case_type,
    get_case_views,
    get_case_watchers,
    get_custom_attributes,
    get_maintenance_windows,
    get_notification_rules,
    get_project,
    get_project_favorites,
    get_team,
    get_user,
    search_cases,
)
from pulumi_datadog_cases.lookups.lookup import MultipleMatches, NoMatch
from pulumi_datadog_cases.lookups.outputs import (
    aggregate_cases_output,
    count_cases_output,
    get_automation_rules_output,
    get_case_links_output,
    get_case_output,
    get_case_timeline_output,
    get_case_type_output,
    get_case_views_output,
    get_case_watchers_output,
    get_custom_attributes_output,
    get_maintenance_windows_output,
    get_notification_rules_output,
    get_project_favorites_output,
    get_project_output,
    get_team_output,
    get_user_output,
    search_cases_output,
)

__all__ = [
    "MultipleMatches",
    "NoMatch",
    "aggregate_cases",
    "aggregate_cases_output",
    "count_cases",
    "count_cases_output",
    "get_automation_rules",
    "get_automation_rules_output",
    "get_case",
    "get_case_links",
    "get_case_links_output",
    "get_case_output",
    "get_case_timeline",
    "get_case_timeline_output",
    "get_case_type",
    "get_case_type_output",
    "get_case_views",
    "get_case_views_output",
    "get_case_watchers",
    "get_case_watchers_output",
    "get_custom_attributes",
    "get_custom_attributes_output",
    "get_maintenance_windows",
    "get_maintenance_windows_output",
    "get_notification_rules",
    "get_notification_rules_output",
    "get_project",
    "get_project_favorites",
    "get_project_favorites_output",
    "get_project_output",
    "get_team",
    "get_team_output",
    "get_user",
    "get_user_output",
    "search_cases",
    "search_cases_output",
]
