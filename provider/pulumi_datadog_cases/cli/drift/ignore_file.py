"""`IgnoreFile`: names the differences that a team accepts, and removes them from a report."""

import re
import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import translate
from pathlib import Path
from typing import Final

from pulumi_datadog_cases.cli.drift.report import ChangedObject, DriftReport, ObjectLabel
from pulumi_datadog_cases.cli.group import CommandError
from pulumi_datadog_cases.cli.inventory import RESOURCE_TYPES
from pulumi_datadog_cases.engine.validation import closest, did_you_mean

#: The name of the file in the folder of the program.
NAME: Final = ".datadog-cases-ignore"

# The first word of an entry is the section of the report from which the entry removes differences.
# The section "Gone" is missing on purpose: an object that the program declares and that does not
# exist is never intended.
_SYNTAX: Final = "write `unmanaged TYPE OBJECT` or `changed TYPE OBJECT PROPERTY`"


@dataclass(frozen=True)
class _Entry:
    """One line of the file.

    Attributes:
        where: the file and the line number.
        line: the line.
        resource_type: matches names of resource types.
        wanted: the pattern of the objects, as it is in the line.
        name: the same pattern. It matches one of the texts that identify an object: see
            `ObjectLabel.texts`.
        path: matches property paths; None in an entry for unmanaged objects.
    """

    where: str
    line: str
    resource_type: re.Pattern[str]
    wanted: str
    name: re.Pattern[str]
    path: re.Pattern[str] | None

    @classmethod
    def parse(cls, where: str, line: str) -> "_Entry":
        """Parse a line that is not empty and not a comment.

        Raises:
            CommandError: the line is invalid.
        """
        try:
            words = shlex.split(line)
        except ValueError as error:
            reason = str(error).lower()
            raise CommandError(
                f"{where}: {reason} in {line}: {_SYNTAX}, and put a name that contains a quotation "
                "mark between quotation marks of the other kind"
            ) from None
        match words:
            case ["unmanaged", resource_type, name]:
                path = None
            case ["changed", resource_type, name, path]:
                pass
            case _:
                raise CommandError(
                    f"{where}: {line} is not an entry: {_SYNTAX}, and put a name that contains "
                    "spaces between quotation marks"
                )
        entry = cls(
            where,
            line,
            _compile(resource_type),
            name,
            _compile(name),
            None if path is None else _compile(path),
        )
        entry._check(resource_type, path)
        return entry

    def _check(self, resource_type: str, path: str | None) -> None:
        """Require that resource types match, and that one of them has the property."""
        types = [each for name, each in RESOURCE_TYPES.items() if self.resource_type.match(name)]
        if not types:
            hint = did_you_mean(resource_type, RESOURCE_TYPES)
            raise CommandError(f"{self.where}: {resource_type} is not a resource type{hint}")
        first = re.split(r"[.\[]", path or "*", maxsplit=1)[0]
        known = {name for each in types for name in each.Provider.resource_type.inputs}
        if first not in known and not re.search(r"[*?]", first):
            hint = did_you_mean(first, known)
            raise CommandError(
                f"{self.where}: {first} is not a property of {resource_type} that a program can "
                f"declare{hint}"
            )

    def matches(self, label: ObjectLabel) -> bool:
        """Whether the entry is for this object."""
        return self._matches_type(label) and any(map(self.name.match, label.texts))

    def suggestion(self, labels: Iterable[ObjectLabel]) -> str:
        """Return `; did you mean "…"?` with the most similar text of an object, if any."""
        of_type = filter(self._matches_type, labels)
        return closest(self.wanted, (text for each in of_type for text in each.texts))

    def matches_path(self, path: str) -> bool:
        """Whether the entry is for this property, or for a property that contains it."""
        return self.path is not None and any(map(self.path.match, _with_parents(path)))

    def _matches_type(self, label: ObjectLabel) -> bool:
        return bool(self.resource_type.match(label.resource_type))


@dataclass(frozen=True)
class IgnoreFile:
    """The entries of an ignore file."""

    _entries: Sequence[_Entry] = ()

    @classmethod
    def read(cls, file: Path | None, folder: Path) -> "IgnoreFile":
        """Read an ignore file.

        Args:
            file: the file, which must exist; None for the file `NAME` in the folder, if it exists.
            folder: the folder of the program.

        Raises:
            CommandError: the file cannot be read, or a line is invalid.
        """
        if file is None:
            file = folder / NAME
            if not file.exists():
                return cls()
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"the ignore file {file} cannot be read: {error}") from error
        numbered = enumerate(map(str.strip, lines), start=1)
        return cls(
            [
                _Entry.parse(f"{file}:{number}", line)
                for number, line in numbered
                if line and not line.startswith("#")
            ]
        )

    def apply(self, report: DriftReport) -> Sequence[str]:
        """Remove the ignored differences from a report, and count them in `report.ignored`.

        Returns:
            One message for each entry that matches no object. The result is empty if objects could
            not be read, because the entries may be for these objects.
        """
        # An entry for a property is in use if its object is compared, even if the property does not
        # differ. Otherwise a warning would name the entry whenever the property has its declared
        # value.
        messages = list[str]()
        for each in self._entries:
            labels = report.unmanaged if each.path is None else report.compared
            if not any(map(each.matches, labels)):
                hint = each.suggestion(labels)
                messages.append(f"{each.where}: {each.line} matches no object{hint}")
        self._apply_to_unmanaged(report)
        self._apply_to_changed(report)
        return [] if report.unread else messages

    def _apply_to_unmanaged(self, report: DriftReport) -> None:
        entries = [each for each in self._entries if each.path is None]
        left = [each for each in report.unmanaged if not any(e.matches(each) for e in entries)]
        report.ignored += len(report.unmanaged) - len(left)
        report.unmanaged = left

    def _apply_to_changed(self, report: DriftReport) -> None:
        changed = list[ChangedObject]()
        for each in report.changed:
            entries = [entry for entry in self._entries if entry.matches(each.label)]
            left = [
                one
                for one in each.differences
                if not any(e.matches_path(one.path) for e in entries)
            ]
            report.ignored += len(each.differences) - len(left)
            if left:
                changed.append(ChangedObject(each.label, left))
        report.changed = changed


def _compile(pattern: str) -> re.Pattern[str]:
    """Compile a pattern in which `*` and `?` are wildcards, as in a shell.

    Brackets are no wildcards, because property paths and many names contain them.
    """
    return re.compile(translate(pattern.replace("[", "[[]")))


def _with_parents(path: str) -> Iterator[str]:
    """Yield a property path and the paths of all properties that contain it."""
    for end in re.finditer(r"[.\[]|$", path):
        yield path[: end.start()]
