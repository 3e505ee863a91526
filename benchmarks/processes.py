"""Running programs to their end, or ending them with all that they have started."""

import re
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import psutil

#: Seconds between two looks at how much memory a process has.
_LOOK = 0.05
#: How tracebacks and command lines name what went wrong.
_ERROR = re.compile(r"^\W*((?:[\w.]+(?:Error|Exception)\b|error|Error):? .*\S)", re.MULTILINE)
_LONGEST_REASON = 200


class FailedError(Exception):
    """A program did not do what it was to do. The message says why, in one line."""


def run(
    command: Sequence[str | Path],
    *,
    cwd: Path,
    environment: Mapping[str, str],
    limit: float,
    meanwhile: Callable[[psutil.Process], None] | None = None,
) -> str:
    """Run a program to its end and return what it prints, on stdout and stderr.

    Args:
        command: The program and its arguments.
        cwd: The folder to run it in.
        environment: All of its environment variables.
        limit: Seconds after which it is ended, with all that it has started.
        meanwhile: Is called in a thread of its own once the program has been started.

    Raises:
        FailedError: It ends with an error, or has not ended in time.
    """
    with (
        tempfile.TemporaryFile("w+", errors="replace") as printed,
        psutil.Popen(
            [str(part) for part in command],
            cwd=cwd,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        watcher = threading.Thread(target=meanwhile or _ignore, args=[process], daemon=True)
        watcher.start()
        try:
            status = process.wait(limit)
        except psutil.TimeoutExpired:
            raise FailedError(f"no end after {limit:.0f} s") from None
        finally:
            end(process)
        watcher.join()
        printed.seek(0)
        output = printed.read()
    if status:
        raise FailedError(_reason(output) or f"exit status {status}")
    return output


def _ignore(_process: psutil.Process) -> None:
    pass


def end(process: psutil.Process) -> None:
    """End a process and all that it has started, wherever that has gone.

    Pulumi's plugins are in process groups of their own, and outlive a Pulumi that is killed.
    """
    if not process.is_running():
        return
    family = [*process.children(recursive=True), process]
    for member in family:
        with suppress(psutil.NoSuchProcess):
            member.kill()
    psutil.wait_procs(family, timeout=10)


def peak_memory(process: psutil.Process, words: str) -> int:
    """Follow the first descendant with these words on its command line to its end.

    Returns:
        The most bytes of memory that were its own at a time (resident set size); 0 if there was
        no such process.
    """
    peak = 0
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        try:
            for child in process.children(recursive=True):
                if words in " ".join(child.cmdline()):
                    while True:
                        peak = max(peak, child.memory_info().rss)
                        time.sleep(_LOOK)
        except psutil.Error:  # it has ended
            if peak:
                return peak
        time.sleep(_LOOK)
    return peak


def _reason(output: str) -> str:
    """The last line of an output that names an error; else the last of all."""
    named = _ERROR.findall(output)
    lines = named or [line for line in output.splitlines() if line.strip()]
    return lines[-1].strip()[:_LONGEST_REASON] if lines else ""
