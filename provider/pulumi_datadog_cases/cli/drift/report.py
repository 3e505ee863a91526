"""What a comparison has found: for people in tables and a sentence, for programs in JSON."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pulumi_datadog_cases.cli.drift.differences import Difference, cut

if TYPE_CHECKING:
    from pulumi_datadog_cases.api.http.json_api import JSON


@dataclass(frozen=True, order=True)
class ObjectLabel:
    """An object, in the words by which people know it.

    Attributes:
        kind: such as `AutomationRule`.
        within: what it is part of, such as `SECOPS`; "" where that is nothing or not known.
        label: its key and its name, as far as it has any, else its id.
        name: its name in the program; "" where no stack manages it.
        id: its import id, which no other of its kind has.
    """

    kind: str
    within: str
    label: str
    name: str
    id: str


@dataclass(frozen=True, order=True)
class ChangedObject:
    """An object that is not as declared."""

    subject: ObjectLabel
    differences: Sequence[Difference] = field(compare=False)


@dataclass
class UnreadObjects:
    """What could not be read of a kind.

    Attributes:
        reasons: why; each is told once.
        names: the names in the program of what could not be compared.
    """

    reasons: list[str] = field(default_factory=list[str])
    names: list[str] = field(default_factory=list[str])


class Table(NamedTuple):
    """DriftReport of one sort. The cells hold words from outside, the rest does not."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass
class DriftReport:
    """What a comparison has found.

    Attributes:
        compared: how many objects were compared.
        changed: what is not as declared.
        gone: what is not there any more.
        unmanaged: what is there, and in none of the stacks that are known.
        unread: what could not be read, by kind.
    """

    compared: int = 0
    changed: list[ChangedObject] = field(default_factory=list[ChangedObject])
    gone: list[ObjectLabel] = field(default_factory=list[ObjectLabel])
    unmanaged: list[ObjectLabel] = field(default_factory=list[ObjectLabel])
    unread: dict[str, UnreadObjects] = field(default_factory=dict[str, UnreadObjects])

    def cannot_read(self, kind: str, reasons: Iterable[str], name: str | None = None) -> None:
        """Note why something of a kind could not be read, and its name if a stack manages it."""
        unread = self.unread.setdefault(kind, UnreadObjects())
        unread.reasons += [reason for reason in reasons if reason not in unread.reasons]
        unread.names += [] if name is None else [name]

    @property
    def is_drift(self) -> bool:
        """Whether anything is otherwise than declared."""
        return bool(self.changed or self.gone or self.unmanaged)

    @property
    def summary(self) -> str:
        """All of it in a line, without a word from outside."""
        counts = [
            (len(self.changed), "not as declared"),
            (len(self.gone), "gone"),
            (len(self.unmanaged), "managed by no stack"),
        ]
        drift = ", ".join(f"{count} {what}" for count, what in counts if count)
        found = f"Drift: {drift}" if drift else "No drift"
        were = "object was" if self.compared == 1 else "objects were"
        line = f"{found}. {self.compared} {were} compared."
        unread = ", ".join(sorted(self.unread))
        return f"{line} Not all could be read: {unread}." if unread else line

    @property
    def tables(self) -> Sequence[Table]:
        """All of it for people, each line of a length that can be read."""
        changed = [
            (*_named(each.subject), one.path, *one.texts)
            for each in sorted(self.changed)
            for one in each.differences
        ]
        gone = [_named(each) for each in sorted(self.gone)]
        unmanaged = [
            (each.kind, cut(each.label), cut(each.within), each.id)
            for each in sorted(self.unmanaged)
        ]
        unread = [
            (kind, _first(each.reasons), cut(", ".join(sorted(each.names))))
            for kind, each in sorted(self.unread.items())
        ]
        names = ("kind", "name", "known as")
        tables = (
            Table("Not all could be read", ("kind", "why", "not compared"), unread),
            Table("Not as declared", (*names, "property", "declared", "live"), changed),
            Table("Gone", names, gone),
            Table("Managed by no stack", ("kind", "known as", "in", "import id"), unmanaged),
        )
        return [table for table in tables if table.rows]

    def document(self) -> "JSON":
        """All of it for programs, whole; the form is a promise, told in the README."""
        return {
            "compared": self.compared,
            "changed": [
                {**vars(each.subject), "properties": [vars(one) for one in each.differences]}
                for each in sorted(self.changed)
            ],
            "gone": [vars(each) for each in sorted(self.gone)],
            "unmanaged": [vars(each) for each in sorted(self.unmanaged)],
            "unread": [
                {"kind": kind, "reasons": each.reasons, "names": sorted(each.names)}
                for kind, each in sorted(self.unread.items())
            ],
        }


def _named(subject: ObjectLabel) -> tuple[str, str, str]:
    return subject.kind, cut(subject.name), cut(subject.label)


def _first(reasons: Sequence[str]) -> str:
    more = len(reasons) - 1
    return f"{reasons[0]} (and {more} more like this)" if more else reasons[0]
