"""`RequestSender`: sends the requests of the checks, without retries."""

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

# Seconds to wait for a connection, and for each part of a response.
_TIMEOUTS: Final = (5.0, 30.0)


@dataclass(frozen=True)
class Result:
    """The result of a request.

    Attributes:
        seconds: the duration of the request.
        problem: why the request failed, or None.
        document: the body of the response, if the request succeeded.
        limit: the rate limit that the response reports.
        clock_offset: seconds to add to this machine's time to get the server's time; None if the
            response has no date.
    """

    seconds: float
    problem: DatadogCasesError | None = None
    document: Document | None = None
    limit: RateLimit = field(default_factory=RateLimit)
    clock_offset: float | None = None

    @property
    def is_forbidden(self) -> bool:
        """Whether the credentials are invalid or lack a scope."""
        return isinstance(self.problem, ApiError) and self.problem.status in {401, 403}

    @property
    def is_authorized(self) -> bool:
        """Whether the credentials have the scope that the request requires.

        A response 400 or 404 shows this too: it rejects only the content or the id.
        """
        return self.problem is None or (
            isinstance(self.problem, ApiError) and self.problem.status in {400, 404}
        )


class RequestSender:
    """Sends requests to one organisation."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._session = Session(settings, _TIMEOUTS)

    def send(
        self,
        method: str,
        path: str,
        params: Mapping[str, str] | None = None,
        body: Document | None = None,
    ) -> Result:
        """Send a request once.

        Args:
            method: the HTTP method.
            path: the path after `/api/v2`.
            params: query parameters.
            body: the JSON body.
        """
        info = RequestInfo(self._settings, method, ROOT + path, idempotent=True)
        data = None if body is None else json.dumps(body).encode()
        started = time.monotonic()
        try:
            response = self._session.send(info, params or {}, data)
        except DatadogCasesError as error:
            return Result(time.monotonic() - started, error)
        seconds, now = time.monotonic() - started, time.time()
        server_time = date(response.headers, "Date")
        result = Result(
            seconds,
            limit=RateLimit.read(response.headers, now),
            clock_offset=None if server_time is None else server_time - now,
        )
        try:
            return replace(result, document=parse_response(response, info, now=now))
        except DatadogCasesError as error:
            return replace(result, problem=error)

    @property
    def expires(self) -> float | None:
        """The Unix time when the credentials expire; None if that is unknown."""
        return self._session.authentication.expires

    def close(self) -> None:
        """Close the connections."""
        self._session.close()
