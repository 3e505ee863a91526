"""`apply`: applies an operation to many cases, and reads the cases again to find failures."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
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
from pulumi_datadog_cases.cli.bulk.operations import BulkOperation
from pulumi_datadog_cases.cli.group import INTERRUPTED, CommandError
from pulumi_datadog_cases.cli.output import progress

# The maximum number of cases per request. Datadog documents no limit for bulk requests, so the
# maximum size of a page of search results is used.
_BATCH_SIZE: Final = 100
# The maximum number of rejected cases. If the API rejects more cases, the run stops, because the
# operation is probably wrong for all cases.
_MAX_REJECTED: Final = 20
_READERS: Final = 8


class _TooManyRejectedError(Exception):
    """The API rejected the operation for more than `_MAX_REJECTED` cases."""


def apply(client: Client, operation: BulkOperation, cases: Sequence[CaseItem]) -> dict[str, str]:
    """Apply an operation to cases.

    Returns:
        The failed cases. The keys are the ids of the cases, and the values are the reasons.

    Raises:
        CommandError: the operation stopped before the last case, or the cases cannot be read again.
            The message says for how many cases the API accepted the operation, and what to do.
    """
    run = _Run(operation)
    try:
        with progress(operation.describe(len(cases)), len(cases)) as advance:
            for start in range(0, len(cases), _BATCH_SIZE):
                batch = cases[start : start + _BATCH_SIZE]
                run.send([case.id for case in batch])
                advance(len(batch))
        return _read_back(client, operation, cases, run.rejected)
    except (DatadogCasesError, _TooManyRejectedError) as error:
        raise CommandError(run.interrupted(len(cases), str(error))) from error
    except KeyboardInterrupt:
        raise CommandError(run.interrupted(len(cases), "interrupted."), INTERRUPTED) from None


@dataclass
class _Run:
    """An operation in progress.

    Attributes:
        operation: the operation.
        rejected: the cases for which the API rejected the operation. The keys are the ids of the
            cases, and the values are the reasons.
        accepted: the number of cases for which the API accepted the operation.
    """

    operation: BulkOperation
    rejected: dict[str, str] = field(default_factory=dict[str, str])
    accepted: int = 0

    def send(self, ids: Sequence[str]) -> None:
        """Apply the operation to cases. If the API rejects some of them, still change the others.

        If the API rejects one case, it rejects the whole request and does not say which case
        (assumed). So the two halves of a rejected request are sent separately, until the rejected
        case is alone in a request. An operation that is not idempotent is not sent again, because
        the assumption may be wrong. All cases of its rejected request count as rejected.
        """
        try:
            self.operation.send(ids)
        except (BadRequest, NotFound, Conflict) as error:
            if len(ids) > 1 and self.operation.idempotent:
                middle = len(ids) // 2
                self.send(ids[:middle])
                self.send(ids[middle:])
                return
            self.rejected |= dict.fromkeys(ids, "; ".join(error.details) or str(error))
            if len(self.rejected) > _MAX_REJECTED:
                raise _TooManyRejectedError(
                    f"the API rejects the operation for too many cases: {error}"
                ) from error
        else:
            self.accepted += len(ids)

    def interrupted(self, cases: int, why: str) -> str:
        """Return the error message for an operation that did not finish."""
        if self.operation.wanted is None:
            advice = "Before you run it again, check to which cases the operation was applied."
        else:
            advice = "It is safe to run it again: cases that need no change are left alone."
        return f"stopped after {self.accepted} of {cases} cases: {why} {advice}"


def _read_back(
    client: Client, operation: BulkOperation, cases: Sequence[CaseItem], rejected: dict[str, str]
) -> dict[str, str]:
    """Read the cases again, and return the failed cases in the same form as `apply`.

    The response to a bulk update contains no cases (documented), so it cannot show failures. If the
    API does not return the value that the operation sets, only the rejected cases are known to have
    failed.
    """
    if operation.wanted is None:
        return rejected

    def read(case: CaseItem) -> CaseItem | None:
        try:
            return client.cases.get(case.id)
        except NotFound:
            return None

    failed = dict[str, str]()
    with progress("reading back", len(cases)) as advance, ThreadPoolExecutor(_READERS) as readers:
        for case, now in zip(cases, readers.map(read, cases), strict=True):
            advance(1)
            if now is None:
                failed[case.id] = "it does not exist any more"
            elif not operation.is_applied(now):
                why = f"accepted, but not changed: {operation.state(now)}"
                failed[case.id] = rejected.get(case.id, why)
    return failed
