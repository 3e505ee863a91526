"""Changes that a person makes on the board. Each change sends a request to the API."""

from typing import TYPE_CHECKING, Any, TypeAlias

import requests
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from tests.browser.conftest import Board
    from tests.conftest import Organization

#: The ids of objects that the fixture `objects` creates, by name.
Objects: TypeAlias = dict[str, str]


def attributes(organization: "Organization", case_id: str) -> dict[str, Any]:
    found: dict[str, Any] = organization.call(f"GET /cases/{case_id}")["attributes"]
    return found


def test_dragging_case_changes_status_through_api(
    page: Page, board: "Board", organization: "Organization", objects: Objects
) -> None:
    page.goto("/")
    board.card("SEC-1").drag_to(board.column("In Progress"))
    expect(board.card("SEC-1", "In Progress")).to_be_visible()
    assert attributes(organization, objects["case"])["status_name"] == "In Progress"
    moved = next(r for r in organization.request_log() if r["path"].endswith("/status"))
    assert (moved["method"], moved["status"]) == ("POST", 200)
    assert moved["body"] == {
        "data": {"type": "case", "attributes": {"status_name": "In Progress"}},
    }


def test_keyboard_moves_case_and_keeps_focus(
    page: Page, board: "Board", organization: "Organization", objects: Objects
) -> None:
    page.goto("/")
    page.get_by_label("Status of SEC-1").focus()
    page.keyboard.type("Cl")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(board.card("SEC-1", "Closed")).to_be_visible()
    expect(page.get_by_role("button", name="Move SEC-1")).to_be_focused()
    expect(page.get_by_role("status")).to_have_text("Moved SEC-1")
    assert attributes(organization, objects["case"])["status_name"] == "Closed"


def test_case_cannot_be_dropped_on_foreign_status(
    page: Page, board: "Board", organization: "Organization", objects: Objects
) -> None:
    change_request = "00000000-0000-0000-0000-000000000004"
    project = {"project": {"data": {"id": objects["project"], "type": "project"}}}
    values = {"title": "Change", "type_id": change_request}
    data = {"type": "case", "attributes": values, "relationships": project}
    organization.call("POST /cases", data)
    page.goto("/")
    board.card("SEC-1").drag_to(board.column("Approved"))
    board.card("SEC-3").drag_to(board.column("Approved"))
    expect(board.card("SEC-3", "Approved")).to_be_visible()
    expect(board.card("SEC-1", "Open")).to_be_visible()
    moves = [request for request in organization.request_lines() if request.endswith("/status")]
    assert len(moves) == 1  # a drop on a status that the case type lacks sends no request


def test_edits_title_priority_assignee_comments(
    page: Page, organization: "Organization", objects: Objects
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
    expect(page.get_by_role("paragraph").filter(has_text="under the seat.")).to_be_visible()
    expect(page.get_by_label("Comment", exact=True)).to_have_value("")
    changed = organization.stored(objects["case"])
    assert changed is not None
    assert (changed["title"], changed["priority"]) == ("Found laptop", "P4")
    assert changed["assignee_id"] is None
    comment = organization.call(f"GET /cases/{objects['case']}/timelines")[0]
    assert comment["attributes"]["cell_content"]["message"] == "It was\nunder the seat."


def test_archive_and_unarchive_case(
    page: Page, board: "Board", organization: "Organization", objects: Objects
) -> None:
    page.goto("/board/cases/SEC-1")
    page.get_by_role("button", name="Archive").click()
    expect(page.get_by_role("button", name="Unarchive")).to_be_visible()
    assert "archived_at" in attributes(organization, objects["case"])
    page.goto("/")
    expect(board.card("SEC-1")).to_contain_text("Archived")
    page.goto("/board/cases/SEC-1")
    page.get_by_role("button", name="Unarchive").click()
    expect(page.get_by_role("button", name="Archive SEC-1", exact=True)).to_be_visible()
    assert "archived_at" not in attributes(organization, objects["case"])


def test_disable_and_delete_rule(
    page: Page, organization: "Organization", objects: Objects
) -> None:
    path = f"/cases/projects/{objects['project']}/rules"
    page.goto("/board/rules")
    page.get_by_role("button", name="Disable Enrich").click()
    expect(page.get_by_role("button", name="Enable Enrich")).to_be_visible()
    assert organization.call(f"GET {path}")[0]["attributes"]["state"] == "DISABLED"
    page.get_by_role("button", name="Delete Enrich").click()
    expect(page.get_by_role("heading", name="Enrich")).to_have_count(0)
    expect(page.get_by_role("main")).to_be_focused()  # the focused button was deleted
    assert organization.call(f"GET {path}") == []


def test_failed_request_shows_error_and_keeps_input(
    page: Page, organization: "Organization", objects: Objects
) -> None:
    faults = f"{organization.settings.base_url}/sandbox/faults"
    page.goto(f"/board/cases/{objects['case']}")
    for fault, message in (
        ({"kind": "status", "status": 503, "count": 1}, "The API responded with 503"),
        # The fault has no `count`, because Chromium retries once after a closed connection.
        ({"kind": "drop_before"}, "No response: the connection was closed"),
    ):
        body = {**fault, "endpoint": "POST /cases/*/comment"}
        requests.post(faults, json=body, timeout=10).raise_for_status()
        page.get_by_label("Comment", exact=True).fill("Important")
        page.get_by_role("button", name="Comment", exact=True).click()
        expect(page.get_by_role("alert")).to_have_text(message)
        expect(page.get_by_label("Comment", exact=True)).to_have_value("Important")


def test_forms_of_other_sites_are_rejected(organization: "Organization", objects: Objects) -> None:
    form = f"{organization.settings.base_url}/board/api/v2/cases/{objects['case']}/title"
    fields = {"type": "case", "title": "taken"}
    sent = requests.post(form, fields, headers={"Sec-Fetch-Site": "cross-site"}, timeout=10)
    assert sent.status_code == requests.codes.forbidden
    assert attributes(organization, objects["case"])["title"] == "Stolen laptop"
