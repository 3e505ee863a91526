"""A value assigned to a property, which only reads; said of its type, as it takes any input."""

import pulumi_datadog_cases as cases

cases.CaseType("t", name="Intrusion").name = 3  # wrong: assignment, reportAttributeAccessIssue
