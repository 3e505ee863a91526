"""An escalation ladder: recipients for each priority, from email to PagerDuty."""

import pulumi

import pulumi_datadog_cases as cases
from pulumi_datadog_cases import components

shop = cases.Project("shop", key="SHOP", name="Shop")

ladder = components.EscalationLadder(
    "shop",
    project_id=shop.id,
    rungs={
        # Page the on-call engineer. With `inherits=True`, a P1 case also notifies the recipients
        # of P2 and P4.
        "P1": {
            "recipients": [
                {"type": "PAGERDUTY_SERVICE", "data": {"service_name": "shop"}},
                {"type": "HTTP", "data": {"name": "status-page"}},
            ],
            # Also notify when a P1 case is closed.
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
        # Cases without a priority go to the triage team.
        "NOT_DEFINED": {
            "recipients": [{"type": "EMAIL", "data": {"email": "triage@acme.example"}}]
        },
    },
    inherits=True,
)

pulumi.export("rules", {priority: rule.id for priority, rule in ladder.rules.items()})
