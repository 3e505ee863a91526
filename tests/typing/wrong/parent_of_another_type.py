"""A parent id of the wrong type."""

import pulumi_datadog_cases as cases

cases.AutomationRule.get("r", "id", project_id=3)  # wrong: arg-type, reportArgumentType
