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

from datadog_cases_sandbox import app, families, seed
from datadog_cases_sandbox.connection import Connection
from datadog_cases_sandbox.faults import Faults
from datadog_cases_sandbox.store import MEMORY, Store

LOOPBACK: Final = "127.0.0.1"


class _Server(uvicorn.Server):
    """Says where it listens, once it does, and waits at its end for no request that a fault delays.

    Args:
        config: How to serve.
        faults: Those of the sandbox it serves.
    """

    def __init__(self, config: uvicorn.Config, faults: Faults) -> None:
        super().__init__(config)
        self._faults = faults

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listening in sockets or ():
            _host, port = listening.getsockname()
            sys.stdout.write(f"http://{LOOPBACK}:{port}\n")
            sys.stdout.flush()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._faults.clear()
        await super().shutdown(sockets)


def main(argv: Sequence[str] | None = None) -> int:
    """Serves until SIGINT or SIGTERM. The first line on stdout is the URL, when it is ready.

    Args:
        argv: Command line arguments; those of the process by default.

    Returns:
        0, or 1 if the port or a file cannot be had; a line on stderr says which and why.
    """
    arguments = _parser().parse_args(argv)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
    try:
        seeds = seed.read(arguments.seed) if arguments.seed else families.SEEDS
        store = Store(arguments.data, seeds)
    except seed.SeedError as error:
        return _failed(f"cannot start from {arguments.seed}: {error}")
    except sqlite3.Error as error:
        return _failed(f"cannot keep data in {arguments.data}: {error}")
    if arguments.seed and not store.was_empty:
        return _failed(
            f"cannot start from {arguments.seed}: there is data in {arguments.data}; leave --seed "
            "out to go on with that, or name another file with --data"
        )
    try:
        listening = socket.create_server((LOOPBACK, arguments.port))
    except (OSError, OverflowError) as error:
        return _failed(
            f"cannot listen on port {arguments.port}: {error}; --port 0 picks a free one"
        )
    # Accepted connections inherit this. asyncio would not set it on them, as this socket was made
    # without naming its protocol, and each answer would wait 40 ms for the client's delayed ACK.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    settings = app.Settings(
        arguments.api_key,
        arguments.app_key,
        latency=arguments.latency / 1000,
        async_delay=arguments.async_delay / 1000,
    )
    sandbox = app.Sandbox(settings, store, Faults(store.history))
    config = uvicorn.Config(
        app.create_app(sandbox),
        http=Connection,
        log_config=None,
        access_log=False,
        lifespan="off",
    )
    # After its own orderly shutdown, uvicorn raises the signal again for whoever handled it before.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with closing(store), listening, suppress(KeyboardInterrupt):
        _Server(config, sandbox.faults).run(sockets=[listening])
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="datadog-cases-sandbox",
        description="A local server that behaves as the Datadog Case Management API does.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--port", type=int, default=8126, help="0 picks a free one")
    parser.add_argument(
        "--data", metavar="FILE", default=MEMORY, help="SQLite file to keep the data in"
    )
    parser.add_argument(
        "--seed",
        metavar="FILE",
        type=Path,
        help="start from what `datadog-cases export` has written",
    )
    parser.add_argument("--api-key", default="sandbox-api-key", help="the DD-API-KEY to accept")
    parser.add_argument(
        "--app-key", default="sandbox-app-key", help="the DD-APPLICATION-KEY to accept"
    )
    parser.add_argument(
        "--latency", type=float, default=0, metavar="MS", help="wait before each answer of the API"
    )
    parser.add_argument(
        "--async-delay",
        type=float,
        default=100,
        metavar="MS",
        help="how long Jira and ServiceNow take to make an issue or a ticket",
    )
    return parser


def _failed(what: str) -> int:
    sys.stderr.write(f"datadog-cases-sandbox: {what}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
