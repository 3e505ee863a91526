"""A value of the wrong type."""

import pulumi_datadog_cases as cases

cases.Project("p", key=1, name="Security")  # wrong: arg-type, reportArgumentType
