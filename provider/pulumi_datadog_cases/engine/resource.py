"""`Resource`: the base class of every resource class."""

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from dataclasses import InitVar
from functools import partial
from typing import ClassVar, Self

import pulumi
import pulumi.dynamic
from typing_extensions import dataclass_transform

from pulumi_datadog_cases._text import escape_controls
from pulumi_datadog_cases.engine.dynamic import GET_KEY, IMPORT_KEY, DynamicProvider
from pulumi_datadog_cases.engine.inputs import ProgramInputs, convert, remember_json
from pulumi_datadog_cases.engine.program import Call, checkpoint
from pulumi_datadog_cases.engine.property import (
    Property,
    arg,
    computed,
    declare_properties,
    positional,
)
from pulumi_datadog_cases.engine.resource_type import AnyLifecycle, ResourceType
from pulumi_datadog_cases.engine.safety.intent_log import mark_saved
from pulumi_datadog_cases.engine.signature import signature
from pulumi_datadog_cases.engine.stack_state import state_is_saved_last
from pulumi_datadog_cases.engine.validation import (
    Diagnostic,
    KnownInputs,
    Violations,
    name_problem,
)
from pulumi_datadog_cases.engine.values import Values

#: The name of a hidden input. Its value is a `Checkpoint`, which waits for the end of the program's
#: body, and then raises an error if the program has mistakes. Pulumi's SDK awaits the checkpoint,
#: like every input, before it registers the resource. The result is `None`, so the SDK does not
#: send the input.
_CHECKPOINT_KEY = "__checkpoint"


@dataclass_transform(kw_only_default=True, field_specifiers=(arg, computed, positional))
class _Declared(pulumi.dynamic.Resource):
    """Tells type checkers that annotations define the constructor (PEP 681).

    Type checkers read the annotations in subclasses of the decorated class, but not those in the
    decorated class itself. They have to read the annotations in `Resource` too. So the decorator
    is on this base class, and not on `Resource`.
    """


