"""`StackState`: reads the state of a stack. `import_into_stack` imports objects into a stack."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from pulumi.dynamic.dynamic import (
    serialize_provider,  # pyright: ignore[reportUnknownVariableType] - untyped in Pulumi
)

from pulumi_datadog_cases._text import printable
from pulumi_datadog_cases.api.config.settings import native_config
from pulumi_datadog_cases.cli.codegen import Declaration
from pulumi_datadog_cases.cli.group import CommandError
from pulumi_datadog_cases.cli.inventory import RESOURCE_TYPES, InventoryItem
from pulumi_datadog_cases.cli.pulumi_cli import export_selected_stack, export_stack, run_pulumi
from pulumi_datadog_cases.engine import LiveObject, Value, Values
from pulumi_datadog_cases.engine.dynamic import PROVIDER_KEY
from pulumi_datadog_cases.engine.names import (
    snake_case,
    snake_case_path,
    with_snake_case_names,
)
from pulumi_datadog_cases.engine.resource_type import ResourceType
from pulumi_datadog_cases.engine.values import SECRET_KEY, from_wire, stored_ids
from pulumi_datadog_cases.resources._shared.base import CaseResource, members

#: The beginning of the type of every resource of this package in a Python program, for which the
#: resources are dynamic.
DYNAMIC_PREFIX: Final = f"pulumi-python:dynamic/{CaseResource.token_module}:"
#: The beginning of the type of every resource of this package in programs of other languages, for
#: which the native plugin deploys the resources.
NATIVE_PREFIX: Final = f"{CaseResource.token_module}:index:"

#: The types of explicit and default providers: of dynamic resources, and of the native plugin.
DYNAMIC_PROVIDER: Final = "pulumi:providers:pulumi-python"
NATIVE_PROVIDER: Final = f"pulumi:providers:{CaseResource.token_module}"
#: Matches the URN of a default provider, which Pulumi creates and which uses the stack's config.
_DEFAULT = re.compile(r"::default(_\d\w*)?$")

_PREFIXES = (DYNAMIC_PREFIX, NATIVE_PREFIX)

#: The names that the state uses for the options of a resource, except provider and parent.
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

#: The type of the resource that is the stack itself.
_ROOT = "pulumi:pulumi:Stack"

#: Prefixes of resource types that every stack has: the stack itself and its providers.
_PULUMI_TYPES = ("pulumi:pulumi:", "pulumi:providers:")


@dataclass(frozen=True)
class StateResource:
    """A Case Management resource in the state of a stack."""

    urn: str
    #: The object in the state, with the inputs that the program declared.
    found: InventoryItem
    #: Properties that contain secrets.
    secret: AbstractSet[str]
    #: Property paths in `ignore_changes`.
    ignored: Sequence[str]
    #: The config of the resource's explicit provider; None if it uses the stack's config.
    config: Values | None
    #: Whether the state shows Pulumi options of the resource, such as `protect` or a parent.
    has_options: bool
    #: Whether the next deployment replaces the object, even if the declaration is the same.
    is_replaced: bool

    @property
    def name(self) -> str:
        """The name of the resource in the program."""
        return self.urn.rsplit("::", 1)[1]

    @property
    def is_native(self) -> bool:
        """Whether the native plugin deploys the resource."""
        return NATIVE_PREFIX in self.urn.split("::")[2]


@dataclass(frozen=True, eq=False)
class PendingCreate:
    """A create of a killed deployment. Pulumi does not know the result of the create."""

    urn: str
    resource_type: ResourceType
    #: The inputs that the create received. The provider's method `check` returned these inputs.
    declared: Values
    #: Properties that contain secrets.
    secret: AbstractSet[str]
    #: The config of the resource's explicit provider; None if it uses the stack's config.
    config: Values | None

    @property
    def name(self) -> str:
        """The name of the resource in the program."""
        return self.urn.rsplit("::", 1)[1]


@dataclass(frozen=True)
class StackState:
    """The resources in the state of a stack."""

    #: The Case Management resources that the stack manages.
    objects: Sequence[StateResource] = ()
    #: Case Management resources in the state that the stack does not manage: the program reads them
    #: with `get`, or the next deployment removes them.
    known: Sequence[StateResource] = ()
    #: The URNs of resources of other packages.
    others: Sequence[str] = field(default_factory=list[str])
    #: The pending creates of Case Management resources. The creates of the last deployment come
    #: first. A pending create stays in the state even after a later deployment has created the
    #: object.
    pending_creates: Sequence[PendingCreate] = ()
    #: All other pending operations: the URN, and what Pulumi was doing, such as `updating`.
    pending_others: Sequence[tuple[str, str]] = ()
    #: When Pulumi last saved the state, in Unix seconds.
    saved_at: float = 0.0
    #: When the stack was first deployed, in Unix seconds.
    created_at: float = 0.0
    #: Whether a stack is selected.
    is_selected: bool = True

    @classmethod
    def of(cls, folder: Path, *, show_secrets: bool = False) -> "StackState":
        """Read the state of a folder's selected stack. If none is selected, the state is empty.

        Args:
            folder: the folder of the program.
            show_secrets: whether to decrypt secrets.

        Raises:
            CommandError: a stack is selected, but its state cannot be read.
        """
        exported = export_stack(folder, show_secrets=show_secrets)
        return cls(is_selected=False) if exported is None else cls.exported(exported)

    @classmethod
    def selected(
        cls, folder: Path, *, show_secrets: bool = False, instead: str = ""
    ) -> "StackState":
        """Read the state of a folder's selected stack, which must exist.

        Args:
            folder: the folder of the program.
            show_secrets: whether to decrypt secrets.
            instead: an alternative to selecting a stack, for the error message; "" for none.

        Raises:
            CommandError: no stack is selected, or its state cannot be read.
        """
        return cls.exported(
            export_selected_stack(folder, show_secrets=show_secrets, instead=instead)
        )

    @classmethod
    def exported(cls, document: str) -> "StackState":
        """Parse the output of `pulumi stack export`.

        Raises:
            ValueError: the document is not an output of `pulumi stack export`.
            CommandError: the document has a resource type that this release does not know.
        """
        exported: dict[str, dict[str, Any]] | None = json.loads(document)
        match exported:
            case {"deployment": dict(deployment)}:
                pass
            case _:
                raise ValueError("it has no deployment")
        resources: list[dict[str, Any]] = deployment.get("resources") or []
        others = [
            each["urn"]
            for each in resources
            if not each["type"].startswith((*_PREFIXES, *_PULUMI_TYPES))
        ]
        configs = {
            f"{each['urn']}::{each['id']}": _provider_config(each)
            for each in resources
            if each["type"] in {DYNAMIC_PROVIDER, NATIVE_PROVIDER} and not is_default(each["urn"])
        }
        objects, known = list[StateResource](), list[StateResource]()
        for each in resources:
            if each["type"].startswith(_PREFIXES):
                is_managed = not (each.get("external") or each.get("delete"))
                (objects if is_managed else known).append(_state_resource(each, configs))
        creates, interrupted = list[PendingCreate](), list[tuple[str, str]]()
        for each in deployment.get("pending_operations") or ():
            resource = each["resource"]
            if each["type"] == "creating" and resource["type"].startswith(_PREFIXES):
                creates.append(_pending_create(resource, configs))
            else:
                interrupted.append((resource["urn"], each["type"]))
        created_at = (each.get("created") for each in resources if each["type"] == _ROOT)
        return cls(
            objects,
            known,
            others,
            creates,
            interrupted,
            saved_at=_time(deployment.get("manifest", {}).get("time")),
            created_at=_time(next(created_at, None)),
        )


def is_default(urn: str) -> bool:
    """Whether a URN is that of a default provider."""
    return _DEFAULT.search(urn) is not None


def _provider_config(provider: Mapping[str, Any]) -> Values:
    config = members(from_wire(_unwrap_secrets(provider.get("inputs"))))
    if provider["type"] == DYNAMIC_PROVIDER:
        return config
    return native_config(config)


def _pending_create(resource: Mapping[str, Any], configs: Mapping[str, Values]) -> PendingCreate:
    resource_type = resource_type_of(resource)
    values = _values(resource_type, resource, "inputs")
    return PendingCreate(
        urn=resource["urn"],
        resource_type=resource_type,
        declared={name: values[name] for name in resource_type.inputs if name in values},
        secret=_secrets(resource, resource_type),
        config=configs.get(resource.get("provider") or ""),
    )


def _state_resource(resource: Mapping[str, Any], configs: Mapping[str, Values]) -> StateResource:
    resource_type = resource_type_of(resource)
    inputs, outputs = (_values(resource_type, resource, part) for part in ("inputs", "outputs"))
    values = outputs if resource.get("external") else inputs  # `get` declares no inputs
    values = {**values, **stored_ids(outputs)}  # a case can get a new key, but keeps its id
    declared = {name: values[name] for name in resource_type.inputs if name in values}
    return StateResource(
        urn=resource["urn"],
        found=InventoryItem(resource_type, LiveObject(resource["id"], outputs), declared),
        secret=_secrets(resource, resource_type),
        ignored=[
            snake_case_path(resource_type.properties, path) if _is_native(resource) else path
            for path in resource.get("ignoreChanges") or ()
        ],
        config=configs.get(resource.get("provider") or ""),
        has_options="pulumi:pulumi:Stack::" not in (resource.get("parent") or "")
        or any(resource.get(option) for option in _OPTIONS),
        is_replaced=bool(resource.get("taint") or resource.get("pendingReplacement")),
    )


def _is_native(resource: Mapping[str, Any]) -> bool:
    return str(resource["type"]).startswith(NATIVE_PREFIX)


def resource_type_of(resource: Mapping[str, Any]) -> ResourceType:
    """Return the resource type of a Case Management resource in a state.

    Raises:
        CommandError: this release does not know the type.
    """
    name = resource["type"].rpartition(":")[2]
    if name not in RESOURCE_TYPES:
        raise CommandError(
            f"the stack has a {name}, which this release does not know: install the release "
            "of pulumi-datadog-cases that deployed the stack"
        )
    return RESOURCE_TYPES[name].Provider.resource_type


def _secrets(resource: Mapping[str, Any], resource_type: ResourceType) -> AbstractSet[str]:
    """Return the names of the properties that contain secrets."""
    parts: list[dict[str, Any]] = [resource.get(part) or {} for part in ("inputs", "outputs")]
    secret = {
        name for part in parts for name, value in part.items() if SECRET_KEY in json.dumps(value)
    }
    secret.update(resource.get("additionalSecretOutputs") or ())
    return {*map(snake_case, secret)} & resource_type.properties.keys()


def _time(text: str | None) -> float:
    """Convert a time in the state to Unix seconds. A missing time becomes 0."""
    return datetime.fromisoformat(text).timestamp() if text else 0.0


def _values(resource_type: ResourceType, resource: Mapping[str, Any], part: str) -> Values:
    """Return the inputs or outputs of a resource; decrypted secrets are in plain text."""
    values = members(from_wire(_unwrap_secrets(resource.get(part))))
    if _is_native(resource):
        return with_snake_case_names(resource_type.properties, values)
    return values


def _unwrap_secrets(value: Value) -> Value:
    match value:
        case Mapping() if SECRET_KEY in value and "plaintext" in value:
            return _unwrap_secrets(json.loads(str(value["plaintext"])))
        case Mapping():
            return {key: _unwrap_secrets(item) for key, item in value.items()}
        case list():
            return [_unwrap_secrets(item) for item in value]
        case _:
            return value


def pickled_provider(resource_type: str) -> Mapping[str, object]:
    """Return the input and output in which Pulumi's SDK stores the provider of a resource."""
    return {PROVIDER_KEY: serialize_provider(RESOURCE_TYPES[resource_type].Provider())}


