"""Pure functions on JSON values: compare them, select the declared part, merge changes.

A live value is a value as the API returns it. Three rules apply everywhere in the engine:

- **All empty values are equivalent.** A missing value, `null`, `""`, `[]` and `{}` mean the same.
  For example, an empty value in the program equals a property that the API omits.
- **A declared mapping manages its own keys and no others.** Undeclared keys are neither compared
  nor changed. `select_declared` reduces a live value to the declared keys. `merge` writes the
  declared keys into a live value.
- **A declared list is managed as a whole.** The program declares all elements. But an element that
  is a mapping may have undeclared keys in the live list, such as an id that the API assigned.
  `_match_elements` finds the live element that corresponds to a declared element.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final, TypeAlias, cast

from pulumi.output import UNKNOWN as _UNKNOWN
from pulumi.output import Unknown
from typing_extensions import TypeIs

#: A JSON value. In a preview, a value may also contain unknowns at any depth. Only validation and
#: comparison handle unknowns, so this type does not mention them. `is_unknown` recognizes them.
Value: TypeAlias = "bool | int | float | str | Sequence[Value] | Mapping[str, Value] | None"

#: A value that is unknown until the deployment.
UNKNOWN = cast("Value", _UNKNOWN)

#: The properties of one resource, by name.
Values: TypeAlias = Mapping[str, Value]


#: The largest difference, in nanoseconds, between two times that count as the same. An API may
#: return nanoseconds in one response, and round the same time to microseconds in another.
ROUNDING: Final = 1000

_INSTANT: Final = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)")

#: The prefix of the names of hidden outputs. Pulumi stores hidden outputs, but does not show them.
_HIDDEN = "__"


def without_hidden(values: Values) -> dict[str, Value]:
    """Return the values without the hidden ones, which the engine adds for its own use."""
    return {name: value for name, value in values.items() if not name.startswith(_HIDDEN)}


#: The hidden output with the ids of references, by property.
IDS_KEY: Final = "__ids"


def stored_ids(state: Values) -> Values:
    """Return the ids of the references in a state, by property.

    The result does not contain a property whose value in the state is the id itself. The result is
    empty if release 0.1.0 wrote the state.
    """
    ids = state.get(IDS_KEY)
    return ids if isinstance(ids, Mapping) else {}


def from_wire(value: Value) -> Value:
    """Convert a value from Pulumi or the API to the engine's form, for example 90.0 to 90.

    Pulumi sends every number as a double, and an API that expects 90 may reject 90.0. So a double
    without a fraction becomes an integer. Tuples become lists. Keys with the value None are
    removed.
    """
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {key: from_wire(item) for key, item in value.items() if item is not None}
    if is_list(value):
        return [from_wire(item) for item in value]
    return value


def is_empty(value: Value) -> bool:
    """Whether a value is `None`, `""`, `[]`, or a mapping whose values are all empty."""
    if isinstance(value, Mapping):
        return all(map(is_empty, value.values()))
    return value is None or value in ("", [], ())


def without_defaults(value: Value, default: Value) -> Value:
    """Remove empty values and defaults from a live value, as a program need not declare them."""
    if not isinstance(value, Mapping):
        return [without_defaults(each, None) for each in value] if is_list(value) else value
    defaults: Values = default if isinstance(default, Mapping) else {}
    kept = {key: without_defaults(item, defaults.get(key)) for key, item in value.items()}
    return {
        key: item
        for key, item in kept.items()
        if not (is_empty(item) or is_default(item, defaults.get(key)))
    }


def is_default(value: Value, default: Value) -> bool:
    """Whether a value equals its default. `False` also counts as equal to an empty default."""
    return equivalent(value, default) or (is_empty(default) and (value is False or is_empty(value)))


def is_unknown(value: object) -> bool:
    """Whether a value is an output that is unknown until the deployment."""
    return isinstance(value, Unknown)


#: The key that marks a mapping as a secret, in states and between processes (documented).
SECRET_KEY: Final = "4dabf18193072939515e22adb298388d"  # noqa: S105 - a constant, not a secret
#: The members that mark a mapping as a secret. Another member has the value.
SECRET_MARK: Final = {SECRET_KEY: "1b47061264138c4ac30d75fd1eb44270"}


def is_encrypted(value: Value) -> bool:
    """Whether a value in an exported state is a secret, which Pulumi has encrypted."""
    return isinstance(value, Mapping) and SECRET_KEY in value


def has_unknown(value: Value) -> bool:
    """Whether a value is an unknown, or a list that contains an unknown at any depth.

    If the value itself is a mapping, the result is False, because validators read the members of a
    mapping one by one (`KnownInputs`). A mapping inside a list is searched.
    """
    return is_unknown(value) or (is_list(value) and any(map(contains_unknown, value)))


def contains_unknown(value: Value) -> bool:
    """Whether a value is an unknown, or contains one at any depth."""
    if isinstance(value, Mapping):
        return any(map(contains_unknown, value.values()))
    return has_unknown(value)


def is_list(value: Value) -> TypeIs[Sequence[Value]]:
    """Whether a value is a JSON array."""
    return isinstance(value, list | tuple)


def equivalent(left: Value, right: Value) -> bool:
    """Whether two values mean the same. An unknown is not equivalent to anything."""
    if is_unknown(left) or is_unknown(right):
        return False
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return all(equivalent(left.get(key), right.get(key)) for key in {*left, *right})
    if is_list(left) and is_list(right):
        return len(left) == len(right) and all(map(equivalent, left, right))
    if isinstance(left, bool) is not isinstance(right, bool):
        return False  # True and 1 are equal in Python, but not in JSON
    return left == right or (is_empty(left) and is_empty(right))


def nanoseconds(value: Value) -> int | None:
    """Return a time in RFC 3339 as Unix nanoseconds, or None if the value is not such a time."""
    match = _INSTANT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    try:
        second = datetime.fromisoformat(f"{match[1]}{match[3]}")
    except ValueError:
        return None
    return int(second.timestamp()) * 10**9 + int((match[2] or "").ljust(9, "0")[:9])


def is_same_instant(left: Value, right: Value) -> bool:
    """Whether two values are the same time, even if an API rounded one of them to microseconds."""
    first, second = nanoseconds(left), nanoseconds(right)
    return first is not None and second is not None and abs(first - second) <= ROUNDING


def select_declared(declared: Value, live: Value) -> Value:
    """Reduce a live value to the parts that the declared value has."""
    if isinstance(declared, Mapping) and isinstance(live, Mapping):
        return {key: select_declared(declared[key], live[key]) for key in declared if key in live}
    if is_list(declared) and is_list(live):
        matches = _match_elements(live, declared)
        return [select_declared(match, item) for item, match in zip(live, matches, strict=True)]
    return live


def merge(live: Value, old: Value, new: Value) -> Value:
    """Apply the change from `old` to `new` to a live value (a three-way merge).

    A merged mapping has all keys of `new`. It also keeps the live keys that are in neither `old`
    nor `new`. There is one exception: if the key `type` has another value in `new` than in the live
    mapping, the undeclared live keys belong to the old type, and are not kept.

    Args:
        live: the value at the API.
        old: the value that the program declared before.
        new: the value that the program declares now.
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
    """Whether two mappings have the same `type`, ignoring case. True if a `type` is missing."""
    types = [str(each["type"]).upper() for each in (left, right) if "type" in each]
    return len(set(types)) <= 1


