"""Scenarios: tests that run for every resource type, in addition to the rows of its table."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeAlias

from tests.resources.harness.deployment import changed_properties
from tests.resources.harness.in_process import InProcessDeployment, over_wire
from tests.resources.harness.runner import SpecRunner, merged
from tests.resources.harness.spec import Operation, Step

from pulumi_datadog_cases.engine.values import UNKNOWN

#: A function that runs one test of a resource type: a row of its table or a common scenario.
Scenario: TypeAlias = Callable[[], None]


def preview_with_unknown_prerequisites(runner: SpecRunner) -> None:
    """If the ids of the prerequisites are still unknown, a preview sends no request."""
    spec = runner.spec
    runner.placeholders |= dict.fromkeys(("user", *spec["prerequisites"]), UNKNOWN)
    inputs = runner.fill(spec["full_inputs"])
    violations, requests = runner.record_requests(partial(runner.deployment.check, inputs))
    assert violations == {}
    runner.expect_requests("requests", requests, [])


def get(runner: SpecRunner) -> None:
    """`Resource.get` finds the object by its import id, and by its id with its parents."""
    resource_type = runner.spec["resource_class"].Provider.resource_type
    with runner.prepared():
        runner.run_step("create", {})
        deployment = runner.deployment
        assert isinstance(deployment, InProcessDeployment)
        assert deployment.id is not None
        parents = {name: deployment.outputs[name] for name in resource_type.parents}
        import_id = runner.fill(runner.spec["import_id"])
        for id_, known in (import_id, {}), (deployment.id, parents):
            result = deployment.provider().read(id_, over_wire(known))
            assert result.id == deployment.id
            write_only = {name for name, p in resource_type.properties.items() if p.write_only}
            read = over_wire(result.outs or {})
            # The read returns every declared member, and may return undeclared members.
            assert changed_properties(merged(read, deployment.outputs), read) <= write_only


def destroy_after_deletion_outside_pulumi(runner: SpecRunner) -> None:
    """A destroy succeeds if the object has already been deleted."""
    with runner.prepared():
        runner.run_step("create", {})
        runner.call(runner.spec["deleted_out_of_band"])
        runner.deployment.destroy()


def sequence(runner: SpecRunner) -> None:
    """Run the steps of `sequence` one after the other on the same resource."""
    steps = enumerate(runner.spec["sequence"], 1)
    runner.run({f"sequence {number}": step for number, step in steps})


def rows_cover_every_property(runner: SpecRunner) -> None:
    """For each input, the table has rows where it is invalid, set, changed, removed, drifting."""
    spec, resource_type = runner.spec, runner.spec["resource_class"].Provider.resource_type
    steps = spec["steps"].values()

    def declared(name: str, operation: Operation) -> list[Any]:
        return [
            step["declare"][name]
            for step in steps
            if _operation(step) == operation and name in step.get("declare", {})
        ]

    for name, p in resource_type.inputs.items():
        assert p.is_instruction or name in spec["full_inputs"] or declared(name, "create")
        paths = [path for step in steps for path in step.get("violations", {})]
        assert any(re.match(rf"{name}\b", path) for path in paths), f"{name} is never invalid"
        if p.replace_on_changes:
            assert declared(name, "replace"), f"{name} is never replaced"
            continue
        if p.adopts:
            continue  # `adopt` is not stored in the object; test_adopt.py tests it
        updates = declared(name, "update")
        assert any(value is not None for value in updates), f"{name} is never changed"
        assert p.required or None in updates, f"{name} is never removed"
        drifts = any(name in step.get("drift", ()) for step in steps)
        assert p.write_only or drifts, f"{name} never drifts"


def _operation(step: Step) -> Operation | None:
    if step.keys() & {"violations", "error"}:
        return None
    return step.get("operation", "update")


#: The common scenarios by test name.
COMMON_SCENARIOS: Mapping[str, Callable[[SpecRunner], None]] = {
    scenario.__name__.replace("_", " "): scenario
    for scenario in (
        preview_with_unknown_prerequisites,
        get,
        destroy_after_deletion_outside_pulumi,
        sequence,
        rows_cover_every_property,
    )
}
