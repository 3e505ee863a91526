import json
import math
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from http.client import HTTPConnection, IncompleteRead, RemoteDisconnected
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import pytest
import requests

Send: TypeAlias = Callable[..., requests.Response]
AddFault: TypeAlias = Callable[..., str]
Connect: TypeAlias = Callable[[str, str], HTTPConnection]

KEYS = {"DD-API-KEY": "sandbox-api-key", "DD-APPLICATION-KEY": "sandbox-app-key"}
CASE_TYPE = {"type": "case_type", "attributes": {"name": "Fire"}}


@pytest.fixture
def add_fault(send: Send) -> AddFault:
    """Adds a fault and returns its id, as in `add_fault("status", "GET /cases", status=503)`."""

    def add(kind: str, endpoint: str = "*", **members: object) -> str:
        sent = json.dumps({"kind": kind, "endpoint": endpoint, **members}).encode()
        response = send("POST", "/sandbox/faults", body=sent)
        assert response.status_code == 201, response.text
        return str(response.json()[0]["id"])

    return add


@pytest.fixture
def connect(sandbox_url: str) -> Iterator[Connect]:
    """Sends a request without awaiting the response, as in `connect("POST", "/cases/types")`."""
    host = urlsplit(sandbox_url).netloc
    with closing(HTTPConnection(host, timeout=10)) as connection:

        def connected(method: str, path: str) -> HTTPConnection:
            body = json.dumps({"data": CASE_TYPE}) if method == "POST" else None
            connection.request(method, f"/api/v2{path}", body, KEYS)
            return connection

        yield connected


def names(send: Send) -> list[str]:
    """Removes all faults, and returns the names of the stored custom case types."""
    send("DELETE", "/sandbox/faults")
    stored = send("GET", "/cases/types").json()["data"]
    return [each["attributes"]["name"] for each in stored if not each["id"].startswith("0000")]


def logged(send: Send) -> list[tuple[object, ...]]:
    """Status and fault of each logged request, and whether the sandbox has processed it."""
    entries = send("GET", "/sandbox/requests").json()
    return [(e["status"], e.get("fault"), e.get("handled")) for e in entries]


def struck(send: Send) -> list[int]:
    return [fault["struck"] for fault in send("GET", "/sandbox/faults").json()]


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "timed out"
        time.sleep(0.02)


@pytest.mark.parametrize(
    ("members", "status", "headers", "text"),
    [
        (
            {"status": 503, "headers": {"Retry-After": "7"}},
            503,
            {"retry-after": "7", "content-type": "application/json"},
            '{"errors": ["Service Unavailable"]}',
        ),
        ({"status": 599}, 599, {}, '{"errors": ["Status 599"]}'),
        ({"status": 302, "headers": {"Location": "/x"}}, 302, {"location": "/x"}, ""),
        ({"status": 204}, 204, {}, ""),
        ({"status": 200, "body": [1]}, 200, {"content-type": "application/json"}, "[1]"),
        ({"status": 200, "body": "{"}, 200, {"content-type": "text/plain"}, "{"),
        (
            {"status": 200, "body": "é", "headers": {"Content-Type": "x/y"}},
            200,
            {"content-type": "x/y"},
            "é",
        ),
    ],
)
@pytest.mark.parametrize("committed", [False, True])
def test_status_fault(  # noqa: PLR0913, PLR0917 - a table and fixtures
    send: Send,
    add_fault: AddFault,
    connect: Connect,
    members: dict[str, Any],
    status: int,
    headers: dict[str, str],
    text: str,
    committed: bool,  # noqa: FBT001 - a parameter of the table
) -> None:
    add_fault("status", "POST /cases/types", committed=committed, **members)
    response = connect("POST", "/cases/types").getresponse()
    assert (response.status, response.read().decode()) == (status, text)
    assert headers.items() <= {name.lower(): value for name, value in response.getheaders()}.items()
    assert logged(send) == [(201 if committed else status, "status", committed)]
    assert names(send) == (["Fire"] if committed else [])


