"""`Imports`: takes over existing objects for the resource option `import_`.

Pulumi's own import does not work with dynamic resources: Pulumi's engine reads the object before it
knows which Python class can read it (tried). So the constructor of a resource passes the import id
on as a hidden input. The check of a new resource reads the object and compares it with the
declaration, and the create stores the object in the state without a write. Later checks drop the
hidden input.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from pulumi_datadog_cases.engine.lifecycle import LiveObject
from pulumi_datadog_cases.engine.references import References
from pulumi_datadog_cases.engine.resource_type import AnyLifecycle, ResourceType
from pulumi_datadog_cases.engine.safety.consistency import ConsistentAccess
from pulumi_datadog_cases.engine.safety.ownership import Ownership
from pulumi_datadog_cases.engine.values import Values, contains_unknown, equivalent


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
    #: The URNs of resources in the state. The option `import_` has no effect on these resources.
    urns_in_state: AbstractSet[str]

    def check(self, urn: str | None, import_id: str, new: Values) -> None:
        """Refuse to import an object that does not exist, or that differs from the declaration.

        In a preview, an input that is needed to read the object, such as the id of the project, may
        be unknown. This method then does not read the object. The create reads it in the
        deployment, and refuses the import if the object differs.

        Args:
            urn: the URN of the resource.
            import_id: the value of the option.
            new: the checked inputs. In a preview, some may be unknown.

        Raises:
            ImportRefusedError: see `find`.
        """
        not_updatable = new.keys() - self.resource_type.settable
        if urn not in self.urns_in_state and not any(
            contains_unknown(new[name]) for name in not_updatable
        ):
            self._find(import_id, new)

    def find(self, urn: str | None, import_id: str, new: Values) -> LiveObject | None:
        """Return the object to import; None if the resource is in the state already.

        Args:
            urn: the URN of the resource.
            import_id: the value of the option.
            new: the checked inputs.

        Raises:
            ImportRefusedError: there is no such object, or it differs from the declaration.
            ManagedTwiceError: another resource of the stack manages the object.
        """
        if urn in self.urns_in_state:
            return None
        live = self._find(import_id, new)
        self.ownership.check_adoption(urn, live.id)
        return live

    def _find(self, import_id: str, new: Values) -> LiveObject:
        """Return the object to import.

        Raises:
            ImportRefusedError: the object does not exist, has another parent, or lacks a declared
                value.
        """
        name = self.resource_type.name
        declared = self.references.resolve(new, {})
        has_parents = import_id.count("/") >= len(self.resource_type.parents)
        own_id, parents = self.resource_type.parse_import_id(
            import_id, {} if has_parents else self.resource_type.parent_ids(new)
        )
        not_found = ImportRefusedError(
            f"there is no {name} {import_id} to import: correct the option import_, whose form is "
            f"{self.resource_type.import_id}"
        )
        # The check has normalized the declared ids of the parents, but not those in the import id.
        normalized, _ = self.resource_type.validate({**new, **parents})
        try:
            values = self.references.resolve(normalized, {})
        except self.lifecycle.not_found_error as error:
            raise not_found from error
        live = self.access.refresh(own_id, values)
        if live is None:
            raise not_found
        differing = [
            each
            for each in self.resource_type.parents
            if not equivalent(declared[each], values[each])
        ]
        differing += self.resource_type.differing(live, values)
        if differing:
            raise ImportRefusedError(
                f"{name} {import_id} cannot be imported, because an import writes nothing, and "
                f"the object differs from the declaration in {', '.join(differing)}: declare the "
                "values that the object has, or change the object"
            )
        return live
