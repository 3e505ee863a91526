"""Projects that an edit of the program deletes or replaces.

The real Pulumi deploys the programs.
"""

import re
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import AddQuirk, NewStack, Organization, Stack
    from tests.edits.conftest import SetFault

PROGRAM = """
import pulumi
import pulumi_datadog_cases as cases

project = cases.Project("desk", key="{key}", name="Desk"{project})
cases.Case("own", project_id=project.id, title="Own")
{rest}
"""
EMPTY_PROJECT = "cases.Project('empty', key='EMPTY', name='Empty')"


def program(key: str = "DESK", project: str = "", rest: str = "") -> str:
    return PROGRAM.format(key=key, project=project and f", {project}", rest=rest)


@pytest.fixture
def stack(organization: "Organization", new_stack: "NewStack") -> "Stack":
    """A stack with a project, and with a case in this project."""
    stack = new_stack(organization, program())
    stack.up()
    return stack


def add_case(organization: "Organization", project_id: str, **attributes: object) -> str:
    """Create a case outside Pulumi, as a person does. Return the case's id."""
    data = {
        "type": "case",
        "attributes": {
            "title": "A person's",
            "type_id": "00000000-0000-0000-0000-000000000001",
            **attributes,
        },
        "relationships": {"project": {"data": {"type": "project", "id": project_id}}},
    }
    created: str = organization.call("POST /cases", data)["id"]
    return created


def archive(organization: "Organization", case_id: str) -> None:
    organization.call(f"POST /cases/{case_id}/archive", {"type": "case"})


def test_removed_project_with_peoples_cases_is_not_deleted(
    stack: "Stack", organization: "Organization"
) -> None:
    project = stack.resources["desk"]["id"]
    theirs = [add_case(organization, project) for _ in range(2)]
    archive(organization, theirs[0])
    stack.write("")
    output = stack.up(fails=True)
    assert re.search(
        r"Project DESK was not deleted: it contains 2 cases \(DESK-3, DESK-2\)\. They "
        r"would be lost\. .*move the cases to another project; or "
        r".*force_destroy=True.*retain_on_delete=True.*pulumi state delete 'urn:",
        output,
    ), output
    assert "Traceback" not in output
    for case in theirs:
        assert organization.stored(case) is not None
    assert "desk" in stack.resources


def test_removed_project_without_peoples_cases_is_deleted(
    stack: "Stack", organization: "Organization"
) -> None:
    project = stack.resources["desk"]["id"]
    stack.write("")
    stack.up()
    assert organization.stored(project) is None


def test_case_archived_by_an_earlier_run_prevents_the_delete(
    stack: "Stack", organization: "Organization"
) -> None:
    own = stack.resources["own"]["id"]
    stack.write("import pulumi_datadog_cases as cases\ncases.Project('desk', key='DESK', name='D')")
    stack.up()
    stack.write("")
    assert "contains 1 case (DESK-1)" in stack.up(fails=True)
    assert organization.stored(own) is not None


def test_force_destroy_in_the_state_allows_the_delete(
    stack: "Stack", organization: "Organization"
) -> None:
    project = stack.resources["desk"]["id"]
    case = add_case(organization, project)
    stack.write("")
    stack.up(fails=True)
    stack.write(program(project="force_destroy=True"))
    assert "force_destroy: true" in stack.preview("--diff")
    stack.up()
    stack.assert_no_changes()
    stack.write("")
    # DESK-2 is the person's case. DESK-1 is the stack's own case, which the failed run archived.
    # Only the deletion log records that the stack archived DESK-1. Normally, the successful `up`
    # above has removed this log, and DESK-1 counts as a person's case, too. But if Pulumi killed
    # the plugin at the end of that `up`, the log still exists, and DESK-1 does not count.
    assert re.search(r"Project DESK contains (2 cases|1 case) \(.*DESK-2", stack.up())
    assert organization.stored(case) is None


def test_changing_force_destroy_sends_nothing(stack: "Stack", organization: "Organization") -> None:
    since = len(organization.request_log())
    for option in "force_destroy=True", "force_destroy=False", "":
        stack.write(program(project=option))
        assert "1 updated" in stack.up()
    assert organization.request_lines()[since:] == []


