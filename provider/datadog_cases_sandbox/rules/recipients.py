"""The types of recipients of notification rules.

All code that depends on the type of a recipient is in this module: the validation of requests, and
the description of a recipient for people. To add a type, add an entry to `RECIPIENT_TYPES`. If its
`data` has new members, add them to `RecipientData`.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, NamedTuple

from pydantic import BaseModel
from typing_extensions import TypedDict

from datadog_cases_sandbox.bodies import one_of


class RecipientData(TypedDict, total=False):
    """The `data` of a recipient, which identifies the recipient.

    Only the prose of the reference says which members each type of recipient has.
    """

    email: str
    workspace: str
    workspace_id: str
    channel: str
    channel_id: str
    channel_name: str
    connector_name: str
    tenant_id: str
    tenant_name: str
    team_id: str
    team_name: str
    service_name: str
    name: str


class RecipientType(NamedTuple):
    """A type of recipient.

    Attributes:
        label: The type's name in descriptions.
        names: The members of `data` that name the recipient. A description shows the first of these
            members that is set.
        places: The members of `data` that name the workspace or team. A description shows the first
            of these members that is set.
    """

    label: str
    names: tuple[str, ...]
    places: tuple[str, ...] = ()


RECIPIENT_TYPES: Final = {
    "EMAIL": RecipientType("", ("email",)),
    "SLACK_CHANNEL": RecipientType(
        "Slack channel", ("channel", "channel_id"), ("workspace", "workspace_id")
    ),
    "MS_TEAMS_CHANNEL": RecipientType(
        "Teams channel",
        ("channel_name", "channel_id", "connector_name"),
        ("team_name", "tenant_name"),
    ),
    "PAGERDUTY_SERVICE": RecipientType("PagerDuty service", ("service_name",)),
    "HTTP": RecipientType("webhook", ("name",)),
}
"""The recipient types by their names in the API."""

RecipientTypeName = Annotated[str, one_of(RECIPIENT_TYPES)]


class Recipient(BaseModel):
    """A stored recipient. If the rule comes from a seed file, its type may be unknown."""

    type: str = ""
    data: dict[str, Any] | None = None


def effect(recipients: Sequence[Mapping[str, object]]) -> str:
    """Describes what a notification rule does, as in `notifies lead@example.com`."""
    texts = [_describe(Recipient.model_validate(recipient)) for recipient in recipients]
    return f"notifies {', '.join(texts) or 'no recipients'}"


def _describe(recipient: Recipient) -> str:
    data = recipient.data or {}
    unknown = RecipientType(recipient.type, tuple(data))
    recipient_type = RECIPIENT_TYPES.get(recipient.type, unknown)
    name, place = (
        next((str(data[member]) for member in members if data.get(member)), "")
        for members in (recipient_type.names, recipient_type.places)
    )
    text = " ".join(filter(None, (recipient_type.label, name))) or "an unnamed recipient"
    return f"{text} in {place}" if place else text
