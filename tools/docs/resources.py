"""Writes the reference page of a resource class from its properties and docstrings."""

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping

from pulumi_datadog_cases.api import Client
from pulumi_datadog_cases.api.scopes import required_scopes
from pulumi_datadog_cases.engine import Lifecycle
from pulumi_datadog_cases.engine.docstrings import attribute_docs
from pulumi_datadog_cases.engine.property import MISSING, Property
from pulumi_datadog_cases.resources._shared.base import CaseResource
from tools.docs.annotations import describe_type, label, mapping_tables
from tools.docs.examples import Usage

#: Labels that begin paragraphs of the docstring of a resource or component, as in `Destroy: ...`.
_LABELS = ("Import id", "Destroy", "Replacement", "Errors", "Endpoints", "Type token")
_LABELLED = re.compile(rf"({'|'.join(_LABELS)}): ")
#: A lower-case first letter, possibly in bold.
_LOWER_CASE_START = re.compile(r"^(\*\*)?[a-z]")


def resources_table(classes: Iterable[type[CaseResource]]) -> str:
    """Return a table of resource classes: summary, inputs, and the effect of `destroy`."""
    return "| resource | inputs | on destroy |\n|---|---|---|\n" + "".join(map(_row, classes))


def _row(cls: type[CaseResource]) -> str:
    # In the repository, the link opens the source. On the site, it opens the resource's page.
    link = f"[`{cls.__name__}`](../../{source_file(cls)})"
    first, _, _ = labelled_paragraphs(cls)["Destroy"].partition(". ")
    text = " ".join(summary(cls).split())
    return f"| {link}<br>{text} | {_input_names(cls)} | {first.removesuffix('.')} |\n"


def source_file(cls: type[CaseResource]) -> str:
    """Return the path of a class's source file in the repository."""
    return f"provider/{cls.__module__.replace('.', '/')}.py"


def _input_names(cls: type[CaseResource]) -> str:
    """Return the inputs of a class, in Markdown.

    Optional inputs are in brackets. An input is bold if its change replaces the object.
    """
    inputs = cls.Provider.resource_type.inputs.values()
    named = {p.name: f"**{p.name}**" if p.replace_on_changes else p.name for p in inputs}
    required = [named[p.name] for p in inputs if p.required]
    optional = [named[p.name] for p in inputs if not p.required]
    return ", ".join([*required, *([f"[{', '.join(optional)}]"] if optional else [])])


def resource_page(cls: type[CaseResource], usage: Usage, translations: Mapping[str, str]) -> str:
    """Return the reference page of a resource class, in Markdown.

    Args:
        cls: the class.
        usage: an example in Python.
        translations: the example as a program in other languages.
    """
    return "\n".join(_page(cls, usage, translations))


def _page(cls: type[CaseResource], usage: Usage, translations: Mapping[str, str]) -> Iterator[str]:
    labelled, (first, *rest) = labelled_paragraphs(cls), other_paragraphs(cls)
    yield f"# {cls.__name__}\n"
    yield f"{first}\n"
    yield usage.markdown("../../", translations)
    yield from (f"{paragraph}\n" for paragraph in rest)
    yield "| | |\n|---|---|"
    yield f"| **Destroy** | {labelled['Destroy']} |"
    if "Replacement" in labelled:
        yield f"| **Replacement** | {labelled['Replacement']} |"
    yield f"| **Scopes** | {scopes(cls)} |"
    yield f"| **Import id** | {labelled['Import id']} |"
    yield f"| **Errors** | {labelled['Errors']} See [Troubleshooting](../../troubleshooting.md). |"
    yield f"| **Endpoints** | {labelled['Endpoints']} |\n"
    yield from _inputs(cls)
    yield from _outputs(cls)
    yield from _mappings(cls)
    yield from _existing_objects(cls, labelled["Import id"])


def summary(cls: type[CaseResource]) -> str:
    """Return the first paragraph of a class's docstring."""
    return other_paragraphs(cls)[0]


