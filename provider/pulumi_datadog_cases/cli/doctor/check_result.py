"""What a check of the doctor's has found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Status(StrEnum):
    """How a check ended; `SKIPPED` where what it needs is not there."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class CheckResult:
    """One line of the diagnosis.

    Attributes:
        check: what was looked at.
        status: how that ended.
        found: what was found; never a key.
        advice: what to do about it; "" where there is nothing to do.
        details: what a program may want to know of it.
    """

    check: str
    status: Status
    found: str
    advice: str = ""
    details: Mapping[str, str | None] = field(default_factory=dict[str, "str | None"])


def ok(check: str, found: str) -> CheckResult:
    """All is well."""
    return CheckResult(check, Status.OK, found)


def warning(check: str, found: str, advice: str) -> CheckResult:
    """Something works, but not for everything, or not for long."""
    return CheckResult(check, Status.WARNING, found, advice)


def error(check: str, found: str, advice: str = "") -> CheckResult:
    """Something does not work; without advice where `found` holds it."""
    return CheckResult(check, Status.ERROR, found, advice)


def skipped(check: str, found: str) -> CheckResult:
    """Nothing could be looked at."""
    return CheckResult(check, Status.SKIPPED, found)
