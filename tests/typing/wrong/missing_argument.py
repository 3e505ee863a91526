"""A required property that is left out."""

import pulumi_datadog_cases as cases

cases.Project("p", key="SEC")  # wrong: call-arg, reportCallIssue
