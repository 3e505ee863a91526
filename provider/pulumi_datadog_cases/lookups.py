"""Lookups: reading what is there while the program runs, by the names that people know.

Each `get_…`, `search_…`, `count_…` or `aggregate_…` is a plain function that asks the API when it
is called, also in a preview, with the keys and the site of the stack's config or the environment.
For arguments that are outputs each has a twin, `get_…_output`, which takes inputs and answers an
output. What is asked twice in a run is requested once.

Objects are answered as `Item`: `id`, `attributes` and `relationships` as the API has them, and
`values()`, which is both in one.
"""

import functools
import os
from collections.abc import Callable, Iterable, Sequence
from typing import Any, ParamSpec, TypeVar, cast

import pulumi

from pulumi_datadog_cases.api import Client, Item, Settings

__all__ = [
    "NotOneError",
    "aggregate_cases",
    "aggregate_cases_output",
    "count_cases",
    "count_cases_output",
    "get_automation_rules",
    "get_automation_rules_output",
    "get_case",
    "get_case_links",
    "get_case_links_output",
    "get_case_output",
    "get_case_timeline",
    "get_case_timeline_output",
    "get_case_type",
    "get_case_type_output",
    "get_case_views",
    "get_case_views_output",
    "get_case_watchers",
    "get_case_watchers_output",
    "get_custom_attributes",
    "get_custom_attributes_output",
    "get_maintenance_windows",
    "get_maintenance_windows_output",
    "get_notification_rules",
    "get_notification_rules_output",
    "get_project",
    "get_project_favorites",
    "get_project_favorites_output",
    "get_project_output",
    "get_user",
    "get_user_output",
    "search_cases",
    "search_cases_output",
]

P = ParamSpec("P")
T = TypeVar("T")


class NotOneError(LookupError):
    """There is none, or more than one, of what one was asked for; the message lists what is."""

    __module__ = "pulumi_datadog_cases"


@functools.cache
def _client() -> Client:
    """The client of this run, for the stack's config."""

    def config(key: str) -> str | None:
        namespace, _, name = key.partition(":")
        return pulumi.Config(namespace).get(name)

    return Client(Settings.resolve(config, os.environ))


def _once(lookup: Callable[P, T]) -> Callable[P, T]:
    """Ask once per run for the same; answers are shared, so nobody is to change them."""

    @functools.cache
    def answer(_client: Client, *args: object, **kwargs: object) -> T:
        return cast("Callable[..., T]", lookup)(*args, **kwargs)

    @functools.wraps(lookup)
    def asked(*args: P.args, **kwargs: P.kwargs) -> T:
        named = {name: _hashable(value) for name, value in kwargs.items()}
        return answer(_client(), *map(_hashable, args), **named)

    return asked


def _hashable(value: object) -> Any:  # noqa: ANN401 - what goes in, as the cache needs it
    return tuple(cast("list[object]", value)) if isinstance(value, list) else value


def _one(what: str, found: Sequence[Item], known: Iterable[object]) -> Item:
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(item.id for item in found)
        raise NotOneError(f"there are {len(found)} {what}: {ids}; ask for one by its id")
    there = ", ".join(sorted({str(name) for name in known})) or "none at all"
    raise NotOneError(f"there is no {what}; there are: {there}")


@_once
def get_project(*, key: str | None = None, project_id: str | None = None) -> Item:
    """Find a project by its key or its id. `GET /api/v2/cases/projects[/{project_id}]`.

    Args:
        key: the prefix of its cases' keys, such as `SECOPS`.
        project_id: its UUID; give one of the two.

    Raises:
        NotOneError: no project has the key; lists the keys there are.
        NotFound: no project has the id.
    """
    if (key is None) is (project_id is None):
        raise TypeError("get_project takes either key or project_id")
    if project_id is not None:
        return _client().projects.get(project_id)
    projects = _client().projects.list()
    found = [each for each in projects if each.attributes.get("key") == key]
    return _one(f"project {key}", found, (each.attributes.get("key") for each in projects))


@_once
def get_case(case_id: str) -> Item:
    """Find a case by its UUID or its key (`SECOPS-12`). `GET /api/v2/cases/{case_id}`.

    Raises:
        NotFound: there is none.
    """
    return _client().cases.get(case_id)


@_once
def search_cases(
    filter: str | None = None,  # noqa: A002 - the API's own word
    *,
    sort_field: str = "created_at",
    ascending: bool = True,
) -> list[Item]:
    """Find all cases that match, page after page. `GET /api/v2/cases`.

    Args:
        filter: as in the search bar, such as `status:open priority:P1`; all cases by default.
        sort_field: `created_at`, `priority` or `status`.
        ascending: the order of the sort.
    """
    cases = _client().cases.iterate(filter, sort_field=sort_field, ascending=ascending)
    return list(cases)


@_once
def count_cases(
    query_filter: str | None = None, *, group_bys: Sequence[str] = (), limit: int | None = None
) -> Item:
    """Count cases per value of some fields. `GET /api/v2/cases/count`.

    Args:
        query_filter: as in the search bar; all cases by default.
        group_bys: the fields.
        limit: the largest number of values per field.
    """
    return _client().cases.count(query_filter, group_bys=group_bys, limit=limit)


