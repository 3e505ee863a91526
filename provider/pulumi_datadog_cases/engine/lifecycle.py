"""What a kind of resource says of itself: how it is created, read, updated and deleted.

This is the seam between the engine and an API. It holds nothing of Pulumi: a `Lifecycle` gets
plain values and answers `Live` ones.
"""

import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Generic, TypeVar

from pulumi_datadog_cases.engine.values import Value, Values, is_list, merge

Client = TypeVar("Client")


class ObjectGoneError(Exception):
    """What was to be changed is not there any more."""

    __module__ = "pulumi_datadog_cases"


@dataclass(frozen=True)
class LiveObject:
    """An object as the API answers it: its id, and its values by property name.

    It may hold more names than the kind has properties; a name it lacks is unset there, or not
    answered where the property is write-only.
    """

    id: str
    values: Values

    @property
    def created_at(self) -> float | None:
        """When the object was made, as Unix time, where the API says so under that name."""
        told = self.values.get("created_at")
        return datetime.fromisoformat(told).timestamp() if isinstance(told, str) else None


@dataclass(frozen=True)
class Change:
    """What an update has to do."""

    id: str
    #: Declared until now, as last seen.
    old: Values
    #: Declared from now on.
    new: Values
    #: What to send, by property: the new value, or the one that clears what is declared no more.
    values: Values
    #: Every property of the kind that an update may set.
    settable: frozenset[str]
    #: The object as it was a moment ago, where that is known.
    live: LiveObject | None = None

    @property
    def is_partial(self) -> bool:
        """Whether a changed value may have undeclared parts, which `merged_into` has to be given."""
        return any(map(_has_members, self.values.values()))

    def merged_into(self, live: Values) -> dict[str, Value]:
        """The changed properties, each laid over its live value.

        For requests that replace a whole property: what stands in it undeclared survives.
        """
        return {
            name: merge(live.get(name), self.old.get(name), value)
            for name, value in self.values.items()
        }

    def full_replacement(self, live: Values) -> dict[str, Value]:
        """Every settable property: the changed ones as in `merged_into`, the others as they are live.

        For requests that replace the whole object: what somebody else set survives.
        """
        return {name: live[name] for name in self.settable if name in live} | self.merged_into(live)


def _has_members(value: Value) -> bool:
    """Whether a value is a mapping, or a list of some."""
    return isinstance(value, Mapping) or (is_list(value) and any(map(_has_members, value)))


class Lifecycle(ABC, Generic[Client]):
    """How objects of one kind live at the API. One instance per process, shared by threads."""

    #: What the client raises where an object is not there.
    not_found_error: ClassVar[type[Exception]]
    #: Whether a create that is repeated makes a second object.
    create_is_idempotent: ClassVar[bool] = False
    #: Whether the API gives each object an id that no other has. Where it does not, the id follows
    #: from what is declared, and what is made after a delete has the same.
    ids_are_unique: ClassVar[bool] = True
    #: The property with the id of what objects are listed by; None where all are in one list.
    parent_property: ClassVar[str | None] = None

    def __init__(self, client: Client) -> None:
        self.client = client

    @property
    def account(self) -> str:
        """Which account the objects live in, as a file's name."""
        return "account"

    def now(self) -> float:
        """Unix time by the API's clock, as far as that is known."""
        return time.time()

    @abstractmethod
    def create(self, new: Mapping[str, Value]) -> LiveObject:
        """Create an object, in one request, without the properties that are set afterwards."""

    def list(self, within: LiveObject | None) -> Iterable[LiveObject]:
        """The objects that there are, as far as the API tells of any.

        Args:
            within: what `parent_property` names, of which no more than the id may be known; None for
                kinds without.
        """
        del within
        return ()

    def declared(self, live: LiveObject) -> Values | None:
        """The values by which a program would declare an object that is there; None if none could.

        All that can be read is in it; what is as usual the engine leaves out.
        """
        return live.values

    def candidates(self, new: Values, age: float) -> Iterable[LiveObject]:
        """Objects among which one is that was created as `new` says in the last `age` seconds.

        Others may be among them: the engine compares values, and `created_at` where it is there.
        """
        del age
        return self.list(
            LiveObject(str(new[self.parent_property]), {}) if self.parent_property else None
        )

    def may_have_succeeded(self, error: Exception) -> bool:
        """Whether a create that ended so may have been carried out all the same."""
        del error
        return True

    def is_deleted(self, live: LiveObject) -> bool:
        """Whether an object has come to the end that `delete` gives it, and can still be read."""
        del live
        return False

    @abstractmethod
    def read(self, id_: str, known: Values) -> LiveObject | None:
        """Read an object; answer `None` or raise `not_found_error` only where it is certainly not there."""

    def refresh(self, id_: str, known: Values) -> LiveObject | None:
        """Read an object that stands in the state, as one of many: as `read` does by default.

        It may be told by an answer that serves for several, of this run and since its last write,
        if that is no older than what is known. That it is gone only a `read` may say.
        """
        return self.read(id_, known)

    def update(self, change: Change) -> LiveObject:
        """Change an object; kinds of which every change replaces have no need of it."""
        raise NotImplementedError(f"every change of {change.id} replaces it")

    @abstractmethod
    def delete(self, id_: str, known: Values) -> None:
        """End an object; raise `not_found_error` where that has happened already."""

    def current(self, change: Change) -> Values:
        """The values of the object that is to be changed, as they are now."""
        live = change.live or self.read(change.id, change.old)
        if live is None:
            raise ObjectGoneError(f"{change.id} is gone")
        return live.values
