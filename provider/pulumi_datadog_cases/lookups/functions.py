"""The lookups: find existing objects by name, key or query while the program runs."""

import difflib
from collections.abc import Iterable, Sequence

import pulumi

from pulumi_datadog_cases.api import (
    AggregateItem,
    AutomationRuleItem,
    CaseItem,
    CaseLinkItem,
    CaseTypeItem,
    CaseViewItem,
    CountItem,
    CustomAttributeItem,
    MaintenanceWindowItem,
    NotificationRuleItem,
    ProjectFavoriteItem,
    ProjectItem,
    TeamItem,
    TimelineCellItem,
    UserItem,
    WatcherItem,
)
from pulumi_datadog_cases.api.http.json_api import AnItem
from pulumi_datadog_cases.lookups.lookup import MultipleMatches, NoMatch, client_of, lookup


def _single(what: str, found: Sequence[AnItem], existing: Iterable[object]) -> AnItem:
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


@lookup
def get_project(
    *,
    key: str | None = None,
    project_id: str | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> ProjectItem:
    """Find a project by its key or its id.

    Sends `GET /api/v2/cases/projects[/{project_id}]`.

    Args:
        key: key of the project, such as `SECOPS`. The keys of the project's cases begin with this
            key.
        project_id: UUID of the project. Pass either `key` or `project_id`.
        opts: an explicit provider, or a parent whose provider is used.

    Raises:
        NoMatch: no project has the key; the message lists the existing keys.
        NotFound: no project has the id.
        TypeError: both arguments are passed, or neither.
    """
    if (key is None) is (project_id is None):
        raise TypeError("get_project takes either key or project_id")
    if project_id is not None:
        return client_of(opts).projects.get(project_id)
    projects = client_of(opts).projects.list()
    found = [each for each in projects if each.raw_attributes.get("key") == key]
    return _single(f"project {key}", found, (each.raw_attributes.get("key") for each in projects))


@lookup
def get_case(case_id: str, opts: pulumi.InvokeOptions | None = None) -> CaseItem:
    """Find a case by its UUID or its key (`SECOPS-12`).

    Sends `GET /api/v2/cases/{case_id}`.

    Args:
        case_id: UUID or key of the case.
        opts: an explicit provider, or a parent whose provider is used.

    Raises:
        NotFound: the case does not exist.
    """
    return client_of(opts).cases.get(case_id)


@lookup
def search_cases(
    filter: str | None = None,  # noqa: A002 - the API's name
    *,
    sort_field: str = "created_at",
    ascending: bool = True,
    opts: pulumi.InvokeOptions | None = None,
) -> list[CaseItem]:
    """Find all matching cases, across all pages.

    Sends `GET /api/v2/cases`.

    Args:
        filter: a query as in the search bar, such as `status:open priority:P1`. By default all
            cases match.
        sort_field: `created_at`, `priority` or `status`.
        ascending: whether the sort order is ascending.
        opts: an explicit provider, or a parent whose provider is used.
    """
    cases = client_of(opts).cases.iterate(filter, sort_field=sort_field, ascending=ascending)
    return list(cases)


@lookup
def count_cases(
    query_filter: str | None = None,
    *,
    group_bys: Sequence[str] = (),
    limit: int | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> CountItem:
    """Count cases by the values of some fields.

    Sends `GET /api/v2/cases/count`.

    Args:
        query_filter: a query as in the search bar. By default all cases are counted.
        group_bys: names of fields. Cases are counted for each value of these fields.
        limit: maximum number of values per field.
        opts: an explicit provider, or a parent whose provider is used.
    """
    return client_of(opts).cases.count(query_filter, group_bys=group_bys, limit=limit)


@lookup
def aggregate_cases(
    query_filter: str,
    *,
    groups: Sequence[str],
    limit: int = 1000,
    opts: pulumi.InvokeOptions | None = None,
) -> AggregateItem:
    """Aggregate cases by some fields.

    Sends `POST /api/v2/cases/aggregate`.

    Args:
        query_filter: a query as in the search bar.
        groups: names of fields. Cases with the same values of these fields form a group.
        limit: maximum number of groups, at most 1000.
        opts: an explicit provider, or a parent whose provider is used.
    """
    return client_of(opts).cases.aggregate(query_filter, groups=groups, limit=limit)


@lookup
def get_case_timeline(
    case_id: str, opts: pulumi.InvokeOptions | None = None
) -> list[TimelineCellItem]:
    """List the entries of a case's timeline, oldest first.

    Sends `GET /api/v2/cases/{case_id}/timelines`.

    Args:
        case_id: UUID or key of the case.
        opts: an explicit provider, or a parent whose provider is used.
    """
    return list(client_of(opts).cases.iterate_timeline(case_id))


@lookup
def get_case_type(*, name: str, opts: pulumi.InvokeOptions | None = None) -> CaseTypeItem:
    """Find a built-in or custom case type by its name.

    Sends `GET /api/v2/cases/types`.

    Args:
        name: name of the case type.
        opts: an explicit provider, or a parent whose provider is used.

    Raises:
        NoMatch: no case type has the name; the message lists the existing names.
        MultipleMatches: several case types have the name; the message lists their ids.
    """
    types = [t for t in client_of(opts).case_types.list() if not t.raw_attributes.get("deleted_at")]
    found = [each for each in types if each.raw_attributes.get("name") == name]
    return _single(
        f"case type {name!r}", found, (each.raw_attributes.get("name") for each in types)
    )


@lookup
def get_custom_attributes(
    *, case_type_id: str | None = None, opts: pulumi.InvokeOptions | None = None
) -> list[CustomAttributeItem]:
    """List the definitions of custom attributes.

    Sends `GET /api/v2/cases/types/custom_attributes`.

    Args:
        case_type_id: UUID of a case type, to list only its definitions. By default the
            definitions of all case types are listed, including those of deleted case types.
        opts: an explicit provider, or a parent whose provider is used.
    """
    attributes = client_of(opts).custom_attributes
    return attributes.list_all() if case_type_id is None else attributes.list(case_type_id)


@lookup
def get_automation_rules(
    project_id: str, opts: pulumi.InvokeOptions | None = None
) -> list[AutomationRuleItem]:
    """List a project's automation rules.

    Sends `GET /api/v2/cases/projects/{project_id}/rules`.

    Args:
        project_id: UUID of the project.
        opts: an explicit provider, or a parent whose provider is used.
    """
    return client_of(opts).automation_rules.list(project_id)


@lookup
def get_notification_rules(
    project_id: str, opts: pulumi.InvokeOptions | None = None
) -> list[NotificationRuleItem]:
    """List a project's notification rules.

    Sends `GET /api/v2/cases/projects/{project_id}/notification_rules`.

    Args:
        project_id: UUID of the project.
        opts: an explicit provider, or a parent whose provider is used.
    """
    return client_of(opts).notification_rules.list(project_id)


@lookup
def get_case_views(project_id: str, opts: pulumi.InvokeOptions | None = None) -> list[CaseViewItem]:
    """List a project's views.

    Sends `GET /api/v2/cases/views`.

    Args:
        project_id: UUID of the project.
        opts: an explicit provider, or a parent whose provider is used.
    """
    return client_of(opts).case_views.list(project_id)


@lookup
def get_case_links(
    entity_type: str,
    entity_id: str,
    *,
    relationship: str | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> list[CaseLinkItem]:
    """List the links of an entity.

    Sends `GET /api/v2/cases/link`.

    Args:
        entity_type: `CASE`, `INCIDENT`, `PAGE` or `AGENT_CONVERSATION`.
        entity_id: id of the entity.
        relationship: list only links with this relationship, such as `BLOCKS`.
        opts: an explicit provider, or a parent whose provider is used.
    """
    return client_of(opts).case_links.list(entity_type, entity_id, relationship)


@lookup
def get_case_watchers(case_id: str, opts: pulumi.InvokeOptions | None = None) -> list[WatcherItem]:
    """List the watchers of a case.

    The id of a watcher is not the id of the user: read `watcher.relationships.user`.

    Sends `GET /api/v2/cases/{case_id}/watchers`.

    Args:
        case_id: UUID or key of the case.
        opts: an explicit provider, or a parent whose provider is used.
    """
    return client_of(opts).cases.watchers(case_id)


@lookup
def get_project_favorites(opts: pulumi.InvokeOptions | None = None) -> list[ProjectFavoriteItem]:
    """List the favorite projects of the application key's user.

    The id of each item is the id of the project.

    Sends `GET /api/v2/cases/projects/favorites`.

    Args:
        opts: an explicit provider, or a parent whose provider is used.
    """
    return client_of(opts).projects.favorites()


@lookup
def get_maintenance_windows(
    opts: pulumi.InvokeOptions | None = None,
) -> list[MaintenanceWindowItem]:
    """List the maintenance windows.

    Sends `GET /api/v2/maintenance_windows`.

    Args:
        opts: an explicit provider, or a parent whose provider is used.
    """
    return client_of(opts).maintenance_windows.list()


@lookup
def get_user(
    *,
    email: str | None = None,
    user_id: str | None = None,
    service_accounts: bool = True,
    opts: pulumi.InvokeOptions | None = None,
) -> UserItem:
    """Find a user by email address (not case-sensitive) or by id.

    If several users have the address, and only one of them is active, that user is returned.

    Sends `GET /api/v2/users` or `GET /api/v2/users/{user_id}`.

    Args:
        email: the email address. Pass either `email` or `user_id`.
        user_id: UUID of the user.
        service_accounts: whether a search by address may return a service account.
        opts: an explicit provider, or a parent whose provider is used.

    Raises:
        NoMatch: no user has the address; the message lists similar addresses and the status of
            their users.
        MultipleMatches: several users have the address; the message lists their ids and status.
        NotFound: no user has the id.
        TypeError: both `email` and `user_id` are passed, or neither.
    """
    if (email is None) is (user_id is None):
        raise TypeError("get_user takes either email or user_id")
    users = client_of(opts).users
    if email is None:
        return users.get(str(user_id))

    def may_match(user: UserItem) -> bool:
        return service_accounts or user.raw_attributes.get("service_account") is not True

    found = [
        user
        for user in users.list(email)
        if _email(user).lower() == email.lower() and may_match(user)
    ]
    active = [user for user in found if user.raw_attributes.get("status") == "Active"]
    if len(active or found) == 1:
        return (active or found)[0]
    if found:
        raise _ambiguous(f"user {email}", [f"{user.id} ({_status(user)})" for user in found])
    # If several users have the same address, the dict below keeps the last one. So sort the active
    # users last.
    by_status = sorted(users.list(), key=lambda user: _status(user).startswith("Active"))
    others = {_email(user).lower(): user for user in by_status if may_match(user)}
    similar = [others[each] for each in difflib.get_close_matches(email.lower(), others)]
    names = ", ".join(f"{_email(user)} ({_status(user)})" for user in similar) or "none"
    raise NoMatch(f"found no user {email}; similar addresses: {names}")


def _email(user: UserItem) -> str:
    return str(user.raw_attributes.get("email") or "")


def _status(user: UserItem) -> str:
    """Describe a user's status, such as `Disabled` or `Active, service account`."""
    kind = ", service account" if user.raw_attributes.get("service_account") is True else ""
    return f"{user.raw_attributes.get('status') or 'unknown status'}{kind}"


@lookup
def get_team(
    *,
    handle: str | None = None,
    name: str | None = None,
    team_id: str | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> TeamItem:
    """Find a team by its handle, its name or its id.

    Sends `GET /api/v2/team` or `GET /api/v2/team/{team_id}`.

    Args:
        handle: handle of the team, such as `platform`.
        name: name of the team.
        team_id: UUID of the team. Pass one of `handle`, `name` and `team_id`.
        opts: an explicit provider, or a parent whose provider is used.

    Raises:
        NoMatch: no team has the handle or the name; the message lists the existing ones.
        MultipleMatches: several teams have the name; the message lists their ids.
        NotFound: no team has the id.
        TypeError: not exactly one of `handle`, `name` and `team_id` is passed.
    """
    if [handle, name, team_id].count(None) != 2:  # noqa: PLR2004 - two of three
        raise TypeError("get_team takes one of handle, name and team_id")
    teams = client_of(opts).teams
    if team_id is not None:
        return teams.get(team_id)
    by, wanted = ("name", name) if handle is None else ("handle", handle)
    all_teams = teams.list()
    found = [team for team in all_teams if team.raw_attributes.get(by) == wanted]
    return _single(f"team {wanted}", found, (team.raw_attributes.get(by) for team in all_teams))
