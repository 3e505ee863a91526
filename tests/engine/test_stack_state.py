"""`stack_objects` runs `pulumi stack export` to find the objects that a stack manages."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeAlias

import pytest

from pulumi_datadog_cases.engine import stack_state
from pulumi_datadog_cases.engine.stack_state import stack_objects, stack_resources

#: A function that replaces `pulumi` by a script. The script prints the given text, and writes the
#: arguments of each call to the returned file.
FakePulumi: TypeAlias = Callable[[str], Path]

STACK = "urn:pulumi:dev::desk::pulumi-python:dynamic/datadog-cases"
URN = f"{STACK}:Case::own"


@pytest.fixture(autouse=True)
def forget() -> Iterator[None]:
    """Clear the cache of exported states, before and after each test."""
    stack_state._export.cache_clear()  # noqa: SLF001 - a cache per process
    yield
    stack_state._export.cache_clear()  # noqa: SLF001 - a cache per process


@pytest.fixture
def fake_pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakePulumi:
    """Return a function that replaces `pulumi` by a script (see `FakePulumi`)."""

    def fake(printed: str) -> Path:
        calls, output = tmp_path / "calls", tmp_path / "output"
        output.write_text(printed)
        script = tmp_path / "pulumi"
        script.write_text(f'#!/bin/sh\necho "$@" >> {calls}\ncat {output}\n')
        script.chmod(0o755)
        monkeypatch.setenv("PATH", os.pathsep.join([str(tmp_path), os.environ["PATH"]]))
        return calls

    return fake


def exported(*resources: Mapping[str, object]) -> str:
    return json.dumps({"deployment": {"resources": resources}})


def resource(name: str, **members: object) -> dict[str, object]:
    type_ = "pulumi-python:dynamic/datadog-cases:Case"
    return {"urn": f"{STACK}:Case::{name}", "type": type_, "id": name, **members}


def test_stack_objects_are_those_that_the_stack_manages(fake_pulumi: FakePulumi) -> None:
    stack_resource = {"urn": "urn:pulumi:dev::desk::pulumi:pulumi:Stack::s", "type": "Stack"}
    calls = fake_pulumi(
        exported(
            stack_resource,
            resource("own", outputs={"title": "Own"}),
            resource("kept", retainOnDelete=True),
            resource("read", external=True),
            resource("replaced", delete=True),
        )
    )
    objects = stack_objects(URN)
    assert objects is not None
    assert objects.keys() == {("Case", "own"), ("Case", "kept")}
    assert objects["Case", "own"].urn == URN
    assert objects["Case", "own"].outputs == {"title": "Own"}
    assert objects["Case", "kept"].is_retained
    assert not objects["Case", "own"].is_retained
    assert stack_objects(f"{STACK}:Case::other") is objects
    assert calls.read_text() == "--non-interactive stack export --stack dev\n"


def test_resource_with_an_old_copy_is_found(fake_pulumi: FakePulumi) -> None:
    fake_pulumi(
        exported(
            resource("own"),
            resource("copied"),
            resource("copied", delete=True),
            resource("other", delete=True, id="own"),
        )
    )
    found = stack_resources(URN, "Case")
    assert {each.urn.rpartition("::")[2]: each.has_old_copy for each in found} == {
        "own": False,
        "copied": True,
    }


def test_concurrent_calls_export_the_state_once(fake_pulumi: FakePulumi) -> None:
    calls = fake_pulumi(exported(resource("own")))
    with ThreadPoolExecutor(8) as pool:
        found = [*pool.map(lambda _: stack_resources(URN, "Case"), range(8))]
    assert [[each.id for each in objects] for objects in found] == [["own"]] * 8
    assert len(calls.read_text().splitlines()) == 1


@pytest.mark.parametrize(
    "printed",
    [
        pytest.param("not JSON", id="no JSON"),
        pytest.param("{}", id="no deployment"),
        pytest.param(
            exported({"urn": "urn:pulumi:dev::another::T::x", "type": "T", "id": "x"}),
            id="a stack of another project",
        ),
    ],
)
def test_unreadable_state_is_unknown(fake_pulumi: FakePulumi, printed: str) -> None:
    fake_pulumi(printed)
    assert stack_objects(URN) is None


def test_state_is_unknown_without_pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert stack_objects(URN) is None


def test_state_is_unknown_without_urn() -> None:
    assert stack_objects(None) is None
