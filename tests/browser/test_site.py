"""The documentation site, opened from disk."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from tests.site import build_site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    build_site(folder)
    return folder


@pytest.mark.parametrize("start", ["index.html", "reference/resources/Case.html"])
def test_search_works_from_disk(start: str, site: Path, chromium: Browser) -> None:
    with chromium.new_context(offline=True) as context:
        page = context.new_page()
        page.goto((site / start).as_uri())
        page.get_by_role("textbox", name="Search").fill("HiddenObjectError")
        found = page.locator(".md-search-result__link").filter(has_text="seems to be deleted")
        found.first.click()
        expect(page).to_have_url(re.compile(r"/troubleshooting\.html\?.+#hiddenobjecterror$"))
