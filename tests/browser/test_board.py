"""The contents of the board's pages, in a browser."""

import re
from typing import TYPE_CHECKING, TypeAlias

import pytest
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from tests.browser.conftest import Board
    from tests.conftest import Organization

#: The ids of objects that the fixture `objects` creates, by name.
Objects: TypeAlias = dict[str, str]


def test_empty_board_explains_first_steps(page: Page, organization: "Organization") -> None:
    assert organization.request_log() == []
    page.goto("/")
    expect(page.get_by_role("main")).to_contain_text("pulumi up")
    assert organization.request_log() == []  # requests for pages are not logged


def test_board_shows_case_and_its_objects(page: Page, board: "Board", objects: Objects) -> None:
    page.goto("/")
    shown = board.card("SEC-1", "Open")
    for text in ("Stolen laptop", "P1", "severity critical", "Bela Backend", "Overdue: 3 Feb 2001"):
        expect(shown).to_contain_text(text)
    shown.get_by_role("link", name="Stolen laptop").click()
    for text in ("In the train.", "Lock it.", "runs the workflow enrich", "/monitors/7"):
        expect(page.get_by_role("main")).to_contain_text(text)
    facts = page.get_by_role("complementary", name="Properties")
    expect(facts).to_contain_text("causes SEC-2 Second login")
    expect(facts.get_by_role("listitem").filter(has_text="Bela Backend")).to_be_visible()
    assert objects


def test_rules_page_describes_rules(page: Page, objects: Objects) -> None:
    page.goto("/board/rules")
    enrich = page.locator(f"#rule-{objects['rule']}")
    expect(enrich).to_contain_text(
        re.compile(r"a case is created\s*Then\s*runs the workflow enrich")
    )
    rule = page.get_by_role("listitem").filter(has_text="Notification rule")
    for text in ("the status changes to Closed", "priority:P1", "notifies lead@example.com"):
        expect(rule).to_contain_text(text)


def test_pages_show_views_windows_types_projects(
    page: Page, board: "Board", objects: Objects
) -> None:
    page.goto("/board/windows")
    expect(page.get_by_role("main")).to_contain_text("Upgrade Over")
    page.goto("/board/types")
    intrusion = page.get_by_role("region", name="Intrusion")
    expect(intrusion).to_contain_text("Severity severity")
    page.goto("/board/projects")
    expect(page.get_by_role("region", name="Security")).to_contain_text("2 cases")
    page.goto("/board/views")
    page.get_by_role("link", name="Urgent").click()
    expect(board.card("SEC-1")).to_be_visible()
    expect(board.card("SEC-2")).to_have_count(0)
    assert objects


def test_invalid_filter_shows_error(page: Page, objects: Objects) -> None:
    page.goto("/?filter=(priority:P1")
    expect(page.get_by_role("alert").filter(has_text="parenthesis")).to_be_visible()
    assert objects


def test_requests_page_shows_error_reason(
    page: Page, organization: "Organization", objects: Objects
) -> None:
    data = {"type": "case", "attributes": {"priority": "P9"}}
    with pytest.raises(AssertionError, match="invalid priority"):
        organization.call(f"POST /cases/{objects['case']}/priority", data)
    page.goto("/board/requests?only=errors")
    row = page.get_by_role("listitem").filter(has_text="/priority")
    expect(row).to_contain_text("invalid priority P9. Must be one of")
    expect(row).to_contain_text("SEC-1")  # the path contains the id, and the page adds the key
    expect(page.get_by_text("/cases/types")).to_have_count(0)
    row.get_by_text("/priority").click()
    expect(row).to_contain_text('"priority": "P9"')


def test_rules_page_simulates_event(
    page: Page, organization: "Organization", objects: Objects
) -> None:
    page.goto("/board/rules")
    page.get_by_text("Describe an event").click()
    form = page.locator("#event")
    form.get_by_label("Event").select_option("status_transitioned")
    form.get_by_label("Project").select_option("SEC")
    form.get_by_label("Priority").select_option("P1")
    form.get_by_label(re.compile(r"^To\b")).fill('["Gone"]')
    form.get_by_role("button", name="Show rules").click()
    expect(page.get_by_role("alert")).to_contain_text("to: invalid status_name Gone")
    form.get_by_label(re.compile(r"^To\b")).fill('["Closed"]')
    form.get_by_role("button", name="Show rules").click()
    answer = page.get_by_role("region", name="What would an event trigger?")
    expect(answer).to_contain_text("Notification rule notifies lead@example.com")
    expect(answer).to_contain_text("Enrich does not fire: triggers on CASE_CREATED")
    disabled = {"type": "notification_rule", "attributes": {"is_enabled": False}}
    path = f"/cases/projects/{objects['project']}/notification_rules"
    rule = organization.call(f"GET {path}")[0]["id"]
    organization.call(f"PUT {path}/{rule}", disabled)
    expect(answer).to_contain_text("Notification rule does not fire: the rule is disabled")
