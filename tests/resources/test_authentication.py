"""Tests of each way to sign in, with the real Pulumi. No credential may be stored or shown."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pytest
import requests
from tests.resources.test_secrets import LOGGED, base64_texts, confine, files

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization, Stack, StartSandbox

pytestmark = pytest.mark.pulumi

TOKEN = "ddpat_5Yb1be0e8c5b4d4f0e9d1c5a7e3f2a9c88"  # noqa: S105 - of a sandbox
AWS_SECRETS = {
    "AWS_ACCESS_KEY_ID": "AKIAQ7EXAMPLE5ZX3K2M",
    "AWS_SECRET_ACCESS_KEY": "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",
    "AWS_SESSION_TOKEN": "IQoJb3JpZ2luX2VjEXAMPLEx7Qk2m9Zt4Rv8Bn3Wc6Yd1Hs5Gp",
}

PROGRAM = """
import os
import pulumi
import pulumi_datadog_cases as cases

{provider}
desk = cases.Project("desk", key="SEC", name={name!r}{options})
pulumi.export("found", cases.get_user(email="bela@example.com").attributes.name)
"""


def program(provider: str = "", name: str = "Security") -> str:
    options = ", opts=pulumi.ResourceOptions(provider=own)" if provider else ""
    return PROGRAM.format(provider=provider, options=options, name=name)


@pytest.fixture
def tokens(start_sandbox: "StartSandbox") -> "Organization":
    """An organisation with an access token."""
    return start_sandbox("--bearer-token", TOKEN)


def org_uuid(organization: "Organization") -> str:
    """The UUID of an organisation."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    url = f"{organization.settings.base_url}/api/v2/current_user"
    uuid: str = requests.get(url, headers=headers, timeout=10).json()["included"][0]["id"]
    return uuid


def aws_settings(organization: "Organization") -> dict[str, str]:
    """The environment variables that select an AWS identity, without the AWS credentials."""
    return {"DD_CLOUD_PROVIDER_TYPE": "aws", "DD_ORG_UUID": org_uuid(organization)}


def sign_in(stack: "Stack", organization: "Organization", settings: Mapping[str, str]) -> "Stack":
    stack.environment |= {"DD_HOST": organization.settings.base_url, **settings}
    return confine(stack)


def exchanges(organization: "Organization") -> int:
    return organization.request_lines().count("POST /delegated-token")


def assert_deploys(stack: "Stack") -> str:
    """Create, change, refresh and destroy the stack's resources. Return the output of all runs."""
    output = stack.preview(*LOGGED) + stack.up(*LOGGED)
    stack.write((stack.folder / "__main__.py").read_text().replace("Security", "SOC"))
    output += stack.up(*LOGGED)
    assert stack.outputs["found"] == "Bela Backend"
    output += stack.refresh(*LOGGED)
    stack.assert_no_changes()
    return output + stack.destroy(*LOGGED)


def assert_hidden(stack: "Stack", output: str, *secrets: str) -> None:
    """Fail if a secret is in the output, or in a file that Pulumi or the intent log has written."""
    written = [(path, text) for path, text in files(stack) if path.name != "__main__.py"]
    decoded = [part for _, text in written for part in base64_texts(text)]
    assert any("Project.Provider" in part for part in decoded)
    for secret in secrets:
        assert secret not in output
        assert [path for path, text in written if secret in text] == []
        assert [part for part in decoded if secret in part] == []


@pytest.mark.parametrize("variable", ["DD_BEARER_TOKEN", "DATADOG_BEARER_TOKEN"])
def test_bearer_token_of_environment(
    tokens: "Organization", new_stack: "NewStack", variable: str
) -> None:
    stack = sign_in(new_stack(None, program()), tokens, {variable: TOKEN})
    output = assert_deploys(stack)
    assert_hidden(stack, output, TOKEN)
    assert TOKEN not in json.dumps(tokens.request_log())


def test_bearer_token_of_config_takes_precedence(
    tokens: "Organization", new_stack: "NewStack"
) -> None:
    wrong = {"DD_API_KEY": "wrong", "DD_APP_KEY": "wrong", "DD_BEARER_TOKEN": "wrong"}
    stack = sign_in(new_stack(None, program()), tokens, wrong)
    stack("config", "set", "--secret", "datadog:bearerToken", TOKEN)
    assert_hidden(stack, assert_deploys(stack), TOKEN)


def test_bearer_token_of_explicit_provider(tokens: "Organization", new_stack: "NewStack") -> None:
    provider = 'own = cases.Provider("own", bearer_token=os.environ["TOKEN_OF_OWN"])'
    settings = {"TOKEN_OF_OWN": TOKEN, "DD_BEARER_TOKEN": TOKEN}
    stack = sign_in(new_stack(None, program(provider)), tokens, settings)
    assert_hidden(stack, assert_deploys(stack), TOKEN)


def test_expired_bearer_token_is_one_clear_line(
    tokens: "Organization", new_stack: "NewStack"
) -> None:
    stack = sign_in(new_stack(None, program()), tokens, {"DD_BEARER_TOKEN": TOKEN})
    stack.up()
    requests.delete(f"{tokens.settings.base_url}/sandbox/tokens", timeout=10).raise_for_status()
    output = stack.refresh(fails=True)
    lines = [line for line in output.splitlines() if "answered 401" in line]
    assert lines
    for line in lines:
        assert "The bearer token was rejected: it may have expired" in line
        assert "Create a new token and set datadog:bearerToken or DD_BEARER_TOKEN." in line
    assert_hidden(stack, output, TOKEN)
    assert "desk" in stack.resources


