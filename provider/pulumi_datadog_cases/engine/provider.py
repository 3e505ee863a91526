"""Pulumi's dynamic-provider protocol, spoken once for all kinds.

Pulumi calls `check` and `diff` in every preview and update, then `create`, `update`, `delete`
or `read`. The rules they follow:

- **Never declared is unmanaged, at every depth.** Only what the program sets is sent, compared
  or reset. What was declared and then taken out is cleared, where the API can.
- **Outputs repeat the declared inputs** as the API answered them, beside what it computed, so
  a property that stands in the state was declared. That is how `diff`, which gets no old
  inputs, tells what was taken out from what was never there.
- **A create is all or nothing.** What one request cannot set an update sets right after, and
  if that fails the object is deleted again.
- **Only certainty removes an object from the state**: what `Lifecycle.gone` stands for.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
)

from pulumi_datadog_cases.engine.lifecycle import Change, Lifecycle, Live
from pulumi_datadog_cases.engine.process import one_line_errors, set_up, warn
from pulumi_datadog_cases.engine.property import Missing, Property
from pulumi_datadog_cases.engine.schema import Finding, examine, obey, suggestion
from pulumi_datadog_cases.engine.values import UNKNOWN, Value, Values, plain, project, same

if TYPE_CHECKING:
    from pulumi_datadog_cases.engine.resource import Resource

#: Where Pulumi's SDK keeps the pickled provider among a resource's properties.
_PROVIDER_KEY = "__provider"


class CreateUndoneError(Exception):
    """An object could not be completed; the message says what became of the half-made one."""

    __module__ = "pulumi_datadog_cases"


class KindProvider(ResourceProvider):
    """The dynamic provider of one kind of resource.

    Each resource class has a subclass of its own, named `<Class>.Provider`, which is all that
    the state remembers (`engine.resource`). Instances hold nothing when they are pickled: the
    SDK patches pickle anew for each resource, and an instance with attributes dies of
    RecursionError at about 960 of them.
    """

    #: Nothing in here is secret, and a secret per resource makes large stacks slow.
    serialize_as_secret_always = False

    resource: ClassVar[type["Resource"]]
    _lifecycle: Lifecycle[Any]

    def configure(self, req: ConfigureRequest) -> None:
        """Connect, once per process, with the stack's or the explicit provider's config."""
        set_up()
        with one_line_errors():
            self._lifecycle = self.resource.connect(req.config.get)

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """Validate everything the program declares, and put it into canonical form."""
        with one_line_errors():
            checked, findings = self._examine(_declared(news))
        failures: list[CheckFailure] = []
        for finding in findings:
            if finding.warning:
                warn(f"{self.resource.__name__} {finding.path}: {finding.message}")
            else:
                failures.append(CheckFailure(finding.path, finding.message))
        return CheckResult(dict(checked), failures)

    def diff(self, _id: str, olds: dict[str, Any], news: dict[str, Any]) -> DiffResult:
        """Compare what is declared with what was; decide between update and replacement."""
        with one_line_errors():
            changed = self._changed(_declared(olds), _declared(news))
            replaces = [name for name in changed if self._inputs[name].replaces]
        return DiffResult(
            changes=bool(changed),
            replaces=replaces,
            delete_before_replace=self.resource.delete_before_replace,
        )

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Create the object and set what creation could not."""
        new = _declared(props)
        first = {name: new[name] for name in new if not self._inputs[name].after_create}
        with one_line_errors():
            live = self._complete(self._lifecycle.create(first), first, new)
        return CreateResult(live.id, self._outputs(new, live))

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Look at the object: through what is declared, or whole where nothing is."""
        known = _declared(props)
        with one_line_errors():
            try:
                live = self._lifecycle.read(id_, known)
            except self._lifecycle.gone:
                live = None
        if live is None:
            return ReadResult("", {})
        managed = all(name in known for name, p in self._inputs.items() if p.required)
        declared = {name: known[name] for name in self._inputs if name in known}
        if not managed:  # read by `get`
            declared = {name: live.values.get(name) for name in self._inputs} | declared
        outputs = self._outputs(declared, live)
        if managed:
            outputs |= {n: known[n] for n in known if self.resource.properties[n].volatile}
        inputs = {name: outputs[name] for name in declared if name in outputs}
        return ReadResult(live.id, outputs, inputs)

    def update(self, id_: str, olds: dict[str, Any], news: dict[str, Any]) -> UpdateResult:
        """Send what changed."""
        old, new = _declared(olds), _declared(news)
        with one_line_errors():
            values = dict(self._to_send(old, new))
            if values:
                live = self._lifecycle.update(self._change(id_, old, new, values))
            else:  # all that changed is that something is not managed any more
                live = Live(id_, old)
        return UpdateResult(self._outputs(new, live))

    def delete(self, id_: str, props: dict[str, Any]) -> None:
        """End the object; that it is gone already is as good."""
        with one_line_errors():
            try:
                self._lifecycle.delete(id_, _declared(props))
            except self._lifecycle.gone:
                return

    @property
    def _inputs(self) -> Mapping[str, Property]:
        return {name: p for name, p in self.resource.properties.items() if not p.computed}

    def _examine(self, declared: Values) -> tuple[dict[str, Value], list[Finding]]:
        """Everything there is to say about the declared values, and their canonical form."""
        checked: dict[str, Value] = {}
        findings: list[Finding] = []
        for name, p in self._inputs.items():
            if name in declared:
                checked[name], found = examine(p.annotation, declared[name], name)
                findings += found
            elif p.required:
                findings.append(Finding(name, "is missing"))
            elif p.default is not None and not isinstance(p.default, Missing):
                checked[name] = p.default
        for name in declared.keys() - self._inputs.keys():
            checked[name] = declared[name]
            findings.append(Finding(name, self._why_not_an_input(name)))
        # What is wrong already is to the rules as if it were not known yet.
        refused = [each.path for each in findings if not each.warning]
        wrong = {re.split(r"[.\[]", path)[0]: UNKNOWN for path in refused}
        findings += obey(self.resource.rules, {**checked, **wrong})
        return checked, findings

    def _why_not_an_input(self, name: str) -> str:
        if name in self.resource.properties:
            return "is answered by the API and cannot be set; take it out"
        hint = suggestion(name, self._inputs) or f"; known are {', '.join(self._inputs)}"
        return f"is not a property of {self.resource.__name__}{hint}"

    def _changed(self, old: Values, new: Values) -> list[str]:
        """The names of the inputs that differ, counting what is declared no more."""
        return [name for name in self._inputs if not same(old.get(name), new.get(name))]

    def _to_send(self, old: Values, new: Values) -> Iterator[tuple[str, Value]]:
        for name in self._changed(old, new):
            if name in new:
                yield name, new[name]
            elif not isinstance(clear := self._inputs[name].clears_to, Missing):
                yield name, clear

    def _change(self, id_: str, old: Values, new: Values, values: Values) -> Change:
        settable = frozenset(name for name, p in self._inputs.items() if not p.replaces)
        return Change(id_, old, new, values, settable)

    def _complete(self, live: Live, first: Values, new: Values) -> Live:
        """Set what the create request does not take, or leave nothing behind."""
        later = {
            name: value
            for name, value in new.items()
            if name not in first and not same(live.values.get(name), value)
        }
        if not later:
            return live
        try:
            change = self._change(live.id, first, new, later)
            return self._lifecycle.update(replace(change, live=live))
        except Exception as error:
            kind = f"{self.resource.__name__} {live.id}"
            try:
                self._lifecycle.delete(live.id, new)
            except Exception as second:  # noqa: BLE001 - whatever it is, both are told
                text = f"{kind} is left half-made, remove it by hand: {error}; then {second}"
                raise CreateUndoneError(text) from error
            raise CreateUndoneError(f"{error} ({kind}, half-made, was removed)") from error

    def _outputs(self, declared: Values, live: Live) -> dict[str, Value]:
        """The declared inputs as they are live, then what the API computed."""
        outputs: dict[str, Value] = {}
        for name, p in self.resource.properties.items():
            if p.computed:
                outputs[name] = live.values.get(name)
            elif name in declared:
                outputs[name] = self._seen(p, declared[name], live.values)
        return outputs

    def _seen(self, p: Property, declared: Value, live: Values) -> Value:
        """A live value through the declared one, in the declared spelling where it is the same."""
        if p.name not in live and (p.write_only or p.replaces):
            return declared  # not answered: it cannot be seen, or it cannot have changed
        seen, _ = examine(p.annotation, project(declared, plain(live.get(p.name))), p.name)
        return declared if same(declared, seen) else seen


def _declared(properties: Mapping[str, Any]) -> dict[str, Value]:
    """A resource's properties as they came over the wire, less what is Pulumi's."""
    return {
        name: plain(value)
        for name, value in properties.items()
        if name != _PROVIDER_KEY and value is not None
    }
