"""Authentication: keys, bearer tokens, and tokens for AWS identities.

The proof of an AWS identity is a signed request to AWS STS.
"""

import base64
import re
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from pydantic import RootModel

from datadog_cases_sandbox import errors
from datadog_cases_sandbox.handler import PLAIN_JSON, ApiResponse, JsonObject

EXCHANGE_PATH: Final = "/delegated-token"
"""The path below `/api/v2` that exchanges a proof of an AWS identity for a token."""

_STS_BODY: Final = "Action=GetCallerIdentity&Version=2011-06-15"
_SIGNATURE: Final = re.compile(
    r"AWS4-HMAC-SHA256 Credential=\w+/(?P<day>\d{8})/(?P<region>[a-z0-9-]+)/sts/aws4_request, "
    r"SignedHeaders=(?P<signed>[a-z0-9;-]+), Signature=[0-9a-f]{64}"
)
_MUST_BE_SIGNED: Final = {"host", "x-amz-date", "x-ddog-org-id"}
#: AWS accepts a signature for this many seconds (documented by AWS).
_SIGNATURE_LIFETIME: Final = 900.0


class _SignedHeaders(RootModel[dict[str, list[str]]]):
    """The headers of the signed request in a proof, each with its list of values."""


@dataclass(frozen=True, slots=True)
class Authenticator:
    """Checks the credentials of requests, and issues tokens. It keeps the tokens only in memory.

    Attributes:
        api_key: The accepted value of the header `DD-API-KEY`.
        app_key: The accepted value of the header `DD-APPLICATION-KEY`.
        bearer_token: The accepted access token of a user or a service account.
        token_lifetime: The number of seconds for which an issued token is valid.
    """

    api_key: str
    app_key: str
    bearer_token: str
    token_lifetime: float
    _expired: threading.Event = field(default_factory=threading.Event)
    _issued: dict[str, float] = field(default_factory=dict[str, float])

    @property
    def keys(self) -> dict[str, str]:
        """The headers of an authenticated request, and their values."""
        return {"DD-API-KEY": self.api_key, "DD-APPLICATION-KEY": self.app_key}

    def expire_tokens(self) -> None:
        """Let the bearer token and all issued tokens expire."""
        self._expired.set()
        self._issued.clear()

    def reset(self) -> None:
        """Accept the bearer token again, and forget all issued tokens."""
        self._expired.clear()
        self._issued.clear()

    def check(self, headers: Mapping[str, str]) -> None:
        """Raises an `ApiError` if a request is not authenticated.

        If the request has a token and keys, only the token is checked.
        """
        method, _, token = headers.get("authorization", "").partition(" ")
        if method.lower() == "bearer":
            self._check_token(token)
            return
        for header, key in self.keys.items():
            value = headers.get(header)
            if value != key:
                problem = "missing" if value is None else "not this sandbox's"
                raise errors.forbidden(f"the header {header} is {problem}")

    def _check_token(self, token: str) -> None:
        if token == self.bearer_token:
            if self._expired.is_set():
                raise errors.unauthorized("the bearer token has expired")
        elif self._issued.get(token, 0.0) <= time.time():
            raise errors.unauthorized("the bearer token has expired, or is not this sandbox's")

    def exchange(self, authorization: str, organisation: str) -> ApiResponse:
        """Returns a token for an AWS identity.

        The signature is not verified, because only AWS can do that.

        Args:
            authorization: The header `Authorization`.
            organisation: The id of the organisation.

        Raises:
            ApiError: The proof is not a signed request to AWS STS for the organisation.
        """
        method, _, proof = authorization.partition(" ")
        if method != "Delegated":
            raise errors.unauthorized("the header Authorization has no delegated proof")
        try:
            _check_proof(proof, organisation)
        except _ProofError as error:
            raise errors.unauthorized(str(error)) from None
        token = f"issued-token-{secrets.token_hex(16)}"
        self._issued[token] = expires = time.time() + self.token_lifetime
        attributes: JsonObject = {"access_token": token, "expires": str(int(expires))}
        data: JsonObject = {"type": "delegated_token", "id": "1", "attributes": attributes}
        return ApiResponse(200, {"data": data}, PLAIN_JSON)


class _ProofError(Exception):
    """A proof is refused. The message says why."""


def _check_proof(proof: str, organisation: str) -> None:
    """Checks that a proof is a signed request to AWS STS, and that it names an organisation.

    Raises:
        _ProofError: The proof is invalid, or names another organisation.
    """
    body, headers, url = _parts(proof)
    signature = _SIGNATURE.fullmatch(headers.get("authorization", ""))
    if signature is None:
        raise _ProofError("the headers of the proof have no signature of version 4 for sts")
    signed = set(signature["signed"].split(";"))
    if missing := sorted(_MUST_BE_SIGNED - signed) + sorted(signed - headers.keys()):
        raise _ProofError(f"the headers {', '.join(missing)} of the proof are missing or unsigned")
    hosts = {f"sts.{signature['region']}.amazonaws.com", "sts.amazonaws.com"}
    if body != _STS_BODY or headers["host"] not in hosts or url != f"https://{headers['host']}":
        raise _ProofError("the proof is not a request GetCallerIdentity to AWS STS")
    if headers["x-ddog-org-id"].lower() != organisation:
        raise _ProofError(f"the proof is for another organisation than {organisation}")
    try:
        at = datetime.strptime(headers["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise _ProofError("the header X-Amz-Date of the proof is not a time") from None
    if abs(at.timestamp() - time.time()) > _SIGNATURE_LIFETIME:
        raise _ProofError("the signature of the proof is too old")


def _parts(proof: str) -> tuple[str, dict[str, str], str]:
    """The body, the headers and the URL of a proof. The names of headers are in lower case."""
    match proof.split("|"):
        case [body, headers, "POST", url]:
            pass
        case _:
            raise _ProofError("the proof is not body, headers, POST and URL, separated by |")
    try:
        listed = _SignedHeaders.model_validate_json(_decode(headers)).root
        lower = {name.lower(): ",".join(values) for name, values in listed.items()}
        return _decode(body), lower, _decode(url)
    except ValueError:
        raise _ProofError("a part of the proof is not valid Base64 or JSON") from None


def _decode(text: str) -> str:
    return base64.b64decode(text, validate=True).decode()
