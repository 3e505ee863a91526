"""`Lifecycle`: how objects of one resource type are created, read, updated and deleted at an API.

A `Lifecycle` is the interface between the engine and an API. It knows nothing of Pulumi: its
methods take plain values and return `LiveObject`s.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Generic, TypeVar

from pulumi_datadog_cases.engine.forms import Form, values_in_declared_form
from pulumi_datadog_cases.engine.timing import Timing
from pulumi_datadog_cases.engine.values import Value, Values, is_list, merge

Client = TypeVar("Client")


class ObjectGoneError(Exception):
    """The object to read or update does not exist any more."""

    __module__ = "pulumi_datadog_cases"


@dataclass(frozen=True)
class LiveObject:
    """An object as the API returns it: its id, and its values by property name.

    `values` may contain names that are not properties. A property that is missing from `values` is
    unset at the API. Write-only properties are the exception, because responses may omit them.
    """

    id: str
    values: Values
    #: The names in `values` that the response to a write does not contain. For these names,
    #: `values` has the values that the request sent.
    unread: frozenset[str] = frozenset()

    @property
    def created_at(self) -> float | None:
        """The creation time in Unix seconds, if the API returns `created_at`."""
        created_at = self.values.get("created_at")
        if not isinstance(created_at, str):
            return None
        return datetime.fromisoformat(created_at).timestamp()


@dataclass(frozen=True)
class Organization:
    """The organization that objects and keys belong to."""

    id: str
    #: What error messages call it: for example its name, id and site.
    label: str


@dataclass(frozen=True)
class Dependent:
    """An object that is destroyed, or loses data, when another object is deleted."""

    resource_type: str
    id: str
    #: The name by which people know the object, such as a case's key.
    label: str
    #: Whether the delete would destroy people's work. If true, this object prevents the delete. If
    #: false, the other object is deleted with a warning.
    prevents_delete: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """The resource type and the id, by which a stack's state is searched for the object."""
        return self.resource_type, self.id


@dataclass(frozen=True)
class DependentsText:
    """The parts of sentences that describe the dependents of a resource type in messages."""

    #: The verb before the dependents: `contains`, as in "Project SEC contains 3 cases".
    relation: str = "contains"
    #: What a delete does to the dependents, such as `they are deleted with it`.
    effect: str = "they are deleted with it"
    #: How the user can keep the dependents, such as `move the cases to another project`.
    remedy: str = ""


@dataclass(frozen=True)
class Change:
    """An update of one object: its old and new values, and the values to send."""

    id: str
    #: The properties that the program declared before, with the values that were last read.
    old: Values
    #: The properties that the program declares now.
    new: Values
    #: The values to send, by property. A property that is no longer declared has the value that
    #: clears it at the API.
    values: Values
    #: Every property of the resource type that an update can change.
    settable: frozenset[str]
    #: The current object, if the engine has just read or created it.
    live: LiveObject | None = None
    #: The stored forms of values in `old`, by property. Each `Form` has two spellings of a value:
    #: the one that the program declared, and the one that the API returns.
    forms: Mapping[str, Form] = field(default_factory=dict[str, Form])
    #: The names of the properties whose `Property.keeps_members` is set. If the program no longer
    #: declares a member of such a property, the member keeps its value.
    keeps_members: frozenset[str] = frozenset()
    #: Compares a live object with `old` as the diff does. Returns the names of the settable
    #: properties that differ.
    compare: Callable[[LiveObject], Collection[str]] = lambda _: ()

    def differing(self, live: Values) -> frozenset[str]:
        """Return the names of the settable properties whose live values differ from `old`."""
        return frozenset(self.compare(LiveObject(self.id, self.in_declared_form(live))))

    @property
    def is_partial(self) -> bool:
        """Whether any value to send is or contains a mapping.

        The live mapping may have keys that the program does not declare. `merged_into` keeps them.
        """
        return any(map(_has_members, self.values.values()))

    def merged_into(self, live: Values) -> dict[str, Value]:
        """Return the values to send, each merged into its live value.

        Requests that replace a whole property need this method: it keeps the live keys that the
        program does not declare.
        """
        declared = self.in_declared_form(live)
        removable = {name: self.old.get(name) for name in self.old.keys() - self.keeps_members}
        return {
            name: merge(declared.get(name), removable.get(name), value)
            for name, value in self.values.items()
        }

    def full_replacement(self, live: Values) -> dict[str, Value]:
        """Return all settable properties: the result of `merged_into`, and the other live values.

        Requests that replace the whole object need this method: it keeps the properties that the
        program does not declare.
        """
        return {name: live[name] for name in self.settable if name in live} | self.merged_into(live)

    def in_declared_form(self, live: Values) -> Values:
        """Replace the API's forms in live values by the declared forms. See `forms`."""
        return values_in_declared_form(live, self.forms)


