"""A parent id that is none."""

import pulumi_datadog_cases as cases

cases.AutomationRule.get("r", "id", project_id=3)  # wrong: arg-type, reportArgumentType
