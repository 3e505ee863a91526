"""Retries: which requests are retried, after which delay, and how often."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pulumi_datadog_cases.api import (
    ApiError,
    Client,
    ConnectionFailed,
    DatadogCasesError,
    RateLimited,
    ServerError,
    Settings,
)
from pulumi_datadog_cases.api.http.retries import retry_delay

if TYPE_CHECKING:
    from tests.api.conftest import Server, Time

OK = {"data": {"id": "x", "type": "x"}}
ERROR = {"errors": ["No"]}

ClientCall = Callable[[Client], object]
CREATES: dict[str, ClientCall] = {
    "create": lambda client: client.projects.create({}),
    "comment": lambda client: client.cases.comment("k", "c"),
    "incident": lambda client: client.cases.link_incident("k", "i"),
    "bulk": lambda client: client.cases.bulk("archive", ["k"]),
}
IDEMPOTENT: dict[str, ClientCall] = {
    "get": lambda client: client.projects.get("p"),
    "patch": lambda client: client.projects.update("p", {}),
    "put": lambda client: client.case_types.update("t", {}),
    "delete": lambda client: client.projects.delete("p"),
    "setter": lambda client: client.cases.set_title("k", "t"),
    "value": lambda client: client.cases.set_custom_attribute("k", "a", {}),
    "archive": lambda client: client.cases.archive("k"),
    "enable": lambda client: client.automation_rules.enable("p", "r"),
    "watch": lambda client: client.cases.watch("k", "u"),
    "favorite": lambda client: client.projects.favorite("p"),
    "aggregate": lambda client: client.cases.aggregate("q", groups=[]),
}


def calls(of: dict[str, ClientCall]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "call", [pytest.param(call, id=name) for name, call in of.items()]
    )


@calls(IDEMPOTENT)
@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
def test_idempotent_request_is_retried(
    call: ClientCall, status: int, client: Client, server: "Server", passing: "Time"
) -> None:
    for _ in range(3):
        server.answer(status, ERROR)
    server.answer(200, OK)
    call(client)
    assert len(server.seen) == 4
    assert len({(seen.method, seen.target, seen.content) for seen in server.seen}) == 1
    assert passing.slept == [0.25, 0.5, 1.0]


@calls(IDEMPOTENT)
def test_at_most_four_attempts(call: ClientCall, client: Client, server: "Server") -> None:
    server.answer(500, ERROR)
    with pytest.raises(ServerError):
        call(client)
    assert len(server.seen) == 4


@calls(CREATES)
@pytest.mark.parametrize("status", [408, 500, 503])
def test_create_is_never_retried_after_server_error(
    call: ClientCall, status: int, client: Client, server: "Server"
) -> None:
    server.answer(status, ERROR, {"Retry-After": "1"})
    with pytest.raises(ApiError):
        call(client)
    assert len(server.seen) == 1


# The client's read timeout in seconds. It is short, because a test in which the server hangs takes
# this time.
SHORT_TIMEOUT = 0.5


@calls(CREATES)
@pytest.mark.parametrize("fault", ["reset", "hang", "cut"])
def test_create_is_not_retried_after_lost_response(
    call: ClientCall, fault: str, connect: Callable[..., Client], server: "Server"
) -> None:
    getattr(server, fault)()
    client = connect(server.url, read_timeout=SHORT_TIMEOUT if fault == "hang" else 10)
    with pytest.raises(ConnectionFailed, match="may have been carried out") as caught:
        call(client)
    assert caught.value.may_have_arrived
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("reset", "Connection reset by peer"),
        ("hang", "the response timed out"),
        ("cut", "the response was cut short or garbled"),
    ],
)
def test_idempotent_request_is_retried_after_lost_response(
    fault: str, reason: str, connect: Callable[..., Client], server: "Server"
) -> None:
    getattr(server, fault)()
    client = connect(server.url, read_timeout=SHORT_TIMEOUT if fault == "hang" else 10)
    with pytest.raises(ConnectionFailed, match=f"got no complete response: {reason}. Run again"):
        client.cases.set_title("k", "t")
    assert len(server.seen) == 4


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 410, 422])
def test_client_error_is_not_retried(status: int, client: Client, server: "Server") -> None:
    server.answer(status, ERROR)
    with pytest.raises(ApiError):
        client.projects.get("p")
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"X-RateLimit-Reset": "7"}, 7),
        ({"X-RateLimit-Reset": "1800000009"}, 9),
        ({"X-RateLimit-Reset": "1700000000"}, 0.25),
        ({"X-RateLimit-Reset": "0"}, 0.25),
        ({"Retry-After": "3"}, 3),
        ({"Retry-After": "Fri, 15 Jan 2027 08:00:05 GMT"}, 5),
        ({"Retry-After": "3", "X-RateLimit-Reset": "7"}, 7),
        ({"Retry-After": "soon", "X-RateLimit-Reset": "nan"}, 0.25),
        ({"Retry-After": "-5", "X-RateLimit-Reset": "inf"}, 0.25),
        ({}, 0.25),
    ],
)
def test_429_waits_as_long_as_requested(
    headers: dict[str, str], wait: float, client: Client, server: "Server", passing: "Time"
) -> None:
    server.answer(429, ERROR, headers)
    server.answer(200, OK)
    client.projects.get("p")
    assert passing.slept == [wait]


@pytest.mark.parametrize(
    "header",
    [{"X-RateLimit-Reset": "1800000107"}, {"Retry-After": "Fri, 15 Jan 2027 08:01:47 GMT"}],
)
def test_requested_time_uses_the_servers_clock(
    header: dict[str, str], client: Client, server: "Server", passing: "Time"
) -> None:
    # The server's clock is a hundred seconds ahead.
    server.answer(429, ERROR, {"Date": "Fri, 15 Jan 2027 08:01:40 GMT"} | header)
    server.answer(200, OK)
    client.projects.get("p")
    assert passing.slept == [7]


@calls(CREATES | IDEMPOTENT)
def test_429_is_retried_for_creates_too(call: ClientCall, client: Client, server: "Server") -> None:
    server.answer(429, ERROR)
    server.answer(200, {"data": [OK["data"]]} if call is CREATES["comment"] else OK)
    call(client)
    assert len(server.seen) == 2


def test_reset_header_counts_only_on_429(client: Client, server: "Server", passing: "Time") -> None:
    server.answer(503, ERROR, {"X-RateLimit-Reset": "50"})
    server.answer(503, ERROR, {"Retry-After": "20"})
    server.answer(200, OK)
    client.projects.get("p")
    assert passing.slept == [0.25, 20]


@pytest.mark.parametrize("reset", [0, 1, 10, 60, 299, 301, 900, 1e300])
def test_retry_timeout_limits_the_wait(
    reset: float, client: Client, server: "Server", passing: "Time"
) -> None:
    server.answer(429, ERROR, {"X-RateLimit-Reset": str(reset)})
    with pytest.raises(RateLimited) as caught:
        client.projects.get("p")
    assert passing.total <= 300
    assert (
        "allow a request to wait longer than 300 s: set datadog:httpClientRetryTimeout or DD_HTTP"
        in str(caught.value)
    )


def test_429_is_retried_until_the_timeout(
    connect: Callable[..., Client], server: "Server", passing: "Time"
) -> None:
    for _ in range(59):
        server.answer(429, ERROR, {"X-RateLimit-Reset": "60"})
    server.answer(200, OK)
    assert connect(server.url, retry_timeout=3600).projects.get("p").id == "x"
    assert passing.total == 59 * 60


def test_429_without_wait_backs_off() -> None:
    error = RateLimited("No", status=429, method="GET", path="/api/v2/cases")
    settings = Settings("api", "app")
    waits = [
        retry_delay(error, tries, settings, idempotent=False, jitter=0.0)
        for tries in range(1, 2000)
    ]
    assert waits[:6] == [0.25, 0.5, 1.0, 2.0, 4.0, 4.0]
    assert set(waits[6:]) == {4.0}


def test_retry_settings(server: "Server", connect: Callable[..., Client], passing: "Time") -> None:
    server.answer(500, ERROR)
    settings = {"max_retries": 4, "backoff_base": 4.0, "backoff_multiplier": 3.0}
    with pytest.raises(ServerError):
        connect(server.url, **settings).projects.get("p")
    assert passing.slept == [2.0, 4.0, 4.0, 4.0]


def test_no_retries_but_after_429(server: "Server", connect: Callable[..., Client]) -> None:
    server.answer(429, ERROR)
    server.answer(503, ERROR)
    with pytest.raises(ServerError):
        connect(server.url, max_retries=0).projects.get("p")
    assert len(server.seen) == 2


def test_429s_do_not_count_as_attempts(client: Client, server: "Server") -> None:
    for status in [429, 500, 429, 500, 429, 500, 429, 429]:
        server.answer(status, ERROR)
    server.answer(200, OK)
    assert client.projects.get("p").id == "x"


def test_rate_limit_timeout_limits_the_total_wait(
    connect: Callable[..., Client], server: "Server", passing: "Time"
) -> None:
    patient = connect(server.url, rate_limit_timeout=100)
    for _ in range(3):
        server.answer(429, ERROR, {"X-RateLimit-Reset": "40"})
        server.answer(200, OK)
    patient.projects.get("p")
    patient.projects.get("p")
    with pytest.raises(RateLimited) as caught:
        patient.projects.get("p")
    assert str(caught.value).endswith(
        "answered 429: No. Run again in 40 s, or allow a run to wait for rate limits longer than "
        "100 s in total (80 s so far): set datadog-cases:rateLimitTimeout or "
        "PULUMI_DATADOG_CASES_RATE_LIMIT_TIMEOUT."
    )
    assert round(passing.total) == 80


def test_request_with_too_long_wait_is_not_sent(client: Client, server: "Server") -> None:
    server.answer(429, ERROR, {"X-RateLimit-Reset": "900", "X-RateLimit-Name": "case\x1b_write"})
    with pytest.raises(RateLimited):
        client.projects.create({})
    with pytest.raises(RateLimited) as caught:
        client.projects.create({})
    assert str(caught.value) == (
        f"POST /api/v2/cases/projects on {server.url} was not sent: the rate limit "
        r"case\x1b_write is used up. Run again in 900 s, or allow a request to wait longer than "
        "300 s: set datadog:httpClientRetryTimeout or DD_HTTP_CLIENT_RETRY_TIMEOUT."
    )
    assert (caught.value.status, caught.value.retry_after) == (429, 900)
    assert not caught.value.may_have_arrived
    assert len(server.seen) == 1


@pytest.mark.parametrize("status", [429, 500])
def test_zero_retry_timeout_disables_retries(
    status: int, connect: Callable[..., Client], server: "Server"
) -> None:
    server.answer(status, ERROR, {"X-RateLimit-Reset": "0"})
    with pytest.raises(ApiError):
        connect(server.url, retry_timeout=0).projects.get("p")
    assert len(server.seen) == 1


def test_duration_of_attempts_counts(client: Client, server: "Server", passing: "Time") -> None:
    server.answer(500, ERROR)
    passing.clock_step = 80.0
    with pytest.raises(ServerError):
        client.projects.get("p")
    assert len(server.seen) == 2


@calls(CREATES | IDEMPOTENT)
def test_refused_connection_is_retried_once(
    call: ClientCall, connect: Callable[..., Client], unused_port: int, passing: "Time"
) -> None:
    with pytest.raises(ConnectionFailed, match="could not connect: Connection refused") as caught:
        call(connect(f"http://127.0.0.1:{unused_port}"))
    assert "Nothing was sent: check datadog:site" in str(caught.value)
    assert not caught.value.may_have_arrived
    assert passing.slept == [0.25]


def test_unknown_host_is_retried_once(connect: Callable[..., Client], passing: "Time") -> None:
    with pytest.raises(ConnectionFailed, match="the host name was not found") as caught:
        connect("https://api.datadoghq.invalid").projects.create({})
    assert not caught.value.may_have_arrived
    assert passing.slept == [0.25]


def test_retry_is_logged_with_reason(
    client: Client, server: "Server", caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="pulumi_datadog_cases")
    server.answer(503, ERROR, {"Retry-After": "7"})
    server.answer(429, ERROR, {"X-RateLimit-Reset": "9", "X-RateLimit-Name": "case_read"})
    server.answer(429, ERROR, {"X-RateLimit-Reset": "10"})
    server.answer(200, OK)
    client.projects.get("p-1")
    logged = [(record.levelname, record.getMessage()) for record in caplog.records]
    assert logged[0][1].startswith("retrying in 7.0 s: GET /api/v2/cases/projects/p-1 on ")
    used_up = "rate limit case_read used up: GET /cases/projects/* continues in"
    assert logged[1:] == [("INFO", f"{used_up} 9.0 s"), ("WARNING", f"{used_up} 10.0 s")]


def test_log_record_holds_no_error(
    client: Client, server: "Server", caplog: pytest.LogCaptureFixture
) -> None:
    """Log handlers may keep records, so a log record must not refer to an exception.

    The exception's traceback would keep its frames alive, and with them the locks in the frames.
    """
    caplog.set_level("INFO", logger="pulumi_datadog_cases")
    server.answer(503, ERROR)
    server.answer(200, OK)
    client.projects.get("p-1")
    (record,) = caplog.records
    assert isinstance(record.args, tuple)
    assert {type(each) for each in record.args} <= {str, int, float}


def test_message_ignores_callers_exception(client: Client, server: "Server") -> None:
    """The caller handles another exception during the call. The message must not contain it."""
    server.cut()
    try:
        Path("/no/file/of/the/caller").read_bytes()
    except FileNotFoundError:
        with pytest.raises(DatadogCasesError) as caught:
            client.cases.comment("k", "c")
    assert "cut short or garbled" in str(caught.value)
