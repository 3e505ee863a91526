"""A drift report as Markdown: a comment on a pull request, or the description of a case.

Cells can contain text that other people wrote, such as names of objects. So the text of all cells
is code. Neither GitHub nor Datadog creates links from code, or notifies people who are mentioned
there.
"""

import re
from html import escape
from itertools import accumulate
from typing import Final

from pulumi_datadog_cases._text import printable
from pulumi_datadog_cases.cli.drift.report import DriftReport
from pulumi_datadog_cases.cli.output import counted

# The maximum length of a GitHub comment in characters, and the part reserved for `_note`. Datadog
# documents no maximum for the description of a case.
_MAX_LENGTH: Final = 65_536
_NOTE_LENGTH: Final = 200


def comment(report: DriftReport) -> str:
    """Return the report as Markdown with collapsed tables, not longer than GitHub allows."""
    text, left_out = f"**{report.summary}**\n", 0
    for table in report.tables:
        # The HTML has no blank line, because GitHub would parse the text after a blank line as
        # Markdown.
        head = f"\n<details><summary>{table.title}: {len(table.rows)}</summary>\n<table>\n<tr>"
        head += "".join(f"<th>{column}</th>" for column in table.columns) + "</tr>\n"
        tail = "</table>\n</details>\n"
        rows = ["".join(["<tr>", *map(_cell, cells), "</tr>\n"]) for cells in table.rows]
        room = _MAX_LENGTH - _NOTE_LENGTH - len(text + head + tail)
        fitting = sum(length <= room for length in accumulate(map(len, rows)))
        if fitting:
            text += head + "".join(rows[:fitting]) + tail
        left_out += len(rows) - fitting
    return text + _note(left_out)


def description(report: DriftReport) -> str:
    """Return the report as Markdown with lists. Datadog does not show HTML in a case (assumed)."""
    advice = "Found by `datadog-cases drift`. `pulumi up --refresh` restores declared values."
    text, left_out = f"**{report.summary}**\n\n{advice}\n", 0
    for table in report.tables:
        text += f"\n**{table.title}**\n\n"
        for cells in table.rows:
            pairs = zip(table.columns, cells, strict=True)
            row = "- " + ", ".join(f"{name} {_code(cell)}" for name, cell in pairs if cell) + "\n"
            if len(text + row) > _MAX_LENGTH - _NOTE_LENGTH:
                left_out += 1
            else:
                text += row
    return (text + _note(left_out)).strip()


def _note(left_out: int) -> str:
    if not left_out:
        return ""
    lines = counted(left_out, "line")
    return f"\n**Shortened:** {lines} left out. `datadog-cases drift` prints everything.\n"


def _code(text: str) -> str:
    """Return a text as inline code, with more backticks around it than it contains in a row."""
    shown = printable(text)
    fence = "`" * (1 + max(map(len, re.findall("`+", shown)), default=0))
    space = " " if "`" in shown else ""
    return f"{fence}{space}{shown}{space}{fence}"


def _cell(text: str) -> str:
    return f"<td><code>{escape(printable(text))}</code></td>" if text else "<td></td>"
