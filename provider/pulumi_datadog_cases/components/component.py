"""Base class of all components: names children by key, and reports errors in one line."""

from collections.abc import Callable, Mapping
from typing import ClassVar, TypeVar, cast

import pulumi

from pulumi_datadog_cases._text import escape_controls
from pulumi_datadog_cases.engine.validation import quote
from pulumi_datadog_cases.resources._shared.base import CaseResource

_Key = TypeVar("_Key", bound=str)
_Args = TypeVar("_Args", bound=Mapping[str, object])
_Child = TypeVar("_Child", bound=CaseResource)


class ComponentError(pulumi.RunError, ValueError):
    """A component has invalid arguments; none of its children has been declared yet.

    Pulumi shows only the message, one line for each error, without a traceback.
    """

    __module__ = "pulumi_datadog_cases.components"

    def __init__(self, *errors: str) -> None:
        # Texts from a calendar or a key are untrusted.
        super().__init__("\n".join(map(escape_controls, errors)))


class Component(pulumi.ComponentResource):
    """Several resources declared as one.

    They are its children and inherit its options: `protect`, `provider` or `providers`,
    `transforms`, `retain_on_delete`. Resources that depend on it depend on all of them.
    """

    #: The type token, which is stored in users' states: never change it.
    token: ClassVar[str]

    def __init__(self, resource_name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.token, resource_name, None, opts)

    def declare(
        self, child: type[_Child], key: str, args: Mapping[str, object], /, **defaults: object
    ) -> _Child:
        """Declare a child.

        Its name is the component's name and its key, never its position: Pulumi identifies
        resources by their names.

        Args:
            child: its class.
            key: its key among children of the same class; "" for the only one.
            args: its properties, and its options as `opts`. Misspelt properties are passed on: the
                check of the resource reports them together with all other errors.
            defaults: properties that `args` overrides.
        """
        name = "-".join(filter(None, [self.pulumi_resource_name, key]))
        properties = {**defaults, **args}
        child_options = cast("pulumi.ResourceOptions | None", properties.pop("opts", None))
        options = pulumi.ResourceOptions.merge(pulumi.ResourceOptions(parent=self), child_options)
        # The generated signature has keywords, which a mapping does not satisfy.
        construct: Callable[..., _Child] = child
        return construct(name, options, **properties)

    def by_key(self, argument: str, declared: Mapping[_Key, _Args] | None) -> Mapping[_Key, _Args]:
        """Check that an argument is a mapping of keys to properties; empty by default.

        Raises:
            ComponentError: it is not a mapping of keys to mappings of properties.
        """
        given = cast("object", declared or {})
        if not isinstance(given, Mapping):
            raise self.error(f"{argument} must be a mapping by key, got {quote(given)}")
        malformed = {
            key: value
            for key, value in cast("Mapping[str, object]", given).items()
            if not isinstance(value, Mapping)
        }
        if malformed:
            raise self.error(
                *(
                    f"{argument}.{key} must be a mapping of properties, got {quote(value)}"
                    for key, value in malformed.items()
                )
            )
        return declared or {}

    def error(self, *errors: str) -> ComponentError:
        """An exception with these errors, each prefixed with the component."""
        component = f'{type(self).__name__} "{self.pulumi_resource_name}"'
        return ComponentError(*(f"{component}: {error}" for error in errors))


def words(key: str) -> str:
    """Convert a key to a display name: `on-call` becomes "On call"."""
    text = key.replace("-", " ").replace("_", " ").strip()
    return text[:1].upper() + text[1:]
