"""Somebody else works on the same objects, at the worst of moments.

Nothing of theirs is undone, nothing comes back that they have ended, and no state loses what is
there. `before_request` puts their edit between two requests of a deployment.
"""

import time
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr
from dataclasses import dataclass, replace
from io import StringIO
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
import requests

import pulumi_datadog_cases as cases
from pulumi_datadog_cases.api import Item
from pulumi_datadog_cases.api.endpoints.projects import Projects
from pulumi_datadog_cases.api.http.case_keys import CaseKeyError
from pulumi_datadog_cases.engine import Resource, Timing
from pulumi_datadog_cases.engine.dynamic import DynamicProvider
from pulumi_datadog_cases.engine.lifecycle import ObjectGoneError
from pulumi_datadog_cases.resources._shared import list_reads

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization
    from tests.resources.harness.http_hooks import BeforeRequest
    from tests.resources.harness.in_process import NewDeployment

Inputs: TypeAlias = dict[str, Any]

STANDARD = "00000000-0000-0000-0000-000000000001"
EMAIL = {"type": "EMAIL", "data": {"email": "soc@example.com"}}
HTTP = {"type": "HTTP", "data": {"name": "siem"}}
CREATED = {"type": "CASE_CREATED"}
CLOSING = {"type": "STATUS_TRANSITIONED", "data": {"to_status_name": "Closed"}}
WORKFLOW = {"type": "EXECUTE_WORKFLOW", "data": {"handle": "triage"}}


@pytest.fixture(autouse=True)
def _sandbox(pytestconfig: pytest.Config) -> None:
    if pytestconfig.getoption("--live"):
        pytest.skip("nobody else works on a live organisation at a moment of ours")


@dataclass(frozen=True)
class OtherUser:
    """Works in the same organisation, and knows nothing of Pulumi."""

    organization: "Organization"

    def call(self, request: str, kind: str = "", **attributes: object) -> Any:  # noqa: ANN401 - JSON
        """As in `call("POST /cases/types", "case_type", name="x")`; `data` of the answer."""
        data = {"type": kind, "attributes": attributes} if kind else None
        return self.organization.call(request, data)

    def post(self, path: str, kind: str, **attributes: object) -> str:
        """Make something; its id."""
        made = self.call(f"POST {path}", kind, **attributes)
        return str((made[0] if isinstance(made, list) else made)["id"])

    def project(self, key: str = "SEC") -> str:
        return self.post("/cases/projects", "project", key=key, name=key)

    def case_type(self) -> str:
        return self.post("/cases/types", "case_type", name="Theft")

    def case(self, project_id: str, title: str = "Stolen laptop") -> str:
        data = {
            "type": "case",
            "attributes": {"title": title, "type_id": STANDARD},
            "relationships": {"project": {"data": {"type": "project", "id": project_id}}},
        }
        return str(self.organization.call("POST /cases", data)["id"])

    def move(self, case_id: str, project_id: str) -> None:
        target = {"type": "project", "id": project_id}
        self.organization.call(f"PATCH /cases/{case_id}/relationships/project", target)

    def archive(self, case_id: str) -> None:
        self.organization.call(f"POST /cases/{case_id}/archive", {"type": "case"})

    def api_state(self, id_: str) -> dict[str, Any]:
        """All that is stored of an object."""
        stored = self.organization.stored(id_)
        assert stored is not None
        return stored

    def fault(self, **fault: object) -> None:
        """Make the sandbox fail."""
        url = f"{self.organization.settings.base_url}/sandbox/faults"
        requests.post(url, json=fault, timeout=10).raise_for_status()


@pytest.fixture
def other_user(organization: "Organization") -> OtherUser:
    return OtherUser(organization)


@pytest.fixture
def _young_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process has begun with the test, as one of Pulumi's has with each command."""
    monkeypatch.setattr(list_reads, "_PROCESS_START", time.monotonic())


# --- ended by somebody -----------------------------------------------------------------------


@dataclass(frozen=True)
class Plan:
    """A resource, what is changed of it, and where it stands; `{id}` in a path is its own."""

    inputs: Inputs
    change: Inputs
    path: str
    ends: str


