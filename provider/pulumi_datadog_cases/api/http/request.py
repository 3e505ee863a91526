"""`RequestInfo`: describes a request for error messages, retries and rate limits."""

import re
from dataclasses import dataclass

from pulumi_datadog_cases._text import escape_controls
from pulumi_datadog_cases.api.config.settings import Settings
from pulumi_datadog_cases.api.errors import InvalidResponse

ROOT = "/api/v2"
"""The prefix of all paths of the API."""

_ID = re.compile(r"[^/]*[^/a-z_][^/]*")
_MAX_QUOTED = 300


@dataclass(frozen=True)
class RequestInfo:
    """The description of one request, without query parameters and body.

    Attributes:
        settings: the client's settings, with the base URL, and with the keys to hide in messages.
        method: the HTTP method.
        path: the path, from `/api/v2` on, with encoded ids.
        idempotent: whether sending the request twice has the same effect as sending it once.
        advice: what to do if the API rejects the request. If it is None, the HTTP status decides
            which advice the error message gives.
    """

    settings: Settings
    method: str
    path: str
    idempotent: bool
    advice: str | None = None

    def __str__(self) -> str:
        """Return method, path and base URL. Error messages begin with this text."""
        return f"{self.method} {self.path} on {self.settings.base_url}"

    @property
    def endpoint(self) -> str:
        """The method and the path with a `*` for each id, such as `POST /cases/*/title`.

        The API's own path segments consist of lower-case letters and underscores (documented). Any
        other segment counts as an id. So an id of only lower-case letters and underscores is not
        replaced by `*`, and the requests with this id count as requests to another endpoint.
        """
        return f"{self.method} {_ID.sub('*', self.path.removeprefix(ROOT))}"

    @property
    def may_have_run_hint(self) -> str:
        """A warning that the API may have carried out a request; "" for idempotent requests."""
        if self.idempotent:
            return ""
        return "It may have been carried out nevertheless: check before running again."

    def quote(self, text: str) -> str:
        """Make the text of a response or error safe to show: no keys, one line, limited length."""
        return _shortened(self.settings.redact(text))

    def invalid_response(self, problem: str) -> InvalidResponse:
        """Return the error for a response that is not in the API's format."""
        return InvalidResponse(
            f"{self} got a response that is not the API's: {problem}. Check datadog:site, "
            f"datadog:apiUrl and any proxy. {self.may_have_run_hint}".rstrip()
        )


def _shortened(text: str) -> str:
    """Reduce a text to one line without control characters, and to a limited length."""
    # Shorten the text before escaping, because it may have millions of characters and escaping
    # works character by character.
    shown = escape_controls(" ".join(text.split())[: _MAX_QUOTED + 1])
    return shown if len(shown) <= _MAX_QUOTED else f"{shown[:_MAX_QUOTED]}…"
