"""`Adoption`: finds the existing object that a program adopts instead of creating one.

To ask for an adoption, a program sets the input that the resource class declares with `adopts=True`
(`Property.adopts`).
"""

from dataclasses import dataclass

from pulumi_datadog_cases.engine.lifecycle import LiveObject
from pulumi_datadog_cases.engine.resource_type import AnyLifecycle, ResourceType
from pulumi_datadog_cases.engine.safety.consistency import ConsistentAccess
from pulumi_datadog_cases.engine.safety.ownership import Ownership
from pulumi_datadog_cases.engine.values import Values


class AdoptionError(Exception):
    """An object cannot be adopted, or it prevents a create that does not ask for adoption."""

    __module__ = "pulumi_datadog_cases"


@dataclass(frozen=True)
class Adoption:
    """Finds the existing object that a create should take over."""

    resource_type: ResourceType
    lifecycle: AnyLifecycle
    access: ConsistentAccess
    ownership: Ownership

    def find(self, urn: str | None, new: Values) -> LiveObject | None:
        """Return the object to adopt, or None if a new object has to be created.

        Args:
            urn: the URN of the resource.
            new: all declared values.

        Raises:
            AdoptionError: the object does not exist, or differs from the declaration in a property
                that no update can change.
            ManagedTwiceError: another resource of the stack manages the object.
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
        if not self.ownership.check_adoption(urn, found.id):
            return None
        if differing := self.resource_type.requires_replacement(found, new):
            raise AdoptionError(
                f"{name} {found.id} cannot be adopted: it differs from the declaration in "
                f"{', '.join(differing)}, which cannot be changed"
            )
        return found

    def existing_if_readable(self, new: Values) -> LiveObject | None:
        """Return the result of `existing`, or None if the request fails."""
        try:
            return self.existing(new)
        except Exception:  # noqa: BLE001 - the caller raises the original error
            return None

    def suggestion(self, error: Exception, existing: LiveObject, inputs: Values) -> AdoptionError:
        """Return the error to raise if a create was rejected because the object exists already."""
        name = self.resource_type.name
        values = ", ".join(f"{each} {inputs[each]}" for each in self.resource_type.unique)
        return AdoptionError(
            f"{error} There is already a {name} with {values} ({existing.id}): to manage it "
            "here, add adopt=True"
        )

    def existing(self, new: Values) -> LiveObject | None:
        """Return the object that has the declared unique values, if there is one."""
        unique = self.resource_type.unique
        if not unique:
            return None
        identity = {name: new[name] for name in unique}
        found = self.resource_type.matching(self.lifecycle.candidates(new, since=0.0), identity)
        return found[0] if len(found) == 1 else None
