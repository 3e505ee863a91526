from tests.resources.harness.prerequisites import PROJECTS, UNKNOWN_ID
from tests.resources.harness.scenarios import Scenario
from tests.resources.harness.spec import ResourceSpec

import pulumi_datadog_cases as cases

PATH = "/cases/projects/{project_id}/favorites"
FULL = {"project_id": "{project}"}

SPEC: ResourceSpec = {
    "resource_class": cases.ProjectFavorite,
    "prerequisites": PROJECTS,
    "full_inputs": FULL,
    "import_id": "{project}",
    "api_state_id": "{project_id}/{user}",
    "read_requests": ["GET /cases/projects/favorites"],
    "delete_requests": [f"DELETE {PATH}"],
    "api_state_after_delete": {"{project_id}/{user}": None, "{project}": {"key": "P{run}"}},
    "deleted_out_of_band": (f"DELETE {PATH}", None),
    "steps": {
        "create": {
            "given": None,
            "declare": FULL,
            "operation": "create",
            "requests": [f"POST {PATH}"],
            "api_state": {"project_id": "{project}", "user_id": "{user}"},
            "outputs": FULL,
        },
        "create existing": {
            "given": None,
            "out_of_band": [("POST /cases/projects/{project}/favorites", None)],
            "declare": FULL,
            "operation": "create",
            "requests": [f"POST {PATH}"],
        },
        "replace if project_id changes": {
            "declare": {"project_id": "{other_project}"},
            "operation": "replace",
            "requests": [f"POST {PATH}", "DELETE /cases/projects/{project}/favorites"],
            "api_state": {"project_id": "{other_project}", "user_id": "{user}"},
        },
        "other favorite added outside Pulumi": {
            "out_of_band": [("POST /cases/projects/{other_project}/favorites", None)],
        },
        "deleted outside Pulumi": {
            "out_of_band": [(f"DELETE {PATH}", None)],
            "operation": "create",
            "requests": [f"POST {PATH}"],
            "api_state": {"project_id": "{project}"},
        },
        "unknown project": {
            "given": None,
            "declare": {"project_id": UNKNOWN_ID},
            "error": "answered 404: .*project not found",
        },
        "invalid inputs": {
            "declare": {"project_id": "SECOPS", "project": "{project}"},
            "violations": {
                "project_id": "must be a UUID, such as another resource's id",
                "project": 'is not a property of ProjectFavorite; did you mean "project_id"?',
            },
        },
        "missing inputs": {
            "declare": {"project_id": None},
            "violations": {"project_id": "is missing"},
        },
    },
    "sequence": [
        {
            "declare": {"project_id": "{other_project}"},
            "operation": "replace",
            "api_state": {"project_id": "{other_project}"},
        },
        {"declare": {"project_id": "Q{run}"}, "violations": {"project_id": "must be a UUID"}},
        {
            "out_of_band": [("DELETE /cases/projects/{other_project}", None)],
            "declare": {"project_id": "{project}"},
            "operation": "create",
        },
    ],
}


def test_lifecycle(scenario: Scenario) -> None:
    scenario()
