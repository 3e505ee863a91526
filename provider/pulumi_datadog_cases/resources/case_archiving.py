"""Archiving cases, those that go at the same time together."""

import threading
import time
from dataclasses import dataclass, field

from pulumi_datadog_cases.api import Client, DatadogCasesError
from pulumi_datadog_cases.resources.base import COMPANY

#: From how many on one request for all, and one that looks whether it worked, are fewer.
_SEVERAL = 3


@dataclass(eq=False)
class _Leaver:
    """A case that is to be archived."""

    case_id: str
    project_id: object
    is_settled: threading.Event = field(default_factory=threading.Event)
    is_archived: bool = False


class CaseArchiver:
    """Archives cases, in one request where several are to be archived at the same time.

    The answer to that request does not tell which cases it has archived (documented as empty). So
    one case of each project is looked at; if that is not archived, or the request fails, they are
    archived one by one, and each has its own error.
    """

    def __init__(self, client: Client) -> None:
        self._cases = client.cases
        self._waiting: list[_Leaver] = []
        self._queue = threading.Lock()

    def archive(self, case_id: str, project_id: object) -> None:
        """Archive a case.

        Raises:
            NotFound: it is not there.
        """
        leaver = _Leaver(case_id, project_id)
        with self._queue:
            self._waiting.append(leaver)
            is_first = self._waiting[0] is leaver
        if is_first:
            time.sleep(COMPANY)
            self._archive_waiting()
        leaver.is_settled.wait()
        if not leaver.is_archived:
            self._cases.archive(case_id)

    def _archive_waiting(self) -> None:
        """Archive all who wait, if they are several."""
        with self._queue:
            leavers, self._waiting = self._waiting, []
        try:
            if len(leavers) >= _SEVERAL:
                self._archive_together(leavers)
        except DatadogCasesError:
            return  # each hears what is wrong
        finally:
            for leaver in leavers:
                leaver.is_settled.set()

    def _archive_together(self, leavers: list[_Leaver]) -> None:
        self._cases.bulk("archive", [leaver.case_id for leaver in leavers])
        for of_project in _by_project(leavers):
            one = self._cases.get(of_project[0].case_id)
            for leaver in of_project:
                leaver.is_archived = bool(one.attributes.get("archived_at"))


def _by_project(leavers: list[_Leaver]) -> list[list[_Leaver]]:
    projects = dict.fromkeys(leaver.project_id for leaver in leavers)
    return [[each for each in leavers if each.project_id == project] for project in projects]
