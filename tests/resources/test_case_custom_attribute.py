from typing import TYPE_CHECKING

import pulumi_datadog_cases as cases

if TYPE_CHECKING:
    from tests.resources.conftest import Life, Scene


def project(key: str) -> object:
    return {"type": "project", "attributes": {"key": key, "name": f"Project {key}"}}


def definition(key: str, type_: str, *, is_multi: bool) -> object:
    attributes = {"key": key, "display_name": key, "type": type_, "is_multi": is_multi}
    return {"type": "custom_attribute", "attributes": attributes}


def case(project_id: str) -> object:
    return {
        "type": "case",
        "attributes": {
            "title": "Stolen laptop",
            "type_id": "{type}",
            "custom_attributes": {"hosts": HOSTS},
        },
        "relationships": {"project": {"data": {"type": "project", "id": project_id}}},
    }


def value(type_: str, value: object) -> object:
    attributes = {"type": type_, "value": value, "is_multi": isinstance(value, list)}
    return {"type": "case", "attributes": attributes}


VALUES = "/cases/{case_id}/custom_attributes"
OWN = f"{VALUES}/{{key}}"
DEFINITIONS = "/cases/types/{type}/custom_attributes"
HOSTS = {"type": "TEXT", "is_multi": True, "value": ["laptop-7", "vpn-2"]}
THEIRS = {**HOSTS, "value": ["theirs"]}
SCORE = {"type": "NUMBER", "value": 7.5}
URLS = {"type": "URL", "value": ["https://example.com/7"]}
LEAST = {"case_id": "{case}", "key": "score", **SCORE}
FULL = {**LEAST, "is_multi": False}
SET = [f"POST {OWN}"]
AS_TEXT = {"type": "custom_attribute", "attributes": {"type": "TEXT"}}

