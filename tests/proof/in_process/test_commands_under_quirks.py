"""The commands `import`, `drift`, `export`, `bulk` and `recover` under every quirk of the sandbox.

A quirk is a behaviour that the real API may have instead of the sandbox's default.

The organisation has objects of every resource type, which were deployed under the same quirk. The
result of a command must be complete, or the command must say in one line what is missing.
"""

import json
import os
import re
import subprocess
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.conftest import CREDENTIALS
from tests.proof.in_process.conftest import UUID, begin_process
from tests.proof.in_process.test_quirks import LAG, QUIRKS, RESOURCE_TYPES, untidy
from tests.resources.harness.in_process import InProcessDeployment
from tests.resources.harness.prerequisites import case
from tests.resources.harness.runner import SpecRunner
from typer.testing import CliRunner

import pulumi_datadog_cases as cases
from pulumi_datadog_cases.cli import app, pulumi_cli
from pulumi_datadog_cases.engine.safety import intent_log

if TYPE_CHECKING:
    from tests.conftest import Organization
    from tests.proof.conftest import Faults
    from tests.proof.in_process.conftest import Laboratory

PREFIX = "pulumi-python:dynamic/datadog-cases:"
#: Resource types whose object names contain the id of the case (see `short_name`).
CHILDREN = {"CaseComment", "CaseInsight", "CaseWatcher"}
STACK = "urn:pulumi:dev::project::"


class Stack:
    """Resources of all types, and their state as `pulumi stack export` prints it."""

    def __init__(self, laboratory: "Laboratory") -> None:
        """Deploy the resources. Also create cases that the stack does not manage."""
        self.deployments: dict[str, InProcessDeployment] = {}
        organization = laboratory.organization
        for name in RESOURCE_TYPES:
            spec = laboratory.spec(name)
            deployment = InProcessDeployment(spec["resource_class"], organization)
            runner = SpecRunner(spec, organization, deployment, lambda _: None)
            runner.create_prerequisites()
            deployment.up(runner.fill(untidy(spec)))
            intent_log.mark_saved(name, str(deployment.id))
            self.deployments[name] = deployment
            if name == "Case":
                project = runner.placeholders["project"]
                others = [runner.call(case(project, title=f"Other {n}"))["id"] for n in range(3)]
                runner.call((f"POST /cases/{others[-1]}/archive", {"type": "case"}))

    def exported(self, *, pending: bool = False) -> str:
        """Return the state. With `pending`, it is the state after interrupted creates."""
        root = {"urn": f"{STACK}pulumi:pulumi:Stack::project-dev", "type": "pulumi:pulumi:Stack"}
        resources = [
            {
                "urn": f"{STACK}{PREFIX}{name}::{name}",
                "type": PREFIX + name,
                "id": each.id,
                "inputs": each.inputs,
                "outputs": each.outputs,
                "parent": root["urn"],
            }
            for name, each in self.deployments.items()
        ]
        operations = [{"resource": each, "type": "creating"} for each in resources]
        deployment = {
            "manifest": {"time": datetime.now(UTC).isoformat()},
            "resources": [root] if pending else [root, *resources],
            "pending_operations": operations if pending else [],
        }
        return json.dumps({"version": 3, "deployment": deployment})


def object_name(type_: str, id_: str | None, inputs: Mapping[str, Any]) -> str:
    """Return the name that `OrganizationObjects` has for the object of a resource."""
    parents = getattr(cases, type_).Provider.resource_type.parents
    return short_name(type_, "/".join([*(str(inputs[each]) for each in parents), str(id_)]))


def short_name(type_: str, import_id: str) -> str:
    """Return the name that `OrganizationObjects` has for the object with this import id."""
    return f"{type_} {import_id if type_ in CHILDREN else import_id.rpartition('/')[2]}"


