"""What holds for every page: it is up to date, safe, and there for everybody."""

from typing import TYPE_CHECKING, Literal, TypeAlias
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

if TYPE_CHECKING:
    from tests.browser.conftest import Board
    from tests.conftest import Organization

#: Ids by name; see the fixture.
Desk: TypeAlias = dict[str, str]

PAGES = (
    "/",
    "/board/cases/SEC-1",
    "/board/cases/SEC-9",  # is not there
    "/board/projects",
    "/board/rules",
    "/board/views",
    "/board/types",
    "/board/windows",
    "/board/requests",
)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

TAKE = "document.title = 'taken'"
HOSTILE = f"""\"'><img src=x onerror="{TAKE}"></textarea><script>{TAKE}</script>{{{{ 7*7 }}}}"""


# --- up to date ------------------------------------------------------------------------------


def test_a_page_follows_what_the_api_is_asked(
    page: Page, board: "Board", organization: "Organization", desk: Desk
) -> None:
    page.goto("/")
    page.get_by_label("Filter").fill("half written")
    status = {"type": "case", "attributes": {"status_name": "Closed"}}
    organization.call(f"POST /cases/{desk['case']}/status", status)
    expect(board.card("SEC-1", "Closed")).to_be_visible()
    expect(page.get_by_label("Filter")).to_have_value("half written")
    expect(page.get_by_label("Filter")).to_be_focused()


def test_requests_come_in_as_they_are_made(page: Page, organization: "Organization") -> None:
    page.goto("/board/requests")
    organization.call("GET /cases/projects")
    row = page.get_by_role("listitem").filter(has_text="/cases/projects")
    expect(row).to_have_count(1)
    data = {"type": "case_type", "attributes": {"name": "Intrusion"}}
    organization.call("POST /cases/types", data)
    page.get_by_text("/cases/types").click()
    organization.call("GET /cases/projects")
    expect(row).to_have_count(2)
    expect(page.get_by_text('"name": "Intrusion"')).to_be_visible()  # opened by hand, and still


def test_a_page_follows_a_reset(page: Page, organization: "Organization", desk: Desk) -> None:
    page.goto(f"/board/cases/{desk['case']}")
    organization.reset()
    expect(page.get_by_role("heading", level=1)).to_contain_text("not found")


# --- safe ------------------------------------------------------------------------------------


def test_nothing_that_comes_from_outside_runs(
    page: Page, organization: "Organization", desk: Desk
) -> None:
    case, project = f"/cases/{desk['case']}", f"/cases/projects/{desk['project']}"
    organization.call(f"POST {case}/title", resource("case", title=HOSTILE))
    organization.call(f"POST {case}/description", resource("case", description=HOSTILE))
    organization.call(f"POST {case}/comment", resource("case", comment=HOSTILE))
    organization.call(f"POST {case}/attributes", resource("case", attributes={HOSTILE: [HOSTILE]}))
    organization.call(f"PATCH {project}", resource("project", name=HOSTILE))
    trigger = {"type": "STATUS_TRANSITIONED", "data": {"to_status_name": HOSTILE}}
    action = {"type": "EXECUTE_WORKFLOW", "data": {"handle": HOSTILE}}
    rule = resource("rule", name=HOSTILE, trigger=trigger, action=action)
    organization.call(f"POST {project}/rules", rule)
    for path, times in (("/", 2), ("/board/cases/SEC-1", 5), ("/board/rules", 4)):
        page.goto(path)
        assert page.get_by_text(HOSTILE).count() >= times
        assert page.locator("main :is(img, script)").count() == 0
        assert "taken" not in page.title().replace(HOSTILE, "")
    page.goto("/board/requests")
    assert page.locator("main :is(img, script)").count() == 0


def test_only_addresses_of_pages_are_links(
    page: Page, organization: "Organization", desk: Desk
) -> None:
    page.goto("/board/cases/SEC-1")
    for address, links in (("javascript:alert(1)", 0), ("https://example.com/runbook", 1)):
        value = resource("case", type="TEXT", is_multi=False, value=address)
        organization.call(f"POST /cases/{desk['case']}/custom_attributes/severity", value)
        expect(page.get_by_text(address, exact=True)).to_be_visible()
        expect(page.get_by_role("link", name=address)).to_have_count(links)


def test_pages_ask_their_own_host_alone_and_forbid_the_rest(
    page: Page, organization: "Organization", desk: Desk
) -> None:
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    for path in PAGES:
        response = page.goto(path, wait_until="networkidle")
        assert response is not None
        assert response.headers["content-security-policy"].startswith("default-src 'self'; ")
    assert hosts == {urlsplit(organization.settings.base_url).netloc}
    assert desk


# --- there for everybody ---------------------------------------------------------------------


def test_nothing_keeps_people_out(
    page: Page, organization: "Organization", desk: Desk, axe: str
) -> None:
    organization.call(f"POST /cases/{desk['other']}/archive", {"type": "case"})
    with pytest.raises(AssertionError, match="404"):
        organization.call("GET /cases/none")  # one in red
    found: dict[tuple[str, str], object] = {}
    for path in PAGES:
        page.goto(path)
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        page.evaluate(axe)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            for one in page.evaluate("axe.run()")["violations"]:
                found[path, scheme] = one["id"], [node["html"] for node in one["nodes"]]
    assert found == {}


@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_is_wider_than_its_window(page: Page, desk: Desk, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    wider: list[str] = []
    for path in PAGES:
        page.goto(path)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wider.append(path)
    assert wider == []
    assert desk


def test_without_scripts_all_is_read_and_forms_work(
    chromium: Browser, organization: "Organization", desk: Desk
) -> None:
    url = organization.settings.base_url
    with chromium.new_context(base_url=url, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto("/")
        expect(page.get_by_role("region", name="Open")).to_contain_text("Stolen laptop")
        page.get_by_label("Status of SEC-1").select_option("Closed")
        page.get_by_role("button", name="Move SEC-1").click()
        expect(page.get_by_role("region", name="Closed")).to_contain_text("Stolen laptop")
        page.goto("/board/cases/SEC-1")
        expect(page.get_by_role("main")).to_contain_text("Status changed from Open to Closed")
        organization.call(f"DELETE /cases/projects/{desk['project']}")
        page.get_by_role("button", name="Archive").click()
        told = f"The API responded with 404: no case has the id or key {desk['case']}"
        expect(page.get_by_role("main").get_by_role("alert")).to_have_text(told)
        for path in PAGES:
            page.goto(path)
            expect(page.get_by_role("heading", level=1)).to_be_visible()


def resource(kind: str, **attributes: object) -> dict[str, object]:
    return {"type": kind, "attributes": attributes}
