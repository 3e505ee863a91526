"""An HTTP server that sends scripted responses, and clients with simulated time."""

import contextlib
import functools
import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import trustme

from pulumi_datadog_cases._interruption import Interruption
from pulumi_datadog_cases.api import Client, Settings
from pulumi_datadog_cases.api.http.transport import Transport


@dataclass(frozen=True)
class Seen:
    """A request that the server has received."""

    method: str
    target: str
    headers: Mapping[str, str]
    content: bytes
    connection: object

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def body(self) -> object:
        return json.loads(self.content) if self.content else None


Reply = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Server:
    """A server that sends its replies one after the other, and then repeats the last reply.

    A reply is a function that handles one request. For example, it sends a response, or it resets
    the connection.
    """

    url: str
    seen: list[Seen] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    hanging: threading.Event = field(default_factory=threading.Event)

    def answer(
        self, status: int = 200, body: object = None, headers: Mapping[str, str] | None = None
    ) -> None:
        """Add a response. A body of bytes is sent unchanged, any other body as JSON."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        if body is None:
            content = b""
        sent = {"content-type": "application/vnd.api+json"} | dict(headers or {})

        def reply(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response_only(status)  # adds no Date header, so that a test can set it
            for name, value in sent.items():
                handler.send_header(name, value)
            handler.send_header("content-length", str(len(content)))
            handler.end_headers()
            handler.wfile.write(content)

        self.replies.append(reply)

    def reset(self) -> None:
        """Add a reply that resets the connection after the request has arrived."""

        def reply(handler: BaseHTTPRequestHandler) -> None:
            linger = struct.pack("ii", 1, 0)
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            handler.close_connection = True
            handler.connection.close()

        self.replies.append(reply)

    def cut(self) -> None:
        """Add a response that is shorter than its Content-Length."""
        self.raw(b'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"data":')

    def raw(self, content: bytes) -> None:
        """Add a reply that sends exactly these bytes and closes the connection."""

        def reply(handler: BaseHTTPRequestHandler) -> None:
            handler.wfile.write(content)
            handler.close_connection = True

        self.replies.append(reply)

    def hang(self) -> None:
        """Add a reply that sends nothing until the test ends."""

        def reply(handler: BaseHTTPRequestHandler) -> None:
            self.hanging.wait(30)
            handler.close_connection = True

        self.replies.append(reply)

    @property
    def connections(self) -> int:
        return len({id(seen.connection) for seen in self.seen})


class _Quiet(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Do nothing: in some tests, the client closes a connection early on purpose."""


def serve(tls: ssl.SSLContext | None = None) -> Generator[Server]:
    """Run a server, optionally over TLS."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as in the base class
            """Log nothing."""

        def handle_any(self) -> None:
            content = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            with scripted.lock:
                scripted.seen.append(
                    Seen(self.command, self.path, headers, content, self.connection)
                )
                reply = scripted.replies[min(len(scripted.seen), len(scripted.replies)) - 1]
            reply(self)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_CONNECT = handle_any  # noqa: N815 - as in http.server

    http = _Quiet(("127.0.0.1", 0), Handler)
    if tls is not None:
        # Each connection has its own thread, which does the handshake.
        http.socket = tls.wrap_socket(http.socket, server_side=True, do_handshake_on_connect=False)
    scheme = "http" if tls is None else "https"
    scripted = Server(f"{scheme}://127.0.0.1:{http.server_port}")
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield scripted
    scripted.hanging.set()
    http.shutdown()
    thread.join()
    http.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    yield from serve()


@pytest.fixture
def another_server() -> Iterator[Server]:
    yield from serve()


@pytest.fixture
def authority() -> trustme.CA:
    """A certificate authority that is not trusted by default."""
    return trustme.CA()


@pytest.fixture
def secure_server(authority: trustme.CA) -> Iterator[Server]:
    """A TLS server whose certificate is signed by `authority`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    yield from serve(context)


@dataclass(eq=False)
class Time(Interruption):
    """An `Interruption`, the event that ends waits, with a simulated clock.

    A wait for the event takes no real time. It advances the clock by the seconds to wait. Each call
    of `clock` advances the clock by `clock_step`.
    """

    clock_step: float = 0.0
    total: float = 0.0
    slept: list[float] = field(default_factory=list)

    #: A function that runs during each wait.
    meanwhile: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        super().__init__()

    def wait(self, timeout: float | None = None) -> bool:
        assert timeout is not None
        self.slept.append(timeout)
        self.total += timeout
        self.meanwhile()
        return self.is_set()

    def clock(self) -> float:
        self.total += self.clock_step
        return self.total


@pytest.fixture
def passing() -> Time:
    return Time()


@pytest.fixture
def keys() -> tuple[str, str]:
    """The API key and the application key of all clients."""
    return "0123456789abcdef-the-api-key", "fedcba9876543210-the-app-key"


@pytest.fixture
def connect(keys: tuple[str, str], passing: Time) -> Iterator[Callable[..., Client]]:
    """Return a function that creates clients for a URL, with simulated time and no jitter."""
    with contextlib.ExitStack() as opened:

        def make(url: str, *, read_timeout: float = 10.0, **settings: Any) -> Client:  # noqa: ANN401 - each setting has its own type
            transport = functools.partial(
                Transport,
                timeouts=(2.0, read_timeout),
                interrupted=passing,
                clock=passing.clock,
                now=lambda: 1_800_000_000.0,
                jitter=lambda: 0.0,
            )
            client = Client(Settings(*keys, url, **settings), connect=transport)
            return opened.enter_context(client)

        yield make


@pytest.fixture
def client(server: Server, connect: Callable[..., Client]) -> Client:
    return connect(server.url)


@pytest.fixture
def unused_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
