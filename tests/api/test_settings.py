"""Settings: their sources, precedence and validation."""

import dataclasses
import math
import re
from collections.abc import Mapping

import pytest

from pulumi_datadog_cases.api import ConfigurationError, Settings
from pulumi_datadog_cases.api.config.credentials import (
    AwsIdentity,
    BearerToken,
    Credentials,
    Keys,
)
from pulumi_datadog_cases.api.config.sites import SITES

KEYS = {"DD_API_KEY": "env-api", "DD_APP_KEY": "env-app"}


def resolve(config: Mapping[str, str], **environment: str) -> Settings:
    return Settings.resolve(config.get, KEYS | environment)


def refusal(config: Mapping[str, str], **environment: str) -> str:
    with pytest.raises(ConfigurationError) as caught:
        resolve(config, **environment)
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_config_keys_take_precedence() -> None:
    settings = resolve({"datadog:apiKey": "config-api"})
    assert (settings.api_key, settings.app_key) == ("config-api", "env-app")


AWS = {"datadog:cloudProviderType": "aws", "datadog:orgUuid": "org"}
TOKEN = {"datadog:bearerToken": "config-token"}


@pytest.mark.parametrize(
    ("config", "environment", "credentials"),
    [
        ({}, {}, Keys("env-api", "env-app")),
        ({}, {"DATADOG_API_KEY": "other", "DATADOG_APP_KEY": "other"}, Keys("env-api", "env-app")),
        (
            {},
            {"DD_API_KEY": "", "DD_APP_KEY": "", "DATADOG_API_KEY": "a", "DATADOG_APP_KEY": "b"},
            Keys("a", "b"),
        ),
        ({}, {"DD_BEARER_TOKEN": "token", "DATADOG_BEARER_TOKEN": "b"}, BearerToken("token")),
        ({}, {"DATADOG_BEARER_TOKEN": "token"}, BearerToken("token")),
        (TOKEN, {"DD_BEARER_TOKEN": "token"}, BearerToken("config-token")),
        # If the config has credentials, the environment cannot select credentials of another kind.
        ({"datadog:apiKey": "c"}, {"DD_BEARER_TOKEN": "token"}, Keys("c", "env-app")),
        ({"datadog:appKey": "c"}, {"DD_CLOUD_PROVIDER_TYPE": "aws"}, Keys("env-api", "c")),
        (TOKEN, {"DD_CLOUD_PROVIDER_TYPE": "aws"}, BearerToken("config-token")),
        (TOKEN | {"datadog:apiKey": "c"}, {}, BearerToken("config-token")),
        (AWS | TOKEN | {"datadog:apiKey": "c"}, {}, AwsIdentity("org")),
        (
            {},
            {
                "DATADOG_CLOUD_PROVIDER_TYPE": "aws",
                "DATADOG_ORG_UUID": "org",
                "DD_BEARER_TOKEN": "token",
            },
            AwsIdentity("org"),
        ),
        (
            AWS | {"datadog:cloudProviderRegion": "eu-west-1", "datadog:awsAccessKeyId": "a"},
            {"AWS_ACCESS_KEY_ID": "b", "AWS_SECRET_ACCESS_KEY": "c", "AWS_SESSION_TOKEN": "d"},
            AwsIdentity("org", "eu-west-1", "a", "c", "d"),
        ),
        ({"datadog:appKey": "ddpat_a"}, {"DD_API_KEY": ""}, Keys("", "ddpat_a")),
    ],
)
def test_selected_credentials(
    config: Mapping[str, str], environment: Mapping[str, str], credentials: Credentials
) -> None:
    assert resolve(config, **environment).credentials == credentials


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"datadog:cloudProviderType": "gcp"}, "is 'gcp': write aws"),
        ({"datadog:cloudProviderType": "aws"}, "the UUID of the organisation is missing"),
        (AWS | {"datadog:cloudProviderRegion": "x/y"}, "is 'x/y': write a region such as"),
        (AWS | {"datadog:awsAccessKeyId": "a"}, "the AWS secret access key is missing"),
        (AWS | {"datadog:awsAccessKeyId": "a b"}, "the AWS access key ID contains whitespace"),
        ({"datadog:bearerToken": "sesame 1"}, "the bearer token contains whitespace"),
        ({"datadog:httpClientRetryMaxRetries": "many"}, "is 'many': write a number, such as 3"),
        ({"datadog:httpClientRetryMaxRetries": "-1"}, "is '-1': write a number, such as 3"),
        ({"datadog:httpClientRetryBackoffBase": "x"}, "is 'x': write seconds, such as 0.5"),
    ],
)
def test_malformed_settings_are_refused(config: Mapping[str, str], message: str) -> None:
    refused = refusal(config)
    assert message in refused
    assert "sesame" not in refused


