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


LIST = "/cases/{case_id}/watchers"
OWN = f"{LIST}/{{id}}"
FULL = {"case_id": "{case}", "user_uuid": "{user}"}

LIFE: "Life" = {
    "kind": cases.CaseWatcher,
    "needs": {
        "project": ("POST /cases/projects", project("P{run}")),
        "case": ("POST /cases", case("{project}")),
        "other_project": ("POST /cases/projects", project("Q{run}")),
        "other_case": ("POST /cases", case("{other_project}")),
    },
    "full": FULL,
    "import_id": "{case}/{user}",
    "stored_as": "{case_id}/{user_uuid}",
    "reads": [f"GET {LIST}"],
    "ends": [f"DELETE {OWN}"],
    "remains": {"{case_id}/{user_uuid}": None},
    "vanishes": (f"DELETE {OWN}", None),
    "steps": {
        "create": {
            "given": None,
            "declare": FULL,
            "does": "create",
            "sends": [f"POST {OWN}"],
            "stores": {"case_id": "{case}", "user_id": "{user}"},
            "shows": FULL,
        },
        "create by the case's key": {
            "given": None,
            "declare": {**FULL, "case_id": "P{run}-1"},
            "does": "create",
            "sends": [f"POST {OWN}"],
            "shows": {"case_id": "P{run}-1"},
        },
        "create what is there already": {
            "given": None,
            "edits": [("POST /cases/{case}/watchers/{user}", None)],
            "declare": FULL,
            "does": "create",
            "sends": [f"POST {OWN}"],
        },
        "the spelling of a UUID means nothing": {
            "given": {**FULL, "user_uuid": "5A9D0C00-0000-4000-8000-000000000002"},
            "declare": {"user_uuid": "5a9d0c00-0000-4000-8000-000000000002"},
            "does": "nothing",
        },
        "replace for case_id": {
            "declare": {"case_id": "{other_case}"},
            "does": "replace",
            "sends": ["DELETE /cases/{case}/watchers/{old}", f"POST {OWN}"],
            "stores": {"case_id": "{other_case}", "user_id": "{user}"},
        },
        "replace for user_uuid": {
            "declare": {"user_uuid": "{other_user}"},
            "does": "replace",
            "sends": [f"DELETE {LIST}/{{old}}", f"POST {OWN}"],
            "stores": {"case_id": "{case}", "user_id": "{other_user}"},
        },
        "replace a case's key by its id": {
            "given": {**FULL, "case_id": "P{run}-1"},
            "declare": {"case_id": "{case}"},
            "does": "replace",
            "sends": ["DELETE /cases/P{run}-1/watchers/{old}", f"POST {OWN}"],
            "stores": {"case_id": "{case}", "user_id": "{user}"},
        },
        "somebody makes others watch": {"edits": [(f"POST {LIST}/{{other_user}}", None)]},
        "gone by hand": {
            "edits": [(f"DELETE {OWN}", None)],
            "does": "create",
            "sends": [f"POST {OWN}"],
        },
        "gone with its case": {
            "edits": [("DELETE /cases/projects/{project}", None)],
            "declare": {"case_id": "{other_case}"},
            "does": "create",
            "sends": [f"POST {OWN}"],
        },
        "a case that is not there": {
            "given": None,
            "declare": {**FULL, "case_id": "P{run}-404"},
            "fails": "answered 404: .*case not found",
        },
        "a user who is not there": {
            "given": None,
            "declare": {**FULL, "user_uuid": "00000000-0000-4000-8000-000000000404"},
            "fails": "answered 404: .*user not found",
        },
        "all mistakes at once": {
            "declare": {"case_id": " ", "user_uuid": "somebody@example.com", "user": "{user}"},
            "refuses": {
                "case_id": "must be a non-empty string",
                "user_uuid": "must be a UUID, such as another resource's id",
                "user": "is not a property of CaseWatcher; known properties: case_id, user_uuid",
            },
        },
        "nothing said": {
            "declare": {"case_id": None, "user_uuid": None},
            "refuses": {"case_id": "is missing", "user_uuid": "is missing"},
        },
    },
    "story": [
        {
            "declare": {"user_uuid": "{other_user}"},
            "does": "replace",
            "stores": {"user_id": "{other_user}"},
        },
        {"declare": {"user_uuid": "x"}, "refuses": {"user_uuid": "must be a UUID"}},
        {"edits": [(f"DELETE {OWN}", None)], "does": "create", "sends": [f"POST {OWN}"]},
    ],
}


def test_life(scene: "Scene") -> None:
    scene()