def test_html_fault(send: Send, add_fault: AddFault) -> None:
    add_fault("html", "POST *", count=1)
    add_fault("html", "POST *", status=502, committed=True, count=1)
    for status in (200, 502):
        response = send("POST", "/cases/types", CASE_TYPE)
        assert (response.status_code, response.headers["content-type"]) == (status, "text/html")
        assert response.text.startswith("<!DOCTYPE html>")
    assert logged(send) == [(200, "html", False), (201, "html", True)]
    assert names(send) == ["Fire"]


def test_drop_before(send: Send, add_fault: AddFault, connect: Connect) -> None:
    # This request opens the connection that the next request of `connect` reuses.
    connect("GET", "/cases/types").getresponse().read()
    add_fault("drop_before")
    with pytest.raises(RemoteDisconnected):
        connect("POST", "/cases/types").getresponse()
    assert logged(send)[1:] == [(None, "drop_before", False)]
    assert names(send) == []


def test_drop_after(send: Send, add_fault: AddFault, connect: Connect) -> None:
    connect("GET", "/cases/types").getresponse().read()
    add_fault("drop_after")
    with pytest.raises(RemoteDisconnected):
        connect("POST", "/cases/types").getresponse()
    assert logged(send)[1:] == [(201, "drop_after", True)]
    assert names(send) == ["Fire"]


def test_log_shows_api_status_of_dropped_response(send: Send, add_fault: AddFault) -> None:
    add_fault("drop_after", count=1)
    with pytest.raises(requests.ConnectionError):
        send("POST", "/cases/types", {"type": "wrong"})
    assert logged(send) == [(400, "drop_after", True)]
    assert send("GET", "/cases/types").status_code == 200


def test_cut_body(send: Send, add_fault: AddFault, connect: Connect) -> None:
    whole = send("GET", "/cases/types").content
    add_fault("cut_body")
    cut_off = connect("GET", "/cases/types")
    response = cut_off.getresponse()
    assert (response.status, response.length) == (200, len(whole))
    with pytest.raises(IncompleteRead) as cut:
        response.read()
    assert cut.value.partial == whole[: len(whole) // 2]
    cut_off.close()
    with pytest.raises(IncompleteRead):
        connect("POST", "/cases/types").getresponse().read()
    assert logged(send)[1:] == [(200, "cut_body", True), (201, "cut_body", True)]
    assert names(send) == ["Fire"]


def test_cut_body_ignores_responses_without_body(send: Send, add_fault: AddFault) -> None:
    made = send("POST", "/cases/types", CASE_TYPE).json()["data"]["id"]
    add_fault("cut_body", count=1)
    assert send("DELETE", f"/cases/types/{made}").status_code == 204
    assert struck(send) == [0]


def test_latency_fault(send: Send, add_fault: AddFault) -> None:
    add_fault("latency", seconds=0.2, count=1)
    started = time.monotonic()
    assert send("POST", "/cases/types", CASE_TYPE).status_code == 201
    assert time.monotonic() - started >= 0.2
    assert logged(send) == [(201, "latency", True)]


def test_delayed_request_is_handled_after_client_disconnects(
    send: Send, add_fault: AddFault, connect: Connect
) -> None:
    add_fault("latency", "POST *", seconds=0.2)
    connect("POST", "/cases/types").close()
    wait_for(lambda: bool(logged(send)))
    assert logged(send) == [(201, "latency", True)]
    assert names(send) == ["Fire"]


@pytest.mark.parametrize("committed", [False, True])
@pytest.mark.parametrize(("method", "path"), [("DELETE", "faults"), ("POST", "reset")])
def test_removing_latency_fault_drops_delayed_requests(  # noqa: PLR0913, PLR0917 - fixtures
    send: Send,
    add_fault: AddFault,
    connect: Connect,
    method: str,
    path: str,
    committed: bool,  # noqa: FBT001 - a parameter of the table
) -> None:
    add_fault("latency", "POST *", seconds=3600, committed=committed)
    waiting = connect("POST", "/cases/types")
    wait_for(lambda: struck(send) == [1])
    assert send(method, f"/sandbox/{path}").status_code == 204
    with pytest.raises(RemoteDisconnected):
        waiting.getresponse()
    assert logged(send) == [(201 if committed else None, "latency", committed)]
    assert names(send) == (["Fire"] if committed and path == "faults" else [])


def test_shutdown_drops_delayed_requests() -> None:
    command = (sys.executable, "-m", "datadog_cases_sandbox", "--port", "0")
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process,
        ExitStack() as end,
    ):
        end.callback(process.kill)  # ends the process if it is still running
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        faults = f"{url}/sandbox/faults"
        fault = {"kind": "latency", "endpoint": "*", "seconds": 3600}
        requests.post(faults, json=fault, timeout=10)
        waiting = end.enter_context(closing(HTTPConnection(urlsplit(url).netloc, timeout=10)))
        waiting.request("GET", "/api/v2/cases", headers=KEYS)
        wait_for(lambda: bool(requests.get(faults, timeout=10).json()[0]["struck"]))
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


