from tests.resources.harness.prerequisites import CASES, UNKNOWN_ID
from tests.resources.harness.scenarios import Scenario
from tests.resources.harness.spec import ResourceSpec

import pulumi_datadog_cases as cases

LIST = "/cases/{case_id}/watchers"
PATH = f"{LIST}/{{id}}"
FULL = {"case_id": "{case}", "user_uuid": "{user}"}

SPEC: ResourceSpec = {
    "resource_class": cases.CaseWatcher,
    "prerequisites": CASES,
    "full_inputs": FULL,
    "import_id": "{case}/{user}",
    "api_state_id": "{case_id}/{user_uuid}",
    "read_requests": [f"GET {LIST}"],
    "delete_requests": [f"DELETE {PATH}"],
    "api_state_after_delete": {"{case_id}/{user_uuid}": None},
    "deleted_out_of_band": (f"DELETE {PATH}", None),
    "steps": {
        "create": {
            "given": None,
            "declare": FULL,
            "operation": "create",
            "requests": [f"POST {PATH}"],
            "api_state": {"case_id": "{case}", "user_id": "{user}"},
            "outputs": FULL,
        },
        "create existing": {
            "given": None,
            "out_of_band": [("POST /cases/{case}/watchers/{user}", None)],
            "declare": FULL,
            "operation": "create",
            "requests": [f"POST {PATH}"],
        },
        "other letter case of a UUID is no change": {
            "given": {**FULL, "user_uuid": "5A9D0C00-0000-4000-8000-000000000002"},
            "declare": {"user_uuid": "5a9d0c00-0000-4000-8000-000000000002"},
            "operation": "nothing",
        },
        "replace if case_id changes": {
            "declare": {"case_id": "{other_case}"},
            "operation": "replace",
            "requests": ["DELETE /cases/{case}/watchers/{old}", f"POST {PATH}"],
            "api_state": {"case_id": "{other_case}", "user_id": "{user}"},
        },
        "replace if user_uuid changes": {
            "declare": {"user_uuid": "{other_user}"},
            "operation": "replace",
            "requests": [f"DELETE {LIST}/{{old}}", f"POST {PATH}"],
            "api_state": {"case_id": "{case}", "user_id": "{other_user}"},
        },
        "other watcher added outside Pulumi": {
            "out_of_band": [(f"POST {LIST}/{{other_user}}", None)]
        },
        "deleted outside Pulumi": {
            "out_of_band": [(f"DELETE {PATH}", None)],
            "operation": "create",
            "requests": [f"POST {PATH}"],
        },
        "deleted with its case": {
            "out_of_band": [("DELETE /cases/projects/{project}", None)],
            "declare": {"case_id": "{other_case}"},
            "operation": "create",
            "requests": [f"POST {PATH}"],
        },
        "unknown case": {
            "given": None,
            "declare": {**FULL, "case_id": "P{run}-404"},
            "error": "answered 404: .*case not found",
        },
        "unknown user": {
            "given": None,
            "declare": {**FULL, "user_uuid": UNKNOWN_ID},
            "error": "answered 404: .*user not found",
        },
        "invalid inputs": {
            "declare": {"case_id": " ", "user_uuid": "user@example.com", "user": "{user}"},
            "violations": {
                "case_id": "must be a non-empty string",
                "user_uuid": "must be a UUID, such as another resource's id",
                "user": 'did you mean "user_uuid"?',
            },
        },
        "missing inputs": {
            "declare": {"case_id": None, "user_uuid": None},
            "violations": {"case_id": "is missing", "user_uuid": "is missing"},
        },
    },
    "sequence": [
        {
            "declare": {"user_uuid": "{other_user}"},
            "operation": "replace",
            "api_state": {"user_id": "{other_user}"},
        },
        {"declare": {"user_uuid": "x"}, "violations": {"user_uuid": "must be a UUID"}},
        {
            "out_of_band": [(f"DELETE {PATH}", None)],
            "operation": "create",
            "requests": [f"POST {PATH}"],
        },
    ],
}


def test_lifecycle(scenario: Scenario) -> None:
    scenario()
