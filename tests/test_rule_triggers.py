"""Tests that a new type of trigger or recipient needs changes in only two files.

One file belongs to the provider, the other to the sandbox. A new member of a trigger's `data`
should also be added to the client's models, which keep it as an unknown member until then.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from pulumi_datadog_cases.resources._shared import recipients, rule_triggers

ROOT = Path(__file__).parents[1]
PROVIDER = Path("pulumi_datadog_cases/resources/_shared")
SANDBOX = Path("datadog_cases_sandbox/rules")

#: The edits that add a trigger with its own member of `data`. For each file, there are pairs of an
#: existing text and the text to insert after it.
TRIGGER: Mapping[Path, Mapping[str, str]] = {
    PROVIDER / "rule_triggers.py": {
        '    "COMMENT_ADDED",\n': '    "PROBE_LAUNCHED",\n',
        '    "CASE_REVIEW_APPROVED": ("approval_type",),\n': (
            '    "PROBE_LAUNCHED": ("rocket",),\n'
        ),
        "    approval_type: Input[str]\n": (
            '    """`CASE_REVIEW_APPROVED`: the kind of approval."""\n    rocket: Input[str]\n'
        ),
    },
    SANDBOX / "triggers.py": {
        "class AutomationTriggerData(TypedDict, total=False):\n": "    rocket: str\n",
        "TRIGGER_TYPES: Final = (\n": (
            "    TriggerType(\n"
            '        name="PROBE_LAUNCHED",\n'
            "        in_notification_rules=False,\n"
            '        condition=lambda _data: "a probe is launched",\n'
            '        describe=lambda _event: "a probe was launched",\n'
            "    ),\n"
        ),
    },
}

USE_TRIGGER = """
import pulumi_datadog_cases as cases
from pulumi_datadog_cases.testing import CaseSandbox

ACTION = {"type": "EXECUTE_WORKFLOW", "data": {"handle": "h"}}
TRIGGER = {"type": "probe_launched", "data": {"rocket": "r"}}

def check(trigger):
    inputs = {"project_id": "5a9d0c00-0000-4000-8000-00000000000a", "name": "n", "action": ACTION}
    values, found = cases.AutomationRule.Provider.resource_type.validate(
        {**inputs, "trigger": trigger}
    )
    return values["trigger"]["type"], [each.message for each in found]

assert check(TRIGGER) == ("PROBE_LAUNCHED", [])
_, (message,) = check({"type": "probe_launched", "data": {"field": "f"}})
assert message == "does not belong to PROBE_LAUNCHED, which takes rocket; sent as is"

with CaseSandbox.started() as sandbox, cases.Client(sandbox.settings) as client:
    project = client.projects.create({"key": "SOC", "name": "SOC"}).id
    rule = {"name": "n", "trigger": TRIGGER, "action": ACTION}
    client.automation_rules.create(project, rule)
    (outcome,) = sandbox.simulate("probe_launched", project="SOC")
    assert (outcome.fired, outcome.why) == (True, "a probe was launched")
"""

#: The edits that add a recipient type with its own member of `data`. The form is that of `TRIGGER`.
RECIPIENT: Mapping[Path, Mapping[str, str]] = {
    PROVIDER / "recipients.py": {
        '"EMAIL", ': '"PROBE", ',
        "RECIPIENT_DATA: Mapping[str, tuple[str, ...]] = {\n": '    "PROBE": ("rocket",),\n',
        "class NotificationRecipientDataArgs(TypedDict, total=False):\n": (
            "    rocket: Input[str]\n"
        ),
    },
    SANDBOX / "recipients.py": {
        "class RecipientData(TypedDict, total=False):\n": "    rocket: str\n",
        "RECIPIENT_TYPES: Final = {\n": '    "PROBE": RecipientType("probe", ("rocket",)),\n',
    },
}

USE_RECIPIENT = """
import pulumi_datadog_cases as cases
from pulumi_datadog_cases.testing import CaseSandbox