def test_rotated_bearer_token_changes_nothing(
    tokens: "Organization", new_stack: "NewStack"
) -> None:
    stack = sign_in(new_stack(None, program()), tokens, {"DD_BEARER_TOKEN": TOKEN})
    stack.up()
    # The sandbox has only one token. So the test uses keys of the same organisation instead of a
    # new token.
    del stack.environment["DD_BEARER_TOKEN"]
    stack.environment |= tokens.environment
    stack.assert_no_changes()
    stack.destroy()


def test_rotated_bearer_token_recovers_a_lost_create(
    tokens: "Organization", new_stack: "NewStack"
) -> None:
    stack = sign_in(new_stack(None, program()), tokens, {"DD_BEARER_TOKEN": TOKEN})
    # The API creates the project but sends no response. The project list fails with status 503, so
    # the provider cannot search for the project.
    url = f"{tokens.settings.base_url}/sandbox/faults"
    faults = [
        {"kind": "drop_after", "endpoint": "POST /cases/projects"},
        {"kind": "status", "endpoint": "GET /cases/projects", "status": 503},
    ]
    requests.post(url, json=faults, timeout=10).raise_for_status()
    stack.environment["DD_HTTP_CLIENT_RETRY_ENABLED"] = "false"
    stack.up(fails=True)
    requests.delete(url, timeout=10).raise_for_status()
    del stack.environment["DD_BEARER_TOKEN"]
    stack.environment |= tokens.environment
    stack.up()
    assert len(tokens.call("GET /cases/projects")) == 1
    stack.destroy()


def test_aws_identity_of_environment(tokens: "Organization", new_stack: "NewStack") -> None:
    stack = sign_in(new_stack(None, program()), tokens, aws_settings(tokens) | AWS_SECRETS)
    output = assert_deploys(stack)
    assert_hidden(stack, output, *AWS_SECRETS.values(), "issued-token-")
    assert exchanges(tokens) > 0


def test_aws_identity_of_config(tokens: "Organization", new_stack: "NewStack") -> None:
    stack = sign_in(new_stack(None, program()), tokens, {"DD_BEARER_TOKEN": "wrong"})
    stack("config", "set", "datadog:cloudProviderType", "aws")
    stack("config", "set", "datadog:cloudProviderRegion", "eu-west-1")
    stack("config", "set", "datadog:orgUuid", org_uuid(tokens))
    keys = ("datadog:awsAccessKeyId", "datadog:awsSecretAccessKey", "datadog:awsSessionToken")
    for key, secret in zip(keys, AWS_SECRETS.values(), strict=True):
        stack("config", "set", "--secret", key, secret)
    assert_hidden(stack, assert_deploys(stack), *AWS_SECRETS.values(), "issued-token-")


def test_aws_identity_of_explicit_provider(tokens: "Organization", new_stack: "NewStack") -> None:
    provider = """own = cases.Provider(
    "own", cloud_provider_type="aws", org_uuid=os.environ["DD_ORG_UUID"],
    aws_access_key_id=os.environ["AWS_ACCESS_KEY_ID"],
    aws_secret_access_key=os.environ["AWS_SECRET_ACCESS_KEY"],
    aws_session_token=os.environ["AWS_SESSION_TOKEN"],
)"""
    settings = aws_settings(tokens) | AWS_SECRETS
    stack = sign_in(new_stack(None, program(provider)), tokens, settings)
    assert_hidden(stack, assert_deploys(stack), *AWS_SECRETS.values(), "issued-token-")


def test_aws_identity_needs_no_request_for_the_organization(
    tokens: "Organization", new_stack: "NewStack"
) -> None:
    settings = aws_settings(tokens) | AWS_SECRETS
    stack = sign_in(new_stack(None, program().replace("pulumi.export", "#")), tokens, settings)
    stack.up()
    before = tokens.identity_requests(), exchanges(tokens)
    stack.preview("--expect-no-changes")
    assert (tokens.identity_requests(), exchanges(tokens)) == before
    stack.refresh()  # exchanges the AWS identity for a new token
    assert (tokens.identity_requests(), exchanges(tokens)) == (before[0], before[1] + 1)


def test_rejected_aws_identity_is_one_clear_line(
    tokens: "Organization", new_stack: "NewStack"
) -> None:
    settings = {"DD_CLOUD_PROVIDER_TYPE": "aws", "DD_ORG_UUID": TOKEN[:20], **AWS_SECRETS}
    stack = sign_in(new_stack(None, program()), tokens, settings)
    output = stack.up(fails=True)
    lines = [line for line in output.splitlines() if "answered 401" in line]
    assert lines
    assert all(
        "Datadog does not accept the AWS identity: check datadog:orgUuid" in x for x in lines
    )
    assert not any(secret in output for secret in AWS_SECRETS.values())


def test_config_of_the_other_provider_is_sufficient(
    tokens: "Organization", new_stack: "NewStack"
) -> None:
    stack = sign_in(new_stack(None, program()), tokens, {})
    del stack.environment["DD_HOST"]
    stack.environment |= {
        "DATADOG_HOST": tokens.settings.base_url,
        "DATADOG_API_KEY": tokens.settings.api_key,
        "DATADOG_APP_KEY": tokens.settings.app_key,
    }
    for key, value in {
        "validate": "false",
        "httpClientRetryEnabled": "true",
        "httpClientRetryTimeout": "60",
        "httpClientRetryMaxRetries": "3",
        "httpClientRetryBackoffBase": "2",
        "httpClientRetryBackoffMultiplier": "2",
        "httpClientRetryJitter": "1",
        "workloadIdentityTokenTag": "",
    }.items():
        stack("config", "set", f"datadog:{key}", value)
    stack("config", "set", "--path", "datadog:defaultTags.tags.team", "soc")
    stack("config", "set", "--path", "datadog:ignoreTagKeys[0]", "team")
    assert "warning" not in assert_deploys(stack)
