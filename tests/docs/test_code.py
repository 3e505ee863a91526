"""Every block of code in what people read: programs type-check, commands are there."""

import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import typer
import yaml

from pulumi_datadog_cases.cli import app
from pulumi_datadog_cases.cli.census import KINDS
from tools.docs import resources
from tools.docs.examples import shown

if TYPE_CHECKING:
    from tests.docs.conftest import ReadPage

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    str(file.relative_to(ROOT))
    for pattern in ("*.md", "docs/**/*.md", "examples/**/*.md", "provider/**/*.md")
    for file in ROOT.glob(pattern)
)
#: A page that a test of its own follows to the letter: its programs speak of what they make.
FOLLOWED = {"CONTRIBUTING.md"}
EVERY_PAGE = pytest.mark.parametrize("path", PAGES)

#: A part of a program imports as all programs do.
IMPORTS = """\
import pulumi
import pulumi_datadog_cases as cases
from pulumi_datadog_cases import components
"""


def programs(read_page: "ReadPage") -> Iterator[tuple[str, str]]:
    """Every program, by a name for it."""
    for path in sorted({*PAGES} - FOLLOWED):
        stem = re.sub(r"\W", "_", path)
        for number, block in enumerate(read_page(path).blocks):
            if block.language == "python":
                yield f"{stem}_{number}.py", block.text
    for name, kind in KINDS.items():
        page = resources.page(kind, shown()[name])
        (get,) = re.findall(r"^there = .+$", page, re.MULTILINE)
        yield f"reference_{name}.py", get


def test_every_program_type_checks(read_page: "ReadPage", tmp_path: Path) -> None:
    files = []
    for name, program in programs(read_page):
        files.append(tmp_path / name)
        whole = program if "import " in program else IMPORTS + program
        files[-1].write_text(whole, encoding="utf-8")
    assert len(files) > len(KINDS)
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), *files],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "MYPYPATH": str(ROOT / "provider")},
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


# --- commands --------------------------------------------------------------------------------


def simple(command: str) -> Iterator[list[str]]:
    """The simple commands of a line, each as its words."""
    lexer = shlex.shlex(command, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    words: list[str] = []
    for word in lexer:
        if set(word) <= set("&|;"):
            yield words
            words = []
        else:
            words.append(word)
    yield words


@cache
def told_by(*program: str) -> str:
    """What a program says of how it is used."""
    done = subprocess.run(
        [*program, "--help"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "COLUMNS": "200"},
    )
    return done.stdout


def options(words: list[str]) -> list[str]:
    return [word.partition("=")[0] for word in words if word.startswith("--")]


def check_datadog_cases(words: list[str]) -> None:
    command: Any = typer.main.get_command(app)
    while words and words[0] in getattr(command, "commands", {}):
        command = command.commands[words[0]]
        words = words[1:]
    if hasattr(command, "commands"):
        assert [word for word in words if not word.startswith("-")] == []
    if command.name == "sandbox":
        told = told_by(sys.executable, "-m", "datadog_cases_sandbox")
        assert [each for each in options(words) if each not in told] == []
    else:
        command.make_context(command.name, words)


def check_pulumi(words: list[str]) -> None:
    named = [word for word in words if not word.startswith("-")][:2]
    told = told_by("pulumi", *named)
    assert f"pulumi {named[0]}" in told
    assert [each for each in options(words) if not re.search(rf"{each}\b", told)] == []


def check_make(words: list[str]) -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert {word for word in words if word.islower()} <= {*targets}


def check_pip(words: list[str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert words[0] == "install"
    for name, extra in re.findall(r"(pulumi-datadog-cases)\[(\w+)\]", " ".join(words)):
        assert name == project["name"]
        assert extra in project["optional-dependencies"]


#: How commands behind prompts are checked, by their first word.
CHECKS: Mapping[str, Callable[[list[str]], None]] = {
    "datadog-cases": check_datadog_cases,
    "pulumi": check_pulumi,
    "make": check_make,
    "pip": check_pip,
}
#: What is none of ours.
OTHERS = {"bash", "cd", "createdb", "curl", "export", "git", "mkdir", "rm"}


@pytest.mark.pulumi
@EVERY_PAGE
def test_every_command_is_there(path: str, read_page: "ReadPage") -> None:
    for block in read_page(path).blocks:
        for line in block.commands if block.language == "console" else ():
            if line.startswith("curl "):
                continue  # its data goes on over several lines
            for name, *words in simple(line):
                assert name in CHECKS or name in OTHERS, line
                if name in CHECKS:
                    CHECKS[name](words)


# --- the rest --------------------------------------------------------------------------------


def check_shell(text: str) -> None:
    done = subprocess.run(
        ["bash", "-n"],  # noqa: S607 - as found on PATH
        input=text,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


#: What becomes of a block of each language that a page may have.
LANGUAGES: Mapping[str, Callable[[str], object]] = {
    "bash": check_shell,
    "console": lambda _: None,  # see above
    "json": json.loads,
    "python": lambda text: compile(text, "block", "exec"),  # and see above
    "sh": check_shell,
    "text": lambda _: None,
    "yaml": yaml.safe_load,
}


@EVERY_PAGE
def test_every_block_is_of_a_language_that_is_checked(path: str, read_page: "ReadPage") -> None:
    for block in read_page(path).blocks:
        LANGUAGES[block.language](block.text)
