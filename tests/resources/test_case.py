from typing import TYPE_CHECKING
from unittest.mock import ANY

import pulumi_datadog_cases as cases

if TYPE_CHECKING:
    from tests.resources.conftest import Life, Requests, Scene


def case(**attributes: object) -> object:
    return {"type": "case", "attributes": attributes}


def project(key: str) -> object:
    return {"type": "project", "attributes": {"key": key, "name": f"Project {key}"}}


def definition(key: str, type_: str, *, is_multi: bool) -> object:
    attributes = {"key": key, "display_name": key, "type": type_, "is_multi": is_multi}
    return {"type": "custom_attribute", "attributes": attributes}


STANDARD = "00000000-0000-0000-0000-000000000001"
SECURITY = "00000000-0000-0000-0000-000000000003"
OWN = "/cases/{id}"
LEAST = {"project_id": "{project}", "title": "Stolen laptop"}
HOSTS = {"type": "TEXT", "value": ["laptop-7", "vpn-2"]}
SCORE = {"type": "NUMBER", "value": 7.5}
FULL = {
    **LEAST,
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
CREATE: "Requests" = [
    "POST /cases",
    frozenset({f"POST {OWN}/attributes", f"POST {OWN}/due_date"}),
    f"POST {OWN}/resolved_reason",
]
LABELS = [f"GET {OWN}", f"POST {OWN}/attributes"]
CLOSED = {"status_name", "status", "status_group", "closed_at"}
MOVE = ("PATCH /cases/{id}/relationships/project", {"type": "project", "id": "{other_project}"})

LIFE: "Life" = {
    "kind": cases.Case,
    "needs": {
        "project": ("POST /cases/projects", project("P{run}")),
        "other_project": ("POST /cases/projects", project("Q{run}")),
        "type": (
            "POST /cases/types",
            {"type": "case_type", "attributes": {"name": "Theft {run}"}},
        ),
        "hosts": (
            "POST /cases/types/{type}/custom_attributes",
            definition("hosts", "TEXT", is_multi=True),
        ),
        "score": (
            "POST /cases/types/{type}/custom_attributes",
            definition("score", "NUMBER", is_multi=False),
        ),
    },
    "full": FULL,
    "import_id": "{id}",
    "reads": [f"GET {OWN}"],
    "ends": [f"POST {OWN}/archive"],
    "remains": {"{id}": {"archived_at": ANY}},
    "vanishes": ("DELETE /cases/projects/{project}", None),
    "steps": {
        "create with everything": {
            "given": None,
            "declare": FULL,
            "does": "create",
            "sends": CREATE,
            "stores": {
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
            "shows": {
                "key": "P{run}-1",
                "public_id": ANY,
                "status": "IN_PROGRESS",
                "status_group": "SG_IN_PROGRESS",
                "created_at": ANY,
                "closed_at": None,
                "archived_at": None,
                "due_date": "2031-11-21",
                "custom_attributes": {"hosts": HOSTS, "score": SCORE},
            },
        },
        "create with the least": {
            "given": None,
            "declare": LEAST,
            "does": "create",
            "sends": ["POST /cases"],
            "stores": {"type_id": STANDARD, "priority": "NOT_DEFINED", "assignee_id": None},
            "shows": {
                "type_id": STANDARD,
                "status": "OPEN",
                "status_name": None,
                "priority": None,
                "modified_at": None,
            },
        },
        "create an archived one": {
            "given": None,
            "declare": {**LEAST, "due_date": "2031-11-21", "archived": True},
            "does": "create",
            "sends": ["POST /cases", f"POST {OWN}/due_date", f"POST {OWN}/archive"],
            "stores": {"archived_at": ANY, "due_date": "2031-11-21"},
            "shows": {"archived": True, "archived_at": ANY},
        },
        "create a closed one": {
            "given": None,
            "declare": {**LEAST, "status_name": "Closed"},
            "does": "create",
            "sends": ["POST /cases"],
            "shows": {"status": "CLOSED", "status_group": "SG_CLOSED", "closed_at": ANY},
        },
        "change title": {
            "declare": {"title": "Found laptop"},
            "sends": [f"POST {OWN}/title"],
            "stores": {"title": "Found laptop"},
        },
        "change description": {
            "declare": {"description": "It was under the seat."},
            "sends": [f"POST {OWN}/description"],
            "stores": {"description": "It was under the seat."},
        },
        "change priority": {
            "declare": {"priority": "P1"},
            "sends": [f"POST {OWN}/priority"],
            "stores": {"priority": "P1"},
        },
        "change status_name": {
            "declare": {"status_name": "Closed"},
            "sends": [f"POST {OWN}/status"],
            "stores": {"status_name": "Closed", "closed_at": ANY},
            "shows": {"status": "CLOSED", "closed_at": ANY},
        },
        "change assignee_id": {
            "declare": {"assignee_id": "{other_user}"},
            "sends": [f"POST {OWN}/assign"],
            "stores": {"assignee_id": "{other_user}"},
        },
        "change a label": {
            "declare": {"attributes": {"env": ["staging", "prod"]}},
            "sends": LABELS,
            "stores": {"attributes": {"env": ["prod", "staging"]}},
        },
        "take a label out": {
            "declare": {"attributes": {"team": None}},
            "sends": LABELS,
            "stores": {"attributes": {"team": None}},
        },
        "change a custom attribute": {
            "declare": {"custom_attributes": {"hosts": {"value": ["laptop-7"]}}},
            "sends": [f"POST {OWN}/custom_attributes/hosts"],
            "stores": {"custom_attributes": {"hosts": {"value": ["laptop-7"]}}},
        },
        "change a title and labels, of which somebody has others": {
            "edits": [
                (
                    f"POST {OWN}/attributes",
                    case(attributes={"env": ["prod"], "team": ["secops"], "x": ["1"]}),
                )
            ],
            "declare": {"title": "Other", "attributes": {"env": ["staging"]}},
            "sends": [f"POST {OWN}/title", f"POST {OWN}/attributes"],
            "stores": {
                "title": "Other",
                "attributes": {"env": ["staging"], "team": ["secops"], "x": ["1"]},
            },
        },
        "change two custom attributes": {
            "declare": {"custom_attributes": {"hosts": {"value": []}, "score": {"value": 8}}},
            "sends": [
                frozenset(
                    {
                        f"POST {OWN}/custom_attributes/hosts",
                        f"POST {OWN}/custom_attributes/score",
                    }
                )
            ],
            "stores": {"custom_attributes": {"hosts": {"value": []}, "score": {"value": 8}}},
        },
        "take a custom attribute out": {
            "declare": {"custom_attributes": {"score": None}},
            "sends": [f"DELETE {OWN}/custom_attributes/score"],
            "stores": {"custom_attributes": {"score": None}},
        },
        "say what follows anyway of a custom attribute": {
            "declare": {"custom_attributes": {"hosts": {"is_multi": True}}},
            "sends": [f"POST {OWN}/custom_attributes/hosts"],
        },
        "change due_date": {
            "declare": {"due_date": "2031-12-24"},
            "sends": [f"POST {OWN}/due_date"],
            "stores": {"due_date": "2031-12-24"},
        },
        "change security_resolved_reason": {
            "declare": {"security_resolved_reason": "FALSE_POSITIVE"},
            "sends": [f"POST {OWN}/resolved_reason"],
            "stores": {"security_resolved_reason": "FALSE_POSITIVE"},
        },
        "resolve for a reason": {
            "declare": {"status_name": "Closed", "security_resolved_reason": "FALSE_POSITIVE"},
            "sends": [f"POST {OWN}/status", f"POST {OWN}/resolved_reason"],
            "stores": {
                "status_name": "Closed",
                "closed_at": ANY,
                "security_resolved_reason": "FALSE_POSITIVE",
            },
        },
        "put away, last": {
            "declare": {"archived": True, "priority": "P5"},
            "sends": [f"POST {OWN}/priority", f"POST {OWN}/archive"],
            "stores": {"archived_at": ANY, "priority": "P5"},
            "shows": {"archived_at": ANY},
        },
        "take out of the archive, first": {
            "given": {**LEAST, "archived": True},
            "declare": {"archived": False, "priority": "P5"},
            "sends": [f"POST {OWN}/unarchive", f"POST {OWN}/priority"],
            "stores": {"archived_at": None, "priority": "P5"},
        },
        "move": {
            "declare": {"project_id": "{other_project}"},
            "sends": ["PATCH /cases/{id}/relationships/project"],
            "stores": {"project_id": "{other_project}", "key": "Q{run}-1"},
            "shows": {"key": "Q{run}-1"},
        },
        "change many at once, side by side": {
            "declare": {
                "title": "Found laptop",
                "description": "It was under the seat.",
                "priority": "P5",
                "due_date": None,
            },
            "sends": [
                frozenset(
                    {
                        f"POST {OWN}/title",
                        f"POST {OWN}/description",
                        f"POST {OWN}/priority",
                        f"POST {OWN}/due_date",
                    }
                )
            ],
            "stores": {
                "title": "Found laptop",
                "description": "It was under the seat.",
                "priority": "P5",
                "due_date": None,
            },
        },
        "replace for type_id": {
            "given": LEAST,
            "declare": {"type_id": "{type}"},
            "does": "replace",
            "sends": ["POST /cases", "POST /cases/{old}/archive"],
            "stores": {"type_id": "{type}", "title": "Stolen laptop"},
        },
        "take description out": {
            "declare": {"description": None},
            "sends": [f"POST {OWN}/description"],
            "stores": {"description": ""},
        },
        "take priority out": {
            "declare": {"priority": None},
            "sends": [f"POST {OWN}/priority"],
            "stores": {"priority": "NOT_DEFINED"},
        },
        "take status_name out, which cannot be cleared": {
            "declare": {"status_name": None},
            "sends": [],
        },
        "take assignee_id out": {
            "declare": {"assignee_id": None},
            "sends": [f"POST {OWN}/unassign"],
            "stores": {"assignee_id": None},
        },
        "take attributes out": {
            "declare": {"attributes": None},
            "sends": LABELS,
            "stores": {"attributes": {"env": None, "team": None}},
        },
        "take custom_attributes out": {
            "declare": {"custom_attributes": None},
            "sends": [
                frozenset(
                    {
                        f"DELETE {OWN}/custom_attributes/hosts",
                        f"DELETE {OWN}/custom_attributes/score",
                    }
                )
            ],
            "stores": {"custom_attributes": {"hosts": None, "score": None}},
        },
        "take due_date out": {
            "declare": {"due_date": None},
            "sends": [f"POST {OWN}/due_date"],
            "stores": {"due_date": None},
        },
        "take security_resolved_reason out, which cannot be cleared": {
            "declare": {"security_resolved_reason": None},
            "sends": [],
        },
        "take archived out: it stays archived": {
            "given": {**LEAST, "archived": True},
            "declare": {"archived": None},
            "sends": [],
        },
        "somebody moves it": {
            "edits": [MOVE],
            "drift": {"project_id", "key"},
            "sends": ["PATCH /cases/{id}/relationships/project"],
            "stores": {"key": "P{run}-2"},
        },
        "somebody changes title": {
            "edits": [(f"POST {OWN}/title", case(title="Theirs"))],
            "drift": {"title"},
            "sends": [f"POST {OWN}/title"],
        },
        "somebody changes description": {
            "edits": [(f"POST {OWN}/description", case(description="Theirs"))],
            "drift": {"description"},
            "sends": [f"POST {OWN}/description"],
        },
        "somebody changes priority": {
            "edits": [(f"POST {OWN}/priority", case(priority="P1"))],
            "drift": {"priority"},
            "sends": [f"POST {OWN}/priority"],
        },
        "somebody takes priority away": {
            "edits": [(f"POST {OWN}/priority", case(priority="NOT_DEFINED"))],
            "drift": {"priority"},
            "sends": [f"POST {OWN}/priority"],
        },
        "somebody closes it": {
            "edits": [(f"POST {OWN}/status", case(status_name="Closed"))],
            "drift": CLOSED,
            "sends": [f"POST {OWN}/status"],
        },
        "somebody assigns it": {
            "edits": [(f"POST {OWN}/assign", case(assignee_id="{other_user}"))],
            "drift": {"assignee_id"},
            "sends": [f"POST {OWN}/assign"],
        },
        "somebody unassigns it": {
            "edits": [(f"POST {OWN}/unassign", {"type": "case"})],
            "drift": {"assignee_id"},
            "sends": [f"POST {OWN}/assign"],
        },
        "somebody changes a label, and adds one": {
            "edits": [
                (
                    f"POST {OWN}/attributes",
                    case(attributes={"env": ["theirs"], "team": ["secops"], "theirs": ["x"]}),
                )
            ],
            "drift": {"attributes"},
            "sends": LABELS,
            "stores": {"attributes": {"theirs": ["x"]}},
        },
        "somebody removes a label": {
            "edits": [(f"POST {OWN}/attributes", case(attributes={"env": ["prod"]}))],
            "drift": {"attributes"},
            "sends": LABELS,
        },
        "somebody changes a custom attribute": {
            "edits": [
                (
                    f"POST {OWN}/custom_attributes/score",
                    case(type="NUMBER", is_multi=False, value=1),
                )
            ],
            "drift": {"custom_attributes"},
            "sends": [f"POST {OWN}/custom_attributes/score"],
        },
        "somebody removes a custom attribute": {
            "edits": [(f"DELETE {OWN}/custom_attributes/score", None)],
            "drift": {"custom_attributes"},
            "sends": [f"POST {OWN}/custom_attributes/score"],
        },
        "somebody archives it": {
            "edits": [(f"POST {OWN}/archive", {"type": "case"})],
            "drift": {"archived", "archived_at"},
            "sends": [f"POST {OWN}/unarchive"],
        },
        "nobody can see what somebody does to due_date and security_resolved_reason": {
            "edits": [
                (f"POST {OWN}/due_date", case(due_date="2032-02-29")),
                (f"POST {OWN}/resolved_reason", case(security_resolved_reason="BENIGN_POSITIVE")),
            ],
        },
        "somebody works on what is not declared": {
            "given": LEAST,
            "edits": [
                (f"POST {OWN}/description", case(description="Theirs")),
                (f"POST {OWN}/priority", case(priority="P1")),
                (f"POST {OWN}/assign", case(assignee_id="{user}")),
                (f"POST {OWN}/attributes", case(attributes={"theirs": ["x"]})),
                (f"POST {OWN}/due_date", case(due_date="2032-02-29")),
            ],
        },
        "what is not declared outlives a change": {
            "given": LEAST,
            "edits": [
                (f"POST {OWN}/description", case(description="Theirs")),
                (f"POST {OWN}/priority", case(priority="P1")),
                (f"POST {OWN}/assign", case(assignee_id="{user}")),
                (f"POST {OWN}/attributes", case(attributes={"theirs": ["x"]})),
                (f"POST {OWN}/due_date", case(due_date="2032-02-29")),
            ],
            "declare": {"title": "Found laptop"},
            "sends": [f"POST {OWN}/title"],
            "stores": {"title": "Found laptop"},
        },
        "a label that is not declared outlives a declared one": {
            "given": {**LEAST, "attributes": {"env": ["prod"]}},
            "edits": [(f"POST {OWN}/attributes", case(attributes={"env": ["prod"], "a": ["b"]}))],
            "declare": {"attributes": {"env": ["staging"], "team": ["secops"]}},
            "sends": LABELS,
            "stores": {"attributes": {"env": ["staging"], "team": ["secops"]}},
        },
        "a custom attribute that is not declared outlives a declared one": {
            "given": {**LEAST, "type_id": "{type}", "custom_attributes": {"hosts": HOSTS}},
            "edits": [
                (
                    f"POST {OWN}/custom_attributes/score",
                    case(type="NUMBER", is_multi=False, value=1),
                )
            ],
            "declare": {"custom_attributes": {"hosts": {"value": ["vpn-2"]}}},
            "sends": [f"POST {OWN}/custom_attributes/hosts"],
            "stores": {"custom_attributes": {"hosts": {"value": ["vpn-2"]}}},
        },
        "the order of a label's values means nothing": {
            "given": {**LEAST, "attributes": {"env": ["staging", "prod"]}},
            "edits": [(f"POST {OWN}/attributes", case(attributes={"env": ["staging", "prod"]}))],
            "declare": {"attributes": {"env": ["prod", "staging", "prod"]}},
            "does": "nothing",
        },
        "an archived one is still there": {
            "given": LEAST,
            "edits": [(f"POST {OWN}/archive", {"type": "case"})],
            "drift": {"archived_at"},
            "does": "nothing",
            "stores": {"archived_at": ANY},
        },
        "gone by hand, with its project": {
            "edits": [("DELETE /cases/projects/{project}", None)],
            "declare": {"project_id": "{other_project}"},
            "does": "create",
            "sends": CREATE,
        },
        "a due date that the API refuses": {
            "given": None,
            "declare": FULL,
            "garbles": f"POST {OWN}/due_date",
            "fails": "/due_date on .* answered 400.*the incomplete .* was removed",
        },
        "a reason that the API refuses": {
            "given": None,
            "declare": FULL,
            "garbles": f"POST {OWN}/resolved_reason",
            "fails": "/resolved_reason on .* answered 400.*the incomplete .* was removed",
        },
        "a status that the type does not have": {
            "given": None,
            "declare": {**LEAST, "status_name": "Approved"},
            "fails": "Must be one of Open, In Progress, Closed",
        },
        "a custom attribute that the type does not have": {
            "given": None,
            "declare": {**LEAST, "custom_attributes": {"hosts": HOSTS}},
            "fails": "custom attribute configuration not found.*hosts",
        },
        "all mistakes at once": {
            "declare": {
                "project_id": "secops",
                "title": "",
                "type_id": "Standard",
                "description": 3,
                "priority": "P9",
                "status_name": ["Open"],
                "assignee_id": "somebody@example.com",
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
            "refuses": {
                "project_id": "must be a UUID, such as another resource's id",
                "title": "must be a non-empty string",
                "type_id": "must be a UUID",
                "description": "must be a string, got 3",
                "priority": '"P9" is not one of NOT_DEFINED, P1, P2, P3, P4, P5',
                "status_name": "must be a string",
                "assignee_id": "must be a UUID",
                "attributes.env": "must be a list of strings",
                "attributes.team[0]": "must be a string, got 3",
                "custom_attributes.hosts.type": 'did you mean "TEXT"?',
                "custom_attributes.score.value": "must be a number",
                "custom_attributes.more.value": "must be a list if is_multi is True, and only then",
                "custom_attributes.none.type": "is missing",
                "due_date": "must be a date as YYYY-MM-DD",
                "security_resolved_reason": "must be a string, got True",
                "archived": 'must be a boolean, got "no"',
                "status": "is read-only; remove it",
            },
        },
    },
    "story": [
        {
            "edits": [
                (f"POST {OWN}/title", case(title="Theirs")),
                (f"POST {OWN}/description", case(description="Theirs")),
                (f"POST {OWN}/priority", case(priority="P1")),
                (f"POST {OWN}/unassign", {"type": "case"}),
                (f"POST {OWN}/attributes", case(attributes={"env": ["x"], "theirs": ["x"]})),
                (f"DELETE {OWN}/custom_attributes/score", None),
                (f"POST {OWN}/status", case(status_name="Closed")),
                (f"POST {OWN}/archive", {"type": "case"}),
            ],
            "drift": {
                *("title", "description", "priority", "assignee_id", "attributes", "archived"),
                *("custom_attributes", "archived_at", *CLOSED),
            },
            "declare": {"priority": "P2", "due_date": None, "attributes": {"team": None}},
            "stores": {
                "priority": "P2",
                "due_date": None,
                "attributes": {"theirs": ["x"], "team": None},
            },
        },
        {"declare": {"priority": "P9"}, "refuses": {"priority": "not one of NOT_DEFINED, P1"}},
        {
            "edits": [("DELETE /cases/projects/{project}", None)],
            "declare": {"project_id": "{other_project}"},
            "does": "create",
        },
    ],
}


def test_life(scene: "Scene") -> None:
    scene()
