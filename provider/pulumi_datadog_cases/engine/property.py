"""Declares the properties of a resource class.

    class Rule(Resource):
        project_id: Prop[str] = arg(replace_on_changes=True)
        name: Prop[str]
        description: Prop[str | None] = arg(default=None, clears_to="")
        created_at: Prop[str] = computed()

A property is declared in one line, and nowhere else. The line determines the constructor's keyword,
the typed output (`rule.name` is an `Output[str]`), the validation, the diff and the values in
requests. Type checkers derive the keyword from the line as PEP 681 specifies.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import (
    TYPE_CHECKING,
    Any,
    Final,
    Generic,
    Literal,
    Self,
    TypeVar,
    get_args,
    get_origin,
    overload,
)

import pulumi
from typing_extensions import get_annotations

from pulumi_datadog_cases.engine.docstrings import attribute_docs
from pulumi_datadog_cases.engine.natural import Input

if TYPE_CHECKING:
    from pulumi_datadog_cases.engine.values import Value, Values

T = TypeVar("T")


class Missing:
    """The type of `MISSING`."""


#: Stands for an absent value where `None` is a possible value.
MISSING: Final = Missing()


@dataclass(frozen=True)
class Property:
    """One property of a resource type, as declared with `arg` or `computed`."""

    name: str
    #: The annotation inside `Prop[...]`, including its `Input[...]` wrappers.
    annotation: object
    #: Whether the property is read-only: the API returns it, and the program cannot set it.
    computed: bool = False
    #: The value used when the program sets none; `MISSING` if the program must set one.
    default: "Value | Missing" = MISSING
    #: Whether a change of the property replaces the object.
    replace_on_changes: bool = False
    #: Whether the property identifies the parent object, usually by its id. An object cannot change
    #: its parent, so a change of the property replaces the object.
    parent: bool = False
    #: Whether the property refers to another object that a program can name in several ways, such
    #: as by UUID or by key. `Lifecycle.resolve` returns the object's id, which all requests use. If
    #: the program names the same object in another way, nothing is replaced.
    reference: bool = False
    #: The value that clears the property. It is sent when the program no longer declares the
    #: property. `MISSING` if the API cannot clear the property.
    clears_to: "Value | Missing" = MISSING
    #: What happens to a member of this mapping that the program no longer declares. If true, the
    #: member keeps its value. If false, the next update removes the member.
    keeps_members: bool = False
    #: Whether responses may omit the property even if it is set.
    write_only: bool = False
    #: Whether the create request must not contain the property. If true, an update right after the
    #: create sets the property. A function gets the declared values, and returns true or false.
    after_create: "bool | Callable[[Values], bool]" = False
    #: Whether every edit of the object changes the property, as with `modified_at`. The state gets
    #: the new value when this stack creates or updates the object. A refresh keeps the old value:
    #: with the new value, Pulumi would report drift even if people edit only what the program does
    #: not declare.
    volatile: bool = False
    #: The inputs whose update may change this read-only property. If an update changes none of
    #: them, the native plugin (`plugin.provider`) shows the old value in the preview.
    changes_with: tuple[str, ...] = ()
    #: The value that the API sets if the program sets none. Imports omit this value from the
    #: programs that they write.
    server_default: "Value" = None
    #: Whether imports declare `server_default` too. Otherwise the property would not be managed,
    #: and nobody would notice if someone changes it later.
    imports_default: bool = False
    #: Whether objects with the same parent must differ in the value of this property.
    unique: bool = False
    #: Whether the input is an instruction to adopt an existing object. Such an input is never sent
    #: to the API. The value `True` adopts the object that has the same values as the declaration in
    #: all properties that are `unique`. A string adopts the object with that id.
    adopts: bool = False
    #: Whether the input is a permission to delete. Such an input is never sent to the API. If it is
    #: `True` in the state, a delete may destroy objects that people created
    #: (`Lifecycle.dependents`).
    forces_delete: bool = False
    #: The client method that changes the property, if the API has one endpoint per property. The
    #: lifecycle calls it; the engine does not use it.
    setter: Callable[..., Any] | None = None

    @property
    def is_instruction(self) -> bool:
        """Whether the property exists in the program and the state, but not at the API."""
        return self.adopts or self.forces_delete

    def is_set_after_create(self, declared: "Values") -> bool:
        """Whether an update right after the create sets the property; see `after_create`."""
        return self.after_create(declared) if callable(self.after_create) else self.after_create

    @property
    def required(self) -> bool:
        """Whether a program must set the property."""
        return not self.computed and self.default is MISSING


class Prop(Generic[T]):
    """The descriptor of a property: an `Input[T]` in the constructor, an `Output[T]` when read."""

    def __init__(self, declaration: Property, owner: type) -> None:
        self.declaration = declaration
        self._owner = owner

    @property
    def __doc__(self) -> str | None:  # type: ignore[override] # computed on each access
        """The docstring below the property in the class body."""
        return attribute_docs(self._owner).get(self.declaration.name)

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> pulumi.Output[T]: ...
    def __get__(self, instance: object | None, owner: type) -> Self | pulumi.Output[T]:
        """Return the output, or the descriptor itself if accessed on the class."""
        if instance is None:
            return self
        # Pulumi's SDK stores each output of a resource under its name in the resource's `__dict__`.
        output: pulumi.Output[T] = instance.__dict__[self.declaration.name]
        return output

    def __set__(self, instance: object, value: Input[T]) -> None:
        """Reject assignment: programs pass inputs to the constructor, and Pulumi sets outputs."""
        raise AttributeError(
            f"{self.declaration.name} is read-only: pass it to the constructor instead"
        )


@dataclass(frozen=True)
class _Specifier:
    """Holds the arguments of `arg` or `computed` until `declare_properties` reads them."""

    options: Mapping[str, Any]


def arg(  # noqa: PLR0913 - one option for each characteristic of a property
    *,
    default: "Value | Missing" = MISSING,
    replace_on_changes: bool = False,
    parent: bool = False,
    reference: bool = False,
    clears_to: "Value | Missing" = MISSING,
    keeps_members: bool = False,
    write_only: bool = False,
    after_create: "bool | Callable[[Values], bool]" = False,
    server_default: "Value" = None,
    imports_default: bool = False,
    unique: bool = False,
    adopts: bool = False,
    forces_delete: bool = False,
    setter: Callable[..., Any] | None = None,
) -> Any:  # noqa: ANN401 - the type is the annotation's, as with dataclasses.field
    """Declare an input property. See `Property` for the arguments."""
    return _Specifier(
        {
            **locals(),
            "replace_on_changes": replace_on_changes or parent,
            "write_only": write_only or adopts or forces_delete,
        }
    )


def computed(
    *, volatile: bool = False, changes_with: tuple[str, ...] = (), init: Literal[False] = False
) -> Any:  # noqa: ANN401 - as in `arg`
    """Declare a read-only property.

    `init` tells type checkers that the constructor has no keyword for the property.
    """
    return _Specifier({"computed": not init, "volatile": volatile, "changes_with": changes_with})


def positional(*, kw_only: bool, default: object = MISSING) -> Any:  # noqa: ANN401 - as in `arg`
    """Declare, for type checkers only, a constructor parameter that is not a property."""


def declare_properties(cls: type) -> dict[str, Property]:
    """Replace the `Prop[...]` annotations of a class body by descriptors.

    Returns the declared properties by name. The annotations are removed because Pulumi's SDK would
    use them as the types of the outputs. The SDK would then reject a `dict` value, because its type
    is not `Prop[...]`.
    """
    declared: dict[str, Property] = {}
    annotations = get_annotations(cls, eval_str=True)
    for name, annotation in annotations.items():
        origin: object = get_origin(annotation)
        if origin is Prop:
            (inner,) = get_args(annotation)
            specifier = cls.__dict__.get(name, _Specifier({}))
            declared[name] = Property(name=name, annotation=inner, **specifier.options)
            setattr(cls, name, Prop(declared[name], cls))
    cls.__annotations__ = {n: a for n, a in annotations.items() if n not in declared}
    return declared
