"""The selected stack of a folder: what stands in its state, and bringing more into it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pulumi.dynamic.dynamic import serialize_provider

from pulumi_datadog_cases.cli.census import KINDS, Found
from pulumi_datadog_cases.cli.common import CommandError, printable, run_pulumi
from pulumi_datadog_cases.cli.program import Declaration
from pulumi_datadog_cases.engine import Live, Value
from pulumi_datadog_cases.resources.base import CaseResource

_PREFIX = f"pulumi-python:dynamic/{CaseResource.token_module}:"

#: What Pulumi puts in place of a secret (documented as part of its wire format).
_SECRET = "4dabf18193072939515e22adb298388d"  # noqa: S105 - a signature, no secret

#: Resources that every stack has.
_OWN_OF_PULUMI = ("pulumi:pulumi:", "pulumi:providers:")


@dataclass(frozen=True)
class Stacked:
    """An object that stands in the state, as the program declared it."""

    name: str
    found: Found
    #: Whether something in it is secret, and so not to be read here.
    is_secret: bool


@dataclass(frozen=True)
class Stack:
    """What stands in a state."""

    objects: Sequence[Stacked] = ()
    #: The URNs of what is none of this package's.
    others: Sequence[str] = field(default_factory=list[str])

    @classmethod
    def of(cls, folder: Path) -> "Stack":
        """The state of the folder's selected stack; nothing where none is selected.

        Raises:
            CommandError: there is one, but its state cannot be read.
        """
        exported = run_pulumi("--cwd", str(folder), "stack", "export")
        if exported.returncode:
            if "no stack selected" in exported.stderr:
                return cls()
            reason = printable(exported.stderr.removeprefix("error: "))
            raise CommandError(f"`pulumi stack export` cannot read the stack of {folder}: {reason}")
        deployment: dict[str, Any] = json.loads(exported.stdout)["deployment"]
        resources: list[dict[str, Any]] = deployment.get("resources") or []
        ours = [each for each in resources if each["type"].startswith(_PREFIX)]
        others = [
            each["urn"]
            for each in resources
            if each not in ours and not each["type"].startswith(_OWN_OF_PULUMI)
        ]
        return cls([_stacked(each) for each in ours], others)


def _stacked(resource: Mapping[str, Any]) -> Stacked:
    kind = KINDS[resource["type"].removeprefix(_PREFIX)].Provider.kind
    inputs: Mapping[str, Value] = resource["inputs"]
    declared = {name: inputs[name] for name in kind.inputs if name in inputs}
    found = Found(kind, Live(resource["id"], resource.get("outputs") or {}), declared)
    return Stacked(resource["urn"].rsplit("::", 1)[1], found, _SECRET in json.dumps(declared))


def import_file(declarations: Iterable[Declaration]) -> str:
    """What `pulumi import --file` reads: each object as the state will hold it.

    A dynamic provider cannot be asked for an object it does not know yet, so the file says it
    all: with `inputs`, `outputs` and the provider in both, Pulumi takes them as they are (tried
    with 3.259; 3.250 did not).
    """
    return json.dumps({"resources": [_entry(each) for each in declarations]}, indent=2) + "\n"


def _entry(declaration: Declaration) -> Mapping[str, object]:
    found = declaration.found
    provider = {"__provider": serialize_provider(KINDS[found.kind.name].Provider())}
    everything = dict.fromkeys(found.kind.properties)
    return {
        "type": _PREFIX + found.kind.name,
        "name": declaration.name,
        "id": found.id,
        "inputs": {**everything, **found.declared, **provider},
        "outputs": {**found.kind.outputs(found.declared, found.live), **provider},
    }


def bring_in(folder: Path, file: Path) -> None:
    """Have the selected stack take over what an import file holds: `pulumi import`.

    Raises:
        CommandError: it could not.
    """
    options = ("--generate-code=false", "--protect=false", "--yes", "--skip-preview")
    done = run_pulumi("--cwd", str(folder), "import", "--file", str(file.resolve()), *options)
    if done.returncode:
        reason = printable((done.stderr or done.stdout)[-2000:])
        raise CommandError(f"`pulumi import` failed in {folder}: {reason}")
