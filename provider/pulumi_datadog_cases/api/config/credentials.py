"""The ways to sign in to Datadog: a pair of keys, a bearer token, or an AWS identity."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from pulumi_datadog_cases.api.config.sources import Setting, Sources
from pulumi_datadog_cases.api.errors import ConfigurationError

API_KEY = Setting("datadog:apiKey", "DD_API_KEY", "DATADOG_API_KEY")
APP_KEY = Setting("datadog:appKey", "DD_APP_KEY", "DATADOG_APP_KEY")
BEARER_TOKEN = Setting("datadog:bearerToken", "DD_BEARER_TOKEN", "DATADOG_BEARER_TOKEN")
CLOUD_PROVIDER_TYPE = Setting(
    "datadog:cloudProviderType", "DD_CLOUD_PROVIDER_TYPE", "DATADOG_CLOUD_PROVIDER_TYPE"
)
CLOUD_PROVIDER_REGION = Setting("datadog:cloudProviderRegion", "DD_CLOUD_PROVIDER_REGION")
ORG_UUID = Setting("datadog:orgUuid", "DD_ORG_UUID", "DATADOG_ORG_UUID")
AWS_ACCESS_KEY_ID = Setting("datadog:awsAccessKeyId", "AWS_ACCESS_KEY_ID")
AWS_SECRET_ACCESS_KEY = Setting("datadog:awsSecretAccessKey", "AWS_SECRET_ACCESS_KEY")
AWS_SESSION_TOKEN = Setting("datadog:awsSessionToken", "AWS_SESSION_TOKEN")

SECRETS = (
    API_KEY,
    APP_KEY,
    BEARER_TOKEN,
    AWS_ACCESS_KEY_ID,
    AWS_SECRET_ACCESS_KEY,
    AWS_SESSION_TOKEN,
)
"""The settings whose values must not be shown."""

# The prefixes of personal access tokens and of access tokens of service accounts (documented).
_TOKEN_PREFIXES = ("ddpat_", "ddsat_")
_REGION = re.compile(r"[a-z0-9-]+")


@dataclass(frozen=True)
class Keys:
    """An API key and an application key.

    The application key may be an access token (documented). An access token needs no API key.

    Raises:
        ConfigurationError: a key is missing or malformed. The message does not contain the key.
    """

    #: The name of this way to sign in, for messages.
    name = "keys"
    #: What the error message of a 401 says to the user.
    rejected = (
        "The keys datadog:apiKey and datadog:appKey are not both valid on the site datadog:site."
    )
    #: What the error message of a 403 says to the user. The required scopes replace `{scope}`.
    forbidden = (
        "The application key or its owner lacks the scope {scope}, or the keys datadog:apiKey and "
        "datadog:appKey are not both valid on the site datadog:site."
    )

    api_key: str = field(repr=False)
    app_key: str = field(repr=False)

    def __post_init__(self) -> None:
        """Check the keys."""
        if self.api_key or not is_access_token(self.app_key):
            _check("API key", API_KEY, self.api_key)
        _check("application key", APP_KEY, self.app_key)

    @property
    def organization(self) -> str:
        """A text that identifies the organisation: the API key; without one, the access token.

        Each API key and each access token belongs to one organisation.
        """
        return self.api_key or self.app_key

    @property
    def secrets(self) -> Iterator[str]:
        """The texts that must not be shown."""
        yield from (self.api_key, self.app_key)


@dataclass(frozen=True)
class BearerToken:
    """An access token of a user (`ddpat_…`) or of a service account (`ddsat_…`).

    Raises:
        ConfigurationError: the token is malformed. The message does not contain the token.
    """

    name = "bearer token"
    rejected = (
        "The bearer token was rejected: it may have expired, it may have been revoked, or it may "
        f"belong to another site than datadog:site. Create a new token and set {BEARER_TOKEN}."
    )
    forbidden = (
        "The bearer token lacks the scope {scope}, or the token's owner lacks the permission that "
        "has the same name as the scope. Add the scope or the permission. Or create a token that "
        f"has the scope, and set {BEARER_TOKEN}."
    )

    token: str = field(repr=False)

    def __post_init__(self) -> None:
        """Check the token."""
        _check("bearer token", BEARER_TOKEN, self.token)

    @property
    def organization(self) -> str:
        """A text that identifies the organisation: the token. Each token has one organisation."""
        return self.token

    @property
    def secrets(self) -> Iterator[str]:
        """The texts that must not be shown."""
        yield self.token


@dataclass(frozen=True)
class AwsIdentity:
    """An AWS identity that Datadog maps to a user or a service account of one organisation.

    Attributes:
        org_uuid: the UUID of the Datadog organisation.
        region: the AWS region whose STS endpoint confirms the identity; None for the global
            endpoint.
        access_key_id: the AWS access key. If it is None, botocore finds the credentials, for
            example in a profile or in the metadata of the machine.
        secret_access_key: the secret of the access key.
        session_token: the session token of temporary credentials.

    Raises:
        ConfigurationError: a value is missing or malformed.
    """

    name = "AWS identity"
    rejected = (
        "Datadog rejected a token that it had just issued for the AWS identity: check that "
        "datadog:site and datadog:apiUrl name the same site."
    )
    forbidden = (
        "The Datadog user or service account of the AWS identity lacks the permission {scope}: "
        "grant it, or map the ARN to another account."
    )

    org_uuid: str
    region: str | None = None
    access_key_id: str | None = field(default=None, repr=False)
    secret_access_key: str | None = field(default=None, repr=False)
    session_token: str | None = field(default=None, repr=False)
    #: Secrets that were derived from the credentials, such as the tokens that Datadog issued.
    derived: set[str] = field(default_factory=set[str], init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Check the values."""
        _check("UUID of the organisation", ORG_UUID, self.org_uuid)
        if self.region is not None and not _REGION.fullmatch(self.region):
            raise ConfigurationError(
                f"{CLOUD_PROVIDER_REGION} is {self.region!r}: write a region such as us-east-1"
            )
        if self.access_key_id is not None:
            _check("AWS access key ID", AWS_ACCESS_KEY_ID, self.access_key_id)
            _check("AWS secret access key", AWS_SECRET_ACCESS_KEY, self.secret_access_key or "")
            if self.session_token:
                _check("AWS session token", AWS_SESSION_TOKEN, self.session_token)

    @property
    def organization(self) -> str:
        """A text that identifies the organisation: its UUID, in lower case."""
        return self.org_uuid.lower()

    @property
    def secrets(self) -> Iterator[str]:
        """The texts that must not be shown."""
        given = (self.access_key_id, self.secret_access_key, self.session_token)
        yield from filter(None, given)
        yield from tuple(self.derived)