@pytest.mark.parametrize("epoch", [False, True])
def test_rate_limit(send: Send, add_fault: AddFault, epoch: bool) -> None:  # noqa: FBT001 - a table
    add_fault("rate_limit", requests=2, period=3600, name="cases", epoch=epoch)
    before = time.time() if epoch else 0
    responses = [send("POST", "/cases/types", CASE_TYPE) for _ in range(3)]
    assert [response.status_code for response in responses] == [201, 201, 429]
    assert responses[2].json() == {"errors": ["Too Many Requests"]}
    for response, remaining in zip(responses, "100", strict=True):
        headers = {name: text for name, text in response.headers.items() if "ratelimit" in name}
        reset = float(headers.pop("x-ratelimit-reset")) - before
        assert headers == {
            "x-ratelimit-limit": "2",
            "x-ratelimit-period": "3600",
            "x-ratelimit-remaining": remaining,
            "x-ratelimit-name": "cases",
        }
        assert 3590 < reset <= math.ceil(3600 + 10 * epoch)
    assert logged(send)[2] == (429, "rate_limit", False)
    assert names(send) == ["Fire", "Fire"]


def test_rate_limit_resets_after_period(send: Send, add_fault: AddFault) -> None:
    add_fault("rate_limit", requests=1, period=1)
    first, second = send("GET", "/cases"), send("GET", "/cases")
    assert (first.status_code, second.status_code) == (200, 429)
    assert second.headers["X-RateLimit-Reset"] == "1"
    wait_for(lambda: send("GET", "/cases").status_code == 200)


@pytest.mark.parametrize(
    ("endpoint", "hit"),
    [
        ("*", True),
        ("* *", True),
        ("GET *", True),
        ("POST *", False),
        ("GET /cases/types", True),
        ("* /cases/t*s", True),
        ("GET /cases/**", True),
        ("GET /**", True),
        ("GET /cases/*", True),
        ("GET /*", False),
        ("GET /cases", False),
        ("GET /cases/types/*", False),
        ("GET /cases.types", False),
    ],
)
def test_endpoint_patterns(send: Send, add_fault: AddFault, endpoint: str, hit: bool) -> None:  # noqa: FBT001 - a table
    add_fault("status", endpoint, status=500)
    assert send("GET", "/cases/types?x=1").status_code == (500 if hit else 200)


def test_fault_precedes_keys_and_skips_control_endpoints(send: Send, add_fault: AddFault) -> None:
    add_fault("status", status=500)
    assert send("GET", "/cases", headers={"DD-API-KEY": None}).status_code == 500
    assert send("GET", "/sandbox/health").status_code == 200


def test_count_limits_applications(send: Send, add_fault: AddFault) -> None:
    add_fault("status", status=500, count=2)
    assert [send("GET", "/cases").status_code for _ in range(4)] == [500, 500, 200, 200]
    assert struck(send) == [2]


def test_seed_makes_choices_reproducible(send: Send, add_fault: AddFault) -> None:
    def played(**members: object) -> list[int]:
        send("DELETE", "/sandbox/faults")
        add_fault("status", status=500, **members)
        return [send("GET", "/cases").status_code for _ in range(30)]

    first = played(probability=0.5, seed=1)
    assert {200, 500} == {*first}
    assert played(probability=0.5, seed=1) == first
    assert played(probability=0.5, seed=2) != first
    assert played(probability=0.5, seed=1, count=1).count(500) == 1
    assert {200} == {*played(probability=0)}
    assert {500} == {*played(probability=1)}


