from typing import TYPE_CHECKING

import pulumi_datadog_cases as cases

if TYPE_CHECKING:
    from tests.resources.conftest import Life, Scene


def project(key: str) -> object:
    return {"type": "project", "attributes": {"key": key, "name": f"Project {key}"}}


def case(project_id: str) -> object:
    return {
        "type": "case",
        "attributes": {
            "title": "Stolen laptop",
            "type_id": "00000000-0000-0000-0000-000000000001",
        },
        "relationships": {"project": {"data": {"type": "project", "id": project_id}}},
    }


def insights(*each: dict[str, str]) -> object:
    return {"type": "case", "attributes": {"insights": list(each)}}


OWN = "/cases/{case_id}/insights"
# Slashes and colons stand in ids of resources, as they do in the ids made of them.
INSIGHT = {"type": "MONITOR", "ref": "/monitors/12345?q=total", "resource_id": "eu/1:23:45"}
THEIRS = {"type": "EVENT", "ref": "/event/1", "resource_id": "1"}
FULL = {"case_id": "{case}", **INSIGHT}
REPLACE = [f"DELETE {OWN}", f"PUT {OWN}"]

LIFE: "Life" = {
    "kind": cases.CaseInsight,
    "needs": {
        "project": ("POST /cases/projects", project("P{run}")),
        "case": ("POST /cases", case("{project}")),
        "other_project": ("POST /cases/projects", project("Q{run}")),
        "other_case": ("POST /cases", case("{other_project}")),
    },
    "full": FULL,
    "import_id": "{case}/MONITOR:eu/1:23:45",
    "stored_as": "{case_id}",
    "reads": ["GET /cases/{case_id}"],
    "ends": [f"DELETE {OWN}"],
    "remains": {"{case_id}": {"insights": []}},
    "vanishes": (f"DELETE {OWN}", insights(INSIGHT)),
    "steps": {
        "create": {
            "given": None,
            "declare": FULL,
            "does": "create",
            "sends": [f"PUT {OWN}"],
            "stores": {"insights": [INSIGHT]},
            "shows": FULL,
        },
        "create by the case's key": {
            "given": None,
            "declare": {**FULL, "case_id": "P{run}-1"},
            "does": "create",
            "sends": [f"PUT {OWN}"],
            "stores": {"insights": [INSIGHT]},
            "shows": {"case_id": "P{run}-1"},
        },
        "create spelt small": {
            "given": None,
            "declare": {**FULL, "type": "monitor"},
            "does": "create",
            "sends": [f"PUT {OWN}"],
            "stores": {"insights": [INSIGHT]},
            "shows": FULL,
        },
        "create one of a type that is new": {
            "given": None,
            "declare": {**FULL, "type": "QUANTUM_LEAP"},
            "does": "create",
            "sends": [f"PUT {OWN}"],
            "warns": 'type: "QUANTUM_LEAP" is not one of SECURITY_SIGNAL, MONITOR',
            "stores": {"insights": [{**INSIGHT, "type": "QUANTUM_LEAP"}]},
        },
        "replace for case_id": {
            "declare": {"case_id": "{other_case}"},
            "does": "replace",
            "sends": ["DELETE /cases/{case}/insights", f"PUT {OWN}"],
            "stores": {"insights": [INSIGHT]},
        },
        "replace a case's key by its id": {
            "given": {**FULL, "case_id": "P{run}-1"},
            "declare": {"case_id": "{case}"},
            "does": "replace",
            "sends": ["DELETE /cases/P{run}-1/insights", f"PUT {OWN}"],
            "stores": {"insights": [INSIGHT]},
        },
        "replace for type": {
            "declare": {"type": "SECURITY_SIGNAL"},
            "does": "replace",
            "sends": REPLACE,
            "stores": {"insights": [{**INSIGHT, "type": "SECURITY_SIGNAL"}]},
        },
        "replace for ref": {
            "declare": {"ref": "/monitors/12345"},
            "does": "replace",
            "sends": REPLACE,
            "stores": {"insights": [{**INSIGHT, "ref": "/monitors/12345"}]},
        },
        "replace for resource_id": {
            "declare": {"resource_id": "eu/2:34:56"},
            "does": "replace",
            "sends": REPLACE,
            "stores": {"insights": [{**INSIGHT, "resource_id": "eu/2:34:56"}]},
        },
        "somebody changes ref": {
            "edits": [(f"PUT {OWN}", insights({**INSIGHT, "ref": "/theirs"}))],
            "drift": {"ref"},
            "does": "replace",
            "sends": REPLACE,
            "stores": {"insights": [INSIGHT]},
        },
        "somebody adds another, which stays": {
            "edits": [
                (f"PUT {OWN}", insights(THEIRS)),
                (f"DELETE {OWN}", insights(INSIGHT)),
            ],
            "does": "create",
            "sends": [f"PUT {OWN}"],
            "stores": {"insights": [THEIRS, INSIGHT]},
            "otherwise": {"remains": {"{case_id}": {"insights": [THEIRS]}}},
        },
        "gone with its case": {
            "edits": [("DELETE /cases/projects/{project}", None)],
            "declare": {"case_id": "{other_case}"},
            "does": "create",
            "sends": [f"PUT {OWN}"],
        },
        "a case that is not there": {
            "given": None,
            "declare": {**FULL, "case_id": "P{run}-404"},
            "fails": "answered 404: .*case not found",
        },
        "all mistakes at once": {
            "declare": {
                "case_id": "",
                "type": "MONITR",
                "ref": "",
                "resource_id": 12345,
                "id": "x",
            },
            "refuses": {
                "case_id": "must be a non-empty string",
                "type": 'did you mean "MONITOR"?',
                "ref": "must be a non-empty string",
                "resource_id": "must be a string, got 12345",
                "id": "is not a property of CaseInsight; known properties: case_id, type, ref",
            },
        },
        "nothing said": {
            "declare": dict.fromkeys(FULL),
            "refuses": dict.fromkeys(FULL, "is missing"),
        },
    },
    "story": [
        {
            "edits": [(f"PUT {OWN}", insights({**INSIGHT, "ref": "/theirs"}))],
            "drift": {"ref"},
            "declare": {"resource_id": "eu/2:34:56"},
            "does": "replace",
            "sends": REPLACE,
            "stores": {"insights": [{**INSIGHT, "resource_id": "eu/2:34:56"}]},
        },
        {"declare": {"type": "MONITR"}, "refuses": {"type": 'did you mean "MONITOR"?'}},
        {
            "edits": [("DELETE /cases/projects/{project}", None)],
            "declare": {"case_id": "{other_case}"},
            "does": "create",
        },
    ],
}


def test_life(scene: "Scene") -> None:
    scene()
