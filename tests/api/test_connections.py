"""Tests of TLS, proxies and redirects, and of errors that say whether a request was sent."""

import importlib.util
import select
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import trustme
from requests.adapters import HTTPAdapter
from urllib3 import PoolManager

from pulumi_datadog_cases.api import Client, ConnectionFailed, InvalidResponse, Settings
from pulumi_datadog_cases.api.http.connection_pool import Adapter, Connection, progress

if TYPE_CHECKING:
    from tests.api.conftest import Server

OK = {"data": {"id": "x", "type": "x"}}


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"]:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def as_datadog(monkeypatch: pytest.MonkeyPatch) -> None:
    """Treat servers on this machine as remote: use proxies and certificate bundles for them."""
    monkeypatch.setattr(Settings, "is_loopback", False)


@pytest.fixture
def trusted(
    as_datadog: None,  # noqa: ARG001 - needed so that the client reads the bundle
    authority: trustme.CA,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Let `REQUESTS_CA_BUNDLE` name a file with the certificate of the test's authority."""
    bundle = tmp_path / "bundle.pem"
    authority.cert_pem.write_to_path(bundle)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))


def failed(client: Client) -> ConnectionFailed:
    with pytest.raises(ConnectionFailed) as caught:
        client.projects.create({})
    return caught.value


# --- connections -----------------------------------------------------------------------------


def test_requests_share_a_connection(client: Client, server: "Server") -> None:
    for _ in range(20):
        server.answer(200, OK)
        server.answer(204)
        client.projects.get("p")
        client.projects.delete("p")
    assert server.connections == 1


def test_error_response_keeps_the_connection(client: Client, server: "Server") -> None:
    server.answer(503, {"errors": ["x" * 100_000]})
    server.answer(200, OK)
    client.projects.get("p")
    assert server.connections == 1


def test_threads_share_connections(client: Client, server: "Server") -> None:
    server.answer(200, OK)
    with ThreadPoolExecutor(16) as threads:
        assert {item.id for item in threads.map(client.projects.get, ["p"] * 400)} == {"x"}
    assert server.connections <= 16


# --- TLS -------------------------------------------------------------------------------------


def test_unknown_certificate_authority_is_rejected(
    connect: Callable[..., Client], secure_server: "Server"
) -> None:
    error = failed(connect(secure_server.url))
    assert "could not connect: the certificate was rejected (" in str(error)
    assert not error.may_have_arrived
    assert secure_server.seen == []


@pytest.mark.usefixtures("trusted")
def test_certificate_bundle_from_environment_is_trusted(
    connect: Callable[..., Client], secure_server: "Server"
) -> None:
    secure_server.answer(201, OK)
    client = connect(secure_server.url)
    assert client.projects.create({}).id == "x"
    assert client.projects.create({}).id == "x"
    assert secure_server.connections == 1


@pytest.mark.usefixtures("trusted")
def test_certificate_for_other_host_is_rejected(
    connect: Callable[..., Client], secure_server: "Server"
) -> None:
    error = failed(connect(secure_server.url.replace("127.0.0.1", "localhost")))
    assert "the certificate was rejected (Hostname mismatch" in str(error)
    assert not error.may_have_arrived
    assert secure_server.seen == []


