"""What other systems make for a case: it is asked for, and some time later it is there, or not."""

import time
from typing import Final

from pydantic import BaseModel, ConfigDict, JsonValue

NEVER: Final = 1e12
"""Seconds since the epoch at which nobody looks any more."""

FAILING: Final = "fail"
"""What is asked for by a name with this in it fails: a way to see what failures look like."""


class Ticket(BaseModel):
    """A Jira issue or a ServiceNow ticket.

    Attributes:
        done_at: When it is decided, in seconds since the epoch.
        result: What there is then, or None if the other system fails.
    """

    model_config = ConfigDict(frozen=True)

    done_at: float
    result: dict[str, str] | None

    @property
    def status(self) -> str:
        """How far it is by now."""
        if time.time() < self.done_at:
            return "IN_PROGRESS"
        return "FAILED" if self.result is None else "COMPLETED"


class ToldTicket(BaseModel):
    """A ticket as the case tells of it."""

    status: str
    result: dict[str, str] | None = None


def restored(told: JsonValue) -> Ticket | None:
    """The ticket that a case of another organisation tells of: it stays as far as it is."""
    if told is None:
        return None
    ticket = ToldTicket.model_validate(told)
    done_at = NEVER if ticket.status == "IN_PROGRESS" else 0
    return Ticket(done_at=done_at, result=ticket.result if ticket.status == "COMPLETED" else None)


def asked_for(name: str, delay: float, result: dict[str, str]) -> Ticket:
    """A ticket that another system has just been asked for.

    Args:
        name: Where it is to be made; see `FAILING`.
        delay: How long that takes, in seconds.
        result: What there is then.
    """
    return Ticket(done_at=time.time() + delay, result=None if FAILING in name.lower() else result)


def is_there(ticket: Ticket | None) -> bool:
    """Whether there is a ticket or will be one: a failed one makes room for the next."""
    return ticket is not None and ticket.status != "FAILED"


def answered(ticket: Ticket | None) -> JsonValue:
    """A ticket as the case tells of it: its result only once there is one."""
    if ticket is None:
        return None
    told: dict[str, JsonValue] = {"status": ticket.status}
    if ticket.status == "COMPLETED":
        told["result"] = {**(ticket.result or {})}
    return told
