from unittest.mock import ANY

from tests.resources.harness.prerequisites import all_cases_request, body
from tests.resources.harness.scenarios import Scenario
from tests.resources.harness.spec import ResourceSpec

import pulumi_datadog_cases as cases

NAME = "Intrusion {run}"
TEXT = "Somebody got in."
PUT = "PUT /cases/types/{id}"
REPLACE_WHOLE = ["GET /cases/types", PUT]

SPEC: ResourceSpec = {
    "resource_class": cases.CaseType,
    "prerequisites": {},
    "full_inputs": {"name": NAME, "description": TEXT, "emoji": "🚨"},
    "import_id": "{id}",
    "read_requests": ["GET /cases/types"],
    "delete_requests": [all_cases_request("type%3A{id}"), "DELETE /cases/types/{id}"],
    "api_state_after_delete": {"{id}": {"deleted_at": ANY}},
    "deleted_out_of_band": ("DELETE /cases/types/{id}", None),
    "steps": {
        "create with all inputs": {
            "given": None,
            "declare": {"name": NAME, "description": TEXT, "emoji": "🚨"},
            "operation": "create",
            "requests": ["POST /cases/types"],
            "api_state": {"name": NAME, "description": TEXT, "emoji": "🚨"},
            "outputs": {
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
        "create with required inputs": {
            "given": None,
            "declare": {"name": NAME},
            "operation": "create",
            "requests": ["POST /cases/types"],
            "outputs": {"description": None, "emoji": None},
        },
        "change name": {
            "declare": {"name": "Breach {run}"},
            "requests": REPLACE_WHOLE,
            "api_state": {"name": "Breach {run}"},
        },
        "change description": {
            "declare": {"description": "Somebody got out."},
            "requests": REPLACE_WHOLE,
            "api_state": {"description": "Somebody got out."},
        },
        "change emoji": {
            "declare": {"emoji": "🧯"},
            "requests": REPLACE_WHOLE,
            "api_state": {"emoji": "🧯"},
        },
        "remove description": {
            "declare": {"description": None},
            "requests": REPLACE_WHOLE,
            "api_state": {"description": ""},
        },
        "remove emoji": {
            "declare": {"emoji": None},
            "requests": REPLACE_WHOLE,
            "api_state": {"emoji": ""},
        },
        "name changed outside Pulumi": {
            "out_of_band": [(PUT, body("case_type", name="Theirs", description=TEXT, emoji="🚨"))],
            "drift": {"name"},
            "requests": REPLACE_WHOLE,
        },
        "description changed outside Pulumi": {
            "out_of_band": [(PUT, body("case_type", name=NAME, description="Theirs", emoji="🚨"))],
            "drift": {"description"},
            "requests": REPLACE_WHOLE,
        },
        "emoji cleared outside Pulumi": {
            "out_of_band": [(PUT, body("case_type", name=NAME, description=TEXT))],
            "drift": {"emoji"},
            "requests": REPLACE_WHOLE,
        },
        "undeclared attributes changed outside Pulumi": {
            "given": {"name": NAME},
            "out_of_band": [(PUT, body("case_type", name=NAME, description="Theirs", emoji="🎯"))],
        },
        "update keeps undeclared attributes": {
            "given": {"name": NAME},
            "out_of_band": [(PUT, body("case_type", name=NAME, description="Theirs", emoji="🎯"))],
            "declare": {"name": "Breach {run}"},
            "requests": REPLACE_WHOLE,
            "api_state": {"name": "Breach {run}"},
        },
        "deleted outside Pulumi": {
            "out_of_band": [("DELETE /cases/types/{id}", None)],
            "operation": "create",
            "requests": ["POST /cases/types"],
        },
        "invalid inputs": {
            "declare": {"name": " ", "description": 3, "emoji": "notanemoji", "internal": True},
            "violations": {
                "name": "must be a non-empty string",
                "description": "must be a string, got 3",
                "emoji": 'must be an emoji, such as 🚨, got "notanemoji"',
                "internal": "is read-only; remove it",
            },
        },
        "misspelled name": {
            "declare": {"name": None, "nam": NAME},
            "violations": {"name": "is missing", "nam": 'did you mean "name"?'},
        },
    },
    "sequence": [
        {
            "out_of_band": [
                (PUT, body("case_type", name="Theirs", description="Theirs", emoji="🎯"))
            ],
            "drift": {"name", "description", "emoji"},
            "declare": {"name": "Breach {run}", "description": None},
            "requests": REPLACE_WHOLE,
            "api_state": {"name": "Breach {run}", "description": ""},
        },
        {"declare": {"emoji": "x"}, "violations": {"emoji": "must be an emoji"}},
        {
            "out_of_band": [("DELETE /cases/types/{id}", None)],
            "operation": "create",
        },
    ],
}


def test_lifecycle(scenario: Scenario) -> None:
    scenario()
