"""`Adoption`: finds the existing object that the program asks a create to take over.

The program asks for this with an input that is declared with `Property.adopts`.
"""

import time
from dataclasses import dataclass

from pulumi_datadog_cases.engine.lifecycle import LiveObject
from pulumi_datadog_cases.engine.resource_type import AnyLifecycle, ResourceType
from pulumi_datadog_cases.engine.safety.consistency import ConsistentAccess
from pulumi_datadog_cases.engine.values import Values, equivalent


class AdoptionError(Exception):
    """An existing object cannot be adopted, or the program does not ask for its adoption."""

    __module__ = "pulumi_datadog_cases"


@dataclass(frozen=True)
class Adoption:
    """Finds the existing object that a create should take over."""

    resource_type: ResourceType
    lifecycle: AnyLifecycle
    access: ConsistentAccess

    def find(self, new: Values) -> LiveObject | None:
        """Return the object to adopt, or None if there is none.

        Raises:
            AdoptionError: the object does not exist, or differs from the declaration in a property
                that no update can change.
        """
        adopt = self.resource_type.adopts(new)
        if not adopt:
            return None
        name = self.resource_type.name
        if isinstance(adopt, str):
            found = self.access.read(adopt, new)
            if found is None:
                raise AdoptionError(f"there is no {name} {adopt} to adopt: correct the id")
        elif (found := self._with_same_unique_values(new)) is None:
            return None
        if differing := self.resource_type.requires_replacement(found, new):
            raise AdoptionError(
                f"{name} {found.id} cannot be adopted: it differs from the declaration in "
                f"{', '.join(differing)}, which cannot be changed"
            )
        return found

    def suggest(self, error: Exception, inputs: Values) -> None:
        """Suggest adoption if the API rejected a create because the object already exists.

        Raises:
            AdoptionError: an object with the same unique values exists.
        """
        try:
            existing = self._with_same_unique_values(inputs)
        except Exception:  # noqa: BLE001 - the caller raises the original error
            return
        if existing is not None:
            name = self.resource_type.name
            values = ", ".join(f"{each} {inputs[each]}" for each in self.resource_type.unique)
            raise AdoptionError(
                f"{error} There is already a {name} with {values} ({existing.id}): to manage it "
                "here, add adopt=True"
            ) from error

    def _with_same_unique_values(self, new: Values) -> LiveObject | None:
        unique = self.resource_type.unique
        if not unique:
            return None
        for live in self.lifecycle.candidates(new, time.time()):
            if all(equivalent(live.values.get(name), new[name]) for name in unique):
                return live
        return None
