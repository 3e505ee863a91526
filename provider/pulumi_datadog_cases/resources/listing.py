"""Reading kinds that the API only lists."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future

from pulumi_datadog_cases.api import Client, Item


class Listing:
    """The objects of lists, for kinds that the API has no single read for.

    A list is read once for all that ask for its objects, and anew after any write of this
    process, so that a refresh of many costs one request and no write is hidden by an older
    answer. It lives as long as the process, which is one run.
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
        self._lists: dict[tuple[str, ...], tuple[int, Future[dict[object, Item]]]] = {}
        self._lock = threading.Lock()

    def find(self, id_: str, *of: str) -> Item | None:
        """The object that goes by that id in the list that `read(*of)` answers."""
        with self._lock:
            writes = self._client.writes
            read_at, answer = self._lists.get(of, (-1, Future()))
            if stale := read_at != writes:
                answer = Future[dict[object, Item]]()
                self._lists[of] = writes, answer
        if stale:
            try:
                answer.set_result({self._by(item): item for item in self._read(*of)})
            except BaseException as error:  # noqa: BLE001 - it goes to all who wait
                answer.set_exception(error)
                with self._lock:
                    self._lists.pop(of, None)
        return answer.result().get(id_)
