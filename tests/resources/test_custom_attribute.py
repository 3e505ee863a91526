from typing import TYPE_CHECKING

import pulumi_datadog_cases as cases

if TYPE_CHECKING:
    from tests.resources.conftest import Life, Scene


def definition(**attributes: object) -> object:
    return {"type": "custom_attribute", "attributes": attributes}


def options(*values: str) -> dict[str, object]:
    return {"options": [{"value": value} for value in values]}


LIST = "/cases/types/{case_type_id}/custom_attributes"
OWN = f"{LIST}/{{id}}"
LEAST = {"case_type_id": "{type}", "key": "host", "display_name": "Host", "type": "TEXT"}
FULL = {
    "case_type_id": "{type}",
    "key": "severity",
    "display_name": "Severity",
    "type": "SELECT",
    "is_multi": True,
    "description": "How bad it is.",
    "type_data": options("low", "high"),
    "map_from": "siem_severity",
}
CHANGE = [f"GET {LIST}", f"PUT {OWN}"]
REPLACE = [
    "DELETE /cases/types/{type}/custom_attributes/{old}",
    f"POST {LIST}",
    f"PUT {OWN}",
]

LIFE: "Life" = {
    "kind": cases.CustomAttribute,
    "needs": {
        "type": (
            "POST /cases/types",
            {"type": "case_type", "attributes": {"name": "Intrusion {run}"}},
        ),
        "other_type": (
            "POST /cases/types",
            {"type": "case_type", "attributes": {"name": "Breach {run}"}},
        ),
    },
    "full": FULL,
    "import_id": "{type}/{id}",
    "reads": [f"GET {LIST}"],
    "ends": [f"DELETE {OWN}"],
    "remains": {"{id}": None},
    "vanishes": (f"DELETE {OWN}", None),
    "steps": {
        "create with everything": {
            "given": None,
            "declare": FULL,
            "does": "create",
            "sends": [f"POST {LIST}", f"PUT {OWN}"],
            "stores": FULL,
            "shows": FULL,
        },
        "create with the least": {
            "given": None,
            "declare": LEAST,
            "does": "create",
            "sends": [f"POST {LIST}"],
            "stores": {"is_multi": False, "description": None, "type_data": None},
            "shows": {"is_multi": False, "description": None},
        },
        "create a URL": {
            "given": None,
            "declare": {**LEAST, "type": "URL"},
            "does": "create",
            "stores": {"type": "URL"},
        },
        "create a number, spelt small": {
            "given": None,
            "declare": {**LEAST, "type": "number"},
            "does": "create",
            "stores": {"type": "NUMBER"},
            "shows": {"type": "NUMBER"},
        },
        "change display_name": {
            "declare": {"display_name": "Urgency"},
            "sends": CHANGE,
            "stores": {"display_name": "Urgency"},
        },
        "change type": {
            "given": LEAST,
            "declare": {"type": "URL"},
            "sends": CHANGE,
            "stores": {"type": "URL"},
        },
        "make it a selection": {
            "given": LEAST,
            "declare": {"type": "SELECT", "type_data": options("a")},
            "sends": CHANGE,
            "stores": {"type": "SELECT", "type_data": options("a")},
        },
        "change description": {
            "declare": {"description": "How much it hurts."},
            "sends": CHANGE,
            "stores": {"description": "How much it hurts."},
        },
        "change type_data": {
            "declare": {"type_data": options("low", "high", "critical")},
            "sends": CHANGE,
            "stores": {"type_data": options("low", "high", "critical")},
        },
        "change map_from": {
            "declare": {"map_from": "siem_urgency"},
            "sends": CHANGE,
            "stores": {"map_from": "siem_urgency"},
        },
        "take description out": {
            "declare": {"description": None},
            "sends": CHANGE,
            "stores": {"description": ""},
        },
        "take type_data out, which cannot be cleared": {
            "declare": {"type": "TEXT", "type_data": None},
            "sends": CHANGE,
            "stores": {"type": "TEXT"},
        },
        "take map_from out, which cannot be cleared": {
            "declare": {"map_from": None},
            "sends": [],
        },
        "replace for case_type_id": {
            "declare": {"case_type_id": "{other_type}"},
            "does": "replace",
            "sends": REPLACE,
        },
        "replace for key": {
            "declare": {"key": "urgency"},
            "does": "replace",
            "sends": REPLACE,
            "stores": {**FULL, "key": "urgency"},
        },
        "replace for is_multi, under the same key": {
            "declare": {"is_multi": False},
            "does": "replace",
            "sends": REPLACE,
            "stores": {**FULL, "is_multi": False},
        },
        "somebody changes display_name": {
            "edits": [(f"PUT {OWN}", definition(display_name="Theirs"))],
            "drift": {"display_name"},
            "sends": CHANGE,
        },
        "somebody changes type": {
            "edits": [(f"PUT {OWN}", definition(type="TEXT"))],
            "drift": {"type"},
            "sends": CHANGE,
        },
        "somebody changes description": {
            "edits": [(f"PUT {OWN}", definition(description="Theirs"))],
            "drift": {"description"},
            "sends": CHANGE,
        },
        "somebody empties description": {
            "edits": [(f"PUT {OWN}", definition(description=""))],
            "drift": {"description"},
            "sends": CHANGE,
        },
        "nobody can see what somebody does to type_data and map_from": {
            "edits": [
                (f"PUT {OWN}", definition(type_data=options("theirs"), map_from="theirs")),
            ],
        },
        "somebody changes what is not declared": {
            "given": LEAST,
            "edits": [(f"PUT {OWN}", definition(description="Theirs", map_from="theirs"))],
        },
        "what is not declared outlives a change": {
            "given": LEAST,
            "edits": [(f"PUT {OWN}", definition(description="Theirs", map_from="theirs"))],
            "declare": {"display_name": "Machine"},
            "sends": CHANGE,
            "stores": {"display_name": "Machine"},
        },
        "gone by hand": {
            "edits": [(f"DELETE {OWN}", None)],
            "does": "create",
            "sends": [f"POST {LIST}", f"PUT {OWN}"],
            "stores": FULL,
        },
        "gone with all that had been taken for granted": {
            "given": LEAST,
            "edits": [(f"DELETE {OWN}", None)],
            "does": "create",
            "sends": [f"POST {LIST}"],
        },
        "options that the API refuses": {
            "given": None,
            "declare": FULL,
            "garbles": f"PUT {OWN}",
            "fails": "the incomplete .* was removed",
        },
        "a key that is taken": {
            "given": None,
            "edits": [
                (
                    "POST /cases/types/{type}/custom_attributes",
                    definition(key="host", display_name="Theirs", type="TEXT", is_multi=False),
                )
            ],
            "declare": LEAST,
            "fails": "already configured",
        },
        "all mistakes at once": {
            "declare": {
                "adopt": 1,
                "case_type_id": "intrusion",
                "key": "",
                "display_name": None,
                "type": "SELCT",
                "is_multi": "yes",
                "description": ["x"],
                "type_data": {"option": [], "options": [{"name": "a"}, {"value": 3}]},
                "map_from": 3,
            },
            "refuses": {
                "adopt": "must be",
                "case_type_id": "must be a UUID, such as another resource's id",
                "key": "must be a non-empty string",
                "display_name": "is missing",
                "type": '"SELCT" is not one of URL, TEXT, NUMBER, SELECT; did you mean "SELECT"?',
                "is_multi": 'must be a boolean, got "yes"',
                "description": "must be a string",
                "type_data.option": 'did you mean "options"?',
                "type_data.options[0].value": "is missing",
                "type_data.options[0].name": "known keys: value",
                "type_data.options[1].value": "must be a string, got 3",
                "map_from": "must be a string, got 3",
            },
        },
        "a selection of nothing": {
            "declare": {"type_data": None},
            "refuses": {"type_data.options": "a SELECT attribute requires at least one option"},
        },
        "options without a selection": {
            "given": LEAST,
            "declare": {"type_data": options("low")},
            "refuses": {"type_data.options": "is for type SELECT, not TEXT"},
        },
    },
    "story": [
        {
            "edits": [
                (
                    f"PUT {OWN}",
                    definition(display_name="Theirs", description="Theirs", type="TEXT"),
                )
            ],
            "drift": {"display_name", "description", "type"},
            "declare": {
                "display_name": "Urgency",
                "description": None,
                "type_data": options("low", "high", "critical"),
            },
            "sends": CHANGE,
            "stores": {
                "display_name": "Urgency",
                "description": "",
                "type_data": options("low", "high", "critical"),
            },
        },
        {
            "declare": {"type": "TXT"},
            "refuses": {"type": 'did you mean "TEXT"?'},
        },
        {
            "edits": [(f"DELETE {OWN}", None)],
            "does": "create",
        },
    ],
}


def test_life(scene: "Scene") -> None:
    scene()
