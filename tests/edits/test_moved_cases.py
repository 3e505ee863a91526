"""Tests of a case that moves to another project, with comments and other resources on the case.

In its new project, the case has another key. The program names the case by its old key.
"""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from tests.resources.harness.in_process import InProcessDeployment
from tests.resources.harness.native import NativeDeployment
from tests.resources.harness.prerequisites import case, case_type, custom_attribute, project

import pulumi_datadog_cases as cases

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization, Stack, StartSandbox

JIRA_ISSUE = "https://acme.example/browse/A-1"
#: A program with one resource of each resource type whose objects belong to a case.
PROGRAM = """
import pulumi_datadog_cases as cases

case_id = "{case_id}"
cases.CaseComment("comment", case_id=case_id, comment="{comment}")
cases.CaseCustomAttribute("attribute", case_id=case_id, key="score", type="NUMBER", value={value})
cases.CaseIncident("incident", case_id=case_id, incident_id="{user}")
cases.CaseInsight("insight", case_id=case_id, type="MONITOR", ref="/monitors/1", resource_id="1")
cases.CaseJiraIssue("issue", case_id=case_id, jira_issue_url="https://acme.example/browse/A-1")
cases.CaseLink(
    "link",
    parent_entity_type="CASE",
    parent_entity_id="{other_case}",
    child_entity_type="CASE",
    child_entity_id=case_id,
    relationship="BLOCKS",
)
cases.CaseNotebook("notebook", case_id=case_id)
cases.CaseServiceNowTicket("ticket", case_id=case_id, instance_name="acme")
cases.CaseWatcher("watcher", case_id=case_id, user_uuid="{user}")
"""
#: The requests that delete these objects. The API has no request that deletes incidents, notebooks
#: or ServiceNow tickets of a case.
DELETES = {
    "DELETE /cases/{case}/comment/{comment}",
    "DELETE /cases/{case}/custom_attributes/score",
    "DELETE /cases/{case}/insights",
    "DELETE /cases/{case}/relationships/jira_issues",
    "DELETE /cases/{case}/watchers/{user}",
    "DELETE /cases/link/{link}",
}


class MovedCase:
    """A case that a test can move, and a stack whose resources belong to this case."""

    def __init__(self, organization: "Organization", stack: "Stack") -> None:
        self.organization = organization
        self.stack = stack
        type_id = organization.call(*case_type("Theft"))["id"]
        organization.call(*custom_attribute(type_id, "score", "NUMBER", is_multi=False))
        sec, self.ops = (organization.call(*project(key))["id"] for key in ("SEC", "OPS"))
        self.id = organization.call(*case(sec, type_id))["id"]
        self.other_case = organization.call(*case(sec, type_id))["id"]
        self.user = organization.call("GET /users")[0]["id"]

    def move(self) -> None:
        """Move the case from SEC to OPS: its key `SEC-1` becomes `OPS-1`.

        The move removes the link to the Jira issue, so this method links the issue again.
        """
        data = {"type": "project", "id": self.ops}
        issue = {"type": "issues", "attributes": {"jira_issue_url": JIRA_ISSUE}}
        self.organization.call(f"PATCH /cases/{self.id}/relationships/project", data)
        self.organization.call(f"PATCH /cases/{self.id}/relationships/jira_issues", issue)

    def declare(self, case_id: str, comment: str = "Found.", value: int = 1) -> None:
        """Write the program. In it, `case_id` names the case, either by key or by UUID."""
        self.stack.write(
            PROGRAM.format(
                case_id=case_id,
                comment=comment,
                value=value,
                user=self.user,
                other_case=self.other_case,
            )
        )

    def requests(self, act: Callable[[], object]) -> list[str]:
        """Run a command of Pulumi. Return the requests that the API has received from it."""
        since = len(self.organization.request_log())
        act()
        return self.organization.request_lines()[since:]

    def forget_ids(self) -> None:
        """Change the state to the format of release 0.1.0, which stored no UUIDs of cases."""
        exported = json.loads(self.stack("stack", "export"))
        for resource in exported["deployment"]["resources"]:
            if resource.get("outputs", {}).pop("__ids", None):
                key = resource["inputs"].get("case_id", "")
                resource["id"] = resource["id"].replace(self.id, key)
        file = self.stack.folder / "state.json"
        file.write_text(json.dumps(exported))
        self.stack("stack", "import", "--file", str(file))

    def assert_destroy_removes_everything(self) -> None:
        ids = {name: self.stack.resources[name]["id"] for name in ("comment", "link")}
        requests = self.requests(self.stack.destroy)
        deletes = {line for line in requests if not line.startswith("GET")}
        assert deletes == {line.format(case=self.id, user=self.user, **ids) for line in DELETES}