def test_labels_of_organizations() -> None:
    url = "https://host"
    labels = [
        Settings("key", "app", url),
        Settings("key", "app", url, bearer_token=f"{url}-token"),
        Settings(base_url=url, aws=AwsIdentity("ORG", None, "a", "b", "c")),
    ]
    assert len({each.organization_label for each in labels}) == 3
    other_identity = Settings(base_url=url, aws=AwsIdentity("org", "eu-west-1", "d", "e"))
    assert other_identity.organization_label == labels[2].organization_label


def test_other_names_of_host_and_site() -> None:
    assert resolve({}, DATADOG_HOST="https://host").base_url == "https://host"
    assert resolve({}, DATADOG_SITE="datadoghq.eu").base_url == "https://api.datadoghq.eu"
    both = resolve({}, DATADOG_SITE="us3.datadoghq.com", DD_SITE="datadoghq.eu")
    assert both.base_url == "https://api.datadoghq.eu"


@pytest.mark.parametrize(
    ("config", "environment", "base_url"),
    [
        ({}, {}, "https://api.datadoghq.com"),
        ({}, {"DD_SITE": "", "DD_HOST": ""}, "https://api.datadoghq.com"),
        ({}, {"DD_SITE": "datadoghq.eu"}, "https://api.datadoghq.eu"),
        ({}, {"DD_SITE": "datadoghq.eu", "DD_HOST": "https://host"}, "https://host"),
        ({"datadog:site": "ddog-gov.com"}, {"DD_HOST": "https://host"}, "https://api.ddog-gov.com"),
        (
            {"datadog:site": "ddog-gov.com", "datadog:apiUrl": "https://url"},
            {"DD_HOST": "https://host"},
            "https://url",
        ),
    ],
)
def test_precedence_of_url_and_site(
    config: Mapping[str, str], environment: Mapping[str, str], base_url: str
) -> None:
    assert resolve(config, **environment).base_url == base_url


@pytest.mark.parametrize(
    "site",
    [
        "datadoghq.com",
        "us3.datadoghq.com",
        "us5.datadoghq.com",
        "ap1.datadoghq.com",
        "ap2.datadoghq.com",
        "uk1.datadoghq.com",
        "datadoghq.eu",
        "ddog-gov.com",
        "us2.ddog-gov.com",
    ],
)
def test_known_sites(site: str) -> None:
    assert site in SITES
    assert resolve({"datadog:site": site}).base_url == f"https://api.{site}"


@pytest.mark.parametrize(
    ("site", "base_url"),
    [
        ("US5.DatadogHQ.com", "https://api.us5.datadoghq.com"),
        ("us6.datadoghq.com", "https://api.us6.datadoghq.com"),
        ("datadog.example.com", "https://api.datadog.example.com"),
    ],
)
def test_unknown_but_likely_site_is_accepted(site: str, base_url: str) -> None:
    assert resolve({"datadog:site": site}).base_url == base_url


@pytest.mark.parametrize(
    ("site", "meant"),
    [
        ("datadoghq.con", "datadoghq.com"),
        ("datadog.com", "datadoghq.com"),
        ("us3.datadoghq.con", "us3.datadoghq.com"),
        ("app.datadoghq.eu", "datadoghq.eu"),
        ("api.us3.datadoghq.com", "us3.datadoghq.com"),
        ("acme.datadoghq.com", "datadoghq.com"),
        ("https://datadoghq.eu", "datadoghq.eu"),
        ("https://app.datadoghq.eu/cases", "datadoghq.eu"),
        (" datadoghq.eu\n", "datadoghq.eu"),
        ("EU1", "datadoghq.eu"),
        ("eu", "datadoghq.eu"),
        ("us1-fed", "ddog-gov.com"),
        ("api.example.com", "example.com"),
    ],
)
def test_wrong_site_suggests_a_valid_site(site: str, meant: str) -> None:
    message = refusal({"datadog:site": site})
    assert message.startswith(f"datadog:site is {site!r}")
    assert f"did you mean {meant}?" in message


@pytest.mark.parametrize("site", ["", "  ", "localhost", "localhost:8126", "a b.com", "datadoghq"])
def test_invalid_domain_is_rejected(site: str) -> None:
    assert refusal({"datadog:site": site}).startswith(f"datadog:site is {site!r}")


