"""Models of teams."""

from collections.abc import Sequence
from datetime import datetime

from pulumi_datadog_cases.api.models.base import ResponseModel


class TeamAttributes(ResponseModel):
    """The attributes of a team."""

    name: str | None = None
    handle: str | None = None
    description: str | None = None
    summary: str | None = None
    avatar: str | None = None
    banner: int | None = None
    hidden_modules: Sequence[str] = ()
    visible_modules: Sequence[str] = ()
    is_managed: bool | None = None
    user_count: int | None = None
    link_count: int | None = None
    created_at: datetime | None = None
    modified_at: datetime | None = None
