"""Declares the rules and cases of `plan.json` with this project's resources."""

import json
from pathlib import Path

import pulumi_datadog_cases as cases

plan = json.loads(Path("plan.json").read_text(encoding="utf-8"))
for number, rule in enumerate(plan["rules"]):
    cases.AutomationRule(f"rule-{number}", project_id=plan["project_id"], **rule)
for number, case in enumerate(plan["cases"]):
    cases.Case(f"case-{number}", project_id=plan["project_id"], **case)
