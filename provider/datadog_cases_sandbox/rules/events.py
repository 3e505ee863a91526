"""What happens to cases, in the words of triggers.

Which events there are is documented; which change of a case counts as which is mostly assumed: see
BEHAVIOUR.md.
"""

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from datadog_cases_sandbox.families import case_fields
from datadog_cases_sandbox.families.cases import Case
from datadog_cases_sandbox.families.users import User
from datadog_cases_sandbox.store import Store

CASE_CREATED: Final = "CASE_CREATED"
STATUS_TRANSITIONED: Final = "STATUS_TRANSITIONED"
ATTRIBUTE_VALUE_CHANGED: Final = "ATTRIBUTE_VALUE_CHANGED"
SIGNAL_CORRELATED: Final = "EVENT_CORRELATION_SIGNAL_CORRELATED"
REVIEW_APPROVED: Final = "CASE_REVIEW_APPROVED"
COMMENT_ADDED: Final = "COMMENT_ADDED"

STATUS: Final = "status"
NO_PRIORITY: Final = "NOT_DEFINED"
SIGNAL: Final = "EVENT_CORRELATION"
"""The type of insight that tells of a correlated signal."""

FIELDS: Final = {
    "title": "title",
    "description": "description",
    "priority": "priority",
    "assignee": "assignee_id",
    "due_date": "due_date",
    "security_resolved_reason": "security_resolved_reason",
}
"""The fields of a case that a trigger can watch, as the case stores them; labels and custom
attributes come to these."""

WORDS: Final = {
    CASE_CREATED: "the case was created",
    COMMENT_ADDED: "a comment was added",
    SIGNAL_CORRELATED: "a signal was correlated",
    REVIEW_APPROVED: "a review was approved",
}
"""What has happened where no field has changed."""

MAX_WORDS: Final = 60
"""Characters of a field's values that are told."""

Values: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that has happened to a case.

    Attributes:
        type: The trigger that waits for it.
        case: The case, as it is after it.
        field: What has changed, if anything has: `status`, one of `FIELDS`, a label or a custom
            attribute.
        before: The values of the field; none if it was not set.
        after: Its values now.
        approval_type: The outcome of a review.
    """

    type: str
    case: Case
    field: str = ""
    before: Values = ()
    after: Values = ()
    approval_type: str | None = None

    @property
    def added(self) -> Values:
        """The values that have come."""
        return tuple(value for value in self.after if value not in self.before)

    @property
    def deleted(self) -> Values:
        """The values that have gone."""
        return tuple(value for value in self.before if value not in self.after)

    @property
    def words(self) -> str:
        """What has happened, for people."""
        if self.type in WORDS:
            return WORDS[self.type] + (f" as {self.approval_type}" if self.approval_type else "")
        before, after = (
            textwrap.shorten(", ".join(values), MAX_WORDS, placeholder="…") or "nothing"
            for values in (self.before, self.after)
        )
        return f"{self.field} went from {before} to {after}"


def between(store: Store, before: Case | None, after: Case) -> Iterator[Event]:
    """What has happened to a case, by what it was and what it is.

    Args:
        store: Where the people are that it names.
        before: The case as it was; None for one that is new.
        after: The case as it is.
    """
    if before is None:
        yield Event(CASE_CREATED, after)
        return
    if before.status_name != after.status_name:
        yield Event(STATUS_TRANSITIONED, after, STATUS, (before.status_name,), (after.status_name,))
    was, is_now = values(store, before), values(store, after)
    for field in {**was, **is_now}:
        old, new = was.get(field, ()), is_now.get(field, ())
        if {*old} != {*new}:
            yield Event(ATTRIBUTE_VALUE_CHANGED, after, field, old, new)
    if any(one["type"] == SIGNAL and one not in before.insights for one in after.insights):
        yield Event(SIGNAL_CORRELATED, after)


def values(store: Store, case: Case) -> Mapping[str, Values]:
    """The values of all fields of a case that a trigger can watch, the status apart."""
    stored = {name: getattr(case, attribute) for name, attribute in FIELDS.items()}
    assignee = case.assignee_id and store.find(User, case.assignee_id)
    if assignee:
        stored["assignee"] = assignee.email
    nothing = ("", None, NO_PRIORITY)
    told = {name: (str(value),) for name, value in stored.items() if value not in nothing}
    return {**case_fields.attributes(case), **told}
