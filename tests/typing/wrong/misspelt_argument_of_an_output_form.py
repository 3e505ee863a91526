"""A misspelt argument of the output form of a lookup."""

import pulumi_datadog_cases as cases

cases.get_project_output(kee="DESK")  # wrong: call-arg, reportCallIssue
