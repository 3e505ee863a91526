"""Headers that authenticate requests. For an AWS identity, this module requests access tokens.

An access token for an AWS identity is requested as in Datadog's official clients:

1. The client signs a request `GetCallerIdentity` for AWS STS, but does not send it to AWS.
2. The client sends the signed request to Datadog instead, in the header `Authorization` of
   `POST /api/v2/delegated-token`. This signed request is called the *proof*. A signed header of the
   proof names the Datadog organisation.
3. Datadog sends the proof to AWS STS, which responds with the AWS identity.
4. Datadog responds with an access token for the user or service account to which the identity is
   mapped.
5. The client sends the access token as a bearer token. The token is valid for some minutes.
"""

import base64
import json
import threading
import time
from collections.abc import Callable, Mapping
from typing import Protocol

from pulumi_datadog_cases.api.config.credentials import ORG_UUID, AwsIdentity, BearerToken
from pulumi_datadog_cases.api.config.settings import Settings
from pulumi_datadog_cases.api.errors import (
    ApiError,
    ConfigurationError,
    DatadogCasesError,
    RateLimited,
    ServerError,
    Unauthorized,
)
from pulumi_datadog_cases.api.http.headers import Headers, date
from pulumi_datadog_cases.api.http.request import ROOT, RequestInfo
from pulumi_datadog_cases.api.http.responses import Response, parse_response

_EXCHANGE_PATH = f"{ROOT}/delegated-token"
_EXCHANGE_ADVICE = (
    f"Datadog does not accept the AWS identity: check {ORG_UUID} and datadog:site, that the AWS "
    "credentials have not expired, and that Datadog maps their ARN to a user or service account."
)
_BODY = "Action=GetCallerIdentity&Version=2011-06-15"
# The region in the signature of requests to the global endpoint (documented by AWS).
_GLOBAL_REGION = "us-east-1"
# The lifetime of a token in seconds if Datadog does not say when the token expires. Datadog's
# official clients assume the same lifetime.
_DEFAULT_LIFETIME = 900.0
# A token is renewed this many seconds before it expires, but at the earliest after half of its
# lifetime.
_MARGIN = 60.0

Exchange = Callable[[RequestInfo, Headers], Response]
"""A function that sends the given request with the given headers, and returns the response.

The request has no body. It is not retried.
"""


class Authentication(Protocol):
    """Returns the headers that authenticate requests. Threads can share it."""

    @property
    def expires(self) -> float | None:
        """The Unix time when the credentials expire; None if that is unknown."""

    def headers(self, rejected: Headers | None = None) -> Headers:
        """Return the headers for a request.

        Args:
            rejected: headers that the API has rejected. For an AWS identity, the result then has a
                new token. Keys and bearer tokens never change, so the result equals `rejected`.
        """
        ...


def authentication(settings: Settings, exchange: Exchange) -> Authentication:
    """Return the `Authentication` for the credentials in the settings.

    Args:
        settings: the settings.
        exchange: sends the request for an access token.
    """
    credentials = settings.credentials
    if isinstance(credentials, AwsIdentity):
        return _Delegated(credentials, settings, exchange)
    if isinstance(credentials, BearerToken):
        return _Fixed(_bearer(credentials.token))
    keys = {"DD-API-KEY": credentials.api_key, "DD-APPLICATION-KEY": credentials.app_key}
    return _Fixed({name: key for name, key in keys.items() if key})


class _Fixed:
    """Headers that never change."""

    expires = None

    def __init__(self, headers: Headers) -> None:
        self._headers = headers

    def headers(self, rejected: Headers | None = None) -> Headers:
        """Return the headers."""
        del rejected
        return self._headers


