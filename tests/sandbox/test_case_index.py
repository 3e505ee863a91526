"""Compares searches, which use an index of all cases, with a test of each case on its own."""

from collections import Counter
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datadog_cases_sandbox.endpoints import case_filter, case_types, cases, registry, users
from datadog_cases_sandbox.endpoints.case_index import matcher, matching
from datadog_cases_sandbox.endpoints.cases import PRIORITIES, Case
from datadog_cases_sandbox.endpoints.projects import Project
from datadog_cases_sandbox.handler import ApiRequest
from datadog_cases_sandbox.store import MEMORY, Record, Store

Operation: TypeAlias = Callable[[Store], None]
Fields: TypeAlias = dict[str, Any]

STANDARD, CHANGE_REQUEST = case_types.BUILT_IN[0], case_types.BUILT_IN[3]
STEADY = settings(deadline=None, derandomize=True, max_examples=150)
TIMES = ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05.5Z", "2026-01-03T00:00:00+02:00")
KEYS = ("SEC", "OPS")
WORDS = ("", "leak", "API Leak", "Straße", "İ", "ΑΣ", "x\0y", "a*b", "[?]", "it's", "P1", TIMES[0])
texts = st.sampled_from(WORDS) | st.text(max_size=4)
names = st.sampled_from(["env", "priority", "status", "title", "archived", ""])
case_fields = st.fixed_dictionaries(
    {},
    optional={
        "title": texts,
        "description": texts,
        "priority": st.sampled_from(PRIORITIES),
        "assignee_id": st.sampled_from(
            [None, "unknown", *(user.id for user in users.DEFAULT_USERS)]
        ),
        "archived_at": st.sampled_from([None, TIMES[0]]),
        "created_at": st.sampled_from(TIMES),
        "attributes": st.dictionaries(names, st.lists(texts, max_size=2), max_size=2),
    },
)
statuses = st.sampled_from(
    [
        {"type_id": each.id, "status_name": name}
        for each in (STANDARD, CHANGE_REQUEST)
        for group in each.statuses.values()
        for name in group
    ]
)


def project(store: Store, key: str) -> Project:
    found = store.find(Project, key)
    if found is None:
        found = Project(key=key, name=key)
        store.put(found)
    return found


def create(key: str, fields: Fields, more: Fields) -> Operation:
    def run(store: Store) -> None:
        owner = project(store, key)
        required = {"title": "A case", "created_at": TIMES[0], "created_by": users.CURRENT_USER}
        identity = {"key": cases.next_key(store, owner), "public_id": str(store.next("public_id"))}
        values = {**required, **identity, "project_id": owner.id, **fields, **more}
        store.put(Case.model_validate(values))

    return run


def update(number: int, fields: Fields) -> Operation:
    def run(store: Store) -> None:
        if existing := store.list(Case):
            store.put(existing[number % len(existing)].model_copy(update=fields))

    return run


def move(number: int, key: str) -> Operation:
    def run(store: Store) -> None:
        owner = project(store, key)
        update(number, {"project_id": owner.id, "key": cases.next_key(store, owner)})(store)

    return run


def delete(model: type[Record], number: int) -> Operation:
    def run(store: Store) -> None:
        if existing := store.list(model):
            store.delete(existing[number % len(existing)])

    return run


def roll_back(operation: Operation) -> Operation:
    def interrupt(store: Store) -> None:
        with store.transaction():
            operation(store)
            raise InterruptedError

    def run(store: Store) -> None:
        with pytest.raises(InterruptedError):
            interrupt(store)

    return run


numbers, keys = st.integers(0, 40), st.sampled_from(KEYS)
models = st.sampled_from([Case, Case, Case, Project])
creations = st.builds(create, keys, statuses, case_fields)
writes = (
    creations
    | st.builds(update, numbers, case_fields | statuses)
    | st.builds(move, numbers, keys)
    | st.builds(delete, models, numbers)
)
operations = writes | st.builds(roll_back, writes)

