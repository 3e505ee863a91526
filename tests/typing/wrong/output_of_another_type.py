"""An output that is used as an output of another type."""

import pulumi

import pulumi_datadog_cases as cases

case = cases.Case("c", project_id="p", title="t")
number: pulumi.Output[int] = case.title  # wrong: assignment, reportAssignmentType
