"""`CheckResult`: the result of one check."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Status(StrEnum):
    """The status of a check; `SKIPPED` if a prerequisite is missing."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class CheckResult:
    """The result of one check.

    Attributes:
        check: what was checked, such as `keys`.
        status: the status of the check.
        found: the result in words. It contains no API or application key.
        advice: what to do, or "".
        details: further values for `--json`.
    """

    check: str
    status: Status
    found: str
    advice: str = ""
    details: Mapping[str, str | None] = field(default_factory=dict[str, "str | None"])


def ok(check: str, found: str) -> CheckResult:
    """Return a result without problems."""
    return CheckResult(check, Status.OK, found)


def warning(check: str, found: str, advice: str) -> CheckResult:
    """Return a result for something that works with restrictions."""
    return CheckResult(check, Status.WARNING, found, advice)


def error(check: str, found: str, advice: str = "") -> CheckResult:
    """Return a result for something that does not work."""
    return CheckResult(check, Status.ERROR, found, advice)


def skipped(check: str, found: str) -> CheckResult:
    """Return a result for a check that could not run."""
    return CheckResult(check, Status.SKIPPED, found)
