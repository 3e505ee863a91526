"""What the board shows, in a real browser."""

import re
from typing import TYPE_CHECKING, TypeAlias

import pytest
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from tests.browser.conftest import Board
    from tests.conftest import Organization

#: Ids by name; see the fixture.
Desk: TypeAlias = dict[str, str]


def test_a_fresh_sandbox_says_how_to_begin(page: Page, organization: "Organization") -> None:
    assert organization.journal() == []
    page.goto("/")
    expect(page.get_by_role("main")).to_contain_text("pulumi up")
    assert organization.journal() == []  # a look leaves no trace


def test_a_case_is_on_the_board_with_what_it_has(page: Page, board: "Board", desk: Desk) -> None:
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
    assert desk


def test_rules_are_told_in_words(page: Page, desk: Desk) -> None:
    page.goto("/board/rules")
    enrich = page.locator(f"#rule-{desk['rule']}")
    expect(enrich).to_contain_text(
        re.compile(r"a case is created\s*Then\s*runs the workflow enrich")
    )
    told = page.get_by_role("listitem").filter(has_text="Notification rule")
    for text in ("the status changes to Closed", "priority:P1", "notifies lead@example.com"):
        expect(told).to_contain_text(text)


def test_views_windows_types_and_projects_are_there(page: Page, board: "Board", desk: Desk) -> None:
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
    assert desk


def test_a_filter_that_is_none_is_told(page: Page, desk: Desk) -> None:
    page.goto("/?filter=(priority:P1")
    expect(page.get_by_role("alert").filter(has_text="parenthesis")).to_be_visible()
    assert desk


def test_the_requests_tell_why_one_was_refused(
    page: Page, organization: "Organization", desk: Desk
) -> None:
    data = {"type": "case", "attributes": {"priority": "P9"}}
    with pytest.raises(AssertionError, match="invalid priority"):
        organization.call(f"POST /cases/{desk['case']}/priority", data)
    page.goto("/board/requests?only=errors")
    refused = page.get_by_role("listitem").filter(has_text="/priority")
    expect(refused).to_contain_text("invalid priority P9. Must be one of")
    expect(refused).to_contain_text("SEC-1")  # the path has its id alone
    expect(page.get_by_text("/cases/types")).to_have_count(0)
    refused.get_by_text("/priority").click()
    expect(refused).to_contain_text('"priority": "P9"')
