"""What is changed by hand on the board, and how it gets to the API."""

from typing import TYPE_CHECKING, Any, TypeAlias

import requests
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from tests.browser.conftest import Board
    from tests.conftest import Organization

#: Ids by name; see the fixture.
Desk: TypeAlias = dict[str, str]


def attributes(organization: "Organization", case_id: str) -> dict[str, Any]:
    found: dict[str, Any] = organization.call(f"GET /cases/{case_id}")["attributes"]
    return found


def test_a_dragged_case_changes_its_status_through_the_api(
    page: Page, board: "Board", organization: "Organization", desk: Desk
) -> None:
    page.goto("/")
    board.card("SEC-1").drag_to(board.column("In Progress"))
    expect(board.card("SEC-1", "In Progress")).to_be_visible()
    assert attributes(organization, desk["case"])["status_name"] == "In Progress"
    moved = next(r for r in organization.journal() if r["path"].endswith("/status"))
    assert (moved["method"], moved["status"]) == ("POST", 200)
    assert moved["body"] == {
        "data": {"type": "case", "attributes": {"status_name": "In Progress"}},
    }


def test_the_keyboard_moves_a_case_and_stays_with_it(
    page: Page, board: "Board", organization: "Organization", desk: Desk
) -> None:
    page.goto("/")
    page.get_by_label("Status of SEC-1").focus()
    page.keyboard.type("Cl")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(board.card("SEC-1", "Closed")).to_be_visible()
    expect(page.get_by_role("button", name="Move SEC-1")).to_be_focused()
    expect(page.get_by_role("status")).to_have_text("Moved SEC-1")
    assert attributes(organization, desk["case"])["status_name"] == "Closed"


def test_a_case_cannot_be_dropped_on_a_status_it_cannot_have(
    page: Page, board: "Board", organization: "Organization", desk: Desk
) -> None:
    change_request = "00000000-0000-0000-0000-000000000004"
    project = {"project": {"data": {"id": desk["project"], "type": "project"}}}
    values = {"title": "Change", "type_id": change_request}
    data = {"type": "case", "attributes": values, "relationships": project}
    organization.call("POST /cases", data)
    page.goto("/")
    board.card("SEC-1").drag_to(board.column("Approved"))
    board.card("SEC-3").drag_to(board.column("Approved"))
    expect(board.card("SEC-3", "Approved")).to_be_visible()
    expect(board.card("SEC-1", "Open")).to_be_visible()
    asked = [one for one in organization.asked() if one.endswith("/status")]
    assert len(asked) == 1  # nothing that would be refused is even asked


def test_title_priority_assignee_and_comments_can_be_changed(
    page: Page, organization: "Organization", desk: Desk
) -> None:
    page.goto("/board/cases/SEC-1")
    page.get_by_text("Edit title").click()
    page.get_by_label("Title").fill("Found laptop")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Found laptop")
    page.get_by_label("Priority").select_option("P4")
    page.get_by_role("button", name="Set Priority").click()
    expect(page.get_by_role("status")).to_have_text("Changed the priority")
    page.get_by_role("button", name="Unassign").click()
    expect(page.get_by_label("Assignee")).to_have_value("")
    page.get_by_label("Comment", exact=True).fill("It was\nunder the seat.")
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.get_by_text("under the seat.")).to_be_visible()
    expect(page.get_by_label("Comment", exact=True)).to_have_value("")
    changed = organization.stored(desk["case"])
    assert changed is not None
    assert (changed["title"], changed["priority"]) == ("Found laptop", "P4")
    assert (changed["assignee_id"], changed["comment_count"]) == (None, 2)
    said = organization.call(f"GET /cases/{desk['case']}/timelines")[0]
    assert said["attributes"]["cell_content"]["message"] == "It was\nunder the seat."


def test_an_archived_case_is_still_there_and_can_come_back(
    page: Page, board: "Board", organization: "Organization", desk: Desk
) -> None:
    page.goto("/board/cases/SEC-1")
    page.get_by_role("button", name="Archive").click()
    expect(page.get_by_role("button", name="Unarchive")).to_be_visible()
    assert "archived_at" in attributes(organization, desk["case"])
    page.goto("/")
    expect(board.card("SEC-1")).to_contain_text("Archived")
    page.goto("/board/cases/SEC-1")
    page.get_by_role("button", name="Unarchive").click()
    expect(page.get_by_role("button", name="Archive SEC-1", exact=True)).to_be_visible()
    assert "archived_at" not in attributes(organization, desk["case"])


def test_a_rule_is_disabled_and_deleted(
    page: Page, organization: "Organization", desk: Desk
) -> None:
    path = f"/cases/projects/{desk['project']}/rules"
    page.goto("/board/rules")
    page.get_by_role("button", name="Disable Enrich").click()
    expect(page.get_by_role("button", name="Enable Enrich")).to_be_visible()
    assert organization.call(f"GET {path}")[0]["attributes"]["state"] == "DISABLED"
    page.get_by_role("button", name="Delete Enrich").click()
    expect(page.get_by_role("heading", name="Enrich")).to_have_count(0)
    expect(page.get_by_role("main")).to_be_focused()  # nothing else is left to be
    assert organization.call(f"GET {path}") == []


def test_a_refusal_is_told_and_what_was_written_stays(
    page: Page, organization: "Organization", desk: Desk
) -> None:
    faults = f"{organization.settings.base_url}/sandbox/faults"
    page.goto(f"/board/cases/{desk['case']}")
    for fault, told in (
        ({"kind": "status", "status": 503, "count": 1}, "The API responded with 503"),
        # Without a count: a Chromium whose connection is closed tries once more.
        ({"kind": "drop_before"}, "No response: the connection was closed"),
    ):
        struck = {**fault, "endpoint": "POST /cases/*/comment"}
        requests.post(faults, json=struck, timeout=10).raise_for_status()
        page.get_by_label("Comment", exact=True).fill("Important")
        page.get_by_role("button", name="Comment", exact=True).click()
        expect(page.get_by_role("alert")).to_have_text(told)
        expect(page.get_by_label("Comment", exact=True)).to_have_value("Important")


def test_no_other_site_can_change_anything(organization: "Organization", desk: Desk) -> None:
    form = f"{organization.settings.base_url}/board/api/v2/cases/{desk['case']}/title"
    fields = {"type": "case", "title": "taken"}
    sent = requests.post(form, fields, headers={"Sec-Fetch-Site": "cross-site"}, timeout=10)
    assert sent.status_code == requests.codes.forbidden
    assert attributes(organization, desk["case"])["title"] == "Stolen laptop"
