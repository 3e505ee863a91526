from typing import TYPE_CHECKING
from unittest.mock import ANY

import pulumi_datadog_cases as cases

if TYPE_CHECKING:
    from tests.resources.conftest import Edit, Life, Scene


def project(key: str) -> object:
    return {"type": "project", "attributes": {"key": key, "name": f"Project {key}"}}


def rule_of(project_name: str) -> "Edit":
    attributes: dict[str, object] = {
        "recipients": [{"type": "EMAIL", "data": {"email": "soc@example.com"}}],
        "triggers": [{"type": "CASE_CREATED"}],
    }
    return (
        f"POST /cases/projects/{{{project_name}}}/notification_rules",
        {"type": "notification_rule", "attributes": attributes},
    )


def view(**attributes: str) -> object:
    return {"type": "view", "attributes": attributes}


OWN = "/cases/views/{id}"
PUT = f"PUT {OWN}"
LEAST = {"project_id": "{project}", "name": "Urgent", "query": "status:open priority:P1"}
FULL = {**LEAST, "np_rule_id": "{rule}"}

LIFE: "Life" = {
    "kind": cases.CaseView,
    "needs": {
        "project": ("POST /cases/projects", project("P{run}")),
        "rule": rule_of("project"),
        "other_rule": rule_of("project"),
        "other_project": ("POST /cases/projects", project("Q{run}")),
        "rule_there": rule_of("other_project"),
    },
    "full": FULL,
    "import_id": "{id}",
    "reads": ["GET /cases/views?project_id={project_id}"],
    "then_reads": [f"GET {OWN}"],
    "ends": [f"DELETE {OWN}"],
    "remains": {"{id}": None, "{rule}": {"kind": "notification_rule"}},
    "vanishes": (f"DELETE {OWN}", None),
    "steps": {
        "create with everything": {
            "given": None,
            "declare": FULL,
            "does": "create",
            "sends": ["POST /cases/views"],
            "stores": FULL,
            "shows": {**FULL, "created_at": ANY, "modified_at": None},
        },
        "create with the least": {
            "given": None,
            "declare": LEAST,
            "does": "create",
            "sends": ["POST /cases/views"],
            "stores": {**LEAST, "np_rule_id": None},
            "shows": {**LEAST, "np_rule_id": None},
        },
        "create for all cases": {
            "given": None,
            "declare": {**LEAST, "query": ""},
            "does": "create",
            "sends": ["POST /cases/views"],
            "stores": {"query": ""},
        },
        "change name": {
            "declare": {"name": "Burning"},
            "sends": [PUT],
            "stores": {"name": "Burning"},
            "shows": {"name": "Burning", "modified_at": ANY},
        },
        "change query": {
            "declare": {"query": "status:open"},
            "sends": [PUT],
            "stores": {"query": "status:open"},
        },
        "change np_rule_id": {
            "declare": {"np_rule_id": "{other_rule}"},
            "sends": [PUT],
            "stores": {"np_rule_id": "{other_rule}"},
        },
        "add np_rule_id": {
            "given": LEAST,
            "declare": {"np_rule_id": "{rule}"},
            "sends": [PUT],
            "stores": {"np_rule_id": "{rule}"},
        },
        "take np_rule_id out, which cannot be cleared": {
            "declare": {"np_rule_id": None},
            "sends": [],
        },
        "replace for project_id": {
            "declare": {"project_id": "{other_project}", "np_rule_id": "{rule_there}"},
            "does": "replace",
            "sends": ["POST /cases/views", "DELETE /cases/views/{old}"],
            "stores": {**FULL, "project_id": "{other_project}", "np_rule_id": "{rule_there}"},
        },
        "somebody changes name": {
            "edits": [(PUT, view(name="Theirs"))],
            "drift": {"name"},
            "sends": [PUT],
        },
        "somebody changes query": {
            "edits": [(PUT, view(query="theirs"))],
            "drift": {"query"},
            "sends": [PUT],
        },
        "somebody changes np_rule_id": {
            "edits": [(PUT, view(np_rule_id="{other_rule}"))],
            "drift": {"np_rule_id"},
            "sends": [PUT],
        },
        "somebody deletes the rule": {
            "edits": [("DELETE /cases/projects/{project}/notification_rules/{rule}", None)],
            "drift": {"np_rule_id"},
            "declare": {"np_rule_id": "{other_rule}"},
            "sends": [PUT],
            "stores": {"np_rule_id": "{other_rule}"},
            "otherwise": {"remains": {"{id}": None, "{rule}": None}},
        },
        "somebody changes what is not declared": {
            "given": LEAST,
            "edits": [(PUT, view(np_rule_id="{rule}"))],
        },
        "what is not declared outlives a change": {
            "given": LEAST,
            "edits": [(PUT, view(np_rule_id="{rule}"))],
            "declare": {"name": "Burning"},
            "sends": [PUT],
            "stores": {"name": "Burning"},
        },
        "gone by hand": {
            "edits": [(f"DELETE {OWN}", None)],
            "does": "create",
            "sends": ["POST /cases/views"],
            "stores": FULL,
        },
        "gone with its project": {
            "edits": [("DELETE /cases/projects/{project}", None)],
            "declare": {"project_id": "{other_project}", "np_rule_id": "{rule_there}"},
            "does": "create",
            "sends": ["POST /cases/views"],
            "otherwise": {"remains": {"{id}": None, "{rule}": None}},
        },
        "a project that is not there": {
            "given": None,
            "edits": [("DELETE /cases/projects/{project}", None)],
            "declare": LEAST,
            "fails": "POST /api/v2/cases/views .*answered 404: .*project not found",
        },
        "a rule of another project": {
            "declare": {"np_rule_id": "{rule_there}"},
            "fails": f"{PUT.replace(' ', ' /api/v2')} .*answered 404: .*rule not found",
        },
        "all mistakes at once": {
            "declare": {
                "project_id": "secops",
                "name": " ",
                "query": 3,
                "np_rule_id": "the rule",
                "created_at": "2031-11-21T08:00:00Z",
            },
            "refuses": {
                "project_id": "must be a UUID, such as another resource's id",
                "name": "must be a non-empty string",
                "query": "must be a string, got 3",
                "np_rule_id": 'must be a UUID, such as another resource\'s id, got "the rule"',
                "created_at": "is read-only; remove it",
            },
        },
        "names misspelt": {
            "declare": {"query": None, "querry": "status:open", "rule_id": "{rule}"},
            "refuses": {
                "query": "is missing",
                "querry": 'did you mean "query"?',
                "rule_id": 'did you mean "np_rule_id"?',
            },
        },
    },
    "story": [
        {
            "edits": [(PUT, view(name="x", query="x", np_rule_id="{other_rule}"))],
            "drift": {"name", "query", "np_rule_id"},
            "declare": {"name": "Burning"},
            "sends": [PUT],
            "stores": {"name": "Burning"},
        },
        {"declare": {"np_rule_id": "x"}, "refuses": {"np_rule_id": "must be a UUID"}},
        {
            "declare": {"project_id": "{other_project}", "np_rule_id": "{rule_there}"},
            "does": "replace",
        },
        {"edits": [(f"DELETE {OWN}", None)], "does": "create"},
    ],
}


def test_life(scene: "Scene") -> None:
    scene()
