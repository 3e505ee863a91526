"""`CaseKeyTransport`: what a 404 means if a case is named by its key, such as `SEC-12`.

The API resolves keys: a key may be used in a path wherever a UUID may.
"""

import re
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
    """A transport for which an unknown case key does not prove that the case does not exist.

    A case that is moved to another project gets a new key (assumed: the old one is not found any
    more). If that counted as deleted, a refresh would remove from the state everything on the case.
    So reading raises an error with advice. Deleting continues with a warning, because otherwise the
    resource could not be removed.
    """

    def __init__(self, settings: Settings, warn: Callable[[str], None]) -> None:
        """Create a transport; connect with the first request.

        Args:
            settings: keys, base URL and time limits.
            warn: shows a warning to the user.
        """
        super().__init__(settings)
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
                "another key, and what should have been deleted is still on it"
            )

    @staticmethod
    def _unknown_key(key: str, error: NotFound) -> CaseKeyError:
        return CaseKeyError(
            f"{error} A case gets another key when it is moved to another project, so case {key} "
            "may still exist: use its UUID or its new key, or if it was deleted, remove the "
            "resources on it with `pulumi state delete`."
        )
