"""Another user changes the same objects while a deployment runs.

A deployment must not undo the other user's changes or recreate objects that the other user deleted.
The state must not lose existing objects.
"""

import time
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr
from dataclasses import dataclass, replace
from io import StringIO
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
import requests
from tests.resources.harness import prerequisites
from tests.resources.harness.prerequisites import body

import pulumi_datadog_cases as cases
from pulumi_datadog_cases.api import ProjectItem
from pulumi_datadog_cases.api.endpoints.projects import Projects
from pulumi_datadog_cases.engine import Resource, Timing
from pulumi_datadog_cases.engine.dynamic import DynamicProvider
from pulumi_datadog_cases.engine.lifecycle import ObjectGoneError
from pulumi_datadog_cases.resources._shared import list_reads

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization
    from tests.resources.harness.http_hooks import BeforeRequest
    from tests.resources.harness.in_process import NewDeployment

Inputs: TypeAlias = dict[str, Any]

EMAIL = {"type": "EMAIL", "data": {"email": "soc@example.com"}}
HTTP = {"type": "HTTP", "data": {"name": "siem"}}
CREATED = {"type": "CASE_CREATED"}
CLOSING = {"type": "STATUS_TRANSITIONED", "data": {"to_status_name": "Closed"}}
WORKFLOW = {"type": "EXECUTE_WORKFLOW", "data": {"handle": "triage"}}


@pytest.fixture(autouse=True)
def _sandbox(pytestconfig: pytest.Config) -> None:
    if pytestconfig.getoption("--live"):
        pytest.skip("with --live no other user changes objects during a deployment")


@dataclass(frozen=True)
class OtherUser:
    """A user who calls the API of the same organisation, outside Pulumi."""

    organization: "Organization"

    def call(self, request: str, type_: str = "", **attributes: object) -> Any:  # noqa: ANN401 - JSON
        """Send a request, as in `call("POST /cases/types", "case_type", name="x")`.

        Return the `data` of the response.
        """
        data = body(type_, **attributes) if type_ else None
        return self.organization.call(request, data)

    def post(self, path: str, type_: str, **attributes: object) -> str:
        """Create an object; return its id."""
        created = self.call(f"POST {path}", type_, **attributes)
        return str((created[0] if isinstance(created, list) else created)["id"])

    def project(self, key: str = "SEC") -> str:
        return str(self.organization.call(*prerequisites.project(key))["id"])

    def case_type(self) -> str:
        return str(self.organization.call(*prerequisites.case_type("Theft"))["id"])

    def case(self, project_id: str, title: str = "Stolen laptop") -> str:
        return str(self.organization.call(*prerequisites.case(project_id, title=title))["id"])

    def move(self, case_id: str, project_id: str) -> None:
        target = {"type": "project", "id": project_id}
        self.organization.call(f"PATCH /cases/{case_id}/relationships/project", target)

    def archive(self, case_id: str) -> None:
        self.organization.call(f"POST /cases/{case_id}/archive", {"type": "case"})

    def api_state(self, id_: str) -> dict[str, Any]:
        """What the sandbox stores of an object."""
        stored = self.organization.stored(id_)
        assert stored is not None
        return stored

    def fault(self, **fault: object) -> None:
        """Inject a fault into the sandbox."""
        url = f"{self.organization.settings.base_url}/sandbox/faults"
        requests.post(url, json=fault, timeout=10).raise_for_status()


@pytest.fixture
def other_user(organization: "Organization") -> OtherUser:
    return OtherUser(organization)