class Commands:
    """Runs commands. `exported` is the state of the selected stack, or None without a stack."""

    def __init__(self) -> None:
        self.exported: str | None = None

    def pulumi(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Imitate `pulumi`.

        `stack export` succeeds if there is a stack. All other commands fail.
        """
        if self.exported is None or "export" not in arguments:
            return subprocess.CompletedProcess(arguments, 1, "", "no stack selected")
        return subprocess.CompletedProcess(arguments, 0, self.exported, "")

    def run(self, *arguments: str) -> Any:  # noqa: ANN401 - JSON
        """Run a command with `--json`; return the document, or None after an error."""
        begin_process()
        result = CliRunner().invoke(app, [*arguments, "--json"])
        assert result.stdout or re.fullmatch(r"error: .+\n", result.stderr), result.output
        return json.loads(result.stdout) if result.stdout else None


@pytest.fixture
def timeouts() -> tuple[float, float]:
    """The timeouts for a connection and for a response, in seconds. No response is slow here."""
    return 5.0, 30.0


@pytest.fixture
def commands(laboratory: "Laboratory", tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Commands:
    for name in [*os.environ]:
        if name.startswith(CREDENTIALS):
            monkeypatch.delenv(name)
    for name, value in laboratory.organization.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    result = Commands()
    monkeypatch.setattr(pulumi_cli, "run_pulumi", result.pulumi)
    return result


@pytest.mark.parametrize("quirk", QUIRKS)
def test_commands_under_quirk(
    quirk: str, laboratory: "Laboratory", quirks: "Faults", commands: Commands
) -> None:
    laboratory.organization.reset()
    quirks.add(*QUIRKS[quirk])
    stack = Stack(laboratory)
    quirks.clear()
    objects = laboratory.read_objects(laboratory.organization).objects
    quirks.add(*QUIRKS[quirk])
    if quirk == "lag_search":
        time.sleep(LAG)  # after this time, searches list the new cases
    checks = Checks(commands, stack, laboratory.organization, objects.keys())
    problems = [
        f"{check.__name__}: {problem}"
        for check in (checks.drift, checks.import_, checks.export, checks.recover, checks.bulk)
        for problem in check()
        if not is_permitted(quirk, problem)
    ]
    assert not problems, "\n".join(problems)


def is_permitted(quirk: str, problem: str) -> bool:
    """Whether the problem is expected under this quirk."""
    if quirk == "bot_edits":
        # Under this quirk, a bot edits labels all the time. The labels that an import has read are
        # therefore soon outdated.
        return problem.endswith("('nothing', {'attributes'}, 'update')")
    # Under the quirk `ids_for_names`, the stored recipient of a notification rule differs from the
    # declared recipient. The API returns no creation time of a notification rule. `recover`
    # therefore cannot tell whether the stack created the rule, and reports that it has not found
    # the rule.
    return quirk == "ids_for_names" and problem.startswith("NotificationRule: ('not_found', [])")


@dataclass(frozen=True)
class Checks:
    """Runs each command, and yields the problems of the result.

    A command may leave out the objects of a resource type if its output says so.

    Attributes:
        commands: runs commands.
        stack: the deployed stack.
        organization: the organisation of the stack.
        objects: the names of all objects in the organisation.
    """

    commands: Commands
    stack: Stack
    organization: "Organization"
    objects: Collection[str]

    def drift(self) -> Iterator[str]:
        """Check that `drift` finds no difference in the stack, and lists all other objects."""
        self.commands.exported = self.stack.exported()
        document = self.commands.run("drift", "--all", "--cases", "*")
        for each in (*document["changed"], *document["gone"]):
            yield f"reports {each}"
        for each in document["unread"]:
            if each["names"]:
                yield f"does not compare {each}"
        own = {
            object_name(name, each.id, each.inputs) for name, each in self.stack.deployments.items()
        }
        listed = {short_name(each["kind"], each["id"]) for each in document["unmanaged"]}
        yield from self._unlisted(own | listed, [each["kind"] for each in document["unread"]])

    def import_(self) -> Iterator[str]:
        """Check that `import` finds every object, and that the written program changes nothing."""
        self.commands.exported = None
        document = self.commands.run("import", "--all", "--cases", "*", "--out", "imported")
        program = Path("imported/__main__.py").read_text(encoding="utf-8")
        compile(program, "__main__.py", "exec")
        file = json.loads(Path("imported/import.json").read_text(encoding="utf-8"))
        listed = set[str]()
        for each in file["resources"]:
            type_ = each["type"].removeprefix(PREFIX)
            listed.add(object_name(type_, each["id"], each["inputs"]))
            if (done := self._deploy_import(type_, each)) != ("nothing", set(), "nothing"):
                yield f"{type_} {each['inputs']}: {done}"
        yield from self._unlisted(listed, [each.partition(":")[0] for each in document["missing"]])

    def _deploy_import(self, type_: str, entry: Mapping[str, Any]) -> object:
        """Deploy an entry of an import file, refresh, deploy again; return the three results."""
        deployment = InProcessDeployment(getattr(cases, type_), self.organization)
        declared = {
            name: value
            for name, value in entry["inputs"].items()
            if value is not None and name != "__provider"
        }
        deployment.id, deployment.inputs = entry["id"], declared
        deployment.outputs = entry["outputs"]
        try:
            return deployment.up(declared), deployment.refresh(), deployment.up(declared)
        except Exception as error:  # noqa: BLE001 - any error is a problem
            return error

    def export(self) -> Iterator[str]:
        """Check that `export` writes every object to the file."""
        self.commands.exported = None
        document = self.commands.run("export", "--cases", "*", "--out", "export.json")
        exported = set(UUID.findall(Path("export.json").read_text(encoding="utf-8")))
        if not document["missing"]:
            missing = (name for name in self.objects if not exported.issuperset(UUID.findall(name)))
            yield from (f"{name} is missing" for name in missing)

    def recover(self) -> Iterator[str]:
        """Check that `recover` finds each object that the next `up` could create again.

        For two kinds of resource types, `recover` needs no search. If a create request can be
        repeated without harm, the result is `repeatable`. If the id of an object follows from the
        inputs, the result is `logged`.
        """
        self.commands.exported = self.stack.exported(pending=True)
        Path("other_machine").mkdir()
        with pytest.MonkeyPatch.context() as monkeypatch:
            monkeypatch.setenv(intent_log.FOLDER_VARIABLE, "other_machine")
            document = self.commands.run("recover")
        results = {
            each["name"]: (
                each["result"],
                [short_name(each["kind"], found["id"]) for found in each["objects"]],
            )
            for each in document["creates"]
        }
        for name, deployment in self.stack.deployments.items():
            lifecycle = getattr(cases, name).Lifecycle
            own = object_name(name, deployment.id, deployment.inputs)
            expected: tuple[str, list[str]] = ("found", [own])
            if lifecycle.create_is_idempotent or not lifecycle.ids_are_unique:
                expected = ("repeatable" if lifecycle.create_is_idempotent else "logged", [])
            if results[name] != expected:
                yield f"{name}: {results[name]} instead of {expected}"

    def bulk(self) -> Iterator[str]:
        """Check that `bulk --all` and a query for archived cases together find all cases."""
        self.commands.exported = None
        every = self.commands.run("bulk", "priority", "P4", "--all", "--yes")
        archived = self.commands.run("bulk", "unarchive", "--filter", "archived:true", "--yes")
        if archived:  # otherwise, an error says that archived cases are left out
            changed = {f"Case {each['id']}" for each in (*every["cases"], *archived["cases"])}
            found = {name for name in self.objects if name.startswith("Case ")}
            yield from (f"{name} is left out" for name in found - changed)

    def _unlisted(self, listed: Collection[str], missing: Collection[str]) -> Iterator[str]:
        """Yield the objects that a command neither lists nor reports as missing."""
        for name in self.objects:
            if name not in listed and name.partition(" ")[0] not in missing:
                yield f"{name} is not listed"
