"""Run programs with a time limit; on a timeout, kill them and all processes that they started."""

import re
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import psutil

#: Seconds between two readings of a process's memory.
_INTERVAL = 0.05
#: Matches a line that names an error. Such lines are in tracebacks and in the output of commands.
_ERROR = re.compile(r"^\W*((?:[\w.]+(?:Error|Exception)\b|error|Error):? .*\S)", re.MULTILINE)
_MAX_REASON_LENGTH = 200


class OperationFailedError(Exception):
    """An operation failed or timed out. The message gives the reason, in one line."""


def run(
    command: Sequence[str | Path],
    *,
    cwd: Path,
    environment: Mapping[str, str],
    limit: float,
    monitor: Callable[[psutil.Process], None] | None = None,
) -> str:
    """Run a program and return its output, which is stdout and stderr together.

    Args:
        command: The program and its arguments.
        cwd: The folder to run it in.
        environment: All environment variables of the program.
        limit: Seconds after which the program and all processes that it started are killed.
        monitor: A function that receives the started process. It runs in a separate thread.

    Raises:
        OperationFailedError: The program exits with an error, or times out.
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
        monitoring = threading.Thread(target=monitor or _ignore, args=[process], daemon=True)
        monitoring.start()
        try:
            status = process.wait(limit)
        except psutil.TimeoutExpired:
            raise OperationFailedError(f"timed out after {limit:.0f} s") from None
        finally:
            kill_tree(process)
        monitoring.join()
        printed.seek(0)
        output = printed.read()
    if status:
        raise OperationFailedError(_reason(output) or f"exit status {status}")
    return output


def _ignore(_process: psutil.Process) -> None:
    pass


def kill_tree(process: psutil.Process) -> None:
    """Kill a running process and all its descendants.

    Descendants in other process groups are killed as well. Pulumi's plugins have their own process
    groups, so they would otherwise survive.
    """
    if not process.is_running():
        return
    tree = [*process.children(recursive=True), process]
    for member in tree:
        with suppress(psutil.NoSuchProcess):
            member.kill()
    psutil.wait_procs(tree, timeout=10)


def peak_memory(process: psutil.Process, text: str) -> int:
    """Return the peak memory of the first descendant that has this text on its command line.

    The function monitors the descendant until the descendant ends.

    Returns:
        The largest resident set size of the descendant, in bytes; 0 if no process has the text.
    """
    peak = 0
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        try:
            for child in process.children(recursive=True):
                if text in " ".join(child.cmdline()):
                    while True:
                        peak = max(peak, child.memory_info().rss)
                        time.sleep(_INTERVAL)
        except psutil.Error:  # the process has ended
            if peak:
                return peak
        time.sleep(_INTERVAL)
    return peak


def _reason(output: str) -> str:
    """Return the last line that names an error. If no line does, return the last line."""
    errors = _ERROR.findall(output)
    lines = errors or [line for line in output.splitlines() if line.strip()]
    return lines[-1].strip()[:_MAX_REASON_LENGTH] if lines else ""
