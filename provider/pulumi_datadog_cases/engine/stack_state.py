"""What the state of a stack contains, and when Pulumi saves it."""

import functools
import json
import os
import subprocess
import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from pulumi_datadog_cases.engine.values import Values

#: The timeout of `pulumi stack export` in seconds. The command takes 0.2 s if the state is on disk,
#: and some seconds if the state is remote.
_TIMEOUT = 120.0


@dataclass(frozen=True)
class StackObject:
    """An object that a stack manages."""

    urn: str
    #: The object's outputs in the state; see `ResourceType.state_values`. Secrets among them are
    #: encrypted by Pulumi.
    outputs: Values
    #: Whether Pulumi keeps the object when its resource is removed (option `retain_on_delete`).
    is_retained: bool
    #: Whether Pulumi lets the object disappear with another object (option `deleted_with`), instead
    #: of calling the provider.
    has_deleted_with: bool
    resource_type: str
    id: str
    #: Whether the state also has an old copy of the resource with the same id, which the next
    #: deployment deletes. A replacement that was not completed leaves such a copy.
    has_old_copy: bool
    #: The URNs of the resources whose outputs are inputs of the resource, or that its option
    #: `depends_on` names.
    dependencies: frozenset[str] = frozenset()
    #: The URN and id of the provider.
    provider: str | None = None
    #: Whether hooks are attached to the resource. A hook may change what a delete destroys.
    has_hooks: bool = False
    #: Whether the option `replace_with` names resources with which this one is replaced.
    is_replaced_with_others: bool = False

    @property
    def name(self) -> str:
        """The name of the resource in the program."""
        return self.urn.rpartition("::")[2]


#: Objects by resource type and id.
StackObjects: TypeAlias = Mapping[tuple[str, str], StackObject]


def state_is_saved_last() -> bool:
    """Whether Pulumi saves the state once, after the program and the provider have ended.

    The user asks Pulumi for this with the environment variable `PULUMI_SKIP_CHECKPOINTS`. The
    program's process inherits the variable (tried). By default, Pulumi saves the state after each
    resource.
    """
    # Pulumi's function `cmdutil.IsTruthy` takes only these values as true.
    return os.environ.get("PULUMI_SKIP_CHECKPOINTS", "").lower() in {"1", "true"}


def stack_objects(urn: str | None) -> StackObjects | None:
    """Return the objects that a stack manages, as of the first call in this process.

    Pulumi does not pass the state to a provider, so this function runs `pulumi stack export`. The
    export works while an update of the stack is running, and needs no passphrase. It takes 0.2 s if
    the state is on disk. All of this was tried. Objects that were read with `get`, or that the next
    deployment deletes, do not count as managed.

    Args:
        urn: the URN of any resource in the stack; None if it is unknown.

    Returns:
        None if the state cannot be read.
    """
    snapshot = _snapshot(urn)
    return None if snapshot is None else snapshot.by_id


def stack_resources(urn: str | None, resource_type: str) -> Sequence[StackObject]:
    """Return the objects of `stack_objects` of one resource type; none if the state is unreadable.

    Several of them may have the same id, if the id is unique only within a parent.
    """
    return stack_types(urn).get(resource_type, [])


def all_stack_objects(urn: str | None) -> Mapping[str, StackObject]:
    """Return the objects of `stack_objects` by URN; none if the state is unreadable."""
    snapshot = _snapshot(urn)
    return {} if snapshot is None else snapshot.by_urn


def stack_types(urn: str | None) -> Mapping[str, Sequence[StackObject]]:
    """Return the objects of `stack_objects` by resource type; none if the state is unreadable."""
    snapshot = _snapshot(urn)
    return {} if snapshot is None else snapshot.by_type


def is_still_managed(known: StackObject) -> bool:
    """Whether the state contains the same object now, with the same provider.

    Unlike the other functions, this one reads the state again, because Pulumi may have changed it
    since the first call.
    """
    snapshot = _read(*_stack_and_project(known.urn))
    now = snapshot and snapshot.by_urn.get(known.urn)
    return bool(now and (now.id, now.provider) == (known.id, known.provider))


def has_unfinished_changes(urn: str | None) -> bool:
    """Whether the next deployment changes resources because of earlier commands.

    These are resources that `pulumi state taint` has marked, old copies that a replacement has left
    in the state, and incomplete objects. Pulumi may not call `diff` for them.
    """
    snapshot = _snapshot(urn)
    return snapshot is not None and snapshot.has_unfinished_changes


@dataclass(frozen=True)
class _Snapshot:
    by_id: StackObjects
    by_type: Mapping[str, Sequence[StackObject]]
    by_urn: Mapping[str, StackObject]
    has_unfinished_changes: bool


def _snapshot(urn: str | None) -> _Snapshot | None:
    if urn is None or "::" not in urn:
        return None
    with _lock:  # concurrent first calls share one export
        return _export(*_stack_and_project(urn))


def _stack_and_project(urn: str) -> tuple[str, str]:
    stack, project, *_ = urn.removeprefix("urn:pulumi:").split("::")
    return stack, project


_lock = threading.Lock()


@functools.cache
def _export(stack: str, project: str) -> _Snapshot | None:
    return _read(stack, project)


def _read(stack: str, project: str) -> _Snapshot | None:
    try:
        exported = subprocess.run(  # noqa: S603 - no shell
            ["pulumi", "--non-interactive", "stack", "export", "--stack", stack],  # noqa: S607 - from PATH
            env={**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=_TIMEOUT,
            check=True,
        )
        resources: list[dict[str, Any]] = json.loads(exported.stdout)["deployment"]["resources"]
        return _objects(resources, f"urn:pulumi:{stack}::{project}::")
    except (OSError, subprocess.SubprocessError, ValueError, LookupError, TypeError):
        return None


def _objects(resources: list[dict[str, Any]], prefix: str) -> _Snapshot | None:
    """Return the managed objects, or None if the stack belongs to another project."""
    if not any(each["urn"].startswith(prefix) for each in resources):
        return None
    old_copies = {(each["urn"], each["id"]) for each in resources if each.get("delete")}
    objects = [
        StackObject(
            each["urn"],
            each.get("outputs") or {},
            each.get("retainOnDelete") is True,
            bool(each.get("deletedWith")),
            each["type"].rpartition(":")[2],
            each["id"],
            (each["urn"], each["id"]) in old_copies,
            frozenset(each.get("dependencies") or ()),
            each.get("provider"),
            bool(each.get("resourceHooks")),
            bool(each.get("replaceWith")),
        )
        for each in resources
        if "id" in each and not (each.get("external") or each.get("delete"))
    ]
    by_type: defaultdict[str, list[StackObject]] = defaultdict(list)
    for each in objects:
        by_type[each.resource_type].append(each)
    by_id = {(each.resource_type, each.id): each for each in objects}
    marks = ("delete", "taint", "initErrors")
    unfinished = any(each.get(mark) for each in resources for mark in marks)
    return _Snapshot(by_id, by_type, {each.urn: each for each in objects}, unfinished)
