"""The command line: `python -m datadog_cases_sandbox`."""

import argparse
import logging
import signal
import socket
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

import uvicorn

from datadog_cases_sandbox import app, seed
from datadog_cases_sandbox.authentication import Authenticator
from datadog_cases_sandbox.connection import Connection
from datadog_cases_sandbox.endpoints import registry
from datadog_cases_sandbox.faults.injector import FaultInjector
from datadog_cases_sandbox.quirks.active import ActiveQuirks
from datadog_cases_sandbox.store import MEMORY, Store

LOOPBACK: Final = "127.0.0.1"

#: The time in seconds after which the server closes an idle connection.
_KEEP_ALIVE: Final = 300


class _Server(uvicorn.Server):
    """A server that prints its URL once it is up.

    On shutdown, the server closes the connections of all requests that a fault delays.

    Args:
        config: The server's settings.
        faults: The faults of the sandbox that the server runs.
    """

    def __init__(self, config: uvicorn.Config, faults: FaultInjector) -> None:
        super().__init__(config)
        self._faults = faults

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listener in sockets or ():
            _host, port = listener.getsockname()
            sys.stdout.write(f"http://{LOOPBACK}:{port}\n")
            sys.stdout.flush()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._faults.clear()
        await super().shutdown(sockets)


def main(argv: Sequence[str] | None = None) -> int:
    """Serves until SIGINT or SIGTERM. Prints the URL on stdout once the server is up.

    Args:
        argv: The command line arguments. By default, those of the process.

    Returns:
        0, or 1 if the port or a file is not usable. A line on stderr then names the port or the
        file, and the reason.
    """
    arguments = _parser().parse_args(argv)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
    try:
        seeds = seed.read(arguments.seed) if arguments.seed else registry.SEEDS
        store = Store(arguments.data, seeds)
    except seed.SeedError as error:
        return _failed(f"cannot start from {arguments.seed}: {error}")
    except sqlite3.Error as error:
        return _failed(f"cannot keep data in {arguments.data}: {error}")
    if arguments.seed and not store.was_empty:
        return _failed(
            f"cannot start from {arguments.seed}: {arguments.data} already has data; omit --seed "
            "to use it, or name another file with --data"
        )
    try:
        listener = socket.create_server((LOOPBACK, arguments.port))
    except (OSError, OverflowError) as error:
        return _failed(
            f"cannot listen on port {arguments.port}: {error}; --port 0 picks a free one"
        )
    # Accepted connections inherit the option TCP_NODELAY from this listening socket. Without the
    # option, each response waits 40 ms for a delayed ACK of the client. asyncio sets the option
    # only on sockets whose protocol is IPPROTO_TCP, and the protocol of this socket is 0.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    settings = app.Settings(
        latency=arguments.latency / 1000,
        async_delay=arguments.async_delay / 1000,
    )
    authenticator = Authenticator(
        arguments.api_key, arguments.app_key, arguments.bearer_token, arguments.token_lifetime
    )
    sandbox = app.Sandbox(
        settings, authenticator, store, FaultInjector(store.history), ActiveQuirks(store.history)
    )
    config = uvicorn.Config(
        app.create_app(sandbox),
        http=Connection,
        log_config=None,
        access_log=False,
        lifespan="off",
        # Longer than the pauses between the requests of a client. If a client sends a request while
        # the server closes the idle connection, the client gets a connection reset.
        timeout_keep_alive=_KEEP_ALIVE,
    )
    # After a signal, uvicorn shuts down and then raises the signal again. The handler that is set
    # here turns the second signal into a KeyboardInterrupt. The KeyboardInterrupt is suppressed
    # below, so the exit status is 0.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with closing(store), listener, suppress(KeyboardInterrupt):
        _Server(config, sandbox.faults).run(sockets=[listener])
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="datadog-cases-sandbox",
        description="A local server that behaves as the Datadog Case Management API does.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument(
        "--port", type=int, default=8126, help="port to listen on; 0 picks a free port"
    )
    parser.add_argument("--data", metavar="FILE", default=MEMORY, help="SQLite file for the data")
    parser.add_argument(
        "--seed",
        metavar="FILE",
        type=Path,
        help="start with the objects of a `datadog-cases export` file",
    )
    parser.add_argument("--api-key", default="sandbox-api-key", help="the DD-API-KEY to accept")
    parser.add_argument(
        "--app-key", default="sandbox-app-key", help="the DD-APPLICATION-KEY to accept"
    )
    parser.add_argument(
        "--bearer-token", default="sandbox-bearer-token", help="the access token to accept"
    )
    parser.add_argument(
        "--token-lifetime",
        type=float,
        default=900,
        metavar="SECONDS",
        help="how long a token for an AWS identity is valid",
    )
    parser.add_argument(
        "--latency",
        type=float,
        default=0,
        metavar="MS",
        help="delay before each response of the API",
    )
    parser.add_argument(
        "--async-delay",
        type=float,
        default=100,
        metavar="MS",
        help="time that the creation of a Jira issue or a ServiceNow ticket takes",
    )
    return parser


def _failed(problem: str) -> int:
    sys.stderr.write(f"datadog-cases-sandbox: {problem}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