class _Delegated:
    """Access tokens that Datadog issues for an AWS identity."""

    def __init__(self, identity: AwsIdentity, settings: Settings, exchange: Exchange) -> None:
        self.expires: float | None = None
        self._identity = identity
        self._request = RequestInfo(
            settings, "POST", _EXCHANGE_PATH, idempotent=True, advice=_EXCHANGE_ADVICE
        )
        self._exchange = exchange
        self._headers: Headers | None = None
        self._renew_at = 0.0
        self._lock = threading.Lock()

    def headers(self, rejected: Headers | None = None) -> Headers:
        """Return the headers, with a new token if the current one was rejected or expires soon.

        If several threads need a new token, one thread requests it, and the others wait for it.

        Raises:
            DatadogCasesError: the API issued no token. `may_have_arrived` is false, because the
                request that needed the token was not sent.
        """
        with self._lock:
            headers = self._headers
            if headers is None or headers == rejected or time.monotonic() >= self._renew_at:
                try:
                    self._headers = headers = self._new_headers()
                except DatadogCasesError as error:
                    error.may_have_arrived = False
                    raise
            return headers

    def _new_headers(self) -> Headers:
        proof = _proof(self._identity)
        # A response may repeat the proof or its headers. Messages must not show them.
        self._identity.derived.update((proof, proof.split("|")[1]))
        headers = {"Authorization": f"Delegated {proof}", "Content-Type": "application/json"}
        now = time.time()
        response = self._exchange(self._request, headers)
        try:
            document = parse_response(response, self._request, now=now)
        except (RateLimited, ServerError):
            raise
        except ApiError as error:
            # The caller needs the token for another request, for example to read a case. That
            # request was not sent. A 403 or 404 for the token does not mean that the case is
            # forbidden or missing. So the caller must not get Forbidden or NotFound.
            raise Unauthorized(
                str(error),
                status=error.status,
                method=error.method,
                path=error.path,
                details=error.details,
                request_id=error.request_id,
            ) from None
        match document:
            case {"data": {"attributes": {"access_token": str(token), **others}}} if token:
                self._identity.derived.add(token)
            case _:
                raise self._request.invalid_response(f"{response.status} without an access token")
        # Use the server's clock, because this machine's clock may be wrong.
        server_time = date(response.headers, "Date") or now
        lifetime = _lifetime(others.get("expires"), server_time)
        self.expires = server_time + lifetime
        self._renew_at = time.monotonic() + max(lifetime - _MARGIN, lifetime / 2)
        return _bearer(token)


def _lifetime(expires: object, now: float) -> float:
    """Return the remaining seconds of a token. `expires` is Unix time, usually as a string."""
    try:
        return max(0.0, float(str(expires)) - now)
    except ValueError:
        return _DEFAULT_LIFETIME


def _bearer(token: str) -> Headers:
    return {"Authorization": f"Bearer {token}"}


def _proof(identity: AwsIdentity) -> str:
    """Return a signed request to AWS STS in the form that Datadog expects.

    Datadog's official clients use the same form: body, headers, method and URL, separated by `|`.
    All parts except the method are encoded in Base64. The headers are a JSON object, in which each
    value is a list.
    """
    host = f"sts.{identity.region}.amazonaws.com" if identity.region else "sts.amazonaws.com"
    url = f"https://{host}"
    headers = {
        "Content-Length": str(len(_BODY)),
        "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
        "host": host,
        "x-ddog-org-id": identity.org_uuid,
    }
    signed = {**_sign(identity, url, headers), "User-Agent": "pulumi-datadog-cases"}
    listed = json.dumps({name: [value] for name, value in signed.items()}, separators=(",", ":"))
    return "|".join((_base64(_BODY), _base64(listed), "POST", _base64(url)))


def _sign(identity: AwsIdentity, url: str, headers: Mapping[str, str]) -> Mapping[str, str]:
    """Return the headers of a request to AWS STS, with a signature.

    Raises:
        ConfigurationError: botocore is not installed, or finds no AWS credentials.
    """
    try:
        # Import here, because botocore is optional and its import takes long.
        from botocore.auth import SigV4Auth  # noqa: PLC0415
        from botocore.awsrequest import AWSRequest  # noqa: PLC0415
        from botocore.credentials import Credentials  # noqa: PLC0415
        from botocore.exceptions import BotoCoreError  # noqa: PLC0415
        from botocore.session import get_session  # noqa: PLC0415
    except ImportError:
        raise ConfigurationError(
            "signing in with an AWS identity needs botocore: install it with "
            "`pip install 'pulumi-datadog-cases[aws]'`"
        ) from None
    try:
        credentials = (
            get_session().get_credentials()
            if identity.access_key_id is None
            else Credentials(
                identity.access_key_id, identity.secret_access_key or "", identity.session_token
            )
        )
        if credentials is None:
            raise ConfigurationError(
                "there are no AWS credentials: set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and "
                "AWS_SESSION_TOKEN, or AWS_PROFILE, or the config keys datadog:awsAccessKeyId, "
                "datadog:awsSecretAccessKey and datadog:awsSessionToken"
            )
        request = AWSRequest("POST", url, dict(headers), _BODY)
        SigV4Auth(credentials, "sts", identity.region or _GLOBAL_REGION).add_auth(request)
    except BotoCoreError as error:
        reason = " ".join(str(error).split()).rstrip(".")
        raise ConfigurationError(
            f"the AWS credentials cannot be used: {reason}. Sign in to AWS again, or check the "
            "profile"
        ) from error
    return dict(request.headers.items())


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