def test_several_faults_are_layers(send: Send, add_fault: AddFault) -> None:
    for kind, members in (
        ("rate_limit", {"requests": 2, "period": 3600}),
        ("latency", {"seconds": 0, "count": 1}),
        ("status", {"status": 502, "committed": True}),
        ("drop_before", {"count": 1}),
    ):
        add_fault(kind, "POST *", **members)
    responses = [send("POST", "/cases/types", CASE_TYPE) for _ in range(3)]
    assert [response.status_code for response in responses] == [502, 502, 429]
    # `drop_before` drops the first request, but the outer `status` fault still responds with 502.
    assert logged(send) == [
        (502, "latency, status, drop_before", False),
        (201, "status", True),
        (429, "rate_limit", False),
    ]
    assert struck(send) == [1, 1, 2, 1]
    assert names(send) == ["Fire"]


def test_faults_are_listed_until_removed(send: Send) -> None:
    faults = [
        {"kind": "status", "endpoint": "GET /cases", "status": 500, "headers": {"A": "b"}},
        {"kind": "drop_after", "endpoint": "*", "probability": 0.5, "seed": 3},
    ]
    sent = send("POST", "/sandbox/faults", body=json.dumps(faults).encode())
    assert sent.status_code == 201
    for one, fault in zip(sent.json(), faults, strict=True):
        assert {**fault, "struck": 0}.items() <= one.items()
    assert len({one["id"] for one in sent.json()}) == 2
    assert send("GET", "/sandbox/faults").json() == sent.json()
    assert send("DELETE", "/sandbox/faults").status_code == 204
    assert send("GET", "/sandbox/faults").json() == []
    assert send("GET", "/cases").status_code == 200


@pytest.mark.parametrize(
    ("body", "problems"),
    [
        ("{", ["the body is not JSON: Expecting property name enclosed in double quotes"]),
        ("1", ["fault: Input should be a valid dictionary"]),
        ('{"endpoint": "*"}', ["kind: Field required"]),
        ('{"kind": "x", "endpoint": "*"}', ["kind: 'x' is none of 'status', 'latency', "]),
        ('{"kind": "status"}', ["endpoint: Field required", "status: Field required"]),
        ('{"kind": "drop_after", "endpoint": "get /"}', ["endpoint: must be '*', or a method"]),
        ('{"kind": "drop_after", "endpoint": "GET /api/v2/cases"}', ["endpoint: must be '*'"]),
        ('{"kind": "drop_after", "endpoint": "GET /cases?x=1"}', ["endpoint: must be '*'"]),
        ('{"kind": "drop_after", "endpoint": "*", "times": 1}', ["times: Extra inputs are not"]),
        ('{"kind": "drop_after", "endpoint": "*", "count": 0}', ["count: Input should be gr"]),
        ('{"kind": "drop_after", "endpoint": "*", "probability": 2}', ["probability: Input sho"]),
        ('{"kind": "latency", "endpoint": "*", "seconds": NaN}', ["seconds: Input should be"]),
        ('{"kind": "html", "endpoint": "*", "status": 204}', ["status: 204 has no body"]),
        ('{"kind": "status", "endpoint": "*", "status": 204, "body": 1}', ["body: 204 has no"]),
        (
            '{"kind": "status", "endpoint": "*", "status": 200, "headers": {"a b": "c"}}',
            ["headers: 'a b' is not a valid header name"],
        ),
        (
            '{"kind": "status", "endpoint": "*", "status": 200, "headers": {"a": "b\\nc"}}',
            ["headers: the value of a must be one line of ASCII"],
        ),
        (
            '{"kind": "status", "endpoint": "*", "status": 200, "headers": {"Content-Length": ""}}',
            ["headers: Content-Length is set by the server"],
        ),
        (
            '[{"kind": "drop_after", "endpoint": "*"}, {"kind": "latency", "endpoint": "*"}, 1]',
            ["[1].seconds: Field required", "[2].fault: Input should be a valid dictionary"],
        ),
    ],
)
def test_rejects_invalid_faults(send: Send, body: str, problems: list[str]) -> None:
    response = send("POST", "/sandbox/faults", body=body.encode())
    assert response.status_code == 400
    errors = response.json()["errors"]
    assert [error[: len(start)] for error, start in zip(errors, problems, strict=True)] == (
        problems
    )
    assert send("GET", "/sandbox/faults").json() == []
