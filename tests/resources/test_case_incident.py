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


def incident(id_: str) -> object:
    return {"type": "incidents", "id": id_}


LINK = "/cases/{case_id}/relationships/incidents"
INCIDENT = "11c1de27-0000-4000-8000-000000000001"
OTHER = "11c1de27-0000-4000-8000-000000000002"
FULL = {"case_id": "{case}", "incident_id": INCIDENT}
STAYS = "incident {incident_id} stays linked to case {case_id}: the API cannot remove the link"

LIFE: "Life" = {
    "kind": cases.CaseIncident,
    "needs": {
        "project": ("POST /cases/projects", project("P{run}")),
        "case": ("POST /cases", case("{project}")),
        "other_project": ("POST /cases/projects", project("Q{run}")),
        "other_case": ("POST /cases", case("{other_project}")),
    },
    "full": FULL,
    "import_id": f"{{case}}/{INCIDENT}",
    "stored_as": "{case_id}",
    "reads": ["GET /cases/{case_id}"],
    "ends": [],
    "warns": STAYS,
    "remains": {"{case_id}": {"incident_ids": ["{incident_id}"]}},
    "vanishes": ("DELETE /cases/projects/{project}", None),
    "steps": {
        "create": {
            "given": None,
            "declare": FULL,
            "does": "create",
            "sends": [f"POST {LINK}"],
            "stores": {"incident_ids": [INCIDENT]},
            "shows": FULL,
        },
        "create by the case's key": {
            "given": None,
            "declare": {**FULL, "case_id": "P{run}-1"},
            "does": "create",
            "sends": [f"POST {LINK}"],
            "stores": {"incident_ids": [INCIDENT]},
            "shows": {"case_id": "P{run}-1"},
        },
        "create what is there already": {
            "given": None,
            "edits": [("POST /cases/{case}/relationships/incidents", incident(INCIDENT))],
            "declare": FULL,
            "does": "create",
            "sends": [f"POST {LINK}"],
            "stores": {"incident_ids": [INCIDENT]},
        },
        "replace for case_id": {
            "declare": {"case_id": "{other_case}"},
            "does": "replace",
            "warns": f"incident {INCIDENT} stays linked to case {{case}}",
            "sends": [f"POST {LINK}"],
            "stores": {"incident_ids": [INCIDENT]},
        },
        "replace for incident_id": {
            "declare": {"incident_id": OTHER},
            "does": "replace",
            "warns": f"incident {INCIDENT} stays linked to case {{case}}",
            "sends": [f"POST {LINK}"],
            "stores": {"incident_ids": [INCIDENT, OTHER]},
            "otherwise": {"remains": {"{case_id}": {"incident_ids": [INCIDENT, OTHER]}}},
        },
        "nobody can see what somebody links": {
            "edits": [(f"POST {LINK}", incident(OTHER))],
            "otherwise": {"remains": {"{case_id}": {"incident_ids": [INCIDENT, OTHER]}}},
        },
        "gone with its case": {
            "edits": [("DELETE /cases/projects/{project}", None)],
            "declare": {"case_id": "{other_case}"},
            "does": "create",
            "sends": [f"POST {LINK}"],
        },
        "a case that is not there": {
            "given": None,
            "declare": {**FULL, "case_id": "P{run}-404"},
            "fails": "answered 404: .*case not found",
        },
        "an incident's number instead of its id": {
            "given": None,
            "declare": {**FULL, "incident_id": "42"},
            "fails": "answered 400",
        },
        "all mistakes at once": {
            "declare": {"case_id": "", "incident_id": 42, "incident": INCIDENT},
            "refuses": {
                "case_id": "must be a non-empty string",
                "incident_id": "must be a string, got 42",
                "incident": 'did you mean "incident_id"?',
            },
        },
        "nothing said": {
            "declare": dict.fromkeys(FULL),
            "refuses": dict.fromkeys(FULL, "is missing"),
        },
    },
    "story": [
        {
            "edits": [("DELETE /cases/projects/{project}", None)],
            "declare": {"case_id": "{other_case}"},
            "does": "create",
            "sends": [f"POST {LINK}"],
        },
        {"declare": {"incident_id": " "}, "refuses": {"incident_id": "a non-empty string"}},
        {
            "declare": {"incident_id": OTHER},
            "does": "replace",
            "warns": f"incident {INCIDENT} stays linked to case {{other_case}}",
            "stores": {"incident_ids": [INCIDENT, OTHER]},
            "otherwise": {"remains": {"{case_id}": {"incident_ids": [INCIDENT, OTHER]}}},
        },
    ],
}


def test_life(scene: "Scene") -> None:
    scene()
