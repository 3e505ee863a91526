"""`Imports`: takes over existing objects for the resource option `import_`.

Pulumi's own import does not work with dynamic resources: Pulumi's engine reads the object before it
knows which Python class can read it. This was tried. So the constructor of a resource passes the
import id on as a hidden input. The check of a new resource reads the object and compares it with
the declaration, and the create stores the object in the state without a write. Later checks drop
the hidden input.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from pulumi_datadog_cases.engine.forms import alike
from pulumi_datadog_cases.engine.lifecycle import LiveObject
from pulumi_datadog_cases.engine.references import References
from pulumi_datadog_cases.engine.resource_type import AnyLifecycle, ResourceType
from pulumi_datadog_cases.engine.safety.consistency import ConsistentAccess
from pulumi_datadog_cases.engine.safety.ownership import Ownership
from pulumi_datadog_cases.engine.values import (
    Value,
    Values,
    equivalent,
    from_wire,
    has_unknown,
    is_unknown,
)


class ImportRefusedError(Exception):
    """The object that the option `import_` names cannot be taken over without a write."""

    __module__ = "pulumi_datadog_cases"


@dataclass(frozen=True)
class Imports:
    """Finds the objects to import, for one resource type in one account."""

    resource_type: ResourceType
    lifecycle: AnyLifecycle
    access: ConsistentAccess
    references: References
    ownership: Ownership
    #: The URNs of resources in the state. The option has no effect on them.
    urns_in_state: AbstractSet[str]

    def applies(self, urn: str | None) -> bool:
        """Whether the option has an effect, because the resource is not in the state yet."""
        return urn not in self.urns_in_state

    def check(self, import_id: str, new: Values) -> None:
        """Raise the error that `find` would raise. In a preview, this may be impossible.

        If an input that no update can change is still unknown, such as the id of the project, the
        object is not read, and only the create finds the differences.

        Args:
            import_id: the value of the option.
            new: the checked inputs. In a preview, some may be unknown.

        Raises:
            ImportRefusedError: see `find`.
        """
        fixed = new.keys() - self.resource_type.settable
        if not any(has_unknown(new[name]) for name in fixed):
            self._find(import_id, new)

    def find(self, urn: str | None, import_id: str, new: Values) -> LiveObject:
        """Return the object to import.

        Args:
            urn: the URN of the resource.
            import_id: the value of the option.
            new: the checked inputs.

        Raises:
            ImportRefusedError: there is no such object, or it differs from the declaration.
            ManagedTwiceError: another resource of the stack manages the object.
        """
        live = self._find(import_id, new)
        self.ownership.check_adoption(urn, live.id)
        return live

    def _find(self, import_id: str, new: Values) -> LiveObject:
        name = self.resource_type.name
        has_parents = import_id.count("/") >= len(self.resource_type.parents)
        own_id, parents = self.resource_type.parse_import_id(
            import_id, {} if has_parents else self.resource_type.parent_ids(new)
        )
        missing = ImportRefusedError(
            f"there is no {name} {import_id} to import: correct the option import_, in the form "
            f"{self.resource_type.import_id}"
        )
        try:
            declared = self.references.resolve(new, {})
            values = self.references.resolve({**new, **parents}, {})
        except self.lifecycle.not_found_error as error:
            raise missing from error
        live = self.access.refresh(own_id, values)
        if live is None:
            raise missing
        differing = [
            each
            for each in self.resource_type.parents
            if not (is_unknown(declared[each]) or equivalent(declared[each], values[each]))
        ]
        differing += self._differing(live, values)
        if differing:
            raise ImportRefusedError(
                f"{name} {import_id} cannot be imported, because an import writes nothing, and "
                f"the object differs from the declaration in {', '.join(differing)}: declare the "
                "values that the object has, or change the object"
            )
        return live

    def _differing(self, live: LiveObject, declared: Values) -> list[str]:
        """Return the names of the declared inputs that the object does not have."""
        outputs = self.resource_type.outputs(declared, live)

        def differs(name: str, value: Value) -> bool:
            if self.resource_type.inputs[name].is_instruction or has_unknown(value):
                return False
            is_same = equivalent(outputs[name], value)
            return not (is_same or alike(value, from_wire(live.values.get(name))))

        return [name for name in declared if differs(name, declared[name])]
