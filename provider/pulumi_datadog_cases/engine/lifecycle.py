"""`Lifecycle`: how objects of one resource type are created, read, updated and deleted at an API.

This is the seam between the engine and an API. It has no knowledge of Pulumi: a `Lifecycle` takes
plain values and returns `LiveObject`s.
"""

import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Generic, TypeVar

from pulumi_datadog_cases.engine.timing import Timing
from pulumi_datadog_cases.engine.values import Value, Values, is_list, merge

Client = TypeVar("Client")


class ObjectGoneError(Exception):
    """The object to update or read does not exist any more."""

    __module__ = "pulumi_datadog_cases"


@dataclass(frozen=True)
class LiveObject:
    """An object as the API returns it: its id, and its values by property name.

    `values` may have names that are not properties. A missing name means the property is unset or,
    if it is write-only, not part of responses.
    """

    id: str
    values: Values

    @property
    def created_at(self) -> float | None:
        """The creation time in Unix seconds, if the API returns `created_at`."""
        created_at = self.values.get("created_at")
        if not isinstance(created_at, str):
            return None
        return datetime.fromisoformat(created_at).timestamp()


@dataclass(frozen=True)
class Change:
    """An update to perform."""

    id: str
    #: The old declaration, with the values last read.
    old: Values
    #: The new declaration.
    new: Values
    #: What to send, by property: the new value, or for a property that is no longer declared the
    #: value that clears it.
    values: Values
    #: Every property of the resource type that an update can change.
    settable: frozenset[str]
    #: The current object, if it has just been read or created.
    live: LiveObject | None = None

    @property
    def is_partial(self) -> bool:
        """Whether a changed value may have undeclared members, which `merged_into` keeps."""
        return any(map(_has_members, self.values.values()))

    def merged_into(self, live: Values) -> dict[str, Value]:
        """The changed properties, each merged into its live value.

        For requests that replace a whole property: its undeclared members are kept.
        """
        return {
            name: merge(live.get(name), self.old.get(name), value)
            for name, value in self.values.items()
        }

    def full_replacement(self, live: Values) -> dict[str, Value]:
        """All settable properties: changed ones as in `merged_into`, the others unchanged.

        For requests that replace the whole object: undeclared properties are kept.
        """
        return {name: live[name] for name in self.settable if name in live} | self.merged_into(live)


def _has_members(value: Value) -> bool:
    """Whether a value is a mapping, or a list that contains one."""
    return isinstance(value, Mapping) or (is_list(value) and any(map(_has_members, value)))


class Lifecycle(ABC, Generic[Client]):
    """What the engine asks of a resource type. One instance per process, shared by threads.

    How the engine uses it:

    1. A preview reads nothing, unless it refreshes: check and diff compare declarations with the
       state.
    2. A refresh calls `refresh` for each object in the state. Only None or `not_found_error`
       removes the object from the state, and only after `consistency_window` if this machine has
       created the object recently.
    3. A create logs the intent, calls `create` with the properties that the create request accepts,
       and then `update` for the rest. If `update` fails, it calls `delete`.
    4. After a create with an unclear outcome (`may_have_succeeded`), and in the run after one that
       was killed, it looks for the object among the `candidates`. It adopts the one with the same
       values and a matching `created_at`, unless that `is_deleted`.
    5. An update calls `update` with what changed. `read_current` gives it the live object.
    6. A delete calls `delete`; `not_found_error` counts as success.
    7. `datadog-cases import`, `drift` and `export` call `list`, and `importable` to write programs.

    A resource type must implement `create`, `read` and `delete`, and `update` unless every change
    replaces. It declares the class variables below. It may override every other method.
    """

    #: The exception that the client raises if an object does not exist.
    not_found_error: ClassVar[type[Exception]]
    #: Whether repeating a create has no further effect. If not, creates go through the intent log.
    create_is_idempotent: ClassVar[bool] = False
    #: Whether the API assigns each object an id that no other object ever has. If not, the id
    #: derives from the declaration, and an object created after a delete has the same id.
    ids_are_unique: ClassVar[bool] = True
    #: The property with the id of the object whose children `list` returns; None if `list` returns
    #: all objects of the organization.
    parent_property: ClassVar[str | None] = None

    #: How long to wait for the API.
    timing = Timing()

    def __init__(self, client: Client) -> None:
        self.client = client

    # --- must implement ----------------------------------------------------------------------

    @abstractmethod
    def create(self, new: Mapping[str, Value]) -> LiveObject:
        """Create an object in one request, without the `after_create` properties."""

    @abstractmethod
    def read(self, id_: str, known: Values) -> LiveObject | None:
        """Read one object; return None or raise `not_found_error` only if it does not exist."""

    @abstractmethod
    def delete(self, id_: str, known: Values) -> None:
        """Delete an object; raise `not_found_error` if it does not exist."""

    def update(self, change: Change) -> LiveObject:
        """Update an object. Not needed if every change replaces."""
        raise NotImplementedError(f"internal error: every change of {change.id} should replace it")

    # --- may override ------------------------------------------------------------------------

    def refresh(self, id_: str, known: Values) -> LiveObject | None:
        """Read an object for a refresh of many. By default the same as `read`.

        An override may use one response for several objects, if the response is from this run, from
        after this run's last write, and not older than the known values. Only `read` may conclude
        that an object does not exist.
        """
        return self.read(id_, known)

    def read_current(self, change: Change) -> Values:
        """Return the current values of the object to update.

        Raises:
            ObjectGoneError: it does not exist.
        """
        live = change.live or self.read(change.id, change.old)
        if live is None:
            raise ObjectGoneError(f"{change.id} does not exist any more")
        return live.values

    def list(self, parent: LiveObject | None) -> Iterable[LiveObject]:
        """Return all objects of a parent; by default none.

        Args:
            parent: the object that `parent_property` refers to, possibly only its id; None if the
                resource type has no `parent_property`.
        """
        del parent
        return ()

    def importable(self, live: LiveObject) -> Values | None:
        """Return the values that declare an existing object, or None if no declaration can.

        It returns everything that can be read; the engine leaves out defaults.
        """
        return live.values

    def candidates(self, new: Values, age: float) -> Iterable[LiveObject]:
        """Return objects that include any created from these values in the last `age` seconds.

        It may return others too: the engine compares the values, and `created_at` if present.
        """
        del age
        parent = LiveObject(str(new[self.parent_property]), {}) if self.parent_property else None
        return self.list(parent)

    def may_have_succeeded(self, error: Exception) -> bool:
        """Whether the API may have carried out a create that failed with this error."""
        del error
        return True

    def is_deleted(self, live: LiveObject) -> bool:
        """Whether a readable object is as `delete` leaves it, such as archived."""
        del live
        return False

    @property
    def account(self) -> str:
        """The account that the objects belong to, as a file name."""
        return "account"

    def now(self) -> float:
        """The current time in Unix seconds, by the API's clock if known."""
        return time.time()
