"""`DeleteGuard`: refuses to delete an object if that would destroy what people created."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from pulumi_datadog_cases.engine.lifecycle import Dependent
from pulumi_datadog_cases.engine.plugin_host import warn
from pulumi_datadog_cases.engine.resource_type import AnyLifecycle, ResourceType
from pulumi_datadog_cases.engine.safety.deletion_log import DeletionLog
from pulumi_datadog_cases.engine.safety.intent_log import IntentLog
from pulumi_datadog_cases.engine.stack_state import StackObjects, stack_objects
from pulumi_datadog_cases.engine.values import Values

#: How many objects of one resource type a message names.
_NAMED = 5


class DeleteRefusedError(Exception):
    """Deleting an object would destroy what people created, and the program does not allow that."""

    __module__ = "pulumi_datadog_cases"


@dataclass(frozen=True)
class DeleteGuard:
    """Decides whether objects of one resource type may be deleted.

    A dependent is an object that the delete would destroy or take data from. A dependent counts as
    created by people if the stack does not manage it.

    If a case is removed from the program, the run archives the case, and the stack stops managing
    the case. Cases that this run has archived do not count as created by people. If the previous
    run failed or was killed, the cases that it archived do not count as created by people either
    (`DeletionLog`). All other archived cases count as created by people, because people keep them
    as evidence.

    A case that the stack manages, and that this run has neither moved nor archived, always prevents
    the delete of its project.
    """

    resource_type: ResourceType
    lifecycle: AnyLifecycle
    intents: IntentLog
    deletions: DeletionLog

    def check(self, urn: str | None, id_: str, known: Values) -> None:
        """Refuse a delete that would destroy what people created.

        If the delete is allowed but destroys dependents, warn about them.

        Raises:
            DeleteRefusedError: the delete is not allowed.
        """
        lost = self._dependents("deleted", urn, id_, known)
        managed = (stack_objects(urn) or {}) if lost else {}
        if self.lifecycle.destroys_dependents:
            self._refuse_to_destroy(managed, lost, id_, known)
        else:
            lost = [each for each in lost if each.key not in managed]
        if warning := self._refuse_or_describe("deleted", urn, id_, known, lost):
            warn(f"{self._name(id_, known)} {warning}")

    def reason_against_destroy(self, urn: str, id_: str, known: Values) -> str | None:
        """Say why a later delete of an object will be refused; return None if it may be allowed.

        Dependents that the stack manages do not count, because the run deletes them before the
        object. Those with the option `retain_on_delete` do count.

        Raises:
            DeleteRefusedError: the dependents could not be listed.
        """
        if self.resource_type.forces_delete(known):
            return None
        managed = stack_objects(urn) or {}
        lost = [
            each
            for each in self._dependents("deleted", urn, id_, known)
            if (own := managed.get(each.key)) is None or own.is_retained
        ]
        try:
            self._refuse_or_describe("deleted", urn, id_, known, lost)
        except DeleteRefusedError as error:
            return str(error)
        return None

    def _refuse_to_destroy(
        self, managed: StackObjects, lost: Iterable[Dependent], id_: str, known: Values
    ) -> None:
        """Refuse a delete that would destroy objects that the stack still manages.

        Usually, the run has moved or deleted these objects before. The input that permits the loss
        of what people created does not permit this loss.
        """
        kept = [
            each
            for each in lost
            if each.prevents_delete
            and (own := managed.get(each.key))
            and not (own.is_retained or own.has_deleted_with)
        ]
        if kept:
            relation = self.lifecycle.dependents_text.relation
            raise DeleteRefusedError(
                f"{self._name(id_, known)} was not deleted: it {relation} {_describe(kept)} of "
                "this stack. They would be lost. Pulumi moves or deletes them first, unless "
                "`delete_before_replace`, `ignore_changes`, `--replace` or `--target` prevents "
                "that: run `pulumi up` without these options"
            )

    def check_replacement(self, urn: str | None, id_: str, known: Values) -> str | None:
        """Refuse a planned replacement if `check` would refuse to delete the old object.

        Dependents that the stack manages are not destroyed, because the same run moves, replaces
        or archives them before it deletes the old object.

        Returns:
            A warning about the dependents that will be lost, or None.

        Raises:
            DeleteRefusedError: the delete of the old object is not allowed.
        """
        managed = stack_objects(urn)
        this = (managed or {}).get((self.resource_type.name, id_))
        if this and this.is_retained:
            return None
        lost: list[Dependent] = []
        for each in self._dependents("replaced", urn, id_, known):
            is_managed = managed is not None and each.key in managed
            if is_managed and self.lifecycle.destroys_dependents:
                continue
            # If the state cannot be read, do not refuse. `check` decides just before the delete.
            is_peoples = managed is not None and not is_managed
            lost.append(replace(each, prevents_delete=each.prevents_delete and is_peoples))
        return self._refuse_or_describe("replaced", urn, id_, known, lost)

    def check_forced_replacement(self, urn: str | None) -> None:
        """Refuse a forced replacement if people would lose something with it.

        With `--replace` or `pulumi state taint`, Pulumi replaces an object whose inputs have not
        changed, and does not call `diff` for this object. It also replaces the objects that refer
        to this object, but calls `diff` for them only after it has created the new object (tried).
        A refusal would then come too late.

        Args:
            urn: the URN of the resource to create.

        Raises:
            DeleteRefusedError: the replacement would destroy what people created.
        """
        if not self.lifecycle.has_replaced_children:
            return
        managed = stack_objects(urn) or {}
        old = next((each for each in managed.values() if each.urn == urn), None)
        if old is None:
            return
        known = self.resource_type.state_values(old.outputs)
        lost = [
            each
            for each in self.lifecycle.lost_by_replacement(old.id, known)
            if each.key not in managed
        ]
        if lost:
            raise DeleteRefusedError(
                f"{self._name(old.id, known)} was not replaced: the objects that refer to it "
                f"would be replaced too, and values of {_describe(lost)} would be lost. Run "
                f"without --replace, or run `pulumi state untaint '{urn}'` first"
            )

    def _dependents(self, verb: str, urn: str | None, id_: str, known: Values) -> list[Dependent]:
        """Return the dependents that are not leftovers of runs of this stack.

        Two kinds of objects are left out: objects that a run has deleted, and objects that a killed
        run has created and that Pulumi has not saved.
        """
        try:
            return [
                each
                for each in self.lifecycle.dependents(id_, known)
                if not self.deletions.contains(urn, each.resource_type, each.id)
                and not self.intents.is_unsaved(each.resource_type, each.id)
            ]
        except self.lifecycle.not_found_error:
            return []  # the object is gone
        except Exception as error:
            if self.resource_type.forces_delete(known):
                return []
            raise DeleteRefusedError(
                f"{self._name(id_, known)} was not {verb}: it could not be checked whether this "
                f"would destroy what people created: {error} Run again; or {self._options(urn)}"
            ) from error

    def _refuse_or_describe(
        self, verb: str, urn: str | None, id_: str, known: Values, lost: Iterable[Dependent]
    ) -> str | None:
        """Raise an error if a dependent prevents the delete; otherwise return a warning, if any."""
        text = self.lifecycle.dependents_text
        lost = [*lost]
        peoples = [each for each in lost if each.prevents_delete]
        if peoples and not self.resource_type.forces_delete(known):
            raise DeleteRefusedError(
                f"{self._name(id_, known)} was not {verb}: it {text.relation} "
                f"{_describe(peoples)}. They would be lost. To keep them, {text.remedy}; or "
                f"{self._options(urn)}"
            )
        return f"{text.relation} {_describe(lost)}: {text.effect}" if lost else None

    def _options(self, urn: str | None) -> str:
        """Return the end of a message: two or three ways to continue, joined by "or".

        1. Delete the object and lose its dependents. This needs an input that permits it, and some
           resource types have no such input.
        2. Set `retain_on_delete`. Pulumi then removes the resource and keeps the object.
        3. Remove the resource from the state. This keeps the object too.
        """
        force = next((n for n, p in self.resource_type.inputs.items() if p.forces_delete), None)
        allow = (
            f"to delete the {self.resource_type.name} nevertheless, set its input {force}=True, "
            "run `pulumi up`, and then repeat the change; or "
        )
        keep = f"`pulumi state delete '{urn}'`" if urn else "`pulumi state delete`"
        return (
            f"{allow if force else ''}to leave the {self.resource_type.name} at Datadog, set its "
            f"option retain_on_delete=True and run `pulumi up` first, or remove it from the state "
            f"with {keep}"
        )

    def _name(self, id_: str, known: Values) -> str:
        """Return what messages call an object, such as `Project DESK`.

        The second part is the object's key or another unique value. If the object has no unique
        value, the second part is its `name`, or else its id.
        """
        names = [name for name in (*self.resource_type.unique, "name") if known.get(name)]
        return f"{self.resource_type.name} {known[names[0]] if names else id_}"


def _describe(dependents: Iterable[Dependent]) -> str:
    """Count dependents by resource type and name some: `3 cases (SEC-4, SEC-7, SEC-9)`."""
    labels: defaultdict[str, list[str]] = defaultdict(list)
    for each in dependents:
        labels[each.resource_type].append(each.label)
    return " and ".join(
        f"{len(names)} {_noun(resource_type, len(names))} "
        f"({', '.join(names[:_NAMED])}{', …' if len(names) > _NAMED else ''})"
        for resource_type, names in labels.items()
    )


def _noun(resource_type: str, count: int) -> str:
    """The resource type in words: `automation rules`."""
    words = re.sub(r"(?<!^)(?=[A-Z])", " ", resource_type).lower()
    return words if count == 1 else f"{words}s"
