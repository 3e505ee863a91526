"""Search of cases: `GET /cases`."""

import math
from typing import Final

from datadog_cases_sandbox.call import Answer, Call, Endpoints, Json, listed
from datadog_cases_sandbox.families import case_types, cases, users
from datadog_cases_sandbox.families.case_fields import matching
from datadog_cases_sandbox.families.cases import Case
from datadog_cases_sandbox.store import Store

PAGE_SIZE: Final = 10
MAX_PAGE_SIZE: Final = 100
MAX_PAGE_NUMBER: Final = 1_000_000

SORT_FIELDS: Final = ("created_at", "priority", "status")


def _search(call: Call) -> Answer:
    size = call.integer("page[size]", PAGE_SIZE, 1, MAX_PAGE_SIZE)
    number = call.integer("page[number]", 1, 1, MAX_PAGE_NUMBER)
    matches = matching(call.store, call.query.get("filter", ""))
    found = _sorted(call, [match.case for match in matches])
    page = found[size * (number - 1) : size * number]
    # `size` counts the cases on this page, `total` the pages (recorded).
    place: Json = {
        "current": number,
        "size": len(page),
        "total": math.ceil(len(found) / size),
    }
    body: Json = {
        "data": listed([_item(call.store, case) for case in page]),
        "included": cases.included(call.store, page),
        "meta": {"total_cases": len(found), "page": place},
    }
    return Answer(200, body)


def _item(store: Store, case: Case) -> Json:
    # Only search names the author once more, beside `included` (recorded).
    author: Json = {"ID": case.created_by, **users.in_case(store, case.created_by)}
    return cases.resource(store, case, created_by_author={"type": "USER", "content": author})


def _sorted(call: Call, oldest_first: list[Case]) -> list[Case]:
    field = call.word("sort[field]", SORT_FIELDS, default="created_at")
    descending = not call.boolean("sort[asc]")
    if field == "created_at":
        return oldest_first[::-1] if descending else oldest_first
    if field == "priority":
        return sorted(
            oldest_first, key=lambda one: cases.PRIORITIES.index(one.priority), reverse=descending
        )
    types = {one.id: one for one in call.store.list(case_types.CaseType)}
    groups = [*case_types.TRIO]
    return sorted(
        oldest_first,
        key=lambda one: groups.index(cases.group_of(types[one.type_id], one.status_name)),
        reverse=descending,
    )


ENDPOINTS: Final[Endpoints] = {("GET", "/cases"): _search}
