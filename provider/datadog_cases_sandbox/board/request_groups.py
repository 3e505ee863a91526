"""Splits the logged requests at pauses, so that each `pulumi up` or preview is one group."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import unquote

from datadog_cases_sandbox.handler import JsonObject
from datadog_cases_sandbox.request_log import LoggedRequest

PAUSE: Final = 3.0
"""A new group begins after this many seconds without a request."""

READ_METHODS: Final = {"GET", "HEAD"}


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request on the page.

    Attributes:
        at: The time of the response, in nanoseconds since the epoch.
        entry: The entry of the request log.
    """

    at: int
    entry: JsonObject

    @property
    def time(self) -> datetime:
        """The time of the response, in UTC."""
        return datetime.fromtimestamp(self.at / 1e9, UTC)

    @property
    def path(self) -> str:
        """The path below `/api/v2`, decoded."""
        return unquote(str(self.entry["path"]).removeprefix("/api/v2"))

    @property
    def is_write(self) -> bool:
        """Whether the request is a write."""
        return self.entry["method"] not in READ_METHODS

    @property
    def failed(self) -> bool:
        """Whether the request was rejected, got no response, or was changed by a fault."""
        status = self.entry["status"]
        return not isinstance(status, int) or status >= 400 or "fault" in self.entry  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class RequestGroup:
    """One or more requests without a pause between them, newest first."""

    requests: list[RequestRow]

    @property
    def writes(self) -> int:
        """The number of writes."""
        return sum(request.is_write for request in self.requests)

    @property
    def failed(self) -> int:
        """The number of failed requests."""
        return sum(request.failed for request in self.requests)


def request_groups(requests: list[LoggedRequest], only: str = "") -> list[RequestGroup]:
    """Groups requests. The newest group comes first.

    Args:
        requests: The requests, newest first.
        only: Which requests the groups contain: `writes`, `errors` (the failed requests), or an
            empty text for all requests. Pauses are measured between all requests.
    """
    groups: list[RequestGroup] = []
    newer: int | None = None
    for at, entry in requests:
        if newer is None or newer - at > PAUSE * 1e9:
            groups.append(RequestGroup([]))
        newer = at
        row = RequestRow(at, entry)
        if (only != "writes" or row.is_write) and (only != "errors" or row.failed):
            groups[-1].requests.append(row)
    return [group for group in groups if group.requests]
