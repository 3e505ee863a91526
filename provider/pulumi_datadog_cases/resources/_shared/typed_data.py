"""Validates `{"type": ..., "data": {...}}`: the type decides which members `data` may have."""

from collections.abc import Iterable, Mapping

from pulumi_datadog_cases.engine import KnownInputs, Violations
from pulumi_datadog_cases.resources._shared.base import text


def foreign_members(
    declared: KnownInputs, types: Iterable[str], members: Mapping[str, tuple[str, ...]]
) -> Violations:
    """Reject members of `data` that the `type` does not have. An unknown type may have any members.

    Args:
        declared: a mapping with `type` and `data`.
        types: the known types.
        members: the members of `data` by type. The `data` of a known type that is missing here has
            no members.
    """
    type_ = text(declared["type"])
    if type_ not in types:
        return
    allowed = members.get(type_, ())
    for member in declared.inside("data"):
        if member not in allowed:
            yield (
                f"data.{member}",
                f"does not belong to {type_}, which takes {', '.join(allowed) or 'no data'}",
            )


def missing_members(declared: KnownInputs, required: Mapping[str, tuple[str, ...]]) -> Violations:
    """Reject `data` without the members that its `type` requires."""
    type_ = text(declared["type"])
    for member in required.get(type_, ()):
        if member not in declared.inside("data"):
            yield f"data.{member}", f"is missing: type {type_} requires it"
