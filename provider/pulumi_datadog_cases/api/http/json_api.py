"""JSON:API documents: builds request bodies and parses responses."""

import functools
import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Self, TypeAlias, get_args, get_origin

from typing_extensions import TypeVar, get_original_bases

from pulumi_datadog_cases.api.errors import InvalidResponse

if TYPE_CHECKING:
    from pulumi_datadog_cases.api.models import Model, RequestModel

JSON: TypeAlias = "str | int | float | bool | Sequence[JSON] | Mapping[str, JSON] | None"
"""Any JSON value.

The type contains `Mapping` and `Sequence` instead of `dict` and `list`, because type checkers would
not accept a `dict[str, str]` as a `dict[str, JSON]`.
"""

Document: TypeAlias = Mapping[str, JSON]
"""The top level of a request or response body. It has `data` and may have `meta` and `included`."""


_AttributesT_co = TypeVar("_AttributesT_co", bound="Model", covariant=True, default="Model")
_RelationshipsT_co = TypeVar("_RelationshipsT_co", bound="Model", covariant=True, default="Model")
_ModelT = TypeVar("_ModelT", bound="Model")


class Malformed(Exception):  # noqa: N818 - internal to this package
    """A document is not in the endpoint's format; the message says what is wrong, and where.

    `EndpointGroup` turns this exception into an `InvalidResponse`.
    """


@dataclass(frozen=True)
class Item(Generic[_AttributesT_co, _RelationshipsT_co]):
    """One object of the API, with all attributes and relationships of the response.

    They include undocumented ones. The API returns an unset attribute as null, or omits it
    (recorded). So code that reads `raw_attributes` must treat a missing attribute like null.

    Each type of object has a subclass, such as `CaseItem`, which names the models of its attributes
    and relationships.

    Attributes:
        id: the id of the object.
        type: the JSON:API type of the object.
        raw_attributes: the attributes as the API returned them, not validated.
        raw_relationships: the relationships as the API returned them, not validated.
    """

    id: str
    type: str
    raw_attributes: Mapping[str, JSON]
    raw_relationships: Mapping[str, JSON]

    @functools.cached_property
    def attributes(self) -> _AttributesT_co:
        """The attributes as a pydantic model, which has the documented types.

        Raises:
            InvalidResponse: an attribute has a value that its type does not allow. In this case,
                use `values()` or `raw_attributes`.
        """
        return _validate(self, "attributes", _models(self)[0], self.raw_attributes)

    @functools.cached_property
    def relationships(self) -> _RelationshipsT_co:
        """The relationships as a pydantic model, such as `case.relationships.assignee`.

        Raises:
            InvalidResponse: as for `attributes`.
        """
        return _validate(self, "relationships", _models(self)[1], self.raw_relationships)

    @classmethod
    def parse(cls, value: JSON, where: str = "data") -> Self:
        """Parse a resource object.

        Args:
            value: the object as decoded from JSON.
            where: the object's path in the document, for the error message.

        Raises:
            Malformed: the value is not a resource object.
        """
        if not isinstance(value, Mapping):
            raise Malformed(f"{where} is {_name(value)}, not an object")
        return cls(
            id=_text(value, "id", where),
            type=_text(value, "type", where),
            raw_attributes=_members(value, "attributes", where),
            raw_relationships=_members(value, "relationships", where),
        )

    def values(self) -> dict[str, JSON]:
        """Return plain data: all attributes, and the id of each to-one relationship.

        Each id is stored under two keys, `<name>` and `<name>_id`, because some properties of
        resources are named like `created_by` and some like `project_id`. If an attribute and a
        relationship have the same name, the result has the attribute. For example, `created_by` of
        a maintenance window is an attribute.
        """
        flat: dict[str, JSON] = {}
        for name, relationship in self.raw_relationships.items():
            target = relationship.get("data") if isinstance(relationship, Mapping) else None
            if isinstance(target, Mapping) and "id" in target:
                flat[name] = flat[f"{name}_id"] = target["id"]
        return flat | dict(self.raw_attributes)


def _models(
    item: Item[_AttributesT_co, _RelationshipsT_co],
) -> tuple[type[_AttributesT_co], type[_RelationshipsT_co]]:
    """Import the two models that the class of the item names."""
    (base,) = (each for each in get_original_bases(type(item)) if get_origin(each) is Item)
    models = importlib.import_module("pulumi_datadog_cases.api.models")
    attributes, relationships = (getattr(models, name.__forward_arg__) for name in get_args(base))
    return attributes, relationships


