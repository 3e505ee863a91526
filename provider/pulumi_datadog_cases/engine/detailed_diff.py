"""Compares old and new inputs, and returns the property paths that differ.

Without these paths, Pulumi's engine compares lists by position: an element inserted at the front
makes all other elements look changed (tried).
"""

import difflib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal, TypeAlias

from pulumi_datadog_cases.engine.values import Value, Values, is_list, is_unknown

_PLAIN_KEY: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


DiffKind: TypeAlias = Literal["ADD", "DELETE", "UPDATE"]
"""How the value at a path differs."""


def detailed_diff(old: Values, new: Values) -> dict[str, DiffKind]:
    """Return how two mappings differ, by property path, such as `attributes.env[1]`.

    A path to an element of a list has the position in the new list, or in the old list if the
    element is deleted.
    """
    return dict(_members(old, new, ""))


def top_level_name(path: str) -> str:
    """Return the name of the property to which a path belongs."""
    return re.split(r"[.\[]", path, maxsplit=1)[0]


def _members(old: Values, new: Values, path: str) -> Iterator[tuple[str, DiffKind]]:
    for key in {**old, **new}:
        at = _member_path(path, key)
        if key not in new:
            yield at, "DELETE"
        elif key not in old:
            yield at, "ADD"
        else:
            yield from _values(old[key], new[key], at)


def _values(old: Value, new: Value, path: str) -> Iterator[tuple[str, DiffKind]]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _members(old, new, path)
    elif is_list(old) and is_list(new):
        yield from _elements(old, new, path)
    elif is_unknown(new) or old != new:
        yield path, "UPDATE"


def _elements(
    old: Sequence[Value], new: Sequence[Value], path: str
) -> Iterator[tuple[str, DiffKind]]:
    """Compare lists. Elements that both lists contain in the same order are unchanged.

    The paths describe how the old list becomes the new list. First, the elements at the deleted and
    updated positions are removed from the old list. Then the elements at the added and updated
    positions of the new list are inserted there.
    """
    old_texts, new_texts = [*map(_text, old)], [*map(_text, new)]
    matcher = difflib.SequenceMatcher(None, old_texts, new_texts, autojunk=False)
    deleted, added = set[int](), set[int]()
    for tag, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if tag != "equal":
            deleted.update(range(old_start, old_end))
            added.update(range(new_start, new_end))
    for index in sorted(deleted | added):
        at = f"{path}[{index}]"
        if index not in added:
            yield at, "DELETE"
        elif index not in deleted:
            yield at, "ADD"
        else:
            # The matcher may leave both elements unpaired although they are equal. `_values` then
            # yields nothing, but the paths must still contain this position.
            yield from [*_values(old[index], new[index], at)] or [(at, "UPDATE")]


def _text(value: Value) -> str:
    return json.dumps(value, sort_keys=True, default=repr)


def _member_path(path: str, key: str) -> str:
    """Return a property path in Pulumi's syntax (documented): `a.b` or `a["b.c"]`."""
    if not _PLAIN_KEY.fullmatch(key):
        escaped = key.replace('"', '\\"')
        return f'{path}["{escaped}"]'
    return f"{path}.{key}" if path else key
