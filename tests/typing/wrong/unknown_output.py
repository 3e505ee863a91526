"""An output that does not exist."""

import pulumi

import pulumi_datadog_cases as cases

kind = cases.CaseType("t", name="Intrusion")
pulumi.export("at", kind.created_at)  # wrong: attr-defined, reportAttributeAccessIssue
