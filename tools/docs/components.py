"""Writes the reference of the components: arguments, outputs, and the keys of their mappings."""

import inspect
import re
from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_datadog_cases import components
from pulumi_datadog_cases.cli.inventory import RESOURCE_TYPES
from pulumi_datadog_cases.components.component import Component
from pulumi_datadog_cases.engine.docstrings import attribute_docs
from tools.docs.annotations import (
    capitalized,
    describe_type,
    documented_arguments,
    label,
    mapping_tables,
)
from tools.docs.examples import Usage
from tools.docs.resources import labelled_paragraphs, other_paragraphs


def component_classes() -> list[type[Component]]:
    """Return the components."""
    exported: list[Any] = [getattr(components, name) for name in components.__all__]
    return [each for each in exported if inspect.isclass(each) and issubclass(each, Component)]


def components_reference(usages: Mapping[str, Usage]) -> str:
    """Return the reference of all components, in Markdown."""
    classes = component_classes()
    lines = [line for cls in classes for line in _component(cls, usages[cls.__name__])]
    types = (type_ for cls in classes for type_ in cls.__init__.__annotations__.values())
    lines += ["## Mappings\n", *mapping_tables(types, docs_of=key_docs)]
    return "\n".join(lines)


def _component(cls: type[Component], usage: Usage) -> Iterator[str]:
    labelled, (first, *rest) = labelled_paragraphs(cls), other_paragraphs(cls)
    yield f"## {cls.__name__}\n"
    yield f"{first}\n"
    yield usage.markdown("../")
    # The indented paragraph is the docstring's example.
    yield from (f"{paragraph}\n" for paragraph in rest if not paragraph.startswith(" "))
    yield "| | |\n|---|---|"
    yield from (f"| **{name}** | {text} |" for name, text in labelled.items())
    yield "\n**Arguments**\n\n| argument | type | |\n|---|---|---|"
    parameters = inspect.signature(cls.__init__).parameters
    for name, description in documented_arguments(cls.__init__).items():
        parameter = parameters[name]
        cell = label(name, required=parameter.default is parameter.empty)
        yield f"| {cell} | {describe_type(parameter.annotation)} | {capitalized(description)} |"
    docs = attribute_docs(cls)
    yield "\n**Outputs**\n\n| output | type | |\n|---|---|---|"
    for name, type_ in cls.__annotations__.items():
        yield f"| `{name}` | {describe_type(type_)} | {docs[name]} |"
    yield ""


def key_docs(mapping: type) -> Mapping[str, str]:
    """Return the descriptions of a TypedDict's keys.

    If a key has no docstring, it has the description of the property with the same name. The
    docstring of the TypedDict names the resource class with this property.
    """
    named = re.findall(r"`(\w+)`", inspect.getdoc(mapping) or "")
    inherited = [attribute_docs(RESOURCE_TYPES[name]) for name in named if name in RESOURCE_TYPES]
    options = {"opts": "Pulumi's options of this resource."}
    return {**options, **(inherited[0] if inherited else {}), **attribute_docs(mapping)}
