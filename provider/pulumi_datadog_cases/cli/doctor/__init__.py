"""`datadog-cases doctor`: what stands in the way, and what to do about it."""

from typing import TYPE_CHECKING, Final

import typer

from pulumi_datadog_cases.cli.common import FAILED, AsJson, console, print_json, printable

if TYPE_CHECKING:
    from pulumi_datadog_cases.cli.doctor.check_result import CheckResult

_STYLES: Final = {"ok": "green", "warning": "yellow", "error": "bold red", "skipped": "dim"}


def doctor(*, as_json: AsJson = False) -> None:
    """Find out what stands in the way, in the order in which things fail, and what to do about it.

    Looks at Python, Pulumi, the project, the configuration, the organisation and what the keys may
    do there, and at what runs that were cut off have left. Nothing is changed anywhere.

    Ends with 0 where nothing is an error, else with 1.
    """
    from pulumi_datadog_cases.cli.doctor.checks import (  # noqa: PLC0415 - `--help` is to be quick
        diagnose,
    )

    findings = list["CheckResult"]()
    for finding in diagnose():
        findings.append(finding)
        if not as_json:
            _show(finding)
    if as_json:
        print_json([vars(finding) for finding in findings])
    if any(finding.status == "error" for finding in findings):
        raise typer.Exit(FAILED)


def _show(finding: "CheckResult") -> None:
    from rich.table import Table  # noqa: PLC0415 - as above
    from rich.text import Text  # noqa: PLC0415 - as above

    line = Table.grid(padding=(0, 2, 0, 0))
    line.add_column(width=len("warning"))
    line.add_column(width=len("event_correlation_config_write"))
    line.add_column(overflow="fold")
    words = printable(finding.found)
    if finding.advice:
        words += f"\n→ {printable(finding.advice)}"
    line.add_row(Text(finding.status, _STYLES[finding.status]), finding.check, Text(words))
    console().print(line)
