"""What came back, read as the API's JSON or turned into an error that explains itself."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from requests import Response

from pulumi_datadog_cases.api.document import JSON, Document
from pulumi_datadog_cases.api.errors import (
    ApiError,
    BadRequest,
    Conflict,
    Forbidden,
    InvalidResponse,
    NotFound,
    RateLimited,
    ServerError,
    Unauthorized,
)
from pulumi_datadog_cases.api.settings import Settings

_BY_STATUS: Mapping[int, type[ApiError]] = {
    400: BadRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    429: RateLimited,
}
_REQUEST_ID_HEADERS = ("x-request-id", "dd-request-id", "x-datadog-trace-id")

_KEYS = "datadog:apiKey or datadog:appKey is wrong or belongs to another site than datadog:site."
_ADVICE: Mapping[int, str] = {
    400: "Correct the value it names; where it names none, look at ids (UUIDs), enums and empty "
    "texts first.",
    401: _KEYS,
    403: f"The application key lacks the scope {{scope}}, or {_KEYS}",
    404: "It was deleted, never existed, or belongs to another organisation.",
    409: "Look at what is there already, then run again.",
    429: "Too many requests for this organisation: run again {when}.",
}
_LONGEST_DETAIL = 300
_MOST_DETAILS = 5
# X-RateLimit-Reset counts seconds from now (as Datadog's own client reads it); a number as
# large as this can only be a point in time.
_EPOCH = 1e9


@dataclass(frozen=True)
class Call:
    """One request, as far as an error needs to tell of it.

    Attributes:
        settings: whom it was sent as, and where to.
        method: the HTTP method.
        path: from `/api/v2` on, ids encoded.
        repeatable: whether carrying it out twice does the same as once.
    """

    settings: Settings
    method: str
    path: str
    repeatable: bool

    def __str__(self) -> str:
        """As an error message begins."""
        return f"{self.method} {self.path} on {self.settings.base_url}"

    @property
    def doubt(self) -> str:
        """What to say where nobody knows whether it was carried out and twice would be wrong."""
        if self.repeatable:
            return ""
        return "It may have been carried out all the same: look before running again."

    def quote(self, text: str) -> str:
        """Words from outside, made fit for a message: no keys, one line, not too long."""
        return _printable(self.settings.redact(text))

    def invalid(self, problem: str) -> InvalidResponse:
        """The error for an answer that is not the API's."""
        return InvalidResponse(
            f"{self} was not answered as the API does: {problem}. Check datadog:site and "
            f"datadog:apiUrl, and any proxy on the way. {self.doubt}".rstrip()
        )


def read(response: Response, call: Call, *, now: float) -> Document | None:
    """The document of a successful answer, None where its body is empty.

    Args:
        response: the answer.
        call: what it answers.
        now: the present as Unix time, for headers that name a point in time.

    Raises:
        ApiError: the API said no.
        InvalidResponse: a redirect, or a body that is not a JSON object.
    """
    status = response.status_code
    if 300 <= status < 400:  # noqa: PLR2004 - HTTP's own ranges
        target = call.quote(response.headers.get("location", "nowhere"))
        raise call.invalid(
            f"{status}, a redirect to {target}, which is not followed because the keys must not "
            "reach another host"
        )
    if status >= 400:  # noqa: PLR2004 - as above
        raise _error(response, call, now)
    if not response.content.strip():
        return None
    document = _json(response)
    if not isinstance(document, Mapping):
        raise call.invalid(f"{status} with {_excerpt(response, call)}")
    return document


def date_header(response: Response, name: str) -> float | None:
    """A date in a header as Unix time; None where there is none, or one that cannot be read."""
    try:
        return parsedate_to_datetime(response.headers.get(name, "")).timestamp()
    except ValueError:
        return None


def _wait_asked(response: Response, now: float) -> float | None:
    """Seconds the answer asks to wait, from `Retry-After` and on a 429 `X-RateLimit-Reset`.

    The first counts seconds or holds a date; the second counts seconds or names a point in Unix
    time. Where both are there, the longer one; what cannot be read is passed over.
    """
    headers = ["Retry-After"]
    if response.status_code == 429:  # noqa: PLR2004 - HTTP's own number
        # Other answers hold it too, to tell how the limit stands: no reason to wait (assumed).
        headers.append("X-RateLimit-Reset")
    waits: list[float] = []
    for header in headers:
        text = response.headers.get(header, "")
        try:
            seconds: float | None = float(text)
        except ValueError:
            seconds = date_header(response, header)
        if seconds is not None and math.isfinite(seconds):
            waits.append(max(0.0, seconds - now if seconds >= _EPOCH else seconds))
    return max(waits, default=None)


