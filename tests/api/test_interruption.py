"""After an interruption of the run, waits end and no further request is sent."""

import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING

import pytest

from pulumi_datadog_cases._interruption import Interruption
from pulumi_datadog_cases.api import Client, ConnectionFailed, Interrupted, ServerError, Settings
from pulumi_datadog_cases.api.http.transport import Transport

if TYPE_CHECKING:
    from tests.api.conftest import Server, Time

OK = {"data": {"id": "x", "type": "x"}}
ERROR = {"errors": ["No"]}


@pytest.fixture
def _interrupted_while_waiting(passing: "Time") -> None:
    passing.meanwhile = passing.set


@pytest.mark.usefixtures("_interrupted_while_waiting")
def test_create_that_waits_for_rate_limit_is_not_sent(client: Client, server: "Server") -> None:
    server.answer(429, ERROR, {"X-RateLimit-Reset": "60"})
    with pytest.raises(Interrupted) as raised:
        client.projects.create({})
    assert str(raised.value) == (
        f"POST /api/v2/cases/projects on {server.url} was not sent: the run was interrupted. "
        "Run again to continue."
    )
    assert raised.value.may_have_arrived is False
    assert len(server.seen) == 1


def test_create_after_interruption_is_not_sent(
    client: Client, server: "Server", passing: "Time"
) -> None:
    passing.set()
    with pytest.raises(Interrupted):
        client.projects.create({})
    assert server.seen == []
    assert passing.slept == []


@pytest.mark.usefixtures("_interrupted_while_waiting")
def test_interrupted_retry_raises_last_error(client: Client, server: "Server") -> None:
    server.answer(503, ERROR)
    with pytest.raises(ServerError) as raised:
        client.projects.update("p", {})
    assert raised.value.may_have_arrived is True
    assert len(server.seen) == 1


@pytest.mark.usefixtures("_interrupted_while_waiting")
def test_interrupted_connection_retry_raises_last_error(
    connect: Callable[..., Client], unused_port: int, passing: "Time"
) -> None:
    with pytest.raises(ConnectionFailed) as raised:
        connect(f"http://127.0.0.1:{unused_port}").projects.create({})
    assert raised.value.may_have_arrived is False
    assert len(passing.slept) == 1


def test_interrupted_request_may_have_arrived_by_an_earlier_attempt(
    client: Client, server: "Server", passing: "Time"
) -> None:
    server.answer(503, ERROR)
    server.answer(429, ERROR, {"X-RateLimit-Reset": "60"})
    passing.meanwhile = lambda: passing.set() if len(server.seen) == 2 else None
    with pytest.raises(Interrupted) as raised:
        client.projects.update("p", {})
    assert raised.value.may_have_arrived is True
    assert len(server.seen) == 2


def test_request_in_flight_is_completed(client: Client, server: "Server", passing: "Time") -> None:
    server.answer(200, OK)
    answer = server.replies.pop()

    def interrupt(handler: BaseHTTPRequestHandler) -> None:
        passing.set()
        answer(handler)

    server.replies.append(interrupt)
    assert client.projects.create({}).id == "x"


def test_interruption_wakes_waiting_threads(keys: tuple[str, str], server: "Server") -> None:
    server.answer(429, ERROR, {"X-RateLimit-Reset": "250"})
    interrupted = Interruption()
    raised: list[Exception] = []

    def create() -> None:
        try:
            client.projects.create({})
        except Interrupted as error:
            raised.append(error)

    with Client(
        Settings(*keys, server.url), connect=lambda s: Transport(s, interrupted=interrupted)
    ) as client:
        creates = [threading.Thread(target=create) for _ in range(3)]
        for thread in creates:
            thread.start()
        while not server.seen:
            time.sleep(0.001)
        interrupted.set()
        for thread in creates:
            thread.join(30)
    assert len(raised) == 3
