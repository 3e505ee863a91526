"""`CaseKeyTransport`: handles a 404 for a case that is named by its key, such as `SEC-12`.

The API accepts a case's key in a path wherever it accepts the case's UUID.
"""

import re
import threading
from collections.abc import Callable
from typing import Final

from pulumi_datadog_cases.api.config.settings import Settings
from pulumi_datadog_cases.api.errors import DatadogCasesError, NotFound
from pulumi_datadog_cases.api.http.json_api import Document
from pulumi_datadog_cases.api.http.transport import Params, Transport

_CASE_KEY_PATH: Final = re.compile(r"/cases/([A-Za-z0-9]+-\d+)(?=/|$)")


class CaseKeyError(DatadogCasesError):
    """No case has this key any more, but the case may exist under another key."""

    __module__ = "pulumi_datadog_cases"


class CaseKeyTransport(Transport):
    """A transport that does not conclude from an unknown case key that the case was deleted.

    A case that is moved to another project gets a new key. The API then answers 404 for the old key
    (assumed). If that 404 meant that the case was deleted, a refresh would remove all resources on
    the case from the state. So a GET request raises an error with advice. For a DELETE request, the
    transport shows a warning and raises NotFound, so the resource counts as deleted. If the delete
    failed, the user could not remove the resource from the state.
    """

    def __init__(
        self,
        settings: Settings,
        warn: Callable[[str], None],
        interrupted: threading.Event | None = None,
    ) -> None:
        """Create a transport. It connects when the first request is sent.

        Args:
            settings: keys, base URL and time limits.
            warn: shows a warning to the user.
            interrupted: see `Transport`.
        """
        super().__init__(settings, interrupted=interrupted)
        self._warn = warn
        self._warned: set[str] = set()

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        body: Document | None = None,
        idempotent: bool | None = None,
    ) -> Document | None:
        """Send a request, as `Transport.request` does.

        Raises:
            CaseKeyError: no case has the key in the path of a GET request.
        """
        try:
            return super().request(method, path, params=params, body=body, idempotent=idempotent)
        except NotFound as error:
            match = _CASE_KEY_PATH.match(path)
            if match and match[1] not in self._warned:
                if method == "GET":
                    raise self._unknown_key(match[1], error) from error
                if method == "DELETE":
                    self._warn_if_unknown(match[1])
            raise

    def _warn_if_unknown(self, key: str) -> None:
        try:
            super().request("GET", f"/cases/{key}")
        except NotFound:
            self._warned.add(key)
            self._warn(
                f"no case has the key {key}: if the case was moved to another project, it has "
                "another key, and the object to delete still exists on the case"
            )

    @staticmethod
    def _unknown_key(key: str, error: NotFound) -> CaseKeyError:
        return CaseKeyError(
            f"{error} A case gets another key when it is moved to another project, so case {key} "
            "may still exist: use its UUID or its new key, or if it was deleted, remove the "
            "resources on it with `pulumi state delete`."
        )
