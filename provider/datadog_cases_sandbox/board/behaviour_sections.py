"""The sections of the page on which people switch faults and quirks on and off."""

from collections.abc import Iterator
from typing import Final, NamedTuple, get_args

from datadog_cases_sandbox.behaviours import Behaviour
from datadog_cases_sandbox.board.forms import FormField, model_fields
from datadog_cases_sandbox.faults.injector import FaultInjector
from datadog_cases_sandbox.faults.types import AnyFault
from datadog_cases_sandbox.handler import JsonObject
from datadog_cases_sandbox.quirks.active import ActiveQuirks
from datadog_cases_sandbox.quirks.types import EXPLANATIONS, AnyQuirk

ALL_REQUESTS: Final = "*"


class Kind(NamedTuple):
    """A kind of fault or quirk.

    Attributes:
        name: The value of `kind` in requests.
        explanation: What a fault or quirk of this kind does.
        evidence: How we know that the API may do this; empty for a fault.
        fields: The other members.
    """

    name: str
    explanation: str
    evidence: str
    fields: list[FormField]


class Section(NamedTuple):
    """A section of the page.

    Attributes:
        noun: `fault` or `quirk`.
        active: The active faults or quirks, as in the responses of `/sandbox/faults`.
        kinds: The kinds.
    """

    noun: str
    active: list[JsonObject]
    kinds: list[Kind]


def fault_section(faults: FaultInjector) -> Section:
    """The section of the faults. The first line of the docstring of a kind explains it."""
    kinds = [
        Kind(name, (model.__doc__ or "").partition("\n")[0], "", fields)
        for name, model, fields in _kinds(AnyFault)
    ]
    return Section("fault", faults.as_json(), kinds)


def quirk_section(quirks: ActiveQuirks) -> Section:
    """The section of the quirks."""
    kinds = [
        Kind(name, EXPLANATIONS[name].sentence, EXPLANATIONS[name].evidence, fields)
        for name, _model, fields in _kinds(AnyQuirk)
    ]
    return Section("quirk", quirks.as_json(), kinds)


def _kinds(annotated_union: object) -> Iterator[tuple[str, type[Behaviour[str]], list[FormField]]]:
    models: tuple[type[Behaviour[str]], ...] = get_args(get_args(annotated_union)[0])
    for model in models:
        (name,) = get_args(model.model_fields["kind"].annotation)
        yield name, model, model_fields(model, "", {"endpoint": ALL_REQUESTS})
