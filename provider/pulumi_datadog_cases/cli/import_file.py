"""Completes an import file that `pulumi preview --import-file` wrote.

Pulumi writes the type and the name of each resource that the program would create, and the user
adds the ids. That is not enough for dynamic resources: see `state.import_entry`. The values of the
inputs and outputs are read from the objects in Datadog. A preview of the program shows which inputs
the program declares.
"""

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pulumi.runtime.rpc import UNKNOWN as UNKNOWN_IN_JSON

from pulumi_datadog_cases._text import printable
from pulumi_datadog_cases.api import Client, DatadogCasesError
from pulumi_datadog_cases.cli.documents import ImportDocument
from pulumi_datadog_cases.cli.files import write_files
from pulumi_datadog_cases.cli.group import CommandError
from pulumi_datadog_cases.cli.inventory import RESOURCE_TYPES, InventoryItem
from pulumi_datadog_cases.cli.organization import connect
from pulumi_datadog_cases.cli.pulumi_cli import preview_errors, project_file, run_pulumi
from pulumi_datadog_cases.cli.state import DYNAMIC_PREFIX, import_entry, is_default
from pulumi_datadog_cases.engine import LiveObject, Value, Values
from pulumi_datadog_cases.engine.operations import Operations
from pulumi_datadog_cases.engine.values import UNKNOWN, from_wire, is_unknown
from pulumi_datadog_cases.exceptions import ObjectNotFoundError

#: The text that Pulumi writes in place of an id.
_NO_ID = "<PLACEHOLDER>"


def complete_import_file(path: Path) -> ImportDocument:
    """Complete an import file in place, so that `pulumi import` accepts it; keep a backup.

    Entries of other packages, and entries that are already complete, stay as they are. Entries that
    cannot be completed are left out.

    Args:
        path: the file. Its ids are import ids, such as `<project_id>/<rule_id>`.

    Raises:
        CommandError: the file is not an import file, there is no Pulumi project in the current
            folder, or the preview fails.
    """
    file = _read(path)
    planned = _planned_states()
    entries: list[Mapping[str, Any]] = []
    completed = Counter[str]()
    left_out, missing = list[str](), list[str]()
    with connect() as client:
        for entry in file["resources"]:
            type_ = str(entry.get("type"))
            if not type_.startswith(DYNAMIC_PREFIX) or "inputs" in entry:
                entries.append(entry)
                continue
            type_ = type_.removeprefix(DYNAMIC_PREFIX)
            name = str(entry.get("logicalName") or entry.get("name"))
            label, state = f"{type_} {name}", planned.get((type_, name))
            if state is None:
                left_out.append(f"{label}: the program does not create it")
            elif obstacle := _obstacle(entry, state):
                left_out.append(f"{label}: {obstacle}")
            else:
                try:
                    found = _find(type_, str(entry["id"]), _inputs(state), client)
                except (DatadogCasesError, ObjectNotFoundError, ValueError) as error:
                    missing.append(f"{label}: {error}")
                else:
                    entries.append({**entry, **import_entry(str(entry["name"]), found)})
                    completed[type_] += 1
    text = json.dumps({**file, "resources": entries}, indent=4) + "\n"
    backups = write_files(path.parent, {path.name: text})
    return {
        "program": None,
        "import_file": str(path),
        "imported": dict(completed),
        "left_alone": 0,
        "left_out": left_out,
        "backups": [*map(str, backups)],
        "missing": missing,
    }


def _obstacle(entry: Mapping[str, Any], state: Mapping[str, Any]) -> str | None:
    """Return why an entry cannot be completed, or None."""
    if entry.get("id") in {None, "", _NO_ID}:
        return "the file has no id for it"
    provider, _, _ = str(state.get("provider")).rpartition("::")  # a URN and an id
    if not is_default(provider):
        return "it has an explicit provider; import it with the option import_"
    return None


def _read(path: Path) -> Mapping[str, Any]:
    try:
        file: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        valid = isinstance(file["resources"], list)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, LookupError, TypeError):
        valid = False
        file = {}
    if not valid:
        raise CommandError(
            f"{path} has no list of resources: write it with `pulumi preview --import-file {path}`"
        )
    return file


def _planned_states() -> Mapping[tuple[str, str], Mapping[str, Any]]:
    """Return the planned state of each resource that the program creates, by type and name."""
    if project_file() is None:
        raise CommandError("there is no Pulumi.yaml here: run this command in the program's folder")
    done = run_pulumi("preview", "--json", "--show-secrets")
    if done.returncode:
        raise CommandError(f"`pulumi preview` failed: {printable(preview_errors(done.stdout))}")
    return {
        (
            step["newState"]["type"].removeprefix(DYNAMIC_PREFIX),
            step["urn"].rpartition("::")[2],
        ): step["newState"]
        for step in json.loads(done.stdout)["steps"]
        if step["op"] == "create" and step["newState"]["type"].startswith(DYNAMIC_PREFIX)
    }


def _inputs(state: Mapping[str, Any]) -> Values:
    inputs: Mapping[str, Value] = state.get("inputs") or {}
    return {
        name: _with_unknowns(from_wire(value))
        for name, value in inputs.items()
        if not name.startswith("__")
    }


def _with_unknowns(value: Value) -> Value:
    """Replace the text that stands for an unknown value in Pulumi's JSON."""
    if isinstance(value, Mapping):
        return {key: _with_unknowns(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_unknowns(item) for item in value]
    return UNKNOWN if value == UNKNOWN_IN_JSON else value


def _find(type_: str, import_id: str, declared: Values, client: Client) -> InventoryItem:
    """Read an object; return it with the live values of the inputs that the program declares."""
    resource_class = RESOURCE_TYPES[type_]
    resource_type = resource_class.Provider.resource_type
    operations = Operations.connect(resource_type, resource_class.Lifecycle(client))
    parents = {
        name: declared[name]
        for name in resource_type.parents
        if import_id.count("/") < len(resource_type.parents) and not is_unknown(declared[name])
    }
    state = operations.get(import_id, parents)
    live = LiveObject(
        state.id, {name: each for name, each in state.outputs.items() if each is not None}
    )
    outputs = resource_type.outputs(declared, live)
    inputs = {
        name: outputs[name]
        for name in resource_type.inputs
        if name in outputs and not is_unknown(outputs[name])
    }
    return InventoryItem(resource_type, live, inputs)
