"""Parses search queries for cases.

This module supports the part of the query language of Datadog's search bar that we know:

    filter      = conjunction ("OR" conjunction)*
    conjunction = negation ("AND"? negation)*
    negation    = ("-" | "NOT" | field ":") negation | "(" filter ")" | word | "quoted words"
                | "[" bound "TO" bound "]"

Comparisons do not distinguish between upper and lower case. `*` in a filter matches any text. A
word without a field is searched in title, description and key. A range includes its bounds, which
are times in RFC 3339 or `*`. The parsed filter is a function of the fields of a case: see
`CaseValues`.
"""

import re
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Final, TypeAlias

from datadog_cases_sandbox import clock, errors

FREE_TEXT: Final = ""
"""The key in `CaseValues` for the texts in which a word without `field:` is searched."""

CaseValues: TypeAlias = Mapping[str, tuple[str, ...]]
"""The values of a case by field, in lower case."""

Test: TypeAlias = Callable[[CaseValues], bool]

_TOKEN: Final = re.compile(
    r"\s*(?P<token>\(|\)|-(?=\S)|\[(?P<low>\S+)\s+TO\s+(?P<high>\S+)\]|(?P<field>[\w.@/-]+):"
    r'|"(?P<quoted>[^"]*)"|[^\s()"]+)'
)


def parse(text: str) -> Test:
    """Parses a filter into a test of a case.

    Raises:
        ApiError: The filter has an unclosed parenthesis or quote, lacks an operand, or has another
            mistake.
    """
    parser = _Parser(text)
    if not parser.tokens:
        return lambda _values: True
    test = parser.alternatives(FREE_TEXT)
    if parser.tokens:
        raise parser.error(f"unexpected {parser.tokens[0].group('token')}")
    return test


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

    def alternatives(self, field: str) -> Test:
        tests = [self._conjunction(field)]
        while self._take("OR"):
            tests.append(self._conjunction(field))
        return lambda values: any(test(values) for test in tests)

    def _conjunction(self, field: str) -> Test:
        tests = [self._negation(field)]
        while self.tokens and self.tokens[0].group("token") not in {"OR", ")"}:
            self._take("AND")
            tests.append(self._negation(field))
        return lambda values: all(test(values) for test in tests)

    def _negation(self, field: str) -> Test:
        if self._take("-") or self._take("NOT"):
            test = self._negation(field)
            return lambda values: not test(values)
        if self._take("("):
            test = self.alternatives(field)
            if not self._take(")"):
                raise self.error("unclosed parenthesis")
            return test
        if not self.tokens or self.tokens[0].group("token") in {"AND", "OR", ")"}:
            raise self.error("a word is missing")
        token = self.tokens.pop(0)
        name: str | None = token.group("field")
        if name is not None:
            return self._negation(name.lower())
        if token.group("low"):
            return self._range(field, token.group("low"), token.group("high"))
        quoted: str | None = token.group("quoted")
        return _term(field, token.group("token") if quoted is None else quoted)

    def _range(self, field: str, low: str, high: str) -> Test:
        try:
            first, last = (None if each == "*" else clock.epoch(each) for each in (low, high))
        except ValueError:
            raise self.error(f"[{low} TO {high}] is not a range of times") from None

        def is_within(value: str) -> bool:
            try:
                time = clock.epoch(value.upper())
            except ValueError:  # not a time
                return False
            return (first is None or first <= time) and (last is None or time <= last)

        return lambda values: any(map(is_within, values.get(field, ())))

    def _take(self, token: str) -> bool:
        if self.tokens and self.tokens[0].group("token") == token:
            del self.tokens[0]
            return True
        return False


def _term(field: str, value: str) -> Test:
    # fnmatch treats `[` and `?` as wildcards, but this language does not, so they are escaped.
    pattern = value.lower().replace("[", "[[]").replace("?", "[?]")
    if field == FREE_TEXT:
        pattern = f"*{pattern}*"
    return lambda values: any(fnmatchcase(each, pattern) for each in values.get(field, ()))
