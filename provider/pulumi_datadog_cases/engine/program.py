"""Reports all mistakes of a program at once, before Pulumi registers any resource.

The body of a program runs to its end before Pulumi's SDK sends the first registration (tried). So
the constructor of each resource adds its mistakes to a list, and the registration of each resource
waits until the body has ended. If there are mistakes, every registration fails with the same error,
and nothing is sent.

There is one exception: the body may wait for the result of a function of another provider. During
the wait, Pulumi registers the resources that were declared before the wait. Mistakes before the
wait are then reported separately from mistakes after the wait.

This module runs in the process of the program. Mistakes in values that are still unknown are found
later, by `operations.check` in the plugin process.
"""

import asyncio
import inspect
import os
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import FrameType
from typing import Any

import pulumi

from pulumi_datadog_cases._text import escape_controls

#: The directory of this package. Messages name a line of the user's code, and never a line of a
#: file in this directory.
_PACKAGE = f"{Path(__file__).parents[1]}{os.sep}"


class InvalidProgramError(pulumi.RunError):
    """The program has mistakes, so no further resources of this package are registered.

    The message has one line for each mistake: `<file>:<line>: <class> <name>: <property path>
    <problem>`. Pulumi shows the message without a traceback.
    """

    __module__ = "pulumi_datadog_cases"

    def __init__(self, mistakes: list[str]) -> None:
        count = "a mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
        lines = "".join(f"\n  {each}" for each in mistakes)
        super().__init__(
            f"the program has {count}, so no further resource of this package was sent:{lines}"
        )


class Checkpoint:
    """The next moment at which the program's body ends, or waits. Registrations await this moment.

    If the resources declared since the previous checkpoint have mistakes, awaiting the checkpoint
    raises `InvalidProgramError`.
    """

    def __init__(self) -> None:
        self.mistakes: list[str] = []
        # The SDK registers the resources in the same event loop. The loop runs the callback below
        # when the program's body ends or waits, and never earlier.
        self._loop = asyncio.get_event_loop()
        self._passed: asyncio.Future[None] = self._loop.create_future()
        self._loop.call_soon(self._passed.set_result, None)

    def __await__(self) -> Generator[Any, None, None]:
        """Wait until the checkpoint is reached; then raise an error if there are mistakes."""
        yield from self._passed.__await__()
        if self.mistakes:
            # Each registration raises a new exception, because each raise of the same exception
            # would add lines to its traceback.
            raise InvalidProgramError(self.mistakes)

    def is_ahead(self) -> bool:
        """Whether the program has not reached the checkpoint yet."""
        return not self._passed.done() and self._loop is asyncio.get_event_loop()


_next: Checkpoint | None = None


def checkpoint(mistakes: list[str]) -> Checkpoint:
    """Add the mistakes of one resource to the next checkpoint, and return this checkpoint."""
    global _next  # noqa: PLW0603 - resources share no object that could hold it
    if _next is None or not _next.is_ahead():
        _next = Checkpoint()
    _next.mistakes += mistakes
    return _next


@dataclass(frozen=True)
class Call:
    """The place in a program where the constructor of a resource is called.

    `str(call)` describes the call in messages: `__main__.py:4: Case drill`. If the call is in the
    constructor of a user's component, the text also names the call of the component:
    `desk.py:12 (called at __main__.py:4): Case drill`.
    """

    #: The class and the name of the resource.
    label: str
    #: File and line of the call, and of the call of the component, if any.
    positions: tuple[tuple[str, int], ...]

    @classmethod
    def current(cls, label: str) -> "Call":
        """Find the constructor call of the running program on the call stack."""
        frames = [each for each in _frames() if not each.f_code.co_filename.startswith(_PACKAGE)]
        relevant = frames[:1]
        for constructor, caller in pairwise(frames):
            if _constructs_component(constructor):
                relevant[1:] = [caller]
        return cls(label, tuple((each.f_code.co_filename, each.f_lineno) for each in relevant))

    def __str__(self) -> str:
        """Describe the call, with paths relative to the current folder."""
        own, *component = (f"{_relative(file)}:{line}" for file, line in self.positions)
        called_at = "".join(f" (called at {each})" for each in component)
        return escape_controls(f"{own}{called_at}: {self.label}")


def _frames() -> Iterator[FrameType]:
    frame = inspect.currentframe()
    while frame is not None:
        yield frame
        frame = frame.f_back


def _constructs_component(frame: FrameType) -> bool:
    if frame.f_code.co_name != "__init__":
        return False
    constructed = frame.f_locals.get("self")
    return isinstance(constructed, pulumi.ComponentResource)


def _relative(file: str) -> Path:
    path = Path(file)
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
