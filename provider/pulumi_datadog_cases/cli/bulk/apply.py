"""`apply`: applies an operation to many cases, and reads the cases again to find failures."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from pulumi_datadog_cases.api import (
    BadRequest,
    CaseItem,
    Client,
    Conflict,
    DatadogCasesError,
    NotFound,
)
from pulumi_datadog_cases.cli.bulk.bulk_operation import BulkOperation
from pulumi_datadog_cases.cli.bulk.threads import map_in_threads
from pulumi_datadog_cases.cli.group import INTERRUPTED, CommandError
from pulumi_datadog_cases.cli.output import counted, progress

# The maximum number of failed cases. If the operation fails for more cases, the run stops, because
# the operation is probably wrong for all cases.
_MAX_FAILED: Final = 20


class _TooManyFailedError(Exception):
    """The operation failed for more than `_MAX_FAILED` cases."""


def read_states(operation: BulkOperation, cases: Sequence[CaseItem]) -> dict[str, str]:
    """Return what `BulkOperation.state` returns for each case, by the id of the case."""
    with progress("checking cases", len(cases)) as advance:

        def read(case: CaseItem) -> tuple[str, str]:
            state = operation.state(case)
            advance(1)
            return case.id, state

        return dict(map_in_threads(read, cases))


def apply(client: Client, operation: BulkOperation, cases: Sequence[CaseItem]) -> dict[str, str]:
    """Apply an operation to cases.

    Returns:
        The failed cases. The keys are the ids of the cases, and the values are the reasons.

    Raises:
        CommandError: the operation stopped before the last case, or the cases cannot be read again.
            The message says for how many cases the API accepted the operation, and what to do.
    """
    run = _Run(operation)
    size = operation.batch_size
    batches = [cases[start : start + size] for start in range(0, len(cases), size)]
    try:
        with progress(operation.describe(len(cases)), len(cases)) as advance:

            def send(batch: Sequence[CaseItem]) -> None:
                run.send(batch)
                advance(len(batch))

            if size == 1:
                map_in_threads(send, batches)
            else:
                # If the run stops, the result of at most one request for many cases is unknown.
                for batch in batches:
                    send(batch)
        return _read_back(client, operation, cases, run.failed)
    except (DatadogCasesError, _TooManyFailedError) as error:
        raise CommandError(run.stop_message(len(cases), str(error))) from error
    except KeyboardInterrupt:
        raise CommandError(run.stop_message(len(cases), "interrupted."), INTERRUPTED) from None


@dataclass
class _Run:
    """An operation in progress.

    Attributes:
        operation: the operation.
        failed: the cases for which the API rejected the operation, or may not have carried it out.
            The keys are the ids of the cases, and the values are the reasons.
        accepted: the number of cases for which the API accepted the operation.
        unclear: the number of cases whose requests have no response yet, or ended with an error
            after which the API may still have carried them out.
    """

    operation: BulkOperation
    failed: dict[str, str] = field(default_factory=dict[str, str])
    accepted: int = 0
    unclear: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def send(self, cases: Sequence[CaseItem]) -> None:
        """Apply the operation to cases. If the API rejects some of them, still change the others.

        If the API rejects one case, it rejects the whole request and does not say which case
        (assumed). So the two halves of a rejected request are sent separately, until the rejected
        case is alone in a request. An operation that is not idempotent is not sent again, because
        the assumption may be wrong. All cases of its rejected request count as failed.

        If an operation that is not idempotent gets no response, it is not sent again either: the
        API may have carried it out. Its cases count as failed, unless `_read_back` finds that they
        have changed.
        """
        try:
            self._request(cases)
        except (BadRequest, NotFound, Conflict) as error:
            if len(cases) > 1 and self.operation.idempotent:
                middle = len(cases) // 2
                self.send(cases[:middle])
                self.send(cases[middle:])
                return
            self._fail(cases, "; ".join(error.details) or str(error), error)
        except DatadogCasesError as error:
            if self.operation.idempotent or not error.may_have_arrived:
                raise
            self._fail(cases, str(error), error)

    def _request(self, cases: Sequence[CaseItem]) -> None:
        with self._lock:
            self.unclear += len(cases)
        try:
            self.operation.send(cases)
        except DatadogCasesError as error:
            if not error.may_have_arrived:
                with self._lock:
                    self.unclear -= len(cases)
            raise
        with self._lock:
            self.unclear -= len(cases)
            self.accepted += len(cases)

    def _fail(self, cases: Sequence[CaseItem], why: str, error: DatadogCasesError) -> None:
        with self._lock:
            self.failed |= {case.id: why for case in cases}
            if len(self.failed) > _MAX_FAILED:
                raise _TooManyFailedError(
                    f"the operation fails for too many cases: {error}"
                ) from error

    def stop_message(self, cases: int, why: str) -> str:
        """Return the error message for an operation that did not finish."""
        operation = self.operation
        if not operation.idempotent and operation.wanted is None:
            advice = "Before you run it again, check to which cases the operation was applied."
        elif not operation.idempotent and self.unclear:
            advice = (
                f"The API may still change {counted(self.unclear, 'case')}, because it has not "
                "confirmed their requests. Wait a minute before you run it again: cases that need "
                "no change are left alone."
            )
        elif operation.wanted is None:
            advice = "It is safe to run it again: a repeated change has no further effect."
        else:
            advice = "It is safe to run it again: cases that need no change are left alone."
        return f"stopped after {self.accepted} of {counted(cases, 'case')}: {why} {advice}"


def _read_back(
    client: Client, operation: BulkOperation, cases: Sequence[CaseItem], failed: dict[str, str]
) -> dict[str, str]:
    """Read the cases again, and return the failed cases in the same form as `apply`.

    The response to a bulk update contains no cases (documented), so it cannot show failures. If the
    API does not return the value that the operation sets, only the cases in `failed` are known to
    have failed.
    """
    if operation.wanted is None:
        return failed
    with progress("reading back", len(cases)) as advance:

        def read(case: CaseItem) -> str | None:
            try:
                why = _why_not(operation, client.cases.get(case.id))
            except NotFound:
                why = "it does not exist any more"
            advance(1)
            return why

        reasons = map_in_threads(read, cases)
    return {
        case.id: failed.get(case.id, why)
        for case, why in zip(cases, reasons, strict=True)
        if why is not None
    }


def _why_not(operation: BulkOperation, case: CaseItem) -> str | None:
    """Return why a case counts as unchanged although the API accepted the operation, or None."""
    state = operation.state(case)
    return None if state == operation.wanted else f"accepted, but not changed: {state}"
