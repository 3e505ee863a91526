from unittest.mock import ANY

from tests.resources.harness.prerequisites import CASES
from tests.resources.harness.scenarios import Scenario
from tests.resources.harness.spec import ResourceSpec

import pulumi_datadog_cases as cases


def comment(text: str) -> object:
    return {"type": "case", "attributes": {"comment": text}}


LIST = "/cases/{case_id}/comment"
PATH = f"{LIST}/{{id}}"
PAGE = (
    "GET /cases/{case_id}/timelines?sort%5Bascending%5D=true&page%5Bsize%5D=100&page%5Bnumber%5D="
)
READ = [f"{PAGE}0", f"{PAGE}1"]
CHANGE = [f"PUT {PATH}", *READ]
# If the first page is empty, the provider reads no other page.
READ_NONE = {"read_requests": [f"{PAGE}0"]}
TEXT = "Left on a **train**."
FULL = {"case_id": "{case}", "comment": TEXT}

SPEC: ResourceSpec = {
    "resource_class": cases.CaseComment,
    "prerequisites": CASES,
    "full_inputs": FULL,
    "import_id": "{case}/{id}",
    "read_requests": READ,
    "delete_requests": [f"DELETE {PATH}"],
    "api_state_after_delete": {"{id}": {"deleted_at": ANY}},
    "deleted_out_of_band": (f"DELETE {PATH}", None),
    "steps": {
        "create": {
            "given": None,
            "declare": FULL,
            "operation": "create",
            "requests": [f"POST {LIST}"],
            "api_state": {"case_id": "{case}", "message": TEXT, "author_id": "{user}"},
            "outputs": {**FULL, "author": "{user}", "created_at": ANY, "modified_at": None},
        },
        "change comment": {
            "declare": {"comment": "Found."},
            "requests": CHANGE,
            "api_state": {"message": "Found."},
            "outputs": {"comment": "Found.", "author": "{user}", "modified_at": ANY},
        },
        "replace if case_id changes": {
            "declare": {"case_id": "{other_case}"},
            "operation": "replace",
            "requests": [f"POST {LIST}", "DELETE /cases/{case}/comment/{old}"],
            "api_state": {"case_id": "{other_case}", "message": TEXT},
        },
        "comment changed outside Pulumi": {
            "out_of_band": [(f"PUT {PATH}", comment("Theirs"))],
            "drift": {"comment"},
            "requests": CHANGE,
        },
        "other comment added outside Pulumi": {
            "out_of_band": [(f"POST {LIST}", comment("Theirs"))]
        },
        "deleted outside Pulumi": {
            "out_of_band": [(f"DELETE {PATH}", None)],
            "spec_overrides": READ_NONE,
            "operation": "create",
            "requests": [f"POST {LIST}"],
            "api_state": {"message": TEXT},
        },
        "deleted with its case": {
            "out_of_band": [("DELETE /cases/projects/{project}", None)],
            "spec_overrides": READ_NONE,
            "declare": {"case_id": "{other_case}"},
            "operation": "create",
            "requests": [f"POST {LIST}"],
        },
        "unknown case": {
            "given": None,
            "declare": {**FULL, "case_id": "P{run}-404"},
            "error": "answered 404: .*case not found",
        },
        "invalid inputs": {
            "declare": {"case_id": "", "comment": " ", "author": "{user}"},
            "violations": {
                "case_id": "must be a non-empty string",
                "comment": "must be a non-empty string",
                "author": "is read-only; remove it",
            },
        },
        "misspelled name": {
            "declare": {"comment": None, "coment": TEXT},
            "violations": {"comment": "is missing", "coment": 'did you mean "comment"?'},
        },
    },
    "sequence": [
        {
            "out_of_band": [(f"PUT {PATH}", comment("Theirs"))],
            "drift": {"comment"},
            "declare": {"comment": "Found."},
            "requests": CHANGE,
            "api_state": {"message": "Found."},
        },
        {"declare": {"comment": ""}, "violations": {"comment": "a non-empty string"}},
        {
            "out_of_band": [(f"DELETE {PATH}", None)],
            "spec_overrides": READ_NONE,
            "operation": "create",
        },
    ],
}


def test_lifecycle(scenario: Scenario) -> None:
    scenario()
