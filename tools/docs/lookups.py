"""The lookups, from their signatures and docstrings, with an example each."""

import inspect
import re
from collections.abc import Iterator, Mapping

from pulumi_datadog_cases import lookups
from pulumi_datadog_cases.api.answers import scope
from tools.docs.examples import Shown

_OUTPUT_FORM = "_output"


def names() -> list[str]:
    """Every lookup, without the output forms."""
    return [name for name in lookups.__all__ if f"{name}{_OUTPUT_FORM}" in lookups.__all__]


def all_lookups(shown: Mapping[str, Shown]) -> str:
    """What stands on the page of the lookups."""
    return "\n".join(part for name in names() for part in _lookup(name, shown[name]))


def _lookup(name: str, shown: Shown) -> Iterator[str]:
    verb, path = re.findall(r"(GET|POST) (/[\w/]+)", inspect.getdoc(getattr(lookups, name)) or "")[
        0
    ]
    yield f"::: pulumi_datadog_cases.lookups.{name}\n"
    yield f"**Scope:** `{scope(verb, path)}`. **For outputs:** `cases.{name}{_OUTPUT_FORM}`.\n"
    yield shown.markdown("../")
