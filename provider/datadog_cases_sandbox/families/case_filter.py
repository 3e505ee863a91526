"""The search bar's language, as far as it is known: a filter's text to a test of a case.

    filter      = conjunction ("OR" conjunction)*
    conjunction = negation ("AND"? negation)*
    negation    = ("-" | "NOT" | field ":") negation | "(" filter ")" | word | "quoted words"

Values compare without regard to case and may hold `*`. A free word is looked for in title,
description and key. What a field means for a case is the caller's business: see `Facets`.
"""

import re
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Final, TypeAlias

from datadog_cases_sandbox import errors

FREE_TEXT: Final = ""
"""The field that words without a field are looked for in."""

Facets: TypeAlias = Mapping[str, tuple[str, ...]]
"""A case as a filter sees it: the values of each field, all in lower case."""

Test: TypeAlias = Callable[[Facets], bool]

_TOKEN: Final = re.compile(
    r'\s*(?P<token>\(|\)|-(?=\S)|(?P<field>[\w.@/-]+):|"(?P<quoted>[^"]*)"|[^\s()"]+)'
)


def parse(text: str) -> Test:
    """Reads a filter.

    Raises:
        Refusal: It is not one: an unclosed parenthesis or quote, an operator without operand.
    """
    parser = _Parser(text)
    if not parser.tokens:
        return lambda _facets: True
    test = parser.alternatives(FREE_TEXT)
    if parser.tokens:
        raise parser.fault(f"unexpected {parser.tokens[0].group('token')}")
    return test


class _Parser:
    """A recursive descent, one method per line of the grammar."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[re.Match[str]] = []
        at, end = 0, len(text.rstrip())
        while at < end:
            token = _TOKEN.match(text, at)
            if token is None:
                raise self.fault("unclosed quote")
            self.tokens.append(token)
            at = token.end()

    def fault(self, what: str) -> errors.Refusal:
        return errors.bad_request(f"filter {self.text!r}: {what}")

    def alternatives(self, field: str) -> Test:
        tests = [self._conjunction(field)]
        while self._take("OR"):
            tests.append(self._conjunction(field))
        return lambda facets: any(test(facets) for test in tests)

    def _conjunction(self, field: str) -> Test:
        tests = [self._negation(field)]
        while self.tokens and self.tokens[0].group("token") not in {"OR", ")"}:
            self._take("AND")
            tests.append(self._negation(field))
        return lambda facets: all(test(facets) for test in tests)

    def _negation(self, field: str) -> Test:
        if self._take("-") or self._take("NOT"):
            test = self._negation(field)
            return lambda facets: not test(facets)
        if self._take("("):
            test = self.alternatives(field)
            if not self._take(")"):
                raise self.fault("unclosed parenthesis")
            return test
        if not self.tokens or self.tokens[0].group("token") in {"AND", "OR", ")"}:
            raise self.fault("a word is missing")
        token = self.tokens.pop(0)
        name: str | None = token.group("field")
        if name is not None:
            return self._negation(name.lower())
        quoted: str | None = token.group("quoted")
        return _term(field, token.group("token") if quoted is None else quoted)

    def _take(self, token: str) -> bool:
        if self.tokens and self.tokens[0].group("token") == token:
            del self.tokens[0]
            return True
        return False


def _term(field: str, value: str) -> Test:
    # `[` is no wildcard here, as it is to fnmatch.
    pattern = value.lower().replace("[", "[[]").replace("?", "[?]")
    if field == FREE_TEXT:
        pattern = f"*{pattern}*"
    return lambda facets: any(fnmatchcase(one, pattern) for one in facets.get(field, ()))
