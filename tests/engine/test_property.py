"""Declarations of properties in a class body, with `arg` and `computed`."""

import inspect
from typing import TYPE_CHECKING

import pytest

from pulumi_datadog_cases.engine import Prop, arg, computed
from pulumi_datadog_cases.engine.property import MISSING, Property, declare_properties

if TYPE_CHECKING:
    from tests.engine.conftest import Book


class Body:
    """A class with one property of each kind."""

    given: Prop[str]
    optional: Prop[str | None] = arg(default=None, clears_to="", write_only=True)
    fixed: Prop[int] = arg(replace_on_changes=True)
    above: Prop[str] = arg(parent=True)
    later: Prop[str | None] = arg(default=None, after_create=True)
    answered: Prop[str] = computed()
    moving: Prop[str] = computed(volatile=True)
    other: int = 3


PROPERTIES = declare_properties(Body)


def test_properties_are_declared_in_order() -> None:
    assert list(PROPERTIES.values()) == [
        Property("given", str),
        Property("optional", str | None, default=None, clears_to="", write_only=True),
        Property("fixed", int, replace_on_changes=True),
        Property("above", str, replace_on_changes=True, parent=True),
        Property("later", str | None, default=None, after_create=True),
        Property("answered", str, computed=True),
        Property("moving", str, computed=True, volatile=True),
    ]


def test_property_without_default_is_required() -> None:
    required = [name for name, p in PROPERTIES.items() if p.required]
    assert required == ["given", "fixed", "above"]


def test_other_annotations_stay() -> None:
    assert Body.other == 3
    assert Body.__annotations__ == {"other": int}


def test_class_access_returns_declaration_instance_access_output() -> None:
    body = Body()
    body.__dict__["given"] = "set by Pulumi"
    assert Body.given.declaration is PROPERTIES["given"]
    assert body.given == "set by Pulumi"  # type: ignore[comparison-overlap] # not an Output


def test_property_is_read_only() -> None:
    with pytest.raises(
        AttributeError, match="given is read-only: pass it to the constructor instead"
    ):
        Body().given = "x"


def test_signature_shows_properties(book: "type[Book]") -> None:
    parameters = inspect.signature(book).parameters
    kinds = inspect.Parameter
    assert [p.name for p in parameters.values() if p.kind is kinds.POSITIONAL_OR_KEYWORD] == [
        "resource_name",
        "opts",
    ]
    required = [p.name for p in parameters.values() if p.default is kinds.empty]
    assert required == ["resource_name", "shelf_id", "title"]
    assert parameters["pages"].default == 1
    assert "revision" not in parameters
    assert MISSING not in [p.default for p in parameters.values()]
