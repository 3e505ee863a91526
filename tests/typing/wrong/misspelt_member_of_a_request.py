"""A misspelt member of a request."""

from pulumi_datadog_cases import models

models.ProjectRequest(key="SEC", nme="S", name="S")  # wrong: call-arg, reportCallIssue
