"""Lookups: find existing objects by name, key or query while the program runs.

Each `get_…`, `search_…`, `count_…` or `aggregate_…` is a plain function that sends its requests
when it is called, also in a preview. It uses the keys and the site from the stack's config or the
environment. Each function has an output form, such as `get_…_output`, which takes Pulumi inputs and
returns an output. If a run repeats a call with equal arguments, the first result is returned again.

An object is returned as an `Item`. Its `id`, `attributes` and `relationships` are those of the
API's response. `values()` returns the attributes, and the ids of related objects, in one mapping.
"""

import difflib
import functools
import inspect
import os
from collections.abc import Callable, Iterable, Sequence
from typing import Any, ParamSpec, TypeVar, cast

import pulumi

from pulumi_datadog_cases.api import Client, Item, Settings
from pulumi_datadog_cases.engine.validation import reject_output_texts

__all__ = [
    "MultipleMatches",
    "NoMatch",
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


class NoMatch(LookupError):  # noqa: N818 - named like `NotFound`
    """A lookup for one object found none; the message lists the names of existing objects."""

    __module__ = "pulumi_datadog_cases"


class MultipleMatches(LookupError):  # noqa: N818 - as above
    """A lookup for one object found several objects; the message lists their ids."""

    __module__ = "pulumi_datadog_cases"


@functools.cache
def _client() -> Client:
    """Create the client of this run from the stack's config and the environment."""

    def config(key: str) -> str | None:
        namespace, _, name = key.partition(":")
        return pulumi.Config(namespace).get(name)

    return Client(Settings.resolve(config, os.environ))


def _cached(lookup: Callable[P, T]) -> Callable[P, T]:
    """Wrap a lookup so that calls with equal arguments send their requests once per run.

    Such calls share one result, so callers must not modify it.
    """

    @functools.cache
    def cached(_client: Client, *args: object, **kwargs: object) -> T:
        return cast("Callable[..., T]", lookup)(*args, **kwargs)

    @functools.wraps(lookup)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> T:
        reject_output_texts(
            lookup.__name__, inspect.signature(lookup).bind(*args, **kwargs).arguments
        )
        named = {name: _hashable(value) for name, value in kwargs.items()}
        return cached(_client(), *map(_hashable, args), **named)

    return wrapper


def _hashable(value: object) -> Any:  # noqa: ANN401 - any argument
    return tuple(cast("list[object]", value)) if isinstance(value, list) else value


def _single(what: str, found: Sequence[Item], existing: Iterable[object]) -> Item:
    """Return the only match.

    Args:
        what: description of the wanted object, for messages.
        found: the matches.
        existing: the names of all objects, for messages.

    Raises:
        NoMatch: there is no match.
        MultipleMatches: there are several matches.
    """
    if len(found) == 1:
        return found[0]
    if found:
        raise _ambiguous(what, [item.id for item in found])
    names = ", ".join(sorted({str(name) for name in existing})) or "none"
    raise NoMatch(f"found no {what}; existing: {names}")


def _ambiguous(what: str, ids: Sequence[str]) -> MultipleMatches:
    return MultipleMatches(
        f"found {len(ids)} matches for {what}: {', '.join(ids)}; use one of these ids"
    )


@_cached
def get_project(*, key: str | None = None, project_id: str | None = None) -> Item:
    """Find a project by its key or its id.

    Sends `GET /api/v2/cases/projects[/{project_id}]`.

    Args:
        key: key of the project, such as `SECOPS`. The keys of the project's cases begin with this
            key.
        project_id: UUID of the project. Pass either `key` or `project_id`.

    Raises:
        NoMatch: no project has the key; the message lists the existing keys.
        NotFound: no project has the id.
        TypeError: both arguments are passed, or neither.
    """
    if (key is None) is (project_id is None):
        raise TypeError("get_project takes either key or project_id")
    if project_id is not None:
        return _client().projects.get(project_id)
    projects = _client().projects.list()
    found = [each for each in projects if each.attributes.get("key") == key]
    return _single(f"project {key}", found, (each.attributes.get("key") for each in projects))


@_cached
def get_case(case_id: str) -> Item:
    """Find a case by its UUID or its key (`SECOPS-12`).

    Sends `GET /api/v2/cases/{case_id}`.

    Raises:
        NotFound: the case does not exist.
    """
    return _client().cases.get(case_id)


@_cached
def search_cases(
    filter: str | None = None,  # noqa: A002 - the API's name
    *,
    sort_field: str = "created_at",
    ascending: bool = True,
) -> list[Item]:
    """Find all matching cases, across all pages.

    Sends `GET /api/v2/cases`.

    Args:
        filter: a query as in the search bar, such as `status:open priority:P1`. By default all
            cases match.
        sort_field: `created_at`, `priority` or `status`.
        ascending: whether the sort order is ascending.
    """
    cases = _client().cases.iterate(filter, sort_field=sort_field, ascending=ascending)
    return list(cases)


@_cached
def count_cases(
    query_filter: str | None = None, *, group_bys: Sequence[str] = (), limit: int | None = None
) -> Item:
    """Count cases by the values of some fields.

    Sends `GET /api/v2/cases/count`.

    Args:
        query_filter: a query as in the search bar. By default all cases are counted.
        group_bys: names of fields. Cases are counted for each value of these fields.
        limit: maximum number of values per field.
    """
    return _client().cases.count(query_filter, group_bys=group_bys, limit=limit)


@_cached
def aggregate_cases(query_filter: str, *, groups: Sequence[str], limit: int = 1000) -> Item:
    """Aggregate cases by some fields.

    Sends `POST /api/v2/cases/aggregate`.

    Args:
        query_filter: a query as in the search bar.
        groups: names of fields. Cases with the same values of these fields form a group.
        limit: maximum number of groups, at most 1000.
    """
    return _client().cases.aggregate(query_filter, groups=groups, limit=limit)


@_cached
def get_case_timeline(case_id: str) -> list[Item]:
    """Read the timeline of a case, oldest first.

    Sends `GET /api/v2/cases/{case_id}/timelines`.
    """
    return list(_client().cases.iterate_timeline(case_id))


@_cached
def get_case_type(*, name: str) -> Item:
    """Find a built-in or custom case type by its name.

    Sends `GET /api/v2/cases/types`.

    Raises:
        NoMatch: no case type has the name; the message lists the existing names.
        MultipleMatches: several case types have the name; the message lists their ids.
    """
    types = [t for t in _client().case_types.list() if not t.attributes.get("deleted_at")]
    found = [each for each in types if each.attributes.get("name") == name]
    return _single(f"case type {name!r}", found, (each.attributes.get("name") for each in types))


@_cached
def get_custom_attributes(*, case_type_id: str | None = None) -> list[Item]:
    """List the definitions of custom attributes.

    Sends `GET /api/v2/cases/types/custom_attributes`.

    Args:
        case_type_id: UUID of a case type, to list only its definitions. By default the
            definitions of all case types are listed, including those of deleted case types.
    """
    attributes = _client().custom_attributes
    return attributes.list_all() if case_type_id is None else attributes.list(case_type_id)


@_cached
def get_automation_rules(project_id: str) -> list[Item]:
    """List a project's automation rules.

    Sends `GET /api/v2/cases/projects/{project_id}/rules`.
    """
    return _client().automation_rules.list(project_id)


@_cached
def get_notification_rules(project_id: str) -> list[Item]:
    """List a project's notification rules.

    Sends `GET /api/v2/cases/projects/{project_id}/notification_rules`.
    """
    return _client().notification_rules.list(project_id)


@_cached
def get_case_views(project_id: str) -> list[Item]:
    """List a project's views.

    Sends `GET /api/v2/cases/views`.
    """
    return _client().case_views.list(project_id)


@_cached
def get_case_links(
    entity_type: str, entity_id: str, *, relationship: str | None = None
) -> list[Item]:
    """List the links of an entity.

    Sends `GET /api/v2/cases/link`.

    Args:
        entity_type: `CASE`, `INCIDENT`, `PAGE` or `AGENT_CONVERSATION`.
        entity_id: id of the entity.
        relationship: list only links with this relationship, such as `BLOCKS`.
    """
    return _client().case_links.list(entity_type, entity_id, relationship)


@_cached
def get_case_watchers(case_id: str) -> list[Item]:
    """List the watchers of a case.

    Sends `GET /api/v2/cases/{case_id}/watchers`.
    """
    return _client().cases.watchers(case_id)


@_cached
def get_project_favorites() -> list[Item]:
    """List the favorite projects of the application key's user.

    Sends `GET /api/v2/cases/projects/favorites`.
    """
    return _client().projects.favorites()


@_cached
def get_maintenance_windows() -> list[Item]:
    """List the maintenance windows.

    Sends `GET /api/v2/maintenance_windows`.
    """
    return _client().maintenance_windows.list()


@_cached
def get_user(
    *, email: str | None = None, user_id: str | None = None, service_accounts: bool = True
) -> Item:
    """Find a user by email address, ignoring upper and lower case, or by id.

    If several users have the address, and only one of them is active, that user is returned.

    Sends `GET /api/v2/users` or `GET /api/v2/users/{user_id}`.

    Args:
        email: the email address. Pass either `email` or `user_id`.
        user_id: UUID of the user.
        service_accounts: whether a search by address may return a service account.

    Raises:
        NoMatch: no user has the address; the message lists similar addresses and the status of
            their users.
        MultipleMatches: several users have the address; the message lists their ids and status.
        NotFound: no user has the id.
        TypeError: both `email` and `user_id` are passed, or neither.
    """
    if (email is None) is (user_id is None):
        raise TypeError("get_user takes either email or user_id")
    users = _client().users
    if email is None:
        return users.get(str(user_id))

    def may_match(user: Item) -> bool:
        return service_accounts or user.attributes.get("service_account") is not True

    found = [
        user
        for user in users.list(email)
        if _email(user).lower() == email.lower() and may_match(user)
    ]
    active = [user for user in found if user.attributes.get("status") == "Active"]
    if len(active or found) == 1:
        return (active or found)[0]
    if found:
        raise _ambiguous(f"user {email}", [f"{user.id} ({_status(user)})" for user in found])
    others = {_email(user).lower(): user for user in users.list() if may_match(user)}
    similar = [others[each] for each in difflib.get_close_matches(email.lower(), others)]
    names = ", ".join(f"{_email(user)} ({_status(user)})" for user in similar) or "none"
    raise NoMatch(f"found no user {email}; similar addresses: {names}")


def _email(user: Item) -> str:
    return str(user.attributes.get("email") or "")


def _status(user: Item) -> str:
    """Describe a user's status, such as `Disabled` or `Active, service account`."""
    kind = ", service account" if user.attributes.get("service_account") is True else ""
    return f"{user.attributes.get('status') or 'unknown status'}{kind}"


def _output_form(lookup: Callable[..., T]) -> Callable[..., pulumi.Output[T]]:
    """Wrap a lookup so that it takes inputs and returns an output."""

    def output_form(*args: object, **kwargs: object) -> pulumi.Output[T]:
        inputs: pulumi.Output[Any] = pulumi.Output.from_input({"args": args, "kwargs": kwargs})
        return inputs.apply(lambda known: lookup(*known["args"], **known["kwargs"]))

    output_form.__name__ = output_form.__qualname__ = f"{lookup.__name__}_output"
    output_form.__doc__ = f"Like `{lookup.__name__}`, but takes inputs and returns an output."
    return output_form


get_project_output = _output_form(get_project)
get_case_output = _output_form(get_case)
search_cases_output = _output_form(search_cases)
count_cases_output = _output_form(count_cases)
aggregate_cases_output = _output_form(aggregate_cases)
get_case_timeline_output = _output_form(get_case_timeline)
get_case_type_output = _output_form(get_case_type)
get_custom_attributes_output = _output_form(get_custom_attributes)
get_automation_rules_output = _output_form(get_automation_rules)
get_notification_rules_output = _output_form(get_notification_rules)
get_case_views_output = _output_form(get_case_views)
get_case_links_output = _output_form(get_case_links)
get_case_watchers_output = _output_form(get_case_watchers)
get_project_favorites_output = _output_form(get_project_favorites)
get_maintenance_windows_output = _output_form(get_maintenance_windows)
get_user_output = _output_form(get_user)
