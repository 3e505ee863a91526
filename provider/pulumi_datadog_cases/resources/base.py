"""What all resources of Case Management share."""

import functools
import json
import os
import re
import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime
from typing import Annotated, TypeAlias

from pulumi_datadog_cases.api import Client, Item, NotFound, Settings
from pulumi_datadog_cases.engine import Canonical, Lifecycle, Live, Resource, Value, Values


class CaseLifecycle(Lifecycle[Client]):
    """A lifecycle at Datadog; whatever answers 404 is gone."""

    gone = NotFound


class CaseResource(Resource):
    """A resource of Datadog Case Management."""

    token_module = "datadog-cases"  # noqa: S105 - a type token
    package = "pulumi_datadog_cases"

    @classmethod
    def connect(cls, config: Callable[[str], str | None]) -> Lifecycle[Client]:
        """Connect with the keys and the site of the stack, the provider or the environment."""
        return cls.Lifecycle(_client(Settings.resolve(config, os.environ)))


@functools.cache
def _client(settings: Settings) -> Client:
    """One client, and so one set of connections, for all kinds in a process."""
    return Client(settings)


class Listing:
    """The objects of lists, for kinds that the API has no single read for.

    A list is read once for all that ask for its objects, and anew after any write of this
    process, so that a refresh of many costs one request and no write is hidden by an older
    answer. It lives as long as the process, which is one run.
    """

    def __init__(self, client: Client, read: Callable[..., list[Item]]) -> None:
        self._client = client
        self._read = read
        self._lists: dict[tuple[str, ...], tuple[int, Future[dict[str, Item]]]] = {}
        self._lock = threading.Lock()

    def find(self, id_: str, *of: str) -> Item | None:
        """The object with that id in the list that `read(*of)` answers."""
        with self._lock:
            writes = self._client.writes
            read_at, answer = self._lists.get(of, (-1, Future()))
            if stale := read_at != writes:
                answer = Future[dict[str, Item]]()
                self._lists[of] = writes, answer
        if stale:
            try:
                answer.set_result({item.id: item for item in self._read(*of)})
            except BaseException as error:  # noqa: BLE001 - it goes to all who wait
                answer.set_exception(error)
                with self._lock:
                    self._lists.pop(of, None)
        return answer.result().get(id_)


def live(item: Item) -> Live:
    """An object of the API, whose attributes have the properties' own names."""
    return Live(item.id, item.values())


def without(values: Values, *names: str) -> dict[str, Value]:
    """The values less those that go into the URL or into relationships."""
    return {name: value for name, value in values.items() if name not in names}


def text(value: Value) -> str:
    """A property that has been validated to be text."""
    if not isinstance(value, str):
        raise TypeError(f"expected text, not {value!r}")
    return value


_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _uuid(value: str) -> str:
    # The shape only: ids of other versions than 4 occur (recorded).
    if not _UUID.fullmatch(value.lower()):
        raise ValueError("must be a UUID, such as another resource's id")
    return value.lower()


def _filled(value: str) -> str:
    if not value.strip():
        raise ValueError("must be text that is not empty")
    return value


def _date(value: str) -> str:
    try:
        return datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=UTC).date().isoformat()
    except ValueError:
        raise ValueError("must be a day as YYYY-MM-DD, such as 2026-11-21") from None


def _set(values: list[Value]) -> list[Value]:
    unique = {json.dumps(value, sort_keys=True): value for value in values}
    return [unique[key] for key in sorted(unique)]


#: The id of an object, a UUID.
Uuid: TypeAlias = Annotated[str, Canonical(_uuid)]
#: Text that the API refuses to have empty.
Text: TypeAlias = Annotated[str, Canonical(_filled)]
#: A calendar day, `YYYY-MM-DD`.
Date: TypeAlias = Annotated[str, Canonical(_date)]
#: For lists whose order and repetitions mean nothing.
UNORDERED = Canonical(_set)