def test_new_key_moves_declared_cases(stack: "Stack", organization: "Organization") -> None:
    old, case = stack.resources["desk"]["id"], stack.resources["own"]["id"]
    organization.call(
        f"POST /cases/{case}/comment", {"type": "case", "attributes": {"comment": "Kept"}}
    )
    stack.write(program("DESK2"))
    preview = stack.preview("--diff")
    assert "Project: (replace)" in preview
    assert "Case: (update)" in preview
    stack.up()
    stack.assert_no_changes()
    assert organization.stored(old) is None
    assert stack.resources["own"]["id"] == case
    moved = organization.call(f"GET /cases/{case}")
    assert moved["relationships"]["project"]["data"]["id"] == stack.resources["desk"]["id"]
    assert "Kept" in str(organization.call(f"GET /cases/{case}/timelines"))


def test_new_key_is_refused_before_anything_changes(
    stack: "Stack", organization: "Organization"
) -> None:
    project = stack.resources["desk"]["id"]
    case = add_case(organization, project)
    since = len(organization.request_log())
    stack.write(program("DESK2"))
    for output in stack.preview(fails=True), stack.up(fails=True):
        assert "Project DESK was not replaced: it contains 1 case (DESK-2)" in output
    assert organization.writes(since) == []
    # The test follows the first advice in the message: it moves the case to another project.
    other = organization.call(
        "POST /cases/projects",
        {"type": "project", "attributes": {"key": "OTHER", "name": "Other"}},
    )
    organization.call(
        f"PATCH /cases/{case}/relationships/project", {"type": "project", "id": other["id"]}
    )
    stack.up()
    stack.assert_no_changes()
    assert organization.stored(case) is not None


def test_new_key_warns_of_peoples_rules_and_views(
    stack: "Stack", organization: "Organization"
) -> None:
    project = stack.resources["desk"]["id"]
    organization.call(
        "POST /cases/views",
        {
            "type": "view",
            "attributes": {"name": "Their view", "query": "status:open", "project_id": project},
        },
    )
    stack.write(
        program(
            "DESK2",
            rest="cases.CaseView('mine', project_id=project.id, name='Mine', query='')",
        )
    )
    preview = stack.preview()
    assert "contains 1 case view (Their view): they are deleted with it" in preview


def test_replace_without_a_change_is_refused_while_cases_are_in_it(
    stack: "Stack", organization: "Organization"
) -> None:
    urn = stack.resources["desk"]["urn"]
    since = len(organization.request_log())
    output = stack.up("--replace", urn, fails=True)
    assert "Project DESK was not deleted: it contains 1 case (DESK-1)" in output
    # The API rejected this request, because the old project still has the key.
    assert organization.writes(since) == ["POST /cases/projects"]


def test_replace_without_a_change_deletes_an_empty_project_first(
    stack: "Stack", organization: "Organization"
) -> None:
    stack.write(program(rest=EMPTY_PROJECT))
    stack.up()
    old = stack.resources["empty"]
    since = len(organization.request_log())
    stack.up("--replace", old["urn"])
    assert organization.writes(since)[1:3] == [
        f"DELETE /cases/projects/{old['id']}",
        "POST /cases/projects",
    ]
    stack.assert_no_changes()
    assert organization.stored(stack.resources["empty"]["id"]) is not None


def test_failed_check_refuses_the_delete(stack: "Stack", set_fault: "SetFault") -> None:
    set_fault(kind="status", status=403, endpoint="GET /cases")
    stack.write("")
    assert "could not be checked" in stack.up(fails=True)
    assert "desk" in stack.resources


def test_destroy_after_a_failed_destroy_deletes_the_project(
    stack: "Stack", organization: "Organization", set_fault: "SetFault"
) -> None:
    project = stack.resources["desk"]["id"]
    set_fault(kind="status", status=500, endpoint="DELETE /cases/projects/*")
    stack.destroy(fails=True)
    assert "own" not in stack.resources
    set_fault.clear()
    stack.destroy()
    assert organization.stored(project) is None