@pytest.mark.usefixtures("as_datadog")
@pytest.mark.parametrize("content", [None, "no certificate"])
def test_unreadable_certificate_bundle_is_connection_failed(
    content: str | None,
    connect: Callable[..., Client],
    secure_server: "Server",
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bundle = tmp_path / "bundle.pem"
    if content is not None:
        bundle.write_text(content)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
    error = failed(connect(secure_server.url))
    assert "could not connect" in str(error)
    assert not error.may_have_arrived


# --- whether a request was sent --------------------------------------------------------------


@pytest.mark.usefixtures("trusted")
def test_response_lost_over_tls_may_have_arrived(
    connect: Callable[..., Client], secure_server: "Server"
) -> None:
    secure_server.reset()
    error = failed(connect(secure_server.url))
    assert "may have been carried out" in str(error)
    assert error.may_have_arrived
    assert len(secure_server.seen) == 1


def test_plain_http_server_at_https_url_receives_no_request(
    connect: Callable[..., Client], server: "Server"
) -> None:
    server.answer(200, OK)
    with pytest.raises(ConnectionFailed, match="TLS failed") as caught:
        connect(server.url.replace("http:", "https:")).projects.create({})
    assert not caught.value.may_have_arrived


def test_failed_tls_handshake_means_nothing_was_sent(
    connect: Callable[..., Client],
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        tries: list[bytes] = []

        def hang_up() -> None:
            for _ in range(2):
                connection, _ = listening.accept()
                with connection:
                    tries.append(connection.recv(1))

        thread = threading.Thread(target=hang_up)
        thread.start()
        error = failed(connect(f"https://127.0.0.1:{listening.getsockname()[1]}"))
        thread.join()
    assert "could not connect" in str(error)
    assert not error.may_have_arrived
    # Even a create is retried, because nothing was sent.
    assert len(tries) == 2


def test_connection_closed_by_server_is_not_reused(client: Client, server: "Server") -> None:
    def close_without_a_word(handler: BaseHTTPRequestHandler) -> None:
        answer(handler)
        handler.close_connection = True

    server.answer(201, OK)
    answer = server.replies.pop()
    server.replies.append(close_without_a_word)
    for _ in range(3):
        client.projects.create({})
        closed = server.seen[-1].connection
        assert isinstance(closed, socket.socket)
        while closed.fileno() != -1:
            time.sleep(0.001)
    assert server.connections == 3


def test_idle_connection_is_not_reused(
    client: Client, server: "Server", monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server may close an idle connection just when the client sends a create request on it.

    Then the client could not know whether this request was carried out. So the client opens a new
    connection if the old one has been idle for too long.
    """
    server.answer(201, OK)
    client.projects.create({})
    client.projects.create({})
    assert server.connections == 1
    monkeypatch.setattr(Connection, "max_idle", 0.0)
    client.projects.create({})
    assert server.connections == 2


# --- redirects, cookies, .netrc --------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_does_not_receive_keys(
    status: int, client: Client, server: "Server", another_server: "Server"
) -> None:
    server.answer(status, None, {"location": f"{another_server.url}/api/v2/cases/projects/p"})
    with pytest.raises(InvalidResponse, match="not followed, because the keys must not reach"):
        client.projects.get("p")
    assert another_server.seen == []


def test_cookies_are_not_stored(client: Client, server: "Server") -> None:
    server.answer(200, OK, {"set-cookie": "a=b; path=/"})
    client.projects.get("p")
    client.projects.get("p")
    assert "cookie" not in server.seen[1].headers


@pytest.mark.usefixtures("as_datadog")
def test_netrc_is_not_read(
    connect: Callable[..., Client],
    server: "Server",
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "netrc").write_text("default login someone password something\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    server.answer(200, OK)
    connect(server.url, allow_plain_http=True).projects.get("p")
    assert "authorization" not in server.seen[0].headers


# --- proxies ---------------------------------------------------------------------------------


def tunnel(handler: BaseHTTPRequestHandler) -> None:
    """Respond to a CONNECT request as a proxy does, and forward data in both directions."""
    host, _, port = handler.path.partition(":")
    with socket.create_connection((host, int(port))) as onward:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        ends = {handler.connection: onward, onward: handler.connection}
        while ends and (ready := select.select(list(ends), [], [], 10)[0]):
            for end in ready:
                try:
                    part = end.recv(65536)
                    ends[end].sendall(part)
                except OSError:
                    part = b""
                if not part:
                    ends.clear()
                    break
    handler.close_connection = True


@pytest.mark.usefixtures("trusted")
def test_https_goes_through_proxy_tunnel(
    connect: Callable[..., Client],
    server: "Server",
    secure_server: "Server",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", server.url)
    server.replies.append(tunnel)
    secure_server.answer(201, OK)
    assert connect(secure_server.url).projects.create({}).id == "x"
    assert [seen.method for seen in server.seen] == ["CONNECT"]
    assert "dd-api-key" not in server.seen[0].headers
    assert "dd-api-key" in secure_server.seen[0].headers


@pytest.mark.usefixtures("trusted")
def test_response_lost_behind_proxy_may_have_arrived(
    connect: Callable[..., Client],
    server: "Server",
    secure_server: "Server",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", server.url)
    server.replies.append(tunnel)
    secure_server.reset()
    assert failed(connect(secure_server.url)).may_have_arrived
    assert len(secure_server.seen) == 1


@pytest.mark.usefixtures("trusted")
def test_no_proxy_host_is_reached_directly(
    connect: Callable[..., Client],
    server: "Server",
    secure_server: "Server",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", server.url)
    monkeypatch.setenv("NO_PROXY", "example.com,127.0.0.1")
    secure_server.answer(201, OK)
    assert connect(secure_server.url).projects.create({}).id == "x"
    assert server.seen == []


def test_allowed_plain_http_url_is_requested(
    connect: Callable[..., Client], server: "Server", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", server.url)
    server.answer(201, OK)
    client = connect("http://gateway.invalid", allow_plain_http=True)
    assert client.projects.create({}).id == "x"
    assert server.seen[0].target == "http://gateway.invalid/api/v2/cases/projects"


def test_error_of_proxy_from_environment_is_shown(
    connect: Callable[..., Client], server: "Server", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", server.url)
    server.answer(403)
    with pytest.raises(
        ConnectionFailed, match="the proxy: Tunnel connection failed: 403"
    ) as caught:
        connect("https://api.datadoghq.eu").projects.list()
    assert not caught.value.may_have_arrived
    assert server.seen[0].method == "CONNECT"
    assert "dd-api-key" not in server.seen[0].headers


def test_error_of_socks_proxy_says_what_to_install(
    connect: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    if importlib.util.find_spec("socks"):
        pytest.skip("PySocks is installed here")
    monkeypatch.setenv("HTTPS_PROXY", "socks5://127.0.0.1:1")
    with pytest.raises(ConnectionFailed, match=r"pip install 'requests\[socks\]'") as caught:
        connect("https://api.datadoghq.eu").projects.list()
    assert not caught.value.may_have_arrived


@pytest.mark.parametrize("proxy", ["http://me:hunter2@a..b", "http://me:hunter2@127.0.0.1:99999"])
def test_invalid_proxy_is_connection_failed(
    proxy: str, connect: Callable[..., Client], server: "Server", monkeypatch: pytest.MonkeyPatch
) -> None:
    server.answer(201, OK)
    connect(server.url).projects.create({})  # this success must not affect the next request
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    error = failed(connect("https://api.datadoghq.eu"))
    assert "could not connect: Failed to parse" in str(error)
    assert "hunter2" not in str(error)
    assert not error.may_have_arrived


def test_loopback_is_reached_without_proxy(
    client: Client, server: "Server", unused_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{unused_port}")
    server.answer(200, OK)
    assert client.projects.get("p").id == "x"


def test_socks_proxy_request_counts_as_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A SOCKS connection does not record what it has sent, so each request counts as sent."""
    manager = PoolManager()
    monkeypatch.setattr(HTTPAdapter, "proxy_manager_for", lambda *_: manager)
    progress.sent = False
    assert Adapter(1).proxy_manager_for("socks5h://127.0.0.1:1080") is manager
    assert progress.sent
    assert manager.pool_classes_by_scheme == PoolManager().pool_classes_by_scheme
