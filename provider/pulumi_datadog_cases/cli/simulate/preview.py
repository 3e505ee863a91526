"""`PreviewedStack`: the resources of a stack after a deployment that has not happened yet."""

import json
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

from pulumi.runtime.rpc import UNKNOWN as UNKNOWN_IN_JSON

from pulumi_datadog_cases._text import printable
from pulumi_datadog_cases.cli.group import CommandError
from pulumi_datadog_cases.cli.pulumi_cli import preview_errors, run_pulumi
from pulumi_datadog_cases.cli.state import (
    DYNAMIC_PREFIX,
    NATIVE_PREFIX,
    StackState,
    resource_type_of,
)
from pulumi_datadog_cases.engine import Value
from pulumi_datadog_cases.engine.names import camel_case, snake_case
from pulumi_datadog_cases.engine.property import Missing, Property
from pulumi_datadog_cases.engine.values import SECRET_MARK, is_list

_Json: TypeAlias = dict[str, Any]

#: What a preview shows instead of a secret (tried).
_SECRET_IN_JSON: Final = "[secret]"  # noqa: S105 - a mark, not a secret
#: The input with the id of a project, in Python programs and in programs of other languages.
_PROJECT_ID: Final = {"project_id", "projectId"}
#: The operations after which the resource has the same object as before.
_KEEPING: Final = {"same", "update", "read"}
#: An operation without effect on the result: after the refresh of a resource, the preview shows
#: what the deployment does with the resource (tried).
_REFRESH: Final = "refresh"


@dataclass(frozen=True)
class PreviewedStack:
    """The Case Management resources that a stack has after its next deployment.

    Attributes:
        state: the resources, in the form of a state. An object that the deployment creates has the
            URN of its resource as its id.
        unknown: for each URN, the names of the properties that are unknown until the deployment.
    """

    state: StackState
    unknown: Mapping[str, AbstractSet[str]]

    @classmethod
    def of(cls, folder: Path) -> "PreviewedStack":
        """Run `pulumi preview` for the selected stack of a folder.

        Raises:
            CommandError: the preview fails.
        """
        # Without --show-sames, the preview does not show unchanged resources.
        done = run_pulumi("--cwd", str(folder), "preview", "--json", "--show-sames")
        if done.returncode:
            reason = printable(preview_errors(done.stdout) or done.stderr).removeprefix("error: ")
            raise CommandError(f"`pulumi preview` failed in {folder.resolve()}: {reason}")
        return cls._from_steps(json.loads(done.stdout)["steps"])

    @classmethod
    def _from_steps(cls, steps: Iterable[_Json]) -> "PreviewedStack":
        resources = [
            _resource(step)
            for step in steps
            if step["op"] != _REFRESH
            and step.get("newState")
            and step["newState"]["type"].startswith((DYNAMIC_PREFIX, NATIVE_PREFIX))
        ]
        projects = {
            each["urn"]: each["id"] for each in resources if each["type"].endswith(":Project")
        }
        for each in resources:
            _resolve_project(each, projects)
        state = StackState.exported(json.dumps({"deployment": {"resources": resources}}))
        return cls(state, {each["urn"]: {*_unknown(each)} for each in resources})


def _resource(step: _Json) -> _Json:
    """Return the entry that the state will have for a resource."""
    new: _Json = step["newState"]
    old: _Json = step.get("oldState", {}) if step["op"] in _KEEPING else {}
    inputs: _Json = new.get("inputs", {})
    properties = resource_type_of(new).properties
    outputs = _kept_outputs(old, inputs, properties)
    if new.get("external") and not outputs:  # the program reads the object for the first time
        translate = camel_case if new["type"].startswith(NATIVE_PREFIX) else str
        outputs = {translate(name): UNKNOWN_IN_JSON for name in properties}
    return {
        **new,
        "id": new.get("id") or old.get("id") or new["urn"],
        "inputs": _with_marked_secrets(inputs),
        "outputs": _with_marked_secrets(outputs),
    }


def _kept_outputs(old: _Json, new_inputs: _Json, properties: Mapping[str, Property]) -> _Json:
    """Return the outputs of the old state, without those that the deployment clears.

    The preview does not show the outputs of the new state (tried).
    """
    old_inputs: _Json = old.get("inputs", {})
    old_outputs: _Json = old.get("outputs", {})
    cleared = {
        name
        for name in old_inputs.keys() - new_inputs.keys()
        if (p := properties.get(snake_case(name))) and not isinstance(p.clears_to, Missing)
    }
    return {name: value for name, value in old_outputs.items() if name not in cleared}


def _with_marked_secrets(value: Value) -> Value:
    """Replace each secret by the mapping that a state has for a secret."""
    if value == _SECRET_IN_JSON:
        return {**SECRET_MARK, "ciphertext": ""}
    if isinstance(value, Mapping):
        return {key: _with_marked_secrets(item) for key, item in value.items()}
    return [_with_marked_secrets(item) for item in value] if is_list(value) else value


def _resolve_project(resource: _Json, projects: Mapping[str, str]) -> None:
    """Set the `project_id` that is unknown because the deployment creates the project.

    The preview shows from which resources' outputs the program made the input. If exactly one of
    them is a project, the input is the id of this project.
    """
    dependencies: dict[str, list[str]] = resource.get("propertyDependencies", {})
    for name in _PROJECT_ID:
        if resource["inputs"].get(name) == UNKNOWN_IN_JSON:
            ids = {projects[urn] for urn in dependencies.get(name, ()) if urn in projects}
            if len(ids) == 1:
                resource["inputs"][name] = ids.pop()


def _unknown(resource: _Json) -> Iterable[str]:
    for part in ("inputs", "outputs"):
        for name, value in resource[part].items():
            if UNKNOWN_IN_JSON in json.dumps(value):
                yield snake_case(name)
