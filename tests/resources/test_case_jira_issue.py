from typing import TYPE_CHECKING, Any
from unittest.mock import ANY

import pulumi_datadog_cases as cases

if TYPE_CHECKING:
    from tests.resources.conftest import Edit, Life, Scene


def project(key: str) -> object:
    return {"type": "project", "attributes": {"key": key, "name": f"Project {key}"}}


def case(project_name: str) -> object:
    return {
        "type": "case",
        "attributes": {
            "title": "Stolen laptop",
            "type_id": "00000000-0000-0000-0000-000000000001",
        },
        "relationships": {"project": {"data": {"type": "project", "id": project_name}}},
    }


def link(case_name: str, url: str) -> "Edit":
    return (
        f"PATCH /cases/{{{case_name}}}/relationships/jira_issues",
        {"type": "issues", "attributes": {"jira_issue_url": url}},
    )


def linked(url: str) -> dict[str, Any]:
    """A case with an issue that was there."""
    result = {
        "issue_id": ANY,
        "issue_key": url.rpartition("/")[2],
        "issue_url": url,
        "project_key": "SEC",
    }
    return {"jira_issue": {"done_at": 0, "result": result}}


OWN = "/cases/{id}/relationships/jira_issues"
UNLINK = ["GET /cases/{case}", "DELETE /cases/{case}/relationships/jira_issues"]
READ = "GET /cases/{id}"
URL, OTHER_URL = (f"https://jira.example.com/browse/SEC-{number}" for number in (7, 8))
BY_URL = {"case_id": "{case}", "jira_issue_url": URL}
NEW_ONE = {
    "case_id": "{case}",
    "jira_account_id": "account",
    "jira_project_id": "10001",
    "issue_type_id": "10002",
}
FULL = {**NEW_ONE, "fields": {"priority": {"id": "2"}, "labels": ["secops"]}}
NO_NEW_ONE = dict.fromkeys({*FULL} - {"case_id"})
MADE: dict[str, Any] = {"jira_issue": {"result": {"project_key": "SANDBOX"}}}

