"""Compares docs/troubleshooting.md with the errors and warnings in the code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import pulumi_datadog_cases as cases

if TYPE_CHECKING:
    from tests.docs.conftest import ReadPage

PACKAGE = Path(str(cases.__file__)).parent
SOURCES = {
    str(file.relative_to(PACKAGE)): ast.parse(file.read_text(encoding="utf-8"))
    for file in sorted(PACKAGE.rglob("*.py"))
}
TREES = SOURCES.values()

#: Exceptions that users never see, because code catches them.
HIDDEN = {"InputNotYetKnown", "Malformed", "RateLimitWaitError"}
#: Exceptions of which users see only the message, because commands print it.
UNNAMED = {"CommandError", "_TooManyFailedError"}
#: Parts of messages that users never see: code catches them, or they report mistakes of this code.
INTERNAL_MESSAGES = (
    "has no attribute",
    "objects of this resource type are listed by parent",
    "expected a string, got",
    "is not JSON",
    "there is no resource type",
    "there is no function",
    "it has no deployment",
)
#: A message with fewer letters of its own only passes on a message from elsewhere.
FEWEST_LETTERS = 8
#: The base class, which is never raised itself.
BASE_CLASS = "DatadogCasesError"


def exceptions() -> set[str]:
    """Return the names of the package's exceptions that users can see."""
    found = set[str]()
    for tree in TREES:
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                bases = {getattr(base, "attr", getattr(base, "id", "")) for base in node.bases}
                if any(base in found or base.endswith(("Error", "Exception")) for base in bases):
                    found.add(node.name)
    return found - HIDDEN - UNNAMED - {BASE_CLASS}


def texts(node: ast.AST) -> list[str]:
    """Return all string literals in a node, and the constant parts of f-strings."""
    constants = (each.value for each in ast.walk(node) if isinstance(each, ast.Constant))
    return [text for text in constants if isinstance(text, str)]


def warnings() -> Iterator[list[str]]:
    """Yield the string literals of each call of `warn` with a literal message."""
    for tree in TREES:
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Name("warn"), args=[text]) if re.search(
                    r"\w", "".join(texts(text))
                ):
                    yield texts(text)
                case _:
                    pass


def called(node: ast.AST) -> str:
    """Return the name of what a node calls, without its object: `error` for `self.error(...)`."""
    match node:
        case ast.Call(func=ast.Name(name) | ast.Attribute(attr=name)):
            return name
        case _:
            return ""


def result_type(function: ast.FunctionDef) -> str:
    """Return the name of a function's result type, or "" if the type is not a name."""
    return function.returns.id if isinstance(function.returns, ast.Name) else ""


def errors() -> Iterator[tuple[str, list[str]]]:
    """Yield the file and the string literals of each error that users can see.

    Errors are raised, or returned by a function whose result is raised. Mistakes in properties are
    a `Diagnostic`, or are yielded by a function that returns `Violations`.
    """
    nodes = [(file, node) for file, tree in SOURCES.items() for node in ast.walk(tree)]
    raised = [
        (file, node.exc)
        for file, node in nodes
        if isinstance(node, ast.Raise) and node.exc and called(node.exc) not in HIDDEN
    ]
    factories = {called(error) for _, error in raised}
    returned = [
        (file, statement.value)
        for file, function in nodes
        if isinstance(function, ast.FunctionDef) and function.name in factories
        for statement in ast.walk(function)
        if isinstance(statement, ast.Return) and statement.value
    ]
    diagnostics = [(file, node) for file, node in nodes if called(node) == "Diagnostic"]
    violations = [
        (file, each.value)
        for file, function in nodes
        if isinstance(function, ast.FunctionDef) and result_type(function) == "Violations"
        for each in ast.walk(function)
        if isinstance(each, ast.Yield) and each.value
    ]
    for file, error in [*raised, *returned, *diagnostics, *violations]:
        text = " ".join(texts(error))
        is_hidden = any(part in text for part in INTERNAL_MESSAGES)
        if letters(text) >= FEWEST_LETTERS and not is_hidden:
            yield file, texts(error)


def letters(text: str) -> int:
    """Count the letters of a text."""
    return len(re.findall(r"[A-Za-z]", text))


def parts(quotation: str) -> list[str]:
    """Split a quoted message at ellipses and numbers, because these parts vary."""
    return [part.strip() for part in re.split(r"…|\d+", quotation) if re.search(r"\w", part)]


def quotations(page: str) -> list[str]:
    """Return the messages that the page quotes, except Pulumi's own messages."""
    ours = re.sub(r"^## Errors from Pulumi\n.*?(?=^## )", "", page, flags=re.MULTILINE | re.DOTALL)
    heads = re.findall(r"^### (.+)$|^\| (`.+?`) \| ", ours, re.MULTILINE)
    codes = (re.findall(r"``(.+?)``|`([^`]+)`", heading or cell) for heading, cell in heads)
    return [(double or single).strip() for found in codes for double, single in found]


@pytest.fixture
def page(read_page: "ReadPage") -> str:
    return read_page("docs/troubleshooting.md").text


def test_exceptions_have_entries(page: str) -> None:
    assert {*re.findall(r"^`(\w+)`\. ", page, re.MULTILINE)} == exceptions()
    anchors = {*re.findall(r"^### .+\{#(\w+)\}$", page, re.MULTILINE)}
    assert anchors == {name.lower() for name in exceptions()}


def test_quotations_match_the_code(page: str) -> None:
    raised = [text for tree in TREES for text in texts(tree)]
    quoted = quotations(page)
    assert len(quoted) > len(exceptions())
    unmatched = [
        part for each in quoted for part in parts(each) if not any(part in text for text in raised)
    ]
    assert unmatched == []


def test_warnings_have_entries(page: str) -> None:
    quoted = [parts(each) for each in quotations(page)]
    unexplained = [
        warning
        for warning in warnings()
        if not any(
            each and all(any(part in text for text in warning) for part in each) for each in quoted
        )
    ]
    assert unexplained == []


def test_errors_have_entries(page: str) -> None:
    quoted = [parts(each) for each in quotations(page)]
    usable = [each for each in quoted if letters("".join(each)) >= FEWEST_LETTERS]
    found = list(errors())
    assert len(found) > 100
    unexplained = [
        error
        for error in found
        if not any(all(any(part in text for text in error[1]) for part in each) for each in usable)
    ]
    assert unexplained == []
