from unittest.mock import ANY

from tests.resources.harness.prerequisites import CASES
from tests.resources.harness.scenarios import Scenario
from tests.resources.harness.spec import ResourceSpec

import pulumi_datadog_cases as cases

POST = "POST /cases/{id}/relationships/notebook"
FULL = {"case_id": "{case}"}
STAYS_WARNING = "the notebook of case {old} stays: the API cannot delete it; delete it in Datadog"

SPEC: ResourceSpec = {
    "resource_class": cases.CaseNotebook,
    "prerequisites": CASES,
    "full_inputs": FULL,
    "import_id": "{case}",
    "read_requests": ["GET /cases/{id}"],
    "delete_requests": [],
    "api_state_after_delete": {"{id}": {"notebook_id": ANY}},
    "delete_warning": "the notebook of case {id} stays: the API cannot delete it; delete it in "
    "Datadog",
    "deleted_out_of_band": ("DELETE /cases/projects/{project}", None),
    "steps": {
        "create": {
            "given": None,
            "declare": FULL,
            "operation": "create",
            "requests": [POST],
            "api_state": {"notebook_id": ANY},
            "outputs": FULL,
        },
        "replace if case_id changes": {
            "declare": {"case_id": "{other_case}"},
            "operation": "replace",
            "requests": [POST],
            "api_state": {"notebook_id": ANY},
            "warning": STAYS_WARNING,
        },
        "case archived outside Pulumi": {
            "out_of_band": [("POST /cases/{case}/archive", {"type": "case"})],
        },
        "deleted with its case": {
            "out_of_band": [("DELETE /cases/projects/{project}", None)],
            "declare": {"case_id": "{other_case}"},
            "operation": "create",
            "requests": [POST],
        },
        "unknown case": {
            "given": None,
            "declare": {"case_id": "P{run}-404"},
            "error": "answered 404: .*case not found",
        },
        "replace with unknown case": {
            "declare": {"case_id": "P{run}-404"},
            "error": "answered 404: .*case not found",
        },
        "invalid inputs": {
            "declare": {"case_id": " ", "case": "{case}"},
            "violations": {
                "case_id": "must be a non-empty string",
                "case": 'is not a property of CaseNotebook; did you mean "case_id"?',
            },
        },
        "missing inputs": {
            "declare": {"case_id": None},
            "violations": {"case_id": "is missing"},
        },
    },
    "sequence": [
        {"declare": {"case_id": "{other_case}"}, "operation": "replace", "warning": STAYS_WARNING},
        {"declare": {"case_id": ""}, "violations": {"case_id": "must be a non-empty string"}},
        {
            "out_of_band": [("DELETE /cases/projects/{other_project}", None)],
            "declare": {"case_id": "{case}"},
            "operation": "create",
        },
    ],
}


def test_lifecycle(scenario: Scenario) -> None:
    scenario()