def _project(_: OtherUser) -> Plan:
    path = "/cases/projects/{id}"
    inputs = {"key": "OPS", "name": "Ops"}
    return Plan(inputs, {"settings": {"notification": {"enabled": False}}}, path, f"DELETE {path}")


def _case_type(_: OtherUser) -> Plan:
    path = "/cases/types/{id}"
    return Plan({"name": "Theft"}, {"name": "Fraud"}, path, f"DELETE {path}")


def _custom_attribute(other_user: OtherUser) -> Plan:
    case_type_id = other_user.case_type()
    path = f"/cases/types/{case_type_id}/custom_attributes/{{id}}"
    inputs = {
        "case_type_id": case_type_id,
        "key": "hosts",
        "display_name": "Hosts",
        "type": "TEXT",
    }
    return Plan(inputs, {"display_name": "Machines"}, path, f"DELETE {path}")


def _automation_rule(other_user: OtherUser) -> Plan:
    project_id = other_user.project()
    path = f"/cases/projects/{project_id}/rules/{{id}}"
    inputs = {"project_id": project_id, "name": "Triage", "trigger": CREATED, "action": WORKFLOW}
    return Plan(inputs, {"name": "Sort"}, path, f"DELETE {path}")


def _notification_rule(other_user: OtherUser) -> Plan:
    project_id = other_user.project()
    path = f"/cases/projects/{project_id}/notification_rules/{{id}}"
    inputs = {"project_id": project_id, "recipients": [EMAIL], "triggers": [CREATED]}
    return Plan(inputs, {"triggers": [CLOSING]}, path, f"DELETE {path}")


def _case(other_user: OtherUser) -> Plan:
    project_id = other_user.project()
    inputs = {"project_id": project_id, "title": "Stolen laptop", "attributes": {"env": ["prod"]}}
    change = {"title": "Found laptop", "attributes": {"env": ["test"]}}
    return Plan(inputs, change, "/cases/{id}/*", f"DELETE /cases/projects/{project_id}")


def _case_comment(other_user: OtherUser) -> Plan:
    case_id = other_user.case(other_user.project())
    path = f"/cases/{case_id}/comment/{{id}}"
    return Plan({"case_id": case_id, "comment": "A"}, {"comment": "B"}, path, f"DELETE {path}")


def _case_view(other_user: OtherUser) -> Plan:
    inputs = {"project_id": other_user.project(), "name": "Open", "query": "status:open"}
    return Plan(inputs, {"name": "All"}, "/cases/views/{id}", "DELETE /cases/views/{id}")


def _maintenance_window(_: OtherUser) -> Plan:
    path = "/maintenance_windows/{id}"
    inputs = {
        "name": "Move",
        "query": "project:SEC",
        "start_at": "2099-12-24T17:00:00Z",
        "end_at": "2099-12-27T07:00:00Z",
    }
    return Plan(inputs, {"name": "Big move"}, path, f"DELETE {path}")


CHANGEABLE: Mapping[type[Resource], Callable[[OtherUser], Plan]] = {
    cases.Project: _project,
    cases.CaseType: _case_type,
    cases.CustomAttribute: _custom_attribute,
    cases.AutomationRule: _automation_rule,
    cases.NotificationRule: _notification_rule,
    cases.Case: _case,
    cases.CaseComment: _case_comment,
    cases.CaseView: _case_view,
    cases.MaintenanceWindow: _maintenance_window,
}


