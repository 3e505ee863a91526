"""`ReportCase`: the case in which `drift --report-to` reports the drift of a stack."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from pulumi_datadog_cases.api import BadRequest, CaseItem, Client, DatadogCasesError, NotFound
from pulumi_datadog_cases.cli.drift.markdown import description
from pulumi_datadog_cases.cli.drift.report import DriftReport
from pulumi_datadog_cases.cli.group import CommandError
from pulumi_datadog_cases.cli.inventory import InventoryItem
from pulumi_datadog_cases.cli.organization import find_project
from pulumi_datadog_cases.cli.state import StackState
from pulumi_datadog_cases.engine.safety.consistency import poll
from pulumi_datadog_cases.engine.timing import Timing
from pulumi_datadog_cases.resources.case import STANDARD_CASE_TYPE

# The title identifies the case, because the create request sets it. Labels would need a second
# request, and a run that is killed between the two would leave a case that no later run finds.
_TITLE: Final = "datadog-cases drift: "
# The closed status of the type "Standard" (recorded).
_CLOSED: Final = "Closed"
_NO_DRIFT: Final = "`datadog-cases drift` finds no drift any more."


def is_report_case(item: InventoryItem) -> bool:
    """Whether an object is a case in which this command reports the drift of any stack."""
    title = item.declared.get("title")
    return item.resource_type.name == "Case" and str(title).startswith(_TITLE)


@dataclass(frozen=True)
class ReportCase:
    """The case of one stack in one project.

    The project has at most one such case that is open. Closed and archived cases are not used
    again.
    """

    client: Client
    project_id: str
    title: str
    timing: ClassVar[Timing] = Timing()

    @classmethod
    def find(cls, client: Client, project: str, stack: StackState) -> "ReportCase":
        """Return the case of a stack in a project, which need not exist yet.

        Args:
            client: the client of the project's organisation.
            project: key or UUID of the project.
            stack: the state of the stack. Its URNs contain the name of the stack.

        Raises:
            CommandError: no project has this key or UUID, or the state has no resources.
        """
        resources = [each.urn for each in (*stack.objects, *stack.known)]
        urn = next(iter([*resources, *stack.others]), None)
        if urn is None:
            raise CommandError(
                "--report-to cannot name the case: the stack has no resources; run `pulumi up`"
            )
        stack_name, pulumi_project, *_ = urn.removeprefix("urn:pulumi:").split("::")
        title = f"{_TITLE}{pulumi_project}/{stack_name}"
        return cls(client, find_project(client, project).id, title)

    def update(self, report: DriftReport) -> str:
        """Open or update the case if there is drift; otherwise close it.

        If the case exists and has this description already, no request changes it.

        Returns:
            One line that says what was done.

        Raises:
            CommandError: it is unknown whether the API has created the case.
            DatadogCasesError: a request failed.
        """
        cases = self._open_cases()
        if report.has_drift:
            text = description(report)
            return self._write(cases, text) if cases else self._create(text)
        if report.unread:
            return "No case was changed, because something could not be read."
        return " ".join(map(self._close, cases)) or "No case is open for this stack."

    def _open_cases(self) -> Sequence[CaseItem]:
        """Return the open cases with the title; the oldest comes first.

        The search may show cases as they were some seconds ago, so each case that it finds is read.
        """
        # `project_id` is a documented field of the search; a field for the title is only assumed.
        found = [*self.client.cases.iterate(f"project_id:{self.project_id}")]
        cases = (self._read(each.id) for each in found if self._is_ours(each))
        return sorted((each for each in cases if each and self._is_ours(each)), key=_number)

    def _read(self, case_id: str) -> CaseItem | None:
        try:
            return self.client.cases.get(case_id)
        except NotFound:  # a new case may be missing for some seconds (assumed)
            return None

    def _is_ours(self, case: CaseItem) -> bool:
        values = case.values()
        # Some responses of the API have no `status_group` (recorded).
        is_closed = values.get("status_group") == "SG_CLOSED" or values.get("status") == "CLOSED"
        is_open = not (is_closed or values.get("archived_at"))
        is_here = values.get("project_id") == self.project_id
        return is_open and is_here and values.get("title") == self.title

    def _create(self, text: str) -> str:
        """Create the case. The request is sent once, even if its result is unknown.

        Another run may create a case at the same time. So this run then searches until it finds its
        own case, and archives it if the search also finds an older one.
        """
        try:
            created = self.client.cases.create(
                {
                    "type_id": STANDARD_CASE_TYPE,
                    "title": self.title,
                    "description": text,
                },
                project_id=self.project_id,
            )
        except DatadogCasesError as error:
            if not error.may_have_arrived:
                raise
            return self._write(self._after_failed_create(error), text)
        cases = self._poll(created.id)
        if cases is None:
            return (
                f"Opened {self._link(created)}. The search does not find it yet. If the next run "
                "does not find it either, that run opens another case."
            )
        if cases[0].id == created.id:
            return f"Opened {self._link(created)}."
        self.client.cases.archive(created.id)
        others = [each for each in cases if each.id != created.id]
        line = f"Archived {_key(created)}, because another run has opened a case."
        return f"{line} {self._write(others, text)}"

    def _after_failed_create(self, error: DatadogCasesError) -> Sequence[CaseItem]:
        """Return the open cases after an error that does not tell whether the case was created.

        Raises:
            CommandError: there is none.
        """
        if cases := self._poll(None):
            return cases
        raise CommandError(
            f"{error} (No case {self.title} found yet. The next run with --report-to looks again "
            "before it opens one.)"
        ) from error

    def _poll(self, case_id: str | None) -> Sequence[CaseItem] | None:
        """Search until the case `case_id` is open; if it is None, until any case is open.

        Return None if the search does not find the case within `Timing.consistency_window`.
        """

        def attempt() -> Sequence[CaseItem] | None:
            cases = self._open_cases()
            is_found = any(case_id in (None, each.id) for each in cases)
            return cases if is_found else None

        return poll(attempt, time.time() + self.timing.consistency_window, self.timing)

    def _write(self, cases: Sequence[CaseItem], text: str) -> str:
        """Set the description of the oldest case, unless the case has it already."""
        oldest, *newer = cases
        if str(oldest.values().get("description")).strip() == text:
            line = f"Unchanged: {self._link(oldest)}."
        else:
            self.client.cases.set_description(oldest.id, text)
            line = f"Updated {self._link(oldest)}."
        if not newer:
            return line
        return f"{line} Not updated, but open too: {', '.join(map(_key, newer))}; close them."

    def _close(self, case: CaseItem) -> str:
        """Add a comment that there is no drift, and close the case.

        The comment is not added if it is the newest one already: an earlier run may have failed
        between the two requests, or may have been unable to close the case.
        """
        cells = self.client.cases.timeline(case.id, page_size=1)  # the newest cell comes first
        if _NO_DRIFT not in [cell.message for cell in cells][:1]:
            self.client.cases.comment(case.id, _NO_DRIFT)
        try:
            self.client.cases.set_status(case.id, _CLOSED)
        except BadRequest as error:
            # The organisation may have given the case's type other statuses.
            return f"Commented on {self._link(case)}, but could not close it: {error}"
        return f"Closed {self._link(case)}."

    def _link(self, case: CaseItem) -> str:
        return f"{_key(case)} ({self.client.web_url}/cases/{_key(case)})"


def _key(case: CaseItem) -> str:
    return str(case.raw_attributes.get("key"))


def _number(case: CaseItem) -> int:
    """Return the number in a case's key. Each project numbers its cases in order."""
    return int(_key(case).rpartition("-")[2])
