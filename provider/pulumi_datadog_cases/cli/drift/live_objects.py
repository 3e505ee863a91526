"""Reading what is there: in lists as far as they go, the rest one by one."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeAlias

from pulumi_datadog_cases import resources
from pulumi_datadog_cases.api import ApiError, Client, Forbidden
from pulumi_datadog_cases.cli.inventory import RESOURCE_TYPES, WORKERS, Inventory, InventoryItem
from pulumi_datadog_cases.engine import LiveObject
from pulumi_datadog_cases.engine.safety.consistency import ConsistentAccess
from pulumi_datadog_cases.engine.safety.intent_log import intent_log

#: An object's kind and key, as in `InventoryItem.at`, with cases by their UUIDs.
ObjectKey: TypeAlias = tuple[str, str]


@dataclass(frozen=True)
class ReadFailure:
    """Why an object could not be read."""

    reason: str


class ObjectKeys:
    """Where objects are: a case is one whether it is called by its UUID or by its key."""

    def __init__(self) -> None:
        self._cases: dict[str, str] = {}

    def learn(self, objects: Iterable[InventoryItem]) -> None:
        """Take in the keys of cases."""
        for each in objects:
            if each.resource_type.name == "Case":
                self._cases[str(each.live.values.get("key"))] = each.id

    def of(self, found: InventoryItem) -> ObjectKey:
        """The place of an object, which no other has."""
        kind, key = found.at
        return kind, "/".join(self._cases.get(part, part) for part in key.split("/"))

    def owner(self, found: InventoryItem) -> str | None:
        """The id of what an object is part of."""
        return self._cases.get(found.owner or "", found.owner)


class LiveObjectReader:
    """Reads one organisation."""

    def __init__(self, client: Client, places: ObjectKeys, advance: Callable[[int], None]) -> None:
        """Read nothing yet.

        Args:
            client: the organisation.
            places: learns of the cases that are read.
            advance: is told when a list or an object has been read.
        """
        self._client = client
        self._places = places
        self._advance = advance
        self._lifecycles = {name: kind.Lifecycle(client) for name, kind in RESOURCE_TYPES.items()}
        self._census = Inventory(client, advance)
        self._lives: dict[ObjectKey, LiveObject] = {}
        self._refused: dict[str, ReadFailure] = {}

    @property
    def failures(self) -> Mapping[str, Sequence[str]]:
        """Why lists could not be read, by kind."""
        return self._census.failures

    def lists(
        self, projects: set[str] | None, case_queries: Sequence[str | None], also: Iterable[str]
    ) -> Sequence[InventoryItem]:
        """Read the lists; see `Inventory.read`."""
        found = self._census.read(projects, case_queries, also)
        self._places.learn(found)
        self._lives = {self._places.of(each): each.live for each in found}
        # What its list has refused is not asked for object by object.
        self._refused = {kind: ReadFailure(each[0]) for kind, each in self.failures.items()}
        return found

    def objects(self, wanted: Sequence[InventoryItem]) -> Sequence[LiveObject | ReadFailure | None]:
        """Read objects by what is known of them: None for what is gone."""
        unseen = [each for each in wanted if self._places.of(each) not in self._lives]
        if self._is_better_listed([each for each in unseen if each.resource_type.name == "Case"]):
            lives = resources.Case.Lifecycle(self._client).search(None)
            self._lives |= {("Case", live.id): live for live in lives}
        with ThreadPoolExecutor(WORKERS) as pool:
            return [*pool.map(self._listed_or_not, wanted)]

    def by_itself(
        self, wanted: Sequence[InventoryItem]
    ) -> Sequence[LiveObject | ReadFailure | None]:
        """Read objects as `objects` does, without what lists have told before."""
        with ThreadPoolExecutor(WORKERS) as pool:
            return [*pool.map(self._object, wanted)]

    def _is_better_listed(self, cases: Sequence[InventoryItem]) -> bool:
        """Whether all cases can be listed with fewer requests than it takes to read some."""
        try:
            pages = self._client.cases.search().pages if len(cases) > 1 else None
        except ApiError:
            return False  # each says for itself that it cannot be read
        return pages is not None and pages + 1 < len(cases)

    def _listed_or_not(self, wanted: InventoryItem) -> LiveObject | ReadFailure | None:
        # That no list has it does not make it gone.
        return self._lives.get(self._places.of(wanted)) or self._object(wanted)

    def _object(self, wanted: InventoryItem) -> LiveObject | ReadFailure | None:
        kind = wanted.resource_type
        if refused := self._refused.get(kind.name):
            return refused
        lifecycle = self._lifecycles[kind.name]
        access = ConsistentAccess(kind, lifecycle, intent_log(lifecycle.account))
        try:
            return access.read(wanted.id, {**wanted.live.values, **wanted.declared})
        except ApiError as error:
            unreadable = ReadFailure(str(error))
            if isinstance(error, Forbidden):
                self._refused[kind.name] = unreadable
            return unreadable
        finally:
            self._advance(1)
