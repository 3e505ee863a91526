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

    Type checkers accept each of them in every place. Whether it fits the place, for example a date
    in a due date, is checked when the program passes it. JSON values are checked by their type.
    """

    Input: TypeAlias = pulumi.Input[T | Natural]
else:
    # The validation, the diff and the documentation know only JSON values.
    Input = pulumi.Input
