"""Interruption: ends the waits of this process when the user interrupts the run with Ctrl-C."""

import threading

#: Set when Pulumi asks this process to stop, and never cleared. From then on no wait continues, and
#: no request begins. Requests that were sent before are completed.
interrupted = threading.Event()


class RunInterruptedError(Exception):
    """The user interrupted the run during a wait."""

    __module__ = "pulumi_datadog_cases"


def sleep(seconds: float) -> None:
    """Wait for some seconds.

    Raises:
        RunInterruptedError: the run is interrupted. This ends the wait at once.
    """
    if interrupted.wait(seconds):
        raise RunInterruptedError(
            "the run was interrupted while it waited for the API: run again to continue"
        )