@_once
def aggregate_cases(query_filter: str, *, groups: Sequence[str], limit: int = 1000) -> Item:
    """Aggregate cases by some fields. `POST /api/v2/cases/aggregate`.

    Args:
        query_filter: as in the search bar.
        groups: the fields.
        limit: the largest number of groups, at most 1000.
    """
    return _client().cases.aggregate(query_filter, groups=groups, limit=limit)


@_once
def get_case_timeline(case_id: str) -> list[Item]:
    """Read the timeline of a case, oldest first. `GET /api/v2/cases/{case_id}/timelines`."""
    return list(_client().cases.iterate_timeline(case_id))


@_once
def get_case_type(*, name: str) -> Item:
    """Find a case type by its name, built-in or your own. `GET /api/v2/cases/types`.

    Raises:
        NotOneError: no case type has the name, or several do; lists the names or the ids.
    """
    types = [t for t in _client().case_types.list() if not t.attributes.get("deleted_at")]
    found = [each for each in types if each.attributes.get("name") == name]
    return _one(f"case type {name!r}", found, (each.attributes.get("name") for each in types))


@_once
def get_custom_attributes(*, case_type_id: str | None = None) -> list[Item]:
    """List the definitions of custom attributes. `GET /api/v2/cases/types/custom_attributes`.

    Args:
        case_type_id: those of one case type; by default of all, deleted ones too.
    """
    attributes = _client().custom_attributes
    return attributes.list_all() if case_type_id is None else attributes.list(case_type_id)


@_once
def get_automation_rules(project_id: str) -> list[Item]:
    """List a project's automation rules. `GET /api/v2/cases/projects/{project_id}/rules`."""
    return _client().automation_rules.list(project_id)


@_once
def get_notification_rules(project_id: str) -> list[Item]:
    """List a project's notification rules.

    `GET /api/v2/cases/projects/{project_id}/notification_rules`.
    """
    return _client().notification_rules.list(project_id)


@_once
def get_case_views(project_id: str) -> list[Item]:
    """List a project's views. `GET /api/v2/cases/views`."""
    return _client().case_views.list(project_id)


@_once
def get_case_links(
    entity_type: str, entity_id: str, *, relationship: str | None = None
) -> list[Item]:
    """List the links of an entity. `GET /api/v2/cases/link`.

    Args:
        entity_type: `CASE`, `INCIDENT`, `PAGE` or `AGENT_CONVERSATION`.
        entity_id: its id.
        relationship: only those, such as `BLOCKS`.
    """
    return _client().case_links.list(entity_type, entity_id, relationship)


@_once
def get_case_watchers(case_id: str) -> list[Item]:
    """List who watches a case. `GET /api/v2/cases/{case_id}/watchers`."""
    return _client().cases.watchers(case_id)


@_once
def get_project_favorites() -> list[Item]:
    """List the favorites of whoever the keys belong to. `GET /api/v2/cases/projects/favorites`."""
    return _client().projects.favorites()


@_once
def get_maintenance_windows() -> list[Item]:
    """List the maintenance windows. `GET /api/v2/maintenance_windows`."""
    return _client().maintenance_windows.list()


@_once
def get_user(*, email: str) -> Item:
    """Find a user by email, in any case of letters. `GET /api/v2/users`.

    Raises:
        NotOneError: nobody has the address, or several have; lists who comes near, or the ids.
    """
    users = _client().users.list(email)
    emails = {user.id: str(user.attributes.get("email", "")) for user in users}
    found = [user for user in users if emails[user.id].lower() == email.lower()]
    return _one(f"user {email}", found, emails.values())


def _twin(lookup: Callable[..., T]) -> Callable[..., pulumi.Output[T]]:
    """The same lookup for inputs: it waits for them and answers an output."""

    def twin(*args: object, **kwargs: object) -> pulumi.Output[T]:
        given: pulumi.Output[Any] = pulumi.Output.from_input({"args": args, "kwargs": kwargs})
        return given.apply(lambda known: lookup(*known["args"], **known["kwargs"]))

    twin.__name__ = twin.__qualname__ = f"{lookup.__name__}_output"
    twin.__doc__ = f"`{lookup.__name__}` for inputs; answers an output."
    return twin


get_project_output = _twin(get_project)
get_case_output = _twin(get_case)
search_cases_output = _twin(search_cases)
count_cases_output = _twin(count_cases)
aggregate_cases_output = _twin(aggregate_cases)
get_case_timeline_output = _twin(get_case_timeline)
get_case_type_output = _twin(get_case_type)
get_custom_attributes_output = _twin(get_custom_attributes)
get_automation_rules_output = _twin(get_automation_rules)
get_notification_rules_output = _twin(get_notification_rules)
get_case_views_output = _twin(get_case_views)
get_case_links_output = _twin(get_case_links)
get_case_watchers_output = _twin(get_case_watchers)
get_project_favorites_output = _twin(get_project_favorites)
get_maintenance_windows_output = _twin(get_maintenance_windows)
get_user_output = _twin(get_user)
