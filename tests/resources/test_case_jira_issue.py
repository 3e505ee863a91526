from typing import Any
from unittest.mock import ANY

from tests.resources.harness.prerequisites import CASES
from tests.resources.harness.scenarios import Scenario
from tests.resources.harness.spec import ApiCall, ResourceSpec

import pulumi_datadog_cases as cases


def link(case_id: str, url: str) -> ApiCall:
    return (
        f"PATCH /cases/{case_id}/relationships/jira_issues",
        {"type": "issues", "attributes": {"jira_issue_url": url}},
    )


def linked(url: str) -> dict[str, Any]:
    """The attribute `jira_issue` of a case that is linked to the issue with this URL."""
    result = {
        "issue_id": ANY,
        "issue_key": url.rpartition("/")[2],
        "issue_url": url,
        "project_key": "SEC",
    }
    return {"jira_issue": {"done_at": 0, "result": result}}


PATH = "/cases/{id}/relationships/jira_issues"
UNLINK = ["GET /cases/{case}", "DELETE /cases/{case}/relationships/jira_issues"]
READ = "GET /cases/{id}"
URL, OTHER_URL = (f"https://jira.example.com/browse/SEC-{number}" for number in (7, 8))
EXISTING_ISSUE = {"case_id": "{case}", "jira_issue_url": URL}
NEW_ISSUE = {
    "case_id": "{case}",
    "jira_account_id": "account",
    "jira_project_id": "10001",
    "issue_type_id": "10002",
}
FULL = {**NEW_ISSUE, "fields": {"priority": {"id": "2"}, "labels": ["secops"]}}
NO_NEW_ISSUE = dict.fromkeys({*FULL} - {"case_id"})
NEW_ISSUE_STATE: dict[str, Any] = {"jira_issue": {"result": {"project_key": "SANDBOX"}}}

