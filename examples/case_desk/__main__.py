"""A payments team's project with types, rules and views from one component, and a first case."""

import pulumi

import pulumi_datadog_cases as cases
from pulumi_datadog_cases import components

desk = components.CaseDesk(
    "payments",
    # A project with cases of other people is deleted only if it has "force_destroy": True.
    project={
        "key": "PAY",
        "name": "Payments",
        "settings": {"notification": {"notify_on_case_comment": False}},
    },
    case_types={
        "chargeback": {
            "emoji": "💳",
            "description": "A customer's bank reverses a payment.",
            "custom_attributes": {
                "scheme": {"options": ["visa", "mastercard", "other"]},
                "amount": {"type": "NUMBER", "description": "In euro."},
                "evidence": {"type": "URL", "is_multi": True},
            },
        }
    },
    notification_rules={
        "urgent": {
            "recipients": [
                {"type": "SLACK_CHANNEL", "data": {"workspace": "acme", "channel": "#payments"}}
            ],
            "query": "priority:(P1 OR P2)",
        }
    },
    views={
        "urgent": {"query": "status:open priority:(P1 OR P2)", "notification_rule": "urgent"},
        "open": {"name": "Open chargebacks", "query": "status:open"},
    },
    automation_rules={
        "collect-evidence": {
            "trigger": {"type": "CASE_CREATED"},
            "action": {"type": "EXECUTE_WORKFLOW", "data": {"handle": "collect-evidence"}},
        }
    },
)

first = cases.Case(
    "first",
    project_id=desk.project_id,
    type_id=desk.case_types["chargeback"].id,
    title="Chargeback of order 1042",
    priority="P2",
    custom_attributes={
        "scheme": {"type": "SELECT", "value": "visa"},
        "amount": {"type": "NUMBER", "value": 129.5},
    },
    # The case sets custom attributes, which must exist first. So create it after the component.
    opts=pulumi.ResourceOptions(depends_on=[desk]),
)

pulumi.export("project", desk.project.key)
pulumi.export("case", first.key)
