"""Declares the properties of a resource class.

    class Rule(Resource):
        project_id: Prop[str] = arg(replace_on_changes=True)
        name: Prop[str]
        description: Prop[str | None] = arg(default=None, clears_to="")
        created_at: Prop[str] = computed()

Each line is the single declaration of its property. The constructor's keyword (PEP 681 for type
checkers), the typed output (`rule.name` is an `Output[str]`), validation, diff and wire form all
derive from it.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import (
    TYPE_CHECKING,
    Annotated,
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

if TYPE_CHECKING:
    from pulumi_datadog_cases.engine.values import Value

T = TypeVar("T")


class Missing:
    """The type of `MISSING`."""


#: Marks an absent value where `None` is a value in its own right.
MISSING: Final = Missing()


@dataclass(frozen=True)
class Property:
    """One property of a resource type, as declared with `arg` or `computed`."""

    name: str
    #: The annotation inside `Prop[...]`, including its `Input[...]` wrappers.
    annotation: object
    #: Read-only: returned by the API, never set by the program.
    computed: bool = False
    #: The value used when the program sets none; `MISSING` if the program must set one.
    default: "Value | Missing" = MISSING
    #: A change replaces the object.
    replace_on_changes: bool = False
    #: The id of the parent object, which is part of the object's URL. A change replaces.
    parent: bool = False
    #: The value that clears the property at the API; `MISSING` if it cannot be cleared.
    clears_to: "Value | Missing" = MISSING
    #: The API may omit it from responses, so its absence from a response means nothing.
    write_only: bool = False
    #: The create request does not accept it; an update right after the create sets it.
    after_create: bool = False
    #: Changes on every edit by anyone. Refresh keeps the state's value, because otherwise it would
    #: show up next to every other drift and for edits of undeclared properties. Only this stack's
    #: own writes update it.
    volatile: bool = False
    #: What the API sets if the program declares nothing. Generated programs omit it.
    server_default: "Value" = None
    #: No two objects with the same parent have the same value.
    unique: bool = False
    #: Not a property of the object, but an instruction to create: adopt an existing object. `True`
    #: adopts the one with the same unique values, a string the one with that id.
    adopts: bool = False
    #: The client method that changes it, if the API has one endpoint per property. The engine
    #: passes it through to the lifecycle.
    setter: Callable[..., Any] | None = None

    @property
    def required(self) -> bool:
        """Whether every program must set it."""
        return not self.computed and self.default is MISSING


class Prop(Generic[T]):
    """A property descriptor: the constructor takes `Input[T]`, reading gives `Output[T]`."""

    def __init__(self, declaration: Property) -> None:
        self.declaration = declaration
        self.__doc__ = f"`{declaration.name}`, see the class."

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> pulumi.Output[T]: ...
    def __get__(self, instance: object | None, owner: type) -> Self | pulumi.Output[T]:
        """Return the output, or the descriptor itself if accessed on the class."""
        if instance is None:
            return self
        # Pulumi's SDK stores a resource's outputs in its `__dict__` under their names.
        output: pulumi.Output[T] = instance.__dict__[self.declaration.name]
        return output

    def __set__(self, instance: object, value: pulumi.Input[T]) -> None:
        """Reject assignment: inputs are passed to the constructor, Pulumi sets outputs."""
        raise AttributeError(
            f"{self.declaration.name} is read-only: pass it to the constructor instead"
        )


@dataclass(frozen=True)
class _Specifier:
    """The options passed to `arg` or `computed`, until `declare_properties` reads them."""

    options: Mapping[str, Any]


def arg(  # noqa: PLR0913 - one option for each characteristic of a property
    *,
    default: "Value | Missing" = MISSING,
    replace_on_changes: bool = False,
    parent: bool = False,
    clears_to: "Value | Missing" = MISSING,
    write_only: bool = False,
    after_create: bool = False,
    server_default: "Value" = None,
    unique: bool = False,
    adopts: bool = False,
    setter: Callable[..., Any] | None = None,
) -> Any:  # noqa: ANN401 - the type is the annotation's, as with dataclasses.field
    """Declare an input property. See `Property` for the arguments."""
    return _Specifier(
        {
            **locals(),
            "replace_on_changes": replace_on_changes or parent,
            "write_only": write_only or adopts,
        }
    )


def computed(*, volatile: bool = False, init: Literal[False] = False) -> Any:  # noqa: ANN401 - as above
    """Declare a read-only property. `init` tells type checkers that it is no keyword."""
    return _Specifier({"computed": not init, "volatile": volatile})


def positional(*, kw_only: bool, default: object = MISSING) -> Any:  # noqa: ANN401 - as above
    """Declare, for type checkers only, a constructor parameter that is not a property."""


def declare_properties(cls: type) -> dict[str, Property]:
    """Replace the `Prop[...]` annotations of a class body by descriptors; return them by name.

    The annotations are removed because the SDK would take them for the types of the outputs, and
    reject a `dict` where the annotation says `Prop[...]`.
    """
    declared: dict[str, Property] = {}
    annotations = get_annotations(cls, eval_str=True)
    for name, annotation in annotations.items():
        origin: object = get_origin(annotation)
        if origin is Prop:
            (inner,) = get_args(annotation)
            specifier = cls.__dict__.get(name, _Specifier({}))
            declared[name] = Property(name=name, annotation=inner, **specifier.options)
            setattr(cls, name, Prop(declared[name]))
    cls.__annotations__ = {n: a for n, a in annotations.items() if n not in declared}
    return declared


def signature(properties: Mapping[str, Property]) -> inspect.Signature:
    """Return the constructor's signature, for `help()` and editors."""
    kinds = inspect.Parameter
    parameters = [
        kinds("resource_name", kinds.POSITIONAL_OR_KEYWORD, annotation=str),
        kinds("opts", kinds.POSITIONAL_OR_KEYWORD, default=None, annotation=pulumi.ResourceOptions),
    ]
    parameters += [
        kinds(
            p.name,
            kinds.KEYWORD_ONLY,
            default=kinds.empty if p.required else p.default,
            annotation=Annotated[p.annotation, "pulumi.Input"],
        )
        for p in properties.values()
        if not p.computed
    ]
    return inspect.Signature(parameters)