Credentials: TypeAlias = Keys | BearerToken | AwsIdentity
"""One way to sign in, with its credentials."""


def is_access_token(key: str) -> bool:
    """Whether an application key is an access token, which needs no API key (documented)."""
    return key.startswith(_TOKEN_PREFIXES)


def method_setting(sources: Sources) -> Setting:
    """Return the setting that stands for the way to sign in.

    The result is `CLOUD_PROVIDER_TYPE` for an AWS identity, `BEARER_TOKEN` for a bearer token, and
    `API_KEY` for the two keys. If nothing is set, the result is `API_KEY`.

    Credentials in the stack's config take precedence over all credentials in the environment.
    Within the config, and within the environment, an AWS identity takes precedence over a bearer
    token. A bearer token takes precedence over keys. The provider `pulumi-datadog` has the
    same order.
    """
    methods = (CLOUD_PROVIDER_TYPE, BEARER_TOKEN, API_KEY, APP_KEY)
    for values in (sources.config_values, sources.environment_values):
        for setting in methods:
            if any(value for _, value in values(setting)):
                return API_KEY if setting is APP_KEY else setting
    return API_KEY


def resolve_aws_identity(sources: Sources) -> AwsIdentity:
    """Read the settings of an AWS identity.

    Raises:
        ConfigurationError: a value is missing or malformed; the message says how to set it.
    """
    if (type_ := sources.text(CLOUD_PROVIDER_TYPE)) != "aws":
        raise ConfigurationError(f"{CLOUD_PROVIDER_TYPE} is {type_!r}: write aws")
    return AwsIdentity(
        sources.text(ORG_UUID) or "",
        sources.text(CLOUD_PROVIDER_REGION),
        sources.text(AWS_ACCESS_KEY_ID),
        sources.text(AWS_SECRET_ACCESS_KEY),
        sources.text(AWS_SESSION_TOKEN),
    )


def how_to_set(setting: Setting) -> str:
    """Return how a user sets a credential, for messages."""
    secret = "--secret " if setting in SECRETS else ""
    return f"`pulumi config set {secret}{setting.key} …` or the variable {setting.variable}"


def _check(name: str, setting: Setting, value: str) -> None:
    """Raise ConfigurationError if a value is missing or malformed, without showing the value."""
    how = how_to_set(setting)
    if not value:
        instead = f"; or set a bearer token: {BEARER_TOKEN}" if setting is API_KEY else ""
        raise ConfigurationError(f"the {name} is missing: set it with {how}{instead}")
    if re.search(r"\s", value):
        raise ConfigurationError(f"the {name} contains whitespace: set it again with {how}")
    if not (value.isascii() and value.isprintable()):
        raise ConfigurationError(
            f"the {name} contains an invalid character: set it again with {how}"
        )
