"""How a resource class declares its properties, once each.

    class Rule(Resource):
        project_id: Prop[str] = arg(replace_on_changes=True)
        name: Prop[str]
        description: Prop[str | None] = arg(default=None, clears_to="")
        created_at: Prop[str] = computed()

From such a line come the constructor's keyword (type checkers read it by PEP 681), the typed
output (`rule.name` is an `Output[str]`), the validation, the diff and the wire form.
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
    """The type of `MISSING`: nothing was given, not even `None`."""


#: Stands where `None` would be a value of its own.
MISSING: Final = Missing()


@dataclass(frozen=True)
class Property:
    """One property of a resource, as `arg` or `computed` described it."""

    name: str
    #: The annotation inside `Prop[...]`, with its `Input[...]` wrappers.
    annotation: object
    #: Answered by the API, never given by the program.
    computed: bool = False
    #: `MISSING` where the program has to give a value, `None` where it may.
    default: "Value | Missing" = MISSING
    #: A change makes a new object.
    replace_on_changes: bool = False
    #: Id of the object that this one is part of, which its URL needs; a change replaces.
    parent: bool = False
    #: What takes the value away at the API; `MISSING` where nothing does.
    clears_to: "Value | Missing" = MISSING
    #: The API may not answer it, so that its absence says nothing.
    write_only: bool = False
    #: The create request does not take it: an update right after creation sets it.
    after_create: bool = False
    #: Moves with every edit, anybody's: a refresh would show it beside each other change, and for
    #: edits of what is not declared. It is taken over from this stack's own writes only.
    volatile: bool = False
    #: What the API gives it where nothing is declared: a program that is written for an object
    #: that is there leaves it out.
    server_default: "Value" = None
    #: No two objects, of those that are part of the same, have the same value.
    unique: bool = False
    #: Nothing of the object's: whether a create takes over one that is there. `True`: the one with
    #: the same unique values; a text: the one of that id.
    adopts: bool = False
    #: How it is changed, where the API has one call per property. The engine never looks inside.
    setter: Callable[..., Any] | None = None

    @property
    def required(self) -> bool:
        """Whether every program has to give it."""
        return not self.computed and self.default is MISSING


class Prop(Generic[T]):
    """A property: assigned as `Input[T]`, read as `Output[T]`."""

    def __init__(self, declaration: Property) -> None:
        self.declaration = declaration
        self.__doc__ = f"`{declaration.name}`, see the class."

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> pulumi.Output[T]: ...
    def __get__(self, instance: object | None, owner: type) -> Self | pulumi.Output[T]:
        """Read the output; on the class, the declaration itself."""
        if instance is None:
            return self
        # Pulumi's SDK keeps a resource's outputs in its `__dict__` under their names.
        output: pulumi.Output[T] = instance.__dict__[self.declaration.name]
        return output

    def __set__(self, instance: object, value: pulumi.Input[T]) -> None:
        """Refuse: outputs are set by Pulumi, inputs are given to the constructor."""
        raise AttributeError(f"{self.declaration.name} cannot be assigned; pass it when creating")


@dataclass(frozen=True)
class _Specifier:
    """What `arg` and `computed` leave on the class until its `Property` is made from it."""

    options: Mapping[str, Any]


def arg(  # noqa: PLR0913 - one option for each thing a property can be
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
    """Describe an input property; the arguments are the fields of `Property`."""
    return _Specifier(
        {
            **locals(),
            "replace_on_changes": replace_on_changes or parent,
            "write_only": write_only or adopts,
        }
    )


def computed(*, volatile: bool = False, init: Literal[False] = False) -> Any:  # noqa: ANN401 - as above
    """Describe a property that the API answers; `init` tells type checkers it is no keyword."""
    return _Specifier({"computed": not init, "volatile": volatile})


def positional(*, kw_only: bool, default: object = MISSING) -> Any:  # noqa: ANN401 - as above
    """Describe, for type checkers alone, a parameter of the constructor that is no property."""


def declare_properties(cls: type) -> dict[str, Property]:
    """Turn the `Prop[...]` annotations of a class body into descriptors; answer them by name.

    The annotations are taken off: the SDK would read them as the types of outputs and refuse
    a `dict` where `Prop[...]` is written.
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
    """The constructor's signature, for `help()` and editors."""
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
