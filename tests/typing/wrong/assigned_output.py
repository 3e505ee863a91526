"""An assignment of a value to a property of a resource. Properties can only be read."""

import pulumi_datadog_cases as cases

cases.CaseType("t", name="Intrusion").name = 3  # wrong: assignment, reportAttributeAccessIssue
