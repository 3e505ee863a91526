"""Lifecycles that read objects from lists, so that refreshes and updates send few requests."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeAlias, TypeVar

from pulumi_datadog_cases.api import Client, Item, NotFound
from pulumi_datadog_cases.engine import Change, LiveObject, Values, sleep
from pulumi_datadog_cases.resources._shared.base import (
    CaseLifecycle,
    is_stale,
    live_object,
    parent_id,
    text,
)

_T = TypeVar("_T")
_Objects: TypeAlias = Mapping[object, Item]

#: If a list is older than the state, it is requested again after this number of seconds.
_RETRY_INTERVAL = 0.5

#: The time when this process started. All values in the state were written before this time.
_PROCESS_START = time.monotonic()

#: An object that is missing from this many lists counts as deleted, even if the lists differ.
_MAX_READS = 5

#: An update uses a list that was requested at most this number of seconds before. An update that
#: replaces the whole object undoes what people change between the list and the update, so the time
#: has to be short. It is long enough for a hundred updates at the usual speed of the API.
MAX_AGE_FOR_UPDATES = 5.0


class _ListLifecycle(CaseLifecycle):
    """Base lifecycle of objects that the API can list."""

    def __init__(
        self,
        client: Client,
        list_objects: Callable[..., Iterable[Item]],
        key: Callable[[Item], object] = lambda item: item.id,
    ) -> None:
        """Create the lifecycle without reading anything.

        Args:
            client: the organisation's client.
            list_objects: requests a list of objects.
            key: returns the id of a listed object.
        """
        super().__init__(client)
        self._cache = ListCache(client, list_objects, key)
        self._lists_for_updates = _ListsForUpdates(client, list_objects, key)

    def read_current(self, change: Change) -> Values:
        """Return the object's current values, from `change.live`, from a list or from a read.

        Updates of many objects share a list. They do not use the lists of a refresh, which may be
        as old as the run. If the object in the list differs from the state, someone has changed
        the object, or the list is old. The object is then read again.
        """
        if change.live:
            return change.live.values
        parent = self.parent_property
        arguments = () if parent is None else (text(change.old[parent]),)
        item = self._lists_for_updates.peek(change.id, *arguments)
        if item is not None and not item.raw_attributes.get("deleted_at"):
            values = live_object(item).values
            if not change.differing(values):
                return values
        return self._read_again(change)

    def _read_again(self, change: Change) -> Values:
        """Return the object's current values from a new request."""
        return super().read_current(change)


class ListOnlyLifecycle(_ListLifecycle):
    """Base lifecycle of objects that the API can list, but not return one by one."""

    def find(self, id_: str, known: Values, *arguments: str) -> Item | None:
        """Find an object in the list `list_objects(*arguments)`; None if the object is deleted.

        A list may be older than the state, because the API shows writes with a delay. If the object
        in the list is older than in the state, the list is requested again, until
        `timing.consistency_window` seconds after the start of the process.
        """

        def is_old(item: Item | None) -> bool:
            return item is not None and is_stale(item, known)

        return self._read_fresh(lambda: self._cache.find(id_, *arguments), is_old)

    def _read_again(self, change: Change) -> Values:
        """Return the object's current values from a new list.

        A request that replaces the whole object also sends the properties that do not change, with
        their values from the list. If the list is old, these values would undo this stack's latest
        write. So if such a value differs from the state, the list is requested again, as in `find`.
        If the value still differs when the consistency window has passed, someone has edited the
        property.
        """

        def is_old(current: Values) -> bool:
            return bool((change.differing(current) & current.keys()) - change.values.keys())

        self._cache.expire()
        return self._read_fresh(lambda: super(ListOnlyLifecycle, self)._read_again(change), is_old)

    def _read_fresh(self, read: Callable[[], _T], is_old: Callable[[_T], bool]) -> _T:
        """Call `read`. If the result is old, repeat, until the consistency window has passed."""
        while True:
            remaining = _PROCESS_START + self.timing.consistency_window - time.monotonic()
            result = read()
            if remaining <= 0 or not is_old(result):
                return result
            sleep(min(remaining, _RETRY_INTERVAL))
            self._cache.expire()


