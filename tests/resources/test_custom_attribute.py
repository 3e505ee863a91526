from unittest.mock import Mock

from tests.resources.harness.prerequisites import all_cases_request, case_type
from tests.resources.harness.scenarios import Scenario
from tests.resources.harness.spec import ResourceSpec

import pulumi_datadog_cases as cases
from pulumi_datadog_cases.api import Item
from pulumi_datadog_cases.engine import Change, LiveObject, Value


def definition(**attributes: object) -> object:
    return {"type": "custom_attribute", "attributes": attributes}


def options(*values: str) -> dict[str, Value]:
    return {"options": [{"value": value} for value in values]}


LIST = "/cases/types/{case_type_id}/custom_attributes"
PATH = f"{LIST}/{{id}}"
REQUIRED = {"case_type_id": "{type}", "key": "host", "display_name": "Host", "type": "TEXT"}
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
CHANGE = [f"PUT {PATH}"]
#: The requests of an update of the options. The GET reads the undeclared parts of `type_data`, and
#: the PUT sends them back unchanged.
CHANGE_OPTIONS = [f"GET {LIST}", f"PUT {PATH}"]
OPTIONS_WARNING = "replaces all options"
CREATE = [f"POST {LIST}", f"PUT {PATH}"]
#: The requests before a definition is deleted. They find cases with a value of this attribute.
CHECK = [all_cases_request(), all_cases_request("archived%3Atrue")]
DELETE_OLD = "DELETE /cases/types/{type}/custom_attributes/{old}"
#: The requests of a replacement. The new definition is created before the old one is deleted. (If
#: both have the same key on the same type, the order is reversed.)
REPLACE = [*CHECK, *CREATE, *CHECK, DELETE_OLD]

