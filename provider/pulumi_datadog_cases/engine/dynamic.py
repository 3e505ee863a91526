"""`DynamicProvider`: adapts Pulumi's dynamic-provider protocol to `Operations`."""

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

from pulumi_datadog_cases.engine.operations import Operations, check
from pulumi_datadog_cases.engine.plugin_host import one_line_errors, set_up, urn_of_call, warn
from pulumi_datadog_cases.engine.resource_type import ResourceType
from pulumi_datadog_cases.engine.timing import Timing
from pulumi_datadog_cases.engine.values import Value, from_wire

#: The property under which Pulumi's SDK stores the pickled provider.
_PROVIDER_KEY = "__provider"


class DynamicProvider(ResourceProvider):
    """The dynamic provider of one resource type.

    Each resource class has its own subclass, `<Class>.Provider`, and the state stores only that
    name (`engine.resource`). Instances have no attributes when they are pickled: the SDK patches
    pickle for each resource without restoring it, and instances with attributes end in a
    RecursionError at about 960 resources.
    """

    #: The pickled provider contains no secret, and one secret per resource slows large stacks down.
    serialize_as_secret_always = False

    resource_type: ClassVar[ResourceType]
    timing = Timing()
    _operations: Operations

    def configure(self, req: ConfigureRequest) -> None:
        """Connect with the config of the stack or provider; called once per process."""
        set_up()
        with one_line_errors():
            lifecycle = self.resource_type.connect(req.config.get)
            lifecycle.timing = self.timing
            self._operations = Operations.connect(self.resource_type, lifecycle)

    def check(self, olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """Validate and normalize the declared inputs."""
        with one_line_errors():
            checked = check(self.resource_type, _properties(olds), _properties(news))
        failures: list[CheckFailure] = []
        for each in checked.diagnostics:
            if each.warning:
                warn(f"{self.resource_type.name} {each.path}: {each.message}")
            else:
                failures.append(CheckFailure(each.path, each.message))
        return CheckResult(dict(checked.inputs), failures)

    def diff(self, id_: str, olds: dict[str, Any], news: dict[str, Any]) -> DiffResult:
        """Compare the declared inputs with the state.

        If anything changed, `changes` is None: the engine then compares the inputs itself, which is
        the only way it learns the names of changed properties. It needs them to show the diff and
        for `replace_on_changes`, and the SDK's answer has no place for them.
        """
        with one_line_errors():
            difference = self._operations.diff(
                urn_of_call(), id_, _properties(olds), _properties(news)
            )
        if difference.warning:
            warn(f"{self.resource_type.name} {id_}: {difference.warning}")
        return DiffResult(
            changes=None if difference.changed else False,
            replaces=[*difference.replaces],
            delete_before_replace=difference.delete_before_replace,
        )

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Create the object."""
        with one_line_errors():
            state = self._operations.create(urn_of_call(), _properties(props))
        return CreateResult(state.id, dict(state.outputs))

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Read the object for a refresh or for `get`."""
        with one_line_errors():
            state = self._operations.read(id_, _properties(props))
        if state is None:
            return ReadResult("", {})  # the SDK cannot send None
        return ReadResult(state.id, dict(state.outputs), dict(state.inputs))

    def update(self, id_: str, olds: dict[str, Any], news: dict[str, Any]) -> UpdateResult:
        """Update the object."""
        with one_line_errors():
            state = self._operations.update(id_, _properties(olds), _properties(news))
        return UpdateResult(dict(state.outputs))

    def delete(self, id_: str, props: dict[str, Any]) -> None:
        """Delete the object."""
        with one_line_errors():
            self._operations.delete(id_, _properties(props))


def _properties(properties: Mapping[str, Any]) -> dict[str, Value]:
    """A resource's properties as sent by Pulumi, without those that are Pulumi's own."""
    return {
        name: from_wire(value)
        for name, value in properties.items()
        if name != _PROVIDER_KEY and value is not None
    }