def labelled_paragraphs(cls: type) -> Mapping[str, str]:
    """Return the labelled paragraphs of a class's docstring, by label."""
    texts = (" ".join(each.split()) for each in (inspect.getdoc(cls) or "").split("\n\n"))
    found = {match[1]: text[match.end() :] for text in texts if (match := _LABELLED.match(text))}
    return {
        label: _LOWER_CASE_START.sub(lambda start: start[0].upper(), text)
        for label, text in found.items()
    }


def other_paragraphs(cls: type) -> list[str]:
    """Return the paragraphs of a class's docstring that have no label."""
    return [p for p in (inspect.getdoc(cls) or "").split("\n\n") if not _LABELLED.match(p)]


def scopes(cls: type[CaseResource]) -> str:
    """Describe the scopes that the application key needs for a resource class."""
    paths = re.findall(r"/api/v2(/[\w/{}]+)", labelled_paragraphs(cls)["Endpoints"])
    reading, writing = ({required_scopes(verb, path) for path in paths} for verb in ("GET", "PUT"))
    return f"{_any_of(reading)} to preview and refresh, {_any_of(writing)} to deploy"


def _any_of(groups: set[tuple[str, ...]]) -> str:
    return ", ".join(" or ".join(f"`{each}`" for each in group) for group in sorted(groups))


def _inputs(cls: type[CaseResource]) -> Iterator[str]:
    docs = attribute_docs(cls)
    yield "## Inputs\n"
    yield "| input | type | |\n|---|---|---|"
    for name, p in cls.Provider.resource_type.inputs.items():
        description = f"{docs[name]} {_when_removed(p)}".rstrip()
        name_cell = label(name, required=p.required)
        yield f"| {name_cell} | {describe_type(p.annotation)} | {description} |"
    yield ""


def _when_removed(p: Property) -> str:
    """Say what happens in Datadog when the program no longer sets a property."""
    if p.required or p.replace_on_changes or p.adopts:
        return ""
    return f"*When removed: {'keeps its value' if p.clears_to is MISSING else 'is cleared'}.*"


def _outputs(cls: type[CaseResource]) -> Iterator[str]:
    docs = attribute_docs(cls)
    yield "## Outputs\n"
    yield "All inputs that the program sets, with their current values in Datadog, and:\n"
    yield "| output | type | |\n|---|---|---|"
    yield f"| `id` | string | {labelled_paragraphs(cls)['Import id']} |"
    for name, p in cls.properties.items():
        if p.computed:
            yield f"| `{name}` | {describe_type(p.annotation)} | {docs[name]} |"
    yield ""


def _mappings(cls: type[CaseResource]) -> Iterator[str]:
    """Yield a table of keys for each mapping type (TypedDict) in a class's properties."""
    tables = [*mapping_tables(p.annotation for p in cls.properties.values())]
    if tables:
        yield "## Mappings\n"
        yield from tables


def _existing_objects(cls: type[CaseResource], import_id: str) -> Iterator[str]:
    """Yield the section on reading, importing and adopting existing objects."""
    (id_, *_) = re.findall(r"`(.+?)`", import_id)
    yield "## Existing objects\n"
    yield "Read an object without managing it:\n"
    get = f'existing = cases.{cls.__name__}.get("existing", "{id_}")'
    yield f"```python\nimport pulumi_datadog_cases as cases\n\n{get}\n```\n"
    lists: object = cls.Lifecycle.list
    if lists is Lifecycle[Client].list:
        yield "`datadog-cases import` cannot import these objects: no endpoint lists them.\n"
    else:
        yield "Import objects with [`datadog-cases import`](../../import.md):\n"
        yield "```console\n$ datadog-cases import --all --out imported\n```\n"
    if any(p.adopts for p in cls.properties.values()):
        yield "Or declare the object with `adopt=True`: `pulumi up` then adopts it.\n"
