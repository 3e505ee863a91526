from typing import TYPE_CHECKING
from unittest.mock import ANY

import pulumi_datadog_cases as cases

if TYPE_CHECKING:
    from tests.resources.conftest import Life, Scene


def project(key: str) -> object:
    return {"type": "project", "attributes": {"key": key, "name": f"Project {key}"}}


def case(project_name: str) -> object:
    return {
        "type": "case",
        "attributes": {
            "title": "Stolen laptop",
            "type_id": "00000000-0000-0000-0000-000000000001",
        },
        "relationships": {"project": {"data": {"type": "project", "id": project_name}}},
    }


POST = "POST /cases/{id}/relationships/notebook"
FULL = {"case_id": "{case}"}
STAYS = "the notebook of case {old} stays: the API cannot delete it; delete it in Datadog"

LIFE: "Life" = {
    "kind": cases.CaseNotebook,
    "needs": {
        "project": ("POST /cases/projects", project("P{run}")),
        "case": ("POST /cases", case("{project}")),
        "other_project": ("POST /cases/projects", project("Q{run}")),
        "other_case": ("POST /cases", case("{other_project}")),
    },
    "full": FULL,
    "import_id": "{case}",
    "reads": ["GET /cases/{id}"],
    "ends": [],
    "remains": {"{id}": {"notebook_id": ANY}},
    "warns": "the notebook of case {id} stays: the API cannot delete it; delete it in Datadog",
    "vanishes": ("DELETE /cases/projects/{project}", None),
    "steps": {
        "create": {
            "given": None,
            "declare": FULL,
            "does": "create",
            "sends": [POST],
            "stores": {"notebook_id": ANY},
            "shows": FULL,
        },
        "create by the case's key": {
            "given": None,
            "declare": {"case_id": "P{run}-1"},
            "does": "create",
            "sends": [POST],
            "shows": {"case_id": "P{run}-1"},
        },
        "replace for case_id": {
            "declare": {"case_id": "{other_case}"},
            "does": "replace",
            "sends": [POST],
            "stores": {"notebook_id": ANY},
            "warns": STAYS,
        },
        "somebody archives the case": {
            "edits": [("POST /cases/{case}/archive", {"type": "case"})],
        },
        "gone with its case": {
            "edits": [("DELETE /cases/projects/{project}", None)],
            "declare": {"case_id": "{other_case}"},
            "does": "create",
            "sends": [POST],
        },
        "a case that is not there": {
            "given": None,
            "declare": {"case_id": "P{run}-404"},
            "fails": "answered 404: .*case not found",
        },
        "another case that is not there": {
            "declare": {"case_id": "P{run}-404"},
            "fails": "answered 404: .*case not found",
        },
        "all mistakes at once": {
            "declare": {"case_id": " ", "case": "{case}"},
            "refuses": {
                "case_id": "must be a non-empty string",
                "case": "is not a property of CaseNotebook; known properties: case_id",
            },
        },
        "nothing said": {
            "declare": {"case_id": None},
            "refuses": {"case_id": "is missing"},
        },
    },
    "story": [
        {"declare": {"case_id": "{other_case}"}, "does": "replace", "warns": STAYS},
        {"declare": {"case_id": ""}, "refuses": {"case_id": "must be a non-empty string"}},
        {
            "edits": [("DELETE /cases/projects/{other_project}", None)],
            "declare": {"case_id": "{case}"},
            "does": "create",
        },
    ],
}


def test_life(scene: "Scene") -> None:
    scene()
