"""A value of the wrong type, deep in a mapping."""

import pulumi_datadog_cases as cases

cases.Project(
    "p",
    key="SEC",
    name="Security",
    settings={"notification": {"enabled": "yes"}},  # wrong: arg-type, reportArgumentType
)
