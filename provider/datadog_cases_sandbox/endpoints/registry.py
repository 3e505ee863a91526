"""All endpoints of the API, and the objects of a fresh sandbox.

To add a group of endpoints, write a module that has the endpoints' request bodies, the record that
the endpoints store, their handlers and, at the end, `ENDPOINTS`. Then add the new module's
`ENDPOINTS` to `ENDPOINT_GROUPS`.
"""

from collections.abc import Iterator
from typing import Final

from datadog_cases_sandbox.endpoints import (
    automation_rules,
    bulk_updates,
    case_counts,
    case_links,
    case_relationships,
    case_search,
    case_types,
    case_updates,
    cases,
    comments,
    custom_attributes,
    insights,
    maintenance_windows,
    notification_rules,
    project_favorites,
    projects,
    teams,
    users,
    views,
    watchers,
)
from datadog_cases_sandbox.handler import Endpoints, Handler
from datadog_cases_sandbox.store import Seeds

ENDPOINT_GROUPS: Final[tuple[Endpoints, ...]] = (
    users.ENDPOINTS,
    teams.ENDPOINTS,
    projects.ENDPOINTS,
    project_favorites.ENDPOINTS,
    automation_rules.ENDPOINTS,
    notification_rules.ENDPOINTS,
    views.ENDPOINTS,
    case_types.ENDPOINTS,
    custom_attributes.ENDPOINTS,
    cases.ENDPOINTS,
    case_search.ENDPOINTS,
    case_counts.ENDPOINTS,
    case_updates.ENDPOINTS,
    case_relationships.ENDPOINTS,
    bulk_updates.ENDPOINTS,
    comments.ENDPOINTS,
    insights.ENDPOINTS,
    watchers.ENDPOINTS,
    case_links.ENDPOINTS,
    maintenance_windows.ENDPOINTS,
)

SEEDS: Final = Seeds((*users.DEFAULT_USERS, *teams.DEFAULT_TEAMS, *case_types.BUILT_IN))
"""The objects of a fresh sandbox."""


HANDLERS: Final[Endpoints] = {
    endpoint: handler for group in ENDPOINT_GROUPS for endpoint, handler in group.items()
}
"""The handler of each endpoint."""


def routes() -> Iterator[tuple[str, dict[str, Handler]]]:
    """All paths below `/api/v2`, each with its handlers by method.

    Yields:
        The paths in the order in which they are matched. Paths with literal steps come first,
        because `/cases/{case_id}` would also match a request to `/cases/types`.
    """
    methods: dict[str, dict[str, Handler]] = {}
    for (method, path), handler in HANDLERS.items():
        methods.setdefault(path, {})[method] = handler
    yield from sorted(
        methods.items(), key=lambda item: [step.startswith("{") for step in item[0].split("/")]
    )
