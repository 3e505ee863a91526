from unittest.mock import ANY

from tests.resources.harness.prerequisites import PROJECTS
from tests.resources.harness.scenarios import Scenario
from tests.resources.harness.spec import ApiCall, ResourceSpec

import pulumi_datadog_cases as cases


def notification_rule(project_id: str) -> ApiCall:
    attributes: dict[str, object] = {
        "recipients": [{"type": "EMAIL", "data": {"email": "soc@example.com"}}],
        "triggers": [{"type": "CASE_CREATED"}],
    }
    return (
        f"POST /cases/projects/{project_id}/notification_rules",
        {"type": "notification_rule", "attributes": attributes},
    )


def view(**attributes: str) -> object:
    return {"type": "view", "attributes": attributes}


PATH = "/cases/views/{id}"
PUT = f"PUT {PATH}"
REQUIRED = {"project_id": "{project}", "name": "Urgent", "query": "status:open priority:P1"}
FULL = {**REQUIRED, "np_rule_id": "{rule}"}

SPEC: ResourceSpec = {
    "resource_class": cases.CaseView,
    "prerequisites": {
        **PROJECTS,
        "rule": notification_rule("{project}"),
        "other_rule": notification_rule("{project}"),
        "rule_in_other_project": notification_rule("{other_project}"),
    },
    "full_inputs": FULL,
    "import_id": "{id}",
    "read_requests": ["GET /cases/views?project_id={project_id}"],
    "fallback_read_requests": [f"GET {PATH}"],
    "delete_requests": [f"DELETE {PATH}"],
    "api_state_after_delete": {"{id}": None, "{rule}": {"kind": "notification_rule"}},
    "deleted_out_of_band": (f"DELETE {PATH}", None),
    "steps": {
        "create with all inputs": {
            "given": None,
            "declare": FULL,
            "operation": "create",
            "requests": ["POST /cases/views"],
            "api_state": FULL,
            "outputs": {**FULL, "created_at": ANY, "created_by": ANY, "modified_at": None},
        },
        "create with required inputs": {
            "given": None,
            "declare": REQUIRED,
            "operation": "create",
            "requests": ["POST /cases/views"],
            "api_state": {**REQUIRED, "np_rule_id": None},
            "outputs": {**REQUIRED, "np_rule_id": None},
        },
        "create for all cases": {
            "given": None,
            "declare": {**REQUIRED, "query": ""},
            "operation": "create",
            "requests": ["POST /cases/views"],
            "api_state": {"query": ""},
        },
        "change name": {
            "declare": {"name": "Burning"},
            "requests": [PUT],
            "api_state": {"name": "Burning"},
            "outputs": {"name": "Burning", "modified_at": ANY},
        },
        "change query": {
            "declare": {"query": "status:open"},
            "requests": [PUT],
            "api_state": {"query": "status:open"},
        },
        "change np_rule_id": {
            "declare": {"np_rule_id": "{other_rule}"},
            "requests": [PUT],
            "api_state": {"np_rule_id": "{other_rule}"},
        },
        "add np_rule_id": {
            "given": REQUIRED,
            "declare": {"np_rule_id": "{rule}"},
            "requests": [PUT],
            "api_state": {"np_rule_id": "{rule}"},
        },
        "remove np_rule_id, which the API cannot clear": {
            "warning": "no longer managed, and not changed: np_rule_id",
            "declare": {"np_rule_id": None},
            "requests": [],
        },
        "replace if project_id changes": {
            "declare": {"project_id": "{other_project}", "np_rule_id": "{rule_in_other_project}"},
            "operation": "replace",
            "requests": ["POST /cases/views", "DELETE /cases/views/{old}"],
            "api_state": {
                **FULL,
                "project_id": "{other_project}",
                "np_rule_id": "{rule_in_other_project}",
            },
        },
        "name changed outside Pulumi": {
            "out_of_band": [(PUT, view(name="Theirs"))],
            "drift": {"name"},
            "requests": [PUT],
        },
        "query changed outside Pulumi": {
            "out_of_band": [(PUT, view(query="theirs"))],
            "drift": {"query"},
            "requests": [PUT],
        },
        "np_rule_id changed outside Pulumi": {
            "out_of_band": [(PUT, view(np_rule_id="{other_rule}"))],
            "drift": {"np_rule_id"},
            "requests": [PUT],
        },
        "np_rule_id cleared outside Pulumi": {
            "out_of_band": [("DELETE /cases/projects/{project}/notification_rules/{rule}", None)],
            "drift": {"np_rule_id"},
            "declare": {"np_rule_id": "{other_rule}"},
            "requests": [PUT],
            "api_state": {"np_rule_id": "{other_rule}"},
            "spec_overrides": {"api_state_after_delete": {"{id}": None, "{rule}": None}},
        },
        "undeclared attributes changed outside Pulumi": {
            "given": REQUIRED,
            "out_of_band": [(PUT, view(np_rule_id="{rule}"))],
        },
        "update keeps undeclared attributes": {
            "given": REQUIRED,
            "out_of_band": [(PUT, view(np_rule_id="{rule}"))],
            "declare": {"name": "Burning"},
            "requests": [PUT],
            "api_state": {"name": "Burning"},
        },
        "deleted outside Pulumi": {
            "out_of_band": [(f"DELETE {PATH}", None)],
            "operation": "create",
            "requests": ["POST /cases/views"],
            "api_state": FULL,
        },
        "deleted with its project": {
            "out_of_band": [("DELETE /cases/projects/{project}", None)],
            "declare": {"project_id": "{other_project}", "np_rule_id": "{rule_in_other_project}"},
            "operation": "create",
            "requests": ["POST /cases/views"],
            "spec_overrides": {"api_state_after_delete": {"{id}": None, "{rule}": None}},
        },
        "unknown project": {
            "given": None,
            "out_of_band": [("DELETE /cases/projects/{project}", None)],
            "declare": REQUIRED,
            "error": "POST /api/v2/cases/views .*answered 404: .*project not found",
        },
        "notification rule of another project": {
            "declare": {"np_rule_id": "{rule_in_other_project}"},
            "error": f"{PUT.replace(' ', ' /api/v2')} .*answered 404: .*rule not found",
        },
        "invalid inputs": {
            "declare": {
                "project_id": "secops",
                "name": " ",
                "query": 3,
                "np_rule_id": "the rule",
                "created_at": "2031-11-21T08:00:00Z",
            },
            "violations": {
                "project_id": "must be a UUID, such as another resource's id",
                "name": "must be a non-empty string",
                "query": "must be a string, got 3",
                "np_rule_id": 'must be a UUID, such as another resource\'s id, got "the rule"',
                "created_at": "is read-only; remove it",
            },
        },
        "misspelled names": {
            "declare": {"query": None, "querry": "status:open", "rule_id": "{rule}"},
            "violations": {
                "query": "is missing",
                "querry": 'did you mean "query"?',
                "rule_id": 'did you mean "np_rule_id"?',
            },
        },
    },
    "sequence": [
        {
            "out_of_band": [(PUT, view(name="x", query="x", np_rule_id="{other_rule}"))],
            "drift": {"name", "query", "np_rule_id"},
            "declare": {"name": "Burning"},
            "requests": [PUT],
            "api_state": {"name": "Burning"},
        },
        {"declare": {"np_rule_id": "x"}, "violations": {"np_rule_id": "must be a UUID"}},
        {
            "declare": {"project_id": "{other_project}", "np_rule_id": "{rule_in_other_project}"},
            "operation": "replace",
        },
        {"out_of_band": [(f"DELETE {PATH}", None)], "operation": "create"},
    ],
}


def test_lifecycle(scenario: Scenario) -> None:
    scenario()
