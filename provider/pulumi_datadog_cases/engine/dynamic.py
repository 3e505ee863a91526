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

from pulumi_datadog_cases.engine.detailed_diff import detailed_diff
from pulumi_datadog_cases.engine.imports import ImportRefusedError
from pulumi_datadog_cases.engine.operations import Operations, check
from pulumi_datadog_cases.engine.plugin_host import (
    DetailedDiffResult,
    old_inputs_of_call,
    one_line_errors,
    save_incomplete,
    set_up,
    time_limit_of_call,
    urn_of_call,
    warn,
)
from pulumi_datadog_cases.engine.resource_type import ResourceType
from pulumi_datadog_cases.engine.safety.create_once import CreateIncompleteError
from pulumi_datadog_cases.engine.stored_forms import with_secret_forms
from pulumi_datadog_cases.engine.timing import Timing
from pulumi_datadog_cases.engine.validation import Diagnostic
from pulumi_datadog_cases.engine.values import Value, Values, from_wire

#: The property in which Pulumi's SDK stores the pickled provider of each resource.
PROVIDER_KEY = "__provider"

#: The hidden input that marks a read by `Resource.get`. Without the mark, `read` could not always
#: tell such a read from the read of a refresh.
GET_KEY = "__get"

#: The hidden input with the import id of a resource that has the option `import_`.
IMPORT_KEY = "__import"


class DynamicProvider(ResourceProvider):
    """The dynamic provider of one resource type.

    Each resource class has its own subclass, `<Class>.Provider` (`engine.resource`). Pulumi's SDK
    pickles an instance for each resource and stores the pickle in the state. The pickle contains
    only the name of the subclass.

    An instance must have no attributes when it is pickled. The SDK patches the module `pickle`
    again for each resource, and never removes the patches. If an instance had attributes, pickling
    would run through all patches, and end in a RecursionError at about 960 resources.
    """

    #: Store the pickled provider unencrypted. It contains no secret, and encrypting one more value
    #: per resource slows large stacks down.
    serialize_as_secret_always = False

    resource_type: ClassVar[ResourceType]
    timing = Timing()
    _operations: Operations
    #: The warnings that this process has already shown, each about an input.
    _warned: frozenset[str] = frozenset()

    def configure(self, req: ConfigureRequest) -> None:
        """Create the lifecycle from the config of the stack or of an explicit provider.

        Pulumi calls this method once per process.
        """
        set_up()
        with one_line_errors():
            lifecycle = self.resource_type.connect(req.config.get)
            lifecycle.timing = self.timing
            self._operations = Operations.connect(self.resource_type, lifecycle)

    def check(self, olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """Validate and normalize the declared inputs."""
        known, _ = _without_import_id(_properties(olds))
        declared, import_id = _without_import_id(_properties(news))
        with one_line_errors():
            checked = check(self.resource_type, known, declared)
            inputs = dict(checked.inputs)
            errors: list[str] = []
            for each in checked.diagnostics:
                if each.warning:
                    self._warn_once(each)
                else:
                    errors.append(str(each))
            if import_id and not (known or errors):
                errors += self._check_import(import_id, inputs)
                inputs[IMPORT_KEY] = import_id
        # The path of each failure is empty. Pulumi then prints only the message (tried). For a
        # nested path, Pulumi also prints the path and `value {<nil>}` (tried).
        return CheckResult(inputs, [CheckFailure("", error) for error in errors])

    def _check_import(self, import_id: str, inputs: Values) -> list[str]:
        """Return an error if the object cannot be imported, otherwise an empty list."""
        try:
            self._operations.imports.check(urn_of_call(), import_id, inputs)
        except ImportRefusedError as error:
            return [str(error)]
        return []

    def _warn_once(self, found: Diagnostic) -> None:
        """Show a warning about an input. If Pulumi checks a resource twice, show the warning once.

        Before a replacement, Pulumi checks the same inputs twice (tried): once for an update, and
        once for a create.
        """
        warning = f"{self._label() or self.resource_type.name}: {found}"
        if warning not in self._warned:
            self._warned |= {warning}
            warn(warning)

    def _label(self) -> str:
        """The type and name of the resource of the current call; "" if the name is unknown."""
        name = (urn_of_call() or "").rpartition("::")[2]
        return f"{self.resource_type.name} {name}" if name else ""

    def diff(self, id_: str, olds: dict[str, Any], news: dict[str, Any]) -> DiffResult:
        """Compare the declared inputs with the state.

        If anything changed, the result contains the paths that differ between the inputs in the
        state and the new inputs. If these inputs are equal, and only the outputs in the state
        differ from them, there are no paths. With `changes=None`, Pulumi's engine then compares the
        inputs.
        """
        with one_line_errors():
            difference = self._operations.diff(
                urn_of_call(), id_, _properties(olds), _properties(news)
            )
        if difference.warning:
            warn(f"{self._label() or f'{self.resource_type.name} {id_}'}: {difference.warning}")
        result = DetailedDiffResult(
            changes=None if difference.changed else False,
            replaces=[*difference.replaces],
            delete_before_replace=difference.delete_before_replace,
        )
        if difference.changed:
            before, after = (
                {name: values[name] for name in difference.changed if name in values}
                for values in (_properties(old_inputs_of_call()), _properties(news))
            )
            result.paths = detailed_diff(before, after)
        return result

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Create the object.

        If the new object can be neither completed nor removed, let Pulumi save it as incomplete.
        """
        declared, import_id = _without_import_id(_properties(props))
        with one_line_errors(), time_limit_of_call():
            state = self._operations.create(urn_of_call(), declared, import_id)
            if state.problem:
                outputs = {**state.outputs, PROVIDER_KEY: props[PROVIDER_KEY]}
                save_incomplete(state.id, outputs, state.problem)
                raise CreateIncompleteError(state.problem, state.id, state.outputs)
        return CreateResult(state.id, with_secret_forms(state.outputs))

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Read the object for a refresh or for `Resource.get`."""
        known = _properties(props)
        with one_line_errors():
            is_get = known.pop(GET_KEY, False)
            read = self._operations.get if is_get else self._operations.read
            state = read(id_, known)
        if state is None:
            # The SDK cannot send None. An empty id means that the object does not exist.
            return ReadResult("", {})
        return ReadResult(state.id, with_secret_forms(state.outputs), dict(state.inputs))

    def update(self, id_: str, olds: dict[str, Any], news: dict[str, Any]) -> UpdateResult:
        """Update the object."""
        with one_line_errors(), time_limit_of_call():
            state = self._operations.update(id_, _properties(olds), _properties(news))
        return UpdateResult(with_secret_forms(state.outputs))

    def delete(self, id_: str, props: dict[str, Any]) -> None:
        """Delete the object."""
        with one_line_errors(), time_limit_of_call():
            self._operations.delete(urn_of_call(), id_, _properties(props))


def _properties(properties: Mapping[str, Any]) -> dict[str, Value]:
    """Convert the properties that Pulumi sends; drop the pickled provider and values of None."""
    return {
        name: from_wire(value)
        for name, value in properties.items()
        if name != PROVIDER_KEY and value is not None
    }


def _without_import_id(properties: Values) -> tuple[Values, str | None]:
    """Return the properties without the hidden import id, and the import id (None if none)."""
    id_ = properties.get(IMPORT_KEY)
    declared = {name: value for name, value in properties.items() if name != IMPORT_KEY}
    return declared, id_ if isinstance(id_, str) else None
