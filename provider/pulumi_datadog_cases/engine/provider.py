"""Pulumi's dynamic-provider protocol, spoken once for all kinds.

Pulumi calls `check` and `diff` in every preview and update, then `create`, `update`, `delete`
or `read`. `Kind` says what the values mean; here is what is done with them:

- **A create is all or nothing.** What one request cannot set an update sets right after, and
  if that fails the object is deleted again.
- **An update sends only what changed.**
- **Only certainty removes an object from the state**: what `Lifecycle.gone` stands for.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

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

from pulumi_datadog_cases.engine.kind import AnyLifecycle, Kind
from pulumi_datadog_cases.engine.lifecycle import Live
from pulumi_datadog_cases.engine.process import one_line_errors, set_up, warn
from pulumi_datadog_cases.engine.values import Value, Values, plain, same

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

    kind: ClassVar[Kind]
    _lifecycle: AnyLifecycle

    def configure(self, req: ConfigureRequest) -> None:
        """Connect, once per process, with the stack's or the explicit provider's config."""
        set_up()
        with one_line_errors():
            self._lifecycle = self.kind.connect(req.config.get)

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """Validate everything the program declares, and put it into canonical form."""
        with one_line_errors():
            checked, findings = self.kind.examine(_declared(news))
        for finding in findings:
            if finding.warning:
                warn(f"{self.kind.name} {finding.path}: {finding.message}")
        failures = [CheckFailure(f.path, f.message) for f in findings if not f.warning]
        return CheckResult(checked, failures)

    def diff(self, id_: str, olds: dict[str, Any], news: dict[str, Any]) -> DiffResult:
        """Compare what is declared with what was; decide between update and replacement.

        "Changed" is said by leaving it open (`None`): the engine then compares the inputs for
        itself, which is the only way in which it learns their names. It needs these to show the
        diff and for `replace_on_changes`, and the SDK has no place for them in an answer.
        """
        with one_line_errors():
            old, new = _declared(olds), _declared(news)
            changed = self.kind.changed(old, new)
            if changed and (caution := self.kind.caution(old, new)):
                warn(f"{self.kind.name} {id_}: {caution}")
        return DiffResult(
            changes=None if changed else False,
            replaces=[name for name in changed if self.kind.inputs[name].replaces],
            delete_before_replace=self.kind.delete_before_replace,
        )

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Create the object and set what creation could not."""
        new = _declared(props)
        with one_line_errors():
            first = self.kind.first(new)
            live = self._complete(self._lifecycle.create(first), first, new)
        return CreateResult(live.id, self.kind.outputs(new, live))

    def _complete(self, live: Live, first: Values, new: Values) -> Live:
        """Set what the create request does not take, or leave nothing behind."""
        change = self.kind.change(live.id, first, new)
        later = {
            name: value
            for name, value in change.values.items()
            if not same(live.values.get(name), value)
        }
        if not later:
            return live
        try:
            return self._lifecycle.update(replace(change, values=later, live=live))
        except Exception as error:
            made = f"{self.kind.name} {live.id}"
            try:
                self._lifecycle.delete(live.id, new)
            except Exception as second:  # noqa: BLE001 - whatever it is, both are told
                text = f"{made} is left half-made, remove it by hand: {error}; then {second}"
                raise CreateUndoneError(text) from error
            raise CreateUndoneError(f"{error} ({made}, half-made, was removed)") from error

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Look at the object: through what is declared, or whole where `get` reads it."""
        with one_line_errors():
            own_id, known = self.kind.locate(id_, _declared(props))
            try:
                live = self._lifecycle.read(own_id, known)
            except self._lifecycle.gone:
                live = None
        if live is None:
            return ReadResult("", {})
        declared = {name: known[name] for name in self.kind.inputs if name in known}
        if not (managed := self.kind.is_managed(known)):
            declared = {name: live.values.get(name) for name in self.kind.inputs} | declared
        outputs = self.kind.outputs(declared, live)
        if managed:
            outputs |= {name: known.get(name) for name in self.kind.volatile}
        return ReadResult(live.id, outputs, {name: outputs[name] for name in declared})

    def update(self, id_: str, olds: dict[str, Any], news: dict[str, Any]) -> UpdateResult:
        """Send what changed, if that is more than that something is not managed any more."""
        old, new = _declared(olds), _declared(news)
        with one_line_errors():
            change = self.kind.change(id_, old, new)
            live = self._lifecycle.update(change) if change.values else Live(id_, old)
        return UpdateResult(self.kind.outputs(new, live))

    def delete(self, id_: str, props: dict[str, Any]) -> None:
        """End the object; that it is gone already is as good."""
        with one_line_errors():
            try:
                self._lifecycle.delete(id_, _declared(props))
            except self._lifecycle.gone:
                return


def _declared(properties: Mapping[str, Any]) -> dict[str, Value]:
    """A resource's properties as they came over the wire, less what is Pulumi's."""
    return {
        name: plain(value)
        for name, value in properties.items()
        if name != _PROVIDER_KEY and value is not None
    }
