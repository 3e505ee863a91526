"""A property that does not exist."""

import pulumi_datadog_cases as cases

cases.CaseType("t", name="Intrusion", emojy="🚨")  # wrong: call-arg, reportCallIssue
