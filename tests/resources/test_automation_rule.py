from typing import Any
from unittest.mock import ANY

from tests.resources.harness.prerequisites import PROJECTS
from tests.resources.harness.scenarios import Scenario
from tests.resources.harness.spec import ResourceSpec, Step

import pulumi_datadog_cases as cases


def rule(**attributes: object) -> object:
    """The body of a PUT. It has the full rule, because a PUT replaces the rule."""
    whole = {name: FULL[name] for name in ("name", "trigger", "action", "state")}
    return {"type": "rule", "attributes": whole | attributes}


def workflow(handle: str) -> dict[str, Any]:
    return {"type": "EXECUTE_WORKFLOW", "data": {"handle": handle}}


LIST = "/cases/projects/{project_id}/rules"
PATH = f"{LIST}/{{id}}"
CLOSING: dict[str, Any] = {
    "type": "STATUS_TRANSITIONED",
    "data": {"from_status_name": "In Progress", "to_status_name": "Closed"},
}
AGENT: dict[str, Any] = {
    "type": "ASSIGN_AGENT",
    "data": {"agent_type": "security", "assigned_agent_id": "bits-security"},
}
WATCHING: dict[str, Any] = {
    "type": "ATTRIBUTE_VALUE_CHANGED",
    "data": {"field": "priority", "change_type": "VALUE_ADDED"},
}
REQUIRED: dict[str, Any] = {
    "project_id": "{project}",
    "name": "Report",
    "trigger": {"type": "ATTRIBUTE_VALUE_CHANGED", "data": {"field": "priority"}},
    "action": workflow("write-report"),
}
FULL: dict[str, Any] = {
    "project_id": "{project}",
    "name": "Report",
    "trigger": CLOSING,
    "action": workflow("write-report"),
    "state": "DISABLED",
}
CHANGE = [f"GET {LIST}", f"PUT {PATH}"]


def create(**declared: object) -> Step:
    return {
        "given": None,
        "declare": {**REQUIRED, **declared},
        "operation": "create",
        "requests": [f"POST {LIST}"],
        "api_state": declared,
        "outputs": declared,
    }