SPEC: ResourceSpec = {
    "resource_class": cases.CustomAttribute,
    "prerequisites": {
        "type": case_type("Intrusion {run}"),
        "other_type": case_type("Breach {run}"),
    },
    "full_inputs": FULL,
    "import_id": "{type}/{id}",
    "read_requests": [f"GET {LIST}"],
    "delete_requests": [*CHECK, f"DELETE {PATH}"],
    "api_state_after_delete": {"{id}": None},
    "deleted_out_of_band": (f"DELETE {PATH}", None),
    "steps": {
        "create with all inputs": {
            "given": None,
            "declare": FULL,
            "operation": "create",
            "requests": [f"POST {LIST}", f"PUT {PATH}"],
            "api_state": FULL,
            "outputs": FULL,
        },
        "create with required inputs": {
            "given": None,
            "declare": REQUIRED,
            "operation": "create",
            "requests": [f"POST {LIST}"],
            "api_state": {"is_multi": False, "description": None, "type_data": None},
            "outputs": {"is_multi": False, "description": None},
        },
        "create a URL": {
            "given": None,
            "declare": {**REQUIRED, "type": "URL"},
            "operation": "create",
            "api_state": {"type": "URL"},
        },
        "create a number with lower-case type": {
            "given": None,
            "declare": {**REQUIRED, "type": "number"},
            "operation": "create",
            "api_state": {"type": "NUMBER"},
            "outputs": {"type": "NUMBER"},
        },
        "change display_name": {
            "declare": {"display_name": "Urgency"},
            "requests": CHANGE,
            "api_state": {"display_name": "Urgency"},
        },
        "change type": {
            "given": REQUIRED,
            "declare": {"type": "URL"},
            "requests": CHANGE,
            "api_state": {"type": "URL"},
        },
        "change type to SELECT": {
            "given": REQUIRED,
            "declare": {"type": "SELECT", "type_data": options("a")},
            "requests": CHANGE_OPTIONS,
            "warning": OPTIONS_WARNING,
            "api_state": {"type": "SELECT", "type_data": options("a")},
        },
        "change description": {
            "declare": {"description": "How much it hurts."},
            "requests": CHANGE,
            "api_state": {"description": "How much it hurts."},
        },
        "change type_data": {
            "declare": {"type_data": options("low", "high", "critical")},
            "requests": CHANGE_OPTIONS,
            "warning": OPTIONS_WARNING,
            "api_state": {"type_data": options("low", "high", "critical")},
        },
        "change display_name, and keep what people changed": {
            "out_of_band": [
                (f"PUT {PATH}", definition(type_data=options("low", "high", "mine"))),
                (f"PUT {PATH}", definition(map_from="other")),
            ],
            "declare": {"display_name": "Urgency"},
            "requests": CHANGE,
            "request_attributes": {"display_name": "Urgency"},
            "api_state": {"display_name": "Urgency"},
        },
        "change map_from": {
            "declare": {"map_from": "siem_urgency"},
            "requests": CHANGE,
            "api_state": {"map_from": "siem_urgency"},
        },
        "remove description": {
            "declare": {"description": None},
            "requests": CHANGE,
            "api_state": {"description": ""},
        },
        "remove type_data, which the API cannot clear": {
            "warning": "no longer managed, and not changed: type_data",
            "declare": {"type": "TEXT", "type_data": None},
            "requests": CHANGE,
            "api_state": {"type": "TEXT"},
        },
        "remove map_from, which the API cannot clear": {
            "warning": "no longer managed, and not changed: map_from",
            "declare": {"map_from": None},
            "requests": [],
        },
        "change force_destroy": {
            "declare": {"force_destroy": True},
            "requests": [],
            "outputs": {"force_destroy": True},
        },
        "remove force_destroy": {
            "given": {**REQUIRED, "force_destroy": True},
            "declare": {"force_destroy": None},
            "requests": [],
            "outputs": {"force_destroy": None},
        },
        "replace if case_type_id changes": {
            "declare": {"case_type_id": "{other_type}"},
            "operation": "replace",
            "requests": REPLACE,
        },
        "replace if key changes": {
            "declare": {"key": "urgency"},
            "operation": "replace",
            "requests": REPLACE,
            "api_state": {**FULL, "key": "urgency"},
        },
        "replace if is_multi changes, with the same key": {
            "declare": {"is_multi": False},
            "operation": "replace",
            "requests": [*CHECK, *CHECK, DELETE_OLD, *CREATE],
            "api_state": {**FULL, "is_multi": False},
        },
        "display_name changed outside Pulumi": {
            "out_of_band": [(f"PUT {PATH}", definition(display_name="Theirs"))],
            "drift": {"display_name"},
            "requests": CHANGE,
        },
        "type changed outside Pulumi": {
            "out_of_band": [(f"PUT {PATH}", definition(type="TEXT"))],
            "drift": {"type"},
            "requests": CHANGE,
        },
        "description changed outside Pulumi": {
            "out_of_band": [(f"PUT {PATH}", definition(description="Theirs"))],
            "drift": {"description"},
            "requests": CHANGE,
        },
        "description cleared outside Pulumi": {
            "out_of_band": [(f"PUT {PATH}", definition(description=""))],
            "drift": {"description"},
            "requests": CHANGE,
        },
        "change of attributes that reads do not return": {
            "out_of_band": [
                (f"PUT {PATH}", definition(type_data=options("theirs"), map_from="theirs")),
            ],
        },
        "undeclared attributes changed outside Pulumi": {
            "given": REQUIRED,
            "out_of_band": [(f"PUT {PATH}", definition(description="Theirs", map_from="theirs"))],
        },
        "update keeps undeclared attributes": {
            "given": REQUIRED,
            "out_of_band": [(f"PUT {PATH}", definition(description="Theirs", map_from="theirs"))],
            "declare": {"display_name": "Machine"},
            "requests": CHANGE,
            "api_state": {"display_name": "Machine"},
        },
        "deleted outside Pulumi": {
            "out_of_band": [(f"DELETE {PATH}", None)],
            "operation": "create",
            "requests": [f"POST {LIST}", f"PUT {PATH}"],
            "api_state": FULL,
        },
        "deleted outside Pulumi, without optional inputs": {
            "given": REQUIRED,
            "out_of_band": [(f"DELETE {PATH}", None)],
            "operation": "create",
            "requests": [f"POST {LIST}"],
        },
        "options rejected by the API": {
            "given": None,
            "declare": FULL,
            "corrupt_request": f"PUT {PATH}",
            "error": "the incomplete .* was removed",
        },
        "key in use": {
            "given": None,
            "out_of_band": [
                (
                    "POST /cases/types/{type}/custom_attributes",
                    definition(key="host", display_name="Theirs", type="TEXT", is_multi=False),
                )
            ],
            "declare": REQUIRED,
            "error": "already configured",
        },
        "invalid inputs": {
            "declare": {
                "adopt": 1,
                "force_destroy": "yes",
                "case_type_id": "intrusion",
                "key": "",
                "display_name": None,
                "type": "SELCT",
                "is_multi": "yes",
                "description": ["x"],
                "type_data": {"options": [{"valeu": "a"}, {"value": 3}]},
                "map_from": 3,
            },
            "violations": {
                "adopt": "must be",
                "force_destroy": "must be a boolean",
                "case_type_id": "must be a UUID, such as another resource's id",
                "key": "must be a non-empty string",
                "display_name": "is missing",
                "type": '"SELCT" is not one of URL, TEXT, NUMBER, SELECT; did you mean "SELECT"?',
                "is_multi": 'must be a boolean, got "yes"',
                "description": "must be a string",
                "type_data.options[0].value": "is missing",
                "type_data.options[0].valeu": 'did you mean "value"?',
                "type_data.options[1].value": "must be a string, got 3",
                "map_from": "must be a string, got 3",
            },
        },
        "SELECT without options": {
            "declare": {"type_data": None},
            "violations": {"type_data.options": "a SELECT attribute requires at least one option"},
        },
        "options of a type without options": {
            "given": REQUIRED,
            "declare": {"type_data": options("low")},
            "violations": {"type_data.options": "is for type SELECT, not TEXT"},
        },
    },
    "sequence": [
        {
            "out_of_band": [
                (
                    f"PUT {PATH}",
                    definition(display_name="Theirs", description="Theirs", type="TEXT"),
                )
            ],
            "drift": {"display_name", "description", "type"},
            "declare": {
                "display_name": "Urgency",
                "description": None,
                "type_data": options("low", "high", "critical"),
            },
            "requests": CHANGE_OPTIONS,
            "warning": OPTIONS_WARNING,
            "api_state": {
                "display_name": "Urgency",
                "description": "",
                "type_data": options("low", "high", "critical"),
            },
        },
        {
            "declare": {"type": "TXT"},
            "violations": {"type": 'did you mean "TEXT"?'},
        },
        {
            "out_of_band": [(f"DELETE {PATH}", None)],
            "operation": "create",
        },
    ],
}


def test_lifecycle(scenario: Scenario) -> None:
    scenario()


def test_update_keeps_options_that_people_added() -> None:
    """The documented responses contain no options, and so the sandbox returns none.

    This test imitates an API that returns the options.
    """
    client = Mock()
    client.custom_attributes.update.return_value = Item("id", "custom_attribute", {}, {})
    old, new = options("low", "high"), options("low", "high", "critical")
    change = Change(
        "id",
        {"case_type_id": "type", "type_data": old},
        {"case_type_id": "type", "type_data": new},
        {"type_data": new},
        frozenset({"type_data"}),
        LiveObject("id", {"type_data": {**options("low", "theirs"), "sorted": True}}),
    )
    cases.CustomAttribute.Lifecycle(client).update(change)
    sent = {**options("low", "high", "critical", "theirs"), "sorted": True}
    client.custom_attributes.update.assert_called_once_with("type", "id", {"type_data": sent})