def _error(response: Response, call: Call, now: float) -> ApiError | InvalidResponse:
    status = response.status_code
    listed = _listed_errors(response)
    if status == 404 and not listed:  # noqa: PLR2004 - HTTP's own number
        # Not the API's 404: a wrong host or path answers so, and whoever took it for "the
        # object is gone" would forget objects that are there.
        return call.invalid(f"404 without a list of errors, but with {_excerpt(response, call)}")
    details = tuple(call.quote(_in_words(error)) for error in listed)
    said = "; ".join(details[:_MOST_DETAILS]) or _excerpt(response, call)
    if len(details) > _MOST_DETAILS:
        said += f"; and {len(details) - _MOST_DETAILS} more"
    ids = (response.headers.get(header) for header in _REQUEST_ID_HEADERS)
    request_id = next((call.quote(found) for found in ids if found), None)
    told = f"{said} (request id {request_id})" if request_id else said.rstrip(".")
    retry_after = _wait_asked(response, now)
    kind = ServerError if status >= 500 else _BY_STATUS.get(status, ApiError)  # noqa: PLR2004 - as above
    return kind(
        f"{call} answered {status}: {told}. {_advice(status, call, retry_after)}".rstrip(),
        status=status,
        method=call.method,
        path=call.path,
        details=details,
        request_id=request_id,
        retry_after=retry_after,
    )


def _advice(status: int, call: Call, retry_after: float | None) -> str:
    """What to do next; nothing for a status that this client has no word for."""
    if status >= 500 or status == 408:  # noqa: PLR2004 - HTTP's own numbers
        return call.doubt or "Run again later; https://status.datadoghq.com may know more."
    when = "later" if retry_after is None else f"in {retry_after:.0f} s"
    return _ADVICE.get(status, "").format(scope=_scope(call), when=when)


def _scope(call: Call) -> str:
    """The OAuth scope the endpoint needs (documented per endpoint)."""
    reading = call.method == "GET" or call.path.endswith("/cases/aggregate")
    if "/maintenance_windows" in call.path:
        return f"event_correlation_config_{'read' if reading else 'write'}"
    if "/cases" in call.path:
        return f"cases_{'read' if reading else 'write'}"
    return "user_access_read"


def _listed_errors(response: Response) -> list[JSON]:
    document = _json(response)
    errors = document.get("errors") if isinstance(document, Mapping) else None
    return errors if isinstance(errors, list) else []


def _in_words(error: JSON) -> str:
    """One entry of `errors`: a string as documented, or an object as recorded.

    No member of the object is sure to be there: title, detail, code, source and meta each
    occur without the others (recorded).
    """
    if not isinstance(error, Mapping):
        return error if isinstance(error, str) else json.dumps(error)
    said = ": ".join(str(error[member]) for member in ("title", "detail") if error.get(member))
    marks = [str(error["code"])] if error.get("code") else []
    for member in ("source", "meta"):
        extra = error.get(member)
        if isinstance(extra, Mapping):
            marks += [f"{name} {value}" for name, value in extra.items()]
    if not said:
        return ", ".join(marks) or json.dumps(error)
    return f"{said} ({', '.join(marks)})" if marks else said


def _json(response: Response) -> JSON:
    """The body as JSON; None where it is none, which no answer of the API's is."""
    try:
        value: JSON = json.loads(response.content)
    except (ValueError, RecursionError):
        return None
    return value


def _excerpt(response: Response, call: Call) -> str:
    """The body, where it is not the API's JSON."""
    text = call.quote(response.content.decode("utf-8", "replace"))
    if not text:
        return "an empty body"
    kind = call.quote(response.headers.get("content-type", "unnamed type"))
    return f"a body of {kind} that reads: {text}"


def _printable(text: str) -> str:
    """On one line, with what could steer a terminal written as an escape, and not too long."""
    shown = "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in " ".join(text.split())
    )
    return shown if len(shown) <= _LONGEST_DETAIL else f"{shown[:_LONGEST_DETAIL]}…"
