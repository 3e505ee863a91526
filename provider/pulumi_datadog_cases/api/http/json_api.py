"""JSON:API documents: builds request bodies and parses responses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self, TypeAlias

JSON: TypeAlias = "str | int | float | bool | Sequence[JSON] | Mapping[str, JSON] | None"
"""Any JSON value.

The type contains `Mapping` and `Sequence` instead of `dict` and `list`, because type checkers would
not accept a `dict[str, str]` as a `dict[str, JSON]`.
"""

Document: TypeAlias = Mapping[str, JSON]
"""The top level of a request or response body. It has `data` and may have `meta` and `included`."""


class Malformed(Exception):  # noqa: N818 - internal to this package
    """A document is not in the endpoint's format; the message says what is wrong, and where.

    `EndpointGroup` turns this exception into an `InvalidResponse`.
    """


@dataclass(frozen=True)
class Item:
    """One object of the API, with all attributes and relationships of the response.

    Undocumented attributes and relationships are included. For an unset attribute the API returns
    null or nothing (recorded), so callers must treat a missing attribute like null.
    """

    id: str
    type: str
    attributes: Mapping[str, JSON]
    relationships: Mapping[str, JSON]

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
            attributes=_members(value, "attributes", where),
            relationships=_members(value, "relationships", where),
        )

    def values(self) -> dict[str, JSON]:
        """Return one dictionary with all attributes, and with the id of each to-one relationship.

        Each id is under two keys, `<name>` and `<name>_id`. Some properties of resources have a
        name of the first form (`created_by`), and some have a name of the second form
        (`project_id`). If an attribute and a relationship have the same name, the attribute takes
        precedence. For example, `created_by` of a maintenance window is an attribute.
        """
        flat: dict[str, JSON] = {}
        for name, relationship in self.relationships.items():
            target = relationship.get("data") if isinstance(relationship, Mapping) else None
            if isinstance(target, Mapping) and "id" in target:
                flat[name] = flat[f"{name}_id"] = target["id"]
        return flat | dict(self.attributes)


# Endpoint groups use this name in annotations, because their method `list` shadows the builtin.
Items: TypeAlias = list[Item]


def body(
    type_: str,
    attributes: Mapping[str, JSON] | None = None,
    relationships: Mapping[str, JSON] | None = None,
    /,
) -> Document:
    """Build a request body. The API rejects a wrong `data.type` with 400."""
    data: dict[str, JSON] = {"type": type_}
    if attributes is not None:
        data["attributes"] = attributes
    if relationships is not None:
        data["relationships"] = relationships
    return {"data": data}


def reference(type_: str, identifier: str) -> Document:
    """Build a to-one relationship, which is also the body of a request that sets it."""
    return {"data": {"id": identifier, "type": type_}}


def one(document: Document | None) -> Item:
    """Parse a response with one object; raise Malformed if the response has another format."""
    return Item.parse(_data(document))


def many(document: Document | None) -> Items:
    """Parse a response with a list of objects; raise Malformed if it has another format."""
    data = _data(document)
    if not isinstance(data, list):
        raise Malformed(f"data is {_name(data)}, not a list")
    return [Item.parse(value, f"data[{index}]") for index, value in enumerate(data)]


def included(document: Document | None) -> list[Item]:
    """Parse the objects that a response includes because its data refers to them."""
    values = (document or {}).get("included") or []
    if not isinstance(values, list):
        raise Malformed(f"included is {_name(values)}, not a list")
    return [Item.parse(value, f"included[{index}]") for index, value in enumerate(values)]


def only(document: Document | None) -> Item:
    """Parse a response with a list of exactly one object; raise Malformed otherwise."""
    items = many(document)
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
