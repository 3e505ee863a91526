"""`differences`: finds where declared and live values differ, and shows each place on one line.

A declared value is the value in the program, and a live value is the value in Datadog now.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Final, TypeAlias

from pulumi_datadog_cases._text import escape_controls
from pulumi_datadog_cases.engine import Value, Values, equivalent
from pulumi_datadog_cases.engine.values import is_list

# Replaces a secret value.
_MASK: Final = "[secret]"
# The maximum length of a shown value, in characters.
_MAX_LENGTH: Final = 80
# If a value is too long, the shown part begins this many characters before the first difference.
_CONTEXT: Final = 20


@dataclass(frozen=True)
class Difference:
    """A property, or a part of a property, that differs from its declaration.

    Attributes:
        path: the property path, such as `settings.notification.enabled` or `recipients[0].type`.
        declared: the value in the program, or None.
        live: the value in the organisation, or None.
        secret: whether the values are secret. If so, `declared` and `live` are `[secret]`.
    """

    path: str
    declared: Value
    live: Value
    secret: bool = False

    @classmethod
    def of_secret(cls, path: str) -> "Difference":
        """Return a difference between secret values."""
        return cls(path, _MASK, _MASK, secret=True)

    @property
    def shown(self) -> tuple[str, str]:
        """The declared and the live value as JSON, shortened around their first difference."""
        if self.secret:
            return _MASK, _MASK
        declared, live = _text(self.declared), _text(self.live)
        pairs = takewhile(lambda pair: pair[0] == pair[1], zip(declared, live, strict=False))
        shared = len([*pairs])
        start = max(0, shared - _CONTEXT) if max(len(declared), len(live)) > _MAX_LENGTH else 0
        return shorten(declared, start), shorten(live, start)


def differences(declared: Values, live: Values, ignored: Iterable[str]) -> Iterator[Difference]:
    """Yield all differences with their full paths, except those at or below ignored paths.

    Args:
        declared: the declared properties.
        live: the same properties of the live object.
        ignored: property paths, as in Pulumi's `ignore_changes`.
    """
    ignored_steps = [_steps(path) for path in ignored]
    for path, ours, theirs in _differing((), declared, live):
        if not any(_leads_to(path, steps) for steps in ignored_steps):
            yield Difference(_format_path(path), ours, theirs)


def shorten(text: str, start: int = 0) -> str:
    """Shorten a text to the maximum length, beginning with the character at `start`."""
    rest = f"…{text[start:]}" if start else text
    return rest if len(rest) <= _MAX_LENGTH else f"{rest[: _MAX_LENGTH - 1]}…"


#: The keys and list indexes that lead to a nested value, outermost first.
_Path: TypeAlias = tuple[str | int, ...]


def _differing(path: _Path, declared: Value, live: Value) -> Iterator[tuple[_Path, Value, Value]]:
    if equivalent(declared, live):
        return
    if isinstance(declared, Mapping) and isinstance(live, Mapping | None):
        members: Values = live or {}
        for key in {**declared, **members}:
            yield from _differing((*path, key), declared.get(key), members.get(key))
    elif is_list(declared) and is_list(live) and _compare_by_element(declared, live):
        for at, (ours, theirs) in enumerate(zip(declared, live, strict=True)):
            yield from _differing((*path, at), ours, theirs)
    else:
        yield path, declared, live


def _compare_by_element(declared: Sequence[Value], live: Sequence[Value]) -> bool:
    """Whether to compare two lists element by element.

    Two lists are compared in this way if they have the same length and all their elements are
    mappings. The report shows other lists, such as lists of strings, as a whole, because this is
    easier to read.
    """
    everything = (*declared, *live)
    return len(declared) == len(live) and all(isinstance(each, Mapping) for each in everything)


# --- property paths --------------------------------------------------------------------------

_STEP: Final = re.compile(r'\["(?P<key>(?:[^"\\]|\\.)*)"\]|\[(?P<at>\d+|\*)\]|(?P<name>[^.\[\]]+)')


def _steps(path: str) -> list[str]:
    """Parse a property path, such as `root.nested["with.dot"][0].*`, as Pulumi does."""
    return [step["key"] or step["at"] or step["name"] for step in _STEP.finditer(path)]


def _leads_to(path: _Path, steps: Sequence[str]) -> bool:
    """Whether a path begins with parts that match these steps. The step `*` matches any part."""
    pairs = zip(path, steps, strict=False)
    return len(path) >= len(steps) and all(step in ("*", str(part)) for part, step in pairs)


def _format_path(path: _Path) -> str:
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return "".join(parts).removeprefix(".")


def _text(value: Value) -> str:
    if value is None:
        return "not set"
    text = escape_controls(json.dumps(value, ensure_ascii=False))
    return re.sub(r"(?<= ) ", r"\\u0020", text)  # tables collapse repeated spaces
