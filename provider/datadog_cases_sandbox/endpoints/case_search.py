"""Search for cases: `GET /cases`."""

import math
from collections import defaultdict
from functools import partial
from typing import Final

from datadog_cases_sandbox.endpoints import case_types, cases, users
from datadog_cases_sandbox.endpoints.case_fields import Values
from datadog_cases_sandbox.endpoints.case_index import Matches, matching
from datadog_cases_sandbox.endpoints.cases import Case
from datadog_cases_sandbox.handler import ApiRequest, ApiResponse, Endpoints, JsonObject, json_list
from datadog_cases_sandbox.store import Store

PAGE_SIZE: Final = 10
MAX_PAGE_SIZE: Final = 100
MAX_PAGE_NUMBER: Final = 1_000_000

SORT_FIELDS: Final = ("created_at", "priority", "status")


def page(request: ApiRequest) -> tuple[int, int]:
    """The size and the number of the requested page."""
    return (
        request.integer("page[size]", PAGE_SIZE, 1, MAX_PAGE_SIZE),
        request.integer("page[number]", 1, 1, MAX_PAGE_NUMBER),
    )


def paging(number: int, size: int, *, shown: int, found: int) -> JsonObject:
    """The description of a page in a response.

    Args:
        number: The number of the page.
        size: The requested size of a page.
        shown: The number of cases on the page.
        found: The number of cases on all pages.
    """
    # In responses, the key `size` is the number of cases on this page, and the key `total` is the
    # number of pages (recorded).
    return {"current": number, "size": shown, "total": math.ceil(found / size)}


def _search(request: ApiRequest) -> ApiResponse:
    size, number = page(request)
    matches = matching(request.store, request.query_params.get("filter", ""))
    found = _sorted(request, matches)
    shown = matches.cases(found[size * (number - 1) : size * number])
    body: JsonObject = {
        "data": json_list([_item(request.store, case) for case in shown]),
        "included": cases.included(request.store, shown),
        "meta": {
            "total_cases": len(found),
            "page": paging(number, size, shown=len(shown), found=len(found)),
        },
    }
    return ApiResponse(200, body)


def _item(store: Store, case: Case) -> JsonObject:
    # In search responses, each case has `created_by_author`, although `included` also has the user.
    # In other responses, cases have no `created_by_author` (recorded).
    author: JsonObject = {
        "ID": case.created_by,
        **users.included_attributes(store, case.created_by),
    }
    item = cases.resource(
        store,
        case,
        created_by_author={"type": "USER", "content": author},
        modified_at=case.modified_at,
        closed_at=case.closed_at,
    )
    relationships = item["relationships"]
    if isinstance(relationships, dict):
        relationships.pop("modified_by", None)  # no recorded search response has it
    return item


def _sorted(request: ApiRequest, matches: Matches) -> list[int]:
    field = request.choice("sort[field]", SORT_FIELDS, default="created_at")
    descending = not request.boolean("sort[asc]")
    if field == "created_at":
        return sorted(matches.numbers, reverse=descending)
    rank = _priority_rank if field == "priority" else partial(_status_rank, matches.values)
    by_rank = defaultdict[int, list[int]](list)
    for fact, numbers in matches.facts(field):
        by_rank[rank(*fact)].extend(numbers)
    # In both orders, cases with the same rank are sorted by age, and the oldest comes first.
    return [
        number for each in sorted(by_rank, reverse=descending) for number in sorted(by_rank[each])
    ]


def _priority_rank(priority: str) -> int:
    return cases.PRIORITIES.index(priority)


def _status_rank(values: Values, type_id: str, status_name: str) -> int:
    return [*case_types.DEFAULT_STATUSES].index(values.status_group(type_id, status_name))


ENDPOINTS: Final[Endpoints] = {("GET", "/cases"): _search}
