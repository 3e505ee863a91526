"""A value that an enum does not have."""

import pulumi_datadog_cases as cases

cases.Case("c", project_id="p", title="t", priority="P9")  # wrong: arg-type, reportArgumentType
