import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import pulumi_datadog_cases as cases

CHECKOUT = Path(__file__).parents[2]
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
VERSION = PROJECT["project"]["version"]

READY = f"""# Changelog

## [Unreleased]

## [{VERSION}] - 2026-12-01

### Added

- A thing.

## [0.0.9] - 2026-01-01

- Another.
"""


class Checkout:
    """What a release is checked by, in a folder of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "tools").mkdir()
        for name in ("pyproject.toml", "tools/release.py"):
            shutil.copy(CHECKOUT / name, root / name)
        self.write("CHANGELOG.md", READY)
        self.declares()

    def write(self, name: str, text: str) -> None:
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def declares(self, but: str = "") -> None:
        """Keep a golden state that has every property of every kind, but one."""
        kinds = {
            name: getattr(cases, name).Provider.resource_type
            for name in cases.resources.__all__
            if name != "Provider"
        }
        found = [
            {
                "type": f"pulumi-python:dynamic/datadog-cases:{name}",
                "inputs": {p: "x" for p in kind.inputs if f"{name}.{p}" != but},
            }
            for name, kind in kinds.items()
        ]
        state = json.dumps({"deployment": {"resources": found}})
        self.write(f"tests/state/golden/{VERSION}/state.json", state)

    def release(self, tag: str = f"v{VERSION}") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, str(self.root / "tools" / "release.py"), tag],
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_what_is_ready_is_told_in_the_changelogs_words(checkout: Checkout) -> None:
    done = checkout.release()
    assert (done.stderr, done.returncode) == ("", 0)
    assert done.stdout == "### Added\n\n- A thing.\n"


def test_a_property_that_no_golden_state_has_stands_in_the_way(checkout: Checkout) -> None:
    checkout.declares(but="CaseView.np_rule_id")
    done = checkout.release()
    assert (done.returncode, done.stdout) == (1, "")
    assert "state.json has no CaseView.np_rule_id: see Release" in done.stderr


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (f"## [{VERSION}]", "## [9.9.9]", f"no section `## [{VERSION}] - YYYY-MM-DD`"),
        ("2026-12-01", "soon", f"no section `## [{VERSION}] - YYYY-MM-DD`"),
        ("### Added\n\n- A thing.\n", "", f"no section `## [{VERSION}] - YYYY-MM-DD`"),
        ("## [Unreleased]\n", "## [Unreleased]\n\n- More.\n", "something under Unreleased"),
    ],
)
def test_a_changelog_that_is_not_ready_stands_in_the_way(
    checkout: Checkout, old: str, new: str, told: str
) -> None:
    checkout.write("CHANGELOG.md", READY.replace(old, new))
    done = checkout.release()
    assert (done.returncode, done.stdout) == (1, "")
    assert told in done.stderr


def test_all_that_is_wrong_with_a_tag_is_said_at_once(checkout: Checkout) -> None:
    done = checkout.release("v9.9.9")
    first, *others = done.stderr.splitlines()
    assert first == f"error: the tag is v9.9.9, but pyproject.toml's version is that of v{VERSION}"
    assert "error: there is no tests/state/golden/9.9.9/state.json" in others[-1]
