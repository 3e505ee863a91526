"""What another system makes for a case by and by: a Jira issue, a ServiceNow ticket."""

import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager

from pulumi_datadog_cases.api import DatadogCasesError, NotFound
from pulumi_datadog_cases.engine import LiveObject, Values, warn
from pulumi_datadog_cases.resources._shared.base import members

#: How long a creation waits for the other system, in seconds.
_PATIENCE = 60.0
_FIRST_WAIT, _LONGEST_WAIT = 0.25, 5.0


class ExternalTicketFailedError(Exception):
    """The other system did not make what it was asked for."""

    __module__ = "pulumi_datadog_cases"

    may_have_arrived = False


def counterpart(case_id: str, case: Values, attribute: str) -> LiveObject | None:
    """The counterpart that a case tells of: its status, and what the other system said.

    It goes by the id its case was asked for with, a UUID or a key.
    """
    told = case.get(attribute)
    if not isinstance(told, Mapping):
        return None
    result = told.get("result")
    return LiveObject(case_id, {**members(result), **told, "case_id": case_id})


@contextmanager
def heard() -> Generator[None]:
    """Look at what came of a request that was accepted: if that fails, it is there all the same."""
    try:
        yield
    except DatadogCasesError as error:
        error.may_have_arrived = True
        raise


def made(what: str, look: Callable[[], LiveObject | None]) -> LiveObject:
    """Wait until the other system has made it; give up waiting, with a warning, after a minute.

    Raises:
        ExternalTicketFailedError: the other system has failed, or the case shows no ticket by then.
        DatadogCasesError: the case cannot be looked at; the counterpart may be made all the same.
    """
    wait, deadline = _FIRST_WAIT, time.monotonic() + _PATIENCE
    while True:
        try:
            with heard():
                live = look()
        except NotFound:  # a case made a moment ago may not be shown yet (assumed)
            live = None
        status = live.values.get("status") if live else None
        if live and status == "COMPLETED":
            return live
        is_late = time.monotonic() + wait > deadline
        if status == "FAILED" or (is_late and live is None):
            raise ExternalTicketFailedError(
                f"{what} could not be made: look at what was asked for, and in Datadog at the "
                "integration and the timeline of the case"
            )
        if live and is_late:
            warn(f"{what} is still being made; `pulumi refresh` shows it later")
            return live
        time.sleep(wait)
        wait = min(2 * wait, _LONGEST_WAIT)
