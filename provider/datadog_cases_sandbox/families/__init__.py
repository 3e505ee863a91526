"""What the sandbox serves: one file per family of endpoints.

A family is a file with its request bodies, the record it stores, its handlers and, at the end,
`ENDPOINTS`. To add one: write the file, name it here, and take its lines out of `unserved`.
"""

from collections.abc import Iterator
from typing import Final

from datadog_cases_sandbox.call import Endpoints, Handler
from datadog_cases_sandbox.families import (
    automation_rules,
    case_counts,
    case_search,
    case_types,
    case_updates,
    cases,
    comments,
    custom_attributes,
    projects,
    unserved,
    users,
)
from datadog_cases_sandbox.store import Record

FAMILIES: Final[tuple[Endpoints, ...]] = (
    users.ENDPOINTS,
    projects.ENDPOINTS,
    automation_rules.ENDPOINTS,
    case_types.ENDPOINTS,
    custom_attributes.ENDPOINTS,
    cases.ENDPOINTS,
    case_search.ENDPOINTS,
    case_counts.ENDPOINTS,
    case_updates.ENDPOINTS,
    comments.ENDPOINTS,
    unserved.ENDPOINTS,
)

SEEDS: Final[tuple[Record, ...]] = (*users.PEOPLE, *case_types.BUILT_IN)
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