@pytest.fixture
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not to be seen is gone, and not only so new that it is not shown yet."""
    monkeypatch.setattr(DynamicProvider, "timing", Timing(consistency_window=0.0))


@pytest.mark.usefixtures("_at_once")
@pytest.mark.parametrize("moment", ["before the update", "right before it is written"])
@pytest.mark.parametrize("kind", CHANGEABLE, ids=lambda kind: kind.__name__)
def test_what_somebody_ended_stays_ended(
    kind: type[Resource],
    moment: str,
    other_user: OtherUser,
    new_deployment: "NewDeployment",
    before_request: "BeforeRequest",
) -> None:
    plan, ours = CHANGEABLE[kind](other_user), new_deployment(kind)
    ours.up(plan.inputs)
    id_, known = str(ours.id), ours.outputs
    ended: list[object] = []

    def end() -> None:
        other_user.call(plan.ends.format(id=id_))
        ended.append(other_user.organization.stored(id_))

    if moment == "before the update":
        end()
    else:
        before_request(f"P*{plan.path.format(id=id_)}", end)
    with pytest.raises(
        ObjectGoneError, match=f"{id_} was deleted outside this stack.*`pulumi up --refresh`"
    ) as failure:
        ours.up({**plan.inputs, **plan.change})
    assert "\n" not in str(failure.value)
    assert (ours.id, ours.outputs) == (id_, known)  # which is what the state keeps
    assert ended == [other_user.organization.stored(id_)]

    ours.refresh()
    assert ours.id is None


def test_an_archived_case_stays_archived(
    other_user: OtherUser, new_deployment: "NewDeployment"
) -> None:
    project_id = other_user.project()
    ours = new_deployment(cases.Case)
    ours.up({"project_id": project_id, "title": "Stolen laptop"})
    case_id = str(ours.id)
    other_user.archive(case_id)
    change = {"project_id": project_id, "title": "Found laptop", "attributes": {"env": ["prod"]}}
    assert ours.up(change) == "update"
    stored = other_user.api_state(case_id)
    assert (stored["title"], bool(stored["archived_at"])) == ("Found laptop", True)
    ours.assert_no_changes(change)
    ours.destroy()
    assert other_user.api_state(case_id)["archived_at"] == stored["archived_at"]


def test_a_declared_case_is_taken_out_again(
    other_user: OtherUser, new_deployment: "NewDeployment"
) -> None:
    declared = {"project_id": other_user.project(), "title": "Stolen laptop", "archived": False}
    ours = new_deployment(cases.Case)
    ours.up(declared)
    other_user.archive(str(ours.id))
    assert ours.refresh() == {"archived", "archived_at"}
    assert ours.up(declared) == "update"
    assert other_user.api_state(str(ours.id))["archived_at"] is None


# --- moved by somebody -----------------------------------------------------------------------


def test_a_moved_case_is_moved_back_as_declared(
    other_user: OtherUser, new_deployment: "NewDeployment"
) -> None:
    project_id, elsewhere = other_user.project("SEC"), other_user.project("OPS")
    declared = {"project_id": project_id, "title": "Stolen laptop"}
    ours = new_deployment(cases.Case)
    ours.up(declared)
    case_id = str(ours.id)
    other_user.move(case_id, elsewhere)

    renamed = {**declared, "title": "Found laptop"}
    assert ours.up(renamed) == "update"
    assert other_user.api_state(case_id)["project_id"] == elsewhere  # nobody has declared a move
    assert (ours.id, ours.outputs["key"]) == (case_id, "OPS-1")

    ours.refresh()
    assert ours.up(renamed) == "update"
    assert other_user.api_state(case_id)["project_id"] == project_id
    assert (ours.id, ours.outputs["key"]) == (case_id, "SEC-2")
    ours.assert_no_changes(renamed)


@pytest.mark.usefixtures("_at_once")
def test_what_is_on_a_moved_case_is_not_lost(
    other_user: OtherUser, new_deployment: "NewDeployment"
) -> None:
    project_id, elsewhere = other_user.project("SEC"), other_user.project("OPS")
    case_id = other_user.case(project_id)
    by_id, by_key = new_deployment(cases.CaseComment), new_deployment(cases.CaseComment)
    by_id.up({"case_id": case_id, "comment": "By its id."})
    by_key.up({"case_id": "SEC-1", "comment": "By its key."})
    other_user.move(case_id, elsewhere)

    assert by_id.refresh() == set()
    for use in (by_key.refresh, lambda: by_key.up({"case_id": "SEC-1", "comment": "Anew."})):
        with pytest.raises(CaseKeyError, match="so case SEC-1 may still exist: use its UUID"):
            use()
    # It must be possible to get rid of it, but not without a word.
    comment_id = str(by_key.id)
    with redirect_stderr(StringIO()) as said:
        by_key.destroy()
    assert "what should have been deleted is still on it" in said.getvalue()
    assert other_user.api_state(comment_id)["deleted_at"] is None


# --- edited by somebody ----------------------------------------------------------------------


def _edit_undeclared(kind: type[Resource]) -> tuple[str, Inputs]:
    """What somebody sets that a plan does not declare: the type of the body, and attributes."""
    edits: dict[type[Resource], tuple[str, Inputs]] = {
        cases.CaseType: ("case_type", {"name": "Theft", "description": "Theirs", "emoji": "🎯"}),
        cases.CustomAttribute: ("custom_attribute", {"description": "Theirs"}),
        cases.AutomationRule: (
            "rule",
            {"name": "Triage", "trigger": CREATED, "action": WORKFLOW, "state": "DISABLED"},
        ),
        cases.NotificationRule: ("notification_rule", {"query": "theirs", "is_enabled": False}),
        cases.Case: ("case", {"attributes": {"env": ["prod"], "theirs": ["x"]}}),
    }
    return edits[kind]


@pytest.mark.parametrize(
    "kind",
    [
        cases.CaseType,
        cases.CustomAttribute,
        cases.AutomationRule,
        cases.NotificationRule,
        cases.Case,
    ],
    ids=lambda kind: kind.__name__,
)
def test_an_edit_before_the_last_read_outlives_an_update(
    kind: type[Resource],
    other_user: OtherUser,
    new_deployment: "NewDeployment",
    before_request: "BeforeRequest",
) -> None:
    plan, ours = CHANGEABLE[kind](other_user), new_deployment(kind)
    ours.up(plan.inputs)
    id_ = str(ours.id)
    type_, theirs = _edit_undeclared(kind)
    edit = f"PUT {plan.path}" if kind is not cases.Case else "POST /cases/{id}/attributes"

    def act() -> None:
        other_user.call(edit.format(id=id_), type_, **theirs)

    with ours.single_run():
        ours.refresh()  # what is read here is old by the time of the update
        # The last read is what a case's new title is answered with, and for the others a GET.
        before_request("POST /cases/*/title" if kind is cases.Case else "GET /*", act)
        ours.up({**plan.inputs, **plan.change})
    stored = other_user.api_state(id_)
    undeclared = theirs.keys() - plan.inputs.keys()
    assert {name: stored[name] for name in undeclared} == {n: theirs[n] for n in undeclared}
    if kind is cases.Case:
        assert stored["attributes"] == {"env": ["test"], "theirs": ["x"]}


@pytest.mark.usefixtures("_young_process")
def test_an_old_list_does_not_undo_the_last_update(
    other_user: OtherUser, new_deployment: "NewDeployment"
) -> None:
    declared = {
        "project_id": other_user.project(),
        "recipients": [EMAIL],
        "triggers": [CREATED],
        "query": "priority:P2",
    }
    other_user.fault(kind="stale_list", endpoint="*", seconds=0.5)
    ours = new_deployment(cases.NotificationRule)
    ours.up(declared)
    time.sleep(0.6)  # until the list has the rule
    ours.up({**declared, "query": "priority:P1"})
    ours.up({**declared, "query": "priority:P1", "recipients": [HTTP]})
    stored = other_user.api_state(str(ours.id))
    assert (stored["query"], stored["recipients"]) == ("priority:P1", [HTTP])


@pytest.mark.usefixtures("_young_process")
def test_a_list_from_before_the_last_write_is_no_drift(
    other_user: OtherUser, new_deployment: "NewDeployment"
) -> None:
    ours = new_deployment(cases.CaseComment)
    case_id = other_user.case(other_user.project())
    other_user.fault(kind="stale_list", endpoint="GET /users", seconds=1)  # the past begins
    ours.up({"case_id": case_id, "comment": "First."})
    time.sleep(0.5)
    ours.up({"case_id": case_id, "comment": "Second."})
    other_user.fault(kind="stale_list", endpoint="GET /cases/*/timelines", seconds=0.5)
    assert ours.refresh() == set()


def test_settings_that_somebody_changes_at_the_same_moment_stay(
    other_user: OtherUser, new_deployment: "NewDeployment", before_request: "BeforeRequest"
) -> None:
    declared = {"key": "SEC", "name": "SecOps", "settings": {"notification": {"enabled": True}}}
    ours = new_deployment(cases.Project)
    ours.up(declared)
    path = f"/cases/projects/{ours.id}"
    theirs = [{"enabled": True, "instance_name": name} for name in ("test", "prod")]

    def edit() -> None:
        settings = {"integration_service_now": theirs.pop(0)}
        other_user.call(f"PATCH {path}", "project", settings=settings)

    edit()
    before_request(f"PATCH {path}", edit)
    ours.up({**declared, "settings": {"notification": {"enabled": False}}})
    settings = other_user.api_state(str(ours.id))["settings"]
    assert settings["integration_service_now"]["instance_name"] == "prod"
    assert settings["notification"]["enabled"] is False


def test_settings_are_put_back_by_an_api_that_replaces_them_whole(
    other_user: OtherUser, new_deployment: "NewDeployment", monkeypatch: pytest.MonkeyPatch
) -> None:
    declared = {"key": "SEC", "name": "SecOps", "settings": {"notification": {"enabled": True}}}
    ours = new_deployment(cases.Project)
    ours.up(declared)
    path = f"/cases/projects/{ours.id}"
    theirs = {"integration_service_now": {"enabled": True, "instance_name": "prod"}}
    other_user.call(f"PATCH {path}", "project", settings=theirs)
    update, sent = Projects.update, list[Any]()

    def replacing(self: Projects, project_id: str, attributes: Mapping[str, Any]) -> Item:
        sent.append(attributes)
        answer = update(self, project_id, attributes)
        return replace(answer, attributes={**answer.attributes, **attributes})

    monkeypatch.setattr(Projects, "update", replacing)
    ours.up({**declared, "settings": {"notification": {"enabled": False}}})
    assert [each["settings"].keys() for each in sent] == [
        {"notification"},
        {"notification", "integration_service_now"},
    ]
    assert sent[1]["settings"]["integration_service_now"] == theirs["integration_service_now"]


def test_two_stacks_share_a_project(
    other_user: OtherUser, new_deployment: "NewDeployment", before_request: "BeforeRequest"
) -> None:
    base = {"key": "SEC", "name": "SecOps"}

    def alerts(*destinations: int) -> Inputs:
        return {**base, "settings": {"notification": {"destinations": [*destinations]}}}

    def closing(days: int) -> Inputs:
        seconds = {"max_inactive_time_in_secs": days * 86_400}
        return {**base, "settings": {"auto_close_inactive_cases": seconds}}

    one, other = new_deployment(cases.Project), new_deployment(cases.Project)
    one.up(alerts(1))
    other.import_existing(str(one.id), base)

    other.up(closing(7))
    one.up(alerts(1, 2))
    before_request("PATCH *", lambda: other.up(closing(30)))  # in the middle of the one's update
    one.up(alerts(1, 2, 3))
    settings = other_user.api_state(str(one.id))["settings"]
    assert settings["notification"]["destinations"] == [1, 2, 3]
    assert settings["auto_close_inactive_cases"]["max_inactive_time_in_secs"] == 30 * 86_400
    one.assert_no_changes(alerts(1, 2, 3))
    other.assert_no_changes(closing(30))


@pytest.mark.parametrize(
    ("hosts", "last_read"),
    [("d", "POST /cases/*/custom_attributes/hosts"), ("a", "GET /*")],
    ids=["labels and more", "labels alone"],
)
def test_two_stacks_share_a_case(
    hosts: str,
    last_read: str,
    other_user: OtherUser,
    new_deployment: "NewDeployment",
    before_request: "BeforeRequest",
) -> None:
    type_id, project_id = other_user.case_type(), other_user.project()
    for key in ("hosts", "score"):
        other_user.post(
            f"/cases/types/{type_id}/custom_attributes",
            "custom_attribute",
            key=key,
            display_name=key,
            type="TEXT",
            is_multi=False,
        )
    base = {"project_id": project_id, "type_id": type_id, "title": "Stolen laptop"}

    def declared(key: str, value: str, label: str, text: str) -> Inputs:
        values = {key: {"type": "TEXT", "value": value}}
        return {**base, "attributes": {label: [text]}, "custom_attributes": values}

    one, other = new_deployment(cases.Case), new_deployment(cases.Case)
    one.up(declared("hosts", "a", "env", "a"))
    other.import_existing(str(one.id), base)

    other.up(declared("score", "b", "team", "b"))
    # Labels can only be replaced all together: what is written before they are read is safe.
    before_request(last_read, lambda: other.up(declared("score", "c", "team", "c")))
    one.up(declared("hosts", hosts, "env", "d"))
    stored = other_user.api_state(str(one.id))
    assert stored["attributes"] == {"env": ["d"], "team": ["c"]}
    assert {key: each["value"] for key, each in stored["custom_attributes"].items()} == {
        "hosts": hosts,
        "score": "c",
    }
    one.assert_no_changes(declared("hosts", hosts, "env", "d"))
    other.assert_no_changes(declared("score", "c", "team", "c"))


def test_a_rule_of_the_same_name_is_somebody_elses(
    other_user: OtherUser, new_deployment: "NewDeployment"
) -> None:
    plan, ours = _automation_rule(other_user), new_deployment(cases.AutomationRule)
    rules = plan.path.removesuffix("/{id}")
    theirs = [other_user.post(rules, "rule", name="Triage", trigger=CREATED, action=WORKFLOW)]
    ours.up(plan.inputs)
    theirs.append(other_user.post(rules, "rule", name="Triage", trigger=CREATED, action=WORKFLOW))
    before = [other_user.api_state(each) for each in theirs]
    assert ours.refresh() == set()
    ours.up({**plan.inputs, "name": "Sort"})
    ours.destroy()
    assert [other_user.api_state(each) for each in theirs] == before


def test_a_jira_issue_that_somebody_linked_stays_linked(
    other_user: OtherUser, new_deployment: "NewDeployment"
) -> None:
    case_id = other_user.case(other_user.project())
    ours = new_deployment(cases.CaseJiraIssue)
    url, theirs = (f"https://jira.example.com/browse/SEC-{number}" for number in (7, 8))
    ours.up({"case_id": case_id, "jira_issue_url": url})
    path = f"/cases/{case_id}/relationships/jira_issues"
    other_user.call(f"DELETE {path}")
    other_user.call(f"PATCH {path}", "issues", jira_issue_url=theirs)
    with redirect_stderr(StringIO()) as said:
        ours.destroy()
    assert f"stays linked to {theirs}" in said.getvalue()
    assert other_user.api_state(case_id)["jira_issue"]["result"]["issue_url"] == theirs


# --- while a list is read --------------------------------------------------------------------


def test_a_comment_that_slips_between_two_pages_is_not_lost(
    other_user: OtherUser, new_deployment: "NewDeployment", before_request: "BeforeRequest"
) -> None:
    case_id = other_user.case(other_user.project())
    path = f"/cases/{case_id}/comment"
    earlier = [other_user.post(path, "case", comment=f"{number}") for number in range(101)]
    ours = new_deployment(cases.CaseComment)
    ours.up({"case_id": case_id, "comment": "Ours."})

    def delete_two() -> None:
        for _ in range(2):
            other_user.call(f"DELETE {path}/{earlier.pop(0)}")

    # It is the 102nd: two that are deleted move it onto a page that has been read.
    before_request("GET */timelines*number%5D=1", delete_two)
    assert ours.refresh() == set()
    assert ours.id is not None


def test_a_search_reads_again_what_moved_between_two_pages(other_user: OtherUser) -> None:
    project_id = other_user.project()
    made = [other_user.case(project_id, f"{number}") for number in range(102)]
    with cases.Client(other_user.organization.settings) as client:
        found = client.cases.iterate("status:open")
        titles = [next(found).values()["title"] for _ in range(100)]
        other_user.call(f"POST /cases/{made[0]}/status", "case", status_name="Closed")
        titles += [each.values()["title"] for each in found]
    assert titles == [str(number) for number in range(102)]


@pytest.mark.parametrize("kind", [cases.AutomationRule, cases.CaseView])
def test_a_list_that_is_older_than_the_state_is_asked_for_nothing(
    kind: type[Resource], other_user: OtherUser, new_deployment: "NewDeployment"
) -> None:
    plan, ours = CHANGEABLE[kind](other_user), new_deployment(kind)
    ours.up(plan.inputs)
    other_user.fault(kind="stale_list", endpoint="*", seconds=3600)  # as it is now, from now on
    ours.up({**plan.inputs, **plan.change})
    assert ours.refresh() == set()
    assert ours.id is not None


LISTED = [
    cases.AutomationRule,
    cases.CaseComment,
    cases.CaseType,
    cases.CaseView,
    cases.NotificationRule,
]


@pytest.mark.parametrize("kind", LISTED)
def test_a_list_that_does_not_show_it_yet_is_no_reason_to_forget_it(
    kind: type[Resource], other_user: OtherUser, new_deployment: "NewDeployment"
) -> None:
    plan, ours = CHANGEABLE[kind](other_user), new_deployment(kind)
    other_user.fault(kind="stale_list", endpoint="*", seconds=1)
    ours.up(plan.inputs)
    assert ours.refresh() == set()
    assert ours.id is not None


# --- through pulumi --------------------------------------------------------------------------

PROGRAM = """
import os
import pulumi_datadog_cases as cases

