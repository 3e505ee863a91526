"""Keys, bearer tokens, and the exchange of AWS identities for tokens."""

import base64
import json
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pytest
import requests
from datadog_api_client.aws import AWSAuth, AWSCredentials

if TYPE_CHECKING:
    from tests.sandbox.conftest import Send, Start

NO_KEYS: Mapping[str, None] = {"DD-API-KEY": None, "DD-APPLICATION-KEY": None}
BEARER = "sandbox-bearer-token"
EXCHANGE = "/delegated-token"


def authorized(value: str) -> dict[str, str | None]:
    """Headers without keys, with this value of `Authorization`."""
    return {**NO_KEYS, "Authorization": value}


@pytest.fixture
def organisation(send: "Send") -> str:
    """The id of the sandbox's organisation."""
    return str(send("GET", "/current_user").json()["included"][0]["id"])


def proof(organisation: str, region: str | None = None) -> str:
    """The value of `Authorization` with which the official client proves an AWS identity."""
    credentials = AWSCredentials("AKIAEXAMPLE", "secret", "token")
    data = AWSAuth(region).generate_aws_auth_data(organisation, credentials)
    parts = (data.body_encoded, data.headers_encoded, data.method, data.url_encoded)
    return f"Delegated {'|'.join(parts)}"


def test_bearer_token_authenticates_without_keys(send: "Send") -> None:
    assert send("GET", "/cases", headers=authorized(f"Bearer {BEARER}")).ok


@pytest.mark.parametrize("token", ["other", "", "sandbox-app-key"])
def test_wrong_bearer_token_is_unauthorized(send: "Send", token: str) -> None:
    response = send("GET", "/cases", headers=authorized(f"Bearer {token}"))
    assert (response.status_code, response.json()) == (401, {"errors": ["Unauthorized"]})


def test_bearer_token_takes_precedence_over_keys(send: "Send") -> None:
    headers: dict[str, str | None] = {"Authorization": "Bearer other"}
    assert send("GET", "/cases", headers=headers).status_code == 401


def test_bearer_token_is_an_option(start: "Start") -> None:
    url = start("--bearer-token", "mine")
    for token, status in (("mine", 200), (BEARER, 401)):
        headers = {"Authorization": f"Bearer {token}"}
        assert (
            requests.get(f"{url}/api/v2/cases", headers=headers, timeout=10).status_code == status
        )


def test_tokens_expire_until_reset(send: "Send", organisation: str) -> None:
    issued = send("POST", EXCHANGE, headers=authorized(proof(organisation))).json()["data"]
    headers = authorized(f"Bearer {BEARER}")
    delegated = authorized(f"Bearer {issued['attributes']['access_token']}")
    assert send("DELETE", "/sandbox/tokens").status_code == 204
    assert send("GET", "/cases", headers=headers).status_code == 401
    assert send("GET", "/cases", headers=delegated).status_code == 401
    assert send("GET", "/cases").ok
    send("POST", "/sandbox/reset")
    assert send("GET", "/cases", headers=headers).ok
    assert send("GET", "/cases", headers=delegated).status_code == 401


@pytest.mark.parametrize("region", [None, "eu-west-1"])
def test_aws_identity_gets_a_token(send: "Send", organisation: str, region: str | None) -> None:
    response = send("POST", EXCHANGE, headers=authorized(proof(organisation, region)))
    attributes = response.json()["data"]["attributes"]
    assert 600 < int(attributes["expires"]) - time.time() < 1200
    headers = authorized(f"Bearer {attributes['access_token']}")
    assert send("GET", "/current_user", headers=headers).ok


def test_lifetime_is_an_option(start: "Start") -> None:
    url = start("--token-lifetime", "0")
    keys = {"DD-API-KEY": "sandbox-api-key", "DD-APPLICATION-KEY": "sandbox-app-key"}
    user = requests.get(f"{url}/api/v2/current_user", headers=keys, timeout=10).json()
    headers = {"Authorization": proof(user["included"][0]["id"])}
    issued = requests.post(f"{url}/api/v2/delegated-token", headers=headers, timeout=10).json()
    token = {"Authorization": f"Bearer {issued['data']['attributes']['access_token']}"}
    assert requests.get(f"{url}/api/v2/cases", headers=token, timeout=10).status_code == 401


def part(index: int, change: Callable[[str], str]) -> Callable[[str], str]:
    """Returns a function that changes one part of a proof."""

    def apply(value: str) -> str:
        parts = value.removeprefix("Delegated ").split("|")
        changed = change(base64.b64decode(parts[index]).decode())
        parts[index] = base64.b64encode(changed.encode()).decode()
        return f"Delegated {'|'.join(parts)}"

    return apply


def without(name: str) -> Callable[[str], str]:
    """Returns a function that removes a header from a proof."""

    def remove(text: str) -> str:
        return json.dumps({key: value for key, value in json.loads(text).items() if key != name})

    return part(1, remove)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda _: "Bearer sandbox-bearer-token", "has no delegated proof"),
        (lambda value: value.replace("|POST|", "|GET|"), "not body, headers, POST and URL"),
        (lambda value: value.replace("Delegated ", "Delegated !"), "not valid Base64 or JSON"),
        (part(1, lambda _: "[]"), "not valid Base64 or JSON"),
        (
            part(0, lambda text: text.replace("Caller", "Session")),
            "not a request GetCallerIdentity",
        ),
        (part(3, lambda _: "https://sts.example.com"), "not a request GetCallerIdentity"),
        (without("Authorization"), "no signature of version 4 for sts"),
        (without("x-ddog-org-id"), "x-ddog-org-id of the proof are missing or unsigned"),
        (
            part(1, lambda text: text.replace(";x-ddog-org-id,", ",")),
            "x-ddog-org-id of the proof are missing or unsigned",
        ),
        (part(1, lambda text: text.replace("/sts/", "/s3/")), "no signature of version 4 for sts"),
    ],
)
def test_wrong_proof_is_refused(
    send: "Send", organisation: str, change: Callable[[str], str], reason: str
) -> None:
    response = send("POST", EXCHANGE, headers=authorized(change(proof(organisation))))
    assert (response.status_code, response.json()) == (401, {"errors": ["Unauthorized"]})
    assert reason in response.headers["x-sandbox-reason"]


def test_proof_for_other_organisation_is_refused(send: "Send", organisation: str) -> None:
    other = organisation[::-1]
    response = send("POST", EXCHANGE, headers=authorized(proof(other)))
    assert response.status_code == 401
    assert "for another organisation" in response.headers["x-sandbox-reason"]


def test_old_signature_is_refused(send: "Send", organisation: str) -> None:
    def age(text: str) -> str:
        headers = json.loads(text)
        return json.dumps(headers | {"X-Amz-Date": ["20200101T000000Z"]})

    response = send("POST", EXCHANGE, headers=authorized(part(1, age)(proof(organisation))))
    assert "too old" in response.headers["x-sandbox-reason"]
