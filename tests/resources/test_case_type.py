from typing import TYPE_CHECKING
from unittest.mock import ANY

import pulumi_datadog_cases as cases

if TYPE_CHECKING:
    from tests.resources.conftest import Life, Scene


def case_type(**attributes: str) -> object:
    return {"type": "case_type", "attributes": attributes}


NAME = "Intrusion {run}"
TEXT = "Somebody got in."
PUT = "PUT /cases/types/{id}"
REPLACE_WHOLE = ["GET /cases/types", PUT]

LIFE: "Life" = {
    "kind": cases.CaseType,
    "needs": {},
    "full": {"name": NAME, "description": TEXT, "emoji": "🚨"},
    "import_id": "{id}",
    "reads": ["GET /cases/types"],
    "ends": ["DELETE /cases/types/{id}"],
    "remains": {"{id}": {"deleted_at": ANY}},
    "vanishes": ("DELETE /cases/types/{id}", None),
    "steps": {
        "create with everything": {
            "given": None,
            "declare": {"name": NAME, "description": TEXT, "emoji": "🚨"},
            "does": "create",
            "sends": ["POST /cases/types"],
            "stores": {"name": NAME, "description": TEXT, "emoji": "🚨"},
            "shows": {
                "name": NAME,
                "internal": False,
                "statuses_config": {
                    "open": {"status_options": [{"name": "Open"}], "default": "Open"},
                    "in_progress": {
                        "status_options": [{"name": "In Progress"}],
                        "default": "In Progress",
                    },
                    "closed": {"status_options": [{"name": "Closed"}], "default": "Closed"},
                },
            },
        },
        "create with the least": {
            "given": None,
            "declare": {"name": NAME},
            "does": "create",
            "sends": ["POST /cases/types"],
            "shows": {"description": None, "emoji": None},
        },
        "change name": {
            "declare": {"name": "Breach {run}"},
            "sends": REPLACE_WHOLE,
            "stores": {"name": "Breach {run}"},
        },
        "change description": {
            "declare": {"description": "Somebody got out."},
            "sends": REPLACE_WHOLE,
            "stores": {"description": "Somebody got out."},
        },
        "change emoji": {
            "declare": {"emoji": "🧯"},
            "sends": REPLACE_WHOLE,
            "stores": {"emoji": "🧯"},
        },
        "take description out": {
            "declare": {"description": None},
            "sends": REPLACE_WHOLE,
            "stores": {"description": ""},
        },
        "take emoji out": {
            "declare": {"emoji": None},
            "sends": REPLACE_WHOLE,
            "stores": {"emoji": ""},
        },
        "somebody changes name": {
            "edits": [(PUT, case_type(name="Theirs", description=TEXT, emoji="🚨"))],
            "drift": {"name"},
            "sends": REPLACE_WHOLE,
        },
        "somebody changes description": {
            "edits": [(PUT, case_type(name=NAME, description="Theirs", emoji="🚨"))],
            "drift": {"description"},
            "sends": REPLACE_WHOLE,
        },
        "somebody takes emoji away": {
            "edits": [(PUT, case_type(name=NAME, description=TEXT))],
            "drift": {"emoji"},
            "sends": REPLACE_WHOLE,
        },
        "somebody changes what is not declared": {
            "given": {"name": NAME},
            "edits": [(PUT, case_type(name=NAME, description="Theirs", emoji="🎯"))],
        },
        "what is not declared outlives a change": {
            "given": {"name": NAME},
            "edits": [(PUT, case_type(name=NAME, description="Theirs", emoji="🎯"))],
            "declare": {"name": "Breach {run}"},
            "sends": REPLACE_WHOLE,
            "stores": {"name": "Breach {run}"},
        },
        "gone by hand": {
            "edits": [("DELETE /cases/types/{id}", None)],
            "does": "create",
            "sends": ["POST /cases/types"],
        },
        "all mistakes at once": {
            "declare": {"name": " ", "description": 3, "emoji": "notanemoji", "internal": True},
            "refuses": {
                "name": "must be a non-empty string",
                "description": "must be a string, got 3",
                "emoji": 'must be an emoji, such as 🚨, got "notanemoji"',
                "internal": "is read-only; remove it",
            },
        },
        "a name misspelt": {
            "declare": {"name": None, "nam": NAME},
            "refuses": {"name": "is missing", "nam": 'did you mean "name"?'},
        },
    },
    "story": [
        {
            "edits": [(PUT, case_type(name="Theirs", description="Theirs", emoji="🎯"))],
            "drift": {"name", "description", "emoji"},
            "declare": {"name": "Breach {run}", "description": None},
            "sends": REPLACE_WHOLE,
            "stores": {"name": "Breach {run}", "description": ""},
        },
        {"declare": {"emoji": "x"}, "refuses": {"emoji": "must be an emoji"}},
        {
            "edits": [("DELETE /cases/types/{id}", None)],
            "does": "create",
        },
    ],
}


def test_life(scene: "Scene") -> None:
    scene()
