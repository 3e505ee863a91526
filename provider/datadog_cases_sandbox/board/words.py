"""When rules act, in words: what `rules.wording` is for what they do."""

from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel

EVENTS: Final = {
    "CASE_CREATED": "a case is created",
    "EVENT_CORRELATION_SIGNAL_CORRELATED": "a signal is correlated",
    "COMMENT_ADDED": "a comment is added",
}

CHANGES: Final = {
    "VALUE_ADDED": "a value is added to {}",
    "ADDED": "a value is added to {}",
    "VALUE_DELETED": "a value is removed from {}",
    "REMOVED": "a value is removed from {}",
}


class Trigger(BaseModel):
    """A trigger of either kind of rule; one that was exported may be of a type unknown here."""

    type: str = ""
    data: Mapping[str, object] | None = None


def trigger(raw: Mapping[str, object]) -> str:
    """When a rule acts, as in `the status changes to Closed`."""
    said = Trigger.model_validate(raw)
    data, kind = said.data or {}, said.type.upper()
    if kind == "STATUS_TRANSITIONED":
        left = data.get("from_status_name") or data.get("from_status")
        entered = data.get("to_status_name") or data.get("to_status")
        steps = [f" from {left}" if left else "", f" to {entered}" if entered else ""]
        return f"the status changes{''.join(steps)}"
    if kind == "ATTRIBUTE_VALUE_CHANGED":
        change = CHANGES.get(str(data.get("change_type")).upper(), "{} changes")
        return change.format(data.get("field") or "an attribute")
    if kind == "CASE_REVIEW_APPROVED":
        outcome = data.get("approval_type")
        return f"a review is approved{f' as {outcome}' if outcome else ''}"
    return EVENTS.get(kind, said.type or "nothing")
