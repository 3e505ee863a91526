"""Events on cases, and the fields whose changes are events."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from datadog_cases_sandbox.endpoints import case_fields
from datadog_cases_sandbox.endpoints.cases import Case
from datadog_cases_sandbox.endpoints.users import User
from datadog_cases_sandbox.store import Store

STATUS: Final = "status"
NO_PRIORITY: Final = "NOT_DEFINED"

FIELDS: Final = {
    "title": "title",
    "description": "description",
    "priority": "priority",
    "assignee": "assignee_id",
    "due_date": "due_date",
    "security_resolved_reason": "security_resolved_reason",
}
"""The fields of a case that a trigger can name, each with the attribute of `Case`.

A trigger can also name a label or a custom attribute.
"""

Values: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """An event on a case.

    Attributes:
        trigger: The name of the trigger type that matches the event.
        case: The case after the event.
        field: The changed field, if any: `status`, one of `FIELDS`, a label or a custom attribute.
        before: The field's values before the event. Empty if the field was not set.
        after: The field's values after the event. Empty if the field is not set.
        approval_type: The kind of approval in the event `CASE_REVIEW_APPROVED`; None if unknown. A
            trigger with an `approval_type` matches only events with the same `approval_type`. Other
            events do not use this attribute.
    """

    trigger: str
    case: Case
    field: str = ""
    before: Values = ()
    after: Values = ()
    approval_type: str | None = None

    @property
    def added(self) -> Values:
        """The values that the field gained."""
        return tuple(value for value in self.after if value not in self.before)

    @property
    def removed(self) -> Values:
        """The values that the field lost."""
        return tuple(value for value in self.before if value not in self.after)


def field_values(store: Store, case: Case) -> Mapping[str, Values]:
    """The values of all fields that an `ATTRIBUTE_VALUE_CHANGED` trigger can name."""
    fields = {name: getattr(case, attribute) for name, attribute in FIELDS.items()}
    assignee = case.assignee_id and store.find(User, case.assignee_id)
    if assignee:
        fields["assignee"] = assignee.email
    unset = ("", None, NO_PRIORITY)
    values = {name: (str(value),) for name, value in fields.items() if value not in unset}
    return {**case_fields.attributes(case), **values}
