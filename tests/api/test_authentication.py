"""Tests of the headers that authenticate requests, and of the tokens for an AWS identity."""

import base64
import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from datadog_api_client.aws import AWSAuth, AWSCredentials

from pulumi_datadog_cases.api import Client, ConfigurationError, ServerError, Settings, Unauthorized
from pulumi_datadog_cases.api.config.credentials import AwsIdentity
from pulumi_datadog_cases.api.http import authentication

if TYPE_CHECKING:
    from tests.api.conftest import Server, Time

OK = {"data": {"id": "x", "type": "x"}}
ORG = "11111111-1111-4111-8111-111111111111"
AWS = ("AKIAQ7EXAMPLE5ZX3K2M", "k9fJ2mQx8vRt5bNw3zLc7hYd1sGp4aUe6oIiEXAM", "IQoJb3JpZ2luEXAMPLE")
BEARER = "ddpat_abc"
KEY_HEADERS = {"dd-api-key", "dd-application-key"}


def token(name: str, expires: object = None) -> object:
    """Return the response to the request that exchanges an AWS identity for a token.

    `expires` is a time in Unix seconds. By default, the token expires in an hour.
    """
    expires = str(int(time.time()) + 3600) if expires is None else expires
    return {"data": {"attributes": {"access_token": name, "expires": expires}}}


@pytest.fixture
def aws_client(server: "Server", connect: Callable[..., Client]) -> Client:
    """A client that signs in with an AWS identity."""
    return connect(server.url, aws=AwsIdentity(ORG, "eu-west-1", *AWS))


def tokens(server: "Server") -> list[str]:
    """Return the token of each request, or `Delegated` for a request that asks for a token."""
    return [bearer(seen.headers) for seen in server.seen]


def bearer(headers: Mapping[str, str]) -> str:
    method, _, value = headers["authorization"].partition(" ")
    return method if method == "Delegated" else value


def test_bearer_token_replaces_keys(server: "Server", connect: Callable[..., Client]) -> None:
    server.answer(200, OK)
    connect(server.url, bearer_token=BEARER).projects.get("p")
    (seen,) = server.seen
    assert seen.headers["authorization"] == f"Bearer {BEARER}"
    assert not KEY_HEADERS & seen.headers.keys()


def test_access_token_as_application_key_needs_no_api_key(server: "Server") -> None:
    server.answer(200, OK)
    with Client(Settings("", "ddsat_abc", server.url)) as client:
        client.projects.get("p")
    (seen,) = server.seen
    assert seen.headers["dd-application-key"] == "ddsat_abc"
    assert "dd-api-key" not in seen.headers


def test_exchange_has_proof_and_nothing_else(server: "Server", aws_client: Client) -> None:
    server.answer(200, token("one"))
    server.answer(200, OK)
    aws_client.projects.get("p")
    exchange, request = server.seen
    assert (exchange.method, exchange.path) == ("POST", "/api/v2/delegated-token")
    assert exchange.headers["authorization"].startswith("Delegated ")
    assert exchange.content == b""
    assert not KEY_HEADERS & (exchange.headers.keys() | request.headers.keys())
    assert bearer(request.headers) == "one"


@pytest.mark.parametrize("region", ["eu-west-1", None])
def test_proof_equals_that_of_the_official_client(region: str | None) -> None:
    # A proof contains the time in seconds. Repeat until both proofs have the same time.
    for _ in range(10):
        theirs = AWSAuth(region).generate_aws_auth_data(ORG, AWSCredentials(*AWS))
        proof = authentication._proof(AwsIdentity(ORG, region, *AWS))  # noqa: SLF001 - a pure function
        body, headers, method, url = proof.split("|")
        signed, expected = (
            json.loads(base64.b64decode(each)) for each in (headers, theirs.headers_encoded)
        )
        if signed["X-Amz-Date"] == expected["X-Amz-Date"]:
            break
    assert (body, method, url) == (theirs.body_encoded, theirs.method, theirs.url_encoded)
    assert {**signed, "User-Agent": ""} == {**expected, "User-Agent": ""}


def test_long_lived_aws_credentials_have_no_session_token() -> None:
    proof = authentication._proof(AwsIdentity(ORG, None, *AWS[:2]))  # noqa: SLF001 - a pure function
    signed = json.loads(base64.b64decode(proof.split("|")[1]))
    assert "X-Amz-Security-Token" not in signed


def test_threads_share_one_token(server: "Server", aws_client: Client) -> None:
    server.answer(200, token("one"))
    server.answer(200, OK)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(aws_client.projects.get, "abcdefgh"))
    assert tokens(server) == ["Delegated", *8 * ["one"]]


def test_token_is_renewed_before_it_expires(server: "Server", aws_client: Client) -> None:
    server.answer(200, token("one", str(int(time.time()))))
    server.answer(200, OK)
    server.answer(200, token("two"))
    server.answer(200, OK)
    for _ in range(3):
        aws_client.projects.get("p")
    assert tokens(server) == [
        "Delegated", "one", "Delegated", "two", "two",
    ]  # fmt: skip


def test_lifetime_is_measured_by_the_clock_of_the_server(
    server: "Server", aws_client: Client
) -> None:
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    date = {"Date": format_datetime(long_ago, usegmt=True)}
    server.answer(200, token("one", int(long_ago.timestamp()) + 900), date)
    server.answer(200, OK)
    for _ in range(2):
        aws_client.projects.get("p")
    assert tokens(server) == ["Delegated", "one", "one"]


@pytest.mark.parametrize("expires", [None, "soon", []])
def test_token_without_expiry_is_used_for_minutes(
    server: "Server", aws_client: Client, expires: object
) -> None:
    server.answer(200, {"data": {"attributes": {"access_token": "one", "expires": expires}}})
    server.answer(200, OK)
    for _ in range(2):
        aws_client.projects.get("p")
    assert tokens(server) == ["Delegated", "one", "one"]


