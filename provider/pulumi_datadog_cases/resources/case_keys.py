"""Cases that a program knows by their key, such as `SEC-12`."""

import re
from typing import Final

from pulumi_datadog_cases.api import DatadogCasesError, NotFound, Settings
from pulumi_datadog_cases.api.document import Document
from pulumi_datadog_cases.api.transport import Params, Transport
from pulumi_datadog_cases.engine import warn

_PATH: Final = re.compile(r"/cases/([A-Za-z0-9]+-\d+)(?=/|$)")


class CaseKeyError(DatadogCasesError):
    """Nothing goes by a case's key any more; what was on the case may still be there."""

    __module__ = "pulumi_datadog_cases"


class KeyTransport(Transport):
    """Requests among which a key that nothing goes by is no proof that the case is gone.

    A case that somebody moves to another project gets another key there (assumed: the old one
    is not found any more). If that counted as gone, a refresh would lose from the state all that
    is on the case. So reading is an error that says what to do; deleting goes on with a warning,
    since else nobody could get rid of the resource.
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._given_up: set[str] = set()

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        body: Document | None = None,
        repeatable: bool | None = None,
    ) -> Document | None:
        """Send a request, as `Transport.request` does.

        Raises:
            CaseKeyError: there is no case of that key to read.
        """
        try:
            return super().request(method, path, params=params, body=body, repeatable=repeatable)
        except NotFound as error:
            named = _PATH.match(path)
            if method in ("GET", "DELETE") and named and named[1] not in self._given_up:
                self._doubt(method, named[1], error)
            raise

    def _doubt(self, method: str, key: str, error: NotFound) -> None:
        """Say what it may mean that a case, or something on it, is not there."""
        if method == "DELETE":
            try:
                super().request("GET", f"/cases/{key}")
            except NotFound:
                self._given_up.add(key)
                warn(
                    f"case {key} is not found by that key: if it was moved to another project, "
                    "where it has another key, what was to be deleted is still on it"
                )
            return
        raise CaseKeyError(
            f"{error} As a case gets another key when it is moved to another project, that does "
            f"not say whether case {key} is gone: name it by its UUID or its new key, or if it is "
            "gone, take what was on it out with `pulumi state delete`."
        ) from error
