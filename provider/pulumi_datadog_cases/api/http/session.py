"""`Session`: sends an HTTP request once and reads the whole response; keeps connections open."""

import importlib.metadata
import platform
from collections.abc import Mapping
from http.cookiejar import DefaultCookiePolicy

import requests
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import HTTPError

from pulumi_datadog_cases.api.config.settings import Settings
from pulumi_datadog_cases.api.http.authentication import authentication
from pulumi_datadog_cases.api.http.connection_errors import connection_failed
from pulumi_datadog_cases.api.http.connection_pool import Adapter, progress
from pulumi_datadog_cases.api.http.headers import Headers
from pulumi_datadog_cases.api.http.request import RequestInfo
from pulumi_datadog_cases.api.http.responses import Response

_CONNECTIONS = 64
_UNAUTHORIZED = 401
# The maximum size of a response body in bytes. All responses of the API are far smaller. So a
# larger body comes from another server, and must not fill the memory.
_MAX_BODY = 64 * 2**20
_CHUNK = 2**16


class Session:
    """Connections to one site, with the credentials of one organisation. Threads can share it.

    Certificates are verified. Redirects are not followed, cookies are not stored, and `.netrc` is
    not read. Proxies and certificate bundles from the environment are used, except for an API on
    this machine.
    """

    def __init__(self, settings: Settings, timeouts: tuple[float, float]) -> None:
        """Create a session. It connects when the first request is sent.

        Args:
            settings: credentials and base URL.
            timeouts: seconds to wait for a connection, and for each part of a response.
        """
        self._base_url = settings.base_url
        self._timeouts = timeouts
        self._session = _session(settings)
        self.authentication = authentication(settings, self._send)

    def send(self, request: RequestInfo, params: Mapping[str, str], data: bytes | None) -> Response:
        """Send a request once.

        If the API rejects the access token of an AWS identity, the request is sent again with a new
        token.

        Raises:
            ConnectionFailed: no response arrived, or only part of a response.
            InvalidResponse: the response is too large to be the API's.
            DatadogCasesError: the API did not issue the token that the request needs.
        """
        headers = self.authentication.headers()
        response = self._send(request, headers, params, data)
        if response.status == _UNAUTHORIZED:
            # The API did not carry out the request, so it is safe to send it again.
            renewed = self.authentication.headers(rejected=headers)
            if renewed != headers:
                response = self._send(request, renewed, params, data)
        return response

    def _send(
        self,
        request: RequestInfo,
        headers: Headers,
        params: Mapping[str, str] | None = None,
        data: bytes | None = None,
    ) -> Response:
        if data is not None:
            headers = {**headers, "Content-Type": "application/json"}
        progress.sent = False
        try:
            with self._session.request(
                request.method,
                self._base_url + request.path,
                params=params,
                data=data,
                headers=headers,
                timeout=self._timeouts,
                allow_redirects=False,
                stream=True,
            ) as response:
                content = _content(response, request)
        # OSError includes the exceptions of the library `requests`, and the error for a missing
        # certificate file.
        except (OSError, HTTPError) as error:
            raise connection_failed(request, error, sent=progress.sent) from error
        quoted = {name: request.quote(value) for name, value in response.headers.items()}
        return Response(response.status_code, CaseInsensitiveDict(quoted), content)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()


def _content(response: requests.Response, request: RequestInfo) -> bytes:
    content = bytearray()
    for chunk in response.iter_content(_CHUNK):
        content += chunk
        if len(content) > _MAX_BODY:
            raise request.invalid_response(
                f"{response.status_code} with a body of more than {_MAX_BODY >> 20} MiB"
            )
    return bytes(content)


def _session(settings: Settings) -> requests.Session:
    session = requests.Session()
    adapter = Adapter(_CONNECTIONS)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    session.headers.update(
        {
            "Accept": "application/json",
            "User-Agent": f"pulumi-datadog-cases/{_version()} (python {platform.python_version()})",
        }
    )
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    # Without `auth`, the library `requests` would add credentials from .netrc.
    session.auth = _unchanged
    # If the API is on this machine, ignore proxies from the environment: a proxy could not reach
    # the API.
    session.trust_env = not settings.is_loopback
    return session


def _unchanged(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _version() -> str:
    try:
        return importlib.metadata.version("pulumi-datadog-cases")
    except importlib.metadata.PackageNotFoundError:  # this is a checkout that is not installed
        return "checkout"
