"""An index of all cases, with which a search need not read every case.

The index is in memory. It is built by the first search. Each later search first updates the entries
of the cases that have changed since the search before it.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache, partial
from typing import Final
from weakref import WeakKeyDictionary

from datadog_cases_sandbox.endpoints import case_fields, case_filter
from datadog_cases_sandbox.endpoints.case_fields import Fact, Value, Values
from datadog_cases_sandbox.endpoints.cases import Case
from datadog_cases_sandbox.store import Store

BLOCK: Final = 16
"""The number of cases whose names are tested together."""


class _Names:
    """The names of a field in each case, for a field in which most cases have other names.

    Most tests pass for few cases. Therefore the names of several cases are first tested together.
    """

    def __init__(self) -> None:
        self._blocks = defaultdict[int, dict[int, str]](dict)
        self._joined = dict[int, str]()

    def put(self, number: int, names: str | None) -> None:
        """Sets the names in a case. None removes the case."""
        block = number // BLOCK
        self._joined.pop(block, None)
        if names is None:
            self._blocks[block].pop(number, None)
        else:
            self._blocks[block][number] = names

    def select(self, test: case_filter.Test, numbers: set[int]) -> set[int]:
        """The cases, among those with these numbers, in which a name passes a test."""
        if len(numbers) < len(self._blocks):
            blocks = self._blocks
            return {number for number in numbers if test(blocks[number // BLOCK][number])}
        selected = set[int]()
        for block, names_by_number in self._blocks.items():
            if block not in self._joined:
                self._joined[block] = case_filter.SEPARATOR.join(names_by_number.values())
            if test(self._joined[block]):
                selected.update(
                    [number for number, names in names_by_number.items() if test(names)]
                )
        return selected & numbers


class _Index:
    """The cases by the values of their fields.

    Attributes:
        numbers: The numbers of all cases. A case with a higher number is newer.
    """

    def __init__(self, cases: Iterable[tuple[int, Case]] = ()) -> None:
        self.numbers = set[int]()
        self._texts = defaultdict[str, _Names](_Names)
        self._facts = defaultdict[str, dict[Fact, set[int]]](dict)
        self._labels = defaultdict[str, dict[Value, set[int]]](dict)
        self._entries = dict[int, list[set[int]]]()
        for number, case in cases:
            self.update(number, case)

    def update(self, number: int, case: Case | None) -> None:
        """Sets the case with this number. None removes the case."""
        for members in self._entries.pop(number, ()):
            members.discard(number)
        if case is None:
            self.numbers.discard(number)
            for names in self._texts.values():
                names.put(number, None)
            return
        self.numbers.add(number)
        for field, value in case_fields.texts(case).items():
            self._texts[field].put(number, case_filter.joined(value))
        values = [(self._facts[field], fact) for field, fact in case_fields.facts(case).items()]
        for name, labels in case_fields.attributes(case).items():
            values.extend((self._labels[name], (label,)) for label in labels)
        self._entries[number] = [by_value.setdefault(value, set()) for by_value, value in values]
        for members in self._entries[number]:
            members.add(number)

    @property
    def text_fields(self) -> Collection[str]:
        """The fields in `texts`."""
        return self._texts.keys()

    def select(
        self, values: Values, field: str, test: case_filter.Test, numbers: set[int]
    ) -> set[int]:
        """The cases, among those with these numbers, in which a field has a name that passes."""
        selected = self._texts[field].select(test, numbers) if field in self._texts else set[int]()
        return selected.union(
            *(
                members & numbers
                for value, members in self.shared(values, field)
                if test(case_filter.joined(value))
            )
        )

    def facts(self, field: str) -> Iterator[tuple[Fact, set[int]]]:
        """The facts for a field, each with its cases."""
        # A fact without cases may refer to an object that no longer exists.
        return ((fact, members) for fact, members in self._facts.get(field, {}).items() if members)

    def shared(self, values: Values, field: str) -> Iterator[tuple[Value, set[int]]]:
        """The values of a field, each with its cases, except the values in `texts`."""
        for fact, members in self.facts(field):
            yield values.value(field, fact), members
        yield from self._labels.get(field, {}).items()


class Matches:
    """The cases that a filter selects.

    Attributes:
        numbers: The numbers of the cases. A case with a higher number is newer.
        values: The values of their fields.
    """

    def __init__(
        self, numbers: set[int], index: _Index, values: Values, read: Callable[[int], Case | None]
    ) -> None:
        self.numbers = numbers
        self.values = values
        self._index = index
        self._read = read

    def cases(self, numbers: Iterable[int]) -> list[Case]:
        """The cases with these numbers, in the same order."""
        return [*filter(None, map(self._read, numbers))]

    def oldest_first(self) -> list[Case]:
        """All selected cases, oldest first."""
        return self.cases(sorted(self.numbers))

    def facts(self, field: str) -> list[tuple[Fact, set[int]]]:
        """The facts for a field, each with its cases among the selected cases."""
        found = ((fact, members & self.numbers) for fact, members in self._index.facts(field))
        return [(fact, members) for fact, members in found if members]

    def by_value(self, field: str) -> dict[Value, set[int]]:
        """The selected cases by the values of a field."""
        by_value = defaultdict[Value, set[int]](set)
        for value, members in self._index.shared(self.values, field):
            by_value[value] |= members & self.numbers
        if field in self._index.text_fields:
            for number, case in zip(self.numbers, self.cases(self.numbers), strict=True):
                by_value[case_fields.texts(case)[field]].add(number)
        return {value: members for value, members in by_value.items() if members}


_INDEXES: Final = WeakKeyDictionary[Store, _Index]()


def matching(store: Store, text: str) -> Matches:
    """The cases that a filter selects.

    Archived cases are selected only if the filter contains `archived:` (assumed).
    """
    parsed = case_filter.parse(text)
    values = Values(store)
    index, read = _index(store)
    numbers = index.numbers
    if "archived:" not in text.lower():
        numbers = dict(index.facts("archived")).get(case_fields.NOT_ARCHIVED, set())
    numbers = parsed(partial(index.select, values), {*numbers})
    return Matches(numbers, index, values, read)


def matcher(store: Store, case: Case) -> Callable[[str], bool]:
    """Returns a function that says whether a filter selects this case.

    The case need not be in the store. If the case is archived, a filter can select it even without
    `archived:`, unlike in `matching`. The function raises an `ApiError` for an invalid filter.
    """

    @cache  # for most events, no rule and no maintenance window has a filter
    def select() -> case_filter.Select:
        return partial(_Index([(0, case)]).select, Values(store))

    return lambda text: bool(case_filter.parse(text)(select(), {0}))


def _index(store: Store) -> tuple[_Index, Callable[[int], Case | None]]:
    """The index of a store, and a function that returns the case with a number."""
    if store.shows_current_records:
        index = _INDEXES.setdefault(store, _Index())
        for number, case in store.changed(Case):
            index.update(number, case)
        return index, partial(store.at, Case)
    # The cases of this request may differ from those of all other requests.
    cases = dict(store.numbered(Case))
    return _Index(cases.items()), cases.__getitem__
