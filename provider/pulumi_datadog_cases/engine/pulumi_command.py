"""Finds the Pulumi command that runs this process, because Pulumi does not tell its providers."""

import functools
import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, Literal, TypeAlias

Command: TypeAlias = Literal["up", "destroy"]

_COMMANDS: Final[dict[str, Command]] = {
    "up": "up",
    "update": "up",
    "destroy": "destroy",
    "down": "destroy",
    "dn": "destroy",
}
#: The options with which a run leaves out resources, replaces other resources than the program
#: asks for, or continues after an error: `--target`, `--target-replace`, `-t`, `--exclude`, `-x`,
#: `--replace`, `--continue-on-error`. A letter can also be in a group, as in `-yt`.
_SELECTIVE = re.compile(r"--(target|exclude|replace|continue-on-error)\b|-[a-zA-Z]*[tx]")
#: How many parent processes are examined. Between Pulumi and a dynamic provider is one shell.
_LEVELS = 6
#: Environment variables with which Pulumi continues after an error, or does not call `diff` for
#: resources with unchanged inputs.
_SETTINGS = ("PULUMI_CONTINUE_ON_ERROR", "PULUMI_ENABLE_LEGACY_DIFF")


@functools.cache
def command_on_all_resources() -> Command | None:
    """Return the Pulumi command that runs this process, if it applies to all resources of a stack.

    Returns:
        None if the command is unknown, has an option such as `--target`, or runs with one of the
        settings above.
    """
    for arguments in _parent_commands():
        if arguments and Path(arguments[0]).name in {"pulumi", "pulumi.exe"}:
            return _parse(arguments[1:])
    return None


def _parse(arguments: Sequence[str]) -> Command | None:
    if any(map(os.environ.get, _SETTINGS)) or any(map(_SELECTIVE.match, arguments)):
        return None
    # With two commands, one of them is the value of an option, such as `--stack down`.
    found: set[Command] = {_COMMANDS[each] for each in arguments if each in _COMMANDS}
    return found.pop() if len(found) == 1 else None


def _parent_commands() -> Iterator[Sequence[str]]:
    """Yield the command lines of the parent processes, the nearest first."""
    pid = os.getppid()
    with suppress(OSError, subprocess.SubprocessError, ValueError, LookupError):
        for _ in range(_LEVELS):
            pid, arguments = _inspect(pid)
            yield arguments


def _inspect(pid: int) -> tuple[int, Sequence[str]]:
    """Return the id of a process's parent, and the process's own command line."""
    folder = Path("/proc") / str(pid)
    if folder.is_dir():
        # The name of the program is in parentheses, and may contain spaces and parentheses.
        parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
        return int(parent), (folder / "cmdline").read_text().split("\0")
    # macOS has no /proc.
    listed = subprocess.run(  # noqa: S603 - no shell
        ["ps", "-o", "ppid=,command=", "-p", str(pid)],  # noqa: S607 - from PATH
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=10,
        check=True,
    )
    parent, *arguments = listed.stdout.split()
    return int(parent), arguments
