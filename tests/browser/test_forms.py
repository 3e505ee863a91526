"""Forms that create and change objects. Their fields come from the models of the API's requests."""

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import pytest
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from tests.browser.conftest import Board
    from tests.conftest import Organization

#: The ids of objects that the fixture `objects` creates, by name.
Objects: TypeAlias = dict[str, str]

#: The id of the user Bela Backend.
ASSIGNEE = "5a9d0c00-0000-4000-8000-000000000002"

RULES = "/cases/projects/{project}/rules"
NOTIFICATION_RULES = "/cases/projects/{project}/notification_rules"
VIEWS = "/cases/views?project_id={project}"
WINDOWS = "/maintenance_windows"
PROJECTS = "/cases/projects"
TYPES = "/cases/types"


def test_creates_case_with_given_values(
    page: Page, board: "Board", organization: "Organization", objects: Objects
) -> None:
    page.goto("/")
    page.get_by_text("New case").click()
    form = page.locator("#new-case")
    form.get_by_label("Title").fill("Lost badge")
    form.get_by_label("Type id").select_option("🚨 Intrusion")
    form.get_by_label("Priority").select_option("P2")
    form.get_by_label("Status name").select_option("In Progress")
    form.get_by_label("Assignee").select_option("Bela Backend")
    form.get_by_label("Custom attributes").fill('{"severity": "high"}')
    form.get_by_role("button", name="Create case").click()
    expect(form.get_by_role("alert")).to_contain_text("The API responded with 400: data.attributes")
    severity = '{"severity": {"type": "TEXT", "is_multi": false, "value": "high"}}'
    form.get_by_label("Custom attributes").fill(severity)  # the other fields keep their values
    form.get_by_role("button", name="Create case").click()
    expect(board.card("SEC-3", "In Progress")).to_contain_text("severity high")
    expect(form.get_by_role("alert")).to_have_count(0)
    created = organization.stored("SEC-3")
    assert created is not None
    assert (created["title"], created["priority"]) == ("Lost badge", "P2")
    assert (created["project_id"], created["assignee_id"]) == (objects["project"], ASSIGNEE)
    assert created["description"] == ""


def test_edits_labels_due_date_custom_attribute(
    page: Page, organization: "Organization", objects: Objects
) -> None:
    page.goto("/board/cases/SEC-1")
    page.get_by_text("Edit labels").click()
    form = page.locator("#edit-labels")
    form.get_by_role("textbox").fill("{env}")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("alert")).to_contain_text("attributes: is not valid JSON: ")
    title = {"type": "case", "attributes": {"title": "Found laptop"}}
    organization.call(f"POST /cases/{objects['case']}/title", title)
    expect(page.get_by_role("heading", level=1)).to_have_text("Found laptop")
    # The live update keeps the error and the input.
    expect(form.get_by_role("alert")).to_be_visible()
    expect(form.get_by_role("textbox")).to_have_value("{env}")
    form.get_by_role("textbox").fill('{"env": ["prod", "eu"]}')
    form.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_have_text("Changed the labels")
    page.get_by_text("Edit Severity").click()
    page.get_by_label("Severity", exact=True).fill("low")
    page.get_by_role("button", name="Save Severity").click()
    expect(page.get_by_role("status")).to_have_text("Changed Severity")
    page.get_by_label("Due date").fill("2030-02-01")
    page.get_by_role("button", name="Set Due date").click()
    expect(page.get_by_role("status")).to_have_text("Changed the due date")
    changed = organization.stored(objects["case"])
    assert changed is not None
    assert changed["attributes"] == {"env": ["prod", "eu"]}
    assert changed["custom_attributes"]["severity"]["value"] == "low"
    assert changed["due_date"] == "2030-02-01"
    page.get_by_role("button", name="Clear Due date").click()
    expect(page.get_by_role("status")).to_have_text("Cleared the due date")
    changed = organization.stored(objects["case"])
    assert changed is not None
    assert changed["due_date"] is None


def test_adds_watcher_and_link_and_deletes_insight(
    page: Page, organization: "Organization", objects: Objects
) -> None:
    page.goto("/board/cases/SEC-1")
    page.get_by_text("New watcher").click()
    page.get_by_label("Watcher", exact=True).select_option("Cleo Cloud")
    page.get_by_role("button", name="Add watcher").click()
    expect(page.get_by_role("button", name="Remove watcher Cleo Cloud")).to_be_visible()
    assert len(organization.call(f"GET /cases/{objects['case']}/watchers")) == 2
    page.get_by_text("New link", exact=True).click()
    form = page.locator("#new-link")
    form.get_by_label("Child entity type").select_option("CASE")
    form.get_by_label("Child entity id").fill(objects["other"])
    form.get_by_label("Relationship").select_option("BLOCKS")
    form.get_by_role("button", name="Create link").click()
    expect(page.get_by_text("blocks SEC-2 Second login")).to_be_visible()
    page.get_by_role("button", name="Delete insight 7").click()
    expect(page.get_by_role("status")).to_have_text("Deleted the insight")
    stored = organization.stored(objects["case"])
    assert stored is not None
    assert stored["insights"] == []


