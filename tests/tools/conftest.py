"""Fixtures that write fake programs, for the tests of the scripts in `tools/`."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def program() -> Callable[[Path, str], Path]:
    """Return a function that writes an executable Python program to a path."""

    def write(path: Path, source: str = "") -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!{sys.executable} -S\n{source}\n", encoding="utf-8")
        path.chmod(0o755)
        return path

    return write


@pytest.fixture(scope="session")
def pulumi(program: Callable[[Path, str], Path]) -> Callable[[Path, str], Path]:
    """Return a function that writes a fake `pulumi` and its plugins for Python to a folder."""

    def write(folder: Path, version: str) -> Path:
        program(folder / "pulumi", f"print({version!r})")
        program(folder / "pulumi-language-python", "")
        program(folder / "pulumi-resource-pulumi-python", "")
        return folder

    return write
