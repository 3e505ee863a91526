"""What all resources of Case Management share."""

import functools
import os
import re
from collections.abc import Callable
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
    return sorted({str(value): value for value in values}.values(), key=str)


#: The id of an object, a UUID.
Uuid: TypeAlias = Annotated[str, Canonical(_uuid)]
#: Text that the API refuses to have empty.
Text: TypeAlias = Annotated[str, Canonical(_filled)]
#: A calendar day, `YYYY-MM-DD`.
Date: TypeAlias = Annotated[str, Canonical(_date)]
#: For lists whose order and repetitions mean nothing.
UNORDERED = Canonical(_set)
