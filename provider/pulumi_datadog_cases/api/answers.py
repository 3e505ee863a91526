"""What came back, read as the API's JSON or turned into an error that explains itself."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

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
from pulumi_datadog_cases.api.headers import Headers, wait_asked
from pulumi_datadog_cases.api.settings import Settings

ROOT = "/api/v2"
"""What all paths begin with."""

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
    404: "It was deleted, never existed, or belongs to another organisation: look at its id; "
    "`pulumi refresh` shows what is gone.",
    409: "Look at what is there already, then run again.",
}
_ID = re.compile(r"[^/]*[^/a-z_][^/]*")
_LONGEST_DETAIL = 300
_MOST_DETAILS = 5
# The API's own answers nest about a dozen deep (recorded). Whatever walks through one that
# nests a thousand deep runs out of stack.
_DEEPEST = 100


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
    def endpoint(self) -> str:
        """The method and the path with a `*` for each id, as in `POST /cases/*/title`.

        The API's own words are lower-case letters and underscores (documented); what holds
        anything else is taken for an id. An id that does not counts as an endpoint by itself.
        """
        return f"{self.method} {_ID.sub('*', self.path.removeprefix(ROOT))}"

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


@dataclass(frozen=True)
class Answer:
    """What came back, whole.

    Attributes:
        status: the HTTP status.
        headers: fit to be quoted, as `Call.quote` makes them.
        content: the body, decoded as its headers say.
    """

    status: int
    headers: Headers
    content: bytes


def read(answer: Answer, call: Call, *, now: float) -> Document | None:
    """The document of a successful answer, None where its body is empty.

    Args:
        answer: the answer.
        call: what it answers.
        now: the present as Unix time, for headers that name a point in time.

    Raises:
        ApiError: the API said no.
        InvalidResponse: a redirect, or a body that is not a JSON object.
    """
    status = answer.status
    if 300 <= status < 400:  # noqa: PLR2004 - HTTP's own ranges
        target = answer.headers.get("location", "nowhere")
        raise call.invalid(
            f"{status}, a redirect to {target}, which is not followed because the keys must not "
            "reach another host"
        )
    if status >= 400:  # noqa: PLR2004 - as above
        raise _error(answer, call, now)
    if not answer.content.strip():
        return None
    document = _json(answer)
    if not isinstance(document, Mapping):
        raise call.invalid(f"{status} with {_excerpt(answer, call)}")
    return document


def _error(answer: Answer, call: Call, now: float) -> ApiError | InvalidResponse:
    status = answer.status
    listed = _listed_errors(answer)
    if status == 404 and not listed:  # noqa: PLR2004 - HTTP's own number
        # Not the API's 404: a wrong host or path answers so, and whoever took it for "the
        # object is gone" would forget objects that are there.
        return call.invalid(f"404 without a list of errors, but with {_excerpt(answer, call)}")
    details = tuple(call.quote(_in_words(error)) for error in listed)
    said = "; ".join(details[:_MOST_DETAILS]) or _excerpt(answer, call)
    if len(details) > _MOST_DETAILS:
        said += f"; and {len(details) - _MOST_DETAILS} more"
    ids = (answer.headers.get(header) for header in _REQUEST_ID_HEADERS)
    request_id = next((found for found in ids if found), None)
    told = f"{said} (request id {request_id})" if request_id else said.rstrip(".")
    kind = ServerError if status >= 500 else _BY_STATUS.get(status, ApiError)  # noqa: PLR2004 - as above
    return kind(
        f"{call} answered {status}: {told}. {_advice(status, call)}".rstrip(),
        status=status,
        method=call.method,
        path=call.path,
        details=details,
        request_id=request_id,
        retry_after=wait_asked(status, answer.headers, now),
    )


def _advice(status: int, call: Call) -> str:
    """What to do next; nothing for a status that this client has no word for.

    Of a 429 it is for the transport to say, which knows how long it has waited.
    """
    if status >= 500 or status == 408:  # noqa: PLR2004 - HTTP's own numbers
        return call.doubt or "Run again later; https://status.datadoghq.com may know more."
    return _ADVICE.get(status, "").format(scope=scope(call.method, call.path))


def scope(method: str, path: str) -> str:
    """The scope that an application key needs for an endpoint (documented per endpoint)."""
    reading = method == "GET" or path.endswith("/cases/aggregate")
    if "/maintenance_windows" in path:
        return f"event_correlation_config_{'read' if reading else 'write'}"
    if "/cases" in path:
        return f"cases_{'read' if reading else 'write'}"
    return "user_access_read"


def _listed_errors(answer: Answer) -> list[JSON]:
    document = _json(answer)
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


def _json(answer: Answer) -> JSON:
    """The body as JSON; None where it is none, or none of the API's."""
    try:
        value: JSON = json.loads(answer.content, parse_float=_finite, parse_constant=_finite)
    except (ValueError, RecursionError):
        return None
    return None if _nests_deeper(value, _DEEPEST) else value


def _finite(number: str) -> float:
    """A number that JSON has; Python's reader also takes NaN, Infinity and 1e999."""
    value = float(number)
    if not math.isfinite(value):
        raise ValueError(number)
    return value


def _nests_deeper(value: JSON, levels: int) -> bool:
    match value:
        case Mapping():
            return levels == 0 or any(_nests_deeper(each, levels - 1) for each in value.values())
        case list():
            return levels == 0 or any(_nests_deeper(each, levels - 1) for each in value)
        case _:
            return False


def _excerpt(answer: Answer, call: Call) -> str:
    """The body, where it is not the API's JSON."""
    text = call.quote(answer.content.decode("utf-8", "replace"))
    if not text:
        return "an empty body"
    kind = answer.headers.get("content-type", "unnamed type")
    return f"a body of {kind} that reads: {text}"


def _printable(text: str) -> str:
    """On one line, with what could steer a terminal written as an escape, and not too long."""
    # Cut before it is looked at character by character, of which there may be millions.
    line = " ".join(text.split())[: _LONGEST_DETAIL + 1]
    shown = "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in line
    )
    return shown if len(shown) <= _LONGEST_DETAIL else f"{shown[:_LONGEST_DETAIL]}…"
