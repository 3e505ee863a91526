"""The base classes of the models, and the types that several models share."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias, cast

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, JsonValue, model_validator


class Model(BaseModel):
    """Part of a request or response. A member that the model does not know is kept.

    A model cannot be changed. To change a copy, call `model_copy(update={...})`.
    """

    model_config = ConfigDict(
        extra="allow",
        frozen=True,
        # The API may return an id as a number (assumed).
        coerce_numbers_to_str=True,
        use_attribute_docstrings=True,
    )


class ResponseModel(Model):
    """Attributes or relationships in a response. An unset member is None or empty."""

    @model_validator(mode="before")
    @classmethod
    def _drop_nulls(cls, value: object) -> object:
        """Remove members that are null. For an unset member, the API returns null or nothing."""
        if not isinstance(value, Mapping):
            return value
        members = cast("Mapping[str, object]", value)
        return {name: member for name, member in members.items() if member is not None}


class RequestModel(Model):
    """The attributes of a request. Members that the program does not set are not sent.

    Pass None to send null.
    """


class Identifier(Model):
    """Identifies an object of the API."""

    id: str
    """Id of the object, usually a UUID."""
    type: str | None = None
    """JSON:API type of the object, such as `user`."""


class ToOne(Model):
    """A relationship to one object, or to none."""

    data: Identifier | None = None
    """The related object."""

    @property
    def id(self) -> str | None:
        """The id of the related object."""
        return self.data.id if self.data else None


class AuthorContent(ResponseModel):
    """The user who is the author of an object."""

    id: str | None = Field(default=None, validation_alias=AliasChoices("ID", "id"))
    """UUID of the user. The API returns it as `ID` (recorded); its reference calls it `id`."""
    name: str | None = None
    email: str | None = None
    handle: str | None = None
    active: bool | None = None
    """Whether the user is active (recorded)."""


class Author(ResponseModel):
    """The author of an object."""

    type: str | None = None
    """Kind of the author, such as `USER`."""
    content: AuthorContent | None = None
    """The author."""


class Links(Model):
    """Links of a relationship."""

    related: str | None = None
    """Path of the request that returns the related objects."""


class ToMany(Model):
    """A relationship to any number of objects."""

    data: Sequence[Identifier] = ()
    """The related objects."""
    links: Links | None = None
    """Links of the relationship."""


class NoAttributes(ResponseModel):
    """The attributes of an object that has no documented attributes."""


class NoRelationships(ResponseModel):
    """The relationships of an object that has no documented relationships."""


Json: TypeAlias = JsonValue
"""Any JSON value."""
