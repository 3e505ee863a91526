"""Fixtures for tests of the board: a Chromium browser, and objects that the board shows.

The board is the name of the sandbox's web pages.
"""

import os
import shutil
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

if TYPE_CHECKING:
    from tests.conftest import Organization

#: An environment variable that is set in CI. Without Chromium, the tests fail if this variable is
#: set, and are skipped if it is not set.
REQUIRED = "REQUIRE_CHROMIUM"
NO_CHROMIUM = "there is no Chromium here: neither `chromium` nor `google-chrome` is on PATH"
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",  # Chromium requires this flag when it runs as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

STANDARD = "00000000-0000-0000-0000-000000000001"
BELA = "5a9d0c00-0000-4000-8000-000000000002"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run all tests of the board in one worker.

    While Playwright is active, asyncio regards Playwright's event loop as running. A test in the
    same worker would fail if it started another event loop.
    """
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A Chromium browser. It is closed before the tests of the next file start."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        (pytest.fail if os.environ.get(REQUIRED) else pytest.skip)(NO_CHROMIUM)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def organization(sandbox: "Organization") -> "Organization":
    """A reset sandbox. It is used even with `--live`, because Datadog has no board."""
    sandbox.reset()
    return sandbox


@pytest.fixture
def browser(chromium: Browser, organization: "Organization") -> Iterator[BrowserContext]:
    """A new browser profile with the sandbox as base URL.

    The test fails if a script on a page raises an error that the script does not catch.
    """
    with chromium.new_context(base_url=organization.settings.base_url) as context:
        errors: list[str] = []
        context.on("weberror", lambda error: errors.append(str(error.error)))
        yield context
        assert not errors


@pytest.fixture
def page(browser: BrowserContext) -> Page:
    return browser.new_page()


class Board:
    """The page that shows the cases in columns by status."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def column(self, status: str) -> Locator:
        return self.page.get_by_role("region", name=status)

    def card(self, key: str, status: str | None = None) -> Locator:
        """Find the card of a case in the column of `status`, or in all columns without `status`."""
        within = self.page if status is None else self.column(status)
        return within.get_by_role("listitem").filter(has_text=key)


@pytest.fixture
def board(page: Page) -> Board:
    return Board(page)


@pytest.fixture
def objects(organization: "Organization") -> dict[str, str]:
    """Create a project with objects of many types. Return the ids of some objects by name."""
    call = organization.call
    project = call("POST /cases/projects", resource("project", key="SEC", name="Security"))["id"]
    type_id = call("POST /cases/types", resource("case_type", name="Intrusion", emoji="🚨"))["id"]
    severity = resource(
        "custom_attribute", key="severity", display_name="Severity", type="TEXT", is_multi=False
    )
    call(f"POST /cases/types/{type_id}/custom_attributes", severity)
    rule = resource(
        "rule",
        name="Enrich",
        trigger={"type": "CASE_CREATED"},
        action={"type": "EXECUTE_WORKFLOW", "data": {"handle": "enrich"}},
    )
    rule_id = call(f"POST /cases/projects/{project}/rules", rule)["id"]
    notification = resource(
        "notification_rule",
        query="priority:P1",
        triggers=[{"type": "STATUS_TRANSITIONED", "data": {"to_status_name": "Closed"}}],
        recipients=[{"type": "EMAIL", "data": {"email": "lead@example.com"}}],
    )
    call(f"POST /cases/projects/{project}/notification_rules", notification)
    view = resource("view", name="Urgent", query="priority:P1", project_id=project)
    call("POST /cases/views", view)
    window = resource(
        "maintenance_window",
        name="Upgrade",
        query="project:SEC",
        start_at="2000-01-01T00:00:00Z",
        end_at="2001-01-01T00:00:00Z",
    )
    call("POST /maintenance_windows", window)
    case = resource(
        "case",
        title="Stolen laptop",
        type_id=type_id,
        priority="P1",
        description="In the train.",
        custom_attributes={"severity": {"type": "TEXT", "is_multi": False, "value": "critical"}},
    )
    in_project = {"project": {"data": {"id": project, "type": "project"}}}
    case_id = call("POST /cases", {**case, "relationships": in_project})["id"]
    other = resource("case", title="Second login", type_id=STANDARD)
    other_id = call("POST /cases", {**other, "relationships": in_project})["id"]
    call(f"POST /cases/{case_id}/assign", resource("case", assignee_id=BELA))
    call(f"POST /cases/{case_id}/due_date", resource("case", due_date="2001-02-03"))
    call(f"POST /cases/{case_id}/comment", resource("case", comment="Lock it."))
    call(f"POST /cases/{case_id}/watchers/{BELA}")
    insight = {"type": "MONITOR", "ref": "/monitors/7", "resource_id": "7"}
    call(f"PUT /cases/{case_id}/insights", resource("case", insights=[insight]))
    link = resource(
        "link",
        parent_entity_type="CASE",
        parent_entity_id=case_id,
        child_entity_type="CASE",
        child_entity_id=other_id,
        relationship="CAUSES",
    )
    call("POST /cases/link", link)
    return {"project": project, "rule": rule_id, "case": case_id, "other": other_id}


def resource(resource_type: str, **attributes: object) -> dict[str, object]:
    return {"type": resource_type, "attributes": attributes}


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe, which finds accessibility violations."""
    package = resources.files("axe_playwright_python")
    return (package / "axe.min.js").read_text(encoding="utf-8")
