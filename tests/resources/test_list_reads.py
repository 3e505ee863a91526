"""Refreshes of resource types that the provider reads from list endpoints."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

import pytest
import requests

from pulumi_datadog_cases.api import AutomationRuleItem
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
def test_refresh_lists_once_for_all_siblings(
    organization: "Organization", new_stack: "NewStack"
) -> None:
    if not organization.is_sandbox:
        pytest.skip("only a sandbox records requests")
    stack = new_stack(organization, PROGRAM)
    stack.up()
    before = len(organization.request_log())
    stack.refresh()
    project_id = stack.resources["desk"]["id"]
    assert sorted(organization.request_lines()[before:]) == [
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
def test_refresh_reads_many_resources_in_few_requests(
    organization: "Organization", new_stack: "NewStack"
) -> None:
    if not organization.is_sandbox:
        pytest.skip("only a sandbox records requests and injects faults")
    stack = new_stack(organization, MANY)
    stack.environment["VERSION"] = "one"
    stack.up()
    ids = {name: r["id"] for name, r in stack.resources.items() if "id" in r}
    project_id = ids["desk"]

    def outputs() -> dict[str, object]:
        return {name: resource.get("outputs") for name, resource in stack.resources.items()}

    def refresh() -> tuple[set[str], list[str]]:
        """Refresh; return the names of the changed resources, and the requests sent."""
        before, old = len(organization.request_log()), outputs()
        stack.refresh()
        new = outputs()
        changed = {name for name in old if new.get(name) != old[name]}
        return changed, organization.request_lines()[before:]

    changed, requests_sent = refresh()
    assert changed == set()
    assert requests_sent.count(f"GET /cases/projects/{project_id}/rules") == 1
    assert requests_sent.count(f"GET /cases/views?project_id={project_id}") == 1
    assert len(requests_sent) <= 6, (
        "one request for the project, one for each of two lists, at most three for the cases"
    )

    title = {"type": "case", "attributes": {"title": "Edited"}}
    organization.call(f"POST /cases/{ids['case-3']}/title", title)
    organization.call(f"POST /cases/{ids['case-4']}/archive", {"type": "case"})
    organization.call(f"DELETE /cases/projects/{project_id}/rules/{ids['rule-1']}")
    organization.call(f"DELETE /cases/views/{ids['view-2']}")
    changed, _ = refresh()
    assert changed == {"case-3", "case-4", "rule-1", "view-2"}
    assert ids.keys() - stack.resources.keys() == {"rule-1", "view-2"}

    stack.up()
    # From here on, lists do not show changes.
    stale = {"kind": "stale_list", "endpoint": "*", "seconds": 3600}
    requests.post(f"{organization.settings.base_url}/sandbox/faults", json=stale, timeout=10)
    stack.environment["VERSION"] = "two"
    stack.up()
    changed, _ = refresh()
    assert changed == set()


class ChangingList:
    """A list endpoint that returns these responses in order, and then repeats the last response.

    Each letter of a response is the id of an object.
    """

    writes = 0

    def __init__(self, *responses: str) -> None:
        self.responses = [*responses]

    def read(self) -> Iterator[AutomationRuleItem]:
        ids = self.responses.pop(0) if len(self.responses) > 1 else self.responses[0]
        return (AutomationRuleItem(id_, "rule", {}, {}) for id_ in ids)

    @property
    def cache(self) -> ListCache:
        return ListCache(cast("Client", self), self.read)


@pytest.mark.parametrize(
    ("responses", "found"),
    [
        (["abc"], True),
        (["ab", "abc"], True),
        (["ab", "ab", "abc"], False),
        # If "a" is deleted between two page reads, "c" moves to an earlier page. The reader may
        # then miss "c", so it reads the list once more.
        (["ab", "b", "bc"], True),
        (["ab", "b", "b", "bc"], False),
        # New objects move no object to an earlier page, so two reads are enough.
        (["ab", "abd", "abcd"], False),
        (["abdefg", "bdefg", "defg", "efg", "fg", "gc"], False),
    ],
)
def test_object_missing_in_two_lists_is_deleted(responses: list[str], found: bool) -> None:  # noqa: FBT001 - a table
    item = ChangingList(*responses).cache.find("c")
    assert (item is not None) is found


def test_missing_object_is_searched_again_each_time() -> None:
    changing = ChangingList("ab", "ab", "ab", "abc")
    cache = changing.cache
    assert cache.find("c") is None
    assert cache.find("a") is not None
    assert len(changing.responses) == 2  # "a" was in the cached list
    assert cache.find("c") is None
    assert cache.find("c") is not None


def test_expired_list_is_read_again() -> None:
    cache = ChangingList("ab", "a").cache
    assert cache.find("b") is not None
    assert cache.find("b") is not None
    cache.expire()
    assert cache.find("b") is None
