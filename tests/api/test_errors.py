"""Error messages.

Each message is one line. It contains the API's own words and a piece of advice, but no keys.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

import pulumi_datadog_cases.api as cases
from pulumi_datadog_cases.api import ApiError, Client, DatadogCasesError, errors

if TYPE_CHECKING:
    from tests.api.conftest import Server


ATTEMPTS: dict[str, Callable[[Client], object]] = {
    "get": lambda client: client.cases.get("k"),
    "set": lambda client: client.cases.set_title("k", "t"),
    "create": lambda client: client.cases.create({}, project_id="p"),
    "aggregate": lambda client: client.cases.aggregate("q", groups=[]),
    "delete": lambda client: client.projects.delete("p"),
    "windows": lambda client: client.maintenance_windows.list(),
    "window": lambda client: client.maintenance_windows.delete("w"),
    "users": lambda client: client.users.list(),
    "teams": lambda client: client.teams.list(),
    "case type": lambda client: client.case_types.delete("t"),
    "case types": lambda client: client.case_types.list(),
    "attribute": lambda client: client.custom_attributes.delete("t", "a"),
}


def failure(client: Client, attempt: str = "get") -> DatadogCasesError:
    with pytest.raises(DatadogCasesError) as caught:
        ATTEMPTS[attempt](client)
    message = str(caught.value)
    assert "\n" not in message
    assert message.isprintable()
    assert len(message) < 2500
    return caught.value


E4 = 'invalid parameter "CommentID" in "path"; expected type "uuid"'
E5 = "invalid priority P1234. Must be one of P1, P2, P3, P4, P5, NOT_DEFINED"
E7 = "failed to update batch: custom attribute configuration not found"


@pytest.mark.parametrize(
    ("status", "listed", "details"),
    [
        (400, [{"status": "400", "title": "Bad Request"}], ["Bad Request"]),
        (
            400,
            [{"status": "400", "title": "Bad Request", "detail": 'got type "x" expected "case"'}],
            ['Bad Request: got type "x" expected "case"'],
        ),
        (
            400,
            [{"status": "400", "title": "Bad", "detail": "invalid type string"}],
            ["Bad: invalid type string"],
        ),
        (400, [{"title": "Invalid Parameter", "detail": E4}], [f"Invalid Parameter: {E4}"]),
        (400, [{"title": "Generic Error", "detail": E5}], [f"Generic Error: {E5}"]),
        (
            404,
            [{"code": "resource_not_found", "title": "case not found"}],
            ["case not found (resource_not_found)"],
        ),
        (
            404,
            [{"code": "resource_not_found", "title": E7, "meta": {"key": "invalid_key"}}],
            [f"{E7} (resource_not_found, key invalid_key)"],
        ),
        (
            400,
            [{"detail": "d", "source": {"pointer": "/data/attributes/title"}}],
            ["d (pointer /data/attributes/title)"],
        ),
        (403, ["Forbidden"], ["Forbidden"]),
        (403, [" Forbidden\n"], ["Forbidden"]),
        (400, ["one", {"title": "two"}], ["one", "two"]),
        (400, [{"code": "only_a_code"}], ["only_a_code"]),
        (400, [{"id": 7}], ['{"id": 7}']),
        (400, [None, 7], ["null", "7"]),
        (400, [{"title": 7, "detail": None, "meta": None}], ["7"]),
    ],
)
def test_message_contains_the_apis_own_words(
    status: int, listed: list[object], details: list[str], client: Client, server: "Server"
) -> None:
    server.answer(status, {"errors": listed})
    error = failure(client)
    assert isinstance(error, ApiError)
    assert list(error.details) == details
    assert str(error).startswith(
        f"GET /api/v2/cases/k on {server.url} answered {status}: {'; '.join(details)}. "
    )


@pytest.mark.parametrize(
    ("status", "name"),
    [
        (400, "BadRequest"),
        (401, "Unauthorized"),
        (403, "Forbidden"),
        (404, "NotFound"),
        (409, "Conflict"),
        (410, "ApiError"),
        (422, "ApiError"),
        (429, "RateLimited"),
        (500, "ServerError"),
        (503, "ServerError"),
    ],
)
def test_status_maps_to_exception(status: int, name: str, client: Client, server: "Server") -> None:
    server.answer(status, {"errors": ["No"]}, {"x-request-id": "r-1"})
    error = failure(client)
    assert type(error) is getattr(cases, name)
    assert isinstance(error, ApiError)
    assert (error.status, error.method, error.path) == (status, "GET", "/api/v2/cases/k")
    assert error.request_id == "r-1"
    assert "No (request id r-1). " in f"{error} "


@pytest.mark.parametrize(
    ("status", "body", "may_have_arrived"),
    [
        *((status, {"errors": ["No"]}, False) for status in [400, 401, 403, 404, 409, 422, 429]),
        *((status, {"errors": ["No"]}, True) for status in [408, 500, 502, 503, 504]),
        (201, b"<html>", True),
        (303, None, True),
        (404, b"<html>", True),
    ],
)
def test_may_have_arrived_by_status(
    status: int, body: object, *, may_have_arrived: bool, client: Client, server: "Server"
) -> None:
    server.answer(status, body)
    assert failure(client, "create").may_have_arrived is may_have_arrived


@pytest.mark.parametrize(("status", "kind"), [(400, cases.BadRequest), (429, cases.RateLimited)])
def test_may_have_arrived_covers_all_attempts(
    status: int, kind: type[ApiError], client: Client, server: "Server"
) -> None:
    server.reset()
    server.answer(status, {"errors": ["No"]}, {"X-RateLimit-Reset": "900"})
    error = failure(client, "set")
    assert isinstance(error, kind)
    assert error.may_have_arrived


def test_exceptions_have_the_public_module() -> None:
    classes = [
        member
        for member in vars(errors).values()
        if isinstance(member, type) and issubclass(member, DatadogCasesError)
    ]
    assert {error.__module__ for error in classes} == {"pulumi_datadog_cases"}
    assert {error.__name__ for error in classes} <= set(cases.__all__)


@pytest.mark.parametrize(
    ("status", "attempt", "advice"),
    [
        (400, "set", "Correct the value that the API names"),
        (401, "get", "The keys datadog:apiKey and datadog:appKey are not both valid"),
        (403, "get", "lacks the scope cases_read, or the keys datadog:apiKey"),
        (403, "aggregate", "lacks the scope cases_read, or"),
        (403, "set", "lacks the scope cases_write, or"),
        (403, "delete", "lacks the scope cases_write, or"),
        (403, "windows", "lacks the scope event_correlation_config_read, or"),
        (403, "window", "lacks the scope event_correlation_config_write or cases_shared"),
        (403, "case type", "lacks the scope cases_shared_settings_write, or"),
        (403, "case types", "lacks the scope cases_read, or"),
        (403, "attribute", "lacks the scope cases_shared_settings_write, or"),
        (403, "users", "lacks the scope user_access_read, or"),
        (403, "teams", "lacks the scope teams_read, or"),
        (404, "get", "never existed"),
        (500, "get", "Run again later"),
        (500, "set", "Run again later"),
        (500, "create", "may have been carried out nevertheless: check before"),
        (408, "create", "may have been carried out nevertheless: check before"),
        (
            429,
            "create",
            "or allow a request to wait longer than 300 s: set datadog:httpClientRetryTimeout or",
        ),
    ],
)
def test_message_gives_advice(
    status: int, attempt: str, advice: str, client: Client, server: "Server"
) -> None:
    server.answer(status, {"errors": ["No"]})
    assert advice in str(failure(client, attempt))


@pytest.mark.parametrize(
    ("reset", "seconds"), [("900", 900), ("1800000900", 900), ("1e300", 1e300)]
)
def test_rate_limit_message_says_when_it_ends(
    reset: str, seconds: float, client: Client, server: "Server"
) -> None:
    server.answer(429, {"errors": ["Too many requests"]}, {"X-RateLimit-Reset": reset})
    error = failure(client)
    assert f"answered 429: Too many requests. Run again in {seconds:g} s, or allow" in str(error)
    assert isinstance(error, ApiError)
    assert error.retry_after == seconds


HTML = b"<html>\n<head><title>502 Bad Gateway</title></head>\n</html>"


@pytest.mark.parametrize(
    ("body", "content_type", "shown"),
    [
        (HTML, "text/html", "text/html: <html> <head><title>502 Bad Gateway"),
        (b"", "text/plain", "answered 500: an empty body."),
        (b'{"errors": [', "application/json", 'application/json: {"errors": ['),
        (b'{"errors": []}', "application/json", 'application/json: {"errors": []}'),
        (b'{"errors": "no"}', "application/json", 'application/json: {"errors": "no"}'),
        (b'["no"]', "application/json", 'application/json: ["no"]'),
        (b"\xff\xfe\x00", "application/json", r"application/json: \ufffd\ufffd\x00"),
        (b"[" * 100_000, "application/json", "application/json: [[["),
    ],
)
def test_error_without_errors_list_shows_body(
    body: bytes, content_type: str, shown: str, client: Client, server: "Server"
) -> None:
    server.answer(500, body, {"content-type": content_type})
    error = failure(client)
    assert isinstance(error, cases.ServerError)
    assert shown.replace(r"\ufffd", "�") in str(error)


@pytest.mark.parametrize("body", [b"", HTML, b'{"message": "no Route matched"}', b'{"errors": []}'])
def test_404_not_from_the_api_is_invalid(body: bytes, client: Client, server: "Server") -> None:
    server.answer(404, body)
    error = failure(client)
    assert isinstance(error, cases.InvalidResponse)
    assert "404 without a list of errors" in str(error)
    assert "datadog:apiUrl" in str(error)


@pytest.mark.parametrize("body", [HTML, b'{"data": {', b'"ok"', b"[]", b"null", b"[" * 100_000])
def test_success_not_from_the_api_is_invalid(body: bytes, client: Client, server: "Server") -> None:
    server.answer(200, body, {"content-type": "text/html"})
    error = failure(client)
    assert isinstance(error, cases.InvalidResponse)
    assert "200 with a body of text/html: " in str(error)


@pytest.mark.parametrize("status", [301, 302, 304, 307, 308])
def test_redirect_is_not_followed(status: int, client: Client, server: "Server") -> None:
    server.answer(status, None, {"location": f"{server.url}/elsewhere"})
    error = failure(client)
    assert isinstance(error, cases.InvalidResponse)
    assert f"a redirect to {server.url}/elsewhere. Redirects are not followed" in str(error)
    assert len(server.seen) == 1


def test_control_characters_are_escaped(client: Client, server: "Server") -> None:
    text = "\x1b[2J\x1b]0;owned\x07 a\r\nb\u202ec\ud800d\x9be"
    server.answer(400, {"errors": [text]}, {"x-request-id": "\x1b[1m"})
    message = str(failure(client))
    assert r"\x1b[2J\x1b]0;owned\x07 a b\u202ec\ud800d\x9be" in message


def test_long_messages_are_shortened(client: Client, server: "Server") -> None:
    server.answer(400, {"errors": ["x" * 10_000, *(f"error {number}" for number in range(99))]})
    error = failure(client)
    assert isinstance(error, ApiError)
    assert "x" * 300 + "…; error 0; error 1; error 2; error 3; and 95 more." in str(error)
    assert len(error.details) == 100


@pytest.mark.parametrize("before", ["", "x" * 290, "\x1b" * 290, " " * 5_000])
def test_keys_in_responses_are_redacted(
    before: str,
    keys: tuple[str, str],
    client: Client,
    server: "Server",
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    echo = before + " ".join(keys)
    replies: list[tuple[int, object, dict[str, str]]] = [
        (
            403,
            {"errors": [echo, {"title": echo, "meta": {echo: echo}}]},
            {"x-request-id": echo.strip()},
        ),
        (502, echo.encode(), {"content-type": f"text/{keys[1]}"}),
        (200, echo.encode(), {}),
        (404, echo.encode(), {}),
        (302, None, {"location": f"https://evil.example/?{keys[0]}"}),
    ]
    for status, body, headers in replies:
        server.seen.clear()
        server.replies.clear()
        server.answer(
            status, body, {name: value.replace("\x1b", "") for name, value in headers.items()}
        )
        error = failure(client)
        shown = f"{error} {error!r} {vars(error)} {client!r} {caplog.text}"
        for key in keys:
            assert key not in shown
            assert key[:10] not in shown
