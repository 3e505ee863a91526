"""`Inventory`: reads every object of an organisation that a program can declare."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

from pulumi_datadog_cases import resources
from pulumi_datadog_cases.api import Client
from pulumi_datadog_cases.api.endpoints.cases import ARCHIVED
from pulumi_datadog_cases.cli.case_fields import searched
from pulumi_datadog_cases.cli.group import CommandError
from pulumi_datadog_cases.cli.organization import ListReader, hidden
from pulumi_datadog_cases.engine import LiveObject, Value
from pulumi_datadog_cases.engine.resource_type import ResourceType, display_name
from pulumi_datadog_cases.engine.safety.intent_log import intent_log
from pulumi_datadog_cases.engine.safety.organization import (
    OrganizationGuard,
    WrongOrganizationError,
)
from pulumi_datadog_cases.engine.values import is_list
from pulumi_datadog_cases.resources._shared.base import CaseResource

#: All resource classes by name.
RESOURCE_TYPES: Mapping[str, type[CaseResource]] = {
    name: resource
    for name in resources.__all__
    if isinstance(resource := getattr(resources, name), type) and issubclass(resource, CaseResource)
}

#: Resource types that are not related to projects. They are read only if all projects are read.
_ORGANIZATION_WIDE = frozenset({"MaintenanceWindow"})


@dataclass(frozen=True, eq=False)
class InventoryItem:
    """An object of the organisation, with the declaration that a program needs for it."""

    resource_type: ResourceType
    live: LiveObject
    #: The inputs to declare, in the order in which the resource class defines them.
    declared: Mapping[str, Value]

    @property
    def id(self) -> str:
        """The object's own id."""
        return self.live.id

    @property
    def key(self) -> str:
        """The import id: the id that the resource class's `get` accepts.

        The import id is unique within the resource type.
        """
        return self.resource_type.import_id_of(self.id, self.declared)

    @property
    def identity(self) -> tuple[str, str]:
        """The resource type and the import id, which are unique together."""
        return self.resource_type.name, self.key

    @property
    def display_name(self) -> str:
        """The name or title that users have given the object, or ""."""
        return display_name(self.declared)

    @property
    def parent(self) -> str | None:
        """The id of the object that contains this object, or None.

        The parent's id is the value of the first input whose name ends with `_id`.
        """
        parent = next(
            (self.declared.get(n) for n in self.resource_type.inputs if n.endswith("_id")), None
        )
        return parent if isinstance(parent, str) else None

    @property
    def listing_parent(self) -> str | None:
        """The id of the parent whose list contains this object, or None.

        For example, the API has one list of rules for each project. If the API lists all objects of
        the resource type in one list, this is the id of the object's project, if any.
        """
        parent = self.declared.get(
            RESOURCE_TYPES[self.resource_type.name].Lifecycle.parent_property or "project_id"
        )
        return parent if isinstance(parent, str) else None

    @property
    def has_own_id(self) -> bool:
        """Whether the id belongs only to this object. False for a watcher: its id is the user's."""
        return self.id not in self.strings()

    def strings(self) -> list[str]:
        """All strings in the declaration, including the ids of referenced objects."""
        return [*_strings([*self.declared.values()])]


def require_organization(client: Client, objects: Iterable[InventoryItem]) -> None:
    """Require that the objects of a state belong to the client's organisation.

    The objects of another organisation would seem to be deleted. For each object, the state has the
    object's organisation, and the `Settings.organization_label` of the run that recorded it. If the
    client has the same label, no request is sent.

    Raises:
        CommandError: an object belongs to another organisation.
    """
    for each in objects:
        lifecycle = RESOURCE_TYPES[each.resource_type.name].Lifecycle(client)
        try:
            guard = OrganizationGuard(each.resource_type, lifecycle, intent_log(lifecycle.account))
            guard.check(each.id, each.live.values)
        except WrongOrganizationError as error:
            raise CommandError(str(error)) from None