def test_create_is_sent_again_with_new_token_after_401(
    server: "Server", aws_client: Client
) -> None:
    for name, status in (("one", 401), ("two", 200)):
        server.answer(200, token(name))
        server.answer(status, OK if status == 200 else {"errors": ["Unauthorized"]})
    aws_client.projects.create({"key": "SEC"})
    assert tokens(server) == [
        "Delegated",
        "one",
        "Delegated",
        "two",
    ]
    assert server.seen[1].content == server.seen[3].content != b""


def test_second_401_is_reported(server: "Server", aws_client: Client) -> None:
    for name in ("one", "two"):
        server.answer(200, token(name))
        server.answer(401, {"errors": ["Unauthorized"]})
    with pytest.raises(Unauthorized, match="rejected a token that it had just issued") as caught:
        aws_client.projects.create({"key": "SEC"})
    assert not caught.value.may_have_arrived
    assert len(server.seen) == 4


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409])
def test_refused_identity_is_never_a_missing_object(
    server: "Server", aws_client: Client, status: int
) -> None:
    server.answer(status, {"errors": ["No"]})
    with pytest.raises(Unauthorized) as caught:
        aws_client.projects.get("p")
    assert f"answered {status}: No. Datadog does not accept the AWS identity" in str(caught.value)
    assert not caught.value.may_have_arrived
    assert len(server.seen) == 1


def test_create_waits_for_an_exchange_that_fails_for_a_while(
    server: "Server", aws_client: Client, passing: "Time"
) -> None:
    server.answer(503, {"errors": ["Busy"]})
    server.answer(429, {"errors": ["Slow down"]})
    server.answer(200, token("one"))
    server.answer(200, OK)
    aws_client.projects.create({"key": "SEC"})
    assert len(passing.slept) >= 2
    assert tokens(server)[2:] == ["Delegated", "one"]


def test_exchange_that_keeps_failing_creates_nothing(server: "Server", aws_client: Client) -> None:
    server.answer(503, {"errors": ["Busy"]})
    with pytest.raises(ServerError) as caught:
        aws_client.projects.create({"key": "SEC"})
    assert not caught.value.may_have_arrived
    assert {each.path for each in server.seen} == {"/api/v2/delegated-token"}


def test_errors_show_neither_proof_nor_token(server: "Server", aws_client: Client) -> None:
    server.replies.append(_repeat_credentials)
    with pytest.raises(Unauthorized) as caught:
        aws_client.projects.get("p")
    server.seen.clear()
    server.replies.clear()
    server.answer(200, token("a-delegated-token"))
    server.answer(418, {"errors": [f"Bearer a-delegated-token of {AWS[0]} {AWS[2]}"]})
    with pytest.raises(Exception, match="Bearer \\*\\*\\* of") as second:
        aws_client.projects.get("p")
    shown = f"{caught.value} {second.value}"
    assert "POST /api/v2/delegated-token" in shown
    beginning_of_headers = base64.b64encode(b'{"Content').decode().rstrip("=")
    for secret in (*AWS, "a-delegated-token", beginning_of_headers):
        assert secret not in shown


def _repeat_credentials(handler: BaseHTTPRequestHandler) -> None:
    body = json.dumps({"errors": [handler.headers["Authorization"]]}).encode()
    handler.send_response_only(403)
    handler.send_header("content-length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def test_response_without_token_is_invalid(server: "Server", aws_client: Client) -> None:
    server.answer(200, {"data": {"attributes": {"access_token": ""}}})
    with pytest.raises(Exception, match="got a response that is not the API's: 200 without an"):
        aws_client.projects.get("p")


def test_profile_is_found(
    server: "Server",
    connect: Callable[..., Client],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = tmp_path / "credentials"
    file.write_text(
        f"[ci]\naws_access_key_id = {AWS[0]}\naws_secret_access_key = {AWS[1]}\n"
        f"aws_session_token = {AWS[2]}\n"
    )
    without_aws(monkeypatch)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(file))
    monkeypatch.setenv("AWS_PROFILE", "ci")
    server.answer(200, token("one"))
    server.answer(200, OK)
    connect(server.url, aws=AwsIdentity(ORG)).projects.get("p")
    headers = base64.b64decode(server.seen[0].headers["authorization"].split("|")[1]).decode()
    assert f"Credential={AWS[0]}/" in headers


@pytest.mark.parametrize(
    ("profile", "message"),
    [(None, "there are no AWS credentials: set"), ("gone", "cannot be used: The config profile")],
)
def test_missing_aws_credentials(
    server: "Server",
    connect: Callable[..., Client],
    monkeypatch: pytest.MonkeyPatch,
    profile: str | None,
    message: str,
) -> None:
    without_aws(monkeypatch)
    if profile:
        monkeypatch.setenv("AWS_PROFILE", profile)
    with pytest.raises(ConfigurationError, match=message) as caught:
        connect(server.url, aws=AwsIdentity(ORG)).projects.get("p")
    assert "\n" not in str(caught.value)
    assert server.seen == []


def without_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide all AWS credentials of this machine."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, "/nonexistent")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def test_missing_extra_is_named(
    server: "Server", aws_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "botocore.auth", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'pulumi-datadog-cases\[aws\]'"):
        aws_client.projects.get("p")
    assert server.seen == []


def test_botocore_is_imported_only_for_aws_identities(server: "Server") -> None:
    server.answer(200, OK)
    program = (
        "import sys, pulumi_datadog_cases.api as api\n"
        f"api.Client(api.Settings('api', 'app', {server.url!r})).projects.get('p')\n"
        "sys.exit('botocore' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
