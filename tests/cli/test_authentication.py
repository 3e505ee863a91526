"""Tests of commands that sign in with tokens and AWS identities, and of what `doctor` reports."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests

if TYPE_CHECKING:
    from tests.cli.conftest import Run
    from tests.conftest import Organization

BEARER = "sandbox-bearer-token"
AWS = {
    "AWS_ACCESS_KEY_ID": "AKIAQ7EXAMPLE5ZX3K2M",
    "AWS_SECRET_ACCESS_KEY": "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",
    "AWS_SESSION_TOKEN": "IQoJb3JpZ2luX2VjEXAMPLEx7Qk2m9Zt4Rv8Bn3Wc6Yd1Hs5Gp",
}
SECRETS = (BEARER, *AWS.values(), "issued-token-")


@pytest.fixture
def org_uuid(organization: "Organization") -> str:
    keys = {
        "DD-API-KEY": organization.settings.api_key,
        "DD-APPLICATION-KEY": organization.settings.app_key,
    }
    url = f"{organization.settings.base_url}/api/v2/current_user"
    return str(requests.get(url, headers=keys, timeout=10).json()["included"][0]["id"])


@pytest.fixture(params=["bearer", "aws"])
def method(request: pytest.FixtureRequest, run: "Run", monkeypatch: pytest.MonkeyPatch) -> str:
    """Set the variables for a bearer token or an AWS identity. Return `bearer` or `aws`.

    `DD_API_KEY` and `DD_APP_KEY` are set, too, but must not be used.
    """
    del run  # The fixture is needed only because it sets the variables of the sandbox.
    monkeypatch.setenv("DD_API_KEY", "wrong")
    if request.param == "bearer":
        monkeypatch.setenv("DD_BEARER_TOKEN", BEARER)
    else:
        sign_in_with_aws(monkeypatch, request.getfixturevalue("org_uuid"))
    return str(request.param)


def sign_in_with_aws(monkeypatch: pytest.MonkeyPatch, org_uuid: str) -> None:
    for name, value in {**AWS, "DD_CLOUD_PROVIDER_TYPE": "aws", "DD_ORG_UUID": org_uuid}.items():
        monkeypatch.setenv(name, value)


def diagnose(run: "Run", ends_with: int) -> Mapping[str, dict[str, str]]:
    output = run("doctor", "--json", ends_with=ends_with).output
    assert not any(secret in output for secret in SECRETS)
    return {each["check"]: each for each in json.loads(output)}


def test_commands_sign_in(
    run: "Run", organization: "Organization", method: str, tmp_path: Path
) -> None:
    data = {"type": "project", "attributes": {"key": "SEC", "name": "Security"}}
    organization.call("POST /cases/projects", data)
    output = run("export", "--out", "copy.json").output
    output += run("import", "--all", "--out", "program").output
    assert '"SEC"' in (tmp_path / "copy.json").read_text()
    exchanged = "POST /delegated-token" in organization.request_lines()
    assert exchanged == (method == "aws")
    written = [path.read_text() for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(secret in text for secret in SECRETS for text in [output, *written])


def test_doctor_names_bearer_token(run: "Run", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DD_BEARER_TOKEN", BEARER)
    findings = diagnose(run, ends_with=0)
    assert findings["sign-in"]["found"] == (
        "with a bearer token (DD_API_KEY and DD_APP_KEY not used)"
    )
    assert findings["bearer token"]["found"].startswith("accepted; the user is CI Account")
    assert "API key" not in findings


def test_doctor_reports_expired_token(
    run: "Run", organization: "Organization", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATADOG_BEARER_TOKEN", BEARER)
    url = f"{organization.settings.base_url}/sandbox/tokens"
    requests.delete(url, timeout=10).raise_for_status()
    finding = diagnose(run, ends_with=1)["bearer token"]
    assert finding["status"] == "error"
    assert "it may have expired" in finding["found"]


def test_doctor_says_when_the_token_of_an_aws_identity_expires(
    run: "Run", monkeypatch: pytest.MonkeyPatch, org_uuid: str
) -> None:
    sign_in_with_aws(monkeypatch, org_uuid)
    findings = diagnose(run, ends_with=0)
    assert findings["organisation's UUID"]["found"] == "from DD_ORG_UUID"
    assert findings["AWS access key ID"]["found"] == "from AWS_ACCESS_KEY_ID"
    assert "; the token expires at 20" in findings["AWS identity"]["found"]


def test_doctor_reports_refused_aws_identity(
    run: "Run", monkeypatch: pytest.MonkeyPatch, org_uuid: str
) -> None:
    sign_in_with_aws(monkeypatch, org_uuid[::-1])
    finding = diagnose(run, ends_with=1)["AWS identity"]
    assert finding["status"] == "error"
    assert "Datadog does not accept the AWS identity" in finding["found"]


def test_doctor_reports_missing_extra(
    run: "Run", monkeypatch: pytest.MonkeyPatch, org_uuid: str
) -> None:
    sign_in_with_aws(monkeypatch, org_uuid)
    monkeypatch.setitem(sys.modules, "botocore.auth", None)
    findings = diagnose(run, ends_with=1)
    assert "pip install 'pulumi-datadog-cases[aws]'" in findings["AWS identity"]["found"]
    assert "connection" not in findings


def test_doctor_names_missing_org_uuid(run: "Run", monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in_with_aws(monkeypatch, "")
    finding = diagnose(run, ends_with=1)["organisation's UUID"]
    assert (finding["status"], finding["found"]) == ("error", "not set")
    assert finding["advice"].startswith("`pulumi config set datadog:orgUuid …`")


def test_doctor_accepts_access_token_as_application_key(
    run: "Run", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DD_API_KEY")
    monkeypatch.setenv("DD_APP_KEY", "ddpat_abc")
    findings = diagnose(run, ends_with=1)  # the sandbox accepts no access token as a key
    assert findings["API key"]["found"] == "not needed: the application key is an access token"
