"""What the package offers to other languages: resource classes and lookups by token, the schema."""

import inspect
import json
from collections.abc import Callable, Iterator
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import Any, Final, TypeAlias

import pulumi_datadog_cases.plugin
from pulumi_datadog_cases import resources
from pulumi_datadog_cases.api import Item
from pulumi_datadog_cases.engine.names import snake_case
from pulumi_datadog_cases.engine.resource import Resource
from pulumi_datadog_cases.lookups import functions

PACKAGE: Final = "datadog-cases"

#: The file with the schema, without the version of the package. `make generate` writes it.
SCHEMA_FILE: Final = "schema.json"

Schema: TypeAlias = dict[str, Any]

Lookup: TypeAlias = Callable[..., Item | list[Item]]


def resource_class(token: str) -> type[Resource] | None:
    """Return the resource class with a token such as `datadog-cases:index:Case`; None if missing.

    Only the module of this class is imported, because each import delays the start of a run.
    """
    package, _, name = token.rpartition(":index:")
    found = getattr(resources, name) if name in resources.__all__ and package == PACKAGE else None
    return found if isinstance(found, type) and issubclass(found, Resource) else None


def resource_classes() -> Iterator[tuple[str, type[Resource]]]:
    """Yield the token and the class of each resource."""
    for name in resources.__all__:
        token = f"{PACKAGE}:index:{name}"
        if found := resource_class(token):
            yield token, found


def lookup(token: str) -> Lookup | None:
    """Return the lookup with a token such as `datadog-cases:index:getProject`; None if missing.

    It sends its requests in every call. In Python programs, equal calls share one result. The
    plugin cannot share results, because it does not know which resources were deployed between two
    calls.
    """
    package, _, name = token.rpartition(":index:")
    found = getattr(functions, snake_case(name), None) if package == PACKAGE else None
    if not (inspect.isfunction(found) and hasattr(found, "__wrapped__")):
        return None
    unwrapped: Lookup = inspect.unwrap(found)
    return unwrapped


@cache
def package_schema() -> Schema:
    """Return the schema of the package."""
    text = files(pulumi_datadog_cases.plugin).joinpath(SCHEMA_FILE).read_text(encoding="utf-8")
    return {**json.loads(text), "version": version("pulumi-datadog-cases")}
