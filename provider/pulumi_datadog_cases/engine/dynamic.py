"""Pulumi's dynamic-provider protocol, spoken once for all kinds.

Pulumi calls `check` and `diff` in every preview and update, then `create`, `update`, `delete`
or `read`. `Kind` says what the values mean; here is what is done with them:

- **An update sends only what changed.**
- **Only certainty removes an object from the state**: what `Lifecycle.not_found_error` stands for.

That nothing is doubled or lost on the way is the care of `Custody`.
"""

from collections.abc import Mapping
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

from pulumi_datadog_cases.engine.custody import Custody
from pulumi_datadog_cases.engine.journal import journal
from pulumi_datadog_cases.engine.lifecycle import LiveObject
from pulumi_datadog_cases.engine.plugin_host import one_line_errors, set_up, urn_of_call, warn
from pulumi_datadog_cases.engine.resource_type import ResourceType
from pulumi_datadog_cases.engine.values import Value, from_wire

#: Where Pulumi's SDK keeps the pickled provider among a resource's properties.
_PROVIDER_KEY = "__provider"


class DynamicProvider(ResourceProvider):
    """The dynamic provider of one kind of resource.

    Each resource class has a subclass of its own, named `<Class>.Provider`, which is all that
    the state remembers (`engine.resource`). Instances hold nothing when they are pickled: the
    SDK patches pickle anew for each resource, and an instance with attributes dies of
    RecursionError at about 960 of them.
    """

    #: Nothing in here is secret, and a secret per resource makes large stacks slow.
    serialize_as_secret_always = False

    resource_type: ClassVar[ResourceType]
    _custody: Custody

    def configure(self, req: ConfigureRequest) -> None:
        """Connect, once per process, with the stack's or the explicit provider's config."""
        set_up()
        with one_line_errors():
            lifecycle = self.resource_type.connect(req.config.get)
            self._custody = Custody(self.resource_type, lifecycle, journal(lifecycle.account))

    def check(self, olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """Validate everything the program declares, and put it into canonical form."""
        with one_line_errors():
            checked, findings = self.resource_type.validate(_declared(news))
            if findings and (old := _declared(olds)):
                # What an import has brought is as it is; the API knows better than these checks.
                _, known = self.resource_type.validate(old)
                findings = [finding for finding in findings if finding not in known]
        for finding in findings:
            if finding.warning:
                warn(f"{self.resource_type.name} {finding.path}: {finding.message}")
        failures = [CheckFailure(f.path, f.message) for f in findings if not f.warning]
        return CheckResult(checked, failures)

    def diff(self, id_: str, olds: dict[str, Any], news: dict[str, Any]) -> DiffResult:
        """Compare what is declared with what was; decide between update and replacement.

        "Changed" is said by leaving it open (`None`): the engine then compares the inputs for
        itself, which is the only way in which it learns their names. It needs these to show the
        diff and for `replace_on_changes`, and the SDK has no place for them in an answer.
        """
        with one_line_errors():
            self._custody.know(id_, urn_of_call())
            old, new = _declared(olds), _declared(news)
            changed = self.resource_type.changed(old, new)
            if changed and (caution := self.resource_type.preview_warning(old, new)):
                warn(f"{self.resource_type.name} {id_}: {caution}")
        return DiffResult(
            changes=None if changed else False,
            replaces=[
                name for name in changed if self.resource_type.inputs[name].replace_on_changes
            ],
            delete_before_replace=self.resource_type.delete_before_replace,
        )

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Create the object and set what creation could not."""
        new = _declared(props)
        with one_line_errors():
            live = self._custody.create(urn_of_call(), new)
        return CreateResult(live.id, self.resource_type.outputs(new, live))

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Look at the object: through what is declared, or whole where `get` reads it."""
        with one_line_errors():
            own_id, known = self.resource_type.parse_import_id(id_, _declared(props))
            self._custody.know(own_id)
            live = self._custody.refresh(own_id, known)
        if live is None:
            return ReadResult("", {})
        declared = {name: known[name] for name in self.resource_type.inputs if name in known}
        if not (managed := self.resource_type.is_managed(known)):
            declared = {
                name: live.values.get(name) for name in self.resource_type.inputs
            } | declared
        outputs = self.resource_type.outputs(declared, live)
        if managed:
            outputs |= {name: known.get(name) for name in self.resource_type.volatile}
        return ReadResult(live.id, outputs, {name: outputs[name] for name in declared})

    def update(self, id_: str, olds: dict[str, Any], news: dict[str, Any]) -> UpdateResult:
        """Send what changed, if that is more than that something is not managed any more."""
        old, new = _declared(olds), _declared(news)
        with one_line_errors():
            change = self.resource_type.change(id_, old, new)
            live = self._custody.update(change) if change.values else LiveObject(id_, old)
        return UpdateResult(self.resource_type.outputs(new, live))

    def delete(self, id_: str, props: dict[str, Any]) -> None:
        """End the object; that it is gone already is as good."""
        with one_line_errors():
            self._custody.know(id_)
            self._custody.delete(id_, _declared(props))


def _declared(properties: Mapping[str, Any]) -> dict[str, Value]:
    """A resource's properties as they came over the wire, less what is Pulumi's."""
    return {
        name: from_wire(value)
        for name, value in properties.items()
        if name != _PROVIDER_KEY and value is not None
    }
