"""Writes the table and the reference of the lookups: signature, docstring, scope, example."""

import inspect
import re
from collections.abc import Iterator, Mapping

from pulumi_datadog_cases import lookups
from pulumi_datadog_cases.api.scopes import required_scopes
from tools.docs.examples import Usage

_OUTPUT_SUFFIX = "_output"


def lookup_names() -> list[str]:
    """Return the names of all lookups, without the variants that return a Pulumi output."""
    return [name for name in lookups.__all__ if f"{name}{_OUTPUT_SUFFIX}" in lookups.__all__]


def lookups_table() -> str:
    """Return a table of the lookups, with the first line of each docstring."""
    rows = (f"| `{name}` | {_docstring(name).partition(chr(10))[0]} |\n" for name in lookup_names())
    return "| lookup | |\n|---|---|\n" + "".join(rows)


def lookups_reference(usages: Mapping[str, Usage]) -> str:
    """Return the reference of all lookups, in Markdown."""
    return "\n".join(part for name in lookup_names() for part in _lookup(name, usages[name]))


def _lookup(name: str, usage: Usage) -> Iterator[str]:
    verb, path = re.findall(r"(GET|POST) (/[\w/]+)", _docstring(name))[0]
    yield f"::: pulumi_datadog_cases.lookups.{name}\n"
    scope = " or ".join(required_scopes(verb, path))
    yield f"**Scope:** `{scope}`. **Output form:** `cases.{name}{_OUTPUT_SUFFIX}`.\n"
    yield usage.markdown("../")


def _docstring(name: str) -> str:
    return inspect.getdoc(getattr(lookups, name)) or ""
