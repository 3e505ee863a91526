"""What rules do, in words for people."""

import json
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from pydantic import BaseModel


class Told(NamedTuple):
    """How a type of recipient is told of.

    Attributes:
        name: What it is called.
        members: What says which one it is: the first that is there does.
        within: What says where that is.
    """

    name: str
    members: tuple[str, ...]
    within: tuple[str, ...] = ()


RECIPIENTS: Final = {
    "EMAIL": Told("", ("email",)),
    "SLACK_CHANNEL": Told(
        "Slack channel", ("channel", "channel_id"), ("workspace", "workspace_id")
    ),
    "MS_TEAMS_CHANNEL": Told(
        "Teams channel",
        ("channel_name", "channel_id", "connector_name"),
        ("team_name", "tenant_name"),
    ),
    "PAGERDUTY_SERVICE": Told("PagerDuty service", ("service_name",)),
    "HTTP": Told("webhook", ("name",)),
}


class Said(BaseModel):
    """An action or a recipient: rules that were exported may have types unknown here."""

    type: str = ""
    data: Mapping[str, object] | None = None


def action(raw: Mapping[str, object]) -> str:
    """What an automation rule does."""
    said = Said.model_validate(raw)
    match said.type.upper(), said.data:
        case "EXECUTE_WORKFLOW", {"handle": handle}:
            return f"runs the workflow {handle}"
        case "ASSIGN_AGENT", {"agent_type": kind, "assigned_agent_id": agent}:
            return f"assigns the agent {agent} ({kind})"
        case _:
            return said.type + (f" {json.dumps(said.data)}" if said.data else "")


def recipients(raw: Sequence[Mapping[str, object]]) -> str:
    """Whom a notification rule tells."""
    return f"tells {', '.join(_recipient(Said.model_validate(one)) for one in raw) or 'nobody'}"


def _recipient(said: Said) -> str:
    data = said.data or {}
    told = RECIPIENTS.get(said.type, Told(said.type, tuple(data)))
    one, place = (
        next((str(data[member]) for member in members if data.get(member)), "")
        for members in (told.members, told.within)
    )
    words = " ".join(filter(None, (told.name, one))) or "somebody"
    return f"{words} in {place}" if place else words
