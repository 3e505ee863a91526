"""`PlannedDeletes`: refuses a delete if a later delete of the same run would be refused.

Pulumi deletes the objects of a project before the project. So without this check, a refused delete
of a project would come too late: the run would have deleted the project's rules and views already.
"""

import threading
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from pulumi_datadog_cases.engine.pulumi_command import Command, command_on_all_resources
from pulumi_datadog_cases.engine.resource_type import AnyLifecycle, ResourceType
from pulumi_datadog_cases.engine.safety.delete_guard import DeleteGuard, DeleteRefusedError
from pulumi_datadog_cases.engine.safety.deletion_log import deletion_log
from pulumi_datadog_cases.engine.safety.intent_log import intent_log
from pulumi_datadog_cases.engine.safety.organization import OrganizationGuard
from pulumi_datadog_cases.engine.stack_state import (
    StackObject,
    all_stack_objects,
    has_unfinished_changes,
    is_still_managed,
    stack_types,
    state_is_saved_last,
)
from pulumi_datadog_cases.engine.values import is_encrypted


@dataclass(frozen=True)
class _Run:
    """What this process knows about the current run, for one account."""

    #: The types and ids of the objects that are in the state and that the program declares,
    #: collected from the calls of `diff`. While the program runs, the set is incomplete. The set
    #: has no URNs, because the option `aliases` gives a resource another URN.
    declared: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    #: By URN, why the delete of an object will be refused; None if no reason is known. Contains the
    #: objects for which this process has looked for a reason.
    reasons: dict[str, str | None] = field(default_factory=dict[str, str | None])
    #: The URNs of the objects about which an error was shown.
    shown: set[str] = field(default_factory=set[str])
    lock: threading.Lock = field(default_factory=threading.Lock)


_runs: dict[str, _Run] = {}


@dataclass(frozen=True)
class PlannedDeletes:
    """Knows which objects of an account the run will delete, as far as that is certain.

    Pulumi does not tell providers which objects it will delete. But `pulumi destroy` deletes all
    resources of the stack, and `pulumi up` deletes those that the program does not declare. If the
    command has an option such as `--target`, nothing is certain, and each object is checked only
    before its own delete.

    Only objects whose delete would destroy other objects are checked, such as projects. A custom
    attribute is not checked: the run may first delete the values that prevent its delete.
    """

    resource_type: ResourceType
    lifecycle: AnyLifecycle

    @property
    def _run(self) -> _Run:
        return _runs.setdefault(self.lifecycle.account, _Run())

    def mark_declared(self, id_: str) -> None:
        """Remember that the program declares an object that is in the state."""
        self._run.declared.add((self.resource_type.name, id_))

    def check(self, urn: str | None) -> None:
        """Before the delete of an object, check the later deletes of the run.

        Args:
            urn: the URN of the object to delete.

        Raises:
            DeleteRefusedError: a later delete of the run would be refused.
        """
        command = command_on_all_resources()
        if urn is None or command is None:
            return
        this = all_stack_objects(urn).get(urn)
        if this is None:
            return
        run = self._run
        with run.lock:  # other deletes wait for the result
            later = [*self._deleted_later(command, this)]
            unchecked = [each for each in later if each.urn not in run.reasons]
            # The threads save time, because each check sends about fifteen requests. They also
            # keep the time limit of this delete (`custom_timeouts`) from ending a check.
            with ThreadPoolExecutor() as pool:
                reasons = [*pool.map(self._reason, unchecked)]
            run.reasons.update({each.urn: r for each, r in zip(unchecked, reasons, strict=True)})
            for each in later:
                reason = run.reasons[each.urn]
                if reason and is_still_managed(each):
                    raise DeleteRefusedError(self._message(each, reason))

    def _message(self, each: StackObject, reason: str) -> str:
        """Return the whole reason only once, because Pulumi sends several deletes at a time."""
        if each.urn in self._run.shown:
            return (
                f"not deleted: first do what the error about {each.name} says, and then run "
                "`pulumi` again"
            )
        self._run.shown.add(each.urn)
        return f"not deleted, because a later delete of this run would fail: {reason}"

    def _deleted_later(self, command: Command, this: StackObject) -> Iterator[StackObject]:
        """Yield the risky objects, other than `this`, that the run is certain to delete."""
        by_type = stack_types(this.urn)
        risky = [each for name in by_type if self._is_risky(name) for each in by_type[name]]
        deleted: Collection[str] = ()
        # With `PULUMI_SKIP_CHECKPOINTS`, the state does not show what this run has changed.
        is_up = command == "up" and not state_is_saved_last()
        if risky and is_up and not has_unfinished_changes(this.urn):
            deleted = self._deleted_with(this, all_stack_objects(this.urn))
        for each in risky:
            is_certain = command == "destroy" or each.urn in deleted
            if is_certain and each.urn != this.urn and _has_same_provider(each, this):
                yield each

    def _is_risky(self, name: str) -> bool:
        """Whether the delete of an object of this type could destroy what people created."""
        found = self.resource_type.sibling(name)
        return (
            found is not None
            and found.can_force_delete
            and found.lifecycle_class.destroys_dependents
        )

    def _deleted_with(
        self, this: StackObject, objects: Mapping[str, StackObject]
    ) -> Collection[str]:
        """Return the URNs of the undeclared objects on which `this` depends.

        Pulumi may delete an object while the program still runs, because it replaces a dependency
        of the object. It calls `diff` for the object before, except if the option `replace_with`
        connects the two (source of Pulumi 3.259). So if `diff` was not called, the program has
        ended, or `this` is replaced by itself. In both cases the program has declared those
        dependencies that it declares at all.

        Returns:
            Nothing if it is unknown whether the program has ended. Dependencies with another
            provider are left out: the calls of `diff` in this process do not show whether the
            program declares them.
        """
        if self._is_declared(this) or this.is_replaced_with_others:
            return ()
        found = set[str]()
        pending = [this.urn]
        while pending:
            each = objects.get(pending.pop())
            if (
                each
                and each.urn not in found
                and _has_same_provider(each, this)
                and not self._is_declared(each)
            ):
                found.add(each.urn)
                pending += each.dependencies
        return found

    def _is_declared(self, each: StackObject) -> bool:
        return (each.resource_type, each.id) in self._run.declared

    def _reason(self, each: StackObject) -> str | None:
        """Say why the delete of an object will be refused; return None if no reason is known."""
        resource_type = self.resource_type.sibling(each.resource_type)
        if resource_type is None or each.is_retained or each.has_deleted_with or each.has_hooks:
            return None
        known = resource_type.state_values(each.outputs)
        if any(map(is_encrypted, known.values())):
            return None
        lifecycle = resource_type.lifecycle_class(self.lifecycle.client)
        account = lifecycle.account
        intents = intent_log(account)
        try:
            OrganizationGuard(resource_type, lifecycle, intents).check(each.id, known)
            guard = DeleteGuard(resource_type, lifecycle, intents, deletion_log(account))
            return guard.reason_against_destroy(each.urn, each.id, known)
        except Exception:  # noqa: BLE001 - the object's own delete will raise it again
            return None


def _has_same_provider(each: StackObject, this: StackObject) -> bool:
    """Whether two objects have the same provider. This process then handles both of them.

    Each explicit provider has its own process. In the state, all dynamic resources have the same
    provider, also those of other packages.
    """
    return each.provider == this.provider and _module(each.urn) == _module(this.urn)


def _module(urn: str) -> str:
    """The type token in a URN, without the name of the resource type."""
    return urn.split("::")[2].rpartition("$")[2].rpartition(":")[0]
