"""The model of one JSON:API resource object in an API response or a seed file."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue


class ResourceObject(BaseModel):
    """One object in an API response or a seed file.

    Attributes:
        id: The object's id, mostly a UUID.
        attributes: The object's values by their names in the API; empty for some objects.
        relationships: Related objects, each with `data`, `links` or both.
    """

    model_config = ConfigDict(frozen=True, strict=True)

    id: Annotated[str, Field(min_length=1)]
    attributes: dict[str, JsonValue] = Field(default_factory=dict)
    relationships: dict[str, JsonValue] = Field(default_factory=dict)

    def attribute(self, *path: str) -> JsonValue:
        """The value at a path in the attributes, or None."""
        return _at(self.attributes, *path)

    def relationship(self, *path: str) -> JsonValue:
        """The value at a path in the relationships, or None."""
        return _at(self.relationships, *path)

    def fields(self) -> dict[str, JsonValue]:
        """The id, the attributes and the ids of related objects, without nulls.

        The id of a related object is returned under two keys: the relationship's name and
        `<name>_id`. Some fields of the sandbox's records have the relationship's name, such as
        `created_by`. Others have the name with `_id`, such as `project_id`.
        """
        related = {
            field: related_id
            for name in self.relationships
            if (related_id := self.relationship(name, "data", "id")) is not None
            for field in (name, f"{name}_id")
        }
        attributes = {name: value for name, value in self.attributes.items() if value is not None}
        return {**related, **attributes, "id": self.id}


def _at(value: JsonValue, *path: str) -> JsonValue:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value
