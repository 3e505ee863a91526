"""Connects a command to its Datadog organisation, and reads the organisation's lists."""

import difflib
import json
import os
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

from pulumi_datadog_cases.api import ApiError, Client, IncompleteSearch, Item, Settings
from pulumi_datadog_cases.api.endpoints.cases import ARCHIVED
from pulumi_datadog_cases.cli.group import CommandError
from pulumi_datadog_cases.cli.output import and_more
from pulumi_datadog_cases.cli.pulumi_cli import ConfigValue, stack_config
from pulumi_datadog_cases.resources._shared.hidden_cases import hidden_cases

#: The number of consecutive unknown case numbers after which `hidden` ends.
_MAX_MISSES = 3
#: The number of concurrent requests.
WORKERS = 16

_Key = TypeVar("_Key")
_T = TypeVar("_T")


class _HasConfig(Protocol):
    @property
    def config(self) -> Mapping[str, object] | None:
        """The config of the explicit provider; None if there is none."""


_Configured = TypeVar("_Configured", bound=_HasConfig)


def resolve(config: Mapping[str, ConfigValue]) -> Settings:
    """Return the settings from a stack's config and the environment; the config takes precedence.

    Raises:
        ConfigurationError: a setting is missing or invalid; the message says how to set it.
    """
    values = {key: each.value for key, each in config.items()}
    return Settings.resolve(values.get, os.environ)


def settings_of(config: Mapping[str, object] | None) -> Settings:
    """Return the settings for the connection to the organisation of a resource.

    The resource belongs to the stack of the current folder.

    Args:
        config: the config of the resource's explicit provider; None if the resource has none, and
            the config of the stack applies.
    """
    if config is None:
        return resolve(stack_config())
    return resolve({key: ConfigValue(str(value), secret=True) for key, value in config.items()})


def by_organization(resources: Iterable[_Configured]) -> Mapping[Settings, Sequence[_Configured]]:
    """Group resources of the current folder's stack by the settings for their connection."""
    by_config: dict[str, list[_Configured]] = {}
    for each in resources:
        by_config.setdefault(json.dumps(each.config, sort_keys=True), []).append(each)
    groups: dict[Settings, list[_Configured]] = {}
    for together in by_config.values():
        groups.setdefault(settings_of(together[0].config), []).extend(together)
    return groups


def connect() -> Client:
    """Return a client with the settings of the selected stack and the environment."""
    return Client(resolve(stack_config()))


def find_project(client: Client, key_or_id: str) -> Item:
    """Find a project by key or UUID with `GET /cases/projects`.

    Raises:
        CommandError: no project has this key or UUID. The message names similar keys.
    """
    projects = {str(each.raw_attributes.get("key")): each for each in client.projects.list()}
    for key, project in projects.items():
        if key_or_id in (key, project.id):
            return project
    known = suggest(key_or_id.upper(), projects) or "there are no projects."
    raise CommandError(f"no project has the key {key_or_id}: {known}")


def suggest(key: str, existing: Collection[str]) -> str | None:
    """Return a question with the keys that a user may have meant; None if there are no keys.

    If no key is similar, the question names the first twenty.
    """
    near = difflib.get_close_matches(key, existing, cutoff=0.5) or sorted(existing)[:20]
    return f"did you mean {' or '.join(near)}?" if near else None


def case_queries(cases: str | None) -> Sequence[str | None]:
    """Return the search queries for a value of the option `--cases`.

    Args:
        cases: a search query, `*` for all cases, or None for no cases.

    Returns:
        The queries of the searches to send. The query None stands for a search without a query,
        which finds all cases that are not archived.
    """
    if cases is None:
        return ()
    return (None, ARCHIVED) if cases == "*" else (cases,)


def hidden(client: Client, projects: Iterable[str], cases: Mapping[str, object]) -> Iterator[str]:
    """Yield one message if there are cases that the searches for them have not found.

    This function does not rely on searches: it requests cases by their keys.

    Args:
        client: the organisation's client.
        projects: the keys of the projects.
        cases: the found cases by key; the value is true if the case is archived.
    """
    if any(cases.values()):
        return
    by_project = defaultdict[str, set[str]](set)
    for key in cases:
        by_project[key.rpartition("-")[0]].add(key)
    for project in projects:
        for case in hidden_cases(client, project, by_project[project], max_misses=_MAX_MISSES):
            attributes = case.raw_attributes
            if attributes.get("archived_at"):
                yield (
                    f"the search {ARCHIVED} finds nothing, although {attributes['key']} is "
                    "archived: archived cases are left out"
                )
            else:
                yield f"the search does not find {attributes['key']}: cases may be left out"
            return


class ListReader:
    """Reads many lists of an organisation concurrently, and keeps the errors of failed reads.

    The organisation can change between the reads, so the lists can contradict each other.
    """

    def __init__(self, advance: Callable[[int], None]) -> None:
        """Create a reader that has read nothing yet.

        Args:
            advance: called with 1 after each read of a list.
        """
        self.advance = advance
        #: The reasons why objects could not be read, by type of object. If all objects of a type
        #: were read, the type is not in this mapping.
        self.failures: dict[str, list[str]] = {}

    def read(self, type_: str, read_list: Callable[[], Iterable[_T]]) -> list[_T]:
        """Read a list. If it cannot be read completely, keep the error and return what was read."""
        result = list[_T]()
        try:
            for each in read_list():
                result.append(each)
        except (ApiError, IncompleteSearch) as error:
            self.add_failure(type_, str(error))
        self.advance(1)
        return result

    def read_all(
        self, keys: Iterable[_Key], read_one: Callable[[_Key], Sequence[_T]]
    ) -> Iterable[Sequence[_T]]:
        """Read one list for each key, concurrently; return the lists in the order of the keys."""
        with ThreadPoolExecutor(WORKERS) as pool:
            return [*pool.map(read_one, keys)]

    def add_failure(self, type_: str, reason: str) -> None:
        """Keep a reason why objects of a type could not be read."""
        self.failures.setdefault(type_, []).append(reason)

    @property
    def missing(self) -> Mapping[str, str]:
        """The first reason in `failures` and the number of other reasons, by type of object."""
        return {
            type_: and_more(reasons[0], len(reasons)) for type_, reasons in self.failures.items()
        }
