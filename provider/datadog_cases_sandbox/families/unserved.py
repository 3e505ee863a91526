"""Endpoints of the API that the sandbox does not serve yet: each answers 404 and says so.

They stand here so that their paths are not taken for something else: `/cases/link` is no case.
Whoever adds a family takes its lines out.
"""

from typing import Final

from datadog_cases_sandbox import errors
from datadog_cases_sandbox.call import Answer, Call, Endpoints


def _not_yet(_call: Call) -> Answer:
    raise errors.no_such_path("this sandbox does not serve this endpoint of the API yet")


ENDPOINTS: Final[Endpoints] = dict.fromkeys(
    (
        ("POST", "/cases/bulk"),
        ("GET", "/cases/projects/favorites"),
        ("POST", "/cases/projects/{project_id}/favorites"),
        ("DELETE", "/cases/projects/{project_id}/favorites"),
        ("GET", "/cases/projects/{project_id}/notification_rules"),
        ("POST", "/cases/projects/{project_id}/notification_rules"),
        ("PUT", "/cases/projects/{project_id}/notification_rules/{notification_rule_id}"),
        ("DELETE", "/cases/projects/{project_id}/notification_rules/{notification_rule_id}"),
        ("PUT", "/cases/{case_id}/insights"),
        ("DELETE", "/cases/{case_id}/insights"),
        ("GET", "/cases/link"),
        ("POST", "/cases/link"),
        ("DELETE", "/cases/link/{link_id}"),
        ("GET", "/maintenance_windows"),
        ("POST", "/maintenance_windows"),
        ("PUT", "/maintenance_windows/{maintenance_window_id}"),
        ("DELETE", "/maintenance_windows/{maintenance_window_id}"),
        ("POST", "/cases/{case_id}/relationships/incidents"),
        ("POST", "/cases/{case_id}/relationships/jira_issues"),
        ("PATCH", "/cases/{case_id}/relationships/jira_issues"),
        ("DELETE", "/cases/{case_id}/relationships/jira_issues"),
        ("POST", "/cases/{case_id}/relationships/servicenow_tickets"),
        ("POST", "/cases/{case_id}/relationships/notebook"),
        ("GET", "/cases/views"),
        ("POST", "/cases/views"),
        ("GET", "/cases/views/{view_id}"),
        ("PUT", "/cases/views/{view_id}"),
        ("DELETE", "/cases/views/{view_id}"),
        ("GET", "/cases/{case_id}/watchers"),
        ("POST", "/cases/{case_id}/watchers/{user_uuid}"),
        ("DELETE", "/cases/{case_id}/watchers/{user_uuid}"),
    ),
    _not_yet,
)
