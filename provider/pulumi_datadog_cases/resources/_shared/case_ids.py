"""`CaseIds`: the UUIDs of cases that a program names by their keys, such as `SEC-12`."""

import functools
import threading
from concurrent.futures import Future

from pulumi_datadog_cases.api import Client, NotFound
from pulumi_datadog_cases.resources._shared.types import is_uuid


class CaseKeyError(NotFound):
    """No case has this key any more, but the case may exist under another key."""

    __module__ = "pulumi_datadog_cases"


class CaseIds:
    """Finds the UUIDs of one organisation's cases, with one request per key and process.

    A case that is moved to another project gets a new key, and no case gets the old key again
    (assumed). So a key never refers to two cases.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._ids: dict[str, Future[str]] = {}
        self._lock = threading.Lock()

    def of(self, name: str) -> str:
        """Return the UUID of a case.

        Args:
            name: the UUID or the key of the case.

        Raises:
            CaseKeyError: no case has the key.
        """
        if is_uuid(name):
            return name.lower()
        with self._lock:
            is_first = name not in self._ids
            found = self._ids.setdefault(name, Future())
        if is_first:
            try:
                found.set_result(self._client.cases.get(name).id)
            except BaseException as error:  # noqa: BLE001 - `result()` raises it in waiting threads
                with self._lock:
                    del self._ids[name]
                found.set_exception(_unknown_key(name, error))
        return found.result()


@functools.cache
def case_ids(client: Client) -> CaseIds:
    """Return the `CaseIds` of a client. All resource types share it."""
    return CaseIds(client)


def _unknown_key(key: str, error: BaseException) -> BaseException:
    """Add advice to a 404. Return other errors unchanged, because they do not concern the key."""
    if not isinstance(error, NotFound):
        return error
    return CaseKeyError(
        f"{error} A case gets another key when it is moved to another project, so case {key} may "
        "still exist: use its UUID or its new key. If the case was deleted, remove the resources "
        "on it with `pulumi state delete`.",
        status=error.status,
        method=error.method,
        path=error.path,
        details=error.details,
        request_id=error.request_id,
    )
