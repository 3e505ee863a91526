"""`PlannedDeletes`: refuses the first delete of a run if a later one would be refused.

Pulumi deletes the objects of a project before the project. So without this check, a refused delete
of a project would come too late: the run would have deleted the project's rules and views already.
"""

import functools
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pulumi_datadog_cases.engine.forms import returned_values
from pulumi_datadog_cases.engine.pulumi_command import command_on_all_resources
from pulumi_datadog_cases.engine.resource_type import AnyLifecycle, ResourceType
from pulumi_datadog_cases.engine.safety.delete_guard import DeleteGuard, DeleteRefusedError
from pulumi_datadog_cases.engine.safety.deletion_log import deletion_log
from pulumi_datadog_cases.engine.safety.intent_log import intent_log
from pulumi_datadog_cases.engine.safety.organization import OrganizationGuard
from pulumi_datadog_cases.engine.stack_state import (
    StackObject,
    all_stack_objects,
    has_unfinished_changes,
)
from pulumi_datadog_cases.engine.values import is_encrypted


@dataclass(frozen=True)
class _Run:
    """What this process knows about the current run, for one account."""

    #: The types and ids of the objects in the state that the program declares, collected from the
    #: calls of `diff`. While the program runs, the set is incomplete. The set has no URNs, because
    #: the option `aliases` gives a resource another URN.
    declared: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    #: By URN, why an object that was checked may not be deleted; None if it may be deleted.
    checked: dict[str, str | None] = field(default_factory=dict[str, str | None])
    lock: threading.Lock = field(default_factory=threading.Lock)


@functools.cache
def _current_run(account: str) -> _Run:
    del account
    return _Run()


@dataclass(frozen=True)
class PlannedDeletes:
    """Knows which objects of an account the run will delete, as far as that is certain.

    Pulumi does not pass this plan to providers. But `pulumi destroy` deletes all resources of the
    stack, and `pulumi up` deletes those that the program does not declare. If the command has an
    option such as `--target`, the plan is unknown, and each object is checked only before its own
    delete.
    """

    resource_type: ResourceType
    lifecycle: AnyLifecycle

    @property
    def _run(self) -> _Run:
        return _current_run(self.lifecycle.account)

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
        objects = all_stack_objects(urn)
        this = objects.get(urn)
        if this is None:
            return
        later: Iterable[StackObject] = ()
        if command == "destroy":
            later = objects.values()
        elif not has_unfinished_changes(urn):
            later = self._removed_with(this, objects)
        with self._run.lock:  # other deletes wait for the result
            for each in later:
                if each is not this and _is_known(each, this):
                    self._check_object(each)

    def _removed_with(
        self, this: StackObject, objects: Mapping[str, StackObject]
    ) -> Iterable[StackObject]:
        """Return the objects on which a removed object depends, if they are removed as well.

        While the program runs, Pulumi deletes an object only if it replaces another object on which
        the object depends. The program has then declared that other object. So if no dependency is
        declared, the program has ended, and Pulumi deletes all of them. A dependency on a resource
        of another provider may be declared, because the calls of `diff` do not show such resources.

        Returns:
            Nothing if it is not certain that all of them are removed.
        """
        found = dict[str, StackObject]()
        pending = [this.urn]
        while pending:
            each = pending.pop()
            if each in found:
                continue
            known = objects.get(each)
            if known is None or not _is_known(known, this) or self._is_declared(known):
                return ()
            found[each] = known
            pending += known.dependencies
        return found.values()

    def _is_declared(self, each: StackObject) -> bool:
        return (each.resource_type, each.id) in self._run.declared

    def _check_object(self, each: StackObject) -> None:
        """Raise an error if the delete of an object would be refused."""
        resource_type = self.resource_type.sibling(each.resource_type)
        if not resource_type.can_force_delete:
            return
        if each.is_retained or each.has_deleted_with or each.has_hooks:
            return
        checked = self._run.checked
        if each.urn not in checked:
            known = resource_type.state_values(each.outputs)
            lifecycle = resource_type.lifecycle_class(self.lifecycle.client)
            intents = intent_log(lifecycle.account)
            checked[each.urn] = None
            if any(map(is_encrypted, known.values())):
                return
            try:
                OrganizationGuard(resource_type, lifecycle, intents).check(each.id, known)
            except Exception:  # noqa: BLE001 - the object's own delete raises it
                return
            guard = DeleteGuard(resource_type, lifecycle, intents, deletion_log(lifecycle.account))
            values = {**known, **returned_values(known)}
            checked[each.urn] = guard.reason_against_destroy(each.urn, each.id, values)
            if reason := checked[each.urn]:
                raise DeleteRefusedError(f"nothing was deleted: {reason}")
        if checked[each.urn]:
            # Pulumi sends several deletes at once, and one long message is enough.
            raise DeleteRefusedError(
                f"not deleted: first do what the error about {each.name} says, and then run "
                "`pulumi` again"
            )


def _is_known(each: StackObject, this: StackObject) -> bool:
    """Whether this process handles all calls about an object, and its keys are those of `this`.

    Each explicit provider has its own process. One process also runs the dynamic providers of other
    packages.
    """
    return each.provider == this.provider and _module(each.urn) == _module(this.urn)


def _module(urn: str) -> str:
    """The type token in a URN, without the name of the resource type."""
    return urn.split("::")[2].rpartition("$")[2].rpartition(":")[0]
