"""Models of counts and aggregations of cases."""

from collections.abc import Sequence

from pulumi_datadog_cases.api.models.base import ResponseModel


class GroupValue(ResponseModel):
    """The number of cases with one value of a field."""

    value: str
    """Value of the field."""
    count: int
    """Number of cases."""


class CountGroup(ResponseModel):
    """The numbers of cases by the values of one field."""

    group: str
    """Name of the field."""
    group_values: Sequence[GroupValue] = ()
    """The number for each value."""


class CountAttributes(ResponseModel):
    """The result of a count of cases."""

    groups: Sequence[CountGroup] = ()
    """One group for each field."""
    total: int | None = None
    """Number of cases. The reference mentions it, but does not list it among the attributes."""


class AggregateGroup(ResponseModel):
    """The cases with the same value of a field."""

    group: str
    """Value of the field."""
    value: Sequence[float] = ()
    """Numbers of cases."""


class AggregateAttributes(ResponseModel):
    """The result of an aggregation of cases."""

    total: float | None = None
    """Number of cases."""
    groups: Sequence[AggregateGroup] = ()
    """One group for each value."""