LIFE: "Life" = {
    "kind": cases.CaseJiraIssue,
    "needs": {
        "project": ("POST /cases/projects", project("P{run}")),
        "case": ("POST /cases", case("{project}")),
        "other_project": ("POST /cases/projects", project("Q{run}")),
        "other_case": ("POST /cases", case("{other_project}")),
    },
    "full": FULL,
    "import_id": "{case}",
    "reads": [READ],
    "ends": [READ, f"DELETE {OWN}"],
    "remains": {"{id}": {"jira_issue": None}},
    "vanishes": (f"DELETE {OWN}", None),
    "steps": {
        "create with everything": {
            "given": None,
            "declare": FULL,
            "does": "create",
            "stores": MADE,
            "shows": {
                **FULL,
                "status": "COMPLETED",
                "issue_id": ANY,
                "issue_key": "SANDBOX-1",
                "issue_url": "https://jira.example.com/browse/SANDBOX-1",
            },
        },
        "create with the least": {
            "given": None,
            "declare": NEW_ONE,
            "does": "create",
            "stores": MADE,
            "shows": {"fields": None},
        },
        "create a link": {
            "given": None,
            "declare": BY_URL,
            "does": "create",
            "sends": [f"PATCH {OWN}", READ],
            "stores": linked(URL),
            "shows": {
                **BY_URL,
                "status": "COMPLETED",
                "issue_id": ANY,
                "issue_key": "SEC-7",
                "issue_url": URL,
            },
        },
        "create by the case's key": {
            "given": None,
            "declare": {**BY_URL, "case_id": "P{run}-1"},
            "does": "create",
            "sends": [f"PATCH {OWN}", READ],
            "shows": {"case_id": "P{run}-1"},
        },
        "replace for case_id": {
            "given": BY_URL,
            "declare": {"case_id": "{other_case}"},
            "does": "replace",
            "sends": [*UNLINK, f"PATCH {OWN}", READ],
            "stores": linked(URL),
        },
        "replace a case's key by its id": {
            "given": {**BY_URL, "case_id": "P{run}-1"},
            "declare": {"case_id": "{case}"},
            "does": "replace",
            "sends": [
                "GET /cases/P{run}-1",
                "DELETE /cases/P{run}-1/relationships/jira_issues",
                f"PATCH {OWN}",
                READ,
            ],
            "stores": linked(URL),
        },
        "replace for jira_issue_url": {
            "given": BY_URL,
            "declare": {"jira_issue_url": OTHER_URL},
            "does": "replace",
            "sends": [*UNLINK, f"PATCH {OWN}", READ],
            "stores": linked(OTHER_URL),
        },
        "replace for jira_account_id": {
            "declare": {"jira_account_id": "other account"},
            "does": "replace",
            "stores": MADE,
            "shows": {"issue_key": "SANDBOX-2"},
        },
        "replace for jira_project_id": {
            "declare": {"jira_project_id": "10003"},
            "does": "replace",
            "stores": MADE,
        },
        "replace for issue_type_id": {
            "declare": {"issue_type_id": "10004"},
            "does": "replace",
            "stores": MADE,
        },
        "replace for fields": {
            "declare": {"fields": {"labels": None}},
            "does": "replace",
            "stores": MADE,
        },
        "replace the new one by one that is there": {
            "declare": {**NO_NEW_ONE, "jira_issue_url": URL},
            "does": "replace",
            "sends": [*UNLINK, f"PATCH {OWN}", READ],
            "stores": linked(URL),
        },
        "somebody links another": {
            "given": BY_URL,
            "edits": [(f"DELETE {OWN}", None), link("id", OTHER_URL)],
            "drift": {"issue_id", "issue_key", "issue_url"},
            "does": "nothing",
            "stores": linked(OTHER_URL),
        },
        "gone by hand": {
            "given": BY_URL,
            "edits": [(f"DELETE {OWN}", None)],
            "does": "create",
            "sends": [f"PATCH {OWN}", READ],
            "stores": linked(URL),
        },
        "gone with its case": {
            "given": BY_URL,
            "edits": [("DELETE /cases/projects/{project}", None)],
            "declare": {"case_id": "{other_case}"},
            "does": "create",
            "sends": [f"PATCH {OWN}", READ],
        },
        "a case that is not there": {
            "given": None,
            "declare": {**BY_URL, "case_id": "P{run}-404"},
            "fails": "PATCH /api/v2/cases/P{run}-404/.* answered 404: .*case not found",
        },
        "an issue that another case has": {
            "given": None,
            "edits": [link("other_case", URL)],
            "declare": BY_URL,
            "fails": f"PATCH /api/v2/cases/{{case}}/.* answered 409: .*{URL} is already linked",
        },
        "a case that has another issue": {
            "given": None,
            "edits": [link("case", OTHER_URL)],
            "declare": BY_URL,
            "fails": "answered 409: .*is already linked to a Jira issue",
        },
        "a new one for a case that has another": {
            "given": None,
            "edits": [link("case", OTHER_URL)],
            "declare": FULL,
            "fails": "answered 400: .*already has a Jira issue",
        },
        "Jira fails": {
            "given": None,
            "declare": {**FULL, "jira_project_id": "failing"},
            "fails": "the Jira issue of case {case} was not created: check the properties of "
            "the resource.*; the failed issue was removed from the case",
        },
        "all mistakes at once": {
            "declare": {
                "case_id": " ",
                "jira_account_id": 3,
                "jira_project_id": "",
                "issue_type_id": ["10002"],
                "fields": "priority",
                "status": "COMPLETED",
            },
            "refuses": {
                "case_id": "must be a non-empty string",
                "jira_account_id": "must be a string, got 3",
                "jira_project_id": "must be a non-empty string",
                "issue_type_id": "must be a string, got ['10002']",
                "fields": 'must be a mapping, got "priority"',
                "status": "is read-only; remove it",
            },
        },
        "both a new one and one that is there": {
            "declare": {"jira_issue_url": URL},
            "refuses": dict.fromkeys(
                NO_NEW_ONE, "is for a new issue: declare either it or jira_issue_url"
            ),
        },
        "neither": {
            "given": BY_URL,
            "declare": {"jira_issue_url": None},
            "refuses": dict.fromkeys(
                {*NEW_ONE} - {"case_id"},
                "is missing: a new issue requires it (or declare jira_issue_url)",
            ),
        },
        "names misspelt": {
            "given": BY_URL,
            "declare": {"jira_issue_url": " ", "issue_url": URL, "jira_issue": URL},
            "refuses": {
                "jira_issue_url": "must be a non-empty string",
                "issue_url": "is read-only",
                "jira_issue": 'did you mean "jira_issue_url"?',
            },
        },
    },
    "story": [
        {
            "declare": {**NO_NEW_ONE, "jira_issue_url": URL},
            "does": "replace",
            "stores": linked(URL),
        },
        {
            "declare": {"jira_account_id": "account"},
            "refuses": {
                "jira_account_id": "is for a new issue: declare either it or jira_issue_url"
            },
        },
        {"edits": [(f"DELETE {OWN}", None)], "does": "create", "sends": [f"PATCH {OWN}", READ]},
        {"declare": {"case_id": "{other_case}"}, "does": "replace", "stores": linked(URL)},
    ],
}


def test_life(scene: "Scene") -> None:
    scene()
