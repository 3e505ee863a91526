"""Rules for every page of the board: live updates, security and accessibility."""

from typing import TYPE_CHECKING, Literal, TypeAlias
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

if TYPE_CHECKING:
    from tests.browser.conftest import Board
    from tests.conftest import Organization

#: The ids of objects that the fixture `objects` creates, by name.
Objects: TypeAlias = dict[str, str]

PAGES = (
    "/",
    "/board/cases/SEC-1",
    "/board/cases/SEC-9",  # this case does not exist
    "/board/projects",
    "/board/rules",
    "/board/rules?event=case_created&project=SEC",
    "/board/views",
    "/board/types",
    "/board/windows",
    "/board/behaviours",
    "/board/requests",
)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

TAKE = "document.title = 'taken'"
HOSTILE = f"""\"'><img src=x onerror="{TAKE}"></textarea><script>{TAKE}</script>{{{{ 7*7 }}}}"""

MARKDOWN = """# Steps

- **Lock** it
- [runbook](https://example.com/runbook)

[attack](javascript:alert(1)) ![pixel](https://example.com/pixel.png) <b>raw</b>

| a | b |
|---|---|
| 1 | `2` |

> quoted

```
code
```
"""


# --- live updates ----------------------------------------------------------------------------


def test_page_updates_after_api_request(
    page: Page, board: "Board", organization: "Organization", objects: Objects
) -> None:
    page.goto("/")
    page.get_by_label("Filter").fill("half written")
    status = {"type": "case", "attributes": {"status_name": "Closed"}}
    organization.call(f"POST /cases/{objects['case']}/status", status)
    expect(board.card("SEC-1", "Closed")).to_be_visible()
    expect(page.get_by_label("Filter")).to_have_value("half written")
    expect(page.get_by_label("Filter")).to_be_focused()


def test_requests_page_updates_live(page: Page, organization: "Organization") -> None:
    page.goto("/board/requests")
    organization.call("GET /cases/projects")
    row = page.get_by_role("listitem").filter(has_text="/cases/projects")
    expect(row).to_have_count(1)
    data = {"type": "case_type", "attributes": {"name": "Intrusion"}}
    organization.call("POST /cases/types", data)
    page.get_by_text("/cases/types").click()
    organization.call("GET /cases/projects")
    expect(row).to_have_count(2)
    expect(page.get_by_text('"name": "Intrusion"')).to_be_visible()  # the details stay open


def test_page_updates_after_reset(
    page: Page, organization: "Organization", objects: Objects
) -> None:
    page.goto(f"/board/cases/{objects['case']}")
    organization.reset()
    expect(page.get_by_role("heading", level=1)).to_contain_text("not found")


# --- security --------------------------------------------------------------------------------


def test_untrusted_text_is_never_executed(
    page: Page, organization: "Organization", objects: Objects
) -> None:
    case, project = f"/cases/{objects['case']}", f"/cases/projects/{objects['project']}"
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


def test_markdown_is_rendered_safely(
    page: Page, organization: "Organization", objects: Objects
) -> None:
    case = f"/cases/{objects['case']}"
    organization.call(f"POST {case}/description", resource("case", description=MARKDOWN))
    organization.call(f"POST {case}/comment", resource("case", comment=MARKDOWN))
    page.goto("/board/cases/SEC-1")
    expect(page.locator("strong")).to_have_text(["Lock", "Lock"])
    expect(page.locator("main table")).to_have_count(2)
    expect(page.get_by_role("link", name="runbook")).to_have_count(2)
    expect(page.get_by_role("link", name="attack")).to_have_count(0)
    expect(page.get_by_text("<b>raw</b>")).to_have_count(4)  # two of them in the forms
    assert page.locator("main :is(img, b:text('raw'))").count() == 0
    expect(page.get_by_role("heading", name="Steps")).to_have_count(0)


def test_only_web_urls_are_links(
    page: Page, organization: "Organization", objects: Objects
) -> None:
    page.goto("/board/cases/SEC-1")
    for address, links in (("javascript:alert(1)", 0), ("https://example.com/runbook", 1)):
        value = resource("case", type="TEXT", is_multi=False, value=address)
        organization.call(f"POST /cases/{objects['case']}/custom_attributes/severity", value)
        expect(page.get_by_text(address, exact=True)).to_be_visible()
        expect(page.get_by_role("link", name=address)).to_have_count(links)


def test_pages_load_only_from_own_host(
    page: Page, organization: "Organization", objects: Objects
) -> None:
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    for path in PAGES:
        response = page.goto(path, wait_until="networkidle")
        assert response is not None
        assert response.headers["content-security-policy"].startswith("default-src 'self'; ")
    assert hosts == {urlsplit(organization.settings.base_url).netloc}
    assert objects


# --- accessibility ---------------------------------------------------------------------------


def test_pages_have_no_accessibility_violations(
    page: Page, organization: "Organization", objects: Objects, axe: str
) -> None:
    organization.call(f"POST /cases/{objects['other']}/archive", {"type": "case"})
    described = resource("case", description=MARKDOWN)
    organization.call(f"POST /cases/{objects['case']}/description", described)
    with pytest.raises(AssertionError, match="404"):
        organization.call("GET /cases/none")  # the page of requests shows this failure in red
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
def test_no_page_is_wider_than_window(page: Page, objects: Objects, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    wider: list[str] = []
    for path in PAGES:
        page.goto(path)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wider.append(path)
    assert wider == []
    assert objects


def test_pages_and_forms_work_without_scripts(
    chromium: Browser, organization: "Organization", objects: Objects
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
        organization.call(f"DELETE /cases/projects/{objects['project']}")
        page.get_by_role("button", name="Archive").click()
        message = f"The API responded with 404: no case has the id or key {objects['case']}"
        expect(page.get_by_role("main").get_by_role("alert")).to_have_text(message)
        for path in PAGES:
            page.goto(path)
            expect(page.get_by_role("heading", level=1)).to_be_visible()


def resource(resource_type: str, **attributes: object) -> dict[str, object]:
    return {"type": resource_type, "attributes": attributes}