class Resource(_Declared):
    """A dynamic resource whose class body declares its properties and its lifecycle.

    A subclass with a nested class `Lifecycle` is a resource type. It gets a type token, a
    constructor signature, and a dynamic provider. The state contains the provider's name,
    `<package>.<Class>.Provider`.
    """

    resource_name: InitVar[str] = positional(kw_only=False)
    opts: InitVar[pulumi.ResourceOptions | None] = positional(default=None, kw_only=False)

    #: All properties by name, inputs and outputs.
    properties: ClassVar[Mapping[str, Property]] = {}
    #: Whether the old and the new object of a replacement cannot exist at the same time. If true, a
    #: replacement deletes the old object before it creates the new one.
    delete_before_replace: ClassVar[bool] = False
    #: The inputs that identify the object, if the API allows only one object with these values, as
    #: for the watchers of a case. A second resource with the same values is refused, and a
    #: replacement with the same values keeps the object.
    identity: ClassVar[tuple[str, ...]] = ()
    #: The module part of the type token.
    token_module: ClassVar[str]
    #: The name of the Python package that exports the class. States contain this name, so it must
    #: never change.
    package: ClassVar[str]
    #: The dynamic provider of the resource type.
    Provider: ClassVar[type[DynamicProvider]]
    Lifecycle: ClassVar[type[AnyLifecycle]]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__(  # pyright: ignore[reportUnknownMemberType] - untyped in the SDK
            module=cls.token_module, name=cls.__name__
        )
        cls.properties = {**cls.properties, **declare_properties(cls)}
        if "Lifecycle" in cls.__dict__:
            resource_type = ResourceType(
                name=cls.__name__,
                properties=cls.properties,
                validate_inputs=cls.validate_inputs,
                preview_warning=cls.preview_warning,
                package=cls.package,
                lifecycle_class=cls.Lifecycle,
                connect=cls.connect,
                delete_before_replace=cls.delete_before_replace,
                identity=cls.identity,
            )
            cls.Provider = _provider_class(cls, resource_type)
            cls.__signature__ = signature(cls.properties)  # type: ignore[attr-defined] # for inspect

    def __init__(
        self, resource_name: str, opts: pulumi.ResourceOptions | None = None, **props: object
    ) -> None:
        """Declare the resource.

        Args:
            resource_name: the name of the resource in this program.
            opts: Pulumi's resource options.
            props: the properties, which the docstring of the class describes.
        """
        resource_type = self.Provider.resource_type
        problem = name_problem(resource_name)
        label = f"{resource_type.name} {'' if problem else escape_controls(resource_name)}".strip()
        call = Call.current(label)
        inputs = convert(props, call)
        mistakes = [problem] if problem else []
        mistakes += [str(each) for each in self._mistakes(inputs)]
        # The SDK creates outputs only for the names that its constructor receives. So its
        # constructor also receives `None` for each computed property, and for each input that the
        # program does not pass. The SDK awaits each value before it registers the resource, and
        # does not send inputs whose value is `None`.
        everything = {
            **dict.fromkeys(self.properties),
            **inputs.values,
            _CHECKPOINT_KEY: checkpoint([f"{call}: {each}" for each in mistakes]),
        }
        if opts is not None and opts.import_:
            # Pulumi's own import fails with dynamic resources; see `engine.imports`.
            everything[IMPORT_KEY] = opts.import_
            opts = copy(opts)
            opts.import_ = None
        super().__init__(self.Provider(), resource_name, everything, opts)
        outputs = [self.__dict__[name] for name in everything]
        _do_not_await(outputs)
        remember_json([self.id, *outputs])
        if not (pulumi.runtime.is_dry_run() or state_is_saved_last()):
            # The intent log (`safety.intent_log`) has an entry for this resource until Pulumi
            # has saved the resource in the state. Pulumi resolves the id after the save, so the
            # entry is removed then. If Pulumi saves the state only at the end of the run, the entry
            # stays. A later run removes the entry when it finds the object in the state.
            self.id.apply(partial(mark_saved, self.Provider.resource_type.name))

    @classmethod
    def _mistakes(cls, inputs: ProgramInputs) -> list[Diagnostic]:
        """Return the mistakes that are known while the program runs.

        A missing write-only property does not count as a mistake here. A program may omit the
        property if the object was imported: an import cannot read the property, so the state does
        not have it either. This method does not know the state, so it leaves the decision to the
        check, which knows the state.
        """
        if GET_KEY in inputs.values:
            return inputs.problems
        known = inputs.known
        _, diagnostics = cls.Provider.resource_type.validate(known)

        def is_certain(each: Diagnostic) -> bool:
            p = cls.properties.get(each.property)
            return not each.warning and (each.property in known or not (p and p.write_only))

        return [*inputs.problems, *filter(is_certain, diagnostics)]

    @classmethod
    def connect(cls, config: Callable[[str], str | None]) -> AnyLifecycle:
        """Create the lifecycle with a client for the given config.

        The plugin process, in which Pulumi runs dynamic providers, calls this method.

        Args:
            config: a function that returns a value from the config of the stack, or of the explicit
                provider.
        """
        raise NotImplementedError

    @staticmethod
    def validate_inputs(declared: KnownInputs, /) -> Violations:
        """Check combinations of properties; yield the property path and problem of each mistake."""
        del declared
        return ()

    @staticmethod
    def preview_warning(old: Values, new: Values, /) -> str | None:
        """Return a warning to show in the preview of an update, or None."""
        del old, new
        return None

    @classmethod
    def get(
        cls,
        resource_name: str,
        id: pulumi.Input[str],  # noqa: A002 - Pulumi's name for it
        opts: pulumi.ResourceOptions | None = None,
        **parents: pulumi.Input[str],
    ) -> Self:
        """Read an existing object that this stack does not manage.

        If the object does not exist, preview and `up` fail with `ObjectNotFoundError`.

        Args:
            resource_name: the name of the resource in this program.
            id: the object's id, or its import id as documented for the class.
            opts: Pulumi's resource options.
            parents: the ids of the parent objects, such as `project_id=...`. They are not needed if
                `id` is the import id, which contains them.

        Raises:
            TypeError: a keyword is not a parent of the class.
        """
        own = cls.Provider.resource_type.parents
        if unknown := parents.keys() - set(own):
            known = ", ".join(own) or "none"
            raise TypeError(f"{cls.__name__}.get has no {', '.join(unknown)}; known: {known}")
        by_id = pulumi.ResourceOptions(id=id)
        # The constructors of subclasses require inputs that `get` does not have. The type
        # `Callable[..., Self]` keeps type checkers from reporting the missing inputs.
        construct: Callable[..., Self] = cls
        options = pulumi.ResourceOptions.merge(opts, by_id)
        return construct(resource_name, options, **parents, **{GET_KEY: True})


def _do_not_await(outputs: Iterable[object]) -> None:
    """Remove outputs from the set that the SDK awaits at the end of the program.

    This saves time, because the SDK iterates over the whole set each time an output resolves. A
    program with 300 cases has about twenty outputs per case. Such a program took 2.9 s of processor
    time with these outputs in the set, and takes 1.5 s without them. The SDK still awaits the
    registration of the resource, and outputs derived with `apply`. The test named below fails if a
    release of the SDK no longer awaits every output, or if outputs can no longer be removed from
    the set. Canary: test_resource.py::test_canary_program_end_does_not_await_properties.
    """
    for output in outputs:
        untrack = getattr(output, "_untrack", None)
        if callable(untrack):
            untrack()


def _provider_class(cls: type[Resource], resource_type: ResourceType) -> type[DynamicProvider]:
    """Create the class `cls.Provider`.

    Pulumi stores a pickle of each resource's provider in the state. The class is pickled by its
    name, so each pickle has about fifty bytes and never changes.
    """
    body = {"resource_type": resource_type, "__doc__": f"Dynamic provider of {resource_type.name}."}
    provider = type("Provider", (DynamicProvider,), body)
    provider.__module__ = cls.package
    provider.__qualname__ = f"{cls.__qualname__}.Provider"
    return provider
