"""`Ownership`: one object belongs to one resource of a stack."""

from dataclasses import dataclass, field

from pulumi_datadog_cases.engine.plugin_host import warn
from pulumi_datadog_cases.engine.resource_type import ResourceType
from pulumi_datadog_cases.engine.safety.intent_log import IntentLog
from pulumi_datadog_cases.engine.stack_state import StackObject, stack_objects


class ManagedTwiceError(Exception):
    """Two resources of a stack have the same object, or one would adopt the other's object."""

    __module__ = "pulumi_datadog_cases"


@dataclass(frozen=True)
class Ownership:
    """Makes sure that no two resources manage the same object.

    If two resources managed one object, and the program no longer declared one of the resources,
    Pulumi would delete the object, although the other resource still needs it.
    """

    resource_type: ResourceType
    intents: IntentLog
    #: For each object id, the URN of the resource that has the object. Contains only resources that
    #: Pulumi has compared with the state in this process.
    _urns: dict[str, str] = field(default_factory=dict[str, str])

    def check_state(self, urn: str | None, id_: str) -> None:
        """Remember that a resource in the state has an object.

        Raises:
            ManagedTwiceError: another resource in the state has the object too.
        """
        if urn is not None and self._urns.setdefault(id_, urn) != urn:
            raise self._managed_twice(urn, id_)

    def check_delete(self, urn: str | None, id_: str) -> None:
        """Before a delete, make sure that no remaining resource has the object.

        Raises:
            ManagedTwiceError: another resource in the state has the object.
        """
        if urn is not None and self._urns.get(id_, urn) != urn:
            raise self._managed_twice(urn, id_)

    def check_adoption(self, urn: str | None, id_: str) -> bool:
        """Before an adoption, make sure that no resource of this stack has the object.

        Warns if another run on this machine has just created the object, because another stack may
        manage it.

        Returns:
            True if the object may be adopted. False if the resource `urn` itself has the object,
            and is being replaced.

        Raises:
            ManagedTwiceError: another resource in the state has the object, or adopts it in this
                run.
        """
        name = self.resource_type.name
        managed = (stack_objects(urn) or {}).get((name, id_))
        if managed and managed.urn == urn:
            return False
        if managed or not self.intents.claim_in_this_process(name, id_):
            raise self.managed_already(managed, id_)
        if self.intents.created_at(name, id_) is not None:
            warn(
                f"{name} {id_} is adopted, but another run on this machine has just created it: "
                "if another stack manages it, remove it there with `pulumi state delete`"
            )
        return True

    def managed_already(self, managed: StackObject | None, id_: str) -> ManagedTwiceError:
        """The error for an object that another resource of the stack manages.

        Args:
            managed: the object in the state; None if the state does not have the object yet.
            id_: the object's id.
        """
        other = f"`{managed.urn}`" if managed else "another resource"
        return ManagedTwiceError(
            f"{self.resource_type.name} {id_} cannot be managed twice: {other} of this stack "
            "manages it already. To rename that resource, use the option aliases; otherwise remove "
            "one of the two"
        )

    def _managed_twice(self, urn: str, id_: str) -> ManagedTwiceError:
        return ManagedTwiceError(
            f"{self.resource_type.name} {id_} is in the state twice, as `{self._urns[id_]}` and as "
            f"`{urn}`: remove one of the two from the program, and then from the state with "
            f"`pulumi state delete '{urn}'`"
        )
