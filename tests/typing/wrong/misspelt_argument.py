"""A property that there is not."""

import pulumi_datadog_cases as cases

cases.CaseType("t", name="Intrusion", emojy="🚨")  # wrong: call-arg, reportCallIssue
