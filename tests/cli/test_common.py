"""Behaviour of all commands: start-up, errors, exit codes, and the selected organisation."""

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import pulumi_datadog_cases as cases
from pulumi_datadog_cases.cli import bulk

if TYPE_CHECKING:
    from tests.cli.conftest import Run
    from tests.conftest import NewStack, Organization

STANDARD = "00000000-0000-0000-0000-000000000001"
#: Packages whose import is slow.
HEAVY = {"pulumi", "requests", "rich", "yaml"}


def python(program: str, **environment: str) -> str:
    """Run a Python program that must succeed, and return its output."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_import_of_cli_imports_no_heavy_package() -> None:
    program = "import sys, pulumi_datadog_cases.cli; print(*sys.modules)"
    assert HEAVY & set(python(program).split()) == set()


def test_version_is_that_of_the_package(run: "Run") -> None:
    assert run("--version").stdout == f"pulumi-datadog-cases {cases.__version__}\n"


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("datadog-cases do", "doctor"),
        ("datadog-cases bulk una", "unarchive unassign"),
        ("datadog-cases bulk priority P", "P1 P2 P3 P4 P5"),
        ("datadog-cases bulk archive --fi", "--filter"),
    ],
)
def test_shell_completion(words: str, completed: str) -> None:
    asked = {
        "_DATADOG_CASES_COMPLETE": "complete_bash",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split()) - 1),
    }
    program = "import sys; sys.argv[0] = 'datadog-cases'; import pulumi_datadog_cases.cli as cli; "
    output = python(f"{program}cli.main()", **asked)
    assert output.split() == completed.split()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--bogus"], "No such option: --bogus (see `datadog-cases --help`)"),
        (["bulk", "archiv"], "(see `datadog-cases bulk --help`)"),
        (["bulk", "priority", "--all"], "(see `datadog-cases bulk priority --help`)"),
    ],
)
def test_wrong_usage_is_one_line_with_help_hint(
    run: "Run", arguments: list[str], words: str
) -> None:
    result = run(*arguments, ends_with=2)
    assert result.stdout == ""
    assert result.stderr.startswith("error: ")
    assert result.stderr.endswith(f"{words}\n")
    assert result.stderr.count("\n") == 1


def test_api_error_is_one_line_without_keys(
    run: "Run", organization: "Organization", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DD_APP_KEY", "another-key")
    result = run("bulk", "archive", "--all", ends_with=1)
    assert result.stderr.startswith("error: GET /api/v2/cases on ")
    assert result.stderr.count("\n") == 1
    assert "another-key" not in result.output
    assert organization.settings.api_key not in result.output


def test_internal_error_has_traceback_only_with_debug_variable(
    run: "Run", monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise RuntimeError("two\nlines \x1b[2J")

    monkeypatch.setattr(bulk, "connect", broken)
    output = run("bulk", "archive", "--all", ends_with=1).stderr
    assert output == (
        "error: internal error: RuntimeError: two lines \\x1b[2J. "
        "Set PULUMI_DATADOG_CASES_DEBUG=1 and run again for a traceback.\n"
    )
    monkeypatch.setenv("PULUMI_DATADOG_CASES_DEBUG", "1")
    assert isinstance(run("bulk", "archive", "--all", ends_with=1).exception, RuntimeError)


@pytest.mark.usefixtures("run")
def test_characters_that_the_encoding_lacks_are_escaped(organization: "Organization") -> None:
    new = {"type": "project", "attributes": {"key": "SEC", "name": "Security"}}
    project = organization.call("POST /cases/projects", new)
    organization.call(
        "POST /cases",
        {
            "type": "case",
            "attributes": {"title": "Sécurité 🚨", "type_id": STANDARD},
            "relationships": {"project": {"data": {"id": project["id"], "type": "project"}}},
        },
    )
    output = python(
        "import sys; from pulumi_datadog_cases.cli import main\n"
        "sys.argv[1:] = ['bulk', 'priority', 'P2', '--filter', 'status:open']; main()",
        PYTHONIOENCODING="ascii",
    )
    assert "S\\xe9curit\\xe9 \\U0001f6a8" in output


@pytest.mark.usefixtures("run")
def test_piped_output_has_no_colours() -> None:
    program = "from pulumi_datadog_cases.cli import app; app(['doctor'])"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert "cases_write" in done.stdout
    assert "\x1b" not in done.stdout


@pytest.mark.pulumi
def test_stack_config_takes_precedence(
    run: "Run",
    organization: "Organization",
    new_stack: "NewStack",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stack = new_stack(None)
    for key, value in organization.config.items():
        stack("config", "set", "--secret", key, value)
    for name, value in stack.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DD_HOST", "https://no-such-host.invalid")
    (stack.folder / "below").mkdir()
    monkeypatch.chdir(stack.folder / "below")
    run("bulk", "archive", "--all")
    assert organization.request_lines() != []
    asked = len(organization.request_lines())
    # An unreadable config must be an error. If the command used the keys of the environment
    # instead, it could archive cases of another organisation.
    monkeypatch.setenv("DD_HOST", organization.settings.base_url)
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "another")
    output = run("bulk", "archive", "--all", "--yes", ends_with=1).stderr
    assert output.startswith("error: `pulumi config` cannot read the config of the stack in ")
    assert len(organization.request_lines()) == asked


def test_help_is_complete_without_docstrings() -> None:
    """typer makes the help from docstrings, which `python -OO` removes."""
    help_, short = (
        subprocess.run(
            [sys.executable, *options, shutil.which("datadog-cases") or "", "bulk", "--help"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for options in ([], ["-OO"])
    )
    assert "Cases change only with --apply" in help_
    assert short == help_
