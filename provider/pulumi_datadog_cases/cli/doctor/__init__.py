"""`datadog-cases doctor`: diagnoses problems, and says what to do about them."""

from typing import Final

import typer
from rich.table import Table
from rich.text import Text

from pulumi_datadog_cases._text import printable
from pulumi_datadog_cases.cli.doctor.check_result import CheckResult
from pulumi_datadog_cases.cli.doctor.checks import run_checks
from pulumi_datadog_cases.cli.documents import DoctorCheck
from pulumi_datadog_cases.cli.group import FAILED
from pulumi_datadog_cases.cli.output import AsJson, console, print_json

_STYLES: Final = {"ok": "green", "warning": "yellow", "error": "bold red", "skipped": "dim"}

app = typer.Typer(add_completion=False)


@app.command()
def doctor(*, as_json: AsJson = False) -> None:
    """Diagnose the installation, the configuration and the access to Datadog.

    The command checks Python, Pulumi, the project, the configuration, the organisation and the
    scopes of the keys. It also lists create requests whose runs were interrupted. Nothing is
    changed.

    Exit code: 0 without errors, otherwise 1.
    """
    results = list[CheckResult]()
    for result in run_checks():
        results.append(result)
        if not as_json:
            _print(result)
    if as_json:
        print_json([_document(each) for each in results])
    if any(each.status == "error" for each in results):
        raise typer.Exit(FAILED)


def _print(result: CheckResult) -> None:
    line = Table.grid(padding=(0, 2, 0, 0))
    line.add_column(width=len("warning"))
    line.add_column(width=len("event_correlation_config_write"))
    line.add_column(overflow="fold")
    text = printable(result.found)
    if result.advice:
        text += f"\n→ {printable(result.advice)}"
    line.add_row(Text(result.status, _STYLES[result.status]), result.check, Text(text))
    console().print(line)


def _document(result: CheckResult) -> DoctorCheck:
    return {
        "check": result.check,
        "status": result.status,
        "found": result.found,
        "advice": result.advice,
        "details": result.details,
    }