@pytest.mark.parametrize(
    ("url", "base_url"),
    [
        ("https://api.datadoghq.eu", "https://api.datadoghq.eu"),
        ("https://api.datadoghq.eu/", "https://api.datadoghq.eu"),
        ("https://api.datadoghq.eu/api/v2", "https://api.datadoghq.eu"),
        ("https://api.datadoghq.eu/api/v2/", "https://api.datadoghq.eu"),
        ("https://api.datadoghq.eu/api/", "https://api.datadoghq.eu"),
        ("HTTPS://API.datadoghq.EU", "https://api.datadoghq.eu"),
        (
            "https://gateway.example.com:8443/datadog/api/v2",
            "https://gateway.example.com:8443/datadog",
        ),
        ("http://localhost:8126/", "http://localhost:8126"),
        ("http://127.0.0.1:8126", "http://127.0.0.1:8126"),
        ("http://[::1]:8126", "http://[::1]:8126"),
    ],
)
def test_urls_are_normalized(url: str, base_url: str) -> None:
    assert resolve({"datadog:apiUrl": url}).base_url == base_url
    assert Settings("api", "app", url).base_url == base_url


@pytest.mark.parametrize(
    ("base_url", "web_url"),
    [
        ("https://api.datadoghq.com", "https://app.datadoghq.com"),
        ("https://api.datadoghq.eu", "https://app.datadoghq.eu"),
        ("https://api.ddog-gov.com", "https://app.ddog-gov.com"),
        ("https://api.us5.datadoghq.com", "https://us5.datadoghq.com"),
        ("https://api.us2.ddog-gov.com", "https://us2.ddog-gov.com"),
        ("http://127.0.0.1:8126", "http://127.0.0.1:8126"),
        ("https://gateway.example.com/datadog", "https://gateway.example.com/datadog"),
        ("https://api.example.com/datadog", "https://api.example.com/datadog"),
    ],
)
def test_web_pages_are_on_another_host_than_the_api(base_url: str, web_url: str) -> None:
    assert Settings("api", "app", base_url).web_url == web_url


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("", "not a full URL"),
        ("api.datadoghq.eu", "not a full URL"),
        ("https://api.datadoghq.eu\n", "not a full URL"),
        ("https://", "host"),
        ("ftp://api.datadoghq.eu", "use https"),
        ("http://api.datadoghq.eu", "plain http"),
        ("http://localhost.example.com", "plain http"),
        ("https://app.datadoghq.eu", "did you mean https://api.datadoghq.eu?"),
        ("https://datadoghq.eu/", "did you mean https://api.datadoghq.eu?"),
        ("https://api.datadoghq.eu?x=1", "only host and path"),
        ("https://api.datadoghq.eu:port", "port"),
        ("https://api..eu", "label"),
    ],
)
def test_invalid_urls_are_rejected(url: str, why: str) -> None:
    message = refusal({"datadog:apiUrl": url})
    assert message.startswith(f"datadog:apiUrl is {url!r}")
    assert why in message


RETRY_TIMEOUT = "datadog:httpClientRetryTimeout", "DD_HTTP_CLIENT_RETRY_TIMEOUT"
RETRY_ENABLED = "datadog:httpClientRetryEnabled", "DD_HTTP_CLIENT_RETRY_ENABLED"
RATE_LIMIT_TIMEOUT = (
    "datadog-cases:rateLimitTimeout",
    "PULUMI_DATADOG_CASES_RATE_LIMIT_TIMEOUT",
)
ALLOW_PLAIN_HTTP = "datadog-cases:allowPlainHttp", "PULUMI_DATADOG_CASES_ALLOW_PLAIN_HTTP"


@pytest.mark.parametrize(
    ("places", "text", "field", "value"),
    [
        (RETRY_TIMEOUT, "90", "retry_timeout", 90.0),
        (RETRY_ENABLED, "False", "retry_timeout", 0.0),
        (RETRY_ENABLED, "true", "retry_timeout", 300.0),
        (RATE_LIMIT_TIMEOUT, "0.5", "rate_limit_timeout", 0.5),
        (ALLOW_PLAIN_HTTP, "true", "allow_plain_http", True),
    ],
)
def test_timeouts_and_plain_http_settings(
    places: tuple[str, str], text: str, field: str, value: object
) -> None:
    key, variable = places
    assert getattr(resolve({key: text}, **{variable: "junk"}), field) == value
    assert getattr(resolve({key: ""}, **{variable: text}), field) == value


