"""Request headers and bodies, and the server's clock."""

import math
import types
from typing import TYPE_CHECKING

import pytest

from pulumi_datadog_cases.api import Client, NotFound
from pulumi_datadog_cases.api.http.json_api import JSON, body

if TYPE_CHECKING:
    from tests.api.conftest import Server

OK = {"data": {"id": "x", "type": "x"}}


def test_request_headers(keys: tuple[str, str], client: Client, server: "Server") -> None:
    server.answer(200, OK)
    client.projects.get("p")
    headers = server.seen[0].headers
    assert (headers["dd-api-key"], headers["dd-application-key"]) == keys
    assert headers["accept"] == "application/json"
    assert headers["user-agent"].startswith("pulumi-datadog-cases/")
    assert "(python 3." in headers["user-agent"]


def test_clock_offset_follows_date_header(client: Client, server: "Server") -> None:
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


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_nan_and_inf_are_rejected_before_sending(
    number: float, client: Client, server: "Server"
) -> None:
    with pytest.raises(ValueError, match=r"^POST /api/v2/cases on .* was not sent: .*nan or inf"):
        client.cases.create({"custom_attributes": {"a": {"value": [number]}}}, project_id="p")
    assert server.seen == []


def test_any_mapping_and_sequence_is_encoded(client: Client, server: "Server") -> None:
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


def test_unicode_is_sent_unchanged(client: Client, server: "Server") -> None:
    server.answer(200, OK)
    title = 'ünï "quoted" \\ \x00 \u2028 🔥'
    client.cases.set_title("k", title)
    assert server.seen[0].body == body("case", {"title": title})
