"""The messages of a failing row of a `SPEC` table."""

from typing import TYPE_CHECKING

import pytest
from tests.resources.harness.in_process import NewDeployment
from tests.resources.harness.row import Row
from tests.resources.harness.runner import SpecRunner
from tests.resources.harness.spec import ResourceSpec, Step

import pulumi_datadog_cases as cases

if TYPE_CHECKING:
    from tests.conftest import Organization

SPEC: ResourceSpec = {
    "resource_class": cases.CaseType,
    "prerequisites": {},
    "full_inputs": {"name": "Theft {run}"},
    "import_id": "{id}",
    "read_requests": ["GET /cases/types"],
    "delete_requests": ["DELETE /cases/types/{id}"],
    "api_state_after_delete": {},
    "deleted_out_of_band": ("DELETE /cases/types/{id}", None),
    "steps": {},
    "sequence": [],
}


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (
            {"declare": {"emoji": "🎯"}, "api_state": {"emoji": "🧯"}},
            "api_state: expected {'emoji': '🧯'}, got {'emoji': '🎯'}",
        ),
        ({"operation": "update"}, "operation: expected 'update', got 'nothing'"),
        (
            {"declare": {"name": ""}, "violations": {"name": "must be a UUID"}},
            "violations: name: expected 'must be a UUID', got 'must be a non-empty string",
        ),
        (
            {"declare": {"description": "x"}, "error": "answered 400"},
            "error: expected 'answered 400', got ''",
        ),
    ],
)
def test_failed_row_names_resource_row_and_key(
    broken: Step, message: str, organization: "Organization", new_deployment: NewDeployment
) -> None:
    if not organization.is_sandbox:
        pytest.skip("only a sandbox shows the API state")
    runner = SpecRunner(SPEC, organization, new_deployment(cases.CaseType), lambda _: None)
    with pytest.raises(AssertionError) as failure:
        runner.run({"broken row": broken})
    assert str(failure.value).startswith(f'CaseType / "broken row" / {message}')


def test_row_adds_its_name_to_other_errors() -> None:
    with pytest.raises(KeyError) as failure, Row("CaseType", "create"):
        raise KeyError
    assert failure.value.__notes__ == ['in CaseType / "create"']
