"""What is written for people, as its tests read it."""

import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pytest

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization, Stack

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Block:
    """A block of code on a page.

    Attributes:
        language: the first word behind the fence.
        title: the name of a file, or "".
        text: what stands in it.
    """

    language: str
    title: str
    text: str

    @property
    def commands(self) -> list[str]:
        """What a reader types, in a block with prompts."""
        return re.findall(r"^\$ (.+)$", self.text, re.MULTILINE)


@dataclass(frozen=True)
class Page:
    """A page in Markdown."""

    text: str

    @property
    def blocks(self) -> list[Block]:
        """Its code, from top to bottom."""
        fenced = r'^```(\w*)(?: title="(.+?)")?\n(.*?)^```$'
        found = re.findall(fenced, self.text, re.MULTILINE | re.DOTALL)
        return [Block(*each) for each in found]

    def section(self, title: str) -> list[Block]:
        """The code of one section."""
        (text,) = re.findall(
            rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", self.text, re.MULTILINE | re.DOTALL
        )
        return Page(text).blocks


#: Reads a page by its path in the repository: `read_page("docs/start.md")`.
ReadPage: TypeAlias = Callable[[str], Page]


@pytest.fixture(scope="session")
def read_page() -> ReadPage:
    """See `ReadPage`."""
    return lambda path: Page((ROOT / path).read_text(encoding="utf-8"))


class Reader:
    """Somebody who does what a page says, in a folder."""

    def __init__(self, folder: Path, stack: "Stack", organization: "Organization") -> None:
        self.folder = folder
        self.organization = organization
        # To a person, Pulumi's questions are answered by hand.
        self.environment = {**stack.environment, "PULUMI_SKIP_CONFIRMATIONS": "true"}

    def run(self, script: str, *, fails: bool = False) -> str:
        """Run commands one after the other: what they print."""
        done = subprocess.run(
            ["bash", "-euc", script],  # noqa: S607 - as found on PATH
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=600,
        )
        assert (done.returncode != 0) is fails, done.stdout
        return done.stdout

    @property
    def writes(self) -> list[str]:
        """What the organisation was asked to change so far."""
        return [asked for asked in self.organization.asked() if not asked.startswith("GET ")]


@pytest.fixture
def reader(organization: "Organization", new_stack: "NewStack", tmp_path: Path) -> Reader:
    """In an empty folder, with an empty organisation."""
    if not organization.is_sandbox:
        pytest.skip("with --live the lives of resources are played alone")
    return Reader(tmp_path, new_stack(organization), organization)
