from tests.resources.harness.prerequisites import CASES, case
from tests.resources.harness.scenarios import Scenario
from tests.resources.harness.spec import ResourceSpec

import pulumi_datadog_cases as cases


def link(**attributes: str) -> object:
    return {"type": "link", "attributes": attributes}


LIST = "/cases/link"
PATH = f"{LIST}/{{id}}"
INCIDENT = "11c1de27-0000-4000-8000-000000000001"
FULL = {
    "parent_entity_type": "CASE",
    "parent_entity_id": "{case}",
    "child_entity_type": "CASE",
    "child_entity_id": "{child}",
    "relationship": "BLOCKS",
}
REPLACE = [f"DELETE {LIST}/{{old}}", f"POST {LIST}"]
FROM_INCIDENT = {"parent_entity_type": "INCIDENT", "parent_entity_id": INCIDENT}
TO_INCIDENT = {"child_entity_type": "INCIDENT", "child_entity_id": INCIDENT}

SPEC: ResourceSpec = {
    "resource_class": cases.CaseLink,
    "prerequisites": {**CASES, "child": case("{other_project}")},
    "full_inputs": FULL,
    "import_id": "CASE/{case}/{id}",
    "read_requests": [
        f"GET {LIST}?entity_type={{parent_entity_type}}&entity_id={{parent_entity_id}}",
    ],
    "delete_requests": [f"DELETE {PATH}"],
    "api_state_after_delete": {"{id}": None},
    "deleted_out_of_band": (f"DELETE {PATH}", None),
    "steps": {
        "create": {
            "given": None,
            "declare": FULL,
            "operation": "create",
            "requests": [f"POST {LIST}"],
            "api_state": FULL,
            "outputs": FULL,
        },
        "create from an incident": {
            "given": None,
            "declare": {**FULL, **FROM_INCIDENT, "relationship": "ESCALATES_TO"},
            "operation": "create",
            "requests": [f"POST {LIST}"],
            "api_state": {**FROM_INCIDENT, "relationship": "ESCALATES_TO"},
        },
        "create to an incident": {
            "given": None,
            "declare": {**FULL, **TO_INCIDENT},
            "operation": "create",
            "requests": [f"POST {LIST}"],
            "api_state": TO_INCIDENT,
        },
        "create with case keys": {
            "given": None,
            "declare": {**FULL, "parent_entity_id": "P{run}-1", "child_entity_id": "Q{run}-2"},
            "operation": "create",
            "requests": ["GET /cases/P{run}-1", "GET /cases/Q{run}-2", f"POST {LIST}"],
            "api_state": FULL,
            "outputs": {"parent_entity_id": "P{run}-1", "child_entity_id": "Q{run}-2"},
        },
        "create with lower-case values": {
            "given": None,
            "declare": {
                **FULL,
                "parent_entity_type": "case",
                "child_entity_type": "case",
                "relationship": "parent_of",
            },
            "operation": "create",
            "requests": [f"POST {LIST}"],
            "api_state": {**FULL, "relationship": "PARENT_OF"},
            "outputs": {**FULL, "relationship": "PARENT_OF"},
        },
        "other letter case is no change": {
            "declare": {"parent_entity_type": "case", "relationship": "blocks"},
            "operation": "nothing",
        },
        "replace if parent_entity_type changes": {
            "declare": FROM_INCIDENT,
            "operation": "replace",
            "requests": REPLACE,
            "api_state": {**FULL, **FROM_INCIDENT},
        },
        "replace if parent_entity_id changes": {
            "declare": {"parent_entity_id": "{other_case}"},
            "operation": "replace",
            "requests": REPLACE,
            "api_state": {**FULL, "parent_entity_id": "{other_case}"},
        },
        "replace if child_entity_type changes": {
            "declare": TO_INCIDENT,
            "operation": "replace",
            "requests": REPLACE,
            "api_state": {**FULL, **TO_INCIDENT},
        },
        "replace if child_entity_id changes": {
            "declare": {"child_entity_id": "{other_case}"},
            "operation": "replace",
            "requests": REPLACE,
            "api_state": {**FULL, "child_entity_id": "{other_case}"},
        },
        "replace if relationship changes": {
            "declare": {"relationship": "DUPLICATES"},
            "operation": "replace",
            "requests": REPLACE,
            "api_state": {**FULL, "relationship": "DUPLICATES"},
        },
        "reverse a link without direction": {
            "given": {**FULL, "relationship": "RELATES_TO"},
            "declare": {"parent_entity_id": "{child}", "child_entity_id": "{case}"},
            "operation": "replace",
            "requests": REPLACE,
            "api_state": {"parent_entity_id": "{child}", "child_entity_id": "{case}"},
        },
        "other link added outside Pulumi": {
            "out_of_band": [(f"POST {LIST}", link(**{**FULL, "relationship": "CAUSES"}))],
        },
        "deleted outside Pulumi": {
            "out_of_band": [(f"DELETE {PATH}", None)],
            "operation": "create",
            "requests": [f"POST {LIST}"],
            "api_state": FULL,
        },
        "deleted with its parent": {
            "out_of_band": [("DELETE /cases/projects/{project}", None)],
            "declare": FROM_INCIDENT,
            "operation": "create",
            "requests": [f"POST {LIST}"],
        },
        "deleted with its child": {
            "out_of_band": [("DELETE /cases/projects/{other_project}", None)],
            "declare": TO_INCIDENT,
            "operation": "create",
            "requests": [f"POST {LIST}"],
        },
        "unknown case": {
            "given": None,
            "declare": {**FULL, "child_entity_id": INCIDENT},
            "error": "answered 404: .*case not found",
        },
        "existing link": {
            "given": None,
            "out_of_band": [(f"POST {LIST}", link(**FULL))],
            "declare": FULL,
            "error": "answered 400: .*already linked in this way",
        },
        "invalid inputs": {
            "declare": {
                "parent_entity_type": "CAES",
                "parent_entity_id": " ",
                "child_entity_type": 3,
                "child_entity_id": 12,
                "relationship": "BLOCK",
                "link_id": "x",
            },
            "violations": {
                "parent_entity_type": 'did you mean "CASE"?',
                "parent_entity_id": "must be a non-empty string",
                "child_entity_type": "must be one of CASE, INCIDENT, PAGE, AGENT_CONVERSATION",
                "child_entity_id": "must be a string, got 12",
                "relationship": 'did you mean "BLOCKS"?',
                "link_id": "is not a property of CaseLink; known properties: parent_entity_type",
            },
        },
        "link without a case": {
            "declare": {**FROM_INCIDENT, "child_entity_type": "page"},
            "violations": {"child_entity_type": "must be CASE if parent_entity_type is not"},
        },
        "missing inputs": {
            "declare": dict.fromkeys(FULL),
            "violations": dict.fromkeys(FULL, "is missing"),
        },
    },
    "sequence": [
        {
            "declare": {"relationship": "CAUSES"},
            "operation": "replace",
            "requests": REPLACE,
            "api_state": {**FULL, "relationship": "CAUSES"},
        },
        {"declare": {"relationship": "CAUSE"}, "violations": {"relationship": 'mean "CAUSES"?'}},
        {"out_of_band": [(f"DELETE {PATH}", None)], "operation": "create"},
    ],
}


def test_lifecycle(scenario: Scenario) -> None:
    scenario()
