"""Reading the cases of one run in fewer requests than one for each."""

import math
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from pulumi_datadog_cases.api import Client, DatadogCasesError, Item
from pulumi_datadog_cases.api.cases import LARGEST_PAGE, Page
from pulumi_datadog_cases.engine import Values
from pulumi_datadog_cases.resources._shared.base import is_older

#: Seconds for which the first waits for others to share a page: Pulumi asks for several at once.
_COMPANY = 0.01

#: How many pages may have been read in vain before no more are.
_MOST_LOST = 3


@dataclass(eq=False)
class _Reader:
    """Somebody who wants to know a case."""

    case_id: str
    #: What the state has of the case.
    known: Values
    #: The last part of its key: cases of a project are counted from 1.
    number: int
    told: Item | None = None

    @property
    def project_id(self) -> object:
        """UUID of the project that it was in."""
        return self.known.get("project_id")


@dataclass
class _Project:
    """What is known of a project's cases, listed from the oldest to the newest."""

    #: Those that have been read.
    pages: set[int] = field(default_factory=set[int])
    #: How many there are, as far as that is known.
    last: float = math.inf
    #: By how much a case's number is ahead of its place: the archived have a number, and no place.
    gap: int = 0

    def page_of(self, number: int) -> int:
        """The page on which the case of that number should be."""
        return int(max(1, min(-(-(number - self.gap) // LARGEST_PAGE), self.last)))

    def learn(self, page: Page) -> None:
        """Take in what a page tells of the others."""
        if page.pages:
            self.last = page.pages
        if page.items:
            place = (page.number - 1) * LARGEST_PAGE + 1
            self.gap = _number(page.items[0].attributes.get("key")) - place


class CaseReader:
    """Tells cases from pages of a hundred, where that saves requests.

    The keys of cases count them, so the page that shows `SEC-312` can be told: the fourth, or an
    earlier one where cases of the project are archived. It is read if that pays, which it does
    for two who wait, or for one where others have saved a request before. At worst, where pages
    show nothing of what is wanted, three are read in vain.

    A page never proves that a case is gone, nor how it is where the page has it as it was before
    the stack's last write: such a case is to be read by itself. Any write of this process makes
    forget the pages that were read before it. One reader lives as long as its process, which is
    one run.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._waiting: list[_Reader] = []
        #: Held to join those who wait.
        self._queue = threading.Lock()
        #: Held by the one who reads for all; those who come meanwhile are next.
        self._desk = threading.Lock()
        self._projects: defaultdict[object, _Project] = defaultdict(_Project)
        self._cases: dict[str, Item] = {}
        #: Requests that were not necessary, less those made in the hope that others would not be.
        self._saved = 0
        self._writes = client.writes

    def find(self, case_id: str, known: Values) -> Item | None:
        """A case, if it was cheaper to be had with others; otherwise it is to be read by itself.

        Args:
            case_id: its UUID.
            known: what the state has of it: `key`, `project_id` and `modified_at` count.
        """
        reader = _Reader(case_id, known, _number(known.get("key")))
        if not reader.number:
            return None
        with self._queue:
            self._waiting.append(reader)
        with self._desk:
            if reader in self._waiting:
                self._serve()
        return reader.told

    def _serve(self) -> None:
        """Tell all who wait what can be told."""
        if self._writes != self._client.writes:
            self._writes = self._client.writes
            self._projects.clear()
            self._cases.clear()
        if len(self._waiting) == 1 and self._waiting[0].case_id not in self._cases:
            time.sleep(_COMPANY)
        with self._queue:
            readers, self._waiting = self._waiting, []
        while readers := [reader for reader in readers if not self._tell(reader)]:
            wanted = self._most_wanted(readers)
            if wanted is None:
                return
            self._read(*wanted)

    def _most_wanted(self, readers: list[_Reader]) -> tuple[object, int] | None:
        """The page, of what project, that it pays most to read; None where none does."""
        wanted = Counter(
            (reader.project_id, page)
            for reader in readers
            if (page := (project := self._projects[reader.project_id]).page_of(reader.number))
            not in project.pages
        )
        for of, expectant in wanted.most_common(1):
            if self._saved > -_MOST_LOST and self._saved + expectant > 1:
                return of
        return None

    def _read(self, project_id: object, number: int) -> None:
        """Read a page of a project's cases."""
        self._saved -= 1
        project = self._projects[project_id]
        project.pages.add(number)
        try:
            # Of all names of fields `project_id` is the one to rely on (documented by Datadog's
            # command line, which has seen `key` and others find nothing).
            page = self._client.cases.search(
                f"project_id:{project_id}", sort_field="created_at", ascending=True, page=number
            )
        except DatadogCasesError:
            return  # who wanted a case reads it, and hears what is wrong
        project.learn(page)
        self._cases.update((item.id, item) for item in page.items)

    def _tell(self, reader: _Reader) -> bool:
        """Tell a case that has been on a page, once."""
        item = self._cases.pop(reader.case_id, None)
        if item is None or is_older(item, reader.known):
            return False
        reader.told = item
        self._saved += 1
        return True


def _number(key: object) -> int:
    """What a case's key ends with; 0 where it is none."""
    number = str(key or "").rpartition("-")[2]
    return int(number) if number.isdecimal() else 0
