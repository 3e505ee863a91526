"""The signature of a resource class, as `help()` and editors show it."""

import inspect
import types
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pulumi

from pulumi_datadog_cases.engine.property import Property
from pulumi_datadog_cases.engine.validation import unwrap_annotation


def signature(properties: Mapping[str, Property]) -> inspect.Signature:
    """Return the signature of the constructor of a resource class with these properties.

    Each keyword also accepts an output. The annotations do not say so: they have no `pulumi.Input`.
    """
    kinds = inspect.Parameter
    options = pulumi.ResourceOptions | None
    parameters = [
        kinds("resource_name", kinds.POSITIONAL_OR_KEYWORD, annotation=str),
        kinds("opts", kinds.POSITIONAL_OR_KEYWORD, default=None, annotation=options),
    ]
    parameters += [
        kinds(
            p.name,
            kinds.KEYWORD_ONLY,
            default=kinds.empty if p.required else p.default,
            annotation=_plain(p.annotation),
        )
        for p in properties.values()
        if not p.computed
    ]
    return inspect.Signature(parameters)


def _plain(annotation: object) -> Any:  # noqa: ANN401 - an annotation is a class, a union or a generic alias
    """Return an annotation without validators and `pulumi.Input`."""
    members, _ = unwrap_annotation(annotation)
    none = [types.NoneType] if _is_optional(annotation) else []
    return Union[(*map(_plain_member, members), *none)]


def _is_optional(annotation: object) -> bool:
    arguments = get_args(annotation)
    if get_origin(annotation) is Annotated:
        return _is_optional(arguments[0])
    return types.NoneType in arguments


def _plain_member(member: object) -> Any:  # noqa: ANN401 - as in `_plain`
    origin: Any = get_origin(member)
    if origin is None or origin is Literal:
        return member
    return origin[tuple(map(_plain, get_args(member)))]
