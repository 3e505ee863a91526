"""Hostile texts, ids and numbers in programs deployed with the real `pulumi`."""

import json
import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization
    from tests.proof.conftest import Measure

pytestmark = pytest.mark.pulumi

#: The beginning of each program. It defines texts with line breaks, control characters,
#: bidirectional overrides and path separators.
TEXTS = r"""
TEXTS = [
    "two\nlines\r\n",
    "\x1b[31mred\x1b[2J",
    "\x1b]8;;https://evil.example\x07link\x1b]8;;\x07",
    "nul\x00byte",
    "👩‍👩‍👧 🚨",
    "\u202egnp.exe\u2067",
    "a/../../b?c=d#e%2f",
]
LONG = "long " * 200_000  # a megabyte
IDS = ["a/../b", "..", "%2e%2e%2f", "?a=b#c", "\x1b[2J", "projects"]
"""

KEPT = """
import pulumi_datadog_cases as cases

desk = cases.Project("desk", key="DESK", name=TEXTS[0])
rule = {"trigger": {"type": "CASE_CREATED"}, "state": "DISABLED"}
span = {"start_at": "2031-01-01T00:00:00Z", "end_at": "2031-01-02T00:00:00Z"}
for number, text in enumerate(TEXTS):
    cases.CaseType(f"type-{number}", name=text, description=text)
    cases.CaseView(f"view-{number}", project_id=desk.id, name=text, query=text)
    cases.MaintenanceWindow(f"window-{number}", name=text, query=text, **span)
    action = {"type": "EXECUTE_WORKFLOW", "data": {"handle": text}}
    cases.AutomationRule(f"rule-{number}", project_id=desk.id, name=text, action=action, **rule)
    case = cases.Case(
        f"case-{number}",
        project_id=desk.id,
        title=text,
        description=text,
        attributes={text: [text]},
    )
    cases.CaseComment(f"comment-{number}", case_id=case.id, comment=text)
    cases.CaseInsight(
        f"insight-{number}", case_id=case.id, type="MONITOR", ref=text, resource_id=text
    )
cases.Case("long", project_id=desk.id, title="Long", description=LONG)
"""

REFUSED = """
import pulumi_datadog_cases as cases

odd = {text: text for text in [*TEXTS, LONG[:4000]]}
cases.AutomationRule(
    "rule",
    project_id=TEXTS[0],
    name="Rule",
    trigger={"type": TEXTS[1], "data": odd, **odd},
    action={"type": "EXECUTE_WORKFLOW", "data": {"handle": float("nan")}},
    state=TEXTS[3],
    **odd,
)
"""

WARNED = """
import pulumi_datadog_cases as cases

odd = {text: text for text in [*TEXTS, LONG[:4000]]}
cases.AutomationRule(
    "rule",
    project_id="1f0c0000-0000-4000-8000-000000000001",
    name="Rule",
    trigger={"type": TEXTS[1], "data": odd, **odd},
    action={"type": "EXECUTE_WORKFLOW", "data": {"handle": "h"}},
    state=TEXTS[3],
)
"""

READ = """
import pulumi_datadog_cases as cases

for number, id_ in enumerate(IDS):
    cases.Project.get(f"project-{number}", id_)
    cases.CaseView.get(f"view-{number}", id_)
    cases.Case.get(f"case-{number}", id_)
    cases.AutomationRule.get(f"rule-{number}", id_, project_id=id_)
"""


def test_hostile_texts_are_stored_unchanged(
    new_stack: "NewStack", organization: "Organization", measure: "Measure"
) -> None:
    stack = new_stack(organization, TEXTS + KEPT)
    output = stack.up()
    stack.assert_no_changes()
    json.loads(stack("stack", "export"))
    output += stack.destroy()
    raw = [line for line in output.splitlines() if not line.isprintable()]
    measure("hostile: texts shown unescaped", len(raw))
    assert not raw


def test_failures_with_hostile_texts_are_escaped(
    new_stack: "NewStack", organization: "Organization", measure: "Measure"
) -> None:
    output = new_stack(organization, TEXTS + REFUSED).preview(fails=True)
    errors = re.findall(r"^ +__main__\.py:\d+: AutomationRule rule: (.*)", output, re.MULTILINE)
    # There are ten mistakes. The eight texts in `odd` are names of unknown properties. In addition,
    # the values of `project_id` and `handle` are invalid.
    assert len({*errors}) == 10
    raw = [error for error in errors if not error.isprintable()]
    measure("hostile: texts shown unescaped", len(raw))
    assert not raw
    assert organization.request_lines() == []


def test_warnings_about_hostile_texts_are_escaped(
    new_stack: "NewStack", organization: "Organization", measure: "Measure"
) -> None:
    output = new_stack(organization, TEXTS + WARNED).preview()
    warnings = re.findall(r"warning: (.*)", output)
    # There are ten warnings. The eight texts in `odd` are unknown keys of the trigger. In addition,
    # TEXTS[1] and TEXTS[3] are unknown enum values.
    assert len({*warnings}) == 10
    raw = [warning for warning in warnings if not warning.isprintable()]
    measure("hostile: texts shown unescaped", len(raw))
    assert not raw


def test_hostile_ids_reach_no_other_url(
    new_stack: "NewStack", organization: "Organization", measure: "Measure"
) -> None:
    stack = new_stack(organization, TEXTS + READ)
    output = stack.up("--continue-on-error", fails=True)
    errors = re.findall(r"^ +error: (.*)", output, re.MULTILINE)
    raw = [error for error in errors if not error.isprintable()]
    program: dict[str, list[str]] = {}
    exec(TEXTS, program)  # noqa: S102 - gets the ids that the program uses
    intended = {
        f"GET /cases/{path.format(id_)}"
        for id_ in program["IDS"]
        for path in ("{}", "projects/{}", "views/{}", "projects/{}/rules", "projects/{0}/rules/{0}")
    }
    # The sandbox's request log contains decoded paths, except for `%3F` (`?`) and `%23` (`#`).
    asked = {re.sub("%3F", "?", re.sub("%23", "#", each)) for each in organization.request_lines()}
    unintended = asked - intended
    measure("hostile: texts shown unescaped", len(raw))
    measure("hostile: requests to an unintended URL", len(unintended))
    assert len(errors) > 10
    assert not raw
    assert not unintended
