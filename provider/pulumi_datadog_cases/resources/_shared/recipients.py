"""The recipient types of notification rules, and the members of `data` that each type has.

Type checkers, validation and the reference documentation read this file. To add a recipient type,
add its name to `Recipient` and its members to `RECIPIENT_DATA` and
`NotificationRecipientDataArgs`. The sandbox has its own list in
`datadog_cases_sandbox/rules/recipients.py`.
"""

from collections.abc import Mapping
from typing import Literal, TypeAlias

from typing_extensions import TypedDict

from pulumi_datadog_cases.engine import Input

Recipient: TypeAlias = Literal[
    "EMAIL", "SLACK_CHANNEL", "MS_TEAMS_CHANNEL", "PAGERDUTY_SERVICE", "HTTP"
]

NotificationRecipientType: TypeAlias = Recipient | str

#: Members of a recipient's `data`, by type. Datadog's API reference lists them only in its prose.
RECIPIENT_DATA: Mapping[str, tuple[str, ...]] = {
    "EMAIL": ("email",),
    "SLACK_CHANNEL": ("workspace", "workspace_id", "channel", "channel_id"),
    "MS_TEAMS_CHANNEL": (
        "tenant_id",
        "tenant_name",
        "team_id",
        "team_name",
        "channel_id",
        "channel_name",
        "connector_name",
    ),
    "PAGERDUTY_SERVICE": ("service_name",),
    "HTTP": ("name",),
}


class NotificationRecipientDataArgs(TypedDict, total=False):
    """The address of a recipient. Each member belongs to one or two recipient types."""

    email: Input[str]
    """`EMAIL`: the address."""
    workspace: Input[str]
    """`SLACK_CHANNEL`: the workspace's name."""
    workspace_id: Input[str]
    """`SLACK_CHANNEL`: the workspace's id."""
    channel: Input[str]
    """`SLACK_CHANNEL`: the channel's name."""
    channel_id: Input[str]
    """`SLACK_CHANNEL`: the channel's id."""
    tenant_id: Input[str]
    """`MS_TEAMS_CHANNEL`: the tenant's id."""
    tenant_name: Input[str]
    """`MS_TEAMS_CHANNEL`: the tenant's name."""
    team_id: Input[str]
    """`MS_TEAMS_CHANNEL`: the team's id."""
    team_name: Input[str]
    """`MS_TEAMS_CHANNEL`: the team's name."""
    channel_name: Input[str]
    """`MS_TEAMS_CHANNEL`: the channel's name."""
    connector_name: Input[str]
    """`MS_TEAMS_CHANNEL`: the connector's name."""
    service_name: Input[str]
    """`PAGERDUTY_SERVICE`: the service's name."""
    name: Input[str]
    """`HTTP`: the webhook's name."""
