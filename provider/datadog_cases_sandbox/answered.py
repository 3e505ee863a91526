"""What the API has answered, read back: the other direction of the families' `_resource`."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue


class Answered(BaseModel):
    """One object as the API answers it.

    Attributes:
        id: Its id, mostly a UUID.
        attributes: Under the API's names; some objects have none.
        relationships: To other objects, each with `data`, `links` or both.
    """

    model_config = ConfigDict(frozen=True, strict=True)

    id: Annotated[str, Field(min_length=1)]
    attributes: dict[str, JsonValue] = Field(default_factory=dict)
    relationships: dict[str, JsonValue] = Field(default_factory=dict)

    def attribute(self, *steps: str) -> JsonValue:
        """What stands at a place in the attributes; None where nothing does."""
        return _at(self.attributes, *steps)

    def relationship(self, *steps: str) -> JsonValue:
        """What stands at a place in the relationships; None where nothing does."""
        return _at(self.relationships, *steps)

    def members(self) -> dict[str, JsonValue]:
        """The id, the attributes, and what relationships lead to. What is null is left out.

        The id of an object that a relationship leads to stands under the relationship's name and
        under `<name>_id`: records have `created_by`, but `project_id`.
        """
        related = {
            member: target
            for name in self.relationships
            if (target := self.relationship(name, "data", "id")) is not None
            for member in (name, f"{name}_id")
        }
        attributes = {name: value for name, value in self.attributes.items() if value is not None}
        return {**related, **attributes, "id": self.id}


def _at(value: JsonValue, *steps: str) -> JsonValue:
    for step in steps:
        value = value.get(step) if isinstance(value, dict) else None
    return value
