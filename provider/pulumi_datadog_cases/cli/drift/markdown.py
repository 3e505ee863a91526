"""A drift report as a comment on a pull request.

Cells can contain text that other people wrote, such as names of objects. So the text of all cells
is escaped and inside `<code>`. GitHub creates no links from text in `<code>`, and does not notify
people who are mentioned there.
"""

from html import escape
from itertools import accumulate
from typing import Final

from pulumi_datadog_cases._text import printable
from pulumi_datadog_cases.cli.drift.report import DriftReport

# The maximum length of a GitHub comment in characters, and the part reserved for `_NOTE`.
_MAX_LENGTH: Final = 65_536
_NOTE_LENGTH: Final = 200
_NOTE: Final = (
    "\n**Shortened:** {} more lines do not fit into a comment. `datadog-cases drift` prints them.\n"
)


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
    return text + _NOTE.format(left_out) if left_out else text


def _cell(text: str) -> str:
    return f"<td><code>{escape(printable(text))}</code></td>" if text else "<td></td>"
