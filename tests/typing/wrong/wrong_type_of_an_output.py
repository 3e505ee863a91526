"""An output of the wrong type, passed as an input."""

import pulumi_datadog_cases as cases

case = cases.Case("c", project_id="p", title="t")
cases.CaseType("t", name=case.archived)  # wrong: arg-type, reportArgumentType
