"""Search of cases: `GET /cases`."""

import math
from typing import Final

from datadog_cases_sandbox import errors
from datadog_cases_sandbox.call import Answer, Call, Endpoints, Json, listed
from datadog_cases_sandbox.families import case_filter, case_types, cases, projects, users
from datadog_cases_sandbox.families.cases import Case
from datadog_cases_sandbox.store import Store

PAGE_SIZE: Final = 10
MAX_PAGE_SIZE: Final = 100
MAX_PAGE_NUMBER: Final = 1_000_000

SORT_FIELDS: Final = ("created_at", "priority", "status")


def _search(call: Call) -> Answer:
    size = call.integer("page[size]", PAGE_SIZE, 1, MAX_PAGE_SIZE)
    number = call.integer("page[number]", 1, 1, MAX_PAGE_NUMBER)
    found = _sorted(call, matching(call.store, call.query.get("filter", "")))
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
    field = call.query.get("sort[field]", "created_at")
    descending = not call.boolean("sort[asc]")
    if field not in SORT_FIELDS:
        expected = f"one of {', '.join(SORT_FIELDS)}"
        raise errors.invalid_parameter("sort[field]", "query", expected, field)
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


def matching(store: Store, text: str) -> list[Case]:
    """The cases that a filter selects, oldest first.

    Archived ones are left out unless the filter speaks of `archived` (assumed).
    """
    test = case_filter.parse(text)
    with_archived = "archived:" in text.lower()
    types = {one.id: one for one in store.list(case_types.CaseType)}
    keys = {one.id: one.key for one in store.list(projects.Project)}
    people = {one.id: one for one in store.list(users.User)}

    def facets(case: Case) -> case_filter.Facets:
        case_type = types[case.type_id]
        group = cases.group_of(case_type, case.status_name)
        values: dict[str, list[str]] = {
            case_filter.FREE_TEXT: [case.title, case.description, case.key],
            "title": [case.title],
            "description": [case.description],
            "key": [case.key],
            "public_id": [case.public_id],
            "status": [cases.status_word(case_type, case.status_name), case.status_name, group],
            "status_name": [case.status_name],
            "status_group": [f"SG_{group}"],
            "priority": [case.priority],
            "project": [case.project_id, keys[case.project_id]],
            "type": [case.type_id, case_type.name, case_type.case_word],
            "assignee": _names(people, case.assignee_id),
            "creator": _names(people, case.created_by),
            "archived": ["true" if case.archived_at else "false"],
        }
        for name, labels in case.attributes.items():
            values.setdefault(name.lower(), []).extend(labels)
        for name, custom in case.custom_attributes.items():
            value = custom["value"]
            texts = value if isinstance(value, list) else [value]
            values.setdefault(name.lower(), []).extend(f"{one}" for one in texts)
        return {name: tuple(one.lower() for one in told) for name, told in values.items()}

    return [
        case
        for case in store.list(Case)
        if (with_archived or case.archived_at is None) and test(facets(case))
    ]


def _names(people: dict[str, users.User], user_id: str | None) -> list[str]:
    if user_id is None:
        return []
    user = people.get(user_id)
    return [user_id, user.email, user.name or ""] if user else [user_id]


ENDPOINTS: Final[Endpoints] = {("GET", "/cases"): _search}
