"""Tests that create, change and destroy every resource type under every quirk of the sandbox.

A quirk is a behaviour in which the API may differ from the sandbox. A quirk must not cause a
permanent difference or a replacement. No object may be lost, duplicated or rejected. A real edit
must still be shown and repaired.
"""

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import pytest
from tests.proof.conftest import QUIRK_CELL
from tests.resources.harness.runner import SpecRunner, merged

import pulumi_datadog_cases as cases
from datadog_cases_sandbox.quirks.types import EXPLANATIONS

if TYPE_CHECKING:
    from tests.proof.conftest import Faults, Measure
    from tests.proof.in_process.conftest import Laboratory
    from tests.resources.harness.spec import Inputs, Requests, ResourceSpec, Step

RESOURCE_TYPES = sorted(set(cases.resources.__all__) - {"Provider"})

#: A quirk in the sandbox's format.
Quirk: TypeAlias = Mapping[str, object]

#: Under the quirk `lag_search`, searches show a write after this many seconds.
LAG = 0.4

#: Parameters of quirks. Some parameters are required. The optional parameters are set to values
#: with which the quirk affects the texts and objects of these tests.
PARAMETERS: Mapping[str, Quirk] = {
    "truncate_strings": {"max_length": 24},
    "limit_hits": {"max_hits": 2},
    "limit_lengths": {"max_length": 1000},
    "lag_search": {"new": LAG, "changed": LAG, "archived": LAG},
    "reserve_deleted_keys": {"seconds": 0.4},
}

#: Properties that `untidy` does not change. `status_name` is the name of a status. `key` and the
#: members of `custom_attributes` are the keys of projects and custom attributes. With another text,
#: the property would name something else, or something that does not exist.
EXACT = {"status_name", "custom_attributes", "key"}

#: Read-only properties whose drift a quirk hides, because the quirk shows another value for them.
HIDDEN_DRIFT: Mapping[str, set[str]] = {"unknown_enum_values": {"status"}}

QUIRKS: "Mapping[str, Sequence[Quirk]]" = {
    "none": [],
    **{kind: [{"kind": kind, **PARAMETERS.get(kind, {})}] for kind in sorted(EXPLANATIONS)},
}


@pytest.mark.parametrize("quirk", QUIRKS)
@pytest.mark.parametrize("resource_type", RESOURCE_TYPES)
def test_life_under_quirk(  # noqa: PLR0913, PLR0917 - fixtures
    resource_type: str,
    quirk: str,
    soak: bool,  # noqa: FBT001 - a fixture
    laboratory: "Laboratory",
    quirks: "Faults",
    measure: "Measure",
    record_property: "Callable[[str, object], None]",
) -> None:
    failures: list[str] = []
    applied = 0
    number = RESOURCE_TYPES.index(resource_type) + [*QUIRKS].index(quirk)
    every = rows(laboratory.spec(resource_type))
    for name, step in every if soak else [every[0], every[1 + number % (len(every) - 1)]]:
        laboratory.organization.reset()
        quirks.add(*QUIRKS[quirk])
        shown = {**step, "drift": step.get("drift", set()) - HIDDEN_DRIFT.get(quirk, set())}
        problem = Life(laboratory, resource_type, LAG if quirk == "lag_search" else 0).problem(
            cast("Step", shown if "drift" in step else step)
        )
        applied += quirks.count  # the next row's reset starts at 0 again
        measure("quirks: rows", 1)
        measure("quirks: rows with a wrong, permanent or missing difference", bool(problem))
        if problem:
            failures.append(f"{name!r}: {problem}")
    record_property(QUIRK_CELL, [quirk, resource_type, len(every), len(failures), applied])
    assert not failures, "\n".join(failures)


def rows(spec: "ResourceSpec") -> "Sequence[tuple[str, Step]]":
    """Return the rows of the spec's table that `Life` can test, and a row with untidy texts."""
    special = {"violations", "error", "corrupt_request", "spec_overrides"}
    untidy_texts: Step = {"given": untidy(spec)}
    return [
        ("texts with spaces and capitals", untidy_texts),
        *(
            (name, step)
            for name, step in spec["steps"].items()
            if not (
                step.keys() & special
                or ("out_of_band" in step and step.get("operation") == "create")
            )
        ),
    ]