def test_destroy_after_a_killed_destroy_deletes_the_project(
    stack: "Stack", organization: "Organization", set_fault: "SetFault"
) -> None:
    project = stack.resources["desk"]["id"]
    stack.prepare_for_kills()
    set_fault(kind="latency", seconds=300, endpoint="GET /cases")
    with subprocess.Popen(
        ["pulumi", "destroy", "--yes", "--skip-preview", "--non-interactive"],  # noqa: S607 - from PATH
        cwd=stack.folder,
        env=stack.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as destroy:
        while "own" in stack.resources and destroy.poll() is None:
            time.sleep(0.1)
        destroy.kill()
    assert "desk" in stack.resources
    set_fault.clear()
    stack("cancel", "--yes")
    stack.destroy()
    assert organization.stored(project) is None


def test_archived_cases_that_no_search_finds_prevent_a_delete(
    stack: "Stack", organization: "Organization", add_quirk: "AddQuirk"
) -> None:
    theirs = add_case(organization, stack.resources["desk"]["id"])
    archive(organization, theirs)
    add_quirk("hide_archived_cases")
    error = stack.destroy(fails=True)
    assert "DESK-2" in error
    assert "force_destroy" in error
    assert organization.stored(theirs) is not None


@pytest.mark.parametrize("force", ["", ", force_destroy=True"], ids=["plain", "force_destroy"])
def test_delete_before_replace_does_not_delete_the_case_that_should_move(
    stack: "Stack", organization: "Organization", force: str
) -> None:
    """With this option, Pulumi deletes the old project before the case can move."""
    own = stack.resources["own"]["id"]
    stack.write(program(project=force.removeprefix(", ")))
    stack.up()
    option = f"opts=pulumi.ResourceOptions(delete_before_replace=True){force}"
    stack.write(f"import pulumi\n{program(key='NEW', project=option)}")
    error = stack.up(fails=True)
    assert "it contains 1 case (DESK-1) of this stack. They would be lost." in error
    assert "without these options" in error
    assert organization.stored(own) is not None
    stack.write(program(key="NEW", project=force.removeprefix(", ")))  # follows the advice
    stack.up()
    stack.assert_no_changes()
    assert (organization.stored(own) or {})["key"] == "NEW-1"


def test_ignored_project_keeps_the_case(stack: "Stack", organization: "Organization") -> None:
    own = stack.resources["own"]["id"]
    keep = program(key="NEW").replace(
        "title=", "opts=pulumi.ResourceOptions(ignore_changes=['project_id']), title="
    )
    stack.write(f"import pulumi\n{keep}")
    assert "case (DESK-1) of this stack. They would be lost." in stack.up(fails=True)
    stack.write(program(key="NEW"))  # follows the advice
    stack.up()
    stack.assert_no_changes()
    assert (organization.stored(own) or {})["key"] == "NEW-1"
    assert [each["attributes"]["key"] for each in organization.call("GET /cases/projects")] == [
        "NEW"
    ]


def test_hidden_case_after_moved_cases_prevents_the_delete(
    stack: "Stack", organization: "Organization", add_quirk: "AddQuirk"
) -> None:
    """The numbers of moved cases are missing, like those of hidden cases."""
    project = stack.resources["desk"]["id"]
    other = {"type": "project", "attributes": {"key": "OTHER", "name": "Other"}}
    elsewhere = organization.call("POST /cases/projects", other)["id"]
    for _ in range(4):
        moved = add_case(organization, project)
        target = {"type": "project", "id": elsewhere}
        organization.call(f"PATCH /cases/{moved}/relationships/project", target)
    theirs = add_case(organization, project)
    archive(organization, theirs)
    add_quirk("hide_archived_cases")
    assert "DESK-6" in stack.destroy(fails=True)
    assert organization.stored(theirs) is not None


def test_replacement_waits_until_the_key_is_released(
    stack: "Stack", organization: "Organization", add_quirk: "AddQuirk"
) -> None:
    stack.write(program(rest=EMPTY_PROJECT))
    stack.up()
    old = stack.resources["empty"]
    add_quirk("reserve_deleted_keys", seconds=2)
    stack.up("--replace", old["urn"])
    new_id = stack.resources["empty"]["id"]
    assert organization.stored(old["id"]) is None
    assert organization.stored(new_id) is not None


def test_error_says_that_the_key_is_not_released(
    stack: "Stack", organization: "Organization", add_quirk: "AddQuirk"
) -> None:
    stack.write(program(rest=EMPTY_PROJECT))
    stack.up()
    old = stack.resources["empty"]
    add_quirk("reserve_deleted_keys", seconds=3600)
    error = stack.up("--replace", old["urn"], fails=True)
    assert "Datadog may not have released the key yet: run `pulumi up` again later" in error
    assert organization.stored(old["id"]) is None
