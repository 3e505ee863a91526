"""JSON:API documents: what goes into a request body and what is read out of an answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self, TypeAlias

JSON: TypeAlias = "str | int | float | bool | Sequence[JSON] | Mapping[str, JSON] | None"
"""Any JSON value. Read-only types, so that a `dict[str, str]` is one too."""

Document: TypeAlias = Mapping[str, JSON]
"""The top level of a body: `data`, and at times `meta` and `included`."""


class Malformed(Exception):  # noqa: N818 - never leaves this package
    """A document that is not what its endpoint answers with; says what was found and where.

    Who knows the call makes an `InvalidResponse` of it.
    """


@dataclass(frozen=True)
class Item:
    """One object as the API returns it, with every member it has, documented or not.

    The API leaves out what is unset, and now and then sends null for it: readers should treat
    a missing attribute and a null one alike (recorded).
    """

    id: str
    type: str
    attributes: Mapping[str, JSON]
    relationships: Mapping[str, JSON]

    @classmethod
    def parse(cls, value: JSON, where: str = "data") -> Self:
        """Read a resource object.

        Args:
            value: the object as decoded from JSON.
            where: its place in the document, for the message.

        Raises:
            Malformed: it is not one.
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
        """The attributes, and of each relationship to one object that object's id.

        The id stands under the relationship's name and under `<name>_id`, because the API calls
        `created_by` on one kind what is `project_id` on another. An attribute of the same name
        wins: a maintenance window has `created_by` as an attribute.
        """
        flat: dict[str, JSON] = {}
        for name, relationship in self.relationships.items():
            target = relationship.get("data") if isinstance(relationship, Mapping) else None
            if isinstance(target, Mapping) and "id" in target:
                flat[name] = flat[f"{name}_id"] = target["id"]
        return flat | dict(self.attributes)


# The families have a method called `list`, which hides the builtin from their annotations.
Items: TypeAlias = list[Item]


def body(
    kind: str,
    attributes: Mapping[str, JSON] | None = None,
    relationships: Mapping[str, JSON] | None = None,
    /,
) -> Document:
    """A request body. `kind` is `data.type`, which the API checks (400 where it is wrong)."""
    data: dict[str, JSON] = {"type": kind}
    if attributes is not None:
        data["attributes"] = attributes
    if relationships is not None:
        data["relationships"] = relationships
    return {"data": data}


def reference(kind: str, identifier: str) -> Document:
    """A relationship to one object, which is also the whole body of a call that sets one."""
    return {"data": {"id": identifier, "type": kind}}


def one(document: Document | None) -> Item:
    """The object of an answer about one object; Malformed where it is not such an answer."""
    return Item.parse(_data(document))


def many(document: Document | None) -> Items:
    """The objects of an answer that lists some; Malformed where it is not such an answer."""
    data = _data(document)
    if not isinstance(data, list):
        raise Malformed(f"data is {_name(data)}, not a list")
    return [Item.parse(value, f"data[{index}]") for index, value in enumerate(data)]


def only(document: Document | None) -> Item:
    """The object of an answer that lists exactly one; Malformed where it does not."""
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
        raise Malformed(f"{where}.{member} is {_name(text)}, not a name")
    return text


def _members(value: Mapping[str, JSON], member: str, where: str) -> Mapping[str, JSON]:
    members = value.get(member)
    if members is None:
        return {}
    if not isinstance(members, Mapping):
        raise Malformed(f"{where}.{member} is {_name(members)}, not an object")
    return members


def _name(value: JSON) -> str:
    """What a JSON value is, in JSON's words."""
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
