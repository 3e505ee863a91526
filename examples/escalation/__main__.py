"""An escalation ladder: the more urgent a case, the more people are told, and the louder."""

import pulumi

import pulumi_datadog_cases as cases
from pulumi_datadog_cases import components

shop = cases.Project("shop", key="SHOP", name="Shop")

ladder = components.EscalationLadder(
    "shop",
    project_id=shop.id,
    rungs={
        # Wakes somebody up, and by what is below tells the channel and the list, too.
        "P1": {
            "recipients": [
                {"type": "PAGERDUTY_SERVICE", "data": {"service_name": "shop"}},
                {"type": "HTTP", "data": {"name": "status-page"}},
            ],
            # Of a P1 they also hear when it is over.
            "triggers": [
                {"type": "CASE_CREATED"},
                {"type": "ATTRIBUTE_VALUE_CHANGED", "data": {"field": "priority"}},
                {"type": "STATUS_TRANSITIONED", "data": {"to_status_name": "Closed"}},
            ],
        },
        "P2": {
            "recipients": [
                {"type": "SLACK_CHANNEL", "data": {"workspace": "acme", "channel": "#shop"}}
            ]
        },
        "P4": {"recipients": [{"type": "EMAIL", "data": {"email": "shop@acme.example"}}]},
        # Nobody has said yet how urgent it is: those who sort cases hear of it.
        "NOT_DEFINED": {
            "recipients": [{"type": "EMAIL", "data": {"email": "triage@acme.example"}}]
        },
    },
    inherits=True,
)

pulumi.export("rules", {priority: rule.id for priority, rule in ladder.rules.items()})
