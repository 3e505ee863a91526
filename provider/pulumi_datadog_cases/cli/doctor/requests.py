"""Single requests, each sent once, with all that their answers tell."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from pulumi_datadog_cases.api import ApiError, DatadogCasesError, Settings
from pulumi_datadog_cases.api.http.headers import RateLimit, date
from pulumi_datadog_cases.api.http.json_api import Document
from pulumi_datadog_cases.api.http.request import ROOT, RequestInfo
from pulumi_datadog_cases.api.http.responses import parse_response
from pulumi_datadog_cases.api.http.session import Session

# Seconds for a connection, and for each next part of an answer.
_TIMEOUTS: Final = (5.0, 30.0)


@dataclass(frozen=True)
class Result:
    """What became of a request.

    Attributes:
        seconds: how long it took.
        problem: why it failed; None where it did not.
        document: the body of the answer, if it succeeded.
        limit: the rate limit that the answer tells of.
        clock_offset: seconds to add to this machine's clock to have that of the answer; None where
            it tells none.
    """

    seconds: float
    problem: DatadogCasesError | None = None
    document: Document | None = None
    limit: RateLimit = field(default_factory=RateLimit)
    clock_offset: float | None = None

    @property
    def refused(self) -> bool:
        """Whether the keys were, or what they may do."""
        return isinstance(self.problem, ApiError) and self.problem.status in {401, 403}

    @property
    def accepted(self) -> bool:
        """Whether the keys were, and what they may do, whatever else is wrong with the request."""
        return self.problem is None or (
            isinstance(self.problem, ApiError) and self.problem.status in {400, 404}
        )


class RequestSender:
    """Sends requests as one organisation."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._connections = Session(settings, _TIMEOUTS)

    def ask(
        self,
        method: str,
        path: str,
        params: Mapping[str, str] | None = None,
        body: Document | None = None,
    ) -> Result:
        """Send a request once, and take its answer as it is.

        Args:
            method: the HTTP method.
            path: what follows `/api/v2`.
            params: query parameters.
            body: the JSON body.
        """
        call = RequestInfo(self._settings, method, ROOT + path, idempotent=True)
        data = None if body is None else json.dumps(body).encode()
        started = time.monotonic()
        try:
            answer = self._connections.send(call, params or {}, data)
        except DatadogCasesError as failed:
            return Result(time.monotonic() - started, failed)
        seconds, now = time.monotonic() - started, time.time()
        server_time = date(answer.headers, "Date")
        result = Result(
            seconds,
            limit=RateLimit.read(answer.headers, now),
            clock_offset=None if server_time is None else server_time - now,
        )
        try:
            return replace(result, document=parse_response(answer, call, now=now))
        except DatadogCasesError as said:
            return replace(result, problem=said)

    def close(self) -> None:
        """Close the connections."""
        self._connections.close()
