"""What all resources of Case Management share."""

import functools
import os
import time
from collections.abc import Callable, Mapping

from pulumi_datadog_cases.api import Client, Item, NotFound, Settings
from pulumi_datadog_cases.engine import Lifecycle, LiveObject, Resource, Value, Values
from pulumi_datadog_cases.resources.case_keys import KeyTransport


class CaseLifecycle(Lifecycle[Client]):
    """A lifecycle at Datadog; whatever answers 404 is gone."""

    not_found_error = NotFound

    @property
    def account(self) -> str:
        """The organisation, on its site."""
        return self.client.organization_label

    def now(self) -> float:
        """The time of Datadog's answers."""
        return time.time() + self.client.clock_offset

    def may_have_succeeded(self, error: Exception) -> bool:
        """Whether a request that ended so may have been carried out: errors of the API's tell."""
        return getattr(error, "may_have_arrived", True) is not False


def id_of(parent: LiveObject | None) -> str:
    """The id of what objects are listed within."""
    if parent is None:
        raise TypeError("objects of this kind are listed within another")
    return parent.id


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
    return Client(settings, connect=KeyTransport)


def live(item: Item) -> LiveObject:
    """An object of the API, whose attributes have the properties' own names."""
    return LiveObject(item.id, item.values())


def without(values: Values, *names: str) -> dict[str, Value]:
    """The values less those that go into the URL or into relationships."""
    return {name: value for name, value in values.items() if name not in names}


def text(value: Value) -> str:
    """A property that has been validated to be text."""
    if not isinstance(value, str):
        raise TypeError(f"expected text, not {value!r}")
    return value


def modified_at(attributes: Values) -> tuple[str, str]:
    """When an object was last written, comparable: fractions vary in length (recorded)."""
    second, _, fraction = str(attributes.get("modified_at") or "").rstrip("Z").partition(".")
    return second, fraction.ljust(9, "0")


def is_older(item: Item, known: Values) -> bool:
    """Whether an object of a list is told as it was before what the state knows was written."""
    return modified_at(item.attributes) < modified_at(known)


def members(value: Value) -> Values:
    """The members of a mapping; none where there is no mapping."""
    return value if isinstance(value, Mapping) else {}
