"""Security triage: one case per finding, with insights, a watcher, a link and a comment."""

import pulumi

import pulumi_datadog_cases as cases

triage = cases.Project("triage", key="TRIAGE", name="Security triage")

security = cases.get_case_type(name="Security")

travel = cases.Case(
    "impossible-travel",
    project_id=triage.id,
    type_id=security.id,
    title="Impossible travel of an administrator",
    priority="P1",
)
cases.CaseInsight(
    "impossible-travel",
    case_id=travel.id,
    type="SECURITY_SIGNAL",
    ref="/security?event=sig-1",
    resource_id="sig-1",
)

errors = cases.Case(
    "error-burst",
    project_id=triage.id,
    type_id=security.id,
    title="Login errors since the last deployment",
    priority="P3",
)
cases.CaseInsight(
    "error-burst",
    case_id=errors.id,
    type="MONITOR",
    ref="/monitors/4711?q=total",
    resource_id="4711",
)

# The login errors may come from the same attacker.
related = cases.CaseLink(
    "same-intruder",
    parent_entity_type="CASE",
    parent_entity_id=travel.id,
    child_entity_type="CASE",
    child_entity_id=errors.id,
    relationship="RELATES_TO",
)

# The person who deploys watches the urgent case and adds a first comment.
me = cases.get_user(email=pulumi.Config().require("email"))
cases.CaseWatcher("me", case_id=travel.id, user_uuid=me.id)
cases.CaseComment(
    "first-steps",
    case_id=travel.id,
    comment="First: revoke the sessions. Then: was the second login ours?",
)

pulumi.export("cases", [travel.key, errors.key])
