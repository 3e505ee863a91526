"""Makes, lists or deletes the rules of `plan.json` with the official client, as scripts do.

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


def run(act: Callable[[Any], object], items: Iterable[object]) -> None:
    """Do something with each, in so many threads."""
    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(act, items):
            pass


configuration = Configuration(  # type: ignore[no-untyped-call] # the client does not say
    host=os.environ["DD_HOST"],
    api_key={"apiKeyAuth": os.environ["DD_API_KEY"], "appKeyAuth": os.environ["DD_APP_KEY"]},
)
with ApiClient(configuration) as client:
    cases = CaseManagementApi(client)  # type: ignore[no-untyped-call] # as above

    def create(rule: object) -> None:
        """Make a rule."""
        body = json.dumps({"data": {"type": "rule", "attributes": rule}})
        request: object = client.deserialize(body, (AutomationRuleCreateRequest,), True)  # pyright: ignore[reportUnknownVariableType] - of any type
        cases.create_case_automation_rule(project_id, cast("AutomationRuleCreateRequest", request))

    def delete(rule: Any) -> None:  # noqa: ANN401 - as the client has it
        """Delete a rule."""
        cases.delete_case_automation_rule(project_id, rule.id)

    if command == "create":
        run(create, plan["rules"])
    else:
        rules = cases.list_case_automation_rules(project_id).data
        if command == "delete":
            run(delete, rules)
