"""Reading an organisation: every object of it that a program could declare."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

from pulumi_datadog_cases import resources
from pulumi_datadog_cases.api import ApiError, Client
from pulumi_datadog_cases.engine import LiveObject, Value
from pulumi_datadog_cases.engine.resource_type import ResourceType
from pulumi_datadog_cases.engine.values import is_list
from pulumi_datadog_cases.resources._shared.base import CaseResource

#: How many requests are made at a time.
WORKERS = 16

#: Every kind of resource by its class's name.
RESOURCE_TYPES: Mapping[str, type[CaseResource]] = {
    name: kind
    for name in resources.__all__
    if isinstance(kind := getattr(resources, name), type) and issubclass(kind, CaseResource)
}

#: The kinds that have nothing to do with any project.
_ORGANIZATION_WIDE = frozenset({"MaintenanceWindow"})

#: The properties that may hold what people call an object, best first.
_NAMES = ("name", "title", "display_name")


@dataclass(frozen=True, eq=False)
class InventoryItem:
    """An object of the organisation, as a program would declare it."""

    resource_type: ResourceType
    live: LiveObject
    #: The inputs that a program has to give, in the order of the class.
    declared: Mapping[str, Value]

    @property
    def id(self) -> str:
        """The object's own id."""
        return self.live.id

    @property
    def key(self) -> str:
        """What tells it from the others of its kind: ids of parts of cases are not unique."""
        return "/".join(
            [*(str(self.declared[name]) for name in self.resource_type.parents), self.id]
        )

    @property
    def at(self) -> tuple[str, str]:
        """Its kind and key, which no other object has."""
        return self.resource_type.name, self.key

    @property
    def called(self) -> str:
        """What people call it; "" where they call it nothing."""
        names = (self.declared.get(name) for name in _NAMES)
        return next((name for name in names if isinstance(name, str)), "")

    @property
    def owner(self) -> str | None:
        """The id of what it is part of: the first property of the form `<thing>_id`."""
        owner = next(
            (self.declared.get(n) for n in self.resource_type.inputs if n.endswith("_id")), None
        )
        return owner if isinstance(owner, str) else None

    @property
    def listing_parent_id(self) -> str | None:
        """The id of what it is listed within, or else of its project."""
        owner = self.declared.get(
            RESOURCE_TYPES[self.resource_type.name].Lifecycle.parent_property or "project_id"
        )
        return owner if isinstance(owner, str) else None

    @property
    def has_own_id(self) -> bool:
        """Whether its id is that of nothing else; a watcher's, say, is a user's."""
        return self.id not in self.texts()

    def texts(self) -> list[str]:
        """All texts in what is declared: the ids of other objects are among them."""
        return [*_texts([*self.declared.values()])]


def _texts(value: Value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from _texts([*value.values()])
    elif is_list(value):
        for each in value:
            yield from _texts(each)


class Inventory:
    """Reads an organisation, list by list, several at a time."""

    def __init__(self, client: Client, advance: Callable[[int], None]) -> None:
        """Read nothing yet.

        Args:
            client: the organisation.
            advance: is told when a list has been read.
        """
        self._lifecycles = {name: kind.Lifecycle(client) for name, kind in RESOURCE_TYPES.items()}
        self._cases = resources.Case.Lifecycle(client)
        self._advance = advance
        #: By kind, why some of what there is could not be read.
        self.failures: dict[str, list[str]] = {}

    @property
    def missing(self) -> list[str]:
        """What there is and could not be read, and why: one line for each kind."""
        return [
            f"{name}: {reasons[0]}" + (f" (and {more} more like this)" if more else "")
            for name, reasons in sorted(self.failures.items())
            for more in [len(reasons) - 1]
        ]

    def read(
        self,
        projects: set[str] | None,
        case_queries: Sequence[str | None],
        also: Iterable[str] = (),
    ) -> list[InventoryItem]:
        """Everything, or all that has to do with some projects.

        Args:
            projects: UUIDs; None for all, and for what belongs to none.
            case_queries: which cases, each as in the search bar; None among them stands for all
                that are not archived. Without any, no cases.
            also: the ids of other objects to find, with what is part of them.
        """
        left_out = {"Case"} if projects is None else {"Case", *_ORGANIZATION_WIDE}
        lists = [
            _List(name, partial(lifecycle.list, None))
            for name, lifecycle in self._lifecycles.items()
            if lifecycle.parent_property is None and name not in left_out
        ]
        lists += [_List("Case", partial(self._cases.search, query)) for query in case_queries]
        found = self._read(lists)
        if projects is not None:
            found = _about(projects, also, found)
        return found + self._read(self._lists_within(found))

    def _lists_within(self, found: Iterable[InventoryItem]) -> Iterator["_List"]:
        """What is listed by something that was found."""
        within = {name: _holder(life.parent_property) for name, life in self._lifecycles.items()}
        for each in found:
            for name, holder in within.items():
                if holder == each.resource_type.name:
                    parent_property = str(self._lifecycles[name].parent_property)
                    objects = partial(self._lifecycles[name].list, each.live)
                    yield _List(name, objects, {parent_property: each.id})

    def _read(self, lists: Iterable["_List"]) -> list[InventoryItem]:
        with ThreadPoolExecutor(WORKERS) as pool:
            read = [each for found in pool.map(self._objects, lists) for each in found]
        return [*{each.at: each for each in read}.values()]

    def _objects(self, wanted: "_List") -> list[InventoryItem]:
        """The objects of a list."""
        try:
            lives = [*wanted.objects()]
        except ApiError as error:
            self.failures.setdefault(wanted.name, []).append(str(error))
            return []
        finally:
            self._advance(1)
        return [found for live in lives if (found := self._found(wanted, live))]

    def _found(self, wanted: "_List", live: LiveObject) -> InventoryItem | None:
        """An object as a program would declare it, if one could."""
        values = self._lifecycles[wanted.name].importable(live)
        if values is None:
            return None
        kind = RESOURCE_TYPES[wanted.name].Provider.resource_type
        declared = kind.declaration({**wanted.parents, **values})
        if unknown := [n for n, p in kind.inputs.items() if p.required and n not in declared]:
            reason = f"{live.id} is left out, as {', '.join(unknown)} cannot be read"
            self.failures.setdefault(wanted.name, []).append(reason)
            return None
        return InventoryItem(kind, live, declared)


@dataclass(frozen=True)
class _List:
    """Objects of one kind that are listed together."""

    name: str
    objects: Callable[[], Iterable[LiveObject]]
    #: What the objects are part of, which the list does not tell.
    parents: Mapping[str, Value] = field(default_factory=dict[str, "Value"])


def _holder(parent_property: str | None) -> str | None:
    """The kind whose id a property holds: `project_id` is a `Project`'s."""
    if parent_property is None:
        return None
    name = "".join(word.title() for word in parent_property.removesuffix("_id").split("_"))
    return name if name in RESOURCE_TYPES else "Case"  # a link's parent, for one


def _about(
    projects: set[str], also: Iterable[str], found: Sequence[InventoryItem]
) -> list[InventoryItem]:
    """What has to do with some projects: they, what refers to them, and what that refers to."""
    near = [each for each in found if each.id in projects or projects.intersection(each.texts())]
    needed = set[str]().union(also, *(each.texts() for each in near))
    kept = {each.at for each in near}
    rest = (each for each in found if each.at not in kept)
    return near + [each for each in rest if each.id in needed]
