"""Parses responses into JSON:API documents, or into errors with advice."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass

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
from pulumi_datadog_cases.api.http.headers import Headers, requested_wait
from pulumi_datadog_cases.api.http.json_api import JSON, Document
from pulumi_datadog_cases.api.http.request import ROOT, RequestInfo
from pulumi_datadog_cases.api.scopes import required_scopes

_BY_STATUS: Mapping[int, type[ApiError]] = {
    400: BadRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    429: RateLimited,
}
_REQUEST_ID_HEADERS = ("x-request-id", "dd-request-id", "x-datadog-trace-id")

_ADVICE: Mapping[int, str] = {
    400: "Correct the value that the API names; if it names none, check ids (UUIDs), enums and "
    "empty strings first.",
    404: "It was deleted, never existed, is not accessible with these keys, or belongs to another "
    "organisation: check the id; "
    "`pulumi refresh` shows deleted objects.",
    409: "Check the existing object, then run again.",
}
_MAX_DETAILS = 5
# A body that is nested deeper than this number of levels is rejected, because Python limits
# recursion to about a thousand levels. Responses of the API have about a dozen levels (recorded).
_MAX_DEPTH = 100


@dataclass(frozen=True)
class Response:
    """A complete HTTP response.

    Attributes:
        status: the HTTP status.
        headers: the headers, made safe to show by `RequestInfo.quote`.
        content: the body, decoded according to Content-Encoding.
    """

    status: int
    headers: Headers
    content: bytes


def parse_response(response: Response, request: RequestInfo, *, now: float) -> Document | None:
    """Return the document of a successful response, or None if its body is empty.

    Args:
        response: the response.
        request: the request, for error messages.
        now: the server's current Unix time, for headers that say until when to wait.

    Raises:
        ApiError: an error response of the API.
        InvalidResponse: a redirect, or a body that is not a JSON object.
    """
    status = response.status
    if 300 <= status < 400:  # noqa: PLR2004 - HTTP ranges
        target = response.headers.get("location", "nowhere")
        raise request.invalid_response(
            f"{status}, a redirect to {target}. Redirects are not followed, because the keys must "
            "not reach another host"
        )
    if status >= 400:  # noqa: PLR2004 - HTTP ranges
        raise _error(response, request, now)
    if not response.content.strip():
        return None
    document = _json(response)
    if not isinstance(document, Mapping):
        raise request.invalid_response(f"{status} with {_excerpt(response, request)}")
    return document


def _error(response: Response, request: RequestInfo, now: float) -> ApiError | InvalidResponse:
    status = response.status
    listed = _listed_errors(response)
    if status == 404 and not listed:  # noqa: PLR2004 - an HTTP status
        # Each 404 of the API lists errors. A 404 without such a list comes from a wrong host or
        # path, so it does not show that the object is missing.
        return request.invalid_response(
            f"404 without a list of errors, with {_excerpt(response, request)}"
        )
    details = tuple(request.quote(_format_error(error)) for error in listed)
    message = "; ".join(details[:_MAX_DETAILS]) or _excerpt(response, request)
    if len(details) > _MAX_DETAILS:
        message += f"; and {len(details) - _MAX_DETAILS} more"
    ids = (response.headers.get(header) for header in _REQUEST_ID_HEADERS)
    request_id = next((found for found in ids if found), None)
    message = f"{message} (request id {request_id})" if request_id else message.rstrip(".")
    error = ServerError if status >= 500 else _BY_STATUS.get(status, ApiError)  # noqa: PLR2004 - HTTP
    return error(
        f"{request} answered {status}: {message}. {_advice(status, request)}".rstrip(),
        status=status,
        method=request.method,
        path=request.path,
        details=details,
        request_id=request_id,
        retry_after=requested_wait(status, response.headers, now),
    )


def _advice(status: int, request: RequestInfo) -> str:
    """Return what to do next, or an empty string.

    A 429 has no advice here. `Transport` adds the advice, because it knows how long requests have
    waited.
    """
    if status >= 500 or status == 408:  # noqa: PLR2004 - HTTP statuses
        return request.may_have_run_hint or "Run again later; see https://status.datadoghq.com."
    if request.advice:
        return request.advice
    credentials = request.settings.credentials
    if status == 401:  # noqa: PLR2004 - HTTP statuses
        return credentials.rejected
    if status == 403:  # noqa: PLR2004 - HTTP statuses
        scopes = required_scopes(request.method, request.path.removeprefix(ROOT))
        return credentials.forbidden.format(scope=" or ".join(scopes))
    return _ADVICE.get(status, "")


def _listed_errors(response: Response) -> list[JSON]:
    document = _json(response)
    errors = document.get("errors") if isinstance(document, Mapping) else None
    return errors if isinstance(errors, list) else []


def _format_error(error: JSON) -> str:
    """Format one entry of `errors`, which is a string (documented) or an object (recorded).

    In an object, each of the members `title`, `detail`, `code`, `source` and `meta` may be missing
    (recorded).
    """
    if not isinstance(error, Mapping):
        return error if isinstance(error, str) else json.dumps(error)
    text = ": ".join(str(error[member]) for member in ("title", "detail") if error.get(member))
    marks = [str(error["code"])] if error.get("code") else []
    for member in ("source", "meta"):
        extra = error.get(member)
        if isinstance(extra, Mapping):
            marks += [f"{name} {value}" for name, value in extra.items()]
    if not text:
        return ", ".join(marks) or json.dumps(error)
    return f"{text} ({', '.join(marks)})" if marks else text


def _json(response: Response) -> JSON:
    """Parse the body; return None if it is not JSON or too deeply nested."""
    try:
        value: JSON = json.loads(response.content, parse_float=_finite, parse_constant=_finite)
    except (ValueError, RecursionError):
        return None
    return None if _nests_deeper(value, _MAX_DEPTH) else value


def _finite(number: str) -> float:
    """Parse a number. Raise ValueError for NaN, Infinity and 1e999, which Python accepts."""
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


def _excerpt(response: Response, request: RequestInfo) -> str:
    """Describe a body that is not in the API's format: its content type and first characters."""
    text = request.quote(response.content.decode("utf-8", "replace"))
    if not text:
        return "an empty body"
    type_ = response.headers.get("content-type", "unknown type")
    return f"a body of {type_}: {text}"
