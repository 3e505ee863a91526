"""The page on which people switch faults and quirks on and off."""

from typing import TYPE_CHECKING, Any

import pytest
import requests
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from tests.conftest import Organization


def active(organization: "Organization", path: str) -> list[dict[str, Any]]:
    response = requests.get(f"{organization.settings.base_url}/sandbox/{path}", timeout=10)
    found: list[dict[str, Any]] = response.json()
    return found


def test_switches_fault_on_and_off(page: Page, organization: "Organization") -> None:
    page.goto("/board/behaviours")
    kind = page.locator("#fault-kind-status")
    expect(kind).to_contain_text("Sends a response in place of the API")
    kind.locator("summary").click()
    kind.get_by_label("Endpoint").fill("GET /cases/projects")
    kind.get_by_label("Status").fill("42")
    kind.get_by_role("button", name="Switch on").click()
    message = "The sandbox responded with 400: status: Input should be greater than"
    expect(kind.get_by_role("alert")).to_contain_text(message)
    kind.get_by_label("Status").fill("404")
    kind.get_by_role("button", name="Switch on").click()
    expect(kind).to_contain_text("applied to 0 requests")
    requests.post(
        f"{organization.settings.base_url}/sandbox/faults",
        json={"kind": "drop_before", "endpoint": "GET /users"},
        timeout=10,
    )
    with pytest.raises(AssertionError, match="404"):
        organization.call("GET /cases/projects")
    expect(kind).to_contain_text("applied to 1 request")
    kind.get_by_role("button", name="Switch off").click()
    expect(page.get_by_role("status")).to_have_text("Switched off status")
    assert organization.call("GET /cases/projects") == []
    assert [each["kind"] for each in active(organization, "faults")] == ["drop_before"]


def test_switches_quirk_on_and_off(page: Page, organization: "Organization") -> None:
    page.goto("/board/behaviours")
    kind = page.locator("#quirk-kind-reorder_lists")
    expect(kind).to_contain_text("The API sorts each list that it stores")
    kind.locator("summary").click()
    kind.get_by_label("Descending").select_option("true")
    kind.get_by_role("button", name="Switch on").click()
    expect(kind).to_contain_text("descending true")
    (quirk,) = active(organization, "quirks")
    assert (quirk["kind"], quirk["descending"]) == ("reorder_lists", True)
    kind.get_by_role("button", name="Switch off").click()
    expect(page.get_by_role("status")).to_have_text("Switched off reorder_lists")
    assert active(organization, "quirks") == []
