"""Take the screenshots of the sandbox's board for the README and the docs.

    python tools/screenshots.py http://127.0.0.1:8126 SECOPS-5

The first argument is the URL of a running sandbox that has the objects to show. The second argument
is the key of the case for the screenshot of a single case. Screenshots are written to
`docs/images/`. Chromium must be on PATH.
"""

import argparse
import shutil
import sys
from pathlib import Path
from typing import Final, Literal

from playwright.sync_api import Browser, sync_playwright

IMAGES: Final = Path(__file__).resolve().parent.parent / "docs" / "images"
SCHEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
SIZE: Final = {"width": 1280, "height": 860}
NARROW: Final = {"width": 390, "height": 800}


def main() -> None:
    """Take all screenshots."""
    parser = argparse.ArgumentParser(description="Take screenshots of a sandbox's board.")
    parser.add_argument("url", help="the sandbox's URL")
    parser.add_argument("case", help="key of the case to show")
    arguments = parser.parse_args()
    executable = shutil.which("chromium") or shutil.which("google-chrome")
    if executable is None:
        sys.exit("error: Chromium is not on PATH")
    pages = {
        "board": "/",
        "case": f"/board/cases/{arguments.case}",
        "rules": "/board/rules",
        "requests": "/board/requests",
    }
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        for scheme in SCHEMES:
            for name, path in pages.items():
                take_screenshot(chromium, f"{arguments.url}{path}", f"{name}-{scheme}", scheme)
        take_screenshot(chromium, arguments.url, "board-narrow", "light", NARROW)
        chromium.close()


def take_screenshot(
    chromium: Browser,
    url: str,
    name: str,
    scheme: Literal["light", "dark"],
    size: dict[str, int] = SIZE,
) -> None:
    """Take one screenshot."""
    with chromium.new_context(
        viewport={"width": size["width"], "height": size["height"]},
        color_scheme=scheme,
        device_scale_factor=1.5,
    ) as context:
        page = context.new_page()
        page.goto(url, wait_until="networkidle")
        page.screenshot(path=IMAGES / f"{name}.png")


if __name__ == "__main__":
    main()
