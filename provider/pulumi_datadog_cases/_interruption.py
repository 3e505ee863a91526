"""`Interruption`: ends waits after Ctrl-C, or when the time limit of an operation has passed."""

import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar


class Interruption(threading.Event):
    """An event that the user's Ctrl-C sets.

    In a context with a time limit, the event also counts as set when the time limit has passed. A
    new thread has this time limit only if it runs in a copy of the context.
    After Ctrl-C, nothing clears the event. While the event is set, no wait continues, and no
    request begins. Requests that were sent before are completed.
    """

    def __init__(self) -> None:
        super().__init__()
        self._end = ContextVar[float | None]("end", default=None)

    @contextmanager
    def time_limit(self, seconds: float) -> Generator[None]:
        """Let the event count as set in this context after some seconds; 0 means no limit."""
        token = self._end.set(time.monotonic() + seconds if seconds else None)
        try:
            yield
        finally:
            self._end.reset(token)

    def is_set(self) -> bool:
        """Whether the run is interrupted, or the time limit of this context has passed."""
        return super().is_set() or self._remaining() == 0

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the event is set, at most `timeout` seconds; return whether it is set."""
        waits = [each for each in (timeout, self._remaining()) if each is not None]
        super().wait(min(waits, default=None))
        return self.is_set()

    @property
    def reason(self) -> str:
        """Why the event is set, for messages."""
        if super().is_set():
            return "the run was interrupted"
        return "the time limit of `custom_timeouts` has passed"

    def _remaining(self) -> float | None:
        """Return the seconds until the time limit of this context, or None without a limit."""
        end = self._end.get()
        return None if end is None else max(0.0, end - time.monotonic())
