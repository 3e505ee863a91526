"""Helpers of the documentation tests: read Markdown pages, and run their commands."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pytest
from tests.processes import run

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization, Stack

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Block:
    """A fenced block of code.

    Attributes:
        language: The first word after the fence.
        title: The value of `title="…"` after the fence. It is a file name, or "".
        text: The code.
    """

    language: str
    title: str
    text: str

    @property
    def commands(self) -> list[str]:
        """The commands after the prompt `$ ` in a `console` block."""
        return re.findall(r"^\$ (.+)$", self.text, re.MULTILINE)


@dataclass(frozen=True)
class Page:
    """A page in Markdown."""

    text: str

    @property
    def blocks(self) -> list[Block]:
        """The page's blocks of code, from top to bottom."""
        fenced = r'^```(\w*)(?: title="(.+?)")?\n(.*?)^```$'
        found = re.findall(fenced, self.text, re.MULTILINE | re.DOTALL)
        return [Block(*each) for each in found]

    def section(self, title: str) -> list[Block]:
        """Return the blocks of code in the section with this heading."""
        (text,) = re.findall(
            rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", self.text, re.MULTILINE | re.DOTALL
        )
        return Page(text).blocks


#: A function that reads a page by its path in the repository, as in `read_page("docs/start.md")`.
ReadPage: TypeAlias = Callable[[str], Page]


@pytest.fixture(scope="session")
def read_page() -> ReadPage:
    """Return the function that `ReadPage` describes."""
    return lambda path: Page((ROOT / path).read_text(encoding="utf-8"))


class Shell:
    """A shell in a folder, with Pulumi and a Datadog organization in the sandbox."""

    def __init__(self, folder: Path, stack: "Stack", organization: "Organization") -> None:
        self.folder = folder
        self.organization = organization
        # The pages omit `--yes`, because readers confirm interactively. Tests cannot confirm.
        self.environment = {**stack.environment, "PULUMI_SKIP_CONFIRMATIONS": "true"}

    def run(self, script: str, *, fails: bool = False) -> str:
        """Run commands in order, and return their output. If `fails` is true, they must fail."""
        command = ["bash", "-euc", script]
        done = run(*command, cwd=self.folder, env=self.environment, timeout=600)
        assert (done.returncode != 0) is fails, done.stdout
        return done.stdout

    @property
    def writes(self) -> list[str]:
        """The write requests that the organization has received so far."""
        return [
            asked for asked in self.organization.request_lines() if not asked.startswith("GET ")
        ]


@pytest.fixture
def shell(organization: "Organization", new_stack: "NewStack", tmp_path: Path) -> Shell:
    """A shell in an empty folder, with an empty organization."""
    if not organization.is_sandbox:
        pytest.skip("with --live only the resource lifecycle tests run")
    return Shell(tmp_path, new_stack(organization), organization)
