from typing import TYPE_CHECKING, Any
from unittest.mock import ANY

import pulumi_datadog_cases as cases

if TYPE_CHECKING:
    from tests.resources.conftest import Life, Scene, Step


def rule(**attributes: object) -> object:
    """The whole rule with something changed: a PUT replaces it."""
    whole = {name: FULL[name] for name in ("name", "trigger", "action", "state")}
    return {"type": "rule", "attributes": whole | attributes}


def project(key: str) -> object:
    return {"type": "project", "attributes": {"key": key, "name": f"Project {key}"}}


def workflow(handle: str) -> dict[str, Any]:
    return {"type": "EXECUTE_WORKFLOW", "data": {"handle": handle}}


LIST = "/cases/projects/{project_id}/rules"
OWN = f"{LIST}/{{id}}"
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
LEAST: dict[str, Any] = {
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
CHANGE = [f"GET {OWN}", f"PUT {OWN}"]


def create(**declared: object) -> "Step":
    return {
        "given": None,
        "declare": {**LEAST, **declared},
        "does": "create",
        "sends": [f"POST {LIST}"],
        "stores": declared,
        "shows": declared,
    }


LIFE: "Life" = {
    "kind": cases.AutomationRule,
    "needs": {
        "project": ("POST /cases/projects", project("P{run}")),
        "other_project": ("POST /cases/projects", project("Q{run}")),
    },
    "full": FULL,
    "import_id": "{project}/{id}",
    "reads": [f"GET {LIST}"],
    "then_reads": [f"GET {OWN}"],
    "ends": [f"DELETE {OWN}"],
    "remains": {"{id}": None},
    "vanishes": (f"DELETE {OWN}", None),
    "steps": {
        "create with everything": {
            **create(**FULL),
            "shows": {**FULL, "created_at": ANY, "created_by": ANY, "modified_at": None},
        },
        "create with the least": {**create(), "shows": {"state": None}},
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
        "create spelt small": {
            **create(),
            "declare": {
                **LEAST,
                "trigger": {"type": "case_created"},
                "action": {**AGENT, "type": "assign_agent"},
                "state": "disabled",
            },
            "stores": {"state": "DISABLED", "action": AGENT},
            "shows": {"trigger": {"type": "CASE_CREATED"}, "action": AGENT, "state": "DISABLED"},
        },
        "spelling means nothing": {
            "declare": {"trigger": {"type": "status_transitioned"}, "state": "disabled"},
            "does": "nothing",
        },
        "change name": {
            "declare": {"name": "Digest"},
            "sends": CHANGE,
            "stores": {"name": "Digest"},
        },
        "change trigger": {
            "declare": {"trigger": {"type": "CASE_CREATED", "data": None}},
            "sends": CHANGE,
            "stores": {"trigger": {"type": "CASE_CREATED", "data": None}},
        },
        "change trigger while somebody's member is in it": {
            "given": LEAST,
            "edits": [(f"PUT {OWN}", rule(trigger=WATCHING))],
            "declare": {"trigger": {"type": "CASE_CREATED", "data": None}},
            "sends": CHANGE,
            "stores": {"trigger": {"type": "CASE_CREATED", "data": None}},
        },
        "change a member of trigger": {
            "declare": {"trigger": {"data": {"to_status_name": "Open"}}},
            "sends": CHANGE,
            "stores": {"trigger": {"data": {"to_status_name": "Open"}}},
        },
        "take a member of trigger out": {
            "declare": {"trigger": {"data": {"from_status_name": None}}},
            "sends": CHANGE,
            "stores": {"trigger": {"data": {"from_status_name": None}}},
        },
        "change action": {
            "declare": {
                "action": {"type": AGENT["type"], "data": {"handle": None, **AGENT["data"]}}
            },
            "sends": CHANGE,
            "stores": {
                "action": {"type": AGENT["type"], "data": {"handle": None, **AGENT["data"]}}
            },
        },
        "change a member of action": {
            "declare": {"action": workflow("write-digest")},
            "sends": CHANGE,
            "stores": {"action": workflow("write-digest")},
        },
        "enable": {
            "declare": {"state": "ENABLED"},
            "sends": [f"POST {OWN}/enable"],
            "stores": {"state": "ENABLED"},
        },
        "disable": {
            "given": LEAST,
            "declare": {"state": "DISABLED"},
            "sends": [f"POST {OWN}/disable"],
            "stores": {"state": "DISABLED"},
        },
        "enable and rename": {
            "declare": {"state": "ENABLED", "name": "Digest"},
            "sends": CHANGE,
            "stores": {"state": "ENABLED", "name": "Digest"},
        },
        "take state out, which cannot be cleared": {"declare": {"state": None}, "sends": []},
        "replace for project_id": {
            "declare": {"project_id": "{other_project}"},
            "does": "replace",
            "sends": [f"POST {LIST}", "DELETE /cases/projects/{project}/rules/{old}"],
            "stores": {**FULL, "project_id": "{other_project}"},
        },
        "somebody changes name": {
            "edits": [(f"PUT {OWN}", rule(name="Theirs"))],
            "drift": {"name"},
            "sends": CHANGE,
        },
        "somebody changes trigger": {
            "edits": [(f"PUT {OWN}", rule(trigger={"type": "COMMENT_ADDED"}))],
            "drift": {"trigger"},
            "sends": CHANGE,
        },
        "somebody changes a member of trigger": {
            "edits": [
                (f"PUT {OWN}", rule(trigger={**CLOSING, "data": {"from_status_name": "Open"}}))
            ],
            "drift": {"trigger"},
            "sends": CHANGE,
        },
        "somebody changes action": {
            "edits": [(f"PUT {OWN}", rule(action=AGENT))],
            "drift": {"action"},
            "sends": CHANGE,
        },
        "somebody changes a member of action": {
            "edits": [(f"PUT {OWN}", rule(action=workflow("theirs")))],
            "drift": {"action"},
            "sends": CHANGE,
        },
        "somebody enables it": {
            "edits": [(f"POST {OWN}/enable", None)],
            "drift": {"state"},
            "sends": [f"POST {OWN}/disable"],
        },
        "somebody disables what is not declared to be enabled": {
            "given": LEAST,
            "edits": [(f"POST {OWN}/disable", None)],
        },
        "what is not declared outlives a change": {
            "given": LEAST,
            "edits": [(f"PUT {OWN}", rule(trigger=WATCHING))],
            "declare": {"trigger": {"data": {"field": "severity"}}},
            "sends": CHANGE,
            "stores": {"trigger": {"data": {"field": "severity"}}},
        },
        "gone by hand": {
            "edits": [(f"DELETE {OWN}", None)],
            "does": "create",
            "sends": [f"POST {LIST}"],
            "stores": FULL,
        },
        "gone with its project": {
            "edits": [("DELETE /cases/projects/{project}", None)],
            "declare": {"project_id": "{other_project}"},
            "does": "create",
            "sends": [f"POST {LIST}"],
        },
        "a project that is not there": {
            "given": None,
            "edits": [("DELETE /cases/projects/{project}", None)],
            "declare": FULL,
            "fails": "answered 404: .*project not found",
        },
        "all mistakes at once": {
            "declare": {
                "project_id": "secops",
                "name": " ",
                "trigger": {"type": "CASE_CREATED", "dat": {}, "data": {"field": 3}},
                "action": {"type": "EXECUTE_WORKFLO", "data": {"handle": None, "hadle": "x"}},
                "state": "PAUSED",
            },
            "refuses": {
                "project_id": "must be a UUID, such as another resource's id",
                "name": "must be a non-empty string",
                "trigger.dat": 'did you mean "data"?',
                "trigger.data.field": "must be a string, got 3",
                "action.type": 'did you mean "EXECUTE_WORKFLOW"?',
                "action.data.hadle": 'did you mean "handle"?',
                "state": '"PAUSED" is not one of ENABLED, DISABLED',
            },
        },
        "a trigger without a type": {
            "declare": {"trigger": {"type": None}},
            "refuses": {"trigger.type": "is missing"},
        },
        "a trigger and an action with another's members": {
            "declare": {
                "trigger": {"type": "CASE_REVIEW_APPROVED"},
                "action": {"data": AGENT["data"]},
            },
            "refuses": {
                "trigger.data.from_status_name": "does not belong to CASE_REVIEW_APPROVED",
                "trigger.data.to_status_name": "does not belong to CASE_REVIEW_APPROVED",
                "action.data.agent_type": "does not belong to EXECUTE_WORKFLOW, which takes handle",
                "action.data.assigned_agent_id": "does not belong to EXECUTE_WORKFLOW",
            },
        },
        "an action without what it needs": {
            "declare": {"action": {"type": "ASSIGN_AGENT", "data": {"handle": None}}},
            "refuses": {
                "action.data.agent_type": "is missing: type ASSIGN_AGENT requires it",
                "action.data.assigned_agent_id": "is missing: type ASSIGN_AGENT requires it",
            },
        },
        "a change that is misspelt": {
            "given": LEAST,
            "declare": {"trigger": {"data": {"change_type": "ANY_CHANGE"}}},
            "refuses": {"trigger.data.change_type": 'did you mean "ANY_CHANGES"?'},
        },
    },
    "story": [
        {
            "edits": [
                (
                    f"PUT {OWN}",
                    rule(
                        name="x", trigger={"type": "COMMENT_ADDED"}, action=AGENT, state="ENABLED"
                    ),
                )
            ],
            "drift": {"name", "trigger", "action", "state"},
            "declare": {"name": "Digest", "action": workflow("write-digest")},
            "sends": CHANGE,
            "stores": {"name": "Digest", "action": workflow("write-digest")},
        },
        {
            "declare": {"trigger": {"data": {"to_status": "Closed"}}},
            "refuses": {"trigger.data.to_status": 'did you mean "to_status_name"?'},
        },
        {"edits": [(f"DELETE {OWN}", None)], "does": "create"},
    ],
}


def test_life(scene: "Scene") -> None:
    scene()
