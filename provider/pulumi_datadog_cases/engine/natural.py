"""`Input`: the type of a value that a program may pass to a resource."""

from typing import TYPE_CHECKING, TypeVar

import pulumi

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet
    from datetime import date
    from decimal import Decimal
    from enum import Enum
    from typing import TypeAlias
    from uuid import UUID

    from _typeshed import DataclassInstance

    T = TypeVar("T")

    Natural: TypeAlias = AbstractSet[object] | DataclassInstance | Decimal | Enum | UUID | date
    """The values that `inputs.convert` converts to JSON values; a `datetime` is a `date`.

    Type checkers accept a value of these types for every input. Only the running program checks
    whether such a value fits its input: a date, for example, fits a due date. JSON values must have
    the input's own type, which type checkers do check.
    """

    Input: TypeAlias = pulumi.Input[T | Natural]
else:
    # The validation, the diff and the documentation know only JSON values.
    Input = pulumi.Input
