"""Reads the cases that a Pulumi run refreshes, with fewer requests than one per case."""

import math
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from pulumi_datadog_cases.api import CaseItem, Client, DatadogCasesError
from pulumi_datadog_cases.api.endpoints.case_iteration import Page
from pulumi_datadog_cases.api.endpoints.cases import MAX_PAGE_SIZE
from pulumi_datadog_cases.engine import Values
from pulumi_datadog_cases.resources._shared.base import is_stale

#: Batching window, in seconds: the first caller waits this long for other callers. Pulumi reads
#: several cases in parallel, and one page may contain all of them.
BATCH_WINDOW = 0.01

#: A page request is meant to avoid several requests for single cases. If the page requests
#: outnumber the avoided requests by this number, no more pages are read.
MAX_WASTED_READS = 3


@dataclass(eq=False)
class _PendingRead:
    """A caller that waits for a case."""

    case_id: str
    #: The case's values in the state.
    known: Values
    #: The number in the case's key: 312 for `SEC-312`. Each project numbers its cases from 1.
    number: int
    item: CaseItem | None = None

    @property
    def project_id(self) -> object:
        """UUID of the case's project, from the state."""
        return self.known.get("project_id")


@dataclass
class _ProjectPages:
    """Pages of a project's cases, from the oldest case to the newest."""

    #: Numbers of the pages that have been read.
    read: set[int] = field(default_factory=set[int])
    #: Number of the last page, once known.
    last: float = math.inf
    #: The number in a case's key minus the case's position in the list. Archived cases cause the
    #: difference: they have numbers, but are not listed.
    gap: int = 0

    def page_of(self, number: int) -> int:
        """Return the page on which the case with this number should be."""
        return int(max(1, min(-(-(number - self.gap) // MAX_PAGE_SIZE), self.last)))

    def update(self, page: Page) -> None:
        """Update `last` and `gap` from a page."""
        if page.pages:
            self.last = page.pages
        if page.items:
            position = (page.number - 1) * MAX_PAGE_SIZE + 1
            self.gap = _number(page.items[0].raw_attributes.get("key")) - position


class CaseReader:
    """Reads pages of 100 cases instead of single cases, where this saves requests.

    The keys of a project's cases are numbered, so the page with `SEC-312` can be computed. It is
    the fourth page, or an earlier page if cases of the project are archived.

    A page is read only if enough callers wait for cases on it. How many are enough depends on the
    balance: the number of avoided requests for single cases, minus the number of page requests.

    - The balance is 1 or more: one caller is enough.
    - The balance is 0, as at the start: two callers.
    - The balance is -1: three callers.
    - The balance is -2: four callers.
    - The balance is -3: no further page is read.

    A case that is missing from the page may still exist. A case on the page may be outdated, with
    values that are older than those in the state. If a case is missing or outdated, the caller
    sends a request for the single case.

    When this process writes, all pages that were read before are discarded. A reader lives as long
    as its process, and Pulumi starts a process for each run.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._pending: list[_PendingRead] = []
        #: Guards `_pending`.
        self._queue_lock = threading.Lock()
        #: Held by the caller that reads pages for all waiting callers. Callers that arrive in the
        #: meantime form the next batch.
        self._batch_lock = threading.Lock()
        self._projects: defaultdict[object, _ProjectPages] = defaultdict(_ProjectPages)
        self._cases: dict[str, CaseItem] = {}
        #: The balance: the number of avoided requests for single cases, minus the number of page
        #: requests.
        self._saved = 0
        self._writes = client.writes

    def find(self, case_id: str, known: Values) -> CaseItem | None:
        """Return a case from a page, or None if the caller has to request the single case.

        Args:
            case_id: the case's UUID.
            known: the case's values in the state; `key`, `project_id` and `modified_at` are used.
        """
        pending = _PendingRead(case_id, known, _number(known.get("key")))
        if not pending.number:
            return None
        with self._queue_lock:
            self._pending.append(pending)
        with self._batch_lock:
            if pending in self._pending:
                self._read_batch()
        return pending.item

    def _read_batch(self) -> None:
        """Answer the pending reads from pages. Stop when one more page would save no requests."""
        if self._writes != self._client.writes:
            self._writes = self._client.writes
            self._projects.clear()
            self._cases.clear()
        if len(self._pending) == 1 and self._pending[0].case_id not in self._cases:
            time.sleep(BATCH_WINDOW)
        with self._queue_lock:
            batch, self._pending = self._pending, []
        while batch := [pending for pending in batch if not self._take(pending)]:
            wanted = self._most_wanted(batch)
            if wanted is None:
                return
            self._read_page(*wanted)

    def _most_wanted(self, batch: list[_PendingRead]) -> tuple[object, int] | None:
        """Return project and number of the page with the most pending cases.

        Returns None if no page request would save requests.
        """
        wanted = Counter(
            (pending.project_id, page)
            for pending in batch
            if (page := (pages := self._projects[pending.project_id]).page_of(pending.number))
            not in pages.read
        )
        for project_and_page, expected in wanted.most_common(1):
            if self._saved > -MAX_WASTED_READS and self._saved + expected > 1:
                return project_and_page
        return None

    def _read_page(self, project_id: object, number: int) -> None:
        """Read a page of a project's cases."""
        self._saved -= 1
        pages = self._projects[project_id]
        pages.read.add(number)
        try:
            # `project_id` is the only field name that works reliably in a query. The documentation
            # of Datadog's own command line tool says that queries with `key` and other field names
            # find nothing.
            page = self._client.cases.search(
                f"project_id:{project_id}", sort_field="created_at", ascending=True, page=number
            )
        except DatadogCasesError:
            return  # each caller then requests its single case
        pages.update(page)
        self._cases.update((item.id, item) for item in page.items)

    def _take(self, pending: _PendingRead) -> bool:
        """Answer a read if a page contains the case.

        Each case on a page answers one read. If the case is read again, a new request is sent.
        """
        item = self._cases.pop(pending.case_id, None)
        if item is None or is_stale(item, pending.known):
            return False
        pending.item = item
        self._saved += 1
        return True


def _number(key: object) -> int:
    """Return the number at the end of a case's key; 0 if the value is not a key."""
    number = str(key or "").rpartition("-")[2]
    return int(number) if number.isdecimal() else 0
