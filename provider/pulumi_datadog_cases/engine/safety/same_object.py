"""`SameObject`: keeps an object that the stack still manages after a replacement or a removal.

For some types, the API allows only one object with the same identifying inputs
(`ResourceType.identity`). So two resources with the same identifying inputs, or the old and the new
resource of a replacement, can have the same object. A delete of one of the resources would destroy
the object of the other.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from pulumi_datadog_cases.engine.lifecycle import LiveObject
from pulumi_datadog_cases.engine.plugin_host import warn
from pulumi_datadog_cases.engine.resource_type import Identity, ResourceType
from pulumi_datadog_cases.engine.safety.consistency import ConsistentAccess
from pulumi_datadog_cases.engine.safety.ownership import Ownership
from pulumi_datadog_cases.engine.stack_state import StackObject, stack_resources
from pulumi_datadog_cases.engine.values import Values, equivalent, is_encrypted


@dataclass(frozen=True)
class SameObject:
    """Compares the objects of one resource type with those in the state, by their identity."""

    resource_type: ResourceType
    access: ConsistentAccess
    ownership: Ownership
    #: The URNs of resources in the state, collected from the calls of `diff` in this process.
    urns_in_state: AbstractSet[str]
    #: The URNs of resources whose objects this process has deleted.
    _deleted: set[str] = field(default_factory=set[str])
    #: By the URN of a replaced resource: whether the next delete must keep the object, because the
    #: new resource has the same object.
    _kept: dict[str, bool] = field(default_factory=dict[str, bool])
    #: The resources in the state by the identity of their objects; empty until the first use.
    _index: dict[Identity, list[StackObject]] = field(
        default_factory=dict[Identity, list[StackObject]]
    )
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def find_replaced(self, urn: str | None, new: Values) -> LiveObject | None:
        """Return the existing object if the create of a replacement would give the same object.

        `pulumi up --replace` and `pulumi state taint` replace a resource whose inputs have not
        changed. Pulumi then creates the new object first, and deletes the old one afterwards
        (tried). That delete would destroy the object. `is_kept` prevents it.

        Returns:
            None if the state does not have the object, if the object does not exist, or if the
            program has changed inputs that no update can change.

        Raises:
            ManagedTwiceError: another resource manages the object.
        """
        for same in self._in_state(urn, new):
            if same.urn != urn:
                raise self.ownership.managed_already(same, same.id)
            if self._is_redeclared(same, new):
                return None
            live = self.access.refresh(same.id, new)
            if live and not self.resource_type.requires_replacement(live, new):
                self._kept[same.urn] = True
                return live
        return None

    def _is_redeclared(self, same: StackObject, new: Values) -> bool:
        """Whether inputs that no update can change differ between the state and the program.

        The live object may lack these inputs, because some inputs are in no response, such as the
        assignment group of a ticket. An encrypted value in the state cannot be compared, and counts
        as unchanged.
        """
        known = self.resource_type.state_values(same.outputs)
        return any(
            p.replace_on_changes
            and not is_encrypted(known.get(name))
            and not equivalent(known.get(name), new.get(name))
            for name, p in self.resource_type.inputs.items()
        )

    def is_kept(self, urn: str | None, known: Values) -> bool:
        """Whether a delete must keep the object, because the stack still manages it.

        There are three cases. A replacement of the resource in this run has kept the object. Or a
        run was killed after it had made such a replacement: the state then has an old copy of the
        resource, which the next run deletes first. Or another resource, which this run keeps, has
        the same object.

        Args:
            urn: the URN of the resource.
            known: the values in the state.
        """
        # Pulumi may delete an old copy and the resource itself at the same time.
        with self._lock:
            if urn is None or urn in self._deleted:
                return False
            if urn in self._kept:
                return self._kept.pop(urn)
            for same in self._in_state(urn, known):
                if same.urn == urn and same.has_old_copy:
                    self._kept[urn] = False  # a further delete in this run deletes the object
                    return True
                if same.urn != urn and same.urn in self.urns_in_state:
                    warn(
                        f"{self.resource_type.name} {same.id} was removed from the state, but not "
                        f"deleted: `{same.urn}` has it too"
                    )
                    return True
            return False

    def mark_deleted(self, urn: str | None) -> None:
        """Remember that this process has deleted the object of a resource."""
        self._deleted.update(filter(None, [urn]))

    def _in_state(self, urn: str | None, values: Values) -> Iterator[StackObject]:
        """Yield the resources in the state that manage the object that the values identify."""
        identity = self.resource_type.identity_of(values)
        # Read the state only if it is needed: the first read takes 0.2 s or longer.
        if urn is not None and identity is not None:
            for each in self._by_identity(urn).get(identity, ()):
                if each.urn not in self._deleted:
                    yield each

    def _by_identity(self, urn: str) -> Mapping[Identity, Sequence[StackObject]]:
        """Return the resources in the state of a URN's stack by the identity of their objects."""
        with self._lock:
            if not self._index:
                for each in stack_resources(urn, self.resource_type.name):
                    known = self.resource_type.state_values(each.outputs)
                    if identity := self.resource_type.identity_of(known):
                        self._index.setdefault(identity, []).append(each)
            return self._index
