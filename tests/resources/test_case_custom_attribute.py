from tests.resources.harness.prerequisites import PROJECTS, case, case_type, custom_attribute
from tests.resources.harness.scenarios import Scenario
from tests.resources.harness.spec import ResourceSpec

import pulumi_datadog_cases as cases


def value(type_: str, value: object) -> object:
    attributes = {"type": type_, "value": value, "is_multi": isinstance(value, list)}
    return {"type": "case", "attributes": attributes}


VALUES = "/cases/{case_id}/custom_attributes"
PATH = f"{VALUES}/{{key}}"
DEFINITIONS = "/cases/types/{type}/custom_attributes"
HOSTS = {"type": "TEXT", "is_multi": True, "value": ["laptop-7", "vpn-2"]}
THEIRS = {**HOSTS, "value": ["theirs"]}
SCORE = {"type": "NUMBER", "value": 7.5}
URLS = {"type": "URL", "value": ["https://example.com/7"]}
REQUIRED = {"case_id": "{case}", "key": "score", **SCORE}
FULL = {**REQUIRED, "is_multi": False}
SET = [f"POST {PATH}"]
AS_TEXT = {"type": "custom_attribute", "attributes": {"type": "TEXT"}}

SPEC: ResourceSpec = {
    "resource_class": cases.CaseCustomAttribute,
    "prerequisites": {
        "type": case_type("Theft {run}"),
        "hosts": custom_attribute("{type}", "hosts", "TEXT", is_multi=True),
        "score": custom_attribute("{type}", "score", "NUMBER", is_multi=False),
        "urls": custom_attribute("{type}", "urls", "URL", is_multi=True),
        **PROJECTS,
        "case": case("{project}", "{type}", custom_attributes={"hosts": HOSTS}),
        "other_case": case("{other_project}", "{type}", custom_attributes={"hosts": HOSTS}),
    },
    "full_inputs": FULL,
    "import_id": "{case}/score",
    "api_state_id": "{case_id}",
    "read_requests": ["GET /cases/{case_id}"],
    "delete_requests": [f"DELETE {PATH}"],
    "api_state_after_delete": {"{case_id}": {"custom_attributes": {"{key}": None, "hosts": HOSTS}}},
    "deleted_out_of_band": (f"DELETE {PATH}", None),
    "steps": {
        "create with all inputs": {
            "given": None,
            "declare": FULL,
            "operation": "create",
            "requests": SET,
            "api_state": {"custom_attributes": {"score": {**SCORE, "is_multi": False}}},
            "outputs": FULL,
        },
        "create with required inputs": {
            "given": None,
            "declare": REQUIRED,
            "operation": "create",
            "requests": SET,
            "api_state": {
                "custom_attributes": {"score": {**SCORE, "is_multi": False}, "hosts": HOSTS}
            },
            "outputs": {"is_multi": None},
        },
        "create a list without is_multi": {
            "given": None,
            "declare": {**REQUIRED, "key": "urls", **URLS},
            "operation": "create",
            "requests": SET,
            "api_state": {"custom_attributes": {"urls": {**URLS, "is_multi": True}}},
        },
        "create with lower-case values": {
            "given": None,
            "declare": {**REQUIRED, "type": "number"},
            "operation": "create",
            "requests": SET,
            "outputs": {"type": "NUMBER"},
        },
        "create replaces an existing value": {
            "given": None,
            "out_of_band": [("POST /cases/{case}/custom_attributes/score", value("NUMBER", 1))],
            "declare": REQUIRED,
            "operation": "create",
            "requests": SET,
            "api_state": {"custom_attributes": {"score": {"value": 7.5}}},
        },
        "change value": {
            "declare": {"value": 8},
            "requests": SET,
            "api_state": {"custom_attributes": {"score": {"value": 8}}},
        },
        "change type after the definition has changed": {
            "out_of_band": [(f"PUT {DEFINITIONS}/{{score}}", AS_TEXT)],
            "declare": {"type": "TEXT", "value": "high"},
            "requests": SET,
            "api_state": {"custom_attributes": {"score": {"type": "TEXT", "value": "high"}}},
        },
        "declare current is_multi": {
            "given": REQUIRED,
            "declare": {"is_multi": False},
            "requests": SET,
        },
        "remove is_multi": {
            "warning": "no longer managed, and not changed: is_multi",
            "declare": {"is_multi": None},
            "requests": [],
        },
        "replace if case_id changes": {
            "declare": {"case_id": "{other_case}"},
            "operation": "replace",
            "requests": ["DELETE /cases/{case}/custom_attributes/score", *SET],
            "api_state": {"custom_attributes": {"score": {"value": 7.5}, "hosts": HOSTS}},
        },
        "replace if key changes": {
            "declare": {"key": "urls", **URLS, "is_multi": True},
            "operation": "replace",
            "requests": [f"DELETE {VALUES}/score", *SET],
            "api_state": {
                "custom_attributes": {
                    "score": None,
                    "urls": {**URLS, "is_multi": True},
                    "hosts": HOSTS,
                }
            },
        },
        "value changed outside Pulumi": {
            "out_of_band": [(f"POST {PATH}", value("NUMBER", 1))],
            "drift": {"value"},
            "requests": SET,
        },
        "definition replaced outside Pulumi": {
            "out_of_band": [
                (f"DELETE {DEFINITIONS}/{{score}}", None),
                custom_attribute("{type}", "score", "TEXT", is_multi=True),
                (f"POST {PATH}", value("TEXT", ["high"])),
            ],
            "drift": {"type", "value", "is_multi"},
            "declare": {"type": "TEXT", "value": ["low", "high"], "is_multi": True},
            "requests": SET,
            "api_state": {
                "custom_attributes": {
                    "score": {"type": "TEXT", "value": ["low", "high"], "is_multi": True}
                }
            },
        },
        "update keeps values of other custom attributes": {
            "out_of_band": [(f"POST {VALUES}/hosts", value("TEXT", ["theirs"]))],
            "declare": {"value": 8},
            "requests": SET,
            "api_state": {"custom_attributes": {"score": {"value": 8}}},
            "spec_overrides": {
                "api_state_after_delete": {
                    "{case_id}": {"custom_attributes": {"{key}": None, "hosts": THEIRS}}
                }
            },
        },
        "deleted outside Pulumi": {
            "out_of_band": [(f"DELETE {PATH}", None)],
            "operation": "create",
            "requests": SET,
            "api_state": {"custom_attributes": {"score": {"value": 7.5}, "hosts": HOSTS}},
        },
        "deleted with its case": {
            "out_of_band": [("DELETE /cases/projects/{project}", None)],
            "declare": {"case_id": "{other_case}"},
            "operation": "create",
            "requests": SET,
        },
        "unknown case": {
            "given": None,
            "declare": {**FULL, "case_id": "P{run}-404"},
            "error": "answered 404: .*case not found",
        },
        "key unknown to the case type": {
            "given": None,
            "declare": {**FULL, "key": "scor"},
            "error": "answered 404: .*custom attribute configuration not found.*scor",
        },
        "type other than the definition's": {
            "given": None,
            "declare": {**FULL, "type": "TEXT", "value": "high"},
            "error": "answered 400: .*is of type NUMBER, not TEXT",
        },
        "invalid inputs": {
            "declare": {
                "case_id": "",
                "key": " ",
                "type": "NUMBR",
                "value": {"a": "b"},
                "is_multi": "no",
                "values": [],
            },
            "violations": {
                "case_id": "must be a non-empty string",
                "key": "must be a non-empty string",
                "type": 'did you mean "NUMBER"?',
                "value": "must be a string or a number or a list of strings or numbers",
                "is_multi": 'must be a boolean, got "no"',
                "values": 'did you mean "value"?',
            },
        },
        "value of another type": {
            "declare": {"type": "URL"},
            "violations": {"value": "must be a string or a list of strings: type is URL"},
        },
        "is_multi without a list": {
            "declare": {"is_multi": True},
            "violations": {"value": "must be a list, because is_multi is True"},
        },
        "list with is_multi False": {
            "declare": {"value": [1], "is_multi": False},
            "violations": {"value": "must not be a list, because is_multi is False"},
        },
        "missing inputs": {
            "declare": dict.fromkeys(FULL),
            "violations": dict.fromkeys(REQUIRED, "is missing"),
        },
    },
    "sequence": [
        {
            "out_of_band": [
                (f"POST {PATH}", value("NUMBER", 1)),
            ],
            "drift": {"value"},
            "declare": {"value": 8, "is_multi": None},
            "warning": "no longer managed, and not changed: is_multi",
            "requests": SET,
            "api_state": {"custom_attributes": {"score": {"value": 8}}},
        },
        {"declare": {"value": "8"}, "violations": {"value": "must be a number"}},
        {"out_of_band": [(f"DELETE {PATH}", None)], "operation": "create", "requests": SET},
    ],
}


def test_lifecycle(scenario: Scenario) -> None:
    scenario()
