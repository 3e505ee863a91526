"""Base classes of all resources of Case Management, and helpers for their values."""

import functools
import os
from collections.abc import Callable, Mapping

from pulumi_datadog_cases.api import Client, Conflict, Item, NotFound, Settings
from pulumi_datadog_cases.api.http.transport import Transport
from pulumi_datadog_cases.engine import (
    Lifecycle,
    LiveObject,
    Organization,
    Resource,
    Value,
    Values,
    interrupted,
)
from pulumi_datadog_cases.engine.plugin_host import urn_of_call
from pulumi_datadog_cases.engine.values import ROUNDING, nanoseconds
from pulumi_datadog_cases.resources._shared.case_ids import case_ids
from pulumi_datadog_cases.resources._shared.hidden_projects import hidden_project


class CaseLifecycle(Lifecycle[Client]):
    """Base of all lifecycles: requests go to Datadog, and a 404 means the object is deleted."""

    not_found_error = NotFound
    conflict_errors = (Conflict,)

    @property
    def account(self) -> str:
        """The Datadog site and organisation, as a file name."""
        return self.client.organization_label

    @property
    def clock_offset(self) -> float:
        """Seconds to add to this machine's clock to get Datadog's clock; 0 if unknown."""
        return self.client.clock_offset

    def resolve(self, name: str, values: Values) -> str:
        """Return the UUID of a case. The property `name` holds the case's UUID or key."""
        return case_ids(self.client).of(text(values[name]))

    def organization(self) -> Organization | None:
        """The Datadog organisation of the keys; None if they lack the permission to read it."""
        found = self.client.organization()
        if found is None:
            return None
        name = found.raw_attributes.get("name")
        label = f"{name} ({found.id})" if name else found.id
        return Organization(found.id, f"{label} at {self.client.base_url}")

    def hidden_by(self, id_: str, known: Values) -> str | None:
        """The restricted project of the object, if the keys have no access to this project."""
        del id_
        return hidden_project(self.client, urn_of_call(), known)

    def may_have_succeeded(self, error: Exception) -> bool:
        """Whether Datadog may have carried out the request that failed with this error."""
        return getattr(error, "may_have_arrived", True) is not False


class CaseResource(Resource):
    """Base of all resources of Datadog Case Management."""

    token_module = "datadog-cases"  # noqa: S105 - a type token
    package = "pulumi_datadog_cases"

    @classmethod
    def connect(cls, config: Callable[[str], str | None]) -> Lifecycle[Client]:
        """Return a lifecycle. Its client gets the keys and the site from config or environment."""
        return cls.Lifecycle(_client(Settings.resolve(config, os.environ)))


@functools.cache
def _client(settings: Settings) -> Client:
    """Return the client for these settings. All resource types share it and its connections."""
    return Client(settings, connect=functools.partial(Transport, interrupted=interrupted))


def live_object(item: Item) -> LiveObject:
    """Convert an object of the API. Its attributes have the same names as the properties."""
    return LiveObject(item.id, item.values())


def parent_id(parent: LiveObject | None) -> str:
    """Return the id of the parent whose objects are listed. The parent of a rule is its project.

    Raises:
        TypeError: there is no parent.
    """
    if parent is None:
        raise TypeError("objects of this resource type are listed by parent")
    return parent.id


def parent_values(parent: LiveObject | None, read: Callable[[str], Item]) -> Values:
    """Return the values of the parent whose objects are listed. Read them if they are empty."""
    if parent and parent.values:
        return parent.values
    return live_object(read(parent_id(parent))).values


def without(values: Values, *names: str) -> dict[str, Value]:
    """Return the values except those with the given names.

    The result is sent as attributes. The other values belong in the URL or in relationships.
    """
    return {name: value for name, value in values.items() if name not in names}


def text(value: Value) -> str:
    """Return a property as `str`, for type checkers. Validation has checked the type before."""
    if not isinstance(value, str):
        raise TypeError(f"expected a string, got {value!r}")
    return value


def members(value: Value) -> Values:
    """Return the value if it is a mapping, and an empty mapping otherwise."""
    return value if isinstance(value, Mapping) else {}


def modified_at(attributes: Values) -> int:
    """Return the time of the last write to an object, in Unix nanoseconds; 0 if there was none."""
    return nanoseconds(attributes.get("modified_at")) or 0


def is_stale(item: Item, known: Values) -> bool:
    """Whether a listed object is older than the state. The list then lacks the latest write."""
    return modified_at(item.raw_attributes) + ROUNDING < modified_at(known)
