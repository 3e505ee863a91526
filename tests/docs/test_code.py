"""Tests every block of code in the documentation. Programs must type-check. Commands must exist."""

import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import typer
import yaml
from tests.docs.conftest import Page

from pulumi_datadog_cases.cli import app
from pulumi_datadog_cases.cli.group import LazyCommand
from pulumi_datadog_cases.cli.inventory import RESOURCE_TYPES
from tools.docs import resources
from tools.docs.examples import translations, usages

if TYPE_CHECKING:
    from tests.docs.conftest import ReadPage

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    str(file.relative_to(ROOT))
    for pattern in ("*.md", "docs/**/*.md", "examples/**/*.md", "provider/**/*.md")
    for file in ROOT.glob(pattern)
)
#: Pages whose programs import files that the reader creates. Separate tests run these programs.
TESTED_SEPARATELY = {"CONTRIBUTING.md"}
EVERY_PAGE = pytest.mark.parametrize("path", PAGES)


def programs(read_page: "ReadPage") -> Iterator[tuple[str, str]]:
    """Yield a file name and the text of every program in the pages and the reference."""
    for path in sorted({*PAGES} - TESTED_SEPARATELY):
        stem = re.sub(r"\W", "_", path)
        for number, block in enumerate(read_page(path).blocks):
            if block.language == "python":
                yield f"{stem}_{number}.py", block.text
    for name, usage in usages().items():
        yield f"reference_{name}.py", usage.program
    for name, cls in RESOURCE_TYPES.items():
        page = resources.resource_page(cls, usages()[name], translations()[name])
        (get,) = (block.text for block in Page(page).blocks if "existing = " in block.text)
        yield f"reference_{name}_get.py", get


def test_programs_type_check(read_page: "ReadPage", tmp_path: Path) -> None:
    files = []
    for name, program in programs(read_page):
        files.append(tmp_path / name)
        files[-1].write_text(program, encoding="utf-8")
    assert len(files) > len(RESOURCE_TYPES)
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), *files],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "MYPYPATH": str(ROOT / "provider")},
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


# --- commands --------------------------------------------------------------------------------


def split_commands(line: str) -> Iterator[list[str]]:
    """Yield the words of each command of a line. `&&`, `|` and `;` separate commands."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
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
def help_of(*program: str) -> str:
    """Return the output of a program's `--help`."""
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
        if isinstance(command, LazyCommand):
            command = command.load()
        words = words[1:]
    if hasattr(command, "commands"):
        assert [word for word in words if not word.startswith("-")] == []
    if command.name == "sandbox":
        text = help_of(sys.executable, "-m", "datadog_cases_sandbox")
        assert [each for each in options(words) if each not in text] == []
    else:
        command.make_context(command.name, words)


def check_pulumi(words: list[str]) -> None:
    named = [*takewhile(lambda word: not word.startswith("-"), words)][:2]
    text = help_of("pulumi", *named)
    assert f"pulumi {named[0]}" in text
    assert [each for each in options(words) if not re.search(rf"{each}\b", text)] == []


def check_make(words: list[str]) -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert {word for word in words if word.islower()} <= {*targets}


def check_pip(words: list[str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert words[0] == "install"
    for name, extra in re.findall(r"(pulumi-datadog-cases)\[(\w+)\]", " ".join(words)):
        assert name == project["name"]
        assert extra in project["optional-dependencies"]


#: Functions that check the arguments of a command, by the command's first word.
CHECKS: Mapping[str, Callable[[list[str]], None]] = {
    "datadog-cases": check_datadog_cases,
    "pulumi": check_pulumi,
    "make": check_make,
    "pip": check_pip,
}
#: Other programs, whose arguments are not checked.
OTHERS = {"bash", "cd", "createdb", "curl", "export", "git", "mkdir", "rm"}


@pytest.mark.pulumi
@EVERY_PAGE
def test_commands_and_options_exist(path: str, read_page: "ReadPage") -> None:
    for block in read_page(path).blocks:
        for line in block.commands if block.language == "console" else ():
            if line.startswith("curl "):
                continue  # the request body continues on the next lines
            for name, *words in split_commands(line):
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


#: The check for each language that a block may have.
LANGUAGES: Mapping[str, Callable[[str], object]] = {
    "bash": check_shell,
    "console": lambda _: None,  # checked above
    "json": json.loads,
    "python": lambda text: compile(text, "block", "exec"),  # also type-checked above
    "sh": check_shell,
    "text": lambda _: None,
    "typescript": lambda _: None,  # tests/plugin/test_sdks.py compiles the example
    "yaml": yaml.safe_load,
}


@EVERY_PAGE
def test_blocks_have_a_known_language_and_parse(path: str, read_page: "ReadPage") -> None:
    for block in read_page(path).blocks:
        LANGUAGES[block.language](block.text)
