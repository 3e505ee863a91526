"""`LiveObjectReader`: reads the objects of a stack from Datadog.

The reader takes objects from lists where possible, and reads the other objects one by one.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

from pulumi_datadog_cases import resources
from pulumi_datadog_cases.api import ApiError, Client, Forbidden, IncompleteSearch
from pulumi_datadog_cases.cli.inventory import (
    RESOURCE_TYPES,
    Inventory,
    InventoryItem,
    ObjectKey,
    ObjectKeys,
)
from pulumi_datadog_cases.cli.organization import WORKERS
from pulumi_datadog_cases.engine import LiveObject
from pulumi_datadog_cases.engine.safety.consistency import ConsistentAccess
from pulumi_datadog_cases.engine.safety.intent_log import intent_log


@dataclass(frozen=True)
class ReadFailure:
    """Why an object could not be read."""

    reason: str


class LiveObjectReader:
    """Reads the objects of one organisation."""

    def __init__(
        self, client: Client, object_keys: ObjectKeys, advance: Callable[[int], None]
    ) -> None:
        """Create a reader that has read nothing yet.

        Args:
            client: the organisation's client.
            object_keys: receives the keys and UUIDs of the cases that are read.
            advance: called with 1 after each read of a list or of a single object.
        """
        self._client = client
        self._object_keys = object_keys
        self._advance = advance
        self._lifecycles = {name: each.Lifecycle(client) for name, each in RESOURCE_TYPES.items()}
        self._inventory = Inventory(client, advance)
        self._listed: dict[ObjectKey, LiveObject] = {}
        self._failed: dict[str, ReadFailure] = {}

    @property
    def failures(self) -> Mapping[str, Sequence[str]]:
        """For each resource type with unread lists, the reasons."""
        return self._inventory.failures

    def read_lists(
        self,
        projects: set[str] | None,
        case_queries: Sequence[str | None],
        also: Iterable[str],
        *,
        children_of_cases: bool,
    ) -> Sequence[InventoryItem]:
        """Read the lists and return their objects. `Inventory.read` describes the arguments."""
        found = self._inventory.read(
            projects, case_queries, also, children_of_cases=children_of_cases
        )
        self._object_keys.add_cases(found)
        self._listed = {self._object_keys.of(each): each.live for each in found}
        # If the list of a type failed before the API returned an object, requests for single
        # objects of this type would probably fail too. So these requests are not sent, and the
        # failure of the list is reported for each object.
        listed = {name for name, _ in self._listed}
        self._failed = {
            name: ReadFailure(each[0]) for name, each in self.failures.items() if name not in listed
        }
        return found

    def read_objects(
        self, wanted: Sequence[InventoryItem]
    ) -> Sequence[LiveObject | ReadFailure | None]:
        """Return the live objects, from lists where possible; None if an object does not exist."""
        unlisted = [each for each in wanted if self._object_keys.of(each) not in self._listed]
        cases = [each for each in unlisted if each.resource_type.name == "Case"]
        if self._listing_is_cheaper(cases):
            lives = resources.Case.Lifecycle(self._client).search(None)
            with suppress(IncompleteSearch):  # cases that are not listed are read one by one
                self._listed.update((("Case", live.id), live) for live in lives)
        with ThreadPoolExecutor(WORKERS) as pool:
            return [*pool.map(self._from_list_or_read, wanted)]

    def read_individually(
        self, wanted: Sequence[InventoryItem]
    ) -> Sequence[LiveObject | ReadFailure | None]:
        """Return the live objects, one request for each; None if an object does not exist."""
        with ThreadPoolExecutor(WORKERS) as pool:
            return [*pool.map(self._read, wanted)]

    def _listing_is_cheaper(self, cases: Sequence[InventoryItem]) -> bool:
        """Whether listing all cases takes fewer requests than reading these cases one by one."""
        try:
            pages = self._client.cases.search().pages if len(cases) > 1 else None
        except ApiError:
            return False  # reading the cases reports the error
        return pages is not None and pages + 1 < len(cases)

    def _from_list_or_read(self, wanted: InventoryItem) -> LiveObject | ReadFailure | None:
        # An object can exist although no list contains it, so it is requested by its id.
        return self._listed.get(self._object_keys.of(wanted)) or self._read(wanted)

    def _read(self, wanted: InventoryItem) -> LiveObject | ReadFailure | None:
        resource_type = wanted.resource_type
        if failed := self._failed.get(resource_type.name):
            return failed
        lifecycle = self._lifecycles[resource_type.name]
        access = ConsistentAccess(resource_type, lifecycle, intent_log(lifecycle.account))
        try:
            return access.read(wanted.id, {**wanted.live.values, **wanted.declared})
        except ApiError as error:
            failure = ReadFailure(str(error))
            if isinstance(error, Forbidden):
                self._failed[resource_type.name] = failure
            return failure
        finally:
            self._advance(1)
