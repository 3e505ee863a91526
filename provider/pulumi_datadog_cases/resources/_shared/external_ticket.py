"""The Jira issue or ServiceNow ticket of a case. Both are called tickets in this file.

A ticket is created some time after the request.
"""

import time
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar

from pulumi_datadog_cases.api import DatadogCasesError, NotFound
from pulumi_datadog_cases.engine import LiveObject, Values, interrupted, sleep, warn
from pulumi_datadog_cases.resources._shared.base import (
    CaseLifecycle,
    members,
    parent_id,
    parent_values,
    text,
)


@dataclass(frozen=True)
class Polling:
    """How often, and for how long, a creation reads the case until its ticket is complete."""

    #: Seconds after which the creation gives up.
    timeout: float = 60.0
    #: Seconds between the first two reads. Each further interval is twice as long as the one
    #: before.
    first_interval: float = 0.25
    #: The longest interval between two reads, in seconds.
    max_interval: float = 5.0


class ExternalTicketFailedError(Exception):
    """The other system did not create the ticket."""

    __module__ = "pulumi_datadog_cases"

    may_have_arrived = False


class ExternalTicketLifecycle(CaseLifecycle):
    """Base lifecycle of a case's ticket in another system. The ticket is read from the case.

    The API gives the ticket no id. In Pulumi, the ticket's id is the UUID of the case.
    """

    ids_are_unique = False
    parent_property = "case_id"

    #: The attribute of a case that holds the ticket.
    attribute: ClassVar[str]
    #: The ticket's name in messages.
    label: ClassVar[str]
    polling: ClassVar[Polling] = Polling()

    def wait_until_created(self, case_id: str) -> LiveObject:
        """Wait until the other system has created the ticket; see `wait_for_ticket`."""
        what = f"the {self.label} of case {case_id}"
        return wait_for_ticket(what, lambda: self.read(case_id, {}), self.polling)

    def list(self, parent: LiveObject | None) -> Iterable[LiveObject]:
        """The case's ticket, if it has one."""
        case = parent_values(parent, self.client.cases.get)
        return filter(None, [external_ticket(parent_id(parent), case, self.attribute)])

    def candidates(self, new: Values, since: float) -> Iterable[LiveObject]:
        """The case's ticket. If there is one, wait until it is complete, as a creation does."""
        del since
        case_id = text(new["case_id"])
        return [self.wait_until_created(case_id)] if self.read(case_id, new) else []

    def read(self, id_: str, known: Values) -> LiveObject | None:
        """Read the ticket from its case."""
        case = self.client.cases.get(text(known.get("case_id", id_)))
        return external_ticket(case.id, case.raw_attributes, self.attribute)


def external_ticket(case_id: str, case: Values, attribute: str) -> LiveObject | None:
    """Return the ticket that a case's attributes contain; None if the case has no ticket."""
    ticket = case.get(attribute)
    if not isinstance(ticket, Mapping):
        return None
    result = ticket.get("result")
    return LiveObject(case_id, {**members(result), **ticket, "case_id": case_id})


@contextmanager
def after_accepted_request() -> Generator[None]:
    """Set `may_have_arrived` on the error if a read fails after an accepted create request.

    The create request may have created the ticket although the read has failed.
    """
    try:
        yield
    except DatadogCasesError as error:
        error.may_have_arrived = True
        raise


def wait_for_ticket(
    what: str, read: Callable[[], LiveObject | None], polling: Polling
) -> LiveObject:
    """Read the ticket until it is complete, and return it.

    After the timeout, or if the run is interrupted, warn and return the incomplete ticket.

    Args:
        what: the ticket, for messages.
        read: reads the ticket; returns None as long as the case has no ticket.
        polling: how often, and for how long, `read` is called.

    Raises:
        ExternalTicketFailedError: the other system failed, or the case still has no ticket after
            the timeout.
        DatadogCasesError: the case could not be read. The ticket may exist nevertheless.
        RunInterruptedError: the run was interrupted before the case had a ticket.
    """
    interval, deadline = polling.first_interval, time.monotonic() + polling.timeout
    while True:
        try:
            with after_accepted_request():
                live = read()
        except NotFound:  # a case created a moment ago may not be readable yet (assumed)
            live = None
        status = live.values.get("status") if live else None
        if live and status == "COMPLETED":
            return live
        is_late = time.monotonic() + interval > deadline
        if status == "FAILED" or (is_late and live is None):
            raise ExternalTicketFailedError(
                f"{what} was not created: check the properties of the resource. In Datadog, check "
                "the integration and the timeline of the case"
            )
        if live and (is_late or interrupted.wait(interval)):
            warn(f"{what} is still being created; run `pulumi refresh` later to see it")
            return live
        if live is None:
            sleep(interval)
        interval = min(2 * interval, polling.max_interval)
