"""HTTP: one request out, one whole answer in, on connections that are kept."""

import importlib.metadata
import platform
from collections.abc import Mapping
from http.cookiejar import DefaultCookiePolicy

import requests
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import HTTPError

from pulumi_datadog_cases.api.answers import Answer, Call
from pulumi_datadog_cases.api.failures import connection_failed
from pulumi_datadog_cases.api.pool import Adapter, progress
from pulumi_datadog_cases.api.settings import Settings

_CONNECTIONS = 64
# No answer of the API's comes near it: whoever sends more is something else, and must not fill
# this machine's memory.
_LARGEST = 64 * 2**20
_CHUNK = 2**16


class Connections:
    """Connections to one site as one organisation, shared by all threads.

    Certificates are verified. Redirects are not followed, cookies not kept, and `.netrc` not
    read; proxies and certificate bundles named in the environment are used, except for an API
    on this machine.
    """

    def __init__(self, settings: Settings, timeouts: tuple[float, float]) -> None:
        """Open nothing yet.

        Args:
            settings: keys and base URL.
            timeouts: seconds to wait for a connection, and for each next part of an answer.
        """
        self._base_url = settings.base_url
        self._timeouts = timeouts
        self._session = _session(settings)

    def send(self, call: Call, params: Mapping[str, str], data: bytes | None) -> Answer:
        """Send a request once.

        Raises:
            ConnectionFailed: no answer came, or only part of one.
            InvalidResponse: the answer is too large to be the API's.
        """
        progress.sent = False
        try:
            with self._session.request(
                call.method,
                self._base_url + call.path,
                params=params,
                data=data,
                headers=None if data is None else {"Content-Type": "application/json"},
                timeout=self._timeouts,
                allow_redirects=False,
                stream=True,
            ) as response:
                content = _content(response, call)
        # A file of certificates that is not there is an OSError, and so are all of requests'.
        except (OSError, HTTPError) as error:
            raise connection_failed(call, error, sent=progress.sent) from error
        headers = {name: call.quote(value) for name, value in response.headers.items()}
        return Answer(response.status_code, CaseInsensitiveDict(headers), content)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()


def _content(response: requests.Response, call: Call) -> bytes:
    content = bytearray()
    for chunk in response.iter_content(_CHUNK):
        content += chunk
        if len(content) > _LARGEST:
            raise call.invalid(
                f"{response.status_code} with a body of more than {_LARGEST >> 20} MiB"
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
    # Without an auth of our own requests would add what .netrc holds for the host.
    session.auth = _as_it_is
    # A proxy could not reach an API on this machine.
    session.trust_env = not settings.is_loopback
    return session


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _version() -> str:
    try:
        return importlib.metadata.version("pulumi-datadog-cases")
    except importlib.metadata.PackageNotFoundError:  # run from a checkout
        return "checkout"
