from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
from datadog_api_client.v2.api.case_management_api import CaseManagementApi
from datadog_api_client.v2.model.case_comment_request import CaseCommentRequest
from datadog_api_client.v2.model.case_insights_request import CaseInsightsRequest
from datadog_api_client.v2.model.case_link_create_request import CaseLinkCreateRequest
from datadog_api_client.v2.model.case_update_comment_request import CaseUpdateCommentRequest

Body: TypeAlias = Callable[[type[Any], object], Any]
Make: TypeAlias = Callable[..., Any]


BELA = "5a9d0c00-0000-4000-8000-000000000002"
CLEO = "5a9d0c00-0000-4000-8000-000000000003"
INCIDENT = "67d80aa3-36ff-44b9-a694-c501a7591737"


def comment(text: str) -> dict[str, object]:
    return {"type": "case", "attributes": {"comment": text}}


@pytest.fixture
def make_comment(cases: CaseManagementApi, body: Body, case_id: str) -> Make:
    """Return a function that adds a comment and returns its cell, as in `make_comment("x")`."""

    def made(text: str) -> Any:  # noqa: ANN401 - the client's own type
        (cell,) = cases.comment_case(case_id, body(CaseCommentRequest, comment(text))).data
        return cell

    return made


def test_comment_case(make_comment: Make) -> None:
    cell = make_comment("Grüße")
    assert (str(cell.type), str(cell.attributes.type)) == ("timeline_cell", "COMMENT")
    assert cell.attributes.cell_content.message == "Grüße"
    assert cell.attributes.author.content.name == "CI Account"
    assert cell.attributes.created_at.tzinfo is not None


def test_update_case_comment(
    cases: CaseManagementApi, body: Body, make_comment: Make, case_id: str
) -> None:
    request = body(CaseUpdateCommentRequest, comment("y"))
    cases.update_case_comment(case_id, make_comment("x").id, request)
    (cell,) = cases.list_case_timeline(case_id).data
    assert cell.attributes.cell_content.message == "y"
    assert cell.attributes.modified_at > cell.attributes.created_at


def test_delete_case_comment(cases: CaseManagementApi, make_comment: Make, case_id: str) -> None:
    gone, left = make_comment("x"), make_comment("y")
    cases.delete_case_comment(case_id, gone.id)
    assert [cell.id for cell in cases.list_case_timeline(case_id).data] == [left.id]


def test_list_case_timeline(cases: CaseManagementApi, make_comment: Make, case_id: str) -> None:
    first, second, third = (make_comment(text).id for text in "abc")
    newest_first = cases.list_case_timeline(case_id, page_size=2).data
    assert [cell.id for cell in newest_first] == [third, second]
    page = cases.list_case_timeline(case_id, page_size=2, page_number=1, sort_ascending=True).data
    assert [cell.id for cell in page] == [third]
    assert first not in {cell.id for cell in page}


def test_watch_case(cases: CaseManagementApi, case_id: str) -> None:
    cases.watch_case(case_id, BELA)
    (watcher,) = cases.list_case_watchers(case_id).data
    assert watcher.relationships.user.data.id == BELA


def test_list_case_watchers(cases: CaseManagementApi, case_id: str) -> None:
    for user in (BELA, CLEO):
        cases.watch_case(case_id, user)
    watchers = cases.list_case_watchers(case_id).data
    assert [str(watcher.type) for watcher in watchers] == ["watcher", "watcher"]
    assert [watcher.relationships.user.data.id for watcher in watchers] == [BELA, CLEO]


def test_unwatch_case(cases: CaseManagementApi, case_id: str) -> None:
    for user in (BELA, CLEO):
        cases.watch_case(case_id, user)
    cases.unwatch_case(case_id, BELA)
    (watcher,) = cases.list_case_watchers(case_id).data
    assert watcher.relationships.user.data.id == CLEO


@pytest.fixture
def insights(body: Body) -> Make:
    """A function that builds a request with monitors as insights, as in `insights("1", "2")`."""

    def made(*monitors: str) -> Any:  # noqa: ANN401 - the client's own type
        named = [
            {"type": "MONITOR", "ref": f"/monitors/{each}", "resource_id": each}
            for each in monitors
        ]
        return body(CaseInsightsRequest, {"type": "case", "attributes": {"insights": named}})

    return made


def test_add_case_insights(cases: CaseManagementApi, insights: Make, case_id: str) -> None:
    attributes = cases.add_case_insights(case_id, insights("1", "2")).data.attributes
    first, second = attributes["insights"]  # the client's model has no such attribute
    assert first == {"type": "MONITOR", "ref": "/monitors/1", "resource_id": "1"}
    assert second["resource_id"] == "2"


def test_remove_case_insights(cases: CaseManagementApi, insights: Make, case_id: str) -> None:
    cases.add_case_insights(case_id, insights("1", "2"))
    attributes = cases.remove_case_insights(case_id, insights("1")).data.attributes
    assert [insight["resource_id"] for insight in attributes["insights"]] == ["2"]


@pytest.fixture
def make_link(cases: CaseManagementApi, body: Body, case_id: str) -> Make:
    """Return a function that links an incident to the case, as in `make_link("CAUSES")`.

    That function returns the link.
    """

    def made(relationship: str) -> Any:  # noqa: ANN401 - the client's own type
        attributes = {
            "parent_entity_type": "INCIDENT",
            "parent_entity_id": INCIDENT,
            "child_entity_type": "CASE",
            "child_entity_id": case_id,
            "relationship": relationship,
        }
        request = body(CaseLinkCreateRequest, {"type": "link", "attributes": attributes})
        return cases.create_case_link(request).data

    return made


def test_create_case_link(make_link: Make, case_id: str) -> None:
    link = make_link("CAUSES")
    attributes = link.attributes
    assert (str(link.type), attributes.relationship) == ("link", "CAUSES")
    assert (attributes.parent_entity_type, attributes.parent_entity_id) == ("INCIDENT", INCIDENT)
    assert (attributes.child_entity_type, attributes.child_entity_id) == ("CASE", case_id)


def test_list_case_links(cases: CaseManagementApi, make_link: Make, case_id: str) -> None:
    causes, relates = make_link("CAUSES"), make_link("RELATES_TO")
    assert cases.list_case_links("CASE", case_id).data == [causes, relates]
    assert cases.list_case_links("INCIDENT", INCIDENT, relationship="CAUSES").data == [causes]


def test_delete_case_link(cases: CaseManagementApi, make_link: Make, case_id: str) -> None:
    gone, left = make_link("CAUSES"), make_link("RELATES_TO")
    cases.delete_case_link(gone.id)
    assert cases.list_case_links("CASE", case_id).data == [left]