@pytest.fixture
def _fresh_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pretend that the plugin process started at the beginning of this test.

    During the consistency window after its start, a plugin process reads a list again if the list
    is older than the state. After this window, the process uses such a list as it is.
    """
    monkeypatch.setattr(list_reads, "_PROCESS_START", time.monotonic())


# --- deleted by another user -----------------------------------------------------------------


@dataclass(frozen=True)
class UpdateExample:
    """Inputs of a resource, changed inputs, and the object's API path and delete request.

    The path and the request contain `{id}` for the object's id.
    """

    inputs: Inputs
    change: Inputs
    path: str
    delete_request: str


def _project(_: OtherUser) -> UpdateExample:
    path = "/cases/projects/{id}"
    inputs = {"key": "OPS", "name": "Ops"}
    return UpdateExample(
        inputs, {"settings": {"notification": {"enabled": False}}}, path, f"DELETE {path}"
    )


def _case_type(_: OtherUser) -> UpdateExample:
    path = "/cases/types/{id}"
    return UpdateExample({"name": "Theft"}, {"name": "Fraud"}, path, f"DELETE {path}")


def _custom_attribute(other_user: OtherUser) -> UpdateExample:
    case_type_id = other_user.case_type()
    path = f"/cases/types/{case_type_id}/custom_attributes/{{id}}"
    inputs = {
        "case_type_id": case_type_id,
        "key": "hosts",
        "display_name": "Hosts",
        "type": "TEXT",
    }
    return UpdateExample(inputs, {"display_name": "Machines"}, path, f"DELETE {path}")


def _automation_rule(other_user: OtherUser) -> UpdateExample:
    project_id = other_user.project()
    path = f"/cases/projects/{project_id}/rules/{{id}}"
    inputs = {"project_id": project_id, "name": "Triage", "trigger": CREATED, "action": WORKFLOW}
    return UpdateExample(inputs, {"name": "Sort"}, path, f"DELETE {path}")


def _notification_rule(other_user: OtherUser) -> UpdateExample:
    project_id = other_user.project()
    path = f"/cases/projects/{project_id}/notification_rules/{{id}}"
    inputs = {"project_id": project_id, "recipients": [EMAIL], "triggers": [CREATED]}
    return UpdateExample(inputs, {"triggers": [CLOSING]}, path, f"DELETE {path}")


def _case(other_user: OtherUser) -> UpdateExample:
    project_id = other_user.project()
    inputs = {"project_id": project_id, "title": "Stolen laptop", "attributes": {"env": ["prod"]}}
    change = {"title": "Found laptop", "attributes": {"env": ["test"]}}
    return UpdateExample(inputs, change, "/cases/{id}/*", f"DELETE /cases/projects/{project_id}")


def _case_comment(other_user: OtherUser) -> UpdateExample:
    case_id = other_user.case(other_user.project())
    path = f"/cases/{case_id}/comment/{{id}}"
    return UpdateExample(
        {"case_id": case_id, "comment": "A"}, {"comment": "B"}, path, f"DELETE {path}"
    )


def _case_view(other_user: OtherUser) -> UpdateExample:
    inputs = {"project_id": other_user.project(), "name": "Open", "query": "status:open"}
    return UpdateExample(inputs, {"name": "All"}, "/cases/views/{id}", "DELETE /cases/views/{id}")


def _maintenance_window(_: OtherUser) -> UpdateExample:
    path = "/maintenance_windows/{id}"
    inputs = {
        "name": "Move",
        "query": "project:SEC",
        "start_at": "2099-12-24T17:00:00Z",
        "end_at": "2099-12-27T07:00:00Z",
    }
    return UpdateExample(inputs, {"name": "Big move"}, path, f"DELETE {path}")


UPDATE_EXAMPLES: Mapping[type[Resource], Callable[[OtherUser], UpdateExample]] = {
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
def _no_consistency_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the consistency window to zero.

    A provider then treats a missing object as deleted. Within a consistency window, it would assume
    that the object is too new to be listed.
    """
    monkeypatch.setattr(DynamicProvider, "timing", Timing(consistency_window=0.0))


@pytest.mark.usefixtures("_no_consistency_window")
@pytest.mark.parametrize("moment", ["before the update", "before the write request"])
@pytest.mark.parametrize(
    "resource_class", UPDATE_EXAMPLES, ids=lambda resource_class: resource_class.__name__
)
def test_update_does_not_recreate_deleted_object(
    resource_class: type[Resource],
    moment: str,
    other_user: OtherUser,
    new_deployment: "NewDeployment",
    before_request: "BeforeRequest",
) -> None:
    example = UPDATE_EXAMPLES[resource_class](other_user)
    deployment = new_deployment(resource_class)
    deployment.up(example.inputs)
    id_, known = str(deployment.id), deployment.outputs
    states: list[object] = []

    def delete() -> None:
        other_user.call(example.delete_request.format(id=id_))
        states.append(other_user.organization.stored(id_))

    if moment == "before the update":
        delete()
    else:
        before_request(f"P*{example.path.format(id=id_)}", delete)
    with pytest.raises(
        ObjectGoneError, match=f"{id_} was deleted outside this stack.*`pulumi up --refresh`"
    ) as failure:
        deployment.up({**example.inputs, **example.change})
    assert "\n" not in str(failure.value)
    assert (deployment.id, deployment.outputs) == (id_, known)  # the state keeps the resource
    assert states == [other_user.organization.stored(id_)]

    deployment.refresh()
    assert deployment.id is None


