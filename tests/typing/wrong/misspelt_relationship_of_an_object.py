"""A misspelt relationship of an object that the client returns."""

import pulumi_datadog_cases as cases


def assigned(client: cases.Client) -> bool:
    case = client.cases.get("SEC-12")
    return case.relationships.asignee is None  # wrong: attr-defined, reportAttributeAccessIssue
