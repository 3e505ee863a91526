"""The selected stack of a folder: what stands in its state, and bringing more into it."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pulumi.dynamic.dynamic import (
    serialize_provider,  # pyright: ignore[reportUnknownVariableType] - untyped there
)

from pulumi_datadog_cases.cli.codegen import Declaration
from pulumi_datadog_cases.cli.common import CommandError, printable, run_pulumi
from pulumi_datadog_cases.cli.inventory import RESOURCE_TYPES, InventoryItem
from pulumi_datadog_cases.engine import LiveObject, Value, Values
from pulumi_datadog_cases.engine.values import from_wire
from pulumi_datadog_cases.resources._shared.base import CaseResource, members

_PREFIX = f"pulumi-python:dynamic/{CaseResource.token_module}:"

#: What Pulumi puts in place of a secret (documented as part of its wire format).
_SECRET = "4dabf18193072939515e22adb298388d"  # noqa: S105 - a signature, no secret

#: The providers of dynamic resources, of which the one that Pulumi makes has the stack's config.
_PROVIDER = "pulumi:providers:pulumi-python"
_DEFAULT = re.compile(r"::default(_[\d_]+)?$")

#: What the state keeps of Pulumi's options, beside provider and parent.
_OPTIONS = (
    "protect",
    "retainOnDelete",
    "ignoreChanges",
    "replaceOnChanges",
    "additionalSecretOutputs",
    "deletedWith",
    "aliases",
    "customTimeouts",
)

#: Resources that every stack has.
_OWN_OF_PULUMI = ("pulumi:pulumi:", "pulumi:providers:")


@dataclass(frozen=True)
class StateResource:
    """An object that stands in the state, as the program declared it."""

    name: str
    found: InventoryItem
    #: The properties with something secret in them.
    secret: AbstractSet[str]
    #: The property paths that the program leaves to others: `ignore_changes`.
    ignored: Sequence[str]
    #: The config of the provider that it was given; None where it has the stack's.
    config: Values | None
    #: Whether the program gives it any of Pulumi's options, as far as the state tells.
    has_options: bool


@dataclass(frozen=True)
class StackState:
    """What stands in a state."""

    objects: Sequence[StateResource] = ()
    #: What it knows and does not manage: what `get` reads, or what the next deployment removes.
    known: Sequence[StateResource] = ()
    #: The URNs of what is none of this package's.
    others: Sequence[str] = field(default_factory=list[str])
    #: Whether there is a stack at all.
    is_selected: bool = True

    @classmethod
    def of(cls, folder: Path, *, show_secrets: bool = False) -> "StackState":
        """The state of the folder's selected stack; nothing where none is selected.

        Args:
            folder: where the program is.
            show_secrets: whether what is secret is to be had in plain text.

        Raises:
            CommandError: there is one, but its state cannot be read.
        """
        options = ["--show-secrets"] if show_secrets else []
        exported = run_pulumi("--cwd", str(folder), "stack", "export", *options)
        if exported.returncode:
            if "no stack selected" in exported.stderr:
                return cls(is_selected=False)
            reason = printable(exported.stderr.removeprefix("error: "))
            raise CommandError(f"`pulumi stack export` cannot read the stack of {folder}: {reason}")
        return cls.exported(exported.stdout)

    @classmethod
    def selected(
        cls, folder: Path, *, show_secrets: bool = False, instead: str = ""
    ) -> "StackState":
        """As `of`, where there is to be one.

        Args:
            folder: where the program is.
            show_secrets: whether what is secret is to be had in plain text.
            instead: what else one could do without a stack.

        Raises:
            CommandError: there is none, or its state cannot be read.
        """
        where = folder.resolve()
        stack = cls.of(where, show_secrets=show_secrets)
        if not stack.is_selected:
            hint = f"`pulumi --cwd {where} stack select` one first{instead and f', or {instead}'}"
            raise CommandError(f"no stack is selected in {where}: {hint}")
        return stack

    @classmethod
    def exported(cls, document: str) -> "StackState":
        """A state as `pulumi stack export` writes it.

        Raises:
            ValueError: it is none.
            CommandError: it has a kind of resource that this release does not know.
        """
        exported: dict[str, dict[str, Any]] | None = json.loads(document)
        match exported:
            case {"deployment": dict(deployment)}:
                pass
            case _:
                raise ValueError("there is no deployment in it")
        resources: list[dict[str, Any]] = deployment.get("resources") or []
        others = [
            each["urn"]
            for each in resources
            if not each["type"].startswith((_PREFIX, *_OWN_OF_PULUMI))
        ]
        configs = {
            f"{each['urn']}::{each['id']}": _values(each, "inputs")
            for each in resources
            if each["type"] == _PROVIDER and not _DEFAULT.search(each["urn"])
        }
        objects, known = list[StateResource](), list[StateResource]()
        for each in resources:
            if each["type"].startswith(_PREFIX):
                is_managed = not (each.get("external") or each.get("delete"))
                (objects if is_managed else known).append(_stacked(each, configs))
        return cls(objects, known, others)


def _stacked(resource: Mapping[str, Any], configs: Mapping[str, Values]) -> StateResource:
    kind_name = resource["type"].removeprefix(_PREFIX)
    if kind_name not in RESOURCE_TYPES:
        raise CommandError(
            f"the stack has a {kind_name}, which this release does not know: install the release "
            "of pulumi-datadog-cases that it was deployed with"
        )
    kind = RESOURCE_TYPES[kind_name].Provider.resource_type
    inputs, outputs = _values(resource, "inputs"), _values(resource, "outputs")
    told = outputs if resource.get("external") else inputs  # what `get` reads, nothing declares
    declared = {name: told[name] for name in kind.inputs if name in told}
    raw: list[dict[str, Any]] = [resource.get(part) or {} for part in ("inputs", "outputs")]
    secret = {n for n in kind.properties if _SECRET in json.dumps([part.get(n) for part in raw])}
    return StateResource(
        name=resource["urn"].rsplit("::", 1)[1],
        found=InventoryItem(kind, LiveObject(resource["id"], outputs), declared),
        secret=secret.union(resource.get("additionalSecretOutputs") or ()),
        ignored=resource.get("ignoreChanges") or (),
        config=configs.get(resource.get("provider") or ""),
        has_options="pulumi:pulumi:Stack::" not in (resource.get("parent") or "")
        or any(resource.get(option) for option in _OPTIONS),
    )


def _values(resource: Mapping[str, Any], part: str) -> Values:
    """The inputs or the outputs of a resource, with what is secret as far as it was shown."""
    return members(from_wire(_revealed(resource.get(part))))


def _revealed(value: Value) -> Value:
    match value:
        case Mapping() if _SECRET in value and "plaintext" in value:
            return _revealed(json.loads(str(value["plaintext"])))
        case Mapping():
            return {key: _revealed(item) for key, item in value.items()}
        case list():
            return [_revealed(item) for item in value]
        case _:
            return value


def import_file(declarations: Iterable[Declaration]) -> str:
    """What `pulumi import --file` reads: each object as the state will hold it.

    A dynamic provider cannot be asked for an object it does not know yet, so the file says it
    all: with `inputs`, `outputs` and the provider in both, Pulumi takes them as they are (tried
    with 3.259; 3.250 did not).
    """
    return json.dumps({"resources": [_entry(each) for each in declarations]}, indent=2) + "\n"


def _entry(declaration: Declaration) -> Mapping[str, object]:
    found = declaration.found
    provider = {
        "__provider": serialize_provider(RESOURCE_TYPES[found.resource_type.name].Provider())
    }
    everything = dict.fromkeys(found.resource_type.properties)
    return {
        "type": _PREFIX + found.resource_type.name,
        "name": declaration.name,
        "id": found.id,
        "inputs": {**everything, **found.declared, **provider},
        "outputs": {**found.resource_type.outputs(found.declared, found.live), **provider},
    }


def import_into_stack(folder: Path, file: Path) -> None:
    """Have the selected stack take over what an import file holds: `pulumi import`.

    Raises:
        CommandError: it could not.
    """
    options = ("--generate-code=false", "--protect=false", "--yes", "--skip-preview")
    done = run_pulumi("--cwd", str(folder), "import", "--file", str(file.resolve()), *options)
    if done.returncode:
        reason = printable((done.stderr or done.stdout)[-2000:])
        raise CommandError(f"`pulumi import` failed in {folder}: {reason}")
