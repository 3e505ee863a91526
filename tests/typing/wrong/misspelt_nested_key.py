"""A key that a mapping does not have."""

import pulumi_datadog_cases as cases

cases.AutomationRule(
    "r",
    project_id="p",
    name="Triage",
    trigger={"typ": "CASE_CREATED"},  # wrong: arg-type, reportArgumentType
    action={"type": "EXECUTE_WORKFLOW", "data": {}},
)
