"""Fixtures for the tests of `datadog-cases drift`: people, a stack's state, and the command."""

import json
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Run
    from tests.conftest import Organization

#: A function that runs `drift --json` and returns the document, as in
#: `find("--all", ends_with=2)["gone"]`. `ends_with` is the expected exit code.
Find: TypeAlias = Callable[..., Any]

ME = "5a9d0c00-0000-4000-8000-000000000001"
STANDARD = "00000000-0000-0000-0000-000000000001"

TRIGGER = {"type": "CASE_CREATED"}
ACTION = {"type": "EXECUTE_WORKFLOW", "data": {"handle": "h"}}
RULE = {"name": "Triage", "trigger": TRIGGER, "action": ACTION}
NOTIFICATION = {
    "recipients": [{"type": "EMAIL", "data": {"email": "soc@example.com"}}],
    "triggers": [TRIGGER],
}
WINDOW = {
    "name": "Holidays",
    "query": "project:SOC",
    "start_at": "2999-12-24T00:00:00Z",
    "end_at": "2999-12-27T00:00:00Z",
}

#: A fake `pulumi` that prints the file `state.json`, which the tests write.
PULUMI = """\
import pathlib, sys
state = pathlib.Path(sys.argv[sys.argv.index("--cwd") + 1], "state.json")
if not state.exists():
    sys.exit("error: no stack selected; please use `pulumi stack select` to choose one")
print(state.read_text())
"""


class People:
    """Users who change the organisation through the API, outside Pulumi."""

    def __init__(self, organization: "Organization") -> None:
        self.call = organization.call

    def add(self, path: str, kind: str, **attributes: object) -> str:
        """Create an object; return its id."""
        project = attributes.pop("project_id", None)
        data: dict[str, object] = {"type": kind, "attributes": attributes}
        if project:
            data["relationships"] = {"project": {"data": {"type": "project", "id": project}}}
        return str(self.call(f"POST {path}", data)["id"])

    def project(self, key: str, **attributes: object) -> str:
        return self.add("/cases/projects", "project", key=key, **{"name": key, **attributes})

    def rule(self, project: str, **attributes: object) -> str:
        return self.add(f"/cases/projects/{project}/rules", "rule", **{**RULE, **attributes})

    def notification(self, project: str, **attributes: object) -> str:
        path = f"/cases/projects/{project}/notification_rules"
        return self.add(path, "notification_rule", **{**NOTIFICATION, **attributes})

    def case(self, project: str, title: str) -> str:
        return self.add("/cases", "case", project_id=project, title=title, type_id=STANDARD)

    def set(self, case: str, name: str, **attributes: object) -> None:
        self.call(f"POST /cases/{case}/{name}", {"type": "case", "attributes": attributes})


class State:
    """The state of a stack in a folder, in Pulumi's format."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._resources = list[dict[str, Any]]()
        folder.mkdir(exist_ok=True)
        self.write()

    def add(self, kind: str, name: str, id_: str, inputs: dict[str, Any], **more: object) -> str:
        """Add a resource to the state, and return the resource's id.

        Args:
            kind: the resource type.
            name: the resource name.
            id_: the resource's id.
            inputs: the resource's inputs. They are also its outputs, if `more` has no `outputs`.
            more: further members of the resource's entry in the state.
        """
        token = f"pulumi-python:dynamic/datadog-cases:{kind}"
        urn = f"urn:pulumi:s::p::{token}::{name}"
        resource = {"urn": urn, "type": token, "id": id_, "inputs": inputs, "outputs": inputs}
        self._resources.append({**resource, **more})
        self.write()
        return id_

    def write(self) -> None:
        state = {"version": 3, "deployment": {"resources": self._resources}}
        (self.folder / "state.json").write_text(json.dumps(state))


@pytest.fixture
def people(organization: "Organization") -> People:
    return People(organization)


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> State:
    """The state of the stack that is selected in the current folder. It is empty at first."""
    tools = tmp_path / "tools"
    tools.mkdir()
    program = tools / "pulumi"
    program.write_text(f"#!{sys.executable}\n{PULUMI}")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    return State(tmp_path)


@pytest.fixture
def desk(people: People, state: State) -> str:
    """The id of a project SOC that the stack manages."""
    id_ = people.project("SOC", name="Security operations")
    return state.add("Project", "desk", id_, {"key": "SOC", "name": "Security operations"})


@pytest.fixture
def find(run: "Run") -> Find:
    """Return a function that runs `drift --json`, as `Find` describes."""

    def find(*arguments: str, ends_with: int = 2) -> Any:  # noqa: ANN401 - JSON
        return json.loads(run("drift", "--json", *arguments, ends_with=ends_with).stdout)

    return find


def properties(found: Any) -> dict[str, tuple[object, object]]:  # noqa: ANN401 - JSON
    """Return the declared and the live value of each difference, by `name.path`."""
    return {
        f"{each['name']}.{one['path']}": (one["declared"], one["live"])
        for each in found["changed"]
        for one in each["properties"]
    }


def names(found: Iterable[Any], of: str = "name") -> list[str]:
    return [each[of] for each in found]
