from typing import TYPE_CHECKING
from unittest.mock import ANY

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


def comment(text: str) -> object:
    return {"type": "case", "attributes": {"comment": text}}


ALL = "/cases/{case_id}/comment"
OWN = f"{ALL}/{{id}}"
PAGE = (
    "GET /cases/{case_id}/timelines?sort%5Bascending%5D=true&page%5Bsize%5D=100&page%5Bnumber%5D="
)
READ = [f"{PAGE}0", f"{PAGE}1"]
CHANGE = [f"PUT {OWN}", *READ]
# An empty first page is the last.
READ_NONE = {"reads": [f"{PAGE}0"]}
TEXT = "Left on a **train**."
FULL = {"case_id": "{case}", "comment": TEXT}

LIFE: "Life" = {
    "kind": cases.CaseComment,
    "needs": {
        "project": ("POST /cases/projects", project("P{run}")),
        "case": ("POST /cases", case("{project}")),
        "other_project": ("POST /cases/projects", project("Q{run}")),
        "other_case": ("POST /cases", case("{other_project}")),
    },
    "full": FULL,
    "import_id": "{case}/{id}",
    "reads": READ,
    "ends": [f"DELETE {OWN}"],
    "remains": {"{id}": {"deleted_at": ANY}},
    "vanishes": (f"DELETE {OWN}", None),
    "steps": {
        "create": {
            "given": None,
            "declare": FULL,
            "does": "create",
            "sends": [f"POST {ALL}"],
            "stores": {"case_id": "{case}", "message": TEXT, "author_id": "{user}"},
            "shows": {**FULL, "author": "{user}", "created_at": ANY, "modified_at": None},
        },
        "create by the case's key": {
            "given": None,
            "declare": {**FULL, "case_id": "P{run}-1"},
            "does": "create",
            "sends": [f"POST {ALL}"],
            "stores": {"case_id": "{case}"},
            "shows": {"case_id": "P{run}-1"},
        },
        "change comment": {
            "declare": {"comment": "Found."},
            "sends": CHANGE,
            "stores": {"message": "Found."},
            "shows": {"comment": "Found.", "author": "{user}", "modified_at": ANY},
        },
        "replace for case_id": {
            "declare": {"case_id": "{other_case}"},
            "does": "replace",
            "sends": [f"POST {ALL}", "DELETE /cases/{case}/comment/{old}"],
            "stores": {"case_id": "{other_case}", "message": TEXT},
        },
        "somebody changes comment": {
            "edits": [(f"PUT {OWN}", comment("Theirs"))],
            "drift": {"comment"},
            "sends": CHANGE,
        },
        "others comment too": {"edits": [(f"POST {ALL}", comment("Theirs"))]},
        "gone by hand": {
            "edits": [(f"DELETE {OWN}", None)],
            "otherwise": READ_NONE,
            "does": "create",
            "sends": [f"POST {ALL}"],
            "stores": {"message": TEXT},
        },
        "gone with its case": {
            "edits": [("DELETE /cases/projects/{project}", None)],
            "otherwise": READ_NONE,
            "declare": {"case_id": "{other_case}"},
            "does": "create",
            "sends": [f"POST {ALL}"],
        },
        "a case that is not there": {
            "given": None,
            "declare": {**FULL, "case_id": "P{run}-404"},
            "fails": "answered 404: .*case not found",
        },
        "all mistakes at once": {
            "declare": {"case_id": "", "comment": " ", "author": "{user}"},
            "refuses": {
                "case_id": "must be a non-empty string",
                "comment": "must be a non-empty string",
                "author": "is read-only; remove it",
            },
        },
        "a name misspelt": {
            "declare": {"comment": None, "coment": TEXT},
            "refuses": {"comment": "is missing", "coment": 'did you mean "comment"?'},
        },
    },
    "story": [
        {
            "edits": [(f"PUT {OWN}", comment("Theirs"))],
            "drift": {"comment"},
            "declare": {"comment": "Found."},
            "sends": CHANGE,
            "stores": {"message": "Found."},
        },
        {"declare": {"comment": ""}, "refuses": {"comment": "a non-empty string"}},
        {"edits": [(f"DELETE {OWN}", None)], "otherwise": READ_NONE, "does": "create"},
    ],
}


def test_life(scene: "Scene") -> None:
    scene()