def _has_members(value: Value) -> bool:
    """Whether a value is a mapping, or a list that contains one."""
    return isinstance(value, Mapping) or (is_list(value) and any(map(_has_members, value)))


class Lifecycle(ABC, Generic[Client]):
    """Sends the requests of one resource type. All threads of a process share one instance.

    How the engine uses it:

    1. A preview without a refresh reads nothing from the API: check and diff compare the program's
       inputs with the state.
    2. A refresh calls `refresh` for each object in the state. If `refresh` returns None or raises
       `not_found_error`, the object is removed from the state. If this machine created the object
       recently, the engine first repeats the call until `Timing.consistency_window` is over.
    3. Before a create that is not idempotent, the engine writes an intent, which is a log entry on
       disk (`safety.intent_log`). It then calls `create` with the properties that the create
       request accepts, and `update` with the other properties. If `update` fails, the engine calls
       `delete`.
    4. If a create fails with an unclear outcome (`may_have_succeeded`), the engine looks for the
       object among the `candidates`. If a run is killed during a create, the next run looks for
       the object in the same way. The engine takes over a candidate if its values equal those of
       the create request, its `created_at` fits the time of the create, and `is_deleted` returns
       False.
    5. An update calls `update` with a `Change`. `update` can get the live values from
       `read_current`.
    6. Before a delete, the engine asks for the `dependents`. If one of them prevents the delete,
       the engine refuses to delete. Otherwise it calls `delete`, and counts `not_found_error` as
       success.
    7. `datadog-cases import`, `drift` and `export` call `list` to find objects. They call
       `importable` for the values that a program would declare.

    A subclass must implement `create`, `read` and `delete`, and set `not_found_error`. It must also
    implement `update`, except if every change replaces the object. It may override every other
    class variable and method.
    """

    #: The exception that the client raises if an object does not exist.
    not_found_error: ClassVar[type[Exception]]
    #: Whether a repeated create request changes nothing. If False, creates use the intent log.
    create_is_idempotent: ClassVar[bool] = False
    #: The exceptions that the client raises if the object to create may exist already. If
    #: `create_is_idempotent` is True and the `candidates` contain the object, the create counts as
    #: successful.
    conflict_errors: ClassVar[tuple[type[Exception], ...]] = ()
    #: Whether the API assigns each object an id that no other object ever has. If False, the id is
    #: derived from the inputs, so an object that is deleted and created again has the same id.
    ids_are_unique: ClassVar[bool] = True
    #: The property that contains the id of the parent object. `list` returns the children of one
    #: parent. If this is None, the objects have no parent, and `list` returns all objects of the
    #: organization.
    parent_property: ClassVar[str | None] = None
    #: Whether the object still exists after `delete`. A deleted case, for example, is archived.
    delete_keeps_object: ClassVar[bool] = False
    #: Whether a delete destroys the `dependents`. If not, they only lose data.
    destroys_dependents: ClassVar[bool] = True
    #: Whether a replacement of the object also replaces other objects, and thereby loses data that
    #: people created. If so, `lost_by_replacement` returns what would be lost.
    has_replaced_children: ClassVar[bool] = False
    #: How messages describe the `dependents`.
    dependents_text: ClassVar[DependentsText] = DependentsText()

    #: How long to wait for the API.
    timing = Timing()

    def __init__(self, client: Client) -> None:
        self.client = client

    # --- must implement ----------------------------------------------------------------------

    @abstractmethod
    def create(self, new: Mapping[str, Value]) -> LiveObject:
        """Create an object with one request.

        `new` does not contain the inputs that an update sets right after the create
        (`Property.after_create`).
        """

    @abstractmethod
    def read(self, id_: str, known: Values) -> LiveObject | None:
        """Read one object.

        Return None or raise `not_found_error` if the object does not exist, and in no other case.

        Args:
            id_: the object's id.
            known: the properties in the state, or only the parent ids if there is no state.
        """

    @abstractmethod
    def delete(self, id_: str, known: Values) -> None:
        """Delete an object; raise `not_found_error` if it does not exist."""

    def update(self, change: Change) -> LiveObject:
        """Update an object. Not needed if every change replaces the object."""
        raise NotImplementedError(f"internal error: every change of {change.id} should replace it")

    # --- may override ------------------------------------------------------------------------

    def refresh(self, id_: str, known: Values) -> LiveObject | None:
        """Read an object for a refresh, which reads many objects. By default, this is `read`.

        An override may use one response, such as a list, for several objects. The response must
        have been requested in this run, after the latest write of this run. Its values of the
        object must not be older than the values in `known`. An object that is missing from the
        response may still exist, so the override then has to return the result of `read`.
        """
        return self.read(id_, known)

    def resolve(self, name: str, values: Values) -> str:
        """Return the id of the object to which a property refers.

        Override this method if the resource type has references (`Property.reference`).

        Args:
            name: the property.
            values: the declared values.

        Raises:
            not_found_error: the property refers to no existing object.
        """
        return str(values[name])

    def read_current(self, change: Change) -> Values:
        """Return the current values of the object to update.

        Raises:
            ObjectGoneError: the object does not exist.
        """
        live = change.live or self.read(change.id, change.old)
        if live is None:
            raise ObjectGoneError(f"{change.id} does not exist any more")
        return live.values

    def list(self, parent: LiveObject | None) -> Iterable[LiveObject]:
        """Return all objects of a parent; by default none.

        Args:
            parent: the parent object, whose `values` may be empty; None if the resource type has
                no `parent_property`.
        """
        del parent
        return ()

    def importable(self, live: LiveObject) -> Values | None:
        """Return the values that a program would declare for an existing object.

        Return None if no program can declare the object. The result has all values that can be
        read; the engine removes those that equal a default.
        """
        return live.values

    def candidates(self, new: Values, since: float) -> Iterable[LiveObject]:
        """Return the objects that a create with an unclear outcome may have created.

        The result must contain every object that was created for the declaration `new` after
        `since`. It must not contain objects that count as deleted (`is_deleted`). It may contain
        any other object, because the engine compares the values, and `created_at` if the API
        returns it.

        Args:
            new: the declared values.
            since: a time in Unix seconds by this machine's clock.
        """
        del since
        parent = LiveObject(str(new[self.parent_property]), {}) if self.parent_property else None
        return self.list(parent)

    def may_have_succeeded(self, error: Exception) -> bool:
        """Whether the API may have carried out a create that failed with this error."""
        del error
        return True

    def hidden_by(self, id_: str, known: Values) -> str | None:
        """Return what may hide an object that the API does not find; None if it is deleted.

        Args:
            id_: the object's id.
            known: the properties in the state, with ids in place of references.
        """
        del id_, known
        return None

    def dependents(self, id_: str, known: Values) -> Iterable[Dependent]:
        """Return the objects that a delete would destroy or take data from; by default none.

        The result may include objects that the stack manages. The engine leaves them out.
        """
        del id_, known
        return ()

    def lost_by_replacement(self, id_: str, known: Values) -> Iterable[Dependent]:
        """Return what a replacement without changed inputs would destroy; by default nothing.

        A user asks for such a replacement with `--replace` or `pulumi state taint`. It also
        replaces the objects that refer to this object by its id.
        """
        del id_, known
        return ()

    def is_deleted(self, live: LiveObject, new: Values) -> bool:
        """Whether an object counts as deleted although it can be read.

        For example, `delete` only archives a case. An archived case therefore counts as deleted,
        except if the declaration `new` says that the case is archived.
        """
        del live, new
        return False

    @property
    def account(self) -> str:
        """A name for the organization, known without a request; must be a valid file name.

        Different organizations have different names. One organization may have several, for example
        one for each key.
        """
        return "account"

    @property
    def clock_offset(self) -> float:
        """Seconds to add to this machine's clock to get the API's clock; 0 if unknown."""
        return 0.0

    def organization(self) -> Organization | None:
        """Return the organization of the keys; None if it is unknown or the request is forbidden.

        The engine calls this method for many objects. An implementation sends at most one request
        per process, and raises the same error again if that request failed.
        """
        return None
