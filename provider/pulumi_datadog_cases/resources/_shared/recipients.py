"""The recipients of notification rules, and the members of `data` that each takes.

To add a recipient type, add its name and its members here, and members that are new to
`NotificationRecipientDataArgs`.
"""

from collections.abc import Mapping
from typing import Literal, TypeAlias, get_args

_Recipient: TypeAlias = Literal[
    "EMAIL", "SLACK_CHANNEL", "MS_TEAMS_CHANNEL", "PAGERDUTY_SERVICE", "HTTP"
]

NotificationRecipientType: TypeAlias = _Recipient | str

RECIPIENTS: tuple[str, ...] = get_args(_Recipient)

#: Members of a recipient's `data` (the reference groups them so in its prose).
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
