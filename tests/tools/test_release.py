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
    """A copy of the files that `tools/release.py` reads."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "tools").mkdir()
        for name in ("pyproject.toml", "tools/release.py"):
            shutil.copy(CHECKOUT / name, root / name)
        self.write("CHANGELOG.md", READY)
        self.write_golden_state()

    def write(self, name: str, text: str) -> None:
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def write_golden_state(self, without: str = "") -> None:
        """Write the golden state of the version.

        The state has all properties of all resource types, except the property `without`, such as
        `CaseView.query`.
        """
        resource_types = {
            name: getattr(cases, name).Provider.resource_type
            for name in cases.resources.__all__
            if name != "Provider"
        }
        deployed = [
            {
                "type": f"pulumi-python:dynamic/datadog-cases:{name}",
                "inputs": {p: "x" for p in resource_type.inputs if f"{name}.{p}" != without},
            }
            for name, resource_type in resource_types.items()
        ]
        state = json.dumps({"deployment": {"resources": deployed}})
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


def test_release_prints_changelog_section(checkout: Checkout) -> None:
    process = checkout.release()
    assert (process.stderr, process.returncode) == ("", 0)
    assert process.stdout == "### Added\n\n- A thing.\n"


def test_release_fails_if_golden_state_lacks_property(checkout: Checkout) -> None:
    checkout.write_golden_state(without="CaseView.np_rule_id")
    process = checkout.release()
    assert (process.returncode, process.stdout) == (1, "")
    assert "state.json has no CaseView.np_rule_id: see Release" in process.stderr


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (f"## [{VERSION}]", "## [9.9.9]", f"no section `## [{VERSION}] - YYYY-MM-DD`"),
        ("2026-12-01", "soon", f"no section `## [{VERSION}] - YYYY-MM-DD`"),
        ("### Added\n\n- A thing.\n", "", f"no section `## [{VERSION}] - YYYY-MM-DD`"),
        ("## [Unreleased]\n", "## [Unreleased]\n\n- More.\n", "has entries under Unreleased"),
    ],
)
def test_release_fails_if_changelog_is_not_ready(
    checkout: Checkout, old: str, new: str, message: str
) -> None:
    checkout.write("CHANGELOG.md", READY.replace(old, new))
    process = checkout.release()
    assert (process.returncode, process.stdout) == (1, "")
    assert message in process.stderr


def test_release_reports_all_problems_of_a_tag(checkout: Checkout) -> None:
    process = checkout.release("v9.9.9")
    first, *others = process.stderr.splitlines()
    assert (
        first
        == f"error: the tag is v9.9.9, but the version in pyproject.toml needs the tag v{VERSION}"
    )
    assert "error: tests/state/golden/9.9.9/state.json does not exist" in others[-1]