def _match_elements(items: Sequence[Value], others: Sequence[Value]) -> list[Value]:
    """For each item, return the element of `others` that corresponds to it, or `None`.

    List elements have no identifier. An item corresponds to an element if all their common keys
    have equivalent values. An item without such an element corresponds to the element at the same
    position, if that element is not taken yet. The reason is that an edited element usually keeps
    its position.
    """
    pairs = pair_indices(items, others, elements_match)
    free = {*range(len(others))} - {*pairs.values()}
    pairs = {at: at for at in range(len(items)) if at in free} | pairs
    return [others[pairs[at]] if at in pairs else None for at in range(len(items))]


def pair_indices(
    items: Sequence[Value], others: Sequence[Value], *conditions: Callable[[Value, Value], bool]
) -> dict[int, int]:
    """Pair elements of two lists. Return the index in `others` for each paired index of `items`.

    The first condition is applied to all elements, then the second condition to the elements that
    have no pair yet, and so on. Each element is in at most one pair. Elements for which no
    condition holds are in no pair.
    """
    free = [*range(len(others))]
    pairs: dict[int, int] = {}
    for condition in conditions:
        for at, item in enumerate(items):
            fits = (other for other in free if at not in pairs and condition(item, others[other]))
            if (found := next(fits, None)) is not None:
                pairs[at] = found
                free.remove(found)
    return pairs


def elements_match(left: Value, right: Value) -> bool:
    """Whether two list elements are equal. In mappings, at any depth, only common keys count."""
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        shared = left.keys() & right.keys()
        return bool(shared) and all(elements_match(left[key], right[key]) for key in shared)
    if is_list(left) and is_list(right):
        return len(left) == len(right) and all(map(elements_match, left, right))
    return equivalent(left, right)
