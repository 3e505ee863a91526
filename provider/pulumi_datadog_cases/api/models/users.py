"""Models of users and organisations."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from pulumi_datadog_cases.api.models.base import ResponseModel, ToMany, ToOne


class UserAttributes(ResponseModel):
    """The attributes of a user."""

    name: str | None = None
    email: str | None = None
    handle: str | None = None
    status: Literal["Active", "Disabled", "Pending"] | str | None = None
    disabled: bool | None = None
    verified: bool | None = None
    service_account: bool | None = None
    title: str | None = None
    icon: str | None = None
    allowed_login_methods: Sequence[str] = ()
    last_login_time: datetime | None = None
    created_at: datetime | None = None
    modified_at: datetime | None = None


class UserRelationships(ResponseModel):
    """The relationships of a user."""

    org: ToOne | None = None
    """Organisation of the user."""
    roles: ToMany | None = None
    """Roles of the user."""


class OrganizationAttributes(ResponseModel):
    """The attributes of an organisation."""

    name: str | None = None
    public_id: str | None = None