@pytest.fixture
def moved(organization: "Organization", new_stack: "NewStack") -> MovedCase:
    """A case that is not moved yet. The program names the case by its key, `SEC-1`."""
    moved = MovedCase(organization, new_stack(organization))
    moved.declare("SEC-1")
    requests = moved.requests(moved.stack.up)
    assert [line for line in requests if "SEC-1" in line] == ["GET /cases/SEC-1"]
    return moved


def writes(requests: list[str]) -> list[str]:
    return [line for line in requests if not line.startswith("GET")]


def test_objects_by_key_survive_a_move(moved: MovedCase) -> None:
    moved.stack.assert_no_changes()
    moved.move()
    # The program still has the old key. Preview, refresh and update send no request with this key.
    requests = moved.requests(moved.stack.assert_no_changes)
    assert [line for line in requests if "SEC-1" in line] == []
    assert "10 unchanged" in moved.stack.refresh()
    moved.declare("SEC-1", comment="Found it.", value=2)
    requests = moved.requests(moved.stack.up)
    assert sorted(writes(requests)) == sorted(
        [
            f"POST /cases/{moved.id}/custom_attributes/score",
            f"PUT /cases/{moved.id}/comment/{moved.stack.resources['comment']['id']}",
        ]
    )
    # If the program names the case by the new key or by the UUID, Pulumi replaces nothing.
    for case_id, lookups in (
        ("OPS-1", ["GET /cases/OPS-1"]),
        (moved.id, []),
        ("OPS-1", ["GET /cases/OPS-1"]),
    ):
        moved.declare(case_id, comment="Found it.", value=2)
        preview = moved.stack.preview("--diff")
        assert "9 to update" in preview
        assert "__ids" not in preview
        requests = moved.requests(moved.stack.up)
        assert requests == lookups
        moved.stack.assert_no_changes()
    moved.assert_destroy_removes_everything()


def test_key_of_another_case_replaces(moved: MovedCase) -> None:
    moved.declare("SEC-2")
    moved.stack.write(
        (moved.stack.folder / "__main__.py").read_text().replace(moved.other_case, moved.id)
    )
    assert "9 to replace" in moved.stack.preview()
    requests = moved.requests(moved.stack.up)
    assert f"POST /cases/{moved.other_case}/comment" in requests
    moved.stack.assert_no_changes()


def test_unknown_key_fails_before_anything_changes(moved: MovedCase) -> None:
    moved.declare("SEC-404")
    requests = moved.requests(lambda: moved.stack.preview(fails=True))
    requests += moved.requests(lambda: moved.stack.up(fails=True))
    assert {*requests} == {"GET /cases/SEC-404"}


def test_refresh_adds_ids_to_old_state(moved: MovedCase) -> None:
    moved.forget_ids()
    moved.stack.assert_no_changes()
    moved.stack.refresh()
    moved.move()
    moved.stack.assert_no_changes()
    moved.assert_destroy_removes_everything()


def test_moved_case_in_old_state(moved: MovedCase) -> None:
    moved.forget_ids()
    moved.move()
    assert "so case SEC-1 may still exist: use its UUID or its new key" in moved.stack(
        "refresh", "--yes", fails=True
    )
    moved.declare("OPS-1")
    requests = moved.requests(moved.stack.up)
    # These create requests change nothing if the object exists, so the provider sends them again.
    # For the other resource types, the provider finds the existing object and sends no create.
    assert {line.replace(moved.id, "{case}") for line in writes(requests)} == {
        "POST /cases/{case}/custom_attributes/score",
        "POST /cases/{case}/relationships/incidents",
        "POST /cases/{case}/relationships/notebook",
        f"POST /cases/{{case}}/watchers/{moved.user}",
    }
    moved.stack.assert_no_changes()
    moved.assert_destroy_removes_everything()


@pytest.mark.parametrize("native", [False, True], ids=["dynamic", "native"])
def test_jira_issue_that_is_not_created_yet_is_lost_with_a_warning(
    *,
    native: bool,
    start_sandbox: "StartSandbox",
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    # Without this variable, a provider replaces `traceback` in the main module, which is pytest's.
    monkeypatch.setenv("PULUMI_DATADOG_CASES_DEBUG", "1")
    organization = start_sandbox("--async-delay", "3600000")  # Jira takes an hour
    deployment = (NativeDeployment if native else InProcessDeployment)(cases.Case, organization)
    sec, ops = (organization.call(*project(key))["id"] for key in ("SEC", "OPS"))
    deployment.up({"project_id": sec, "title": "Laptop"})
    issue = {"jira_account_id": "acme", "project_id": "10001", "issue_type_id": "3"}
    path = f"/cases/{deployment.id}/relationships/jira_issues"
    organization.call(f"POST {path}", {"type": "issues", "attributes": issue})
    deployment.up({"project_id": ops, "title": "Laptop"})
    assert "lost its new Jira issue when it moved" in capsys.readouterr().err
    stored = organization.stored(str(deployment.id)) or {}
    assert (stored["key"], stored.get("jira_issue")) == ("OPS-1", None)
