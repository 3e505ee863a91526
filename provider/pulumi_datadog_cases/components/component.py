"""`Component`: the base class of components, which declare several related resources at once.

These resources are the component's children. `Component` derives the name of each child from the
child's key. It shows each error in one line.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

import pulumi

from pulumi_datadog_cases._text import escape_controls
from pulumi_datadog_cases.engine.validation import (
    extract_output_texts,
    name_problem,
    quote,
)
from pulumi_datadog_cases.resources._shared.base import CaseResource

if TYPE_CHECKING:
    from pulumi_datadog_cases.engine.values import Value

_Key = TypeVar("_Key", bound=str)
_Args = TypeVar("_Args", bound=Mapping[str, object])
_Child = TypeVar("_Child", bound=CaseResource)


class ComponentError(pulumi.RunError, ValueError):
    """A component has invalid arguments; none of its children has been declared yet.

    Pulumi shows only the message, one line for each error, without a traceback.
    """

    __module__ = "pulumi_datadog_cases.components"

    def __init__(self, *errors: str) -> None:
        # An error may quote the key of a child, or the text of a calendar file. Both may contain
        # control characters.
        super().__init__("\n".join(map(escape_controls, errors)))


class Component(pulumi.ComponentResource):
    """A Pulumi component that declares several resources, its children.

    The children inherit the component's options `protect`, `provider` or `providers`, `transforms`
    and `retain_on_delete`. A resource that depends on the component depends on all its children.
    """

    #: The type token, which is stored in users' states: never change it.
    token: ClassVar[str]

    def __init__(self, resource_name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        if problem := name_problem(resource_name):
            raise ComponentError(f"{type(self).__name__}: {problem}")
        super().__init__(self.token, resource_name, None, opts)

    def declare(
        self, child: type[_Child], key: str, args: Mapping[str, object], /, **defaults: object
    ) -> _Child:
        """Declare a child.

        The child's name consists of the component's name and the child's key. The name does not
        depend on the order of the children, because Pulumi identifies resources by their names.

        Args:
            child: the class of the child.
            key: the child's key, which differs from those of the other children of the same class.
                If the component has only one child of this class, the key is "".
            args: the child's properties, and under `opts` the child's resource options. A misspelt
                property is no error here. The check of the child reports it with all other errors.
            defaults: properties that are used if `args` does not have them.
        """
        name = "-".join(filter(None, [self.pulumi_resource_name, key]))
        properties = {**defaults, **args}
        child_options = cast("pulumi.ResourceOptions | None", properties.pop("opts", None))
        options = pulumi.ResourceOptions.merge(pulumi.ResourceOptions(parent=self), child_options)
        # The type is general, because type checkers reject `**properties` for the real signature.
        construct: Callable[..., _Child] = child
        return construct(name, options, **properties)

    def by_key(self, argument: str, declared: Mapping[_Key, _Args] | None) -> Mapping[_Key, _Args]:
        """Check and return an argument that maps keys to properties. Return `{}` for None.

        Raises:
            ComponentError: the argument is not a mapping of keys to mappings of properties, or
                contains a string that Python made from a Pulumi output.
        """
        given = cast("object", declared or {})
        _, texts = extract_output_texts(cast("Value", given), argument)
        if texts:
            raise self.error(*(str(each) for each in texts))
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
        """Create an exception with these errors; the component's name precedes each."""
        component = f'{type(self).__name__} "{self.pulumi_resource_name}"'
        return ComponentError(*(f"{component}: {error}" for error in errors))


def words(key: str) -> str:
    """Convert a key to a display name: `on-call` becomes "On call"."""
    text = key.replace("-", " ").replace("_", " ").strip()
    return text[:1].upper() + text[1:]