class Life:
    """Creates a resource, performs one row of its spec's table, and destroys the resource."""

    def __init__(self, laboratory: "Laboratory", resource_type: str, lag: float) -> None:
        """Prepare the test. Searches show a write after `lag` seconds."""
        self._laboratory = laboratory
        self._lag = lag
        self._spec = laboratory.spec(resource_type)
        resource_class = self._spec["resource_class"]
        self._deployment = laboratory.deployment(resource_class, laboratory.organization)
        self._runner = SpecRunner(
            self._spec, laboratory.organization, self._deployment, lambda _: None
        )

    def problem(self, step: "Step") -> str | None:
        """Run the test; return a description of the problem, or None."""
        try:
            self._runner.create_prerequisites()
            self._live(step)
        except Exception as error:  # noqa: BLE001 - any error is a problem
            return f"{type(error).__name__}: {error}"
        return None

    def _live(self, step: "Step") -> None:
        full = step.get("given", self._spec["full_inputs"])
        if full is None:
            full, step = step["declare"], {}
        before = self._objects()
        _expect("the create", self._up(full)[0], "create")
        own = self._objects() - before
        for call in step.get("out_of_band", ()):
            self._runner.call(call)
        others, unread = self._objects() - own, set[str]()
        if "out_of_band" in step:
            drift = self._deployment.refresh()
            expected = step.get("drift", set())
            unread = drift & self._usually_unread - expected
            _expect("the drift", drift - unread, expected)
        usual = "update" if step.get("declare") or step.get("drift") or unread else "nothing"
        done, sent = self._up(merged(full, step.get("declare", {})))
        _expect("the operation", done, step.get("operation", usual))
        if done == "update" and "requests" in step and not unread:
            _expect("the number of writes", sent, _writes(_flat(step["requests"])))
        own |= self._objects() - others
        _expect("the number of objects", len(own) <= 1 or done == "replace", True)
        self._deployment.destroy()
        _expect("the objects after the destroy", self._objects() - own, others)
        _expect("the object after the destroy", self._objects() & own, set())

    def _up(self, declared: "Inputs") -> tuple[str, int]:
        """Deploy, and check that a second deployment changes nothing and the outputs are right.

        Return the operation and the number of writes.
        """
        deployment, inputs = self._deployment, self._runner.fill(declared)
        operation, sent = self._runner.record_requests(lambda: deployment.up(inputs))
        self._runner.placeholders["id"] = deployment.id
        self._runner.declared = dict(declared)
        _expect("the second deployment", deployment.up(inputs), "nothing")
        _expect("the refresh", deployment.refresh(), set())
        _expect("the third deployment", deployment.up(inputs), "nothing")
        for name, value in deployment.inputs.items():
            _expect(f"the output {name}", deployment.outputs.get(name), value)
        return operation, _writes(sent or ())

    @property
    def _usually_unread(self) -> set[str]:
        """The properties that responses contain only under some quirks."""
        inputs = self._spec["resource_class"].Provider.resource_type.inputs
        return {name for name, p in inputs.items() if p.write_only}

    def _objects(self) -> set[str]:
        """The names of all objects of the tested resource type, except archived cases."""
        time.sleep(self._lag)  # wait until searches show all cases
        own_type = self._spec["resource_class"].__name__
        found = self._laboratory.read_objects(self._laboratory.organization, only=own_type)
        return {
            name for name in found.objects.keys() - found.archived if name.split()[0] == own_type
        }


def _flat(expected: "Requests") -> "Iterator[str]":
    for each in expected:
        yield from [each] if isinstance(each, str) else each


def _writes(sent: "Iterable[str]") -> int:
    return sum(not each.startswith("GET ") for each in sent)


def _expect(what: str, actual: object, expected: object) -> None:
    assert actual == expected, f"{what}: expected {expected!r}, got {actual!r}"


def untidy(spec: "ResourceSpec") -> "Inputs":
    """Return the full inputs, with spaces and capitals added to their texts.

    A text stays as it is if the addition would make it invalid.
    """
    resource_type = spec["resource_class"].Provider.resource_type
    result = dict(spec["full_inputs"])
    for name, value in spec["full_inputs"].items():
        if name in EXACT:
            continue
        changed = {**result, name: _untidy(value)}
        if not any(each.path.startswith(name) for each in resource_type.validate(changed)[1]):
            result = changed
    return result


def _untidy(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, str):
        if re.fullmatch(r"[\w.+-]+@[\w.-]+", value):
            return value.title()
        is_text = re.search(r"[a-z ]", value) and not re.search(r"[{}\d/:#]", value)
        return f" {value.title()} of a Considerable Length " if is_text else value
    if isinstance(value, Mapping):
        return {key: _untidy(item) for key, item in value.items()}
    return [*map(_untidy, value)] if isinstance(value, list) else value