def _strings(value: Value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from _strings([*value.values()])
    elif is_list(value):
        for each in value:
            yield from _strings(each)


#: Identifies an object: the resource type, and an id that is unique within the type.
ObjectKey: TypeAlias = tuple[str, str]


class ObjectKeys:
    """Returns the key of each object.

    An import id may contain the key or the UUID of a case. Both import ids give the same key.
    """

    def __init__(self, objects: Iterable[InventoryItem] = ()) -> None:
        """Create an instance that knows the cases among these objects."""
        self._case_ids: dict[str, str] = {}
        self.add_cases(objects)

    def add_cases(self, objects: Iterable[InventoryItem]) -> None:
        """Remember the keys and UUIDs of cases."""
        for each in objects:
            if each.resource_type.name == "Case":
                self._case_ids[str(each.live.values.get("key"))] = each.id

    def of(self, item: InventoryItem) -> ObjectKey:
        """Return the unique key of an object."""
        resource_type, key = item.identity
        if RESOURCE_TYPES[resource_type].Lifecycle.ids_are_unique:
            return resource_type, item.id  # leaves out the parent, whose key may have changed
        return resource_type, "/".join(self._case_ids.get(part, part) for part in key.split("/"))

    def parent(self, item: InventoryItem) -> str | None:
        """Return the id of an object's parent."""
        return self._case_ids.get(item.parent or "", item.parent)


class Inventory:
    """Reads the lists of an organisation, several at a time."""

    def __init__(self, client: Client, advance: Callable[[int], None]) -> None:
        """Create an inventory that has read nothing yet.

        Args:
            client: the organisation's client.
            advance: called with 1 after each read of a list.
        """
        self._lifecycles = {name: each.Lifecycle(client) for name, each in RESOURCE_TYPES.items()}
        self._client = client
        self._cases = resources.Case.Lifecycle(client)
        self._reader = ListReader(advance)

    @property
    def failures(self) -> Mapping[str, Sequence[str]]:
        """For each resource type with unread objects, the reasons."""
        return self._reader.failures

    @property
    def missing(self) -> list[str]:
        """What could not be read, and why: one line per resource type."""
        return [f"{name}: {reason}" for name, reason in sorted(self._reader.missing.items())]

    def read(
        self,
        projects: set[str] | None,
        case_queries: Sequence[str | None],
        also: Iterable[str] = (),
        *,
        children_of_cases: bool = True,
    ) -> list[InventoryItem]:
        """Read everything, or everything that relates to some projects.

        Args:
            projects: UUIDs of projects; None for all projects and for objects without a project.
            case_queries: the search queries for the cases to read. The query None finds all cases
                that are not archived. Without queries no cases are read.
            also: ids of objects to return with their children, even if they do not relate to these
                projects.
            children_of_cases: whether to read the comments, watchers and other children of the
                cases. The API lists them for each case, so this takes several requests per case.
        """
        excluded = {"Case"} if projects is None else {"Case", *_ORGANIZATION_WIDE}
        lists = [
            _ObjectList(name, partial(lifecycle.list, None))
            for name, lifecycle in self._lifecycles.items()
            if lifecycle.parent_property is None and name not in excluded
        ]
        lists += [
            _ObjectList("Case", partial(searched, query, self._cases.search(query)))
            for query in case_queries
        ]
        found = self._read(lists)
        if projects is not None:
            found = _related(projects, also, found)
        if ARCHIVED in case_queries:
            self._report_hidden_cases(found)
        parents = (each for each in found if children_of_cases or each.resource_type.name != "Case")
        return found + self._read(self._child_lists(parents))

    def _report_hidden_cases(self, found: Iterable[InventoryItem]) -> None:
        """Add a failure if there are archived cases, but the search has found none."""
        projects, cases = (
            {
                str(each.live.values.get("key")): each.live.values.get("archived")
                for each in found
                if each.resource_type.name == name
            }
            for name in ("Project", "Case")
        )
        for problem in self._reader.read("Case", partial(hidden, self._client, projects, cases)):
            self._reader.add_failure("Case", problem)

    def _child_lists(self, found: Iterable[InventoryItem]) -> Iterator["_ObjectList"]:
        """Yield the lists that contain the children of these objects."""
        parents = {
            name: _parent_type(each.parent_property) for name, each in self._lifecycles.items()
        }
        for each in found:
            for name, parent_type in parents.items():
                if parent_type == each.resource_type.name:
                    parent_property = str(self._lifecycles[name].parent_property)
                    read_list = partial(self._lifecycles[name].list, each.live)
                    yield _ObjectList(name, read_list, {parent_property: each.id})

    def _read(self, lists: Iterable["_ObjectList"]) -> list[InventoryItem]:
        read = self._reader.read_all(lists, self._read_list)
        return [*{each.identity: each for items in read for each in items}.values()]

    def _read_list(self, wanted: "_ObjectList") -> list[InventoryItem]:
        lives = self._reader.read(wanted.name, wanted.read)
        return [item for live in lives if (item := self._item(wanted, live))]

    def _item(self, wanted: "_ObjectList", live: LiveObject) -> InventoryItem | None:
        """Return an object with its declaration, or None if no program can declare it."""
        values = self._lifecycles[wanted.name].importable(live)
        if values is None:
            return None
        resource_type = RESOURCE_TYPES[wanted.name].Provider.resource_type
        declared, invalid = resource_type.declaration({**wanted.parents, **values})
        for each in invalid:
            self._reader.add_failure(
                wanted.name,
                f"{each.property} of {live.id} is left out: {each.path} {each.message}",
            )
        required = (n for n, p in resource_type.inputs.items() if p.required)
        if unreadable := [name for name in required if name not in declared]:
            self._reader.add_failure(
                wanted.name, f"{live.id} is left out: {', '.join(unreadable)} cannot be read"
            )
            return None
        return InventoryItem(resource_type, live, declared)


@dataclass(frozen=True)
class _ObjectList:
    """A list to read, with objects of one resource type."""

    #: The name of the resource type.
    name: str
    read: Callable[[], Iterable[LiveObject]]
    #: The property that refers to the objects' parent, with the parent's id. The API's responses do
    #: not contain this id.
    parents: Mapping[str, Value] = field(default_factory=dict[str, "Value"])


def _parent_type(parent_property: str | None) -> str | None:
    """Return the resource type that a property refers to, such as `Project` for `project_id`."""
    if parent_property is None:
        return None
    name = "".join(word.title() for word in parent_property.removesuffix("_id").split("_"))
    return name if name in RESOURCE_TYPES else "Case"  # `parent_entity_id` is a case's id


def _related(
    projects: set[str], also: Iterable[str], found: Sequence[InventoryItem]
) -> list[InventoryItem]:
    """Select the objects that relate to these projects.

    The result contains the projects, the objects that refer to one of them, and all objects to
    which any of these refers. It also contains the objects with the ids in `also`.
    """
    near = [each for each in found if each.id in projects or projects.intersection(each.strings())]
    needed = set[str]().union(also, *(each.strings() for each in near))
    kept = {each.identity for each in near}
    rest = (each for each in found if each.identity not in kept)
    return near + [each for each in rest if each.id in needed]
