"""Reading kinds that the API only lists."""

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
from pulumi_datadog_cases.resources._shared.base import CaseLifecycle, id_of, is_older, live, text

_T = TypeVar("_T")
_Objects: TypeAlias = Mapping[object, Item]

_PAUSE = 0.5

#: What the state knows was written before this process began.
_BEGUN = time.monotonic()

#: After so many answers in a row that lack it, an object is gone, whatever else moves.
_MOST_LOOKS = 5


class ListOnlyLifecycle(CaseLifecycle):
    """How a kind lives that the API has no single read for: its objects are found in lists."""

    def __init__(
        self,
        client: Client,
        read: Callable[..., Iterable[Item]],
        by: Callable[[Item], object] = lambda item: item.id,
    ) -> None:
        """Read nothing yet.

        Args:
            client: the organisation.
            read: answers a list.
            by: what an object of the list goes by.
        """
        super().__init__(client)
        self._listing = Listing(client, read, by)

    def find(self, id_: str, known: Values, *of: str) -> Item | None:
        """The object that goes by that id in the list that `read(*of)` answers; None: it is gone.

        A list that has it as it was before this stack's last write is old, and asked for again.
        """

        def is_old(item: Item | None) -> bool:
            return item is not None and is_older(item, known)

        return self._up_to_date(lambda: self._listing.find(id_, *of), is_old)

    def read_current(self, change: Change) -> Values:
        """The object's values as they are now, and not as they were listed earlier in the run.

        A request that replaces the whole object sends along what does not change. Where a list
        has that in another way than the state, somebody may have edited it, or the list is old,
        and would undo this stack's last write.
        """
        if change.live:
            return change.live.values
        kept = (change.settable & change.old.keys()) - change.values.keys()

        def is_old(live: Values) -> bool:
            seen = {
                name: select_declared(change.old[name], from_wire(live.get(name))) for name in kept
            }
            return not all(
                equivalent(seen[name], change.old[name]) for name in kept if name in live
            )

        self._listing.expire()
        return self._up_to_date(lambda: super(ListOnlyLifecycle, self).read_current(change), is_old)

    def _up_to_date(self, read: Callable[[], _T], is_old: Callable[[_T], bool]) -> _T:
        """What a list tells; it is asked again as long as it may be older than the state."""
        while True:
            left = _BEGUN + self.timing.consistency_window - time.monotonic()
            told = read()
            if left <= 0 or not is_old(told):
                return told
            time.sleep(min(left, _PAUSE))
            self._listing.expire()


class ListRefreshLifecycle(CaseLifecycle):
    """How a kind lives whose objects can be read one by one, and are all in one list of a parent.

    A refresh takes them from the list: one request for all of a parent. What is not in it, or was
    older than the state, is read by itself.
    """

    def __init__(self, client: Client, read: Callable[[str], Iterable[Item]]) -> None:
        """Read nothing yet.

        Args:
            client: the organisation.
            read: answers the list of what `parent_property` names.
        """
        super().__init__(client)
        self._list = read

        def listed(parent: str) -> Iterable[Item]:
            try:
                return read(parent)
            except NotFound:  # the parent is; of the object that is to be heard by itself
                return ()

        self._listing = Listing(client, listed)

    def list(self, parent: LiveObject | None) -> Iterable[LiveObject]:
        """The objects of a parent."""
        return map(live, self._list(id_of(parent)))

    def refresh(self, id_: str, known: Values) -> LiveObject | None:
        """The object as the list has it, or else as it is."""
        within = known.get(str(self.parent_property))  # not known to a `get` that does without
        item = None if within is None else self._listing.glance(id_, text(within))
        return self.read(id_, known) if item is None or is_older(item, known) else live(item)


@dataclass(frozen=True, eq=False)
class _Look:
    """A list as it was answered once."""

    #: How many requests of this process that may have changed something had ended before it.
    writes: int
    answer: Future[_Objects] = field(default_factory=Future)


class Listing:
    """The objects of lists.

    A list is read once for all that ask for its objects, and anew after any write of this
    process, so that a refresh of many costs one request and no write is hidden by an older
    answer. It lives as long as the process, which is one run.

    That an object is missing is never believed at once, since the state would lose it. A list
    that comes in pages skips an object when another, on a page that has been read, is deleted
    meanwhile. So the list is read again: the object is gone if it is missing there too, and
    nothing else was lost between the two.
    """

    def __init__(
        self,
        client: Client,
        read: Callable[..., Iterable[Item]],
        by: Callable[[Item], object] = lambda item: item.id,
    ) -> None:
        self._client = client
        self._read = read
        self._by = by
        self._looks: dict[tuple[str, ...], _Look] = {}
        self._lock = threading.Lock()

    def find(self, id_: str, *of: str) -> Item | None:
        """The object that goes by that id in the list that `read(*of)` answers."""
        before: _Objects | None = None
        for objects in islice(self._answers(of), _MOST_LOOKS):
            if id_ in objects:
                return objects[id_]
            if before is not None and before.keys() <= objects.keys():
                return None
            before = objects
        return None

    def glance(self, id_: str, *of: str) -> Item | None:
        """The object, if the list has it; that it is missing says nothing."""
        return next(self._answers(of)).get(id_)

    def expire(self) -> None:
        """Let nobody who asks from now on have an answer from before."""
        with self._lock:
            self._looks.clear()

    def _answers(self, of: tuple[str, ...]) -> Iterator[_Objects]:
        """The list as it is known, then as it is read after that, and so on."""
        look = None
        while True:
            look = self._look(of, look)
            yield look.answer.result()

    def _look(self, of: tuple[str, ...], after: _Look | None) -> _Look:
        """The latest look at a list, if no write came after it and it is not the one named."""
        with self._lock:
            writes = self._client.writes
            look = self._looks.get(of)
            if look is not None and look is not after and look.writes == writes:
                return look
            look = self._looks[of] = _Look(writes)
        try:
            look.answer.set_result({self._by(item): item for item in self._read(*of)})
        except BaseException as error:  # noqa: BLE001 - it goes to all who wait
            look.answer.set_exception(error)
            with self._lock:
                if self._looks.get(of) is look:
                    del self._looks[of]
        return look
