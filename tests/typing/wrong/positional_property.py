"""A property that is passed as a positional argument."""

import pulumi_datadog_cases as cases

cases.CaseType("t", None, "Intrusion")  # wrong: call-arg, reportCallIssue