SPEC: ResourceSpec = {
    "resource_class": cases.AutomationRule,
    "prerequisites": PROJECTS,
    "full_inputs": FULL,
    "import_id": "{project}/{id}",
    "read_requests": [f"GET {LIST}"],
    "fallback_read_requests": [f"GET {PATH}"],
    "delete_requests": [f"DELETE {PATH}"],
    "api_state_after_delete": {"{id}": None},
    "deleted_out_of_band": (f"DELETE {PATH}", None),
    "steps": {
        "create with all inputs": {
            **create(**FULL),
            "outputs": {**FULL, "created_at": ANY, "created_by": ANY, "modified_at": None},
        },
        "create with required inputs": {**create(), "outputs": {"state": None}},
        "create for CASE_CREATED": create(trigger={"type": "CASE_CREATED"}),
        "create for STATUS_TRANSITIONED": create(
            trigger={"type": "STATUS_TRANSITIONED", "data": {"to_status_name": "Closed"}}
        ),
        "create for ATTRIBUTE_VALUE_CHANGED": create(
            trigger={
                "type": "ATTRIBUTE_VALUE_CHANGED",
                "data": {"field": "severity", "change_type": "VALUE_ADDED"},
            }
        ),
        "create for EVENT_CORRELATION_SIGNAL_CORRELATED": create(
            trigger={"type": "EVENT_CORRELATION_SIGNAL_CORRELATED"}
        ),
        "create for CASE_REVIEW_APPROVED": create(
            trigger={"type": "CASE_REVIEW_APPROVED", "data": {"approval_type": "manager"}}
        ),
        "create for COMMENT_ADDED": create(trigger={"type": "COMMENT_ADDED"}),
        "create to ASSIGN_AGENT": create(action=AGENT),
        "create with lower-case values": {
            **create(),
            "declare": {
                **REQUIRED,
                "trigger": {"type": "case_created"},
                "action": {**AGENT, "type": "assign_agent"},
                "state": "disabled",
            },
            "api_state": {"state": "DISABLED", "action": AGENT},
            "outputs": {"trigger": {"type": "CASE_CREATED"}, "action": AGENT, "state": "DISABLED"},
        },
        "other letter case is no change": {
            "declare": {"trigger": {"type": "status_transitioned"}, "state": "disabled"},
            "operation": "nothing",
        },
        "change name": {
            "declare": {"name": "Digest"},
            "requests": CHANGE,
            "api_state": {"name": "Digest"},
        },
        "change trigger": {
            "declare": {"trigger": {"type": "CASE_CREATED", "data": None}},
            "requests": CHANGE,
            "api_state": {"trigger": {"type": "CASE_CREATED", "data": None}},
        },
        "change trigger with an undeclared member": {
            "given": REQUIRED,
            "out_of_band": [(f"PUT {PATH}", rule(trigger=WATCHING))],
            "declare": {"trigger": {"type": "CASE_CREATED", "data": None}},
            "requests": CHANGE,
            "api_state": {"trigger": {"type": "CASE_CREATED", "data": None}},
        },
        "change a member of trigger": {
            "declare": {"trigger": {"data": {"to_status_name": "Open"}}},
            "requests": CHANGE,
            "api_state": {"trigger": {"data": {"to_status_name": "Open"}}},
        },
        "remove a member of trigger": {
            "declare": {"trigger": {"data": {"from_status_name": None}}},
            "requests": CHANGE,
            "api_state": {"trigger": {"data": {"from_status_name": None}}},
        },
        "change action": {
            "declare": {
                "action": {"type": AGENT["type"], "data": {"handle": None, **AGENT["data"]}}
            },
            "requests": CHANGE,
            "api_state": {
                "action": {"type": AGENT["type"], "data": {"handle": None, **AGENT["data"]}}
            },
        },
        "change a member of action": {
            "declare": {"action": workflow("write-digest")},
            "requests": CHANGE,
            "api_state": {"action": workflow("write-digest")},
        },
        "enable": {
            "declare": {"state": "ENABLED"},
            "requests": [f"POST {PATH}/enable"],
            "api_state": {"state": "ENABLED"},
        },
        "disable": {
            "given": REQUIRED,
            "declare": {"state": "DISABLED"},
            "requests": [f"POST {PATH}/disable"],
            "api_state": {"state": "DISABLED"},
        },
        "enable and rename": {
            "declare": {"state": "ENABLED", "name": "Digest"},
            "requests": CHANGE,
            "api_state": {"state": "ENABLED", "name": "Digest"},
        },
        "remove state, which the API cannot clear": {
            "warning": "no longer managed, and not changed: state",
            "declare": {"state": None},
            "requests": [],
        },
        "replace if project_id changes": {
            "declare": {"project_id": "{other_project}"},
            "operation": "replace",
            "requests": [f"POST {LIST}", "DELETE /cases/projects/{project}/rules/{old}"],
            "api_state": {**FULL, "project_id": "{other_project}"},
        },
        "name changed outside Pulumi": {
            "out_of_band": [(f"PUT {PATH}", rule(name="Theirs"))],
            "drift": {"name"},
            "requests": CHANGE,
        },
        "trigger changed outside Pulumi": {
            "out_of_band": [(f"PUT {PATH}", rule(trigger={"type": "COMMENT_ADDED"}))],
            "drift": {"trigger"},
            "requests": CHANGE,
        },
        "a member of trigger changed outside Pulumi": {
            "out_of_band": [
                (f"PUT {PATH}", rule(trigger={**CLOSING, "data": {"from_status_name": "Open"}}))
            ],
            "drift": {"trigger"},
            "requests": CHANGE,
        },
        "action changed outside Pulumi": {
            "out_of_band": [(f"PUT {PATH}", rule(action=AGENT))],
            "drift": {"action"},
            "requests": CHANGE,
        },
        "a member of action changed outside Pulumi": {
            "out_of_band": [(f"PUT {PATH}", rule(action=workflow("theirs")))],
            "drift": {"action"},
            "requests": CHANGE,
        },
        "enabled outside Pulumi": {
            "out_of_band": [(f"POST {PATH}/enable", None)],
            "drift": {"state"},
            "requests": [f"POST {PATH}/disable"],
        },
        "undeclared state changed outside Pulumi": {
            "given": REQUIRED,
            "out_of_band": [(f"POST {PATH}/disable", None)],
        },
        "update keeps undeclared attributes": {
            "given": REQUIRED,
            "out_of_band": [(f"PUT {PATH}", rule(trigger=WATCHING))],
            "declare": {"trigger": {"data": {"field": "severity"}}},
            "requests": CHANGE,
            "api_state": {"trigger": {"data": {"field": "severity"}}},
        },
        "deleted outside Pulumi": {
            "out_of_band": [(f"DELETE {PATH}", None)],
            "operation": "create",
            "requests": [f"POST {LIST}"],
            "api_state": FULL,
        },
        "deleted with its project": {
            "out_of_band": [("DELETE /cases/projects/{project}", None)],
            "declare": {"project_id": "{other_project}"},
            "operation": "create",
            "requests": [f"POST {LIST}"],
        },
        "unknown project": {
            "given": None,
            "out_of_band": [("DELETE /cases/projects/{project}", None)],
            "declare": FULL,
            "error": "answered 404: .*project not found",
        },
        "invalid inputs": {
            "declare": {
                "project_id": "secops",
                "name": " ",
                "trigger": {"type": None, "typ": "CASE_CREATED", "data": {"field": 3}},
                "action": {"type": "EXECUTE_WORKFLO", "data": {"handle": None, "hadle": "x"}},
                "state": "DISBALED",
            },
            "violations": {
                "project_id": "must be a UUID, such as another resource's id",
                "name": "must be a non-empty string",
                "trigger.type": "is missing",
                "trigger.typ": 'did you mean "type"?',
                "trigger.data.field": "must be a string, got 3",
                "action.type": 'did you mean "EXECUTE_WORKFLOW"?',
                "action.data.hadle": 'did you mean "handle"?',
                "state": '"DISBALED" is not one of ENABLED, DISABLED; did you mean "DISABLED"?',
            },
        },
        "trigger without type": {
            "declare": {"trigger": {"type": None}},
            "violations": {"trigger.type": "is missing"},
        },
        "trigger and action with members of other types": {
            "declare": {
                "trigger": {"type": "CASE_REVIEW_APPROVED"},
                "action": {"data": AGENT["data"]},
            },
            "warning": (
                "action.data.agent_type does not belong to EXECUTE_WORKFLOW, which takes handle; "
                "sent as is"
            ),
            "requests": CHANGE,
            "api_state": {
                "trigger": {"type": "CASE_REVIEW_APPROVED"},
                "action": {"data": AGENT["data"]},
            },
        },
        "action without required members": {
            "declare": {"action": {"type": "ASSIGN_AGENT", "data": {"handle": None}}},
            "violations": {
                "action.data.agent_type": "is missing: type ASSIGN_AGENT requires it",
                "action.data.assigned_agent_id": "is missing: type ASSIGN_AGENT requires it",
            },
        },
        "misspelled change_type": {
            "given": REQUIRED,
            "declare": {"trigger": {"data": {"change_type": "ANY_CHANGE"}}},
            "violations": {"trigger.data.change_type": 'did you mean "ANY_CHANGES"?'},
        },
    },
    "sequence": [
        {
            "out_of_band": [
                (
                    f"PUT {PATH}",
                    rule(
                        name="x", trigger={"type": "COMMENT_ADDED"}, action=AGENT, state="ENABLED"
                    ),
                )
            ],
            "drift": {"name", "trigger", "action", "state"},
            "declare": {"name": "Digest", "action": workflow("write-digest")},
            "requests": CHANGE,
            "api_state": {"name": "Digest", "action": workflow("write-digest")},
        },
        {
            "declare": {"trigger": {"data": {"to_statusname": "Closed", "to_status_name": None}}},
            "violations": {"trigger.data.to_statusname": 'did you mean "to_status_name"?'},
        },
        {"out_of_band": [(f"DELETE {PATH}", None)], "operation": "create"},
    ],
}


def test_lifecycle(scenario: Scenario) -> None:
    scenario()
