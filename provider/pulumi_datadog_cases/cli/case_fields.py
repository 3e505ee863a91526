"""The fields that every case has, and hints if a name seems to be a misspelt field.

A name that is no field counts as a label or a custom attribute, so no request rejects a typo.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeVar

import typer

from pulumi_datadog_cases._text import printable
from pulumi_datadog_cases.api.endpoints.cases import ARCHIVED
from pulumi_datadog_cases.engine.validation import did_you_mean

_T = TypeVar("_T")

#: The fields that an `attribute_value_changed` event can name. The sandbox has the same list.
EVENT_FIELDS: Final = (
    "title",
    "description",
    "priority",
    "assignee",
    "due_date",
    "security_resolved_reason",
)
#: The fields that a search query can name. `status`, `project` and `project_id` are documented, the
#: others are assumed.
_SEARCH_FIELDS: Final = (
    "status",
    "project",
    "project_id",
    "priority",
    "title",
    "description",
    "key",
    "type",
    "assignee",
    "creator",
    "created_at",
    "archived",
)
_QUOTED: Final = re.compile(r'"[^"]*"')
#: A name before a colon, but not inside a value such as `10:00` or `https://example.com`.
_FIELD: Final = re.compile(r"(?:^|[\s(])-?([A-Za-z_]\w*):")


def misspelt(name: str, fields: Sequence[str]) -> str | None:
    """Return a hint if a name seems to be a misspelt field; otherwise return None."""
    hint = "" if name.lower() in fields else did_you_mean(name, fields)
    return f"{name} counts as a label or a custom attribute{hint}" if hint else None


def searched(query: str | None, cases: Iterable[_T]) -> Iterator[_T]:
    """Yield the cases that a search finds.

    If a user's query finds none, print a warning. It names what seems to be a misspelt field.
    """
    is_empty = True
    for case in cases:
        is_empty = False
        yield case
    if is_empty and query and query != ARCHIVED:
        names = dict.fromkeys(_FIELD.findall(_QUOTED.sub('""', query)))
        hints = "; ".join(filter(None, (misspelt(name, _SEARCH_FIELDS) for name in names)))
        warning = f"the search {query} finds no case" + (f": {hints}" if hints else "")
        typer.echo(f"warning: {printable(warning)}", err=True)
