from unittest.mock import ANY

from tests.resources.harness.prerequisites import (
    PROJECTS,
    STANDARD,
    body,
    case_type,
    custom_attribute,
)
from tests.resources.harness.scenarios import Scenario
from tests.resources.harness.spec import Requests, ResourceSpec

import pulumi_datadog_cases as cases

PATH = "/cases/{id}"
REQUIRED = {"project_id": "{project}", "title": "Stolen laptop"}
HOSTS = {"type": "TEXT", "value": ["laptop-7", "vpn-2"]}
SCORE = {"type": "NUMBER", "value": 7.5}
FULL = {
    **REQUIRED,
    "type_id": "{type}",
    "description": "Left on a train.",
    "priority": "P3",
    "status_name": "In Progress",
    "assignee_id": "{user}",
    "attributes": {"env": ["prod"], "team": ["secops"]},
    "custom_attributes": {"hosts": HOSTS, "score": SCORE},
    "due_date": "2031-11-21",
    "security_resolved_reason": "TRUE_POSITIVE",
    "archived": False,
}
SECURITY = "00000000-0000-0000-0000-000000000003"
CLOSED_SECURITY_CASE = {
    **REQUIRED,
    "type_id": SECURITY,
    "status_name": "Closed",
    "security_resolved_reason": "FALSE_POSITIVE",
}
CREATE: Requests = [
    "POST /cases",
    frozenset({f"POST {PATH}/{name}" for name in ("attributes", "due_date", "resolved_reason")}),
    f"POST {PATH}/status",
]
LABELS = [f"GET {PATH}", f"POST {PATH}/attributes"]
CLOSED = {"status_name", "status", "status_group", "closed_at"}
MOVE = ("PATCH /cases/{id}/relationships/project", {"type": "project", "id": "{other_project}"})
JIRA = "/cases/{id}/relationships/jira_issues"
JIRA_URL = "https://acme.atlassian.net/browse/SEC-7"
LINK_JIRA = (f"PATCH {JIRA}", body("issues", jira_issue_url=JIRA_URL))
UNDECLARED_CHANGES = [
    (f"POST {PATH}/description", body("case", description="Theirs")),
    (f"POST {PATH}/priority", body("case", priority="P1")),
    (f"POST {PATH}/assign", body("case", assignee_id="{user}")),
    (f"POST {PATH}/attributes", body("case", attributes={"theirs": ["x"]})),
    (f"POST {PATH}/due_date", body("case", due_date="2032-02-29")),
]

