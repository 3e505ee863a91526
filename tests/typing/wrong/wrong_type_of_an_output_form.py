"""An argument of the wrong type, passed to the output form of a lookup."""

import pulumi_datadog_cases as cases

case = cases.Case("c", project_id="p", title="t")
cases.get_project_output(key=case.archived)  # wrong: arg-type, reportArgumentType
