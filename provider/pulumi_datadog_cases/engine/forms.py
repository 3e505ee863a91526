"""Pure functions for declared values that the API returns in another form.

An API may trim a text, change its case, sort a list, round a number, or return an id for a name. In
these cases, the live value differs from the declared value although nobody has edited it. A `Form`
keeps both forms of a value, so that later reads can recognize the API's form. The main functions:

- `compare` is used after a write. It decides which differences between the declaration and the
  response are only another form of the declared value.
- `in_declared_form` replaces the API's form in a live value by the declared form.

Two values are *alike* if they are plausibly two forms of one value, such as `Desk` and `desk`: see
`alike`.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from pulumi_datadog_cases.engine.values import (
    Value,
    Values,
    elements_match,
    equivalent,
    is_empty,
    is_list,
    pair_indices,
)

#: The hidden output that stores, by property, the declared and the returned form of a value.
#: Both forms may be secret.
FORMS_KEY = "__forms"


@dataclass(frozen=True)
class Form:
    """A declared value, and the same value in the form in which the API returns it."""

    declared: Value = None
    returned: Value = None


def stored_forms(state: Values) -> dict[str, Form]:
    """Return the forms that a state stores, by property."""
    stored = state.get(FORMS_KEY)
    pairs: Values = stored if isinstance(stored, Mapping) else {}
    return {
        name: Form(pair.get("declared"), pair.get("returned"))
        for name, pair in pairs.items()
        if isinstance(pair, Mapping)
    }


def returned_values(state: Values) -> dict[str, Value]:
    """Return the values of a state whose forms are stored, in the form of the API."""
    return {name: form.returned for name, form in stored_forms(state).items()}


@dataclass(frozen=True)
class Comparison:
    """The result of `compare`."""

    form: Form
    #: The paths of differences that count as forms. Forms that the state already stores are left
    #: out.
    new: Sequence[str]
    #: The paths of differences that do not count as forms.
    rejected: Sequence[str]


def compare(
    declared: Value, returned: Value, before: Value, known: Form, *, only_alike: bool = False
) -> Comparison:
    """Decide which differences between a declared value and a response are forms.

    A returned string counts as a form of a different declared string in these cases:

    1. The two strings are the pair in `known`, which was stored after an earlier write.
    2. The two strings are `alike`.
    3. The declared string is a free text or a name, and the returned string is new: it is neither
       empty nor the string from before the write. An empty or old string means that the API has
       ignored the write, or does not show the write yet. Ids, times, and words such as `P1` are not
       free texts. They have an exact meaning, so a different string means something else.

    Cases 1 and 2 apply to numbers and other values too. Case 3 applies only to strings. A returned
    list must have as many elements as the declared list. A returned mapping must have the declared
    keys, or keys that are alike.

    Args:
        declared: the declared value of a property.
        returned: the value in the response. It may have undeclared keys.
        before: the value in the state before the write.
        known: the form in the state before the write.
        only_alike: whether to skip case 3.
    """
    comparison = _Comparison(only_alike=only_alike)
    stored = comparison.returned_form(declared, returned, before, known, "")
    return Comparison(Form(declared, stored), comparison.new, comparison.rejected)


@dataclass(frozen=True)
class _Comparison:
    only_alike: bool
    new: list[str] = field(default_factory=list[str])
    rejected: list[str] = field(default_factory=list[str])

    def returned_form(
        self, declared: Value, returned: Value, before: Value, known: Form, path: str
    ) -> Value:
        """Return the declared parts of `returned`; collect the paths of differences.

        A part is rejected if it neither equals its declared value nor is a form of it. The result
        then contains the declared value instead of the rejected part.
        """
        if equivalent(declared, returned):
            return returned
        if equivalent(declared, known.declared) and equivalent(
            in_declared_form(returned, known), declared
        ):
            return known.returned
        if isinstance(declared, Mapping) and isinstance(returned, Mapping):
            return self._mapping(declared, returned, before, known, path)
        if is_list(declared) and is_list(returned):
            pairs = _pair_elements(declared, returned)
            if pairs is not None:
                return self._list(declared, returned, pairs, before, known, path)
        elif _alike_scalars(declared, returned) or (
            not self.only_alike and _is_other_text(declared, returned, before, known.returned)
        ):
            self.new.append(path)
            return returned
        self.rejected.append(path)
        return declared

    def _mapping(
        self, declared: Values, returned: Values, before: Value, known: Form, path: str
    ) -> Value:
        names = _pair_keys(declared, returned)
        earlier, forms = _mapping(before), _FormMembers(known)
        result: dict[str, Value] = {}
        for key, item in declared.items():
            inner = f"{path}.{key}"
            name = names.get(key)
            if name is None and not is_empty(item):
                self.rejected.append(inner)
            if name is None:
                result[key] = item
                continue
            if name != key and forms.name_of(key) != name:
                self.new.append(inner)
            result[name] = self.returned_form(
                item, returned[name], earlier.get(key), forms.of(key), inner
            )
        return result

    def _list(  # noqa: PLR0913, PLR0917 - the arguments of returned_form, and the pairs
        self,
        declared: Sequence[Value],
        returned: Sequence[Value],
        pairs: Mapping[int, int],
        before: Value,
        known: Form,
        path: str,
    ) -> Value:
        if [*pairs.values()] != sorted(pairs.values()):
            self.new.append(path)  # the API returns the list in another order
        # The API may have moved elements, so the earlier element is found by its value.
        earlier = [*_elements(before), *_elements(known.returned)]
        result = [*returned]
        for at, other in pairs.items():
            live = returned[other]
            same = next((each for each in earlier if equivalent(each, live)), None)
            result[other] = self.returned_form(
                declared[at], live, same, _form_of_element(known, declared[at]), f"{path}[{at}]"
            )
        return result


def in_declared_form(live: Value, form: Form) -> Value:
    """Replace the API's form by the declared form in a live value, at any depth.

    A live value that equals neither form stays as it is. Undeclared keys stay, too.
    """
    declared, returned = form.declared, form.returned
    if isinstance(live, Mapping) and isinstance(declared, Mapping):
        return _mapping_in_declared_form(live, declared, _FormMembers(form))
    if equivalent(live, declared) or equivalent(live, returned):
        return declared
    if is_list(live) and is_list(declared) and is_list(returned):
        return _list_in_declared_form(live, declared, returned)
    return live


def values_in_declared_form(values: Values, forms: Mapping[str, Form]) -> Values:
    """Replace the API's forms in live values by the declared forms.

    Args:
        values: the values by property.
        forms: the forms by property.
    """
    declared = {
        name: in_declared_form(values.get(name), form)
        for name, form in forms.items()
        if name in values or is_empty(form.returned)
    }
    return {**values, **declared}


def _mapping_in_declared_form(live: Values, declared: Values, forms: "_FormMembers") -> Value:
    keys = {name: key for key in declared if (name := forms.name_of(key)) not in declared}
    renamed = {keys.get(name, name): item for name, item in live.items()}
    # The API may omit a declared member. The live value of the member is then `None`. If the API
    # also omitted the member in the response to the write, the member's form has the returned value
    # `None`, and `in_declared_form` replaces `None` by the declared value.
    omitted = {key: None for key in declared if key not in renamed and not is_empty(declared[key])}
    result = {
        key: in_declared_form(item, forms.of(key)) if key in declared else item
        for key, item in {**renamed, **omitted}.items()
    }
    return {key: item for key, item in result.items() if key in renamed or item is not None}


def _list_in_declared_form(
    live: Sequence[Value], declared: Sequence[Value], returned: Sequence[Value]
) -> Value:
    pairs = _pair_elements(declared, returned) or {}
    declared_index = {other: at for at, other in pairs.items()}
    found = _pair(live, returned, elements_match)
    placed: list[tuple[int, Value]] = []
    for at, item in enumerate(live):
        index = declared_index.get(found.get(at, -1))
        if index is None:
            placed.append((len(declared), item))
        else:
            element = Form(declared[index], returned[found[at]])
            placed.append((index, in_declared_form(item, element)))
    if [*pairs.values()] != sorted(pairs.values()):
        # The API changed the order, so restore the declared order.
        placed.sort(key=lambda pair: pair[0])
    return [item for _, item in placed]


# --- members of forms ------------------------------------------------------------------------


@dataclass(frozen=True)
class _FormMembers:
    """The members of a form, if its two values are mappings."""

    form: Form

    @property
    def _names(self) -> Mapping[str, str]:
        return _pair_keys(_mapping(self.form.declared), _mapping(self.form.returned))

    def name_of(self, key: str) -> str:
        """The name that the API returns for a declared key."""
        return self._names.get(key, key)

    def of(self, key: str) -> Form:
        """The form of a member, by its declared key."""
        declared, returned = _mapping(self.form.declared), _mapping(self.form.returned)
        return Form(declared.get(key), returned.get(self.name_of(key)))


def _form_of_element(form: Form, declared: Value) -> Form:
    """The form of a declared list element."""
    elements, returned = _elements(form.declared), _elements(form.returned)
    for at, other in (_pair_elements(elements, returned) or {}).items():
        if equivalent(elements[at], declared):
            return Form(declared, returned[other])
    return Form()


def _pair_keys(declared: Values, returned: Values) -> dict[str, str]:
    """Map declared keys to returned keys: to the same key, or else to a key that is alike.

    A key counts as alike only if its value is alike too. If the response has neither the same key
    nor exactly one key that is alike, the result does not contain the declared key.
    """
    names: dict[str, str] = {key: key for key in declared if key in returned}
    for key in declared.keys() - names.keys():
        others = [
            name
            for name in returned.keys() - declared.keys()
            if alike(declared[key], returned[name])
        ]
        if (name := find_alike(key, others)) is not None:
            names[key] = name
    return names


def _pair_elements(
    declared: Sequence[Value], returned: Sequence[Value]
) -> Mapping[int, int] | None:
    """Map the indices of declared elements to indices of returned elements.

    Returns None if the lists have different lengths.
    """
    if len(declared) != len(returned):
        return None
    return _pair(declared, returned, elements_match, alike)


def _pair(
    items: Sequence[Value],
    others: Sequence[Value],
    *conditions: Callable[[Value, Value], bool],
) -> dict[int, int]:
    """Map the indices of `items` to indices of `others`.

    First, `pair_indices` pairs the elements for which one of the conditions holds. Then the first
    remaining item is paired with the first remaining element of `others`, and so on.
    """
    pairs = pair_indices(items, others, *conditions)
    left = sorted({*range(len(items))} - pairs.keys())
    free = sorted({*range(len(others))} - {*pairs.values()})
    pairs |= zip(left, free, strict=False)
    return dict(sorted(pairs.items()))


def _mapping(value: Value) -> Values:
    return value if isinstance(value, Mapping) else {}


def _elements(value: Value) -> Sequence[Value]:
    return value if is_list(value) else ()


# --- values that are alike -------------------------------------------------------------------

#: The API may cut off a long text and return its beginning. A returned text with fewer characters
#: than this does not count as cut off.
_SHORTEST_TRUNCATED = 10

#: Strings with an exact meaning: words such as `P1` and `CASE_CREATED`, and ids.
_EXACT = re.compile(r"[A-Z][A-Z0-9_]*|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def alike(declared: Value, returned: Value) -> bool:
    """Whether a returned value is the declared value, or plausibly another form of it.

    - Strings are alike if they differ only in upper and lower case, spaces and punctuation. They
      are also alike if the returned string is the beginning of the declared string.
    - Dates and times are alike if they are at most a second apart.
    - Numbers are alike if the returned number is the declared number, rounded or cut off.
    - Mappings and lists are alike if their members are alike. The order of a list does not matter.
    """
    if equivalent(declared, returned):
        return True
    if isinstance(declared, Mapping) and isinstance(returned, Mapping):
        names = _pair_keys(declared, returned)
        return all(
            alike(item, returned[names[key]]) if key in names else is_empty(item)
            for key, item in declared.items()
        )
    if is_list(declared) and is_list(returned):
        pairs = _pair_elements(declared, returned)
        return pairs is not None and all(
            alike(declared[at], returned[other]) for at, other in pairs.items()
        )
    return _alike_scalars(declared, returned)


def find_alike(name: str, names: Iterable[str]) -> str | None:
    """Return `name` if it is in `names`, or else the only one of `names` that is alike.

    Returns None if no name or several names are alike.
    """
    others = [*names]
    if name in others:
        return name
    found = [other for other in others if alike(name, other)]
    return found[0] if len(found) == 1 else None


def _alike_scalars(declared: Value, returned: Value) -> bool:
    if isinstance(declared, str) and isinstance(returned, str):
        return _alike_texts(declared, returned)
    if isinstance(declared, float) and isinstance(returned, int | float):
        return any(
            math.isclose(returned, rounded)
            for digits in range(10)
            for rounded in (round(declared, digits), math.trunc(declared * 10**digits) / 10**digits)
        )
    return False


def _alike_texts(declared: str, returned: str) -> bool:
    left, right = _moment(declared), _moment(returned)
    if left is not None and right is not None:
        return abs(left - right) <= timedelta(seconds=1)
    if _letters(declared) == _letters(returned) and _letters(declared):
        return True
    return (
        _EXACT.fullmatch(declared) is None
        and len(returned.strip()) >= _SHORTEST_TRUNCATED
        and _letters(declared).startswith(_letters(returned))
    )


def _letters(text: str) -> str:
    """Return the letters and digits of a text, all in lower case."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def _moment(text: str) -> datetime | None:
    """Parse a date or a time; return None for other texts. A time without an offset is in UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def is_free_text(value: Value) -> bool:
    """Whether a value is a string that is neither a word such as `P1`, nor an id, nor a time."""
    return isinstance(value, str) and _EXACT.fullmatch(value) is None and _moment(value) is None


def _is_other_text(declared: Value, returned: Value, *earlier: Value) -> bool:
    """Whether a returned string counts as a form of a declared text: case 3 in `compare`."""
    return (
        is_free_text(declared)
        and isinstance(returned, str)
        and not is_empty(returned)
        and returned not in earlier
    )


def contains_text(value: Value) -> bool:
    """Whether a value is a free text, or contains one at any depth."""
    if isinstance(value, Mapping):
        return any(map(contains_text, value.values()))
    return any(map(contains_text, value)) if is_list(value) else is_free_text(value)
