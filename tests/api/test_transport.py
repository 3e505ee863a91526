"""How requests leave: connections, headers, proxies, time limits, bodies."""

import math
import types
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pulumi_datadog_cases.api import Client, ConnectionFailed, NotFound, Settings
from pulumi_datadog_cases.api.document import JSON, body

if TYPE_CHECKING:
    from tests.api.conftest import Server

OK = {"data": {"id": "x", "type": "x"}}


def test_says_who_calls(keys: tuple[str, str], client: Client, server: "Server") -> None:
    server.answer(200, OK)
    client.projects.get("p")
    headers = server.seen[0].headers
    assert (headers["dd-api-key"], headers["dd-application-key"]) == keys
    assert headers["accept"] == "application/json"
    assert headers["user-agent"].startswith("pulumi-datadog-cases/")
    assert "(python 3." in headers["user-agent"]


def test_calls_share_a_connection(client: Client, server: "Server") -> None:
    server.answer(200, OK)
    for _ in range(20):
        client.projects.get("p")
        client.projects.update("p", {})
    assert server.connections == 1


def test_an_error_does_not_cost_the_connection(client: Client, server: "Server") -> None:
    server.answer(503, {"errors": ["x" * 100_000]})
    server.answer(200, OK)
    client.projects.get("p")
    assert server.connections == 1


def test_threads_share_connections(client: Client, server: "Server") -> None:
    server.answer(200, OK)
    with ThreadPoolExecutor(16) as threads:
        assert {item.id for item in threads.map(client.projects.get, ["p"] * 400)} == {"x"}
    assert server.connections <= 16


def test_knows_how_far_the_organizations_clock_is_ahead(client: Client, server: "Server") -> None:
    assert client.clock_offset == 0.0
    server.answer(200, OK, {"Date": "Fri, 15 Jan 2027 08:01:40 GMT"})
    server.answer(404, {"errors": ["No"]}, {"Date": "Fri, 15 Jan 2027 07:59:50 GMT"})
    server.answer(200, OK, {"Date": "today"})
    server.answer(200, OK)
    client.projects.get("p")
    assert client.clock_offset == 100.0
    with pytest.raises(NotFound):
        client.projects.get("p")
    assert client.clock_offset == -10.0
    client.projects.get("p")
    client.projects.get("p")
    assert client.clock_offset == -10.0


def test_cookies_are_not_kept(client: Client, server: "Server") -> None:
    server.answer(200, OK, {"set-cookie": "a=b; path=/"})
    client.projects.get("p")
    client.projects.get("p")
    assert "cookie" not in server.seen[1].headers


def test_netrc_adds_nothing(
    connect: Callable[..., Client],
    server: "Server",
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "netrc").write_text("default login someone password something\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setattr(Settings, "is_loopback", False)  # as for Datadog, whose environment counts
    server.answer(200, OK)
    connect(server.url, allow_plain_http=True).projects.get("p")
    assert "authorization" not in server.seen[0].headers


def test_a_proxy_of_the_environment_is_used(
    connect: Callable[..., Client], server: "Server", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", server.url)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    server.answer(403)
    with pytest.raises(
        ConnectionFailed, match="the proxy: Tunnel connection failed: 403"
    ) as caught:
        connect("https://api.datadoghq.eu").projects.list()
    assert not caught.value.may_have_arrived
    assert server.seen[0].method == "CONNECT"
    assert "dd-api-key" not in server.seen[0].headers


@pytest.mark.parametrize("proxy", ["http://me:hunter2@a..b", "http://me:hunter2@127.0.0.1:99999"])
def test_a_proxy_that_cannot_be_one_is_an_error_like_any(
    proxy: str, connect: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with pytest.raises(ConnectionFailed, match="could not connect: Failed to parse") as caught:
        connect("https://api.datadoghq.eu").projects.list()
    assert "hunter2" not in str(caught.value)


def test_this_machine_is_called_without_a_proxy(
    client: Client, server: "Server", unused_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{unused_port}")
    server.answer(200, OK)
    assert client.projects.get("p").id == "x"


def test_plain_http_behind_an_https_url_was_not_reached(
    connect: Callable[..., Client], server: "Server"
) -> None:
    server.answer(200, OK)
    with pytest.raises(ConnectionFailed, match="TLS failed") as caught:
        connect(server.url.replace("http:", "https:")).projects.create({})
    assert not caught.value.may_have_arrived


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_number_that_json_lacks_is_refused_before_sending(
    number: float, client: Client, server: "Server"
) -> None:
    with pytest.raises(ValueError, match=r"^POST /api/v2/cases on .* was not sent: .*nan or inf"):
        client.cases.create({"custom_attributes": {"a": {"value": [number]}}}, project_id="p")
    assert server.seen == []


def test_any_mapping_and_sequence_is_json(client: Client, server: "Server") -> None:
    server.answer(200, OK)
    attributes: dict[str, JSON] = {
        "mapping": types.MappingProxyType({"key": types.MappingProxyType({"deep": "x"})}),
        "sequence": ("a", range(2)),
    }
    client.projects.create(attributes)
    assert server.seen[0].body == {
        "data": {
            "type": "project",
            "attributes": {"mapping": {"key": {"deep": "x"}}, "sequence": ["a", [0, 1]]},
        }
    }


def test_text_of_any_script_arrives_as_it_was(client: Client, server: "Server") -> None:
    server.answer(200, OK)
    title = 'ünï "quoted" \\ \x00 \u2028 🔥'
    client.cases.set_title("k", title)
    assert server.seen[0].body == body("case", {"title": title})
