"""Kinds that the API only lists."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

import pytest
import requests

from pulumi_datadog_cases.api import Item
from pulumi_datadog_cases.resources._shared.list_reads import ListCache

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization

    from pulumi_datadog_cases import Client

PROGRAM = """
import pulumi_datadog_cases as cases

desk = cases.Project("desk", key="SECOPS", name="Security operations")
for number in range(3):
    cases.NotificationRule(
        f"rule-{number}",
        project_id=desk.id,
        recipients=[{"type": "EMAIL", "data": {"email": f"soc-{number}@example.com"}}],
        triggers=[{"type": "CASE_CREATED"}],
    )
    cases.MaintenanceWindow(
        f"window-{number}",
        name=f"Window {number}",
        query="project:SECOPS",
        start_at=f"2099-12-2{number}T17:00:00Z",
        end_at="2099-12-27T07:00:00Z",
    )
"""


@pytest.mark.pulumi
def test_a_refresh_lists_once_for_all_siblings(
    organization: "Organization", new_stack: "NewStack"
) -> None:
    if not organization.is_sandbox:
        pytest.skip("only a sandbox tells what it is asked")
    stack = new_stack(organization, PROGRAM)
    stack.up()
    before = len(organization.journal())
    stack.refresh()
    project_id = stack.resources["desk"]["id"]
    assert sorted(organization.asked()[before:]) == [
        f"GET /cases/projects/{project_id}",
        f"GET /cases/projects/{project_id}/notification_rules",
        "GET /maintenance_windows",
    ]


MANY = """
import os
import pulumi_datadog_cases as cases

desk = cases.Project("desk", key="SECOPS", name="Security operations")
version = os.environ["VERSION"]
for number in range(12):
    cases.Case(f"case-{number}", project_id=desk.id, title=f"Case {number} {version}")
for number in range(5):
    cases.CaseView(f"view-{number}", project_id=desk.id, name=f"{number} {version}", query="")
    cases.AutomationRule(
        f"rule-{number}",
        project_id=desk.id,
        name=f"Rule {number} {version}",
        trigger={"type": "CASE_CREATED"},
        action={"type": "EXECUTE_WORKFLOW", "data": {"handle": "enrich"}},
    )
"""


@pytest.mark.pulumi
def test_many_are_read_in_few_requests_and_none_is_told_wrong(
    organization: "Organization", new_stack: "NewStack"
) -> None:
    if not organization.is_sandbox:
        pytest.skip("only a sandbox tells what it is asked, and fails when it is told to")
    stack = new_stack(organization, MANY)
    stack.environment["VERSION"] = "one"
    stack.up()
    ids = {name: r["id"] for name, r in stack.resources.items() if "id" in r}
    project_id = ids["desk"]

    def outputs() -> dict[str, object]:
        return {name: resource.get("outputs") for name, resource in stack.resources.items()}

    def refreshed() -> tuple[set[str], list[str]]:
        """Which resources a refresh finds otherwise than they were, and what it asks."""
        before, known = len(organization.journal()), outputs()
        stack.refresh()
        seen = outputs()
        moved = {name for name in known if seen.get(name) != known[name]}
        return moved, organization.asked()[before:]

    moved, asked = refreshed()
    assert moved == set()
    assert asked.count(f"GET /cases/projects/{project_id}/rules") == 1
    assert asked.count(f"GET /cases/views?project_id={project_id}") == 1
    assert len(asked) <= 6, "with the project one each, and three at most for the cases"

    title = {"type": "case", "attributes": {"title": "Edited"}}
    organization.call(f"POST /cases/{ids['case-3']}/title", title)
    organization.call(f"POST /cases/{ids['case-4']}/archive", {"type": "case"})
    organization.call(f"DELETE /cases/projects/{project_id}/rules/{ids['rule-1']}")
    organization.call(f"DELETE /cases/views/{ids['view-2']}")
    moved, _ = refreshed()
    assert moved == {"case-3", "case-4", "rule-1", "view-2"}
    assert ids.keys() - stack.resources.keys() == {"rule-1", "view-2"}

    stack.up()
    past = {"kind": "stale_list", "endpoint": "*", "seconds": 3600}  # as it is now, from now on
    requests.post(f"{organization.settings.base_url}/sandbox/faults", json=past, timeout=10)
    stack.environment["VERSION"] = "two"
    stack.up()
    moved, _ = refreshed()
    assert moved == set()


class Answers:
    """A list that is answered otherwise each time, until it stays as it is."""

    writes = 0

    def __init__(self, *answers: str) -> None:
        self.left = [*answers]

    def read(self) -> Iterator[Item]:
        ids = self.left.pop(0) if len(self.left) > 1 else self.left[0]
        return (Item(id_, "rule", {}, {}) for id_ in ids)

    @property
    def cache(self) -> ListCache:
        return ListCache(cast("Client", self), self.read)


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        (["abc"], True),
        (["ab", "abc"], True),
        (["ab", "ab", "abc"], False),
        # What was before it was deleted while pages were read: it may have been skipped.
        (["ab", "b", "bc"], True),
        (["ab", "b", "b", "bc"], False),
        # What comes meanwhile hides nothing.
        (["ab", "abd", "abcd"], False),
        (["abdefg", "bdefg", "defg", "efg", "fg", "gc"], False),
    ],
)
def test_what_two_lists_in_a_row_lack_is_gone(answers: list[str], found: bool) -> None:  # noqa: FBT001 - a table
    item = Answers(*answers).cache.find("c")
    assert (item is not None) is found


def test_what_is_not_there_is_looked_for_each_time() -> None:
    answers = Answers("ab", "ab", "ab", "abc")
    cache = answers.cache
    assert cache.find("c") is None
    assert cache.find("a") is not None
    assert len(answers.left) == 2  # one list is enough for what is there
    assert cache.find("c") is None
    assert cache.find("c") is not None


def test_an_expired_list_is_read_again() -> None:
    cache = Answers("ab", "a").cache
    assert cache.find("b") is not None
    assert cache.find("b") is not None
    cache.expire()
    assert cache.find("b") is None
