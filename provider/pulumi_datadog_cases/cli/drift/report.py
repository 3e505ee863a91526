"""`DriftReport`: what a comparison found, as tables, a summary and a JSON document."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pulumi_datadog_cases.cli.documents import DriftDocument, DriftObject, DriftProperty
from pulumi_datadog_cases.cli.drift.differences import Difference, shorten
from pulumi_datadog_cases.cli.output import and_more, counted


@dataclass(frozen=True, order=True)
class ObjectLabel:
    """The texts that identify an object in a report.

    Attributes:
        resource_type: the resource type, such as `AutomationRule`.
        within: the key or name of the object's parent, such as `SECOPS`, or "".
        words: the object's key and its name, as far as it has them. If it has neither: the
            beginning of its text, or its id.
        name: the name of the resource in the program; "" if no stack manages the object.
        id: the import id.
    """

    resource_type: str
    within: str
    words: tuple[str, ...]
    name: str
    id: str

    @property
    def label(self) -> str:
        """The object's key and name, or what identifies it instead: see `words`."""
        return " ".join(self.words)

    @property
    def texts(self) -> Sequence[str]:
        """The texts that identify the object, such as its key, and `SECOPS/Page on call`."""
        within = f"{self.within}/{self.label}" if self.within else ""
        return [*filter(None, (self.label, *self.words, self.name, self.id, within))]

    def document(self) -> DriftObject:
        """Return the texts as an object of the JSON document."""
        return {
            "kind": self.resource_type,
            "within": self.within,
            "label": self.label,
            "name": self.name,
            "id": self.id,
        }


@dataclass(frozen=True, order=True)
class ChangedObject:
    """An object that differs from its declaration."""

    label: ObjectLabel
    differences: Sequence[Difference] = field(compare=False)


@dataclass
class UnreadObjects:
    """Objects of one resource type that could not be read.

    Attributes:
        reasons: why they could not be read, each reason once.
        names: the names of the resources that could not be compared.
    """

    reasons: list[str] = field(default_factory=list[str])
    names: list[str] = field(default_factory=list[str])


class Table(NamedTuple):
    """One section of the report. Cells are not escaped: code that prints them must escape them."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass
class DriftReport:
    """What a comparison found.

    Attributes:
        compared: the objects that were compared.
        changed: objects that differ from their declaration.
        gone: objects that do not exist any more.
        unmanaged: objects that none of the given stacks manages.
        unread: for each resource type, the objects that could not be read.
        ignored: the number of differences that were removed from the report: unmanaged objects, and
            properties of changed objects.
    """

    compared: list[ObjectLabel] = field(default_factory=list[ObjectLabel])
    changed: list[ChangedObject] = field(default_factory=list[ChangedObject])
    gone: list[ObjectLabel] = field(default_factory=list[ObjectLabel])
    unmanaged: list[ObjectLabel] = field(default_factory=list[ObjectLabel])
    unread: dict[str, UnreadObjects] = field(default_factory=dict[str, UnreadObjects])
    ignored: int = 0

    def add_unread(
        self, resource_type: str, reasons: Iterable[str], name: str | None = None
    ) -> None:
        """Report that objects of a type could not be read.

        Args:
            resource_type: the resource type.
            reasons: why the objects could not be read.
            name: the name of a resource that could not be compared for these reasons; None if the
                reasons concern a whole list.
        """
        unread = self.unread.setdefault(resource_type, UnreadObjects())
        unread.reasons += [reason for reason in reasons if reason not in unread.reasons]
        unread.names += [] if name is None else [name]

    @property
    def has_drift(self) -> bool:
        """Whether anything differs from the declarations."""
        return bool(self.changed or self.gone or self.unmanaged)

    @property
    def summary(self) -> str:
        """The report in one line.

        An example is `Drift: 1 changed, 2 gone. Compared 9 objects. Could not read everything:
        CaseView.` The line contains names of resource types, but no names of objects. So it needs
        no escaping.
        """
        counts = [
            (len(self.changed), "changed"),
            (len(self.gone), "gone"),
            (len(self.unmanaged), "unmanaged"),
        ]
        drift = ", ".join(f"{count} {label}" for count, label in counts if count)
        result = f"Drift: {drift}" if drift else "No drift"
        line = f"{result}. Compared {counted(len(self.compared), 'object')}."
        if self.ignored:
            line += f" Ignored {counted(self.ignored, 'difference')}."
        unread = ", ".join(sorted(self.unread))
        return f"{line} Could not read everything: {unread}." if unread else line

    @property
    def tables(self) -> Sequence[Table]:
        """The report as tables with shortened cells."""
        changed = [
            (*_columns(each.label), one.path, *one.shown)
            for each in sorted(self.changed)
            for one in each.differences
        ]
        gone = [_columns(each) for each in sorted(self.gone)]
        unmanaged = [
            (each.resource_type, shorten(each.label), shorten(each.within), each.id)
            for each in sorted(self.unmanaged)
        ]
        unread = [
            (
                resource_type,
                and_more(each.reasons[0], len(each.reasons)),
                shorten(", ".join(sorted(each.names))),
            )
            for resource_type, each in sorted(self.unread.items())
        ]
        names = ("type", "name", "object")
        tables = (
            Table("Could not be read", ("type", "reason", "not compared"), unread),
            Table("Changed", (*names, "property", "declared", "live"), changed),
            Table("Gone", names, gone),
            Table("Unmanaged", ("type", "object", "in", "import id"), unmanaged),
        )
        return [table for table in tables if table.rows]

    def document(self) -> DriftDocument:
        """Return the whole report for `--json`."""
        return {
            "compared": len(self.compared),
            "changed": [
                {
                    **each.label.document(),
                    "properties": [_property_document(one) for one in each.differences],
                }
                for each in sorted(self.changed)
            ],
            "gone": [each.document() for each in sorted(self.gone)],
            "unmanaged": [each.document() for each in sorted(self.unmanaged)],
            "unread": [
                {"kind": resource_type, "reasons": each.reasons, "names": sorted(each.names)}
                for resource_type, each in sorted(self.unread.items())
            ],
            "ignored": self.ignored,
        }


def _columns(label: ObjectLabel) -> tuple[str, str, str]:
    return label.resource_type, shorten(label.name), shorten(label.label)


def _property_document(difference: Difference) -> DriftProperty:
    return {
        "path": difference.path,
        "declared": difference.declared,
        "live": difference.live,
        "secret": difference.secret,
    }
