"""Operations that the API offers only for one case at a time: labels, due dates and comments.

As in `operations`, each function is a command of `datadog-cases bulk`.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Annotated, Final, TypeAlias

import typer

from pulumi_datadog_cases.api import CaseItem, Client, TimelineCellItem
from pulumi_datadog_cases.cli.bulk.bulk_operation import NOT_SHOWN, BulkOperation, one_by_one
from pulumi_datadog_cases.cli.group import WRONG_USAGE, CommandError

_Labels: TypeAlias = Mapping[str, Sequence[str]]

_HAS_COMMENT: Final = "has the comment"


# --- labels ----------------------------------------------------------------------------------


def label(
    client: Client,
    labels: Annotated[
        list[str], typer.Argument(metavar="KEY=VALUE...", help="The values to add, as env=prod.")
    ],
) -> BulkOperation:
    """Add values to labels. Other labels and other values stay."""
    new = [_parse_label(each, value_required=True) for each in labels]

    def edit(current: _Labels) -> _Labels:
        edited = dict(current)
        for key, value in new:
            edited[key] = list(dict.fromkeys([*edited.get(key, ()), value]))
        return edited

    words = ", ".join(labels)
    return _edit_labels(client, f"add {words} to the labels of {{}}", edit, f"has {words}")


def unlabel(
    client: Client,
    labels: Annotated[
        list[str],
        typer.Argument(
            metavar="KEY[=VALUE]...", help="The values to remove; a KEY alone removes all values."
        ),
    ],
) -> BulkOperation:
    """Remove values of labels, or whole labels."""
    old = [_parse_label(each, value_required=False) for each in labels]

    def edit(current: _Labels) -> _Labels:
        kept = {
            key: [value for value in values if (key, value) not in old]
            for key, values in current.items()
            if (key, "") not in old
        }
        return {key: values for key, values in kept.items() if values or not current[key]}

    words = ", ".join(labels)
    return _edit_labels(client, f"remove {words} from the labels of {{}}", edit, f"lacks {words}")


def _parse_label(given: str, *, value_required: bool) -> tuple[str, str]:
    """Split a label into its key and its value. The value is "" for a key alone."""
    key, is_pair, value = given.partition("=")
    if not key.strip() or (not value.strip() and (is_pair or value_required)):
        form = "KEY=VALUE" if value_required else "KEY or KEY=VALUE"
        raise CommandError(f"{given!r} is not a label: write {form}", WRONG_USAGE)
    return key, value


def _edit_labels(
    client: Client, template: str, edit: Callable[[_Labels], _Labels], wanted: str
) -> BulkOperation:
    """Return an operation that applies a function to the labels of each case."""

    def change(case: CaseItem) -> None:
        # The API replaces all labels of a case at once. The case is read again here, because
        # somebody may have changed other labels since the search.
        current = _labels(client.cases.get(case.id))
        edited = edit(current)
        if edited != current:
            client.cases.set_attributes(case.id, edited)

    def state(case: CaseItem) -> str:
        current = _pairs(_labels(case))
        edited = _pairs(edit(_labels(case)))
        added = ", ".join(pair for pair in edited if pair not in current)
        removed = ", ".join(pair for pair in current if pair not in edited)
        return f"lacks {added}" if added else f"has {removed}" if removed else wanted

    return BulkOperation(template, one_by_one(change), state, wanted, batch_size=1)


def _labels(case: CaseItem) -> _Labels:
    """Return the labels of a case. The API allows only lists of strings (recorded)."""
    labels = case.raw_attributes.get("attributes")
    if not isinstance(labels, Mapping):
        return {}
    return {
        key: [str(value) for value in values]
        for key, values in labels.items()
        if isinstance(values, list)
    }


def _pairs(labels: _Labels) -> Sequence[str]:
    return [f"{key}={value}" for key, values in labels.items() for value in values]


# --- due dates and comments ------------------------------------------------------------------


def due_date(
    client: Client,
    day: Annotated[
        str, typer.Argument(metavar="DATE", help="The date as YYYY-MM-DD, or none to clear it.")
    ],
) -> BulkOperation:
    """Set or clear the due date. The API does not show due dates, so all cases are changed."""
    try:
        value = None if day == "none" else date.fromisoformat(day).isoformat()
    except ValueError:
        raise CommandError(
            f"{day} is not a date: write YYYY-MM-DD, such as 2026-11-21, or none", WRONG_USAGE
        ) from None
    return BulkOperation(
        f"set the due date of {{}} to {value}" if value else "clear the due date of {}",
        one_by_one(lambda case: client.cases.set_due_date(case.id, value)),
        lambda _: NOT_SHOWN,
        None,
        batch_size=1,
    )


def comment(
    client: Client,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="The comment, in Markdown.")],
) -> BulkOperation:
    """Add a comment to each case that does not have a comment with this text."""
    if not text.strip():
        raise CommandError("the comment is empty", WRONG_USAGE)

    def state(case: CaseItem) -> str:
        # The newest cells come first, so that a comment that was just added is on the first page.
        cells = client.cases.iterate_timeline(case.id, ascending=False)
        return _HAS_COMMENT if any(_has_text(cell, text) for cell in cells) else "lacks the comment"

    return BulkOperation(
        "add the comment to {}",
        one_by_one(lambda case: client.cases.comment(case.id, text)),
        state,
        _HAS_COMMENT,
        idempotent=False,
        batch_size=1,
    )


def _has_text(cell: TimelineCellItem, text: str) -> bool:
    """Whether a timeline cell is a comment with this text, ignoring surrounding white space."""
    message = cell.message
    return cell.is_comment and isinstance(message, str) and message.strip() == text.strip()


ALL = (label, unlabel, due_date, comment)
