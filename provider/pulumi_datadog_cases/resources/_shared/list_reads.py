"""Lifecycles that read objects from lists, so that a refresh does not request each object."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeAlias, TypeVar

from pulumi_datadog_cases.api import Client, Item, NotFound
from pulumi_datadog_cases.engine import Change, LiveObject, Values, equivalent
from pulumi_datadog_cases.engine.values import from_wire, select_declared
from pulumi_datadog_cases.resources._shared.base import (
    CaseLifecycle,
    is_stale,
    live_object,
    parent_id,
    text,
)

_T = TypeVar("_T")
_Objects: TypeAlias = Mapping[object, Item]

#: Seconds between two reads of a list that is older than the state.
_RETRY_INTERVAL = 0.5

#: When this process started. The values in the state that it was given are older.
_PROCESS_START = time.monotonic()

#: After this many reads without an object, it counts as deleted even if the lists keep changing.
_MAX_READS = 5


class ListOnlyLifecycle(CaseLifecycle):
    """Base lifecycle of objects that the API only lists: there is no read of a single object."""

    def __init__(
        self,
        client: Client,
        list_objects: Callable[..., Iterable[Item]],
        key: Callable[[Item], object] = lambda item: item.id,
    ) -> None:
        """Create the lifecycle without reading anything.

        Args:
            client: the organisation's client.
            list_objects: requests a list.
            key: the id of a listed object.
        """
        super().__init__(client)
        self._cache = ListCache(client, list_objects, key)

    def find(self, id_: str, known: Values, *arguments: str) -> Item | None:
        """Find an object in the list `list_objects(*arguments)`; None if it is deleted.

        If the list has an older version of the object than the state, it is requested again until
        the consistency window ends.
        """

        def is_old(item: Item | None) -> bool:
            return item is not None and is_stale(item, known)

        return self._read_fresh(lambda: self._cache.find(id_, *arguments), is_old)

    def read_current(self, change: Change) -> Values:
        """The object's current values: those of `change.live`, or else from a new list.

        A request that replaces the whole object also sends the properties that do not change. If
        the list and the state differ in one of them, either someone has edited the property or the
        list is old. Sending values of an old list would undo this stack's last write, so the list
        is requested again until the consistency window ends.
        """
        if change.live:
            return change.live.values
        unchanged = (change.settable & change.old.keys()) - change.values.keys()

        def is_old(live: Values) -> bool:
            listed = {
                name: select_declared(change.old[name], from_wire(live.get(name)))
                for name in unchanged
            }
            return not all(
                equivalent(listed[name], change.old[name]) for name in unchanged if name in live
            )

        self._cache.expire()
        return self._read_fresh(lambda: super(ListOnlyLifecycle, self).read_current(change), is_old)

    def _read_fresh(self, read: Callable[[], _T], is_old: Callable[[_T], bool]) -> _T:
        """Read a list again as long as it may be older than the state."""
        while True:
            remaining = _PROCESS_START + self.timing.consistency_window - time.monotonic()
            result = read()
            if remaining <= 0 or not is_old(result):
                return result
            time.sleep(min(remaining, _RETRY_INTERVAL))
            self._cache.expire()


class ListRefreshLifecycle(CaseLifecycle):
    """Base lifecycle of objects that can be read one by one, and are all in one list of a parent.

    A refresh takes them from the list: one request for all objects of a parent. An object that the
    list lacks, or shows older than the state, is read on its own.
    """

    def __init__(self, client: Client, list_objects: Callable[[str], Iterable[Item]]) -> None:
        """Create the lifecycle without reading anything.

        Args:
            client: the organisation's client.
            list_objects: requests the list of a parent, whose id is in `parent_property`.
        """
        super().__init__(client)
        self._list = list_objects

        def list_or_empty(parent: str) -> Iterable[Item]:
            try:
                return list_objects(parent)
            except NotFound:  # of the parent; reading the object tells whether that exists
                return ()

        self._cache = ListCache(client, list_or_empty)

    def list(self, parent: LiveObject | None) -> Iterable[LiveObject]:
        """The objects of a parent."""
        return map(live_object, self._list(parent_id(parent)))

    def refresh(self, id_: str, known: Values) -> LiveObject | None:
        """Take the object from the list, or read it."""
        parent = known.get(str(self.parent_property))  # a `get` may not know it
        item = None if parent is None else self._cache.peek(id_, text(parent))
        if item is None or is_stale(item, known):
            return self.read(id_, known)
        return live_object(item)


@dataclass(frozen=True, eq=False)
class _Fetch:
    """One request for a list, and its result."""

    #: How many write requests of this process had ended before it was sent.
    writes: int
    objects: Future[_Objects] = field(default_factory=Future)


class ListCache:
    """The objects of lists, by id.

    A list is requested once for all callers, and again after any write of this process: a refresh
    of many objects costs one request, and no write is hidden by an older response. The cache lives
    as long as the process, which is one run.

    One list does not prove that an object is deleted: a paginated list skips an object if another
    one on an earlier page is deleted between two page requests, and the state would lose it. The
    object counts as deleted once two lists in a row lack it and the later has all objects of the
    earlier, or after `_MAX_READS` lists.
    """

    def __init__(
        self,
        client: Client,
        list_objects: Callable[..., Iterable[Item]],
        key: Callable[[Item], object] = lambda item: item.id,
    ) -> None:
        self._client = client
        self._list = list_objects
        self._key = key
        self._fetches: dict[tuple[str, ...], _Fetch] = {}
        self._lock = threading.Lock()

    def find(self, id_: str, *arguments: str) -> Item | None:
        """Find an object in the list `list_objects(*arguments)`; None if it is deleted."""
        before: _Objects | None = None
        for objects in islice(self._reads(arguments), _MAX_READS):
            if id_ in objects:
                return objects[id_]
            if before is not None and before.keys() <= objects.keys():
                return None
            before = objects
        return None

    def peek(self, id_: str, *arguments: str) -> Item | None:
        """Return an object if the list has it; None does not mean that it is deleted."""
        return next(self._reads(arguments)).get(id_)

    def expire(self) -> None:
        """Drop cached lists; later calls read again."""
        with self._lock:
            self._fetches.clear()

    def _reads(self, arguments: tuple[str, ...]) -> Iterator[_Objects]:
        """The cached list, then the list as each further request returns it."""
        fetch = None
        while True:
            fetch = self._fetch(arguments, newer_than=fetch)
            yield fetch.objects.result()

    def _fetch(self, arguments: tuple[str, ...], newer_than: _Fetch | None) -> _Fetch:
        """Return the cached fetch, or a new one if a write came after it or it is `newer_than`."""
        with self._lock:
            writes = self._client.writes
            fetch = self._fetches.get(arguments)
            if fetch is not None and fetch is not newer_than and fetch.writes == writes:
                return fetch
            fetch = self._fetches[arguments] = _Fetch(writes)
        try:
            fetch.objects.set_result({self._key(item): item for item in self._list(*arguments)})
        except BaseException as error:  # noqa: BLE001 - raised in all threads that wait
            fetch.objects.set_exception(error)
            with self._lock:
                if self._fetches.get(arguments) is fetch:
                    del self._fetches[arguments]
        return fetch