def test_update_does_not_unarchive_case(
    other_user: OtherUser, new_deployment: "NewDeployment"
) -> None:
    project_id = other_user.project()
    deployment = new_deployment(cases.Case)
    deployment.up({"project_id": project_id, "title": "Stolen laptop"})
    case_id = str(deployment.id)
    other_user.archive(case_id)
    change = {"project_id": project_id, "title": "Found laptop", "attributes": {"env": ["prod"]}}
    assert deployment.up(change) == "update"
    stored = other_user.api_state(case_id)
    assert (stored["title"], bool(stored["archived_at"])) == ("Found laptop", True)
    deployment.assert_no_changes(change)
    deployment.destroy()
    assert other_user.api_state(case_id)["archived_at"] == stored["archived_at"]


def test_update_unarchives_case_declared_unarchived(
    other_user: OtherUser, new_deployment: "NewDeployment"
) -> None:
    declared = {"project_id": other_user.project(), "title": "Stolen laptop", "archived": False}
    deployment = new_deployment(cases.Case)
    deployment.up(declared)
    other_user.archive(str(deployment.id))
    assert deployment.refresh() == {"archived", "archived_at"}
    assert deployment.up(declared) == "update"
    assert other_user.api_state(str(deployment.id))["archived_at"] is None


# --- moved by another user -------------------------------------------------------------------


def test_update_moves_case_back_only_after_refresh(
    other_user: OtherUser, new_deployment: "NewDeployment"
) -> None:
    project_id, other_project_id = other_user.project("SEC"), other_user.project("OPS")
    declared = {"project_id": project_id, "title": "Stolen laptop"}
    deployment = new_deployment(cases.Case)
    deployment.up(declared)
    case_id = str(deployment.id)
    other_user.move(case_id, other_project_id)

    renamed = {**declared, "title": "Found laptop"}
    assert deployment.up(renamed) == "update"
    # The update leaves the case in the other project, because the program did not change
    # `project_id`.
    assert other_user.api_state(case_id)["project_id"] == other_project_id
    assert (deployment.id, deployment.outputs["key"]) == (case_id, "OPS-1")

    deployment.refresh()
    assert deployment.up(renamed) == "update"
    assert other_user.api_state(case_id)["project_id"] == project_id
    assert (deployment.id, deployment.outputs["key"]) == (case_id, "SEC-2")
    deployment.assert_no_changes(renamed)


# --- changed by another user -----------------------------------------------------------------


def _undeclared_change(resource_class: type[Resource]) -> tuple[str, Inputs]:
    """The type and the attributes of a request body.

    The request changes attributes, or a label, that the inputs of the example do not declare.
    """
    changes: dict[type[Resource], tuple[str, Inputs]] = {
        cases.CaseType: ("case_type", {"name": "Theft", "description": "Theirs", "emoji": "🎯"}),
        cases.AutomationRule: (
            "rule",
            {"name": "Triage", "trigger": CREATED, "action": WORKFLOW, "state": "DISABLED"},
        ),
        cases.NotificationRule: ("notification_rule", {"query": "theirs", "is_enabled": False}),
        cases.Case: ("case", {"attributes": {"env": ["prod"], "theirs": ["x"]}}),
    }
    return changes[resource_class]


def _assert_kept(theirs: Inputs, stored: Inputs, example: UpdateExample) -> None:
    """Assert that the object still has the other user's values, except declared ones."""
    undeclared = theirs.keys() - example.inputs.keys()
    assert {name: stored[name] for name in undeclared} == {n: theirs[n] for n in undeclared}