def test_defaults() -> None:
    settings = resolve({}, DD_HTTP_CLIENT_RETRY_TIMEOUT="")
    assert (settings.retry_timeout, settings.rate_limit_timeout) == (300.0, 3600.0)
    assert not settings.allow_plain_http


@pytest.mark.parametrize("seconds", ["soon", "-1", "nan", "inf", "1 h"])
def test_invalid_timeout_setting_is_rejected(seconds: str) -> None:
    assert refusal({}, DD_HTTP_CLIENT_RETRY_TIMEOUT=seconds) == (
        "datadog:httpClientRetryTimeout or DD_HTTP_CLIENT_RETRY_TIMEOUT is "
        f"{seconds!r}: write seconds, such as 300"
    )


@pytest.mark.parametrize("seconds", [-1.0, math.nan, math.inf])
def test_invalid_timeout_argument_is_rejected(seconds: float) -> None:
    with pytest.raises(ConfigurationError, match=f"retry_timeout is {seconds}, not a number of"):
        Settings("api", "app", "https://host", retry_timeout=seconds)
    with pytest.raises(ConfigurationError, match=f"rate_limit_timeout is {seconds}, not a number"):
        Settings("api", "app", "https://host", rate_limit_timeout=seconds)


def test_invalid_boolean_is_rejected() -> None:
    assert refusal({"datadog-cases:allowPlainHttp": "perhaps"}).endswith(
        "is 'perhaps': write true or false"
    )


def test_plain_http_must_be_allowed() -> None:
    url = {"datadog:apiUrl": "http://gateway.example.com"}
    assert "set datadog-cases:allowPlainHttp or PULUMI_DATADOG_CASES_ALLOW_PLAIN_HTTP to true" in (
        refusal(url)
    )
    allowed = resolve(url | {"datadog-cases:allowPlainHttp": "true"})
    assert allowed.base_url == "http://gateway.example.com"
    assert not allowed.is_loopback


def test_url_credentials_are_not_shown() -> None:
    assert "hunter2" not in refusal({}, DD_HOST="https://me:hunter2@api.datadoghq.eu")


@pytest.mark.parametrize(
    ("missing", "config_key"),
    [("DD_API_KEY", "datadog:apiKey"), ("DD_APP_KEY", "datadog:appKey")],
)
def test_missing_key_message_says_how_to_set_it(missing: str, config_key: str) -> None:
    message = refusal({}, **{missing: ""})
    assert f"pulumi config set --secret {config_key}" in message
    assert missing in message


@pytest.mark.parametrize("key", ["sesame\n", " sesame", "ses ame", "sesame\u200b", "sesamé"])
@pytest.mark.parametrize("which", ["datadog:apiKey", "datadog:appKey"])
def test_invalid_key_is_rejected_without_showing_it(key: str, which: str) -> None:
    message = refusal({which: key})
    assert which in message
    assert "ame" not in message.replace("name", "")


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://api.datadoghq.eu", "api.datadoghq.eu"),
        ("http://[::1]:8126", "--1"),
        ("https://bücher.example", "b-cher.example"),
        ("https://" + "a." * 120 + "eu", "a." * 50),
    ],
)
def test_organization_label_is_a_file_name(url: str, host: str) -> None:
    label = Settings("sesame", "app", url).organization_label
    assert re.fullmatch(re.escape(host) + "-[0-9a-f]{12}", label)


def test_organization_label_is_stable() -> None:
    here = Settings("sesame", "app", "http://127.0.0.1:1")
    # The label must not change: it is the name of folders that earlier releases have written.
    assert here.organization_label == "127.0.0.1-c08fb511a4d9"
    assert here.organization_label == dataclasses.replace(here, app_key="x").organization_label
    others = [
        dataclasses.replace(here, api_key="x"),
        dataclasses.replace(here, base_url="http://127.0.0.1:2"),
    ]
    assert here.organization_label not in {other.organization_label for other in others}


def test_repr_contains_no_token() -> None:
    aws = AwsIdentity("org", "eu-west-1", "sesame2", "sesame3", "sesame4")
    aws.derived.add("sesame5")
    settings = Settings(base_url="https://host", bearer_token="sesame1", aws=aws)  # noqa: S106 - not a real token
    others = BearerToken("sesame1"), Keys("sesame", "sesame")
    shown = f"{settings!r} {settings.credentials!r} {others!r}"
    assert "org" in shown
    assert "sesame" not in shown


def test_repr_contains_no_key() -> None:
    shown = repr(Settings("sesame1", "sesame2", "https://host"))
    assert shown.startswith("Settings(base_url='https://host'")
    assert "sesame" not in shown
