"""Parses search queries for cases.

This module supports the part of the query language of Datadog's search bar that we know:

    filter      = conjunction ("OR" conjunction)*
    conjunction = negation ("AND"? negation)*
    negation    = ("-" | "NOT" | field ":") negation | "(" filter ")" | word | "quoted words"
                | "[" bound "TO" bound "]"

Comparisons do not distinguish between upper and lower case. `*` in a filter matches any text. A
word without a field is searched in title, description and key. A range includes its bounds, which
are times in RFC 3339 or `*`. A parsed filter selects cases by number: see `Filter`.
"""

import math
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable
from contextlib import suppress
from fnmatch import translate
from functools import lru_cache
from typing import Final, TypeAlias

from datadog_cases_sandbox import clock, errors

FREE_TEXT: Final = ""
"""The name of the field in which a word without `field:` is searched."""

SEPARATOR: Final = "\0"

Test: TypeAlias = Callable[[str], bool]
"""Whether at least one of several names passes a test; see `joined`."""

Select: TypeAlias = Callable[[str, Test, set[int]], set[int]]
"""Of some cases, given by number, returns those in which a field has a name that passes a test."""

Filter: TypeAlias = Callable[[Select, set[int]], set[int]]
"""A parsed filter. Of some cases, given by number, it returns those that it selects."""

_TOKEN: Final = re.compile(
    r"\s*(?P<token>\(|\)|-(?=\S)|\[(?P<low>\S+)\s+TO\s+(?P<high>\S+)\]|(?P<field>[\w.@/-]+):"
    r'|"(?P<quoted>[^"]*)"|[^\s()"]+)'
)


def parse(text: str) -> Filter:
    """Parses a filter.

    Raises:
        ApiError: The filter has an unclosed parenthesis or quote, lacks an operand, or has another
            mistake.
    """
    parser = _Parser(text)
    if not parser.tokens:
        return lambda _select, numbers: numbers
    parsed = parser.alternatives(FREE_TEXT)
    if parser.tokens:
        raise parser.error(f"unexpected {parser.tokens[0].group('token')}")
    return parsed


def joined(names: Iterable[str]) -> str:
    """The names as one text in lower case, which is the argument of a `Test`."""
    return SEPARATOR.join([_folded(name) for name in names])


def _folded(text: str) -> str:
    # No text has the character U+D800, because UTF-8 cannot encode it.
    return text.lower().replace(SEPARATOR, "\ud800")


class _Parser:
    """A recursive descent parser with one method per line of the grammar."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[re.Match[str]] = []
        at, end = 0, len(text.rstrip())
        while at < end:
            token = _TOKEN.match(text, at)
            if token is None:
                raise self.error("unclosed quote")
            self.tokens.append(token)
            at = token.end()

    def error(self, problem: str) -> errors.ApiError:
        return errors.bad_request(f"filter {self.text!r}: {problem}")

    def alternatives(self, field: str) -> Filter:
        filters = [self._conjunction(field)]
        while self._take("OR"):
            filters.append(self._conjunction(field))
        if len(filters) == 1:
            return filters[0]
        return lambda select, numbers: set[int]().union(
            *(each(select, numbers) for each in filters)
        )

    def _conjunction(self, field: str) -> Filter:
        filters = [self._negation(field)]
        while self.tokens and self.tokens[0].group("token") not in {"OR", ")"}:
            self._take("AND")
            filters.append(self._negation(field))

        def conjunction(select: Select, numbers: set[int]) -> set[int]:
            for each in filters:
                numbers = each(select, numbers)
            return numbers

        return conjunction

    def _negation(self, field: str) -> Filter:
        if self._take("-") or self._take("NOT"):
            operand = self._negation(field)
            return lambda select, numbers: numbers - operand(select, numbers)
        if self._take("("):
            group = self.alternatives(field)
            if not self._take(")"):
                raise self.error("unclosed parenthesis")
            return group
        if not self.tokens or self.tokens[0].group("token") in {"AND", "OR", ")"}:
            raise self.error("a word is missing")
        token = self.tokens.pop(0)
        name: str | None = token.group("field")
        if name is not None:
            return self._negation(name.lower())
        if token.group("low"):
            test = self._range(token.group("low"), token.group("high"))
        else:
            quoted: str | None = token.group("quoted")
            test = _term(field, token.group("token") if quoted is None else quoted)
        return lambda select, numbers: select(field, test, numbers)

    def _range(self, low: str, high: str) -> Test:
        try:
            first = -math.inf if low == "*" else clock.epoch(low)
            last = math.inf if high == "*" else clock.epoch(high)
        except ValueError:
            raise self.error(f"[{low} TO {high}] is not a range of times") from None

        def is_within(names: str) -> bool:
            times = _times(names)
            at = bisect_left(times, first)
            return at < len(times) and times[at] <= last

        return is_within

    def _take(self, token: str) -> bool:
        if self.tokens and self.tokens[0].group("token") == token:
            del self.tokens[0]
            return True
        return False


def _term(field: str, value: str) -> Test:
    pattern = _folded(value)
    parts = sorted(pattern.split("*"), key=len, reverse=True)
    if field == FREE_TEXT:
        pattern = f"*{pattern}*"
    if pattern == f"*{parts[0]}*":
        return lambda names: parts[0] in names
    # `translate` treats `[` and `?` as wildcards, but this language does not, so they are escaped.
    matches = re.compile(translate(pattern.replace("[", "[[]").replace("?", "[?]"))).match
    # Few names contain all parts of the pattern, and looking for the parts is much faster than
    # matching the pattern.
    return lambda names: (
        all(map(names.__contains__, parts)) and any(map(matches, names.split(SEPARATOR)))
    )


@lru_cache(maxsize=2**18)  # makes a range test of the same names several times faster
def _times(names: str) -> list[int]:
    """The sorted times among the names."""
    times = list[int]()
    for name in names.split(SEPARATOR):
        with suppress(ValueError):  # not a time
            times.append(clock.epoch(name.upper()))
    return sorted(times)
