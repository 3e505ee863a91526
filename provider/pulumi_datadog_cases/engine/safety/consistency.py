"""`ConsistentAccess`: reads, updates and deletes objects, even if the API shows them late."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from pulumi_datadog_cases.engine.interruption import sleep
from pulumi_datadog_cases.engine.lifecycle import Change, LiveObject, ObjectGoneError
from pulumi_datadog_cases.engine.resource_type import AnyLifecycle, ResourceType
from pulumi_datadog_cases.engine.safety.intent_log import IntentLog
from pulumi_datadog_cases.engine.timing import Timing
from pulumi_datadog_cases.engine.values import Values

_T = TypeVar("_T")


@dataclass(frozen=True)
class ConsistentAccess:
    """Access to the existing objects of one resource type in one account.

    The API may return a new object only after some time. If a read does not find an object that
    this machine created recently, the read is repeated until `Timing.consistency_window` seconds
    after the creation. If the last read does not find the object either, the object counts as
    deleted.
    """

    resource_type: ResourceType
    lifecycle: AnyLifecycle
    intents: IntentLog

    def read(self, id_: str, known: Values) -> LiveObject | None:
        """Read one object; return None if it does not exist."""
        return self._read_or_gone(self.lifecycle.read, id_, known)

    def refresh(self, id_: str, known: Values) -> LiveObject | None:
        """Read an object, sharing requests with other reads; return None if it does not exist."""
        return self._read_or_gone(self.lifecycle.refresh, id_, known)

    def update(self, change: Change) -> LiveObject:
        """Update an object.

        Raises:
            ObjectGoneError: the object does not exist.
        """
        return self._retry_if_visible(change.id, change.old, lambda: self.lifecycle.update(change))

    def delete(self, id_: str, known: Values) -> bool:
        """Delete an object; return False if the API does not find it."""
        try:
            self._retry_if_visible(id_, known, lambda: self.lifecycle.delete(id_, known))
        except (ObjectGoneError, self.lifecycle.not_found_error):
            return False
        return True

    def _read_or_gone(
        self, read: Callable[[str, Values], LiveObject | None], id_: str, known: Values
    ) -> LiveObject | None:
        """Return an object, or None if it does not exist.

        If this machine created the object recently, the read is repeated, as the class describes.
        """

        def attempt() -> LiveObject | None:
            try:
                return read(id_, known)
            except self.lifecycle.not_found_error:
                return None

        if live := attempt():
            return live
        created_at = self.intents.created_at(self.resource_type.name, id_)
        if created_at is None:
            return None
        timing = self.lifecycle.timing
        return poll(attempt, created_at + timing.consistency_window, timing)

    def _retry_if_visible(self, id_: str, known: Values, operation: Callable[[], _T]) -> _T:
        """Run an operation; repeat it once if it does not find the object, but a read finds it.

        Raises:
            ObjectGoneError: the object does not exist.
        """
        try:
            return operation()
        except (self.lifecycle.not_found_error, ObjectGoneError) as error:
            if self.read(id_, known) is None:
                raise ObjectGoneError(
                    f"{self.resource_type.name} {id_} was deleted outside this stack: run "
                    "`pulumi up --refresh` to recreate it"
                ) from error
            return operation()


def poll(attempt: Callable[[], _T | None], deadline: float, timing: Timing) -> _T | None:
    """Repeat an attempt until it returns a value or the deadline (Unix time) has passed.

    The last attempt is made after the deadline.

    Raises:
        RunInterruptedError: the run is interrupted.
    """
    wait = timing.first_poll
    while (found := attempt()) is None and (left := deadline - time.time()) > 0:
        sleep(min(wait, left))
        wait = min(2 * wait, timing.longest_poll)
    return found
