"""Descriptions of the actions of automation rules."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel


class Action(BaseModel):
    """A stored action. If the rule comes from a seed file, the action may have an unknown type."""

    type: str = ""
    data: dict[str, Any] | None = None


def effect(action: Mapping[str, object]) -> str:
    """Describes what an automation rule does, as in `runs the workflow enrich`."""
    parsed = Action.model_validate(action)
    match parsed.type.upper(), parsed.data:
        case "EXECUTE_WORKFLOW", {"handle": handle}:
            return f"runs the workflow {handle}"
        case "ASSIGN_AGENT", {"agent_type": agent_type, "assigned_agent_id": agent_id}:
            return f"assigns the agent {agent_id} ({agent_type})"
        case _:
            return parsed.type + (f" {json.dumps(parsed.data)}" if parsed.data else "")
