"""`Resource`: the base of every resource class, and what a subclass becomes by being one."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import InitVar
from functools import partial
from typing import ClassVar, Self

import pulumi
import pulumi.dynamic
from typing_extensions import dataclass_transform

from pulumi_datadog_cases.engine.dynamic import DynamicProvider
from pulumi_datadog_cases.engine.journal import saved
from pulumi_datadog_cases.engine.property import (
    Property,
    arg,
    computed,
    declare_properties,
    positional,
    signature,
)
from pulumi_datadog_cases.engine.resource_type import AnyLifecycle, ResourceType
from pulumi_datadog_cases.engine.validation import KnownInputs, Violations
from pulumi_datadog_cases.engine.values import Values


@dataclass_transform(kw_only_default=True, field_specifiers=(arg, computed, positional))
class _Declared(pulumi.dynamic.Resource):
    """What type checkers need to know: annotations make the constructor (PEP 681).

    They look for fields in subclasses of the decorated class only, hence this one.
    """


class Resource(_Declared):
    """A dynamic resource whose class body declares its properties and its lifecycle.

    A subclass with a nested class `Lifecycle` is a kind: it gets a type token, the dynamic
    provider that the state names as `<package>.<Class>.Provider`, and its own signature.
    """

    resource_name: InitVar[str] = positional(kw_only=False)
    opts: InitVar[pulumi.ResourceOptions | None] = positional(default=None, kw_only=False)

    #: Every property by name, inputs and outputs.
    properties: ClassVar[Mapping[str, Property]] = {}
    #: Whether two of it cannot be there at a time, since something in it is unique.
    delete_before_replace: ClassVar[bool] = False
    #: The module in the type token.
    token_module: ClassVar[str]
    #: The Python package that exports the class, which the state remembers: never change it.
    package: ClassVar[str]
    #: Pulumi's dynamic provider of the kind.
    Provider: ClassVar[type[DynamicProvider]]
    Lifecycle: ClassVar[type[AnyLifecycle]]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__(  # pyright: ignore[reportUnknownMemberType] - untyped there
            module=cls.token_module, name=cls.__name__
        )
        cls.properties = {**cls.properties, **declare_properties(cls)}
        if "Lifecycle" in cls.__dict__:
            kind = ResourceType(
                name=cls.__name__,
                properties=cls.properties,
                validate_inputs=cls.validate_inputs,
                preview_warning=cls.preview_warning,
                connect=cls.connect,
                delete_before_replace=cls.delete_before_replace,
            )
            cls.Provider = _provider_class(cls, kind)
            cls.__signature__ = signature(cls.properties)  # type: ignore[attr-defined] # inspect's

    def __init__(
        self, resource_name: str, opts: pulumi.ResourceOptions | None = None, **props: object
    ) -> None:
        # The SDK makes outputs of exactly the names it is given, so the computed and the
        # undeclared ones are given as `None`. What is misspelt goes along: `check` says so
        # together with all else that is wrong, before anything is changed.
        everything = {**dict.fromkeys(self.properties), **props}
        super().__init__(self.Provider(), resource_name, everything, opts)
        _wait_for_none(self.__dict__[name] for name in self.properties)
        if not pulumi.runtime.is_dry_run():
            # The engine tells the id when it has saved the resource.
            self.id.apply(partial(saved, self.Provider.resource_type.name))

    @classmethod
    def connect(cls, config: Callable[[str], str | None]) -> AnyLifecycle:
        """Make the lifecycle, with a client for the given config; runs in Pulumi's process."""
        raise NotImplementedError

    @staticmethod
    def validate_inputs(declared: KnownInputs, /) -> Violations:
        """Refuse what no single property can: pairs of property path and reason."""
        del declared
        return ()

    @staticmethod
    def preview_warning(old: Values, new: Values, /) -> str | None:
        """Say what is not sure about an update, in the preview of it; `None` where all is."""
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
        """Read an object that is managed elsewhere, with all its properties as outputs.

        Args:
            resource_name: its name in this program.
            id: its id, or the import id that the class names.
            opts: Pulumi's options.
            parents: by name, the ids that the import id has in front (`project_id=...`), where
                `id` is the object's own.

        Raises:
            TypeError: a keyword is none of the class's parents.
        """
        own = cls.Provider.resource_type.parents
        if strangers := parents.keys() - set(own):
            known = ", ".join(own) or "none"
            raise TypeError(f"{cls.__name__}.get has no {', '.join(strangers)}; known: {known}")
        by_id = pulumi.ResourceOptions(id=id)
        # The generated signatures of subclasses ask for what only a new object needs.
        construct: Callable[..., Self] = cls
        return construct(resource_name, pulumi.ResourceOptions.merge(opts, by_id), **parents)


def _wait_for_none(outputs: Iterable[object]) -> None:
    """Let the end of the program wait for none of these, since it waits for their registration.

    The SDK walks through all outputs that it waits for whenever one is settled. With some twenty
    each, 300 cases took 2.9 s of the program's processor time, and take 1.5 s without. What is made
    of an output by `apply` is waited for, as ever.
    Canary: test_resource.py::test_the_end_of_a_program_waits_for_no_property.
    """
    for output in outputs:
        untrack = getattr(output, "_untrack", None)
        if callable(untrack):
            untrack()


def _provider_class(cls: type[Resource], kind: ResourceType) -> type[DynamicProvider]:
    """Make `cls.Provider` so that it pickles as a name: some fifty bytes, for ever the same."""
    body = {"resource_type": kind, "__doc__": f"The dynamic provider of {kind.name}."}
    provider = type("Provider", (DynamicProvider,), body)
    provider.__module__ = cls.package
    provider.__qualname__ = f"{cls.__qualname__}.Provider"
    return provider