def import_file(declarations: Iterable[Declaration], *, native: bool = False) -> str:
    """Return the text of a file for `pulumi import --file`.

    Args:
        declarations: the resources to import.
        native: whether the native plugin deploys the resources.
    """
    entry = _native_import_entry if native else import_entry
    entries = [entry(each.name, each.found) for each in declarations]
    return json.dumps({"resources": entries}, indent=2) + "\n"


def _native_import_entry(name: str, found: InventoryItem) -> Mapping[str, object]:
    return {"type": NATIVE_PREFIX + found.resource_type.name, "name": name, "id": found.key}


def import_entry(name: str, found: InventoryItem) -> Mapping[str, object]:
    """Return the entry for one object in a file for `pulumi import --file`.

    A dynamic provider cannot read an object that is not in the state yet. So the entry has the
    `inputs` and `outputs` of the object, and both contain the provider. Pulumi 3.259 copies inputs
    and outputs to the state without reading the object. Pulumi 3.250 does not copy them (both
    tried).
    """
    provider = pickled_provider(found.resource_type.name)
    all_properties = dict.fromkeys(found.resource_type.properties)
    return {
        "type": DYNAMIC_PREFIX + found.resource_type.name,
        "name": name,
        "id": found.id,
        "inputs": {**all_properties, **found.declared, **provider},
        "outputs": {**found.resource_type.outputs(found.declared, found.live), **provider},
    }


def import_into_stack(folder: Path, file: Path, options: Sequence[str]) -> None:
    """Import the objects of an import file into the selected stack with `pulumi import`.

    Raises:
        CommandError: `pulumi import` failed.
    """
    options = (*options, "--yes", "--skip-preview")
    done = run_pulumi("--cwd", str(folder), "import", "--file", str(file.resolve()), *options)
    if done.returncode:
        reason = printable((done.stderr or done.stdout)[-2000:])
        raise CommandError(f"`pulumi import` failed in {folder}: {reason}")
