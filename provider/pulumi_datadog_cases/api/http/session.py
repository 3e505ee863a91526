"""`Session`: sends an HTTP request once and reads the whole response; keeps connections open."""

import importlib.metadata
import platform
from collections.abc import Mapping
from http.cookiejar import DefaultCookiePolicy

import requests
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import HTTPError

from pulumi_datadog_cases.api.config.settings import Settings
from pulumi_datadog_cases.api.http.connection_errors import connection_failed
from pulumi_datadog_cases.api.http.connection_pool import Adapter, progress
from pulumi_datadog_cases.api.http.request import RequestInfo
from pulumi_datadog_cases.api.http.responses import Response

_CONNECTIONS = 64
# The maximum size of a response body in bytes. All responses of the API are far smaller. So a
# larger body comes from another server, and must not fill the memory.
_MAX_BODY = 64 * 2**20
_CHUNK = 2**16


class Session:
    """Connections to one site with the keys of one organisation. Threads can share a session.

    Certificates are verified. Redirects are not followed, cookies are not stored, and `.netrc` is
    not read. Proxies and certificate bundles from the environment are used, except for an API on
    this machine.
    """

    def __init__(self, settings: Settings, timeouts: tuple[float, float]) -> None:
        """Create a session. It connects when the first request is sent.

        Args:
            settings: keys and base URL.
            timeouts: seconds to wait for a connection, and for each part of a response.
        """
        self._base_url = settings.base_url
        self._timeouts = timeouts
        self._session = _session(settings)

    def send(self, request: RequestInfo, params: Mapping[str, str], data: bytes | None) -> Response:
        """Send a request once.

        Raises:
            ConnectionFailed: no response arrived, or only part of a response.
            InvalidResponse: the response is too large to be the API's.
        """
        progress.sent = False
        try:
            with self._session.request(
                request.method,
                self._base_url + request.path,
                params=params,
                data=data,
                headers=None if data is None else {"Content-Type": "application/json"},
                timeout=self._timeouts,
                allow_redirects=False,
                stream=True,
            ) as response:
                content = _content(response, request)
        # OSError includes the exceptions of the library requests, and the error for a missing
        # certificate file.
        except (OSError, HTTPError) as error:
            raise connection_failed(request, error, sent=progress.sent) from error
        headers = {name: request.quote(value) for name, value in response.headers.items()}
        return Response(response.status_code, CaseInsensitiveDict(headers), content)

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
            "DD-API-KEY": settings.api_key,
            "DD-APPLICATION-KEY": settings.app_key,
        }
    )
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    # Without `auth`, the library requests would add credentials from .netrc.
    session.auth = _unchanged
    # Ignore proxies from the environment for an API on this machine: they could not reach it.
    session.trust_env = not settings.is_loopback
    return session


def _unchanged(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _version() -> str:
    try:
        return importlib.metadata.version("pulumi-datadog-cases")
    except importlib.metadata.PackageNotFoundError:  # run from a checkout
        return "checkout"
