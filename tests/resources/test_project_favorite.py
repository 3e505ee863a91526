from typing import TYPE_CHECKING

import pulumi_datadog_cases as cases

if TYPE_CHECKING:
    from tests.resources.conftest import Life, Scene


def project(key: str) -> object:
    return {"type": "project", "attributes": {"key": key, "name": f"Project {key}"}}


OWN = "/cases/projects/{project_id}/favorites"
FULL = {"project_id": "{project}"}

LIFE: "Life" = {
    "kind": cases.ProjectFavorite,
    "needs": {
        "project": ("POST /cases/projects", project("P{run}")),
        "other_project": ("POST /cases/projects", project("Q{run}")),
    },
    "full": FULL,
    "import_id": "{project}",
    "stored_as": "{project_id}/{user}",
    "reads": ["GET /cases/projects/favorites"],
    "ends": [f"DELETE {OWN}"],
    "remains": {"{project_id}/{user}": None, "{project}": {"key": "P{run}"}},
    "vanishes": (f"DELETE {OWN}", None),
    "steps": {
        "create": {
            "given": None,
            "declare": FULL,
            "does": "create",
            "sends": [f"POST {OWN}"],
            "stores": {"project_id": "{project}", "user_id": "{user}"},
            "shows": FULL,
        },
        "create what is there already": {
            "given": None,
            "edits": [("POST /cases/projects/{project}/favorites", None)],
            "declare": FULL,
            "does": "create",
            "sends": [f"POST {OWN}"],
        },
        "replace for project_id": {
            "declare": {"project_id": "{other_project}"},
            "does": "replace",
            "sends": [f"POST {OWN}", "DELETE /cases/projects/{project}/favorites"],
            "stores": {"project_id": "{other_project}", "user_id": "{user}"},
        },
        "somebody favors other projects": {
            "edits": [("POST /cases/projects/{other_project}/favorites", None)],
        },
        "gone by hand": {
            "edits": [(f"DELETE {OWN}", None)],
            "does": "create",
            "sends": [f"POST {OWN}"],
            "stores": {"project_id": "{project}"},
        },
        "a project that is not there": {
            "given": None,
            "declare": {"project_id": "00000000-0000-4000-8000-000000000404"},
            "fails": "answered 404: .*project not found",
        },
        "all mistakes at once": {
            "declare": {"project_id": "SECOPS", "project": "{project}"},
            "refuses": {
                "project_id": "must be a UUID, such as another resource's id",
                "project": 'is not a property of ProjectFavorite; did you mean "project_id"?',
            },
        },
        "nothing said": {
            "declare": {"project_id": None},
            "refuses": {"project_id": "is missing"},
        },
    },
    "story": [
        {
            "declare": {"project_id": "{other_project}"},
            "does": "replace",
            "stores": {"project_id": "{other_project}"},
        },
        {"declare": {"project_id": "Q{run}"}, "refuses": {"project_id": "must be a UUID"}},
        {
            "edits": [("DELETE /cases/projects/{other_project}", None)],
            "declare": {"project_id": "{project}"},
            "does": "create",
        },
    ],
}


def test_life(scene: "Scene") -> None:
    scene()
