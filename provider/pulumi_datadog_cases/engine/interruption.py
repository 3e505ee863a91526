"""Interruption: ends the waits of this process when the user interrupts the run with Ctrl-C."""

from pulumi_datadog_cases._interruption import Interruption

#: Set when Pulumi asks this process to stop. In the context of an operation, it is also set when
#: the time limit of the resource option `custom_timeouts` has passed.
interrupted = Interruption()


class RunInterruptedError(Exception):
    """The user interrupted the run during a wait, or the operation's time limit has passed."""

    __module__ = "pulumi_datadog_cases"


def sleep(seconds: float) -> None:
    """Wait for some seconds.

    Raises:
        RunInterruptedError: the run is interrupted, or the time limit of the operation has passed.
            Both end the wait at once.
    """
    if interrupted.wait(seconds):
        raise RunInterruptedError(
            f"{interrupted.reason} during a wait for the API: run again to continue"
        )
