"""Tests that states written by earlier releases work with this release.

The folder `golden/<release>/` contains a program, and the state that this release wrote when it
deployed the program. The tests prepare a stack in three steps:

1. Deploy the program with the current code, which creates the objects in the sandbox.
2. In a copy of the release's state, replace ids, times and URLs by those of the created objects.
3. Import this copy into the stack.

Each release adds a folder. Existing folders never change. To add a folder, copy the previous
release's program into it. Declare the new resource types and properties in the copy, and run

    pytest tests/state/test_golden.py --write-golden

Secrets in the states are encrypted with the passphrase of the tests' stacks, which is public.
"""

import base64
import json
import pickle
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

import pulumi_datadog_cases as cases
from pulumi_datadog_cases.engine import Resource
from pulumi_datadog_cases.engine.values import without_hidden

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization, Stack

GOLDEN = Path(__file__).parent / "golden"
RELEASES = sorted(folder.name for folder in GOLDEN.iterdir())
PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
THIS_RELEASE: str = PROJECT["project"]["version"]

EVERY_RELEASE = pytest.mark.parametrize("release", RELEASES)

Json: TypeAlias = Any

#: Matches ids, times and URLs of the API, which differ between organisations. The programs' own
#: times are in the year 2999, so they do not match.
MADE_UP = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r"|[0-9a-f]{32}"
    r"|20\d\d-\d\d-\d\dT[\d:.]+Z"
    r"|http://127\.0\.0\.1:\d+"
)
#: Keys of source positions, which depend on the machine that wrote the state.
PLACES = {"sourcePosition", "stackTrace"}


def golden(release: str) -> Json:
    """Return the state that a release wrote."""
    return json.loads((GOLDEN / release / "state.json").read_text("utf-8"))


def resources(state: Json) -> dict[str, Json]:
    """Return the resources of a state by name."""
    return {each["urn"].rsplit("::", 1)[1]: each for each in state["deployment"]["resources"]}


def objects(state: Json) -> dict[str, Json]:
    """Return the resources of this package in a state, by name."""
    ours = "pulumi-python:dynamic/datadog-cases:"
    return {n: each for n, each in resources(state).items() if each["type"].startswith(ours)}


def class_of(resource: Json) -> type[Resource]:
    """Return the class of a resource."""
    found: type[Resource] = getattr(cases, resource["type"].rsplit(":", 1)[1])
    return found


def secrets(of: dict[str, Json]) -> set[tuple[str, str, str]]:
    """Return each encrypted property as a tuple: resource name, "inputs" or "outputs", property."""
    return {
        (name, side, p)
        for name, resource in of.items()
        for side in ("inputs", "outputs")
        for p, value in resource[side].items()
        if isinstance(value, dict) and "ciphertext" in value
    }


def moved(old: Json, new: Json) -> Json:
    """Return the old value, but with the ids, times and URLs of the new value."""
    match old, new:
        case dict(), dict():
            return {key: moved(old[key], new.get(key)) for key in old}
        case list(), list() if len(old) == len(new):
            return [moved(*both) for both in zip(old, new, strict=True)]
        case str(), str() if MADE_UP.sub("", old) == MADE_UP.sub("", new):
            return new
        case _:
            return old


def exported(stack: "Stack", *options: str) -> Json:
    """Return the exported state of a stack."""
    file = stack.folder / "exported.json"
    stack("stack", "export", "--file", str(file), *options)
    return json.loads(file.read_text())


def known(stack: "Stack") -> dict[str, tuple[Json, Json]]:
    """Return the inputs and outputs of this package's resources by name, decrypted.

    The engine's hidden outputs, whose names begin with `__`, are left out.
    """
    of = objects(exported(stack, "--show-secrets"))
    return {name: (each["inputs"], without_hidden(each["outputs"])) for name, each in of.items()}


def write(state: Json) -> None:
    """Write the golden state of this release if the file does not exist yet."""
    for resource in state["deployment"]["resources"]:
        for place in PLACES & resource.keys():
            del resource[place]
    file = GOLDEN / THIS_RELEASE / "state.json"
    if not file.exists():
        file.write_text(json.dumps(state, indent=1, ensure_ascii=False) + "\n", "utf-8")


@pytest.fixture
def stack(
    release: str,
    organization: "Organization",
    new_stack: "NewStack",
    pytestconfig: pytest.Config,
) -> "Stack":
    """A stack with the golden state of a release. The state's objects exist in the sandbox."""
    if not organization.is_sandbox:
        pytest.skip("the golden states belong to a sandbox")
    stack = new_stack(organization, (GOLDEN / release / "program.py").read_text("utf-8"))
    stack("config", "set", "me", organization.call("GET /users")[0]["id"])
    stack.up()
    today = exported(stack)
    if release == THIS_RELEASE and pytestconfig.getoption("--write-golden", default=False):
        write(today)
    state, now = golden(release), resources(today)
    state["deployment"]["resources"] = [
        moved(resource, now[name]) for name, resource in resources(state).items()
    ]
    file = stack.folder / "golden.json"
    file.write_text(json.dumps(state))
    stack("stack", "import", "--file", str(file))
    return stack


@pytest.mark.pulumi
@EVERY_RELEASE
def test_golden_state_refreshes_previews_and_updates(stack: "Stack", release: str) -> None:
    written = known(stack)
    stack.refresh()
    refreshed = known(stack)
    assert refreshed.keys() == written.keys()
    for name, (inputs, outputs) in written.items():
        # The refresh adds the outputs that the release did not have yet.
        same = {output: refreshed[name][1].get(output) for output in outputs}
        assert (refreshed[name][0], same) == (inputs, outputs), name
    stack.preview("--expect-no-changes")
    before = objects(exported(stack))
    assert all("__organization" in each["outputs"] for each in before.values())
    stack("config", "set", "changed", "true")
    stack.up()
    after = objects(exported(stack))
    assert before.keys() == after.keys() == objects(golden(release)).keys()
    for name, resource in before.items():
        assert after[name]["inputs"] != resource["inputs"], f"{name} is not changed"
        if class_of(resource).Provider.resource_type.settable:
            assert after[name]["id"] == resource["id"], f"{name} is replaced"
    assert secrets(after) == secrets(objects(golden(release)))
    stack.preview("--refresh", "--expect-no-changes")


@pytest.mark.pulumi
@EVERY_RELEASE
def test_golden_state_is_destroyed(stack: "Stack", organization: "Organization") -> None:
    stack.destroy()
    assert organization.call("GET /cases/projects") == []
    assert organization.call("GET /maintenance_windows") == []
    types = [each["attributes"] for each in organization.call("GET /cases/types")]
    assert all("deleted_at" in each for each in types if not each["internal"])


@EVERY_RELEASE
def test_golden_state_providers_unpickle(release: str) -> None:
    for resource in objects(golden(release)).values():
        for values in resource["inputs"], resource["outputs"]:
            provider = pickle.loads(base64.b64decode(values["__provider"]))  # noqa: S301 - our own
            assert type(provider) is class_of(resource).Provider


def test_release_has_golden_state() -> None:
    assert THIS_RELEASE in RELEASES, (
        f"there is no {GOLDEN / THIS_RELEASE}: see this file's docstring"
    )
