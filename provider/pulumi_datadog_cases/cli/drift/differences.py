"""Where a declared value and a live one differ, and how that is written, on a line each."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Final, TypeAlias

from pulumi_datadog_cases.engine import Value, Values, equivalent
from pulumi_datadog_cases.engine.values import is_list, printable

# Stands for a value that is secret.
_WITHHELD: Final = "[secret]"
# How long a text may be, and how much of what two have in common is kept where they are longer.
_LONGEST: Final = 80
_LEAD: Final = 20


@dataclass(frozen=True)
class Difference:
    """A property, or a part of one, that is not as declared.

    Attributes:
        path: such as `settings.notification.enabled` or `recipients[0].type`.
        declared: the value in the program; None where there is none.
        live: the value in the organisation; None where there is none.
        secret: whether the values are withheld: `[secret]` stands for both.
    """

    path: str
    declared: Value
    live: Value
    secret: bool = False

    @classmethod
    def withheld(cls, path: str) -> "Difference":
        """A difference of which nothing may be told but where it is."""
        return cls(path, _WITHHELD, _WITHHELD, secret=True)

    @property
    def texts(self) -> tuple[str, str]:
        """Both values as JSON, cut to a line each on which it can be seen where they part."""
        if self.secret:
            return _WITHHELD, _WITHHELD
        declared, live = _text(self.declared), _text(self.live)
        pairs = takewhile(lambda pair: pair[0] == pair[1], zip(declared, live, strict=False))
        shared = len([*pairs])
        start = max(0, shared - _LEAD) if max(len(declared), len(live)) > _LONGEST else 0
        return cut(declared, start), cut(live, start)


def differences(declared: Values, live: Values, ignored: Iterable[str]) -> Iterator[Difference]:
    """All differences, each told as deep inside as it is, save those at ignored paths or below.

    Args:
        declared: what is declared, by property.
        live: the same properties as they are.
        ignored: property paths in the form of Pulumi's `ignore_changes`.
    """
    passed_over = [_steps(path) for path in ignored]
    for path, ours, theirs in _differing((), declared, live):
        if not any(_leads_to(path, steps) for steps in passed_over):
            yield Difference(_written(path), ours, theirs)


def cut(text: str, start: int = 0) -> str:
    """A text from some place on, as long as fits on a line with others."""
    left = f"…{text[start:]}" if start else text
    return left if len(left) <= _LONGEST else f"{left[: _LONGEST - 1]}…"


#: Keys of mappings and places in lists, from the outside in.
_Path: TypeAlias = tuple[str | int, ...]


def _differing(path: _Path, declared: Value, live: Value) -> Iterator[tuple[_Path, Value, Value]]:
    if equivalent(declared, live):
        return
    if isinstance(declared, Mapping) and isinstance(live, Mapping | None):
        there: Values = live or {}
        for key in {**declared, **there}:
            yield from _differing((*path, key), declared.get(key), there.get(key))
    elif is_list(declared) and is_list(live) and _is_told_by_element(declared, live):
        for at, (ours, theirs) in enumerate(zip(declared, live, strict=True)):
            yield from _differing((*path, at), ours, theirs)
    else:
        yield path, declared, live


def _is_told_by_element(declared: Sequence[Value], live: Sequence[Value]) -> bool:
    """Whether each element has its counterpart; plain lists are easier to read whole."""
    everything = (*declared, *live)
    return len(declared) == len(live) and all(isinstance(each, Mapping) for each in everything)


# --- property paths --------------------------------------------------------------------------

_STEP: Final = re.compile(r'\["(?P<key>(?:[^"\\]|\\.)*)"\]|\[(?P<at>\d+|\*)\]|(?P<name>[^.\[\]]+)')


def _steps(path: str) -> list[str]:
    """A path as Pulumi reads it: `root.nested["with.dot"][0].*`."""
    return [step["key"] or step["at"] or step["name"] for step in _STEP.finditer(path)]


def _leads_to(path: _Path, steps: Sequence[str]) -> bool:
    """Whether a path goes where the steps go, or on from there."""
    pairs = zip(path, steps, strict=False)
    return len(path) >= len(steps) and all(step in ("*", str(part)) for part, step in pairs)


def _written(path: _Path) -> str:
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return "".join(parts).removeprefix(".")


def _text(value: Value) -> str:
    if value is None:
        return "not set"
    text = printable(json.dumps(value, ensure_ascii=False))
    return re.sub(r"(?<= ) ", r"\\u0020", text)  # of several blanks a table shows one
