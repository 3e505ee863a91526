"""Archives several cases in one request."""

import threading
import time
from dataclasses import dataclass, field

from pulumi_datadog_cases.api import Client, DatadogCasesError

#: Batching window, in seconds: the first caller of `CaseArchiver.archive` waits this long for other
#: callers. Pulumi deletes several resources in parallel, and starts the next deletion when one
#: ends. A window half as long would collect too few callers to save many requests. A window twice
#: as long would delay every deletion noticeably.
BATCH_WINDOW = 0.005


@dataclass(eq=False)
class _PendingArchive:
    """A case that a caller wants to archive. The caller waits for the result."""

    case_id: str
    project_id: object
    is_settled: threading.Event = field(default_factory=threading.Event)
    is_archived: bool = False


class CaseArchiver:
    """Archives cases; concurrent calls share one bulk request.

    The response to the bulk request does not list the archived cases: it is empty (documented). So
    after the first bulk request with cases of a project, one of these cases is read. If that case
    is archived, later bulk requests for cases of this project are trusted.

    If that case is not archived, or a request fails, each caller archives its own case with a
    single request. If this request fails too, the caller gets its error.
    """

    def __init__(self, client: Client, batch_window: float = BATCH_WINDOW) -> None:
        self._cases = client.cases
        self._batch_window = batch_window
        self._pending: list[_PendingArchive] = []
        self._lock = threading.Lock()
        #: Projects for which a read has confirmed that a bulk request archives cases.
        self._verified: set[object] = set()

    def archive(self, case_id: str, project_id: object) -> None:
        """Archive a case.

        Raises:
            NotFound: the case does not exist.
        """
        pending = _PendingArchive(case_id, project_id)
        with self._lock:
            self._pending.append(pending)
            is_first = self._pending[0] is pending
        if is_first:
            time.sleep(self._batch_window)
            self._archive_batch()
        pending.is_settled.wait()
        if not pending.is_archived:
            self._cases.archive(case_id)

    def _archive_batch(self) -> None:
        """Archive all pending cases in bulk, if this takes fewer requests than one per case."""
        with self._lock:
            batch, self._pending = self._pending, []
        # One case of each project that is not verified yet.
        samples = {each.project_id: each for each in batch if each.project_id not in self._verified}
        try:
            if 1 + len(samples) < len(batch):
                self._cases.bulk("archive", [each.case_id for each in batch])
                verified = {id_: self._is_archived(each) for id_, each in samples.items()}
                self._verified.update(id_ for id_ in verified if verified[id_])
                for each in batch:
                    each.is_archived = verified.get(each.project_id, True)
        except DatadogCasesError:
            return  # `archive` then sends a single request for each case
        finally:
            for each in batch:
                each.is_settled.set()

    def _is_archived(self, pending: _PendingArchive) -> bool:
        return bool(self._cases.get(pending.case_id).raw_attributes.get("archived_at"))
