"""A property without its name."""

import pulumi_datadog_cases as cases

cases.CaseType("t", None, "Intrusion")  # wrong: call-arg, reportCallIssue