LIFE: "Life" = {
    "kind": cases.CaseCustomAttribute,
    "needs": {
        "type": (
            "POST /cases/types",
            {"type": "case_type", "attributes": {"name": "Theft {run}"}},
        ),
        "hosts": (f"POST {DEFINITIONS}", definition("hosts", "TEXT", is_multi=True)),
        "score": (f"POST {DEFINITIONS}", definition("score", "NUMBER", is_multi=False)),
        "urls": (f"POST {DEFINITIONS}", definition("urls", "URL", is_multi=True)),
        "project": ("POST /cases/projects", project("P{run}")),
        "case": ("POST /cases", case("{project}")),
        "other_project": ("POST /cases/projects", project("Q{run}")),
        "other_case": ("POST /cases", case("{other_project}")),
    },
    "full": FULL,
    "import_id": "{case}/score",
    "stored_as": "{case_id}",
    "reads": ["GET /cases/{case_id}"],
    "ends": [f"DELETE {OWN}"],
    "remains": {"{case_id}": {"custom_attributes": {"{key}": None, "hosts": HOSTS}}},
    "vanishes": (f"DELETE {OWN}", None),
    "steps": {
        "create with everything": {
            "given": None,
            "declare": FULL,
            "does": "create",
            "sends": SET,
            "stores": {"custom_attributes": {"score": {**SCORE, "is_multi": False}}},
            "shows": FULL,
        },
        "create with the least": {
            "given": None,
            "declare": LEAST,
            "does": "create",
            "sends": SET,
            "stores": {
                "custom_attributes": {"score": {**SCORE, "is_multi": False}, "hosts": HOSTS}
            },
            "shows": {"is_multi": None},
        },
        "create a list, of which that it is one need not be said": {
            "given": None,
            "declare": {**LEAST, "key": "urls", **URLS},
            "does": "create",
            "sends": SET,
            "stores": {"custom_attributes": {"urls": {**URLS, "is_multi": True}}},
        },
        "create spelt small": {
            "given": None,
            "declare": {**LEAST, "type": "number"},
            "does": "create",
            "sends": SET,
            "shows": {"type": "NUMBER"},
        },
        "create by the case's key": {
            "given": None,
            "declare": {**LEAST, "case_id": "P{run}-1"},
            "does": "create",
            "sends": SET,
            "stores": {"custom_attributes": {"score": {**SCORE, "is_multi": False}}},
        },
        "create over what somebody has set": {
            "given": None,
            "edits": [("POST /cases/{case}/custom_attributes/score", value("NUMBER", 1))],
            "declare": LEAST,
            "does": "create",
            "sends": SET,
            "stores": {"custom_attributes": {"score": {"value": 7.5}}},
        },
        "change value": {
            "declare": {"value": 8},
            "sends": SET,
            "stores": {"custom_attributes": {"score": {"value": 8}}},
        },
        "change type, after its definition": {
            "edits": [(f"PUT {DEFINITIONS}/{{score}}", AS_TEXT)],
            "declare": {"type": "TEXT", "value": "high"},
            "sends": SET,
            "stores": {"custom_attributes": {"score": {"type": "TEXT", "value": "high"}}},
        },
        "say is_multi, which was so already": {
            "given": LEAST,
            "declare": {"is_multi": False},
            "sends": SET,
        },
        "take is_multi out": {"declare": {"is_multi": None}, "sends": []},
        "replace for case_id": {
            "declare": {"case_id": "{other_case}"},
            "does": "replace",
            "sends": ["DELETE /cases/{case}/custom_attributes/score", *SET],
            "stores": {"custom_attributes": {"score": {"value": 7.5}, "hosts": HOSTS}},
        },
        "replace a case's key by its id": {
            "given": {**FULL, "case_id": "P{run}-1"},
            "declare": {"case_id": "{case}"},
            "does": "replace",
            "sends": ["DELETE /cases/P{run}-1/custom_attributes/score", *SET],
            "stores": {"custom_attributes": {"score": {"value": 7.5}, "hosts": HOSTS}},
        },
        "replace for key": {
            "declare": {"key": "urls", **URLS, "is_multi": True},
            "does": "replace",
            "sends": [f"DELETE {VALUES}/score", *SET],
            "stores": {
                "custom_attributes": {
                    "score": None,
                    "urls": {**URLS, "is_multi": True},
                    "hosts": HOSTS,
                }
            },
        },
        "somebody changes value": {
            "edits": [(f"POST {OWN}", value("NUMBER", 1))],
            "drift": {"value"},
            "sends": SET,
        },
        "somebody defines it anew": {
            "edits": [
                (f"DELETE {DEFINITIONS}/{{score}}", None),
                (f"POST {DEFINITIONS}", definition("score", "TEXT", is_multi=True)),
                (f"POST {OWN}", value("TEXT", ["high"])),
            ],
            "drift": {"type", "value", "is_multi"},
            "declare": {"type": "TEXT", "value": ["low", "high"], "is_multi": True},
            "sends": SET,
            "stores": {
                "custom_attributes": {
                    "score": {"type": "TEXT", "value": ["low", "high"], "is_multi": True}
                }
            },
        },
        "somebody changes another value, which stays": {
            "edits": [(f"POST {VALUES}/hosts", value("TEXT", ["theirs"]))],
            "declare": {"value": 8},
            "sends": SET,
            "stores": {"custom_attributes": {"score": {"value": 8}}},
            "otherwise": {
                "remains": {"{case_id}": {"custom_attributes": {"{key}": None, "hosts": THEIRS}}}
            },
        },
        "gone by hand": {
            "edits": [(f"DELETE {OWN}", None)],
            "does": "create",
            "sends": SET,
            "stores": {"custom_attributes": {"score": {"value": 7.5}, "hosts": HOSTS}},
        },
        "gone with its case": {
            "edits": [("DELETE /cases/projects/{project}", None)],
            "declare": {"case_id": "{other_case}"},
            "does": "create",
            "sends": SET,
        },
        "a case that is not there": {
            "given": None,
            "declare": {**FULL, "case_id": "P{run}-404"},
            "fails": "answered 404: .*case not found",
        },
        "a key that the case's type does not define": {
            "given": None,
            "declare": {**FULL, "key": "scor"},
            "fails": "answered 404: .*custom attribute configuration not found.*scor",
        },
        "a type that is not the definition's": {
            "given": None,
            "declare": {**FULL, "type": "TEXT", "value": "high"},
            "fails": "answered 400: .*is of type NUMBER, not TEXT",
        },
        "all mistakes at once": {
            "declare": {
                "case_id": "",
                "key": " ",
                "type": "NUMBR",
                "value": {"a": "b"},
                "is_multi": "no",
                "values": [],
            },
            "refuses": {
                "case_id": "must be a non-empty string",
                "key": "must be a non-empty string",
                "type": 'did you mean "NUMBER"?',
                "value": "must be a string or a number or a list of strings or numbers",
                "is_multi": 'must be a boolean, got "no"',
                "values": 'did you mean "value"?',
            },
        },
        "a value of another type": {
            "declare": {"type": "URL"},
            "refuses": {"value": "must be a string or a list of strings: type is URL"},
        },
        "a list that is none": {
            "declare": {"is_multi": True},
            "refuses": {"value": "must be a list if is_multi is True, and only then"},
        },
        "nothing said": {
            "declare": dict.fromkeys(FULL),
            "refuses": dict.fromkeys(LEAST, "is missing"),
        },
    },
    "story": [
        {
            "edits": [
                (f"POST {OWN}", value("NUMBER", 1)),
            ],
            "drift": {"value"},
            "declare": {"value": 8, "is_multi": None},
            "sends": SET,
            "stores": {"custom_attributes": {"score": {"value": 8}}},
        },
        {"declare": {"value": "8"}, "refuses": {"value": "must be a number"}},
        {"edits": [(f"DELETE {OWN}", None)], "does": "create", "sends": SET},
    ],
}


def test_life(scene: "Scene") -> None:
    scene()
