"""What the sandbox serves: one file per family of endpoints.

A family is a file with its request bodies, the record it stores, its handlers and, at the end,
`ENDPOINTS`. To add one: write the file and name it here.
"""

from collections.abc import Iterator
from typing import Final

from datadog_cases_sandbox.call import Endpoints, Handler
from datadog_cases_sandbox.families import (
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
    users,
    views,
    watchers,
)
from datadog_cases_sandbox.store import Seeds

FAMILIES: Final[tuple[Endpoints, ...]] = (
    users.ENDPOINTS,
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

SEEDS: Final = Seeds((*users.PEOPLE, *case_types.BUILT_IN))
"""What a fresh sandbox holds."""


def paths() -> Iterator[tuple[str, dict[str, Handler]]]:
    """All paths below `/api/v2`, each with its handlers by verb.

    Yields:
        The paths in an order in which the first that matches a request is the right one: words go
        before parameters, as `/cases/types` and the like share a level with `/cases/{case_id}`.
    """
    verbs: dict[str, dict[str, Handler]] = {}
    for family in FAMILIES:
        for (verb, path), handler in family.items():
            verbs.setdefault(path, {})[verb] = handler
    yield from sorted(
        verbs.items(), key=lambda item: [step.startswith("{") for step in item[0].split("/")]
    )
