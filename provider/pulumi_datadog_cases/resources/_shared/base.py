"""Base classes of all resources of Case Management, and helpers for their values."""

import functools
import os
import time
from collections.abc import Callable, Mapping

from pulumi_datadog_cases.api import Client, Item, NotFound, Settings
from pulumi_datadog_cases.api.http.case_keys import CaseKeyTransport
from pulumi_datadog_cases.engine import Lifecycle, LiveObject, Resource, Value, Values, warn


class CaseLifecycle(Lifecycle[Client]):
    """Base of all lifecycles: requests go to Datadog, and a 404 means the object is deleted."""

    not_found_error = NotFound

    @property
    def account(self) -> str:
        """The organisation, on its site."""
        return self.client.organization_label

    def now(self) -> float:
        """The current time by Datadog's clock, as Unix time."""
        return time.time() + self.client.clock_offset

    def may_have_succeeded(self, error: Exception) -> bool:
        """Whether the failed request may have been carried out; errors of the client say so."""
        return getattr(error, "may_have_arrived", True) is not False


class CaseResource(Resource):
    """Base of all resources of Datadog Case Management."""

    token_module = "datadog-cases"  # noqa: S105 - a type token
    package = "pulumi_datadog_cases"

    @classmethod
    def connect(cls, config: Callable[[str], str | None]) -> Lifecycle[Client]:
        """Connect with the keys and the site of the stack, the provider or the environment."""
        return cls.Lifecycle(_client(Settings.resolve(config, os.environ)))


@functools.cache
def _client(settings: Settings) -> Client:
    """One client per process: all resource types share its connections."""
    return Client(settings, connect=functools.partial(CaseKeyTransport, warn=warn))


def live_object(item: Item) -> LiveObject:
    """Convert an object of the API whose attributes are named like the properties."""
    return LiveObject(item.id, item.values())


def parent_id(parent: LiveObject | None) -> str:
    """The id of the parent whose objects are listed."""
    if parent is None:
        raise TypeError("objects of this resource type are listed by parent")
    return parent.id


def without(values: Values, *names: str) -> dict[str, Value]:
    """The values without some names, which the request has in its URL or its relationships."""
    return {name: value for name, value in values.items() if name not in names}


def text(value: Value) -> str:
    """Narrow a property that validation has found to be a string."""
    if not isinstance(value, str):
        raise TypeError(f"expected a string, got {value!r}")
    return value


def members(value: Value) -> Values:
    """Narrow a value to a mapping; empty if it is anything else."""
    return value if isinstance(value, Mapping) else {}


def modified_at(attributes: Values) -> tuple[str, str]:
    """When an object was last written, as a sort key: fractions vary in length (recorded)."""
    second, _, fraction = str(attributes.get("modified_at") or "").rstrip("Z").partition(".")
    return second, fraction.ljust(9, "0")


def is_stale(item: Item, known: Values) -> bool:
    """Whether a listed object is older than the state, so the list misses the last write."""
    return modified_at(item.attributes) < modified_at(known)
