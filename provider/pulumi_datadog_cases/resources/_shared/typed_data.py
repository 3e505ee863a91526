"""Validates `{"type": ..., "data": {...}}`: the type decides which members `data` has.

The validators of this file report nothing if the annotation of `type` does not list the declared
value. The engine has already reported such a value, and passes it to the validators as unknown.
Reading an unknown value raises `InputNotYetKnown`, which ends a validator.
"""

from collections.abc import Mapping

from pulumi_datadog_cases.engine import KnownInputs, Validator, Violations
from pulumi_datadog_cases.resources._shared.base import text


def foreign_members(members: Mapping[str, tuple[str, ...]]) -> Validator:
    """Return a validator that warns about members of `data` that belong only to other types.

    Args:
        members: the members of `data` by type, from Datadog's API reference. A type that is missing
            here has no `data`.
    """
    known = {member for each in members.values() for member in each}

    def validate(declared: KnownInputs) -> Violations:
        type_ = text(declared["type"])
        own = members.get(type_, ())
        takes = ", ".join(own) or "no data"
        for member in declared.inside("data"):
            if member in known and member not in own:
                yield f"data.{member}", f"does not belong to {type_}, which takes {takes}"

    return Validator(validate, warning=True)


def missing_members(required: Mapping[str, tuple[str, ...]]) -> Validator:
    """Return a validator that rejects `data` without the members that its `type` requires."""

    def validate(declared: KnownInputs) -> Violations:
        type_ = text(declared["type"])
        for member in required.get(type_, ()):
            if member not in declared.inside("data"):
                yield f"data.{member}", f"is missing: type {type_} requires it"

    return Validator(validate)
