from tests.resources.harness.prerequisites import CASES
from tests.resources.harness.scenarios import Scenario
from tests.resources.harness.spec import ResourceSpec

import pulumi_datadog_cases as cases


def insights(*items: dict[str, str]) -> object:
    return {"type": "case", "attributes": {"insights": list(items)}}


PATH = "/cases/{case_id}/insights"
# The resource_id contains slashes and colons, because ids of other Datadog products may contain
# them.
INSIGHT = {"type": "MONITOR", "ref": "/monitors/12345?q=total", "resource_id": "eu/1:23:45"}
THEIRS = {"type": "EVENT", "ref": "/event/1", "resource_id": "1"}
FULL = {"case_id": "{case}", **INSIGHT}
REPLACE = [f"DELETE {PATH}", f"PUT {PATH}"]

SPEC: ResourceSpec = {
    "resource_class": cases.CaseInsight,
    "prerequisites": CASES,
    "full_inputs": FULL,
    "import_id": "{case}/MONITOR:eu/1:23:45",
    "api_state_id": "{case_id}",
    "read_requests": ["GET /cases/{case_id}"],
    "delete_requests": [f"DELETE {PATH}"],
    "api_state_after_delete": {"{case_id}": {"insights": []}},
    "deleted_out_of_band": (f"DELETE {PATH}", insights(INSIGHT)),
    "steps": {
        "create": {
            "given": None,
            "declare": FULL,
            "operation": "create",
            "requests": [f"PUT {PATH}"],
            "api_state": {"insights": [INSIGHT]},
            "outputs": FULL,
        },
        "create with lower-case values": {
            "given": None,
            "declare": {**FULL, "type": "monitor"},
            "operation": "create",
            "requests": [f"PUT {PATH}"],
            "api_state": {"insights": [INSIGHT]},
            "outputs": FULL,
        },
        "create with a type unknown to the provider": {
            "given": None,
            "declare": {**FULL, "type": "QUANTUM_LEAP"},
            "operation": "create",
            "requests": [f"PUT {PATH}"],
            "warning": 'type "QUANTUM_LEAP" is not one of SECURITY_SIGNAL, MONITOR',
            "api_state": {"insights": [{**INSIGHT, "type": "QUANTUM_LEAP"}]},
        },
        "replace if case_id changes": {
            "declare": {"case_id": "{other_case}"},
            "operation": "replace",
            "requests": ["DELETE /cases/{case}/insights", f"PUT {PATH}"],
            "api_state": {"insights": [INSIGHT]},
        },
        "replace if type changes": {
            "declare": {"type": "SECURITY_SIGNAL"},
            "operation": "replace",
            "requests": REPLACE,
            "api_state": {"insights": [{**INSIGHT, "type": "SECURITY_SIGNAL"}]},
        },
        "replace if ref changes": {
            "declare": {"ref": "/monitors/12345"},
            "operation": "replace",
            "requests": REPLACE,
            "api_state": {"insights": [{**INSIGHT, "ref": "/monitors/12345"}]},
        },
        "replace if resource_id changes": {
            "declare": {"resource_id": "eu/2:34:56"},
            "operation": "replace",
            "requests": REPLACE,
            "api_state": {"insights": [{**INSIGHT, "resource_id": "eu/2:34:56"}]},
        },
        "ref changed outside Pulumi": {
            "out_of_band": [(f"PUT {PATH}", insights({**INSIGHT, "ref": "/theirs"}))],
            "drift": {"ref"},
            "operation": "replace",
            "requests": REPLACE,
            "api_state": {"insights": [INSIGHT]},
        },
        "other insight added outside Pulumi": {
            "out_of_band": [
                (f"PUT {PATH}", insights(THEIRS)),
                (f"DELETE {PATH}", insights(INSIGHT)),
            ],
            "operation": "create",
            "requests": [f"PUT {PATH}"],
            "api_state": {"insights": [THEIRS, INSIGHT]},
            "spec_overrides": {"api_state_after_delete": {"{case_id}": {"insights": [THEIRS]}}},
        },
        "deleted with its case": {
            "out_of_band": [("DELETE /cases/projects/{project}", None)],
            "declare": {"case_id": "{other_case}"},
            "operation": "create",
            "requests": [f"PUT {PATH}"],
        },
        "unknown case": {
            "given": None,
            "declare": {**FULL, "case_id": "P{run}-404"},
            "error": "answered 404: .*case not found",
        },
        "invalid inputs": {
            "declare": {
                "case_id": "",
                "type": "MONITR",
                "ref": "",
                "resource_id": 12345,
                "id": "x",
            },
            "violations": {
                "case_id": "must be a non-empty string",
                "type": 'did you mean "MONITOR"?',
                "ref": "must be a non-empty string",
                "resource_id": "must be a string, got 12345",
                "id": "is not a property of CaseInsight; known properties: case_id, type, ref",
            },
        },
        "missing inputs": {
            "declare": dict.fromkeys(FULL),
            "violations": dict.fromkeys(FULL, "is missing"),
        },
    },
    "sequence": [
        {
            "out_of_band": [(f"PUT {PATH}", insights({**INSIGHT, "ref": "/theirs"}))],
            "drift": {"ref"},
            "declare": {"resource_id": "eu/2:34:56"},
            "operation": "replace",
            "requests": REPLACE,
            "api_state": {"insights": [{**INSIGHT, "resource_id": "eu/2:34:56"}]},
        },
        {"declare": {"type": "MONITR"}, "violations": {"type": 'did you mean "MONITOR"?'}},
        {
            "out_of_band": [("DELETE /cases/projects/{project}", None)],
            "declare": {"case_id": "{other_case}"},
            "operation": "create",
        },
    ],
}


def test_lifecycle(scenario: Scenario) -> None:
    scenario()