RECIPIENT = {"type": "PROBE", "data": {"rocket": "r"}}
TRIGGERS = [{"type": "CASE_CREATED", "data": {}}]

def check(recipient):
    inputs = {"project_id": "5a9d0c00-0000-4000-8000-00000000000a", "triggers": TRIGGERS}
    _, found = cases.NotificationRule.Provider.resource_type.validate(
        {**inputs, "recipients": [recipient]}
    )
    return [each.message for each in found]

assert check(RECIPIENT) == []
assert check({"type": "PROBE", "data": {"email": "e"}}) == [
    "does not belong to PROBE, which takes rocket; sent as is"
]

with CaseSandbox.started() as sandbox, cases.Client(sandbox.settings) as client:
    project = client.projects.create({"key": "SOC", "name": "SOC"}).id
    rule = {"recipients": [RECIPIENT], "triggers": TRIGGERS}
    client.notification_rules.create(project, rule)
    (outcome,) = sandbox.simulate("case_created", project="SOC")
    assert (outcome.fired, outcome.does) == (True, "notifies probe r")
"""


class Copy:
    """A copy of the provider and the sandbox."""

    def __init__(self, root: Path) -> None:
        self.root = root
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "provider", root, dirs_exist_ok=True, ignore=ignore)

    def edit(self, edits: Mapping[Path, Mapping[str, str]]) -> None:
        """Insert texts into files, each after an existing text that is unique in the file."""
        for name, insertions in edits.items():
            text = (self.root / name).read_text(encoding="utf-8")
            for before, inserted in insertions.items():
                assert text.count(before) == 1, before
                text = text.replace(before, before + inserted)
            (self.root / name).write_text(text, encoding="utf-8")

    def python(self, *arguments: str) -> str:
        """Run Python with the copy instead of the installed package; return its output."""
        done = subprocess.run(
            [sys.executable, *arguments],
            env={**os.environ, "PYTHONPATH": str(self.root), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


def test_new_trigger_takes_two_files(copy: Copy) -> None:
    copy.edit(TRIGGER)
    copy.python("-c", USE_TRIGGER)
    simulate = "import sys; from pulumi_datadog_cases.cli import main; main()"
    assert "probe_launched" in copy.python("-c", simulate, "simulate", "--help")


def test_new_recipient_takes_two_files(copy: Copy) -> None:
    copy.edit(RECIPIENT)
    copy.python("-c", USE_RECIPIENT)


@pytest.mark.parametrize(
    ("names", "tables"),
    [
        (rule_triggers.AUTOMATION_TRIGGER_NAMES, TRIGGER),
        (tuple(recipients.RECIPIENT_DATA), RECIPIENT),
    ],
    ids=["triggers", "recipients"],
)
def test_no_other_module_lists_names(
    names: tuple[str, ...], tables: Mapping[Path, Mapping[str, str]]
) -> None:
    provider = ROOT / "provider"
    listing = {
        file.relative_to(provider)
        for file in provider.rglob("*.py")
        if sum(f'"{name}"' in file.read_text(encoding="utf-8").upper() for name in names) > 2
    }
    assert listing == {*tables}


@pytest.mark.parametrize(
    ("args", "members"),
    [
        (rule_triggers.AutomationRuleTriggerDataArgs, rule_triggers.AUTOMATION_TRIGGER_DATA),
        (rule_triggers.NotificationTriggerDataArgs, rule_triggers.NOTIFICATION_TRIGGER_DATA),
        (recipients.NotificationRecipientDataArgs, recipients.RECIPIENT_DATA),
    ],
    ids=["automation triggers", "notification triggers", "recipients"],
)
def test_every_member_of_data_belongs_to_a_type(
    args: type, members: Mapping[str, tuple[str, ...]]
) -> None:
    assert {*args.__annotations__} == {name for names in members.values() for name in names}