desk = cases.Project("desk", key="SEC", name="SecOps")
rule = cases.NotificationRule(
    "rule",
    project_id=desk.id,
    recipients=[{{"type": "EMAIL", "data": {{"email": "{email}"}}}}],
    triggers=[{{"type": "CASE_CREATED"}}],
)
case = cases.Case("case", project_id=desk.id, title="{title}")

# The program runs between the refresh and the update.
settings = cases.Settings.resolve(lambda _: None, os.environ)
with cases.Client(settings) as other_user:
    {act}
"""


@pytest.mark.pulumi
def test_the_world_moves_under_a_deployment(
    organization: "Organization", new_stack: "NewStack", other_user: OtherUser
) -> None:
    def program(email: str, title: str, act: str = "pass") -> str:
        return PROGRAM.format(email=email, title=title, act=act)

    stack = new_stack(organization, program("a@example.com", "A"))
    stack.up()
    ids = {name: str(each.get("id")) for name, each in stack.resources.items()}
    rules = f"/cases/projects/{ids['desk']}/notification_rules"

    # Between the preview and the update.
    stack.write(program("a@example.com", "B"))
    assert "1 to update" in stack.preview()
    other_user.archive(ids["case"])
    stack.up()
    stored = other_user.api_state(ids["case"])
    assert (stored["title"], bool(stored["archived_at"])) == ("B", True)

    # Between the refresh and the update.
    act = f"other_user.notification_rules.delete('{ids['desk']}', '{ids['rule']}')"
    stack.write(program("b@example.com", "B", act))
    said = stack.up("--refresh", fails=True)
    assert (
        f"ObjectGoneError: NotificationRule {ids['rule']} was deleted outside this stack: " in said
    )
    assert "Traceback" not in said
    assert stack.resources["rule"]["id"] == ids["rule"]
    assert organization.call(f"GET {rules}") == []

    stack.write(program("b@example.com", "B"))
    stack.up("--refresh")
    stack.preview("--refresh", "--expect-no-changes")
    assert [each["id"] for each in organization.call(f"GET {rules}")] == [
        stack.resources["rule"]["id"]
    ]
    assert other_user.api_state(ids["case"])["archived_at"] == stored["archived_at"]
