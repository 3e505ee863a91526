"""Models of a case's timeline."""

from datetime import datetime
from typing import Literal

from pulumi_datadog_cases.api.models.base import Author, ResponseModel


class CellContent(ResponseModel):
    """The content of a cell of the timeline."""

    message: str | None = None
    """Text of a comment, in Markdown."""


class TimelineCellAttributes(ResponseModel):
    """The attributes of a cell of a case's timeline."""

    type: Literal["COMMENT"] | str | None = None
    """Kind of the cell."""
    cell_content: CellContent | None = None
    """Content of the cell."""
    author: Author | None = None
    """Author of the cell."""
    created_at: datetime | None = None
    """When the cell was created."""
    modified_at: datetime | None = None
    """When the cell was last changed."""
    deleted_at: datetime | None = None
    """When the cell was deleted; None if it was not deleted."""
    content: str | None = None
    """The content as JSON text (recorded)."""