SPEC: ResourceSpec = {
    "resource_class": cases.Case,
    "prerequisites": {
        **PROJECTS,
        "type": case_type("Theft {run}"),
        "hosts": custom_attribute("{type}", "hosts", "TEXT", is_multi=True),
        "score": custom_attribute("{type}", "score", "NUMBER", is_multi=False),
    },
    "full_inputs": FULL,
    "import_id": "{id}",
    "read_requests": [f"GET {PATH}"],
    "delete_requests": [f"POST {PATH}/archive"],
    "api_state_after_delete": {"{id}": {"archived_at": ANY}},
    "deleted_out_of_band": ("DELETE /cases/projects/{project}", None),
    "steps": {
        "create with all inputs": {
            "given": None,
            "declare": FULL,
            "operation": "create",
            "requests": CREATE,
            "api_state": {
                "project_id": "{project}",
                "type_id": "{type}",
                "title": "Stolen laptop",
                "description": "Left on a train.",
                "priority": "P3",
                "status_name": "In Progress",
                "assignee_id": "{user}",
                "attributes": {"env": ["prod"], "team": ["secops"]},
                "custom_attributes": {
                    "hosts": {**HOSTS, "is_multi": True},
                    "score": {**SCORE, "is_multi": False},
                },
                "due_date": "2031-11-21",
                "security_resolved_reason": "TRUE_POSITIVE",
                "archived_at": None,
            },
            "outputs": {
                "key": "P{run}-1",
                "public_id": ANY,
                "status": "IN_PROGRESS",
                "status_group": "SG_IN_PROGRESS",
                "created_at": ANY,
                "created_by": ANY,
                "modified_by": ANY,
                "closed_at": None,
                "archived_at": None,
                "due_date": "2031-11-21",
                "custom_attributes": {"hosts": HOSTS, "score": SCORE},
            },
        },
        "create with required inputs": {
            "given": None,
            "declare": REQUIRED,
            "operation": "create",
            "requests": ["POST /cases"],
            "api_state": {"type_id": STANDARD, "priority": "NOT_DEFINED", "assignee_id": None},
            "outputs": {
                "type_id": STANDARD,
                "status": "OPEN",
                "status_name": None,
                "priority": None,
                "modified_at": None,
            },
        },
        "create archived": {
            "given": None,
            "declare": {**REQUIRED, "due_date": "2031-11-21", "archived": True},
            "operation": "create",
            "requests": ["POST /cases", f"POST {PATH}/due_date", f"POST {PATH}/archive"],
            "api_state": {"archived_at": ANY, "due_date": "2031-11-21"},
            "outputs": {"archived": True, "archived_at": ANY},
        },
        "create closed": {
            "given": None,
            "declare": {**REQUIRED, "status_name": "Closed"},
            "operation": "create",
            "requests": ["POST /cases"],
            "outputs": {"status": "CLOSED", "status_group": "SG_CLOSED", "closed_at": ANY},
        },
        "change title": {
            "declare": {"title": "Found laptop"},
            "requests": [f"POST {PATH}/title"],
            "api_state": {"title": "Found laptop"},
        },
        "change description": {
            "declare": {"description": "It was under the seat."},
            "requests": [f"POST {PATH}/description"],
            "api_state": {"description": "It was under the seat."},
        },
        "change priority": {
            "declare": {"priority": "P1"},
            "requests": [f"POST {PATH}/priority"],
            "api_state": {"priority": "P1"},
        },
        "change status_name": {
            "declare": {"status_name": "Closed"},
            "requests": [f"POST {PATH}/status"],
            "api_state": {"status_name": "Closed", "closed_at": ANY},
            "outputs": {"status": "CLOSED", "closed_at": ANY},
        },
        "change assignee_id": {
            "declare": {"assignee_id": "{other_user}"},
            "requests": [f"POST {PATH}/assign"],
            "api_state": {"assignee_id": "{other_user}"},
        },
        "change a label": {
            "declare": {"attributes": {"env": ["staging", "prod"]}},
            "requests": LABELS,
            "api_state": {"attributes": {"env": ["prod", "staging"]}},
        },
        "remove a label": {
            "declare": {"attributes": {"team": None}},
            "requests": LABELS,
            "api_state": {"attributes": {"team": None}},
        },
        "change a custom attribute": {
            "declare": {"custom_attributes": {"hosts": {"value": ["laptop-7"]}}},
            "requests": [f"POST {PATH}/custom_attributes/hosts"],
            "api_state": {"custom_attributes": {"hosts": {"value": ["laptop-7"]}}},
        },
        "change title and labels, keep undeclared labels": {
            "out_of_band": [
                (
                    f"POST {PATH}/attributes",
                    body("case", attributes={"env": ["prod"], "team": ["secops"], "x": ["1"]}),
                )
            ],
            "declare": {"title": "Other", "attributes": {"env": ["staging"]}},
            "requests": [f"POST {PATH}/title", f"POST {PATH}/attributes"],
            "api_state": {
                "title": "Other",
                "attributes": {"env": ["staging"], "team": ["secops"], "x": ["1"]},
            },
        },
        "change two custom attributes": {
            "declare": {"custom_attributes": {"hosts": {"value": []}, "score": {"value": 8}}},
            "requests": [
                frozenset(
                    {
                        f"POST {PATH}/custom_attributes/hosts",
                        f"POST {PATH}/custom_attributes/score",
                    }
                )
            ],
            "api_state": {"custom_attributes": {"hosts": {"value": []}, "score": {"value": 8}}},
        },
        "remove a custom attribute": {
            "declare": {"custom_attributes": {"score": None}},
            "requests": [f"DELETE {PATH}/custom_attributes/score"],
            "api_state": {"custom_attributes": {"score": None}},
        },
        "declare is_multi of a custom attribute": {
            "declare": {"custom_attributes": {"hosts": {"is_multi": True}}},
            "requests": [f"POST {PATH}/custom_attributes/hosts"],
        },
        "change due_date": {
            "declare": {"due_date": "2031-12-24"},
            "requests": [f"POST {PATH}/due_date"],
            "api_state": {"due_date": "2031-12-24"},
        },
        "change security_resolved_reason": {
            "declare": {"security_resolved_reason": "FALSE_POSITIVE"},
            "requests": [f"POST {PATH}/resolved_reason"],
            "api_state": {"security_resolved_reason": "FALSE_POSITIVE"},
        },
        "close with a resolved reason": {
            "declare": {"status_name": "Closed", "security_resolved_reason": "FALSE_POSITIVE"},
            "requests": [f"POST {PATH}/resolved_reason", f"POST {PATH}/status"],
            "api_state": {
                "status_name": "Closed",
                "closed_at": ANY,
                "security_resolved_reason": "FALSE_POSITIVE",
            },
        },
        "create a closed security case": {
            "given": None,
            "declare": CLOSED_SECURITY_CASE,
            "operation": "create",
            "requests": [
                "POST /cases",
                f"POST {PATH}/resolved_reason",
                f"POST {PATH}/status",
            ],
            "api_state": {"status_name": "Closed", "closed_at": ANY},
            "outputs": {"status": "CLOSED"},
        },
        "close a security case": {
            "given": {**REQUIRED, "type_id": SECURITY},
            "declare": {"status_name": "Closed", "security_resolved_reason": "FALSE_POSITIVE"},
            "requests": [f"POST {PATH}/resolved_reason", f"POST {PATH}/status"],
            "api_state": {
                "status_name": "Closed",
                "closed_at": ANY,
                "security_resolved_reason": "FALSE_POSITIVE",
            },
        },
        "archive after other changes": {
            "declare": {"archived": True, "priority": "P5"},
            "requests": [f"POST {PATH}/priority", f"POST {PATH}/archive"],
            "api_state": {"archived_at": ANY, "priority": "P5"},
            "outputs": {"archived_at": ANY},
        },
        "unarchive before other changes": {
            "given": {**REQUIRED, "archived": True},
            "declare": {"archived": False, "priority": "P5"},
            "requests": [f"POST {PATH}/unarchive", f"POST {PATH}/priority"],
            "api_state": {"archived_at": None, "priority": "P5"},
        },
        "move": {
            "declare": {"project_id": "{other_project}"},
            "requests": ["GET /cases/{id}", "PATCH /cases/{id}/relationships/project"],
            "warning": "its Jira issue, if any, is unlinked and then linked again",
            "api_state": {"project_id": "{other_project}", "key": "Q{run}-1"},
            "outputs": {"key": "Q{run}-1"},
        },
        "move a case with a Jira issue": {
            "out_of_band": [LINK_JIRA],
            "declare": {"project_id": "{other_project}"},
            "requests": [f"GET {PATH}", MOVE[0], LINK_JIRA[0]],
            "warning": "its Jira issue, if any, is unlinked and then linked again",
            # `jira_issue` is not listed here, so it must stay unchanged.
            "api_state": {"project_id": "{other_project}", "key": "Q{run}-1"},
        },
        "move a case whose Jira issue cannot be linked again": {
            "out_of_band": [LINK_JIRA],
            "declare": {"project_id": "{other_project}"},
            "corrupt_request": LINK_JIRA[0],
            "warning": "lost its Jira issue https://acme.atlassian.net/browse/SEC-7 when it moved",
            "api_state": {"project_id": "{other_project}", "key": "Q{run}-1", "jira_issue": None},
        },
        "change many properties concurrently": {
            "declare": {
                "title": "Found laptop",
                "description": "It was under the seat.",
                "priority": "P5",
                "due_date": None,
            },
            "requests": [
                frozenset(
                    {
                        f"POST {PATH}/title",
                        f"POST {PATH}/description",
                        f"POST {PATH}/priority",
                        f"POST {PATH}/due_date",
                    }
                )
            ],
            "api_state": {
                "title": "Found laptop",
                "description": "It was under the seat.",
                "priority": "P5",
                "due_date": None,
            },
        },
        "replace if type_id changes": {
            "given": REQUIRED,
            "declare": {"type_id": "{type}"},
            "warning": "that the program does not declare stay on P{run}-1, which is archived",
            "operation": "replace",
            "requests": ["POST /cases", "POST /cases/{old}/archive"],
            "api_state": {"type_id": "{type}", "title": "Stolen laptop"},
        },
        "remove description": {
            "declare": {"description": None},
            "requests": [f"POST {PATH}/description"],
            "api_state": {"description": ""},
        },
        "remove priority": {
            "declare": {"priority": None},
            "requests": [f"POST {PATH}/priority"],
            "api_state": {"priority": "NOT_DEFINED"},
        },
        "remove status_name, which the API cannot clear": {
            "warning": "no longer managed, and not changed: status_name",
            "declare": {"status_name": None},
            "requests": [],
        },
        "remove assignee_id": {
            "declare": {"assignee_id": None},
            "requests": [f"POST {PATH}/unassign"],
            "api_state": {"assignee_id": None},
        },
        "remove attributes": {
            "declare": {"attributes": None},
            "requests": LABELS,
            "api_state": {"attributes": {"env": None, "team": None}},
        },
        "remove custom_attributes": {
            "declare": {"custom_attributes": None},
            "requests": [
                frozenset(
                    {
                        f"DELETE {PATH}/custom_attributes/hosts",
                        f"DELETE {PATH}/custom_attributes/score",
                    }
                )
            ],
            "api_state": {"custom_attributes": {"hosts": None, "score": None}},
        },
        "remove due_date": {
            "declare": {"due_date": None},
            "requests": [f"POST {PATH}/due_date"],
            "api_state": {"due_date": None},
        },
        "remove security_resolved_reason, which the API cannot clear": {
            "warning": "no longer managed, and not changed: security_resolved_reason",
            "declare": {"security_resolved_reason": None},
            "requests": [],
        },
        "remove archived; the case stays archived": {
            "given": {**REQUIRED, "archived": True},
            "warning": "no longer managed, and not changed: archived",
            "declare": {"archived": None},
            "requests": [],
        },
        "moved outside Pulumi": {
            "out_of_band": [MOVE],
            "drift": {"project_id", "key", "url"},
            "warning": "its Jira issue, if any, is unlinked and then linked again",
            "requests": ["GET /cases/{id}", "PATCH /cases/{id}/relationships/project"],
            "api_state": {"key": "P{run}-2"},
        },
        "title changed outside Pulumi": {
            "out_of_band": [(f"POST {PATH}/title", body("case", title="Theirs"))],
            "drift": {"title"},
            "requests": [f"POST {PATH}/title"],
        },
        "description changed outside Pulumi": {
            "out_of_band": [(f"POST {PATH}/description", body("case", description="Theirs"))],
            "drift": {"description"},
            "requests": [f"POST {PATH}/description"],
        },
        "priority changed outside Pulumi": {
            "out_of_band": [(f"POST {PATH}/priority", body("case", priority="P1"))],
            "drift": {"priority"},
            "requests": [f"POST {PATH}/priority"],
        },
        "priority cleared outside Pulumi": {
            "out_of_band": [(f"POST {PATH}/priority", body("case", priority="NOT_DEFINED"))],
            "drift": {"priority"},
            "requests": [f"POST {PATH}/priority"],
        },
        "closed outside Pulumi": {
            "out_of_band": [(f"POST {PATH}/status", body("case", status_name="Closed"))],
            "drift": CLOSED,
            "requests": [f"POST {PATH}/status"],
        },
        "assigned outside Pulumi": {
            "out_of_band": [(f"POST {PATH}/assign", body("case", assignee_id="{other_user}"))],
            "drift": {"assignee_id"},
            "requests": [f"POST {PATH}/assign"],
        },
        "unassigned outside Pulumi": {
            "out_of_band": [(f"POST {PATH}/unassign", {"type": "case"})],
            "drift": {"assignee_id"},
            "requests": [f"POST {PATH}/assign"],
        },
        "label changed and added outside Pulumi": {
            "out_of_band": [
                (
                    f"POST {PATH}/attributes",
                    body(
                        "case", attributes={"env": ["theirs"], "team": ["secops"], "theirs": ["x"]}
                    ),
                )
            ],
            "drift": {"attributes"},
            "requests": LABELS,
            "api_state": {"attributes": {"theirs": ["x"]}},
        },
        "label removed outside Pulumi": {
            "out_of_band": [
                (f"POST {PATH}/attributes", body("case", attributes={"env": ["prod"]}))
            ],
            "drift": {"attributes"},
            "requests": LABELS,
        },
        "a custom attribute changed outside Pulumi": {
            "out_of_band": [
                (
                    f"POST {PATH}/custom_attributes/score",
                    body("case", type="NUMBER", is_multi=False, value=1),
                )
            ],
            "drift": {"custom_attributes"},
            "requests": [f"POST {PATH}/custom_attributes/score"],
        },
        "custom attribute removed outside Pulumi": {
            "out_of_band": [(f"DELETE {PATH}/custom_attributes/score", None)],
            "drift": {"custom_attributes"},
            "requests": [f"POST {PATH}/custom_attributes/score"],
        },
        "archived outside Pulumi": {
            "out_of_band": [(f"POST {PATH}/archive", {"type": "case"})],
            "drift": {"archived", "archived_at"},
            "requests": [f"POST {PATH}/unarchive"],
        },
        "change of attributes that reads do not return": {
            "out_of_band": [
                (f"POST {PATH}/due_date", body("case", due_date="2032-02-29")),
                (
                    f"POST {PATH}/resolved_reason",
                    body("case", security_resolved_reason="BENIGN_POSITIVE"),
                ),
            ],
        },
        "undeclared attributes changed outside Pulumi": {
            "given": REQUIRED,
            "out_of_band": UNDECLARED_CHANGES,
        },
        "update keeps undeclared attributes": {
            "given": REQUIRED,
            "out_of_band": UNDECLARED_CHANGES,
            "declare": {"title": "Found laptop"},
            "requests": [f"POST {PATH}/title"],
            "api_state": {"title": "Found laptop"},
        },
        "update keeps undeclared labels": {
            "given": {**REQUIRED, "attributes": {"env": ["prod"]}},
            "out_of_band": [
                (f"POST {PATH}/attributes", body("case", attributes={"env": ["prod"], "a": ["b"]}))
            ],
            "declare": {"attributes": {"env": ["staging"], "team": ["secops"]}},
            "requests": LABELS,
            "api_state": {"attributes": {"env": ["staging"], "team": ["secops"]}},
        },
        "update keeps undeclared custom attributes": {
            "given": {**REQUIRED, "type_id": "{type}", "custom_attributes": {"hosts": HOSTS}},
            "out_of_band": [
                (
                    f"POST {PATH}/custom_attributes/score",
                    body("case", type="NUMBER", is_multi=False, value=1),
                )
            ],
            "declare": {"custom_attributes": {"hosts": {"value": ["vpn-2"]}}},
            "requests": [f"POST {PATH}/custom_attributes/hosts"],
            "api_state": {"custom_attributes": {"hosts": {"value": ["vpn-2"]}}},
        },
        "order of label values is no change": {
            "given": {**REQUIRED, "attributes": {"env": ["staging", "prod"]}},
            "out_of_band": [
                (f"POST {PATH}/attributes", body("case", attributes={"env": ["staging", "prod"]}))
            ],
            "declare": {"attributes": {"env": ["prod", "staging", "prod"]}},
            "operation": "nothing",
        },
        "undeclared archived changed outside Pulumi": {
            "given": REQUIRED,
            "out_of_band": [(f"POST {PATH}/archive", {"type": "case"})],
            "drift": {"archived_at"},
            "operation": "nothing",
            "api_state": {"archived_at": ANY},
        },
        "deleted with its project": {
            "out_of_band": [("DELETE /cases/projects/{project}", None)],
            "declare": {"project_id": "{other_project}"},
            "operation": "create",
            "requests": CREATE,
        },
        "due_date rejected by the API": {
            "given": None,
            "declare": FULL,
            "corrupt_request": f"POST {PATH}/due_date",
            "error": "/due_date on .* answered 400.*the incomplete .* was removed",
        },
        "security_resolved_reason rejected by the API": {
            "given": None,
            "declare": FULL,
            "corrupt_request": f"POST {PATH}/resolved_reason",
            "error": "/resolved_reason on .* answered 400.*the incomplete .* was removed",
        },
        "status unknown to the case type": {
            "given": None,
            "declare": {**REQUIRED, "status_name": "Approved"},
            "error": "Must be one of Open, In Progress, Closed",
        },
        "custom attribute unknown to the case type": {
            "given": None,
            "declare": {**REQUIRED, "custom_attributes": {"hosts": HOSTS}},
            "error": "custom attribute configuration not found.*hosts",
        },
        "invalid inputs": {
            "declare": {
                "project_id": "secops",
                "title": "",
                "type_id": "Standard",
                "description": 3,
                "priority": "NOT_DEFINE",
                "status_name": ["Open"],
                "assignee_id": "user@example.com",
                "attributes": {"env": "prod", "team": [3]},
                "custom_attributes": {
                    "hosts": {"type": "TXT"},
                    "score": {"value": "7"},
                    "more": {"type": "URL", "value": "x", "is_multi": True},
                    "none": {"value": "x"},
                },
                "due_date": "2031-02-29",
                "security_resolved_reason": True,
                "archived": "no",
                "status": "OPEN",
            },
            "violations": {
                "project_id": "must be a UUID, such as another resource's id",
                "title": "must be a non-empty string",
                "type_id": "must be a UUID",
                "description": "must be a string, got 3",
                "priority": 'not one of NOT_DEFINED, P1, P2, P3, P4, P5; did you mean "NOT_',
                "status_name": "must be a string",
                "assignee_id": "must be a UUID",
                "attributes.env": "must be a list of strings",
                "attributes.team[0]": "must be a string, got 3",
                "custom_attributes.hosts.type": 'did you mean "TEXT"?',
                "custom_attributes.score.value": "must be a number",
                "custom_attributes.more.value": "must be a list, because is_multi is True",
                "custom_attributes.none.type": "is missing",
                "due_date": "must be a date as YYYY-MM-DD",
                "security_resolved_reason": "must be a string, got True",
                "archived": 'must be a boolean, got "no"',
                "status": "is read-only; remove it",
            },
        },
    },
    "sequence": [
        {
            "out_of_band": [
                (f"POST {PATH}/title", body("case", title="Theirs")),
                (f"POST {PATH}/description", body("case", description="Theirs")),
                (f"POST {PATH}/priority", body("case", priority="P1")),
                (f"POST {PATH}/unassign", {"type": "case"}),
                (
                    f"POST {PATH}/attributes",
                    body("case", attributes={"env": ["x"], "theirs": ["x"]}),
                ),
                (f"DELETE {PATH}/custom_attributes/score", None),
                (f"POST {PATH}/status", body("case", status_name="Closed")),
                (f"POST {PATH}/archive", {"type": "case"}),
            ],
            "drift": {
                *("title", "description", "priority", "assignee_id", "attributes", "archived"),
                *("custom_attributes", "archived_at", *CLOSED),
            },
            "declare": {"priority": "P2", "due_date": None, "attributes": {"team": None}},
            "api_state": {
                "priority": "P2",
                "due_date": None,
                "attributes": {"theirs": ["x"], "team": None},
            },
        },
        {"declare": {"priority": 1}, "violations": {"priority": "must be one of NOT_DEFINED, P1"}},
        {
            "out_of_band": [("DELETE /cases/projects/{project}", None)],
            "declare": {"project_id": "{other_project}"},
            "operation": "create",
        },
    ],
}


def test_lifecycle(scenario: Scenario) -> None:
    scenario()