@pytest.mark.parametrize(
    "resource_class",
    [
        cases.CaseType,
        cases.AutomationRule,
        cases.NotificationRule,
        cases.Case,
    ],
    ids=lambda resource_class: resource_class.__name__,
)
def test_update_keeps_changes_made_before_last_read(
    resource_class: type[Resource],
    other_user: OtherUser,
    new_deployment: "NewDeployment",
    before_request: "BeforeRequest",
) -> None:
    example = UPDATE_EXAMPLES[resource_class](other_user)
    deployment = new_deployment(resource_class)
    deployment.up(example.inputs)
    id_ = str(deployment.id)
    type_, theirs = _undeclared_change(resource_class)
    edit = (
        f"PUT {example.path}" if resource_class is not cases.Case else "POST /cases/{id}/attributes"
    )

    def act() -> None:
        other_user.call(edit.format(id=id_), type_, **theirs)

    with deployment.single_run():
        deployment.refresh()  # reads the object before the other user changes it
        # The other user acts just before the provider reads the object for the last time. For a
        # case, this read is the response to the title change. For other types, it is a GET.
        before_request("POST /cases/*/title" if resource_class is cases.Case else "GET /*", act)
        deployment.up({**example.inputs, **example.change})
    stored = other_user.api_state(id_)
    _assert_kept(theirs, stored, example)
    if resource_class is cases.Case:
        assert stored["attributes"] == {"env": ["test"], "theirs": ["x"]}


READ_FROM_LIST = [cases.AutomationRule, cases.CaseType, cases.NotificationRule]
"""The resource types whose updates replace the whole object, and read it from a list before."""


