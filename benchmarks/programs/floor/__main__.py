"""Declares the rules and cases of `plan.json` as resources that only wait."""

import json
from pathlib import Path

from benchmarks.programs.floor.waiting import Waiting

plan = json.loads(Path("plan.json").read_text(encoding="utf-8"))
for number, rule in enumerate(plan["rules"]):
    Waiting(f"rule-{number}", {"project_id": plan["project_id"], "rounds": 1, **rule})
for number, case in enumerate(plan["cases"]):
    # Two rounds of requests: the create, then labels and due date, which the API does not accept on
    # create.
    Waiting(f"case-{number}", {"project_id": plan["project_id"], "rounds": 2, **case})
