"""`Adoption`: finds the existing object that the program asks a create to take over.

The program asks for this with an input that is declared with `Property.adopts`.
"""

import time
from dataclasses import dataclass

from pulumi_datadog_cases.engine.lifecycle import LiveObject
from pulumi_datadog_cases.engine.plugin_host import warn
from pulumi_datadog_cases.engine.resource_type import AnyLifecycle, ResourceType
from pulumi_datadog_cases.engine.safety.consistency import ConsistentAccess
from pulumi_datadog_cases.engine.safety.intent_log import IntentLog
from pulumi_datadog_cases.engine.stack_state import stack_objects
from pulumi_datadog_cases.engine.values import Values, equivalent


class AdoptionError(Exception):
    """An existing object cannot be adopted, or the program does not ask for its adoption."""

    __module__ = "pulumi_datadog_cases"


@dataclass(frozen=True)
class Adoption:
    """Finds the existing object that a create should take over.

    One object belongs to one resource: if two managed it, removing one from the program would
    delete the object of the other.
    """

    resource_type: ResourceType
    lifecycle: AnyLifecycle
    intents: IntentLog
    access: ConsistentAccess

    def find(self, urn: str | None, new: Values) -> LiveObject | None:
        """Return the object to adopt, or None if there is none.

        Args:
            urn: the URN of the resource.
            new: all declared values.

        Raises:
            AdoptionError: the object does not exist, is managed by another resource of the stack,
                or differs from the declaration in a property that no update can change.
        """
        adopt = self.resource_type.adopts(new)
        if not adopt:
            return None
        name = self.resource_type.name
        if isinstance(adopt, str):
            found = self.access.read(adopt, new)
            if found is None:
                raise AdoptionError(f"there is no {name} {adopt} to adopt: correct the id")
        elif (found := self.existing(new)) is None:
            return None
        managed = (stack_objects(urn) or {}).get((name, found.id))
        if managed and managed.urn == urn:
            return None  # the object that is being replaced
        self._require_unmanaged(found, managed.urn if managed else None)
        if differing := self.resource_type.requires_replacement(found, new):
            raise AdoptionError(
                f"{name} {found.id} cannot be adopted: it differs from the declaration in "
                f"{', '.join(differing)}, which cannot be changed"
            )
        return found

    def existing_if_readable(self, new: Values) -> LiveObject | None:
        """Return what `existing` does; None also if the request fails."""
        try:
            return self.existing(new)
        except Exception:  # noqa: BLE001 - the caller raises the original error
            return None

    def suggestion(self, error: Exception, existing: LiveObject, inputs: Values) -> AdoptionError:
        """The error to raise after a rejected create if the object already exists."""
        name = self.resource_type.name
        values = ", ".join(f"{each} {inputs[each]}" for each in self.resource_type.unique)
        return AdoptionError(
            f"{error} There is already a {name} with {values} ({existing.id}): to manage it "
            "here, add adopt=True"
        )

    def _require_unmanaged(self, found: LiveObject, urn: str | None) -> None:
        """Raise an error if a resource of this stack has the object; warn if another may have it.

        Args:
            found: the object to adopt.
            urn: the URN of the resource that has the object in the state, if any.
        """
        name = self.resource_type.name
        if urn or self.intents.is_claimed_by_this_process(name, found.id):
            other = f"`{urn}`" if urn else "another resource"
            raise AdoptionError(
                f"{name} {found.id} cannot be adopted: {other} of this stack manages it already. "
                "To rename that resource, use the option aliases; otherwise remove one of the two"
            )
        if self.intents.created_at(name, found.id) is not None:
            warn(
                f"{name} {found.id} is adopted, but another run on this machine has just created "
                "it: if another stack manages it, remove it there with `pulumi state delete`"
            )

    def existing(self, new: Values) -> LiveObject | None:
        """Return the object that has the declared unique values, if there is one."""
        unique = self.resource_type.unique
        if not unique:
            return None
        for live in self.lifecycle.candidates(new, time.time()):
            if all(equivalent(live.values.get(name), new[name]) for name in unique):
                return live
        return None
