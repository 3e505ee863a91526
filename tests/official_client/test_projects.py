from collections.abc import Callable
from typing import Any, TypeAlias

from datadog_api_client.v2.api.case_management_api import CaseManagementApi
from datadog_api_client.v2.model.project_update_request import ProjectUpdateRequest

Body: TypeAlias = Callable[[type[Any], object], Any]
Make: TypeAlias = Callable[..., Any]


TEAM = "5b2d8c1e-0000-4000-8000-000000000001"
CASE_TYPE = "00000000-0000-0000-0000-000000000002"


def test_create_project(make_project: Make) -> None:
    project = make_project("SEC", name="Security", enabled_custom_case_types=[CASE_TYPE])
    attributes = project.attributes
    assert (str(project.type), attributes.key, attributes.name) == ("project", "SEC", "Security")
    assert attributes.enabled_custom_case_types == [CASE_TYPE]
    assert attributes.restricted is False
    assert attributes.settings.notification.destinations == [1]


def test_get_project(cases: CaseManagementApi, make_project: Make) -> None:
    made = make_project("SEC", team_uuid=TEAM)
    project = cases.get_project(made.id).data
    assert (project.id, project.attributes.key) == (made.id, "SEC")
    related = project.relationships.member_team.links.related
    assert related == f"/api/v2/team/{TEAM}/links"


def test_get_projects(cases: CaseManagementApi, make_project: Make) -> None:
    made = [make_project("SEC"), make_project("OPS")]
    assert cases.get_projects().data == made


def test_update_project(cases: CaseManagementApi, body: Body, project_id: str) -> None:
    settings = {
        "integration_jira": {
            "enabled": True,
            "metadata": {"account_id": "1", "project_id": "2", "issue_type_id": "3"},
            "sync": {
                "properties": {
                    "priority": {"sync_type": "x", "mapping": {"P1": "High"}},
                    "custom_fields": {"f": {"sync_type": "x", "value": [1.5]}},
                }
            },
        },
        "integration_on_call": {
            "escalation_queries": [{"query": "q", "target": {"dynamic_team_paging": True}}]
        },
        "integration_incident": {"severity_config": {"priority_mapping": {"SEV-1": "P1"}}},
        "auto_close_inactive_cases": {"enabled": True, "max_inactive_time_in_secs": 604800},
    }
    columns = {"columns": [{"type": "x", "sort": {"ascending": True, "priority": 1}}]}
    attributes = {"name": "New", "settings": settings, "columns_config": columns}
    data = {"type": "project", "attributes": attributes}
    changed = cases.update_project(project_id, body(ProjectUpdateRequest, data)).data.attributes
    assert changed.name == "New"
    jira = changed.settings.integration_jira
    assert jira.metadata.issue_type_id == "3"
    assert jira.sync.properties.priority.mapping == {"P1": "High"}
    assert jira.sync.properties.custom_fields["f"].value == [1.5]
    target = changed.settings.integration_on_call.escalation_queries[0].target
    assert target.dynamic_team_paging is True
    assert changed.settings.auto_close_inactive_cases.max_inactive_time_in_secs == 604800
    assert changed.columns_config.columns[0].sort.priority == 1


def test_delete_project(cases: CaseManagementApi, make_project: Make) -> None:
    gone, left = make_project("SEC"), make_project("OPS")
    cases.delete_project(gone.id)
    assert [project.id for project in cases.get_projects().data] == [left.id]


def test_favorite_case_project(cases: CaseManagementApi, project_id: str) -> None:
    cases.favorite_case_project(project_id)
    assert [one.id for one in cases.list_user_case_project_favorites().data] == [project_id]


def test_unfavorite_case_project(cases: CaseManagementApi, project_id: str) -> None:
    cases.favorite_case_project(project_id)
    cases.unfavorite_case_project(project_id)
    assert cases.list_user_case_project_favorites().data == []


def test_list_user_case_project_favorites(cases: CaseManagementApi, make_project: Make) -> None:
    ids = [make_project("SEC").id, make_project("OPS").id]
    for project_id in ids:
        cases.favorite_case_project(project_id)
    favorites = cases.list_user_case_project_favorites().data
    assert [(str(one.type), one.id) for one in favorites] == [
        ("project_favorite", project_id) for project_id in ids
    ]
