"""Rules of an incident desk. What they do is tested in `test_rules.py`."""

import pulumi

import pulumi_datadog_cases as cases

desk = cases.Project("desk", key="DESK", name="Incident desk")

enrich = cases.AutomationRule(
    "enrich",
    project_id=desk.id,
    name="Enrich what comes in",
    trigger={"type": "CASE_CREATED"},
    action={"type": "EXECUTE_WORKFLOW", "data": {"handle": "enrich-incident"}},
)
review = cases.AutomationRule(
    "review",
    project_id=desk.id,
    name="Ask for a review of what was closed",
    trigger={"type": "STATUS_TRANSITIONED", "data": {"to_status_name": "Closed"}},
    action={"type": "EXECUTE_WORKFLOW", "data": {"handle": "ask-for-review"}},
)

# Somebody is woken up for what is urgent in production, be it new or just found to be urgent.
woken = cases.NotificationRule(
    "woken",
    project_id=desk.id,
    recipients=[{"type": "PAGERDUTY_SERVICE", "data": {"service_name": "incidents"}}],
    triggers=[
        {"type": "CASE_CREATED"},
        {"type": "ATTRIBUTE_VALUE_CHANGED", "data": {"field": "priority"}},
    ],
    query="priority:P1 env:prod",
)

pulumi.export("enrich", enrich.id)
pulumi.export("review", review.id)
pulumi.export("woken", woken.id)
