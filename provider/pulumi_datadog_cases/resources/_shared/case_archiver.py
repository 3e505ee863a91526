"""Archiving cases, those that go at the same time together."""

import threading
import time
from dataclasses import dataclass, field

from pulumi_datadog_cases.api import Client, DatadogCasesError

#: Seconds for which the first waits for others to share a request. Pulumi has several going, and
#: begins the next as one ends: half of this saves few requests, and twice costs all of them time.
_COMPANY = 0.005


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
    the first time that cases of a project are among them, one of these is looked at. From then on
    the request is known to archive cases of that project. If that one is not archived, or the
    request fails, all are archived one by one, and each has its own error.
    """

    def __init__(self, client: Client) -> None:
        self._cases = client.cases
        self._waiting: list[_Leaver] = []
        self._queue = threading.Lock()
        #: The projects of which cases have been seen to be archived together.
        self._proven: set[object] = set()

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
            time.sleep(_COMPANY)
            self._archive_waiting()
        leaver.is_settled.wait()
        if not leaver.is_archived:
            self._cases.archive(case_id)

    def _archive_waiting(self) -> None:
        """Archive all who wait, if that takes fewer requests than one for each."""
        with self._queue:
            leavers, self._waiting = self._waiting, []
        # Of each project that is not proven yet, one.
        samples = {each.project_id: each for each in leavers if each.project_id not in self._proven}
        try:
            if 1 + len(samples) < len(leavers):
                self._cases.bulk("archive", [leaver.case_id for leaver in leavers])
                seen = {project_id: self._is_gone(each) for project_id, each in samples.items()}
                self._proven.update(project_id for project_id in seen if seen[project_id])
                for leaver in leavers:
                    leaver.is_archived = seen.get(leaver.project_id, True)
        except DatadogCasesError:
            return  # each hears what is wrong
        finally:
            for leaver in leavers:
                leaver.is_settled.set()

    def _is_gone(self, leaver: _Leaver) -> bool:
        return bool(self._cases.get(leaver.case_id).attributes.get("archived_at"))
