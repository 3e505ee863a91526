"""Broken and unusual responses. A broken response raises an error that a person can read."""

import gzip
import tracemalloc
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING

import pytest

from pulumi_datadog_cases.api import Client, ConnectionFailed, InvalidResponse

if TYPE_CHECKING:
    from tests.api.conftest import Server

MIB = 2**20
OK = b'{"data": {"id": "x", "type": "x"}}'


def http(body: bytes, *headers: str, length: int | None = None) -> bytes:
    size = len(body) if length is None else length
    lines = ["HTTP/1.1 201 Created", f"content-length: {size}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def problem(client: Client, kind: type[Exception]) -> str:
    """Try to create a project. Check that this fails, and return the error message.

    Check that the message says: the request may have been carried out.
    """
    with pytest.raises(kind) as caught:
        client.projects.create({"name": "n"})
    message = str(caught.value)
    assert message.isprintable()
    assert len(message) < 1000
    assert "may have been carried out nevertheless: check before running again" in message
    assert getattr(caught.value, "may_have_arrived", None) is True
    return message


GARBLED = "the response was cut short or garbled"
CHUNKED = b"HTTP/1.1 201 Created\r\ntransfer-encoding: chunked\r\n\r\n"
ZIPPED = gzip.compress(OK, mtime=0)

NO_WHOLE_ANSWER = {
    "none": (b"", "Remote end closed connection without response"),
    "another protocol": (b"SSH-2.0-OpenSSH_9.2\r\n", GARBLED),
    "a long header": (http(OK, "x: " + "y" * 70_000), GARBLED),
    "many headers": (http(OK, *["x: y"] * 200), GARBLED),
    "cut": (http(OK, length=100), GARBLED),
    "cut before the body": (http(b"", length=100), GARBLED),
    "cut after a chunk": (CHUNKED + b"22\r\n" + OK, GARBLED),
    "a chunk of no length": (CHUNKED + b"none\r\n" + OK, GARBLED),
    "two lengths": (http(OK, "content-length: 7"), "multiple unmatching values (34, 7)"),
    "not compressed": (http(OK, "content-encoding: gzip"), "does not match its Content-Encoding"),
    "cut while compressed": (
        http(ZIPPED[:-20], "content-encoding: gzip", length=len(ZIPPED)),
        GARBLED,
    ),
}


@pytest.mark.parametrize(("answer", "reason"), NO_WHOLE_ANSWER.values(), ids=NO_WHOLE_ANSWER.keys())
def test_incomplete_response_is_connection_failed(
    answer: bytes, reason: str, client: Client, server: "Server"
) -> None:
    server.raw(answer)
    assert reason in problem(client, ConnectionFailed)
    assert len(server.seen) == 1


NOT_THE_APIS_JSON = {
    "HTML": (
        http(b"<html>\nHello</html>", "content-type: text/html"),
        "201 with a body of text/html: <html> Hello</html>",
    ),
    "cut": (http(OK[:-1]), f"unknown type: {OK[:-1].decode()}"),
    "NaN": (http(b'{"data": NaN}'), 'unknown type: {"data": NaN}'),
    "infinity": (http(b'{"data": -Infinity}'), 'unknown type: {"data": -Infinity}'),
    "too large a number": (http(b'{"data": 1e999}'), 'unknown type: {"data": 1e999}'),
    "too long a number": (http(b'{"data": ' + b"9" * 5000 + b"}"), 'unknown type: {"data": 999'),
    "deep lists": (
        http(b'{"data": ' + b"[" * 500 + b"]" * 500 + b"}"),
        'unknown type: {"data": [[[',
    ),
    "deep objects": (http(b'{"data":' * 500 + b"1" + b"}" * 500), 'unknown type: {"data":{"data":'),
    "deeper than Python reads": (http(b"[" * 100_000 + b"]" * 100_000), "unknown type: [[["),
    "not UTF-8": (http(b'{"data": "\xff"}'), 'unknown type: {"data": "�"}'),
    "unknown encoding": (http(ZIPPED, "content-encoding: x-zip"), "unknown type: �\\x08"),
    "an empty body": (http(b""), "the body is empty"),
    "cut in the headers": (b"HTTP/1.1 201", "the body is empty"),
}


@pytest.mark.parametrize(
    ("answer", "shown"), NOT_THE_APIS_JSON.values(), ids=NOT_THE_APIS_JSON.keys()
)
def test_non_json_response_is_invalid(
    answer: bytes, shown: str, client: Client, server: "Server"
) -> None:
    server.raw(answer)
    assert shown in problem(client, InvalidResponse)
    assert len(server.seen) == 1


UNUSUAL = {
    "compressed": http(ZIPPED, "content-encoding: gzip"),
    "chunked": CHUNKED + b"22\r\n" + OK + b"\r\n0\r\n\r\n",
    "HTTP/1.0": b"HTTP/1.0 201 Created\r\n\r\n" + OK,
    "rather deep": http(
        b'{"data": {"id": "x", "type": "x", "meta": ' + b"[" * 90 + b"]" * 90 + b"}}"
    ),
}


@pytest.mark.parametrize("answer", UNUSUAL.values(), ids=UNUSUAL.keys())
def test_unusual_but_complete_response_is_read(
    answer: bytes, client: Client, server: "Server"
) -> None:
    server.raw(answer)
    assert client.projects.create({}).id == "x"


@pytest.mark.parametrize("status", [201, 400, 500])
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_huge_body_is_rejected_without_filling_memory(
    status: int, encoding: str, client: Client, server: "Server"
) -> None:
    block = gzip.compress(bytes(16 * MIB)) if encoding == "gzip" else bytes(16 * MIB)
    blocks_sent = 0

    def reply(handler: BaseHTTPRequestHandler) -> None:
        nonlocal blocks_sent
        handler.send_response_only(status)
        handler.send_header("content-encoding", encoding)
        handler.send_header("content-length", str(16 * len(block)))
        handler.end_headers()
        for _ in range(16):
            handler.wfile.write(block)
            blocks_sent += 1

    server.replies.append(reply)
    tracemalloc.start()
    try:
        message = problem(client, InvalidResponse)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert f": {status} with a body of more than 64 MiB. " in message
    assert peak < 200 * MIB
    if encoding == "identity":
        assert blocks_sent < 10
