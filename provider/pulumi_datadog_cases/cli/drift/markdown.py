"""DriftReport as a comment on a pull request.

What comes from outside stands in HTML, with each character that means something there written as
an entity, and inside of `<code>`, where GitHub neither makes links nor tells people that they have
been mentioned.
"""

from html import escape
from itertools import accumulate
from typing import Final

from pulumi_datadog_cases.cli.common import printable
from pulumi_datadog_cases.cli.drift.report import DriftReport

# How many characters a comment on GitHub may have, and how many of them are kept for the note.
_LONGEST: Final = 65_536
_KEPT: Final = 200
_NOTE: Final = (
    "\n**This is not all:** {} more lines do not fit into a comment. "
    "`datadog-cases drift` prints them.\n"
)


def comment(findings: DriftReport) -> str:
    """The findings in Markdown, with the tables folded, and no longer than GitHub takes it."""
    text, left_out = f"**{findings.summary}**\n", 0
    for table in findings.tables:
        # A blank line in here would end the HTML: what follows would be read as Markdown.
        head = f"\n<details><summary>{table.title}: {len(table.rows)}</summary>\n<table>\n<tr>"
        head += "".join(f"<th>{column}</th>" for column in table.columns) + "</tr>\n"
        tail = "</table>\n</details>\n"
        rows = ["".join(["<tr>", *map(_cell, cells), "</tr>\n"]) for cells in table.rows]
        room = _LONGEST - _KEPT - len(text + head + tail)
        fitting = sum(length <= room for length in accumulate(map(len, rows)))
        if fitting:
            text += head + "".join(rows[:fitting]) + tail
        left_out += len(rows) - fitting
    return text + _NOTE.format(left_out) if left_out else text


def _cell(words: str) -> str:
    return f"<td><code>{escape(printable(words))}</code></td>" if words else "<td></td>"
