"""Rules of an incident project, tested by `test_rules.py`."""

import pulumi

import pulumi_datadog_cases as cases

desk = cases.Project("desk", key="DESK", name="Incident desk")

enrich = cases.AutomationRule(
    "enrich",
    project_id=desk.id,
    name="Enrich every new case",
    trigger={"type": "CASE_CREATED"},
    action={"type": "EXECUTE_WORKFLOW", "data": {"handle": "enrich-incident"}},
)
review = cases.AutomationRule(
    "review",
    project_id=desk.id,
    name="Request a review of closed cases",
    trigger={"type": "STATUS_TRANSITIONED", "data": {"to_status_name": "Closed"}},
    action={"type": "EXECUTE_WORKFLOW", "data": {"handle": "ask-for-review"}},
)

# Page the on-call engineer if an urgent production case is created or gets a new priority.
page = cases.NotificationRule(
    "page",
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
pulumi.export("page", page.id)
