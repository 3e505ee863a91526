"""What all components share: children named by key, and errors in a line."""

from collections.abc import Callable, Mapping
from typing import ClassVar, TypeVar, cast

import pulumi

from pulumi_datadog_cases.engine.validation import quote
from pulumi_datadog_cases.engine.values import printable
from pulumi_datadog_cases.resources._shared.base import CaseResource

_Key = TypeVar("_Key", bound=str)
_Args = TypeVar("_Args", bound=Mapping[str, object])
_Child = TypeVar("_Child", bound=CaseResource)


class ComponentError(pulumi.RunError, ValueError):
    """What a component was given cannot be right. None of its children has been declared yet.

    Pulumi shows the message alone, one line for each finding, without a traceback.
    """

    __module__ = "pulumi_datadog_cases.components"

    def __init__(self, *findings: str) -> None:
        # What a calendar or a key says may be anybody's.
        super().__init__("\n".join(map(printable, findings)))


class Component(pulumi.ComponentResource):
    """Several resources declared as one.

    They are its children, and so take its options: `protect`, `provider` or `providers`,
    `transforms`, `retain_on_delete`; what depends on it depends on all of them.
    """

    #: What the state of every stack remembers the component by: never change it.
    token: ClassVar[str]

    def __init__(self, resource_name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.token, resource_name, None, opts)

    def declare(
        self, kind: type[_Child], key: str, args: Mapping[str, object], /, **usual: object
    ) -> _Child:
        """Declare a child.

        It is named by the component's name and its key, never by its place among others: Pulumi
        tells resources apart by their names.

        Args:
            kind: its class.
            key: what it is called among its like; "" for the only one.
            args: its properties, and its options as `opts`. What is misspelt goes along: the
                check of the resource says so together with all else that is wrong.
            usual: the properties it has where `args` says nothing else.
        """
        name = "-".join(filter(None, [self.pulumi_resource_name, key]))
        properties = {**usual, **args}
        own = cast("pulumi.ResourceOptions | None", properties.pop("opts", None))
        options = pulumi.ResourceOptions.merge(pulumi.ResourceOptions(parent=self), own)
        # The generated signature asks for what may lie in the mapping.
        construct: Callable[..., _Child] = kind
        return construct(name, options, **properties)

    def by_key(self, argument: str, declared: Mapping[_Key, _Args] | None) -> Mapping[_Key, _Args]:
        """What an argument declares, by key; nothing by default.

        Raises:
            ComponentError: it is no mapping of keys to mappings of properties.
        """
        given = cast("object", declared or {})
        if not isinstance(given, Mapping):
            raise self.error(f"{argument} must be a mapping by key, got {quote(given)}")
        of_other_shape = {
            key: value
            for key, value in cast("Mapping[str, object]", given).items()
            if not isinstance(value, Mapping)
        }
        if of_other_shape:
            raise self.error(
                *(
                    f"{argument}.{key} must be a mapping of properties, got {quote(value)}"
                    for key, value in of_other_shape.items()
                )
            )
        return declared or {}

    def error(self, *findings: str) -> ComponentError:
        """What is wrong with this component, to be raised."""
        here = f'{type(self).__name__} "{self.pulumi_resource_name}"'
        return ComponentError(*(f"{here}: {finding}" for finding in findings))


def words(key: str) -> str:
    """A key as people would write it: `on-call` is "On call"."""
    text = key.replace("-", " ").replace("_", " ").strip()
    return text[:1].upper() + text[1:]
