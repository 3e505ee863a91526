"""`Kind`: the properties of a resource class taken together.

What can be said about a resource by its declaration alone: whether its values are right, what
differs, what to send, what to show. The rules:

- **Never declared is unmanaged, at every depth.** Only what the program sets is sent, compared
  or shown.
- **Declared and then taken out is cleared**, where the API can, and left as it is otherwise.
- **Outputs repeat the declared inputs** as the API answered them, so a property that stands in
  the state was declared. That is how a comparison with the state, which holds no old inputs,
  tells what was taken out from what was never there.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from pulumi_datadog_cases.engine.lifecycle import Change, Lifecycle, LiveObject
from pulumi_datadog_cases.engine.property import Missing, Property
from pulumi_datadog_cases.engine.validation import (
    Diagnostic,
    KnownInputs,
    Violations,
    did_you_mean,
    run_validator,
    validate,
)
from pulumi_datadog_cases.engine.values import (
    UNKNOWN,
    Value,
    Values,
    equivalent,
    from_wire,
    is_default,
    is_empty,
    select_declared,
    without_defaults,
)

AnyLifecycle: TypeAlias = Lifecycle[Any]


@dataclass(frozen=True)
class ResourceType:
    """A kind of resource, free of Pulumi's protocol."""

    name: str
    #: By name, in the order of declaration.
    properties: Mapping[str, Property]
    #: Conditions on several properties.
    validate_inputs: Callable[[KnownInputs], Violations]
    #: What is not sure about an update from one declaration to another.
    preview_warning: Callable[[Values, Values], str | None]
    #: Makes the lifecycle, given a look-up of config.
    connect: Callable[[Callable[[str], str | None]], AnyLifecycle]
    #: Whether two of it cannot be there at a time.
    delete_before_replace: bool

    @cached_property
    def inputs(self) -> Mapping[str, Property]:
        """The properties that a program gives."""
        return {name: p for name, p in self.properties.items() if not p.computed}

    @cached_property
    def settable(self) -> frozenset[str]:
        """The inputs that an update may set."""
        return frozenset(
            n for n, p in self.inputs.items() if not (p.replace_on_changes or p.adopts)
        )

    @cached_property
    def unique(self) -> list[str]:
        """The inputs that tell an object from all others that are part of the same."""
        return [name for name, p in self.inputs.items() if p.unique]

    def adopts(self, new: Values) -> Value:
        """Which object, that is there, a create has to take over: see `Property.adopts`."""
        return next((new.get(name) for name, p in self.inputs.items() if p.adopts), None)

    @cached_property
    def parents(self) -> list[str]:
        """The properties that hold the ids of what an object is part of."""
        return [name for name, p in self.inputs.items() if p.parent]

    @property
    def import_id(self) -> str:
        """The form of the id by which an object is found without knowing anything else of it."""
        return "/".join(f"<{name}>" for name in [*self.parents, "id"])

    def parse_import_id(self, id_: str, known: Values) -> tuple[str, dict[str, Value]]:
        """An object's own id and all that is known of it, where its id may be an import id."""
        unknown = [name for name in self.parents if name not in known]
        *given, own = id_.split("/", len(unknown))
        if len(given) < len(unknown):
            raise ValueError(
                f"{self.name} {id_} cannot be found by that alone: give {', '.join(unknown)} too, "
                f"or {self.import_id} as its id"
            )
        return own, {**known, **dict(zip(unknown, given, strict=True))}

    @cached_property
    def volatile(self) -> list[str]:
        """The properties that move with every edit, so that a refresh leaves them alone."""
        return [name for name, p in self.properties.items() if p.volatile]

    def validate(self, declared: Values) -> tuple[dict[str, Value], list[Diagnostic]]:
        """Check what a program declares: its canonical form, and all there is to say about it."""
        checked: dict[str, Value] = {}
        findings: list[Diagnostic] = []
        for name, p in self.inputs.items():
            if name in declared:
                checked[name], found = validate(p.annotation, declared[name], name)
                findings += found
            elif p.required:
                findings.append(Diagnostic(name, "is missing"))
            elif p.default is not None and not isinstance(p.default, Missing):
                checked[name] = p.default
        for name in declared.keys() - self.inputs.keys():
            checked[name] = declared[name]
            findings.append(Diagnostic(name, self._why_not_an_input(name)))
        # What is wrong already is to the rules as if it were not known yet.
        refused = [each.path for each in findings if not each.warning]
        wrong = {re.split(r"[.\[]", path)[0]: UNKNOWN for path in refused}
        findings += run_validator(self.validate_inputs, {**checked, **wrong})
        return checked, findings

    def _why_not_an_input(self, name: str) -> str:
        if name in self.properties:
            return "is answered by the API and cannot be set; take it out"
        hint = did_you_mean(name, self.inputs) or f"; known are {', '.join(self.inputs)}"
        return f"is not a property of {self.name}{hint}"

    def changed(self, old: Values, new: Values) -> list[str]:
        """The inputs that differ, counting those that are declared no more."""
        return [
            name
            for name, p in self.inputs.items()
            if not (p.adopts or equivalent(old.get(name), new.get(name)))
        ]

    def change(self, id_: str, old: Values, new: Values) -> Change:
        """What it takes to get an object from one declaration to the next."""
        return Change(id_, old, new, dict(self._to_send(old, new)), self.settable)

    def _to_send(self, old: Values, new: Values) -> Iterator[tuple[str, Value]]:
        for name in self.changed(old, new):
            if name in new:
                yield name, new[name]
            elif not isinstance(clear := self.inputs[name].clears_to, Missing):
                yield name, clear

    def create_inputs(self, new: Values) -> dict[str, Value]:
        """The part of a new object's values that the create request takes."""
        later = (name for name, p in self.inputs.items() if p.after_create or p.adopts)
        return {name: new[name] for name in new.keys() - {*later}}

    def declaration(self, values: Values) -> dict[str, Value]:
        """The least that a program declares of an object which is there: what is not as usual."""
        declaration: dict[str, Value] = {}
        for name, p in self.inputs.items():
            usual = (
                p.default
                if p.server_default is None and not isinstance(p.default, Missing)
                else p.server_default
            )
            value = without_defaults(values.get(name), usual)
            if p.required or not (is_empty(value) or is_default(value, usual)):
                declaration[name] = value
        return self.validate({n: v for n, v in declaration.items() if v is not None})[0]

    def is_managed(self, known: Values) -> bool:
        """Whether values are those of an object that a program declares, not one it only reads."""
        return all(name in known for name, p in self.inputs.items() if p.required)

    def outputs(self, declared: Values, live: LiveObject) -> dict[str, Value]:
        """The declared inputs as they are live, and what the API computes."""
        outputs: dict[str, Value] = {}
        for name, p in self.properties.items():
            if p.computed:
                outputs[name] = live.values.get(name)
            elif name in declared:
                outputs[name] = _seen(p, declared[name], live.values)
        return outputs


def _seen(p: Property, declared: Value, live: Values) -> Value:
    """A live value through the declared one, in the declared spelling where it is the same."""
    if p.name not in live and (p.write_only or p.parent):
        return declared  # not answered: it cannot be seen, or it cannot have changed
    seen, _ = validate(p.annotation, select_declared(declared, from_wire(live.get(p.name))), p.name)
    return declared if equivalent(declared, seen) else seen