SPEC: ResourceSpec = {
    "resource_class": cases.CaseJiraIssue,
    "prerequisites": CASES,
    "full_inputs": FULL,
    "import_id": "{case}",
    "read_requests": [READ],
    "delete_requests": [READ, f"DELETE {PATH}"],
    "api_state_after_delete": {"{id}": {"jira_issue": None}},
    "deleted_out_of_band": (f"DELETE {PATH}", None),
    "is_deleted_by_move": True,
    "steps": {
        "dropped by a move of the case": {
            "given": EXISTING_ISSUE,
            "out_of_band": [
                (
                    "PATCH /cases/{case}/relationships/project",
                    {"type": "project", "id": "{other_project}"},
                )
            ],
            "operation": "create",
            "api_state": linked(URL),
        },
        "create with all inputs": {
            "given": None,
            "declare": FULL,
            "operation": "create",
            "api_state": NEW_ISSUE_STATE,
            "outputs": {
                **FULL,
                "status": "COMPLETED",
                "issue_id": ANY,
                "issue_key": "SANDBOX-1",
                "project_key": "SANDBOX",
                "issue_url": "https://jira.example.com/browse/SANDBOX-1",
            },
        },
        "create with required inputs": {
            "given": None,
            "declare": NEW_ISSUE,
            "operation": "create",
            "api_state": NEW_ISSUE_STATE,
            "outputs": {"fields": None},
        },
        "create a link": {
            "given": None,
            "declare": EXISTING_ISSUE,
            "operation": "create",
            "requests": [f"PATCH {PATH}", READ],
            "api_state": linked(URL),
            "outputs": {
                **EXISTING_ISSUE,
                "status": "COMPLETED",
                "issue_id": ANY,
                "issue_key": "SEC-7",
                "issue_url": URL,
            },
        },
        "replace if case_id changes": {
            "given": EXISTING_ISSUE,
            "declare": {"case_id": "{other_case}"},
            "operation": "replace",
            "requests": [*UNLINK, f"PATCH {PATH}", READ],
            "api_state": linked(URL),
        },
        "replace if jira_issue_url changes": {
            "given": EXISTING_ISSUE,
            "declare": {"jira_issue_url": OTHER_URL},
            "operation": "replace",
            "requests": [*UNLINK, f"PATCH {PATH}", READ],
            "api_state": linked(OTHER_URL),
        },
        "replace if jira_account_id changes": {
            "declare": {"jira_account_id": "other account"},
            "operation": "replace",
            "api_state": NEW_ISSUE_STATE,
            "outputs": {"issue_key": "SANDBOX-2"},
        },
        "replace if jira_project_id changes": {
            "declare": {"jira_project_id": "10003"},
            "operation": "replace",
            "api_state": NEW_ISSUE_STATE,
        },
        "replace if issue_type_id changes": {
            "declare": {"issue_type_id": "10004"},
            "operation": "replace",
            "api_state": NEW_ISSUE_STATE,
        },
        "replace if fields changes": {
            "declare": {"fields": {"labels": None}},
            "operation": "replace",
            "api_state": NEW_ISSUE_STATE,
        },
        "replace new issue with existing issue": {
            "declare": {**NO_NEW_ISSUE, "jira_issue_url": URL},
            "operation": "replace",
            "requests": [*UNLINK, f"PATCH {PATH}", READ],
            "api_state": linked(URL),
        },
        "other issue linked outside Pulumi": {
            "given": EXISTING_ISSUE,
            "out_of_band": [(f"DELETE {PATH}", None), link("{id}", OTHER_URL)],
            "drift": {"issue_id", "issue_key", "issue_url"},
            "operation": "nothing",
            "api_state": linked(OTHER_URL),
        },
        "deleted outside Pulumi": {
            "given": EXISTING_ISSUE,
            "out_of_band": [(f"DELETE {PATH}", None)],
            "operation": "create",
            "requests": [f"PATCH {PATH}", READ],
            "api_state": linked(URL),
        },
        "deleted with its case": {
            "given": EXISTING_ISSUE,
            "out_of_band": [("DELETE /cases/projects/{project}", None)],
            "declare": {"case_id": "{other_case}"},
            "operation": "create",
            "requests": [f"PATCH {PATH}", READ],
        },
        "unknown case": {
            "given": None,
            "declare": {**EXISTING_ISSUE, "case_id": "P{run}-404"},
            "error": "GET /api/v2/cases/P{run}-404 on .* 404: .*case not found.* use its UUID",
        },
        "issue linked to another case": {
            "given": None,
            "out_of_band": [link("{other_case}", URL)],
            "declare": EXISTING_ISSUE,
            "error": f"PATCH /api/v2/cases/{{case}}/.* answered 409: .*{URL} is already linked",
        },
        "case with another issue": {
            "given": None,
            "out_of_band": [link("{case}", OTHER_URL)],
            "declare": EXISTING_ISSUE,
            "error": "answered 409: .*is already linked to a Jira issue",
        },
        "new issue for a case with an issue": {
            "given": None,
            "out_of_band": [link("{case}", OTHER_URL)],
            "declare": FULL,
            "error": "answered 400: .*already has a Jira issue",
        },
        "Jira fails": {
            "given": None,
            "declare": {**FULL, "jira_project_id": "failing"},
            "error": "the Jira issue of case {case} was not created: check the properties of "
            "the resource.*; the failed issue was removed from the case",
        },
        "invalid inputs": {
            "declare": {
                "case_id": " ",
                "jira_account_id": 3,
                "jira_project_id": "",
                "issue_type_id": ["10002"],
                "fields": "priority",
                "status": "COMPLETED",
            },
            "violations": {
                "case_id": "must be a non-empty string",
                "jira_account_id": "must be a string, got 3",
                "jira_project_id": "must be a non-empty string",
                "issue_type_id": "must be a string, got ['10002']",
                "fields": 'must be a mapping, got "priority"',
                "status": "is read-only; remove it",
            },
        },
        "both new and existing issue": {
            "declare": {"jira_issue_url": URL},
            "violations": dict.fromkeys(
                NO_NEW_ISSUE,
                "cannot be declared together with jira_issue_url: it describes a new issue. Remove "
                "one of the two",
            ),
        },
        "neither new nor existing issue": {
            "given": EXISTING_ISSUE,
            "declare": {"jira_issue_url": None},
            "violations": dict.fromkeys(
                {*NEW_ISSUE} - {"case_id"},
                "is missing: a new issue requires it (or declare jira_issue_url)",
            ),
        },
        "misspelled names": {
            "given": EXISTING_ISSUE,
            "declare": {"jira_issue_url": " ", "issue_url": URL, "jira_issue": URL},
            "violations": {
                "jira_issue_url": "must be a non-empty string",
                "issue_url": "is read-only",
                "jira_issue": 'did you mean "jira_issue_url"?',
            },
        },
    },
    "sequence": [
        {
            "declare": {**NO_NEW_ISSUE, "jira_issue_url": URL},
            "operation": "replace",
            "api_state": linked(URL),
        },
        {
            "declare": {"jira_account_id": "account"},
            "violations": {
                "jira_account_id": "cannot be declared together with jira_issue_url: it describes "
                "a new issue. Remove one of the two"
            },
        },
        {
            "out_of_band": [(f"DELETE {PATH}", None)],
            "operation": "create",
            "requests": [f"PATCH {PATH}", READ],
        },
        {"declare": {"case_id": "{other_case}"}, "operation": "replace", "api_state": linked(URL)},
    ],
}


def test_lifecycle(scenario: Scenario) -> None:
    scenario()
