from tests.resources.harness.prerequisites import CASES
from tests.resources.harness.scenarios import Scenario
from tests.resources.harness.spec import ResourceSpec

import pulumi_datadog_cases as cases


def incident(id_: str) -> object:
    return {"type": "incidents", "id": id_}


LINK = "/cases/{case_id}/relationships/incidents"
INCIDENT = "11c1de27-0000-4000-8000-000000000001"
OTHER = "11c1de27-0000-4000-8000-000000000002"
FULL = {"case_id": "{case}", "incident_id": INCIDENT}
STAYS_WARNING = (
    "incident {incident_id} stays linked to case {case_id}: the API cannot remove the link"
)

SPEC: ResourceSpec = {
    "resource_class": cases.CaseIncident,
    "prerequisites": CASES,
    "full_inputs": FULL,
    "import_id": f"{{case}}/{INCIDENT}",
    "api_state_id": "{case_id}",
    "read_requests": ["GET /cases/{case_id}"],
    "delete_requests": [],
    "delete_warning": STAYS_WARNING,
    "api_state_after_delete": {"{case_id}": {"incident_ids": ["{incident_id}"]}},
    "deleted_out_of_band": ("DELETE /cases/projects/{project}", None),
    "steps": {
        "create": {
            "given": None,
            "declare": FULL,
            "operation": "create",
            "requests": [f"POST {LINK}"],
            "api_state": {"incident_ids": [INCIDENT]},
            "outputs": FULL,
        },
        "create existing": {
            "given": None,
            "out_of_band": [("POST /cases/{case}/relationships/incidents", incident(INCIDENT))],
            "declare": FULL,
            "operation": "create",
            "requests": [f"POST {LINK}"],
            "api_state": {"incident_ids": [INCIDENT]},
        },
        "replace if case_id changes": {
            "declare": {"case_id": "{other_case}"},
            "operation": "replace",
            "warning": f"incident {INCIDENT} stays linked to case {{case}}",
            "requests": [f"POST {LINK}"],
            "api_state": {"incident_ids": [INCIDENT]},
        },
        "replace if incident_id changes": {
            "declare": {"incident_id": OTHER},
            "operation": "replace",
            "warning": f"incident {INCIDENT} stays linked to case {{case}}",
            "requests": [f"POST {LINK}"],
            "api_state": {"incident_ids": [INCIDENT, OTHER]},
            "spec_overrides": {
                "api_state_after_delete": {"{case_id}": {"incident_ids": [INCIDENT, OTHER]}}
            },
        },
        "other link added, which reads do not return": {
            "out_of_band": [(f"POST {LINK}", incident(OTHER))],
            "spec_overrides": {
                "api_state_after_delete": {"{case_id}": {"incident_ids": [INCIDENT, OTHER]}}
            },
        },
        "deleted with its case": {
            "out_of_band": [("DELETE /cases/projects/{project}", None)],
            "declare": {"case_id": "{other_case}"},
            "operation": "create",
            "requests": [f"POST {LINK}"],
        },
        "unknown case": {
            "given": None,
            "declare": {**FULL, "case_id": "P{run}-404"},
            "error": "answered 404: .*case not found",
        },
        "incident number instead of id": {
            "given": None,
            "declare": {**FULL, "incident_id": "42"},
            "error": "answered 400",
        },
        "invalid inputs": {
            "declare": {"case_id": "", "incident_id": 42, "incident": INCIDENT},
            "violations": {
                "case_id": "must be a non-empty string",
                "incident_id": "must be a string, got 42",
                "incident": 'did you mean "incident_id"?',
            },
        },
        "missing inputs": {
            "declare": dict.fromkeys(FULL),
            "violations": dict.fromkeys(FULL, "is missing"),
        },
    },
    "sequence": [
        {
            "out_of_band": [("DELETE /cases/projects/{project}", None)],
            "declare": {"case_id": "{other_case}"},
            "operation": "create",
            "requests": [f"POST {LINK}"],
        },
        {"declare": {"incident_id": " "}, "violations": {"incident_id": "a non-empty string"}},
        {
            "declare": {"incident_id": OTHER},
            "operation": "replace",
            "warning": f"incident {INCIDENT} stays linked to case {{other_case}}",
            "api_state": {"incident_ids": [INCIDENT, OTHER]},
            "spec_overrides": {
                "api_state_after_delete": {"{case_id}": {"incident_ids": [INCIDENT, OTHER]}}
            },
        },
    ],
}


def test_lifecycle(scenario: Scenario) -> None:
    scenario()
