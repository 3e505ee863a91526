"""An existing case that people opened, linked to an incident, Jira, ServiceNow and a notebook.

Set the key of the case before the deployment:

    pulumi config set case SUPPORT-1
"""

import pulumi

import pulumi_datadog_cases as cases

# The case itself stays unmanaged. This stack manages only the objects that it adds to the case.
outage = cases.get_case(pulumi.Config().require("case"))

cases.CaseIncident(
    "declared",
    case_id=outage.id,
    incident_id="5e7b5d1c-3d4a-4a5e-9c7b-0f6f1f3b2a10",
)
issue = cases.CaseJiraIssue(
    "fix",
    case_id=outage.id,
    jira_account_id="acme",
    jira_project_id="10001",
    issue_type_id="10004",
    fields={"labels": ["outage"]},
)
ticket = cases.CaseServiceNowTicket(
    "customer",
    case_id=outage.id,
    instance_name="acme",
    assignment_group="customer-care",
)
cases.CaseNotebook("investigation", case_id=outage.id)

# A value of a custom attribute; the case's type defines `region`.
cases.CaseCustomAttribute(
    "region",
    case_id=outage.id,
    key="region",
    type="TEXT",
    value="eu-central-1",
)

# Mute the database's events during its migration.
cases.MaintenanceWindow(
    "migration",
    name="Database migration to another region",
    query="service:orders-db",
    start_at="2030-01-10T02:00:00Z",
    end_at="2030-01-10T04:00:00Z",
)

pulumi.export("issue", issue.issue_url)
pulumi.export("ticket", ticket.sys_target_link)
