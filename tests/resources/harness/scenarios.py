"""Scenarios: tests that run for every resource type, in addition to the rows of its table."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeAlias

import pytest
from tests.resources.harness.deployment import changed_properties
from tests.resources.harness.in_process import InProcessDeployment, over_wire
from tests.resources.harness.runner import SpecRunner, merged
from tests.resources.harness.spec import Inputs, Operation, ResourceSpec, Step

from pulumi_datadog_cases.engine.dynamic import GET_KEY
from pulumi_datadog_cases.engine.operations import ObjectNotFoundError
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
    """`Resource.get` finds an object in two ways.

    One way is by the import id. The other way is by the object's id together with the ids of its
    parents.
    """
    resource_type = runner.spec["resource_class"].Provider.resource_type
    with runner.prepared():
        runner.run_step("create", {})
        deployment = runner.deployment
        assert isinstance(deployment, InProcessDeployment)
        for id_, known in _ways_to_get(runner):
            result = deployment.provider().read(id_, over_wire({**known, GET_KEY: True}))
            assert result.id == deployment.id
            write_only = {name for name, p in resource_type.properties.items() if p.write_only}
            read = over_wire(result.outs or {})
            # `read` returns every declared member. It may also return undeclared members.
            assert changed_properties(merged(read, deployment.outputs), read) <= write_only
            assert GET_KEY not in {*read, *(result.inputs or {})}


def get_of_missing_object(runner: SpecRunner) -> None:
    """`Resource.get` fails if the object does not exist.

    If the object of a deployed resource does not exist, a refresh removes the resource from the
    state.
    """
    name, spec = runner.spec["resource_class"].__name__, runner.spec
    with runner.prepared():
        runner.run_step("create", {})
        deployment = runner.deployment
        assert isinstance(deployment, InProcessDeployment)
        runner.call(spec["deleted_out_of_band"])
        import_id = runner.fill(spec["import_id"])
        for id_, known in _ways_to_get(runner):
            error = re.escape(f"there is no {name} {import_id}: check the id")
            with pytest.raises(ObjectNotFoundError, match=error):
                deployment.provider().read(id_, over_wire({**known, GET_KEY: True}))
        deployment.refresh()
        assert deployment.id is None


def _ways_to_get(runner: SpecRunner) -> list[tuple[str, dict[str, Any]]]:
    """Two pairs of id and parent ids. With each pair, `Resource.get` finds the deployed object."""
    resource_type, deployment = (
        runner.spec["resource_class"].Provider.resource_type,
        runner.deployment,
    )
    assert deployment.id is not None
    parents = {name: deployment.outputs[name] for name in resource_type.parents}
    return [(runner.fill(runner.spec["import_id"]), {}), (deployment.id, parents)]


def destroy_after_deletion_outside_pulumi(runner: SpecRunner) -> None:
    """A destroy succeeds if the object has already been deleted."""
    with runner.prepared():
        runner.run_step("create", {})
        runner.call(runner.spec["deleted_out_of_band"])
        runner.deployment.destroy()


def moved_case(runner: SpecRunner) -> None:
    """A resource that refers to a case by its key, not its UUID, survives a move of the case.

    The move gives the case another key. The provider requests a case by key only when the program
    begins to use this key.
    """
    spec, deployment = runner.spec, runner.deployment
    with runner.prepared():
        by_id = runner.fill(spec["full_inputs"])
        by_old_key, old_key = _by_case_key(runner, by_id)
        operation, requests = runner.record_requests(partial(deployment.up, by_old_key))
        assert operation == "create"
        assert [request for request in requests or [] if old_key in request] == [
            f"GET /cases/{old_key}"
        ]
        runner.placeholders["id"] = deployment.id
        runner.declared = dict(spec["full_inputs"])
        move = "PATCH /cases/{case}/relationships/project"
        runner.call((move, {"type": "project", "id": "{other_project}"}))
        by_new_key, new_key = _by_case_key(runner, by_id)

        drift, requests = runner.record_requests(deployment.refresh)
        assert drift == set()
        runner.expect_requests("read_requests", requests, spec["read_requests"])
        for inputs, operation, requests in (
            (by_old_key, "nothing", []),
            (by_new_key, "update", [f"GET /cases/{new_key}"]),
            (by_id, "update", []),
            (by_new_key, "update", [f"GET /cases/{new_key}"]),
        ):
            assert runner.record_requests(partial(deployment.up, inputs)) == (operation, requests)
            deployment.assert_no_changes(inputs)
            assert {name: deployment.outputs[name] for name in inputs} == inputs
        runner.destroy()


def _by_case_key(runner: SpecRunner, inputs: Inputs) -> tuple[Inputs, str]:
    """Return the inputs with the case's current key in place of its UUID, and the key."""
    case_id = runner.fill("{case}")
    key = runner.organization.call(f"GET /cases/{case_id}")["attributes"]["key"]
    return {name: key if value == case_id else value for name, value in inputs.items()}, key


def sequence(runner: SpecRunner) -> None:
    """Run the steps of `sequence` one after the other on the same resource."""
    steps = enumerate(runner.spec["sequence"], 1)
    runner.run({f"sequence {number}": step for number, step in steps})


def rows_cover_every_property(runner: SpecRunner) -> None:
    """Each input has rows in which it is invalid, set, changed, removed and drifting."""
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
        get_of_missing_object,
        moved_case,
        destroy_after_deletion_outside_pulumi,
        sequence,
        rows_cover_every_property,
    )
}


def common_scenarios(spec: ResourceSpec) -> list[str]:
    """The names of the common scenarios that apply to a resource type."""
    references = spec["resource_class"].Provider.resource_type.references
    survives_move = references and not spec.get("is_deleted_by_move")
    return [name for name in COMMON_SCENARIOS if name != "moved case" or survives_move]