class ListRefreshLifecycle(_ListLifecycle):
    """Base lifecycle of objects that the API returns one by one, and also in a list per parent.

    A refresh takes objects from the list, so that one request reads all objects of a parent. If the
    list lacks an object, or the object in the list is older than in the state, the single object is
    requested.
    """

    def __init__(self, client: Client, list_objects: Callable[[str], Iterable[Item]]) -> None:
        """Create the lifecycle without reading anything.

        Args:
            client: the organisation's client.
            list_objects: requests the list of objects of one parent, given the parent's id.
        """

        def list_or_empty(parent: str) -> Iterable[Item]:
            try:
                return list_objects(parent)
            except NotFound:  # the parent does not exist: `read` decides whether the object exists
                return ()

        super().__init__(client, list_or_empty)
        self._list = list_objects

    def list(self, parent: LiveObject | None) -> Iterable[LiveObject]:
        """The objects of a parent."""
        return map(live_object, self._list(parent_id(parent)))

    def refresh(self, id_: str, known: Values) -> LiveObject | None:
        """Take the object from the list, or request the single object."""
        # After `Resource.get`, the state may lack the parent.
        parent = known.get(str(self.parent_property))
        item = None if parent is None else self._cache.peek(id_, text(parent))
        if item is None or is_stale(item, known):
            return self.read(id_, known)
        return live_object(item)


@dataclass(frozen=True, eq=False)
class _Fetch:
    """A request for a list, and its result."""

    #: How many write requests of this process had ended before this request was sent.
    writes: int
    #: When this request was sent, by `time.monotonic`.
    sent_at: float = field(default_factory=time.monotonic)
    objects: Future[_Objects] = field(default_factory=Future)


class ListCache:
    """Caches lists of objects, and finds objects in them by id.

    A list is requested once for all callers, so a refresh of many objects costs one request. After
    any write of this process, the list is requested again, so the cache never hides a write.
    The cache lives as long as its process. Pulumi starts a process for each run.

    One list without an object does not prove that the object is deleted. A paginated list skips an
    object if another object on an earlier page is deleted between two page requests. So an object
    counts as deleted in two cases:

    1. Two lists in a row lack the object, and the later list has all objects of the earlier list.
    2. `_MAX_READS` lists lack the object.
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
        """Find an object in the list `list_objects(*arguments)`; None if the object is deleted."""
        before: _Objects | None = None
        for objects in islice(self._reads(arguments), _MAX_READS):
            if id_ in objects:
                return objects[id_]
            if before is not None and before.keys() <= objects.keys():
                return None
            before = objects
        return None

    def peek(self, id_: str, *arguments: str) -> Item | None:
        """Return an object of the list, or None. An object outside the list may still exist."""
        return next(self._reads(arguments)).get(id_)

    def expire(self) -> None:
        """Drop cached lists; later calls read again."""
        with self._lock:
            self._fetches.clear()

    def _reads(self, arguments: tuple[str, ...]) -> Iterator[_Objects]:
        """Yield the cached list, and then further lists, each from a new request."""
        fetch = None
        while True:
            fetch = self._fetch(arguments, newer_than=fetch)
            yield fetch.objects.result()

    def _fetch(self, arguments: tuple[str, ...], newer_than: _Fetch | None) -> _Fetch:
        """Return the cached fetch, or start a new fetch.

        The cached fetch is too old if the caller has used it already, and passes it as
        `newer_than`.
        """
        with self._lock:
            fetch = self._fetches.get(arguments)
            if fetch is not None and fetch is not newer_than and self._is_fresh(fetch):
                return fetch
            fetch = self._fetches[arguments] = _Fetch(self._client.writes)
        try:
            fetch.objects.set_result({self._key(item): item for item in self._list(*arguments)})
        except BaseException as error:  # noqa: BLE001 - `result()` raises it in all waiting threads
            fetch.objects.set_exception(error)
            with self._lock:
                if self._fetches.get(arguments) is fetch:
                    del self._fetches[arguments]
        return fetch

    def _is_fresh(self, fetch: _Fetch) -> bool:
        """Whether this process has not written since a request."""
        return fetch.writes == self._client.writes


class _ListsForUpdates(ListCache):
    """Caches lists for a few seconds, even if this process writes other objects meanwhile."""

    def _is_fresh(self, fetch: _Fetch) -> bool:
        return time.monotonic() - fetch.sent_at <= MAX_AGE_FOR_UPDATES
