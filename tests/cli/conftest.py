"""Fixtures that run `datadog-cases` with a sandbox as the organisation."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pytest
from tests.conftest import CREDENTIALS
from typer.testing import CliRunner, Result

from pulumi_datadog_cases.cli import app

if TYPE_CHECKING:
    from tests.conftest import Organization

#: A function that runs a command in this process, as in `run("doctor", "--json", ends_with=1)`. If
#: the exit code is not `ends_with`, the test fails.
Run: TypeAlias = Callable[..., Result]
#: A function that sets a fault of the sandbox, as in
#: `fault(kind="status", endpoint="POST /cases", status=403)`.
SetFault: TypeAlias = Callable[..., None]


@pytest.fixture
def organization(sandbox: "Organization") -> "Organization":
    """An empty sandbox. It is used even with `--live`, because most tests inject faults."""
    sandbox.reset()
    return sandbox


@pytest.fixture
def run(organization: "Organization", tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs a command, as `Run` describes.

    The command connects to the sandbox, and the current folder is empty.
    """
    for name in [*os.environ]:
        if name.startswith(CREDENTIALS) or name.upper().endswith("_PROXY"):
            monkeypatch.delenv(name)
    for name, value in organization.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, ends_with: int = 0, input: str | None = None) -> Result:  # noqa: A002 - the usual name
        result = CliRunner().invoke(app, arguments, input=input)
        assert result.exit_code == ends_with, f"{result.output}\n{result.exception!r}"
        return result

    return run


@pytest.fixture
def fault(organization: "Organization") -> SetFault:
    """Return a function that sets a fault of the sandbox, as `SetFault` describes."""
    return organization.add_fault