SEARCHED = ("title", "description", "key", "status", "status_group", "priority", "project", "type")
PEOPLE = ("assignee", "creator")
fields = st.sampled_from(
    ["", *(f"{name}:" for name in (*SEARCHED, *PEOPLE, "archived", "env", "nonsense"))]
)
values = st.sampled_from(["*", "OPEN", "closed", "p1", "P*", "sec", "SEC-1", "true", "a*", "*s*e"])
terms = st.builds(
    "{}{}".format,
    fields,
    values | texts.map(lambda text: '"' + text.replace('"', "") + '"'),
)
ranges = st.builds(
    "{}[{} TO {}]".format,
    st.sampled_from(["created_at:", "title:", ""]),
    *[st.sampled_from([*TIMES, "*"])] * 2,
)
filters = st.recursive(
    terms | ranges,
    lambda inner: (
        st.builds("-({})".format, inner)
        | st.builds("NOT ({})".format, inner)
        | st.builds("({}) OR ({})".format, inner, inner)
        | st.builds("({}) {}".format, inner, inner)
    ),
    max_leaves=4,
) | st.just("")


def get(store: Store, path: str, **query: str) -> dict[str, Any]:
    params = {name.replace("__", "[", 1) + "]" * ("__" in name): query[name] for name in query}
    response = registry.HANDLERS["GET", path](ApiRequest(store, "GET", path, {}, params, b"", 0))
    assert isinstance(response.body, dict)
    return response.body


def selected_by_each_case(store: Store, text: str) -> list[Case]:
    return [
        case
        for case in store.list(Case)
        if matcher(store, case)(text) and ("archived:" in text.lower() or not case.archived_at)
    ]


@STEADY
@given(
    st.lists(creations, max_size=40),
    st.lists(st.tuples(st.lists(operations, max_size=3), filters), max_size=6),
)
def test_search_and_counts_agree_with_each_case(
    first: list[Operation], steps: list[tuple[list[Operation], str]]
) -> None:
    store = Store(MEMORY, registry.SEEDS)
    with store.transaction():
        for create_case in first:
            create_case(store)
    for changes, text in steps:
        for change in changes:
            with store.transaction():
                change(store)
        expected = selected_by_each_case(store, text)
        assert matching(store, text).oldest_first() == expected

        pages = [
            get(
                store, "/cases", filter=text, sort__field="priority", page__size="3", page__number=n
            )
            for n in "123"
        ]
        by_priority = sorted(
            expected, key=lambda case: PRIORITIES.index(case.priority), reverse=True
        )
        assert [case["id"] for page in pages for case in page["data"]] == [
            case.id for case in by_priority[:9]
        ]
        assert {page["meta"]["total_cases"] for page in pages} == {len(expected)}

        counted = get(store, "/cases/count", query_filter=text, group_bys="project,env,title")
        by_group = {
            group["group"]: {each["value"]: each["count"] for each in group["group_values"]}
            for group in counted["data"]["attributes"]["groups"]
        }
        titles = [{case.title, *case.attributes.get("title", [])} for case in expected]
        assert by_group == {
            "project": Counter(case.project_id for case in expected),
            "env": Counter(env for case in expected for env in {*case.attributes.get("env", [])}),
            "title": Counter(title for each in titles for title in each),
        }
    store.close()


def test_search_sees_committed_changes_only() -> None:
    store = Store(MEMORY, registry.SEEDS)
    with store.transaction():
        create("SEC", {"title": "Kept"}, {"type_id": STANDARD.id, "status_name": "Open"})(store)

    def found(text: str) -> int:
        return len(matching(store, text).numbers)

    def rename_and_search(store: Store) -> None:
        update(0, {"title": "Renamed"})(store)
        assert found("renamed") == 1

    assert found("kept") == 1
    roll_back(rename_and_search)(store)
    assert (found("kept"), found("renamed")) == (1, 0)
    with store.transaction():
        update(0, {"title": "Renamed"})(store)
    assert (found("kept"), found("renamed")) == (0, 1)
    store.close()


@STEADY
@given(st.text("aA*?[]!ßİ\0", max_size=5), st.lists(st.text("aA?[]!ßİ\0 ", max_size=5), max_size=3))
def test_terms_match_like_wildcards(pattern: str, names: list[str]) -> None:
    quoted = pattern.lower().replace("[", "[[]").replace("?", "[?]")

    def passes(name: str) -> bool:
        selected = case_filter.parse(f'{name}"{pattern}"')(
            lambda _field, test, _numbers: (
                {0} if names and test(case_filter.joined(names)) else set()
            ),
            {0},
        )
        return bool(selected)

    assert passes("title:") == any(fnmatchcase(each.lower(), quoted) for each in names)
    assert passes("") == any(fnmatchcase(each.lower(), f"*{quoted}*") for each in names)
