"""Jira issues and ServiceNow tickets of a case. Their creation is asynchronous and may fail."""

import time
from typing import Final

from pydantic import BaseModel, ConfigDict, JsonValue

NEVER: Final = 1e12
"""A time in the far future, in seconds since the epoch."""

FAILING: Final = "fail"
"""Creation fails if the name of the Jira project or ServiceNow instance contains this text."""


class Ticket(BaseModel):
    """A Jira issue or a ServiceNow ticket.

    Attributes:
        done_at: The time at which the creation completes or fails, in seconds since the epoch.
        result: The data of the created issue or ticket, or None if the creation fails.
    """

    model_config = ConfigDict(frozen=True)

    done_at: float
    result: dict[str, str] | None

    @property
    def status(self) -> str:
        """The current status of the creation."""
        if time.time() < self.done_at:
            return "IN_PROGRESS"
        return "FAILED" if self.result is None else "COMPLETED"


class TicketAttribute(BaseModel):
    """The attribute `jira_issue` or `service_now_ticket` of a case in an API response."""

    status: str
    result: dict[str, str] | None = None


def from_attribute(value: JsonValue) -> Ticket | None:
    """Converts the ticket of a case in a seed file. The ticket's status never changes later."""
    if value is None:
        return None
    ticket = TicketAttribute.model_validate(value)
    done_at = NEVER if ticket.status == "IN_PROGRESS" else 0
    return Ticket(done_at=done_at, result=ticket.result if ticket.status == "COMPLETED" else None)


def request_ticket(name: str, delay: float, result: dict[str, str]) -> Ticket:
    """A ticket whose creation begins now.

    Args:
        name: The name of the Jira project or ServiceNow instance; see `FAILING`.
        delay: The duration of the creation, in seconds.
        result: The created issue or ticket.
    """
    return Ticket(done_at=time.time() + delay, result=None if FAILING in name.lower() else result)


def is_active(ticket: Ticket | None) -> bool:
    """Whether a ticket exists or is being created. A ticket that has failed can be replaced."""
    return ticket is not None and ticket.status != "FAILED"


def to_attribute(ticket: Ticket | None) -> JsonValue:
    """The ticket as an attribute of a case. It has a `result` once the ticket is created."""
    if ticket is None:
        return None
    attribute: dict[str, JsonValue] = {"status": ticket.status}
    if ticket.status == "COMPLETED":
        attribute["result"] = {**(ticket.result or {})}
    return attribute