def test_switches_and_edits_notification_rule(
    page: Page, organization: "Organization", objects: Objects
) -> None:
    path = f"GET /cases/projects/{objects['project']}/notification_rules"
    page.goto("/board/rules")
    page.get_by_role("button", name="Disable notification rule").click()
    expect(page.get_by_role("button", name="Enable notification rule")).to_be_visible()
    before = organization.call(path)[0]["attributes"]
    assert before["is_enabled"] is False
    rule = page.get_by_role("listitem").filter(has_text="Notification rule")
    rule.get_by_text("Edit").click()
    rule.get_by_label("Triggers").fill('[{"type": "FULL_MOON"}]')
    rule.get_by_role("button", name="Save").click()
    expect(rule.get_by_role("alert")).to_contain_text("400: data.attributes.triggers.0.type: ")
    rule.get_by_label("Triggers").fill('[{"type": "CASE_CREATED"}]')
    rule.get_by_label("Query").fill("")
    rule.get_by_role("button", name="Save").click()
    expect(rule).to_contain_text("a case is created")
    triggers = [{"type": "CASE_CREATED"}]
    after = organization.call(path)[0]["attributes"]
    assert after == {**before, "triggers": triggers, "query": ""}


class Renaming(NamedTuple):
    """An object on a page, and the path that lists it."""

    page: str
    name: str
    path: str


@pytest.mark.parametrize(
    "renaming",
    [
        Renaming("rules", "Enrich", RULES),
        Renaming("views", "Urgent", VIEWS),
        Renaming("windows", "Upgrade", WINDOWS),
        Renaming("projects", "Security", PROJECTS),
    ],
)
def test_renames_object_and_keeps_other_values(
    page: Page, organization: "Organization", objects: Objects, renaming: Renaming
) -> None:
    def read() -> dict[str, Any]:
        found: dict[str, Any] = organization.call(f"GET {renaming.path.format_map(objects)}")[0]
        return {**found["attributes"], "modified_at": None, "updated_by": None}

    before = read()
    page.goto(f"/board/{renaming.page}")
    page.locator("summary").filter(has_text=f"Edit {renaming.name}").click()
    form = page.locator("details[open]")
    form.get_by_label("Name").fill("Renamed")
    form.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_have_text("Changed Renamed")
    assert read() == {**before, "name": "Renamed"}


class Creation(NamedTuple):
    """The values of a new object on a page, and the path that lists it."""

    page: str
    noun: str
    path: str
    values: dict[str, str]


INTERVAL = {"start_at": "2030-01-01T00:00:00Z", "end_at": "2030-01-02T00:00:00Z"}


@pytest.mark.parametrize(
    "creation",
    [
        Creation("rules", "automation rule", RULES, {"name": "New"}),
        Creation("rules", "notification rule", NOTIFICATION_RULES, {"query": "priority:P1"}),
        Creation("views", "view", VIEWS, {"name": "New", "query": "priority:P1"}),
        Creation("windows", "maintenance window", WINDOWS, {"name": "N", "query": "*", **INTERVAL}),
        Creation("projects", "project", PROJECTS, {"key": "NEW", "name": "New"}),
        Creation("types", "case type", TYPES, {"name": "New", "emoji": "🐞"}),
    ],
)
def test_creates_object(
    page: Page, organization: "Organization", objects: Objects, creation: Creation
) -> None:
    path = f"GET {creation.path.format_map(objects)}"
    before = organization.call(path)
    page.goto(f"/board/{creation.page}")
    page.locator("summary").filter(has_text=f"New {creation.noun}").click()
    form = page.locator("details[open]")
    for name, value in creation.values.items():
        form.get_by_label(name.replace("_", " ").capitalize()).fill(value)
    form.get_by_role("button", name="Create").click()
    expect(page.get_by_role("status")).to_have_text(f"Created the {creation.noun}")
    (created,) = [each for each in organization.call(path) if each not in before]
    assert created["attributes"].items() >= creation.values.items()
