"""An output of another type, where its value would be of the wrong one."""

import pulumi_datadog_cases as cases

case = cases.Case("c", project_id="p", title="t")
cases.CaseType("t", name=case.archived)  # wrong: arg-type, reportArgumentType
