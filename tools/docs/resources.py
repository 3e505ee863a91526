"""The reference page of a resource, from its class."""

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pulumi_datadog_cases.api import Client
from pulumi_datadog_cases.api.answers import scope
from pulumi_datadog_cases.engine import Lifecycle
from pulumi_datadog_cases.engine.property import MISSING, Property
from pulumi_datadog_cases.resources._shared.base import CaseResource
from tools.docs.annotations import about, fields, in_words, mappings
from tools.docs.examples import Shown

#: What begins a paragraph of a class's docstring that answers one question.
_LABELS = ("Import id", "Destroy", "Replacement", "Errors", "Endpoints")
#: The first letter of a text, if it is a small one, be it bold or not.
_START = re.compile(r"^(\*\*)?[a-z]")
_LABELLED = re.compile(rf"({'|'.join(_LABELS)}): ")


def table(kinds: Iterable[type[CaseResource]]) -> str:
    """What each is, and what becomes of it."""
    rows = (
        f"| [{kind.__name__}](resources/{kind.__name__}.md) | {' '.join(summary(kind).split())} | "
        f"{answers(kind)['Destroy']} |\n"
        for kind in kinds
    )
    return "| resource | what it is | on destroy |\n|---|---|---|\n" + "".join(rows)


def page(kind: type[CaseResource], shown: Shown) -> str:
    """A resource's page, with how it is used."""
    return "\n".join(_page(kind, shown))


def _page(kind: type[CaseResource], shown: Shown) -> Iterator[str]:
    said, (first, *rest) = answers(kind), _paragraphs(kind)
    yield f"# {kind.__name__}\n"
    yield f"{first}\n"
    yield shown.markdown("../../")
    yield from (f"{paragraph}\n" for paragraph in rest)
    yield "| | |\n|---|---|"
    yield f"| **Destroy** | {said['Destroy']} |"
    if "Replacement" in said:
        yield f"| **Replacement** | {said['Replacement']} |"
    yield f"| **Scopes** | {scopes(kind)} |"
    yield f"| **Import id** | {said['Import id']} |"
    yield f"| **Errors** | {said['Errors']} [By their text](../../troubleshooting.md). |"
    yield f"| **Endpoints** | {said['Endpoints']} |\n"
    yield from _inputs(kind)
    yield from _outputs(kind)
    yield from _nested(kind)
    yield from _existing(kind, said["Import id"])


def summary(kind: type[CaseResource]) -> str:
    """What a resource is, in a sentence."""
    return _paragraphs(kind)[0]


def answers(kind: type[CaseResource]) -> Mapping[str, str]:
    """What the class's docstring answers, by label."""
    texts = (" ".join(each.split()) for each in (inspect.getdoc(kind) or "").split("\n\n"))
    found = {match[1]: text[match.end() :] for text in texts if (match := _LABELLED.match(text))}
    return {
        label: _START.sub(lambda start: start[0].upper(), text) for label, text in found.items()
    }


def _paragraphs(kind: type[CaseResource]) -> list[str]:
    """The paragraphs that answer no question of their own."""
    return [p for p in (inspect.getdoc(kind) or "").split("\n\n") if not _LABELLED.match(p)]


def scopes(kind: type[CaseResource]) -> str:
    """What the application key needs."""
    paths = re.findall(r"/api/v2(/[\w/{}]+)", answers(kind)["Endpoints"])
    reading, writing = (
        ", ".join(f"`{each}`" for each in sorted({scope(verb, path) for path in paths}))
        for verb in ("GET", "POST")
    )
    return f"{reading} to preview and refresh, {writing} to deploy"


def _inputs(kind: type[CaseResource]) -> Iterator[str]:
    """The table of what a program gives."""
    text = about(kind)
    yield "## Inputs\n"
    yield "| input | type | |\n|---|---|---|"
    for name, p in kind.Provider.resource_type.inputs.items():
        told = f"{text[name]} {_taken_out(p)}".rstrip()
        yield f"| {_named(name, required=p.required)} | {in_words(p.annotation)} | {told} |"
    yield ""


def _named(name: str, *, required: bool) -> str:
    return f"`{name}`<br>**required**" if required else f"`{name}`"


def _taken_out(p: Property) -> str:
    """What becomes of a property that was declared and is declared no more."""
    if p.required or p.replace_on_changes or p.adopts:
        return ""
    return f"*Taken out: {'stays as it is' if p.clears_to is MISSING else 'is cleared'}.*"


def _outputs(kind: type[CaseResource]) -> Iterator[str]:
    """The table of what the API answers."""
    text = about(kind)
    yield "## Outputs\n"
    yield "Every input, as the API has it, and:\n"
    yield "| output | type | |\n|---|---|---|"
    yield f"| `id` | text | {answers(kind)['Import id']} |"
    for name, p in kind.properties.items():
        if p.computed:
            yield f"| `{name}` | {in_words(p.annotation)} | {text[name]} |"
    yield ""


def _nested(kind: type[CaseResource]) -> Iterator[str]:
    """The tables of the mappings in its properties."""
    found: dict[str, Any] = {
        mapping.__name__: mapping
        for p in kind.properties.values()
        for mapping in mappings(p.annotation)
    }
    if found:
        yield "## Mappings\n"
    for name, mapping in found.items():
        text, required = about(mapping), mapping.__required_keys__
        yield f"### {name}\n"
        yield f"{inspect.getdoc(mapping)}\n"
        yield "| key | type | |\n|---|---|---|"
        for key, annotation in fields(mapping).items():
            named = _named(key, required=key in required)
            yield f"| {named} | {in_words(annotation)} | {text.get(key, '')} |"
        yield ""


def _existing(kind: type[CaseResource], import_id: str) -> Iterator[str]:
    """How one that is there comes into a program."""
    (id_, *_) = re.findall(r"`(.+?)`", import_id)
    yield "## One that is there already\n"
    yield "Read it, and leave it to whoever manages it:\n"
    yield f'```python\nthere = cases.{kind.__name__}.get("there", "{id_}")\n```\n'
    lists: object = kind.Lifecycle.list
    if lists is Lifecycle[Client].list:
        yield "`datadog-cases import` cannot find it: nothing at the API lists any.\n"
    else:
        yield "Take it over, by [`datadog-cases import`](../../import.md):\n"
        yield "```console\n$ datadog-cases import --all --out imported\n```\n"
    if any(p.adopts for p in kind.properties.values()):
        yield "Or declare it with `adopt=True`: `pulumi up` then takes it over.\n"