def _validate(
    item: "Item", member: str, model: type[_ModelT], value: Mapping[str, JSON]
) -> _ModelT:
    from pydantic import ValidationError  # noqa: PLC0415 - `api.items` says why

    try:
        return model.model_validate(value)
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join([member, *map(str, each['loc'])])}: {each['msg']}"
            for each in error.errors(include_url=False)
        )
    raise InvalidResponse(
        f"the {item.type} {item.id} has an unexpected form: {problems}. values() returns them "
        f"unvalidated."
    )


AnItem = TypeVar("AnItem", bound=Item)
"""A type of object, such as `CaseItem`."""


# Endpoint groups cannot use `list` in annotations, because they have a method of that name.
Items: TypeAlias = list[AnItem]


def body(
    type_: str,
    attributes: "Mapping[str, JSON] | RequestModel | None" = None,
    relationships: Mapping[str, JSON] | None = None,
    /,
) -> Document:
    """Build a request body. The API rejects a wrong `data.type` with 400."""
    data: dict[str, JSON] = {"type": type_}
    if attributes is not None:
        data["attributes"] = to_json(attributes)
    if relationships is not None:
        data["relationships"] = relationships
    return {"data": data}


def to_json(attributes: "Mapping[str, JSON] | RequestModel") -> Mapping[str, JSON]:
    """Return the attributes of a request as plain data."""
    if isinstance(attributes, Mapping):
        return attributes
    return attributes.model_dump(mode="json", exclude_unset=True)


def reference(type_: str, identifier: str) -> Document:
    """Build a to-one relationship, which is also the body of a request that sets it."""
    return {"data": {"id": identifier, "type": type_}}


def parse_one(item_type: type[AnItem], document: Document | None) -> AnItem:
    """Parse a response whose data is one object; raise Malformed if it is not."""
    return item_type.parse(_data(document))


def parse_list(item_type: type[AnItem], document: Document | None) -> Items[AnItem]:
    """Parse a response whose data is a list of objects; raise Malformed if it is not."""
    data = _data(document)
    if not isinstance(data, list):
        raise Malformed(f"data is {_name(data)}, not a list")
    return [item_type.parse(value, f"data[{index}]") for index, value in enumerate(data)]


def parse_included(type_: str, item_type: type[AnItem], document: Document | None) -> Items[AnItem]:
    """Parse the objects of one JSON:API type in the member `included` of a response.

    The API puts objects there to which the data refers.
    """
    values = (document or {}).get("included") or []
    if not isinstance(values, list):
        raise Malformed(f"included is {_name(values)}, not a list")
    return [
        item_type.parse(value, f"included[{index}]")
        for index, value in enumerate(values)
        if isinstance(value, Mapping) and value.get("type") == type_
    ]


def parse_single(item_type: type[AnItem], document: Document | None) -> AnItem:
    """Parse a response whose data is a list of exactly one object; raise Malformed otherwise."""
    items = parse_list(item_type, document)
    if len(items) != 1:
        raise Malformed(f"data lists {len(items)} objects, not one")
    return items[0]


def _data(document: Document | None) -> JSON:
    if document is None:
        raise Malformed("the body is empty")
    if "data" not in document:
        raise Malformed('the body has no "data"')
    return document["data"]


def _text(value: Mapping[str, JSON], member: str, where: str) -> str:
    text = value.get(member)
    if not isinstance(text, str) or not text:
        raise Malformed(f"{where}.{member} is {_name(text)}, not a string with characters")
    return text


def _members(value: Mapping[str, JSON], member: str, where: str) -> Mapping[str, JSON]:
    members = value.get(member)
    if members is None:
        return {}
    if not isinstance(members, Mapping):
        raise Malformed(f"{where}.{member} is {_name(members)}, not an object")
    return members


def _name(value: JSON) -> str:
    """Name the type of a JSON value."""
    match value:
        case None:
            return "missing or null"
        case bool():
            return "a boolean"
        case str():
            return "a string" if value else "an empty string"
        case int() | float():
            return "a number"
        case Mapping():
            return "an object"
        case _:
            return "a list"