@pytest.mark.parametrize("resource_class", READ_FROM_LIST)
def test_updates_of_one_run_share_list(
    resource_class: type[Resource],
    other_user: OtherUser,
    new_deployment: "NewDeployment",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(list_reads, "MAX_AGE_FOR_UPDATES", 3600.0)
    example = UPDATE_EXAMPLES[resource_class](other_user)
    deployments = [new_deployment(resource_class) for _ in range(5)]
    for deployment in deployments:
        deployment.up(example.inputs)
    type_, theirs = _undeclared_change(resource_class)
    other_user.call(f"PUT {example.path.format(id=deployments[3].id)}", type_, **theirs)
    before = len(other_user.organization.request_log())
    with deployments[0].single_run(*deployments[1:]):
        for deployment in deployments:
            deployment.up({**example.inputs, **example.change})
    lines = other_user.organization.request_lines()[before:]
    path = example.path.removesuffix("/{id}")
    writes = [f"PUT {path}/{deployment.id}" for deployment in deployments]
    assert [line for line in lines if not line.startswith("GET ")] == writes
    # The response to a write of a notification rule is empty, so each write is read back.
    read_back = len(writes) if resource_class is cases.NotificationRule else 0
    assert lines.count(f"GET {path}") == len(lines) - len(writes) == 1 + read_back
    _assert_kept(theirs, other_user.api_state(str(deployments[3].id)), example)


@pytest.mark.parametrize("resource_class", READ_FROM_LIST)
def test_update_does_not_use_old_list(
    resource_class: type[Resource],
    other_user: OtherUser,
    new_deployment: "NewDeployment",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(list_reads, "MAX_AGE_FOR_UPDATES", 0.05)
    example = UPDATE_EXAMPLES[resource_class](other_user)
    first, second = new_deployment(resource_class), new_deployment(resource_class)
    for deployment in (first, second):
        deployment.up(example.inputs)
    type_, theirs = _undeclared_change(resource_class)
    with first.single_run(second):
        first.up({**example.inputs, **example.change})
        other_user.call(f"PUT {example.path.format(id=second.id)}", type_, **theirs)
        time.sleep(0.1)
        second.up({**example.inputs, **example.change})
    _assert_kept(theirs, other_user.api_state(str(second.id)), example)


def test_update_does_not_use_list_older_than_state(
    other_user: OtherUser, new_deployment: "NewDeployment"
) -> None:
    example = _automation_rule(other_user)
    deployment = new_deployment(cases.AutomationRule)
    deployment.up(example.inputs)
    # From here on, lists do not show changes.
    other_user.fault(kind="stale_list", endpoint="*", seconds=3600)
    deployment.up({**example.inputs, "name": "Sort"})
    deployment.up({**example.inputs, "name": "Sort", "trigger": CLOSING})
    stored = other_user.api_state(str(deployment.id))
    assert (stored["name"], stored["trigger"]["type"]) == ("Sort", "STATUS_TRANSITIONED")


@pytest.mark.usefixtures("_fresh_process")
def test_stale_list_does_not_undo_previous_update(
    other_user: OtherUser, new_deployment: "NewDeployment"
) -> None:
    declared = {
        "project_id": other_user.project(),
        "recipients": [EMAIL],
        "triggers": [CREATED],
        "query": "priority:P2",
    }
    other_user.fault(kind="stale_list", endpoint="*", seconds=0.5)
    deployment = new_deployment(cases.NotificationRule)
    deployment.up(declared)
    time.sleep(0.6)  # until the stale list contains the rule
    deployment.up({**declared, "query": "priority:P1"})
    deployment.up({**declared, "query": "priority:P1", "recipients": [HTTP]})
    stored = other_user.api_state(str(deployment.id))
    assert (stored["query"], stored["recipients"]) == ("priority:P1", [HTTP])


@pytest.mark.usefixtures("_fresh_process")
def test_refresh_ignores_list_older_than_last_write(
    other_user: OtherUser, new_deployment: "NewDeployment"
) -> None:
    deployment = new_deployment(cases.CaseComment)
    case_id = other_user.case(other_user.project())
    # The sandbox records past states only after its first `stale_list` fault, so the test adds such
    # a fault.
    other_user.fault(kind="stale_list", endpoint="GET /users", seconds=1)
    deployment.up({"case_id": case_id, "comment": "First."})
    time.sleep(0.5)
    deployment.up({"case_id": case_id, "comment": "Second."})
    other_user.fault(kind="stale_list", endpoint="GET /cases/*/timelines", seconds=0.5)
    assert deployment.refresh() == set()


def test_update_keeps_settings_changed_concurrently(
    other_user: OtherUser, new_deployment: "NewDeployment", before_request: "BeforeRequest"
) -> None:
    declared = {"key": "SEC", "name": "SecOps", "settings": {"notification": {"enabled": True}}}
    deployment = new_deployment(cases.Project)
    deployment.up(declared)
    path = f"/cases/projects/{deployment.id}"
    theirs = [{"enabled": True, "instance_name": name} for name in ("test", "prod")]

    def edit() -> None:
        settings = {"integration_service_now": theirs.pop(0)}
        other_user.call(f"PATCH {path}", "project", settings=settings)

    edit()
    before_request(f"PATCH {path}", edit)
    deployment.up({**declared, "settings": {"notification": {"enabled": False}}})
    settings = other_user.api_state(str(deployment.id))["settings"]
    assert settings["integration_service_now"]["instance_name"] == "prod"
    assert settings["notification"]["enabled"] is False


def test_update_restores_settings_if_api_replaces_them(
    other_user: OtherUser, new_deployment: "NewDeployment", monkeypatch: pytest.MonkeyPatch
) -> None:
    declared = {"key": "SEC", "name": "SecOps", "settings": {"notification": {"enabled": True}}}
    deployment = new_deployment(cases.Project)
    deployment.up(declared)
    path = f"/cases/projects/{deployment.id}"
    theirs = {"integration_service_now": {"enabled": True, "instance_name": "prod"}}
    other_user.call(f"PATCH {path}", "project", settings=theirs)
    update, sent = Projects.update, list[Any]()

    def replacing(self: Projects, project_id: str, attributes: Mapping[str, Any]) -> ProjectItem:
        sent.append(attributes)
        answer = update(self, project_id, attributes)
        return replace(answer, raw_attributes={**answer.raw_attributes, **attributes})

    monkeypatch.setattr(Projects, "update", replacing)
    deployment.up({**declared, "settings": {"notification": {"enabled": False}}})
    assert [attributes["settings"].keys() for attributes in sent] == [
        {"notification"},
        {"notification", "integration_service_now"},
    ]
    assert sent[1]["settings"]["integration_service_now"] == theirs["integration_service_now"]


def test_two_stacks_share_project(
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
    before_request("PATCH *", lambda: other.up(closing(30)))  # during the update of `one`
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
def test_two_stacks_share_case(
    hosts: str,
    last_read: str,
    other_user: OtherUser,
    new_deployment: "NewDeployment",
    before_request: "BeforeRequest",
) -> None:
    type_id, project_id = other_user.case_type(), other_user.project()
    for key in ("hosts", "score"):
        definition = prerequisites.custom_attribute(type_id, key, "TEXT", is_multi=False)
        other_user.organization.call(*definition)
    base = {"project_id": project_id, "type_id": type_id, "title": "Stolen laptop"}

    def declared(key: str, value: str, label: str, text: str) -> Inputs:
        values = {key: {"type": "TEXT", "value": value}}
        return {**base, "attributes": {label: [text]}, "custom_attributes": values}

    one, other = new_deployment(cases.Case), new_deployment(cases.Case)
    one.up(declared("hosts", "a", "env", "a"))
    other.import_existing(str(one.id), base)

    other.up(declared("score", "b", "team", "b"))
    # A request that sets a label replaces all labels of the case. The other stack's label is
    # therefore kept only if it was set before the provider's last read of the case.
    before_request(last_read, lambda: other.up(declared("score", "c", "team", "c")))
    one.up(declared("hosts", hosts, "env", "d"))
    stored = other_user.api_state(str(one.id))
    assert stored["attributes"] == {"env": ["d"], "team": ["c"]}
    assert {key: entry["value"] for key, entry in stored["custom_attributes"].items()} == {
        "hosts": hosts,
        "score": "c",
    }
    one.assert_no_changes(declared("hosts", hosts, "env", "d"))
    other.assert_no_changes(declared("score", "c", "team", "c"))


def test_operations_ignore_rules_of_the_same_name(
    other_user: OtherUser, new_deployment: "NewDeployment"
) -> None:
    example = _automation_rule(other_user)
    deployment = new_deployment(cases.AutomationRule)
    rules = example.path.removesuffix("/{id}")
    theirs = [other_user.post(rules, "rule", name="Triage", trigger=CREATED, action=WORKFLOW)]
    deployment.up(example.inputs)
    theirs.append(other_user.post(rules, "rule", name="Triage", trigger=CREATED, action=WORKFLOW))
    before = [other_user.api_state(id_) for id_ in theirs]
    assert deployment.refresh() == set()
    deployment.up({**example.inputs, "name": "Sort"})
    deployment.destroy()
    assert [other_user.api_state(id_) for id_ in theirs] == before


def test_destroy_keeps_jira_issue_of_other_user(
    other_user: OtherUser, new_deployment: "NewDeployment"
) -> None:
    case_id = other_user.case(other_user.project())
    deployment = new_deployment(cases.CaseJiraIssue)
    url, theirs = (f"https://jira.example.com/browse/SEC-{number}" for number in (7, 8))
    deployment.up({"case_id": case_id, "jira_issue_url": url})
    path = f"/cases/{case_id}/relationships/jira_issues"
    other_user.call(f"DELETE {path}")
    other_user.call(f"PATCH {path}", "issues", jira_issue_url=theirs)
    with redirect_stderr(StringIO()) as stderr:
        deployment.destroy()
    assert f"stays linked to {theirs}" in stderr.getvalue()
    assert other_user.api_state(case_id)["jira_issue"]["result"]["issue_url"] == theirs


# --- changed while a list is read ------------------------------------------------------------


def test_refresh_finds_comment_that_moved_between_pages(
    other_user: OtherUser, new_deployment: "NewDeployment", before_request: "BeforeRequest"
) -> None:
    case_id = other_user.case(other_user.project())
    path = f"/cases/{case_id}/comment"
    earlier = [other_user.post(path, "case", comment=f"{number}") for number in range(101)]
    deployment = new_deployment(cases.CaseComment)
    deployment.up({"case_id": case_id, "comment": "Ours."})

    def delete_two() -> None:
        for _ in range(2):
            other_user.call(f"DELETE {path}/{earlier.pop(0)}")

    # "Ours." is the 102nd comment, on the second page. Deleting two earlier comments moves "Ours."
    # to the first page, after the provider has read that page.
    before_request("GET */timelines*number%5D=1", delete_two)
    assert deployment.refresh() == set()
    assert deployment.id is not None


def test_search_finds_cases_that_moved_between_pages(other_user: OtherUser) -> None:
    project_id = other_user.project()
    ids = [other_user.case(project_id, f"{number}") for number in range(102)]
    with cases.Client(other_user.organization.settings) as client:
        found = client.cases.iterate("status:open")
        titles = [next(found).values()["title"] for _ in range(100)]
        other_user.call(f"POST /cases/{ids[0]}/status", "case", status_name="Closed")
        titles += [case.values()["title"] for case in found]
    assert titles == [str(number) for number in range(102)]


@pytest.mark.parametrize("resource_class", [cases.AutomationRule, cases.CaseView])
def test_refresh_does_not_use_list_older_than_state(
    resource_class: type[Resource], other_user: OtherUser, new_deployment: "NewDeployment"
) -> None:
    example = UPDATE_EXAMPLES[resource_class](other_user)
    deployment = new_deployment(resource_class)
    deployment.up(example.inputs)
    # From here on, lists do not show changes.
    other_user.fault(kind="stale_list", endpoint="*", seconds=3600)
    deployment.up({**example.inputs, **example.change})
    assert deployment.refresh() == set()
    assert deployment.id is not None


LISTED = [
    cases.AutomationRule,
    cases.CaseComment,
    cases.CaseType,
    cases.CaseView,
    cases.NotificationRule,
]


@pytest.mark.parametrize("resource_class", LISTED)
def test_refresh_keeps_object_not_listed_yet(
    resource_class: type[Resource], other_user: OtherUser, new_deployment: "NewDeployment"
) -> None:
    example = UPDATE_EXAMPLES[resource_class](other_user)
    deployment = new_deployment(resource_class)
    other_user.fault(kind="stale_list", endpoint="*", seconds=1)
    deployment.up(example.inputs)
    assert deployment.refresh() == set()
    assert deployment.id is not None


# --- through the real pulumi -----------------------------------------------------------------

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

# With `--refresh`, this code runs after the refresh and before the update.
settings = cases.Settings.resolve(lambda _: None, os.environ)
with cases.Client(settings) as other_user:
    {act}
"""


@pytest.mark.pulumi
def test_deployment_keeps_changes_made_during_it(
    organization: "Organization", new_stack: "NewStack", other_user: OtherUser
) -> None:
    def program(email: str, title: str, act: str = "pass") -> str:
        return PROGRAM.format(email=email, title=title, act=act)

    stack = new_stack(organization, program("a@example.com", "A"))
    stack.up()
    ids = {name: str(resource.get("id")) for name, resource in stack.resources.items()}
    rules = f"/cases/projects/{ids['desk']}/notification_rules"

    # The other user archives the case between the preview and the update.
    stack.write(program("a@example.com", "B"))
    assert "1 to update" in stack.preview()
    other_user.archive(ids["case"])
    stack.up()
    stored = other_user.api_state(ids["case"])
    assert (stored["title"], bool(stored["archived_at"])) == ("B", True)

    # The other user deletes the rule between the refresh and the update.
    act = f"other_user.notification_rules.delete('{ids['desk']}', '{ids['rule']}')"
    stack.write(program("b@example.com", "B", act))
    output = stack.up("--refresh", fails=True)
    assert (
        f"ObjectGoneError: NotificationRule {ids['rule']} was deleted outside this stack: "
        in output
    )
    assert "Traceback" not in output
    assert stack.resources["rule"]["id"] == ids["rule"]
    assert organization.call(f"GET {rules}") == []

    stack.write(program("b@example.com", "B"))
    stack.up("--refresh")
    stack.preview("--refresh", "--expect-no-changes")
    assert [rule["id"] for rule in organization.call(f"GET {rules}")] == [
        stack.resources["rule"]["id"]
    ]
    assert other_user.api_state(ids["case"])["archived_at"] == stored["archived_at"]
