"""Declares the rules and cases of `plan.json` as resources that only wait."""

import json
from pathlib import Path

from benchmarks.programs.floor.waiting import Waiting

plan = json.loads(Path("plan.json").read_text(encoding="utf-8"))
for number, rule in enumerate(plan["rules"]):
    Waiting(f"rule-{number}", {"project_id": plan["project_id"], "rounds": 1, **rule})
for number, case in enumerate(plan["cases"]):
    # The API would need two rounds of requests, because the request that creates a case cannot set
    # labels and due date. The first round creates the case, and the second round sets these.
    Waiting(f"case-{number}", {"project_id": plan["project_id"], "rounds": 2, **case})
