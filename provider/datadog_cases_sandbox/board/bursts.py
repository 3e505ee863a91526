"""The journal as people read it: what was sent in one go, a preview or an `up`, stands together."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import unquote

from datadog_cases_sandbox.call import Json
from datadog_cases_sandbox.journal import Noted

PAUSE: Final = 3.0
"""Seconds without a request after which another burst begins."""

READING: Final = {"GET", "HEAD"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request.

    Attributes:
        at: When it was answered, in nanoseconds since the epoch.
        entry: What the journal tells of it.
    """

    at: int
    entry: Json

    @property
    def time(self) -> datetime:
        """When it was answered, in UTC."""
        return datetime.fromtimestamp(self.at / 1e9, UTC)

    @property
    def path(self) -> str:
        """What was asked for, spelt for people."""
        return unquote(str(self.entry["path"]).removeprefix("/api/v2"))

    @property
    def writes(self) -> bool:
        """Whether it was to change something."""
        return self.entry["method"] not in READING

    @property
    def failed(self) -> bool:
        """Whether it was refused, or a fault struck it."""
        status = self.entry["status"]
        return not isinstance(status, int) or status >= 400 or "fault" in self.entry  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class Burst:
    """Requests without a pause between them, newest first; never empty."""

    asked: list[Asked]

    @property
    def writes(self) -> int:
        """How many were to change something."""
        return sum(one.writes for one in self.asked)

    @property
    def failed(self) -> int:
        """How many were refused or struck by a fault."""
        return sum(one.failed for one in self.asked)


def bursts(noted: list[Noted], only: str = "") -> list[Burst]:
    """What was asked, in bursts.

    Args:
        noted: Requests, newest first.
        only: `writes` or `errors`: those alone. Bursts are told apart by all requests even so.
    """
    found: list[Burst] = []
    before: int | None = None
    for at, entry in noted:
        if before is None or before - at > PAUSE * 1e9:
            found.append(Burst([]))
        before = at
        asked = Asked(at, entry)
        if (only != "writes" or asked.writes) and (only != "errors" or asked.failed):
            found[-1].asked.append(asked)
    return [burst for burst in found if burst.asked]
