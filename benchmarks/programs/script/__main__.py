"""Create, list or delete the rules of `plan.json` with the official client.

python __main__.py create|list|delete THREADS
"""

import json
import os
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

from datadog_api_client import ApiClient, Configuration
from datadog_api_client.v2.api.case_management_api import CaseManagementApi
from datadog_api_client.v2.model.automation_rule_create_request import AutomationRuleCreateRequest

command, threads = sys.argv[1], int(sys.argv[2])
plan = json.loads(Path("plan.json").read_text(encoding="utf-8"))
project_id = plan["project_id"]


def run(function: Callable[[Any], object], items: Iterable[object]) -> None:
    """Call a function with each item, in `threads` threads."""
    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(function, items):
            pass


configuration = Configuration(  # type: ignore[no-untyped-call] # the client has no annotations
    host=os.environ["DD_HOST"],
    api_key={"apiKeyAuth": os.environ["DD_API_KEY"], "appKeyAuth": os.environ["DD_APP_KEY"]},
)
with ApiClient(configuration) as client:
    cases = CaseManagementApi(client)  # type: ignore[no-untyped-call] # no annotations

    def create(rule: object) -> None:
        """Create a rule."""
        body = json.dumps({"data": {"type": "rule", "attributes": rule}})
        request: object = client.deserialize(body, (AutomationRuleCreateRequest,), True)  # pyright: ignore[reportUnknownVariableType] - untyped
        cases.create_case_automation_rule(project_id, cast("AutomationRuleCreateRequest", request))

    def delete(rule: Any) -> None:  # noqa: ANN401 - untyped in the client
        """Delete a rule."""
        cases.delete_case_automation_rule(project_id, rule.id)

    if command == "create":
        run(create, plan["rules"])
    else:
        rules = cases.list_case_automation_rules(project_id).data
        if command == "delete":
            run(delete, rules)
