"""JSON:API documents, pagination, and ids in paths."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from pulumi_datadog_cases.api import (
    CaseItem,
    Client,
    InvalidResponse,
    Item,
    MaintenanceWindowItem,
    ProjectFavoriteItem,
)
from pulumi_datadog_cases.api.http.paths import path

if TYPE_CHECKING:
    from tests.api.conftest import Server


def test_item_keeps_undocumented_members() -> None:
    item = CaseItem.parse(
        {
            "id": "c",
            "type": "case",
            "attributes": {"title": "t", "merge_status": "NOT_MERGED"},
            "relationships": {"project": {"data": {"id": "p", "type": "project"}, "meta": {}}},
            "links": {},
        }
    )
    assert item.raw_attributes == {"title": "t", "merge_status": "NOT_MERGED"}
    assert item.raw_relationships["project"] == {"data": {"id": "p", "type": "project"}, "meta": {}}


def test_values_contain_relationship_ids_under_both_names() -> None:
    item = MaintenanceWindowItem(
        "w",
        "x",
        {"created_by": "attribute"},
        {
            "project": {"data": {"id": "p", "type": "project"}},
            "created_by": {"data": {"id": "relationship", "type": "user"}},
            "assignee": {"data": None},
            "nobody": {"data": {"type": "user"}},
            "modified_by": None,
            "member_user": {"data": [{"id": "u", "type": "user"}]},
        },
    )
    assert item.values() == {
        "project": "p",
        "project_id": "p",
        "created_by": "attribute",
        "created_by_id": "relationship",
    }


@pytest.mark.parametrize("unset", [{}, {"attributes": None, "relationships": None}])
def test_missing_and_null_members_are_equal(unset: dict[str, None]) -> None:
    assert (
        ProjectFavoriteItem.parse({"id": "f", "type": "project_favorite", **unset}).values() == {}
    )


GET: Callable[[Client], object] = lambda client: client.projects.get("p")  # noqa: E731 - a value in a table
LIST: Callable[[Client], object] = lambda client: client.projects.list()  # noqa: E731 - a value in a table
SEARCH: Callable[[Client], object] = lambda client: client.cases.search()  # noqa: E731 - a value in a table
COMMENT: Callable[[Client], object] = lambda client: client.cases.comment("k", "x")  # noqa: E731 - a value in a table


@pytest.mark.parametrize(
    ("call", "answer", "problem"),
    [
        (GET, None, "the body is empty"),
        (GET, {}, 'the body has no "data"'),
        (GET, {"data": []}, "data is a list, not an object"),
        (GET, {"data": None}, "data is missing or null, not an object"),
        (GET, {"data": {"type": "project"}}, "data.id is missing or null"),
        (GET, {"data": {"id": "", "type": "project"}}, "data.id is an empty string"),
        (GET, {"data": {"id": 7, "type": "project"}}, "data.id is a number"),
        (GET, {"data": {"id": "p"}}, "data.type is missing or null"),
        (GET, {"data": {"id": "p", "type": "t", "attributes": []}}, "data.attributes is a list"),
        (GET, {"data": {"id": "p", "type": "t", "relationships": "r"}}, "data.relationships is a"),
        (LIST, {"data": {"id": "p", "type": "project"}}, "data is an object, not a list"),
        (LIST, {"data": [{"id": "p", "type": "project"}, True]}, "data[1] is a boolean"),
        (SEARCH, {"meta": {}}, 'the body has no "data"'),
        (COMMENT, {"data": []}, "data lists 0 objects"),
    ],
)
def test_malformed_document_is_invalid_response(
    call: Callable[[Client], object],
    answer: object,
    problem: str,
    client: Client,
    server: "Server",
) -> None:
    server.answer(200, answer)
    with pytest.raises(InvalidResponse) as caught:
        call(client)
    assert problem in str(caught.value)
    assert f" on {server.url} " in str(caught.value)


def test_malformed_create_response_may_have_arrived(client: Client, server: "Server") -> None:
    server.answer(201, {"data": []})
    with pytest.raises(InvalidResponse, match="may have been carried out"):
        client.projects.create({})


@pytest.mark.parametrize("meta", [None, {}, {"page": []}, {"page": {"total": "3"}}, []])
def test_search_works_without_meta(meta: object, client: Client, server: "Server") -> None:
    server.answer(200, {"data": [], "meta": meta})
    page = client.cases.search()
    assert (page.items, page.pages, page.total) == ([], None, None)


@pytest.mark.parametrize(
    ("identifier", "segment"),
    [
        ("a/b", "a%2Fb"),
        ("../..", "..%2F.."),
        ("a?b=c#d", "a%3Fb%3Dc%23d"),
        ("%2e%2e", "%252e%252e"),
        ("é \n", "%C3%A9%20%0A"),
        ("...", "..."),
        ("{}", "%7B%7D"),
        ("SEC-1", "SEC-1"),
        ("favorites", "favorites"),
    ],
)
def test_id_is_encoded_as_one_segment(
    identifier: str, segment: str, client: Client, server: "Server"
) -> None:
    server.answer(200, {"data": {"id": "x", "type": "case"}})
    client.cases.get(identifier)
    assert server.seen[0].target == f"/api/v2/cases/{segment}"


@pytest.mark.parametrize(
    ("template", "identifier"),
    [
        *(("/cases/{}", name) for name in ["", ".", "..", "projects", "types", "count", "link"]),
        *(("/cases/{}/title", name) for name in ["bulk", "aggregate", "views"]),
        ("/cases/projects/{}", "favorites"),
        ("/cases/types/{}", "custom_attributes"),
        ("/cases/projects/p/rules/{}", ""),
    ],
)
def test_reserved_id_is_rejected(template: str, identifier: str) -> None:
    with pytest.raises(ValueError, match="cannot be an id"):
        path(template, identifier)


def test_second_id_is_checked_too(client: Client, server: "Server") -> None:
    with pytest.raises(ValueError, match="cannot be an id"):
        client.automation_rules.delete("p", "..")
    assert server.seen == []


def objects(*ids: str) -> dict[str, object]:
    return {"data": [{"id": identifier, "type": "x"} for identifier in ids]}


def test_search_reads_all_pages(client: Client, server: "Server") -> None:
    pages = {"page": {"total": 2}}
    server.answer(200, objects("a", "b") | {"meta": pages})
    server.answer(200, objects("b", "c") | {"meta": pages})
    assert [case.id for case in client.cases.iterate("status:open")] == ["a", "b", "c"]
    assert [seen.query["page[number]"] for seen in server.seen] == ["1", "2"]
    assert {seen.query["filter"] for seen in server.seen} == {"status:open"}


def test_timeline_ends_at_page_without_new_cells(client: Client, server: "Server") -> None:
    server.answer(200, objects("a"))
    server.answer(200, objects("b"))
    server.answer(200, objects())
    assert [cell.id for cell in client.cases.iterate_timeline("k")] == ["a", "b"]
    assert [seen.query["page[number]"] for seen in server.seen] == ["0", "1", "2"]


@pytest.mark.parametrize(
    "read",
    [
        lambda client: client.cases.iterate(),
        lambda client: client.cases.iterate_timeline("k"),
        lambda client: client.users.list(),
    ],
)
def test_ignored_page_number_ends_iteration(
    read: Callable[[Client], list[Item]], client: Client, server: "Server"
) -> None:
    ids = [str(number) for number in range(100)]
    server.answer(200, objects(*ids))
    assert [item.id for item in read(client)] == ids
    assert len(server.seen) == 2


def test_short_page_of_users_is_the_last(client: Client, server: "Server") -> None:
    server.answer(200, objects(*map(str, range(100))))
    server.answer(200, objects("last"))
    assert len(client.users.list()) == 101
    assert [seen.query for seen in server.seen] == [
        {"page[size]": "100", "page[number]": "0"},
        {"page[size]": "100", "page[number]": "1"},
    ]
