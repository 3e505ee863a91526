"""A property that only the API sets."""

import pulumi_datadog_cases as cases

cases.CaseType("t", name="Intrusion", internal=True)  # wrong: call-arg, reportCallIssue
