"""An on-call team's project, with Slack and PagerDuty notifications and a view."""

import pulumi

import pulumi_datadog_cases as cases

config = pulumi.Config()
channel = config.get("slackChannel") or "#payments-on-call"
service = config.get("pagerDutyService") or "payments"

payments = cases.Project(
    "payments",
    key="PAY",
    name="Payments on call",
    settings={
        "auto_transition_assigned_cases": {
            "auto_transition_assigned_cases_on_self_assigned": True,
        }
    },
)

# New and closed cases are posted to the channel; urgent new cases also page someone.
notify = cases.NotificationRule(
    "notify",
    project_id=payments.id,
    recipients=[{"type": "SLACK_CHANNEL", "data": {"workspace": "acme", "channel": channel}}],
    triggers=[
        {"type": "CASE_CREATED"},
        {"type": "STATUS_TRANSITIONED", "data": {"to_status_name": "Closed"}},
    ],
)
page = cases.NotificationRule(
    "page",
    project_id=payments.id,
    recipients=[{"type": "PAGERDUTY_SERVICE", "data": {"service_name": service}}],
    triggers=[{"type": "CASE_CREATED"}],
    query="priority:(P1 OR P2)",
)

# A view of the cases that the on-call engineer handles, with the notification rule for them.
urgent = cases.CaseView(
    "urgent",
    project_id=payments.id,
    name="Urgent and open",
    query="status:open priority:(P1 OR P2)",
    np_rule_id=page.id,
)

favorite = cases.ProjectFavorite("favorite", project_id=payments.id)

pulumi.export("project", payments.key)
