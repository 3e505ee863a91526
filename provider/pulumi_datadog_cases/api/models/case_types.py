"""Models of case types and of the definitions of custom attributes."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import Field

from pulumi_datadog_cases.api.enums import CustomAttributeType
from pulumi_datadog_cases.api.models.base import (
    Model,
    RequestModel,
    ResponseModel,
)


class CaseTypeRequest(RequestModel):
    """The attributes of a case type."""

    name: str
    description: str | None = None
    emoji: str | None = None
    """A single emoji."""


class StatusOption(Model):
    """A status of a case type."""

    name: str


class StatusGroupConfig(Model):
    """The statuses of one group."""

    status_options: Sequence[StatusOption] = ()
    default: str | None = None
    """Name of the group's default status."""


class CaseTypeAttributes(ResponseModel):
    """The attributes of a case type."""

    name: str
    description: str | None = None
    emoji: str | None = None
    deleted_at: datetime | None = None
    """When the case type was deleted; None if it was not deleted."""
    internal: bool | None = None
    """Whether the case type is built in (recorded)."""
    statuses_config: Mapping[str, StatusGroupConfig] = Field(default_factory=dict)
    """The statuses by group: `open`, `in_progress` and `closed` (recorded)."""


class CustomAttributeOption(Model):
    """A value that can be selected."""

    value: str


class CustomAttributeTypeData(Model):
    """The properties of a custom attribute that depend on its type."""

    options: Sequence[CustomAttributeOption] | None = None
    """The values of a `SELECT` attribute."""


class CustomAttributeRequest(RequestModel):
    """The attributes of a definition to create."""

    key: str
    display_name: str
    type: CustomAttributeType
    is_multi: bool
    description: str | None = None


class CustomAttributeUpdate(RequestModel):
    """The attributes of a definition to update."""

    display_name: str | None = None
    type: CustomAttributeType | None = None
    description: str | None = None
    type_data: CustomAttributeTypeData | None = None
    map_from: str | None = None
    """Id of an external field that provides the value."""


class CustomAttributeAttributes(ResponseModel):
    """The attributes of the definition of a custom attribute."""

    key: str
    display_name: str | None = None
    type: CustomAttributeType | None = None
    is_multi: bool | None = None
    description: str | None = None
    case_type_id: str | None = None
    """UUID of the case type."""
    case_type: str | None = None
    """`TUNKNOWN` for custom case types (recorded)."""
    type_data: CustomAttributeTypeData | None = None
    """The API does not return it (documented)."""
    map_from: str | None = None
    """The API does not return it (documented)."""
