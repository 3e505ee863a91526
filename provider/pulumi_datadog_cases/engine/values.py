"""What the engine does with JSON values: compare, project, merge. Pure functions, no types.

Three ideas carry the rest of the engine:

- **Blank is blank.** Missing, `null`, `""`, `[]` and `{}` are one value: an API that
  omits what is unset must not look as if somebody had changed it.
- **A declared mapping owns its own keys and no others.** `select_declared` looks at a live value
  through the declared one; `merge` writes the declared one into a live value. What stands
  beside the declared keys is neither seen nor touched.
- **A declared list is owned whole**, but its elements are mappings that may hold undeclared
  keys too (ids the server gave them, say), so `_match_elements` finds the live element each
  declared one stands for.
"""

from collections.abc import Mapping, Sequence
from typing import TypeAlias, cast

from pulumi.output import UNKNOWN as _UNKNOWN
from pulumi.output import Unknown
from typing_extensions import TypeIs

#: A JSON value. In a preview an unknown may stand anywhere in it, which the type does not say:
#: only validation and comparison meet one, and they ask `is_unknown`.
Value: TypeAlias = "bool | int | float | str | Sequence[Value] | Mapping[str, Value] | None"

#: Stands for a value that only the deployment will know.
UNKNOWN = cast("Value", _UNKNOWN)

#: The properties of one resource, by name.
Values: TypeAlias = Mapping[str, Value]


def from_wire(value: Value) -> Value:
    """Undo what the wire does: integral floats to `int`, tuples to lists, `None` keys dropped.

    Pulumi sends every number as a double, and an API that wants 90 may refuse 90.0.
    """
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {key: from_wire(item) for key, item in value.items() if item is not None}
    if is_list(value):
        return [from_wire(item) for item in value]
    return value


def is_empty(value: Value) -> bool:
    """Whether a value is one of the ways of saying "nothing", or a mapping of nothing else."""
    if isinstance(value, Mapping):
        return all(map(is_empty, value.values()))
    return value is None or value in ("", [], ())


def without_defaults(value: Value, usual: Value) -> Value:
    """What of a live value is worth declaring: less what is blank, false or as usual."""
    if not isinstance(value, Mapping):
        return [without_defaults(each, None) for each in value] if is_list(value) else value
    wont: Values = usual if isinstance(usual, Mapping) else {}
    kept = {key: without_defaults(item, wont.get(key)) for key, item in value.items()}
    return {
        k: item for k, item in kept.items() if not (is_empty(item) or is_default(item, wont.get(k)))
    }


def is_default(value: Value, usual: Value) -> bool:
    """Whether a value says no more than that nobody has chosen one."""
    return equivalent(value, usual) or (is_empty(usual) and (value is False or is_empty(value)))


def is_unknown(value: object) -> bool:
    """Whether a value is an output that only the deployment will know."""
    return isinstance(value, Unknown)


def has_unknown(value: Value) -> bool:
    """Whether a value is an unknown, or a list with one anywhere in it."""
    return is_unknown(value) or (is_list(value) and any(map(_contains_unknown, value)))


def _contains_unknown(value: Value) -> bool:
    if isinstance(value, Mapping):
        return any(map(_contains_unknown, value.values()))
    return has_unknown(value)


def is_list(value: Value) -> TypeIs[Sequence[Value]]:
    """Whether a value is a JSON array."""
    return isinstance(value, list | tuple)


def equivalent(left: Value, right: Value) -> bool:
    """Whether two values mean the same. An unknown is never the same as anything."""
    if is_unknown(left) or is_unknown(right):
        return False
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return all(equivalent(left.get(key), right.get(key)) for key in {*left, *right})
    if is_list(left) and is_list(right):
        return len(left) == len(right) and all(map(equivalent, left, right))
    if isinstance(left, bool) is not isinstance(right, bool):
        return False  # Python says True == 1; JSON does not
    return left == right or (is_empty(left) and is_empty(right))


def select_declared(declared: Value, live: Value) -> Value:
    """Look at a live value through a declared one: only what the declared one speaks of."""
    if isinstance(declared, Mapping) and isinstance(live, Mapping):
        return {key: select_declared(declared[key], live[key]) for key in declared if key in live}
    if is_list(declared) and is_list(live):
        partners = _match_elements(live, declared)
        return [
            select_declared(partner, item) for item, partner in zip(live, partners, strict=True)
        ]
    return live


def merge(live: Value, old: Value, new: Value) -> Value:
    """Write what changed from `old` to `new` into a live value (a three-way merge).

    Keys of `new` are set, keys that `old` declared and `new` no longer does are dropped, and
    what neither speaks of stays as it is in `live`; unless that is a thing of another `type`,
    whose members are none of this one's.
    """
    if isinstance(new, Mapping):
        base: Values = live if isinstance(live, Mapping) and _have_same_type(live, new) else {}
        before: Values = old if isinstance(old, Mapping) else {}
        kept = {key: item for key, item in base.items() if key in new or key not in before}
        return kept | {key: merge(base.get(key), before.get(key), new[key]) for key in new}
    if is_list(new):
        lives = _match_elements(new, live if is_list(live) else [])
        olds = _match_elements(new, old if is_list(old) else [])
        return [merge(*three) for three in zip(lives, olds, new, strict=True)]
    return new


def _have_same_type(left: Values, right: Values) -> bool:
    """Whether two mappings are of one `type`, written in any case, as far as both have one."""
    types = [str(each["type"]).upper() for each in (left, right) if "type" in each]
    return len(set(types)) <= 1


def _match_elements(items: Sequence[Value], others: Sequence[Value]) -> list[Value]:
    """For each item, the element of `others` that it stands for, or `None`.

    Elements carry no key of their own, so those that agree wherever both speak are paired
    first; what is left is paired by position, as one that was edited keeps its place.
    """
    free = dict(enumerate(others))
    pairs: dict[int, Value] = {}
    for index, item in enumerate(items):
        match = next((at for at, other in free.items() if _elements_match(item, other)), None)
        if match is not None:
            pairs[index] = free.pop(match)
    for index in range(len(items)):
        if index not in pairs and index in free:
            pairs[index] = free.pop(index)
    return [pairs.get(index) for index in range(len(items))]


def _elements_match(left: Value, right: Value) -> bool:
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        shared = left.keys() & right.keys()
        return bool(shared) and all(equivalent(left[key], right[key]) for key in shared)
    return equivalent(left, right)


def printable(text: str) -> str:
    """A text on one line, with whatever could steer a terminal as an escape."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
