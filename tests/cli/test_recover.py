"""`datadog-cases recover`: finds what a killed deployment created, if its intent log is lost.

The intent log is the provider's record of unfinished create operations. Each entry is an *intent*.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from pulumi_datadog_cases.cli import pulumi_cli
from pulumi_datadog_cases.cli.recover import search

if TYPE_CHECKING:
    from tests.cli.conftest import Run, SetFault
    from tests.conftest import NewStack, Organization, Stack, StartSandbox

pytestmark = pytest.mark.pulumi

#: A function that runs `recover --json` for a stack and returns the document, as in
#: `recover(stack)["creates"]`. `ends_with` is the expected exit code.
Recover: TypeAlias = Callable[..., Any]

GOLDEN = Path(__file__).parents[1] / "state" / "golden" / "0.1.0" / "program.py"
ME = "5a9d0c00-0000-4000-8000-000000000001"
STANDARD = "00000000-0000-0000-0000-000000000001"

HEAD = """
import os
import pulumi
import pulumi_datadog_cases as cases
"""
PROJECT = HEAD + "desk = cases.Project('desk', key='SEC', name='Security')\n"
CASE = PROJECT + "cases.Case('drill', project_id=desk.id, title='Drill')\n"
TWINS = CASE + "cases.Case('twin', project_id=desk.id, title='Drill')\n"


@pytest.fixture
def recover(run: "Run", intent_log_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Recover:
    """Return a function that runs `recover --json`, as `Recover` describes."""
    clear(intent_log_folder)

    def recover(stack: "Stack", ends_with: int = 0) -> Any:  # noqa: ANN401 - JSON
        for name, value in stack.environment.items():
            monkeypatch.setenv(name, value)
        arguments = ("recover", "--json", "--stack-dir", str(stack.folder))
        return json.loads(run(*arguments, ends_with=ends_with).stdout)

    return recover


def clear(folder: Path) -> None:
    """Remove the intent log, as if the next deployment ran on another machine."""
    shutil.rmtree(folder)
    folder.mkdir()


def add_pending(
    state: dict[str, Any], resource: dict[str, Any], operation: str = "creating", **inputs: object
) -> None:
    """Add a pending operation of a resource, with some inputs replaced."""
    begun = {key: resource[key] for key in resource.keys() - {"id", "outputs", "created"}}
    begun["inputs"] = {**resource["inputs"], **inputs}
    pending = state.setdefault("pending_operations", [])
    pending.insert(0, {"resource": begun, "type": operation})


def results(document: Any) -> dict[str, str]:  # noqa: ANN401 - JSON
    """Return the result of each pending create, by the name of the resource."""
    return {each["name"]: each["result"] for each in document["creates"]}


def add_case(organization: "Organization", project: str, title: str = "Drill") -> str:
    """Create a case as a person does; return its id."""
    data = {
        "type": "case",
        "attributes": {"title": title, "type_id": STANDARD},
        "relationships": {"project": {"data": {"type": "project", "id": project}}},
    }
    return str(organization.call("POST /cases", data)["id"])


def test_nothing_pending_runs_only_stack_export(
    organization: "Organization",
    new_stack: "NewStack",
    recover: Recover,
    run: "Run",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stack = new_stack(organization, CASE)
    stack.up()
    before = organization.request_lines()
    commands = list[tuple[str, ...]]()
    original = pulumi_cli.run_pulumi

    def record(*arguments: str) -> "subprocess.CompletedProcess[str]":
        commands.append(arguments[2:])
        return original(*arguments)

    for module in [*sys.modules.values()]:
        if getattr(module, "run_pulumi", None) is original:
            monkeypatch.setattr(module, "run_pulumi", record)
    assert recover(stack) == {"creates": [], "left_alone": []}
    assert commands == [("stack", "export")]
    assert organization.request_lines() == before
    output = run("recover", "--stack-dir", str(stack.folder)).stdout
    assert output == "No create is pending: there is nothing to recover.\n"


def test_objects_of_every_resource_type_are_continued(
    organization: "Organization",
    new_stack: "NewStack",
    recover: Recover,
    run: "Run",
    intent_log_folder: Path,
) -> None:
    stack = new_stack(organization, GOLDEN.read_text())
    stack("config", "set", "me", ME)
    stack.up()
    ids = {name: each.get("id") for name, each in stack.resources.items()}
    types = {
        name: each["type"].rpartition(":")[2]
        for name, each in stack.resources.items()
        if ":dynamic/datadog-cases:" in each["type"] and not each.get("external")
    }
    stack.interrupt_creates(*types)
    clear(intent_log_folder)
    state, before = stack.state, len(organization.request_log())

    document = recover(stack)
    repeatable = {"CaseCustomAttribute", "CaseIncident", "CaseNotebook", "CaseWatcher"}
    repeatable |= {"ProjectFavorite"}
    # These objects need no search. Their id is the id of their case, or follows from the program.
    looked_up = {"CaseInsight", "CaseJiraIssue", "CaseServiceNowTicket"}
    expected = {
        name: "repeatable" if each in repeatable else "logged" if each in looked_up else "found"
        for name, each in types.items()
    }
    assert results(document) == expected
    assert all(
        ids[each["name"]] == each["objects"][0]["id"].rpartition("/")[2]
        for each in document["creates"]
        if each["result"] == "found"
    )
    assert (stack.state, organization.writes(before)) == (state, [])

    stack.up()
    assert {name: each.get("id") for name, each in stack.resources.items()} == ids
    creates = "cases projects types rules notification_rules views windows link comment insights"
    creates += " jira_issues servicenow_tickets"
    repeated = organization.writes(before)
    assert not [line for line in repeated if line.endswith(tuple(creates.split()))]
    stack.assert_no_changes()
    # Pulumi still lists the creates as pending.
    before = len(organization.request_log())
    assert {*results(recover(stack)).values()} == {"saved"}
    assert len(organization.request_log()) == before
    assert "nothing to recover" in run("recover", "--stack-dir", str(stack.folder)).stdout


@pytest.fixture
def stack(organization: "Organization", new_stack: "NewStack") -> "Stack":
    """A deployed stack with a project and two cases with equal inputs."""
    stack = new_stack(organization, TWINS)
    stack.up()
    return stack


def lose(stack: "Stack", folder: Path, *names: str) -> None:
    """Change the state as if a kill had interrupted these creates, and clear the intent log."""
    stack.interrupt_creates(*names)
    clear(folder)


def assert_counts(stack: "Stack", organization: "Organization", cases: int) -> None:
    """Check that the stack manages everything: one project and this number of cases."""
    found = {each["id"] for each in organization.call("GET /cases")}
    managed = {each["id"] for each in stack.resources.values() if ":Case" in each["type"]}
    assert len(organization.call("GET /cases/projects")) == 1
    assert (len(found), found) == (cases, managed)
    stack.assert_no_changes()


def test_object_is_found_and_shown(
    organization: "Organization",
    stack: "Stack",
    recover: Recover,
    run: "Run",
    intent_log_folder: Path,
) -> None:
    ids = {name: stack.resources[name]["id"] for name in ("desk", "drill", "twin")}
    lose(stack, intent_log_folder, *ids)
    recover(stack)
    clear(intent_log_folder)
    lines = run("recover", "--stack-dir", str(stack.folder)).stdout.splitlines()
    assert lines[1].split() == ["type", "name", "result", "object", "next"]
    shown = {line.split()[1]: line for line in lines[3:6]}
    assert {*shown} == {"desk", "drill", "twin"}
    assert f"found    {ids['desk']} SEC Security" in shown["desk"]
    assert "`pulumi up` continues with it" in shown["desk"]
    stack.up()
    assert {name: stack.resources[name]["id"] for name in ("desk",)} == {"desk": ids["desk"]}
    assert_counts(stack, organization, cases=2)


def test_missing_object_is_created(
    organization: "Organization", stack: "Stack", recover: Recover, intent_log_folder: Path
) -> None:
    case = stack.resources["drill"]["id"]
    lose(stack, intent_log_folder, "drill")
    organization.call(f"POST /cases/{case}/archive", {"type": "case"})
    assert results(recover(stack)) == {"drill": "not_found"}
    # The log now has an intent without an object. The next deployment must not assign the object of
    # `twin` to this intent, although the inputs are the same.
    stack.up()
    assert_counts(stack, organization, cases=2)


def test_object_on_a_case_named_by_key_is_continued(
    organization: "Organization",
    new_stack: "NewStack",
    recover: Recover,
    intent_log_folder: Path,
) -> None:
    data = {"type": "project", "attributes": {"key": "SEC", "name": "Security"}}
    add_case(organization, organization.call("POST /cases/projects", data)["id"])
    program = "cases.CaseComment('comment', case_id='SEC-1', comment='Found.')\n"
    stack = new_stack(organization, HEAD + program)
    stack.up()
    stack.interrupt_creates("comment")
    clear(intent_log_folder)
    assert results(recover(stack)) == {"comment": "found"}
    since = len(organization.request_log())
    stack.up()
    assert organization.writes(since) == []
    stack.assert_no_changes()


def test_one_of_two_equal_objects_is_missing(
    organization: "Organization", stack: "Stack", recover: Recover, intent_log_folder: Path
) -> None:
    case = stack.resources["drill"]["id"]
    lose(stack, intent_log_folder, "drill", "twin")
    organization.call(f"POST /cases/{case}/archive", {"type": "case"})
    assert sorted(results(recover(stack)).values()) == ["found", "not_found"]
    stack.up()
    assert_counts(stack, organization, cases=2)


def test_late_object_is_found_by_the_deployment(
    organization: "Organization", stack: "Stack", recover: Recover, intent_log_folder: Path
) -> None:
    """A new object may appear in the API's responses some time after the create request."""
    project, case = (stack.resources[name]["id"] for name in ("desk", "drill"))
    lose(stack, intent_log_folder, "drill")
    organization.call(f"POST /cases/{case}/archive", {"type": "case"})
    assert results(recover(stack)) == {"drill": "not_found"}
    late = add_case(organization, project)
    stack.up()
    assert stack.resources["drill"]["id"] == late


def test_ambiguous_objects_are_listed_and_stop_the_deployment(
    organization: "Organization",
    stack: "Stack",
    recover: Recover,
    run: "Run",
    intent_log_folder: Path,
) -> None:
    project, own = (stack.resources[name]["id"] for name in ("desk", "drill"))
    theirs = add_case(organization, project)
    lose(stack, intent_log_folder, "drill")
    (create,) = recover(stack, ends_with=1)["creates"]
    assert create["result"] == "ambiguous"
    # The newest object comes first. It has the key SEC-3, because SEC-1 and SEC-2 are the two cases
    # of the stack.
    assert [each["id"] for each in create["objects"]] == [theirs, own]
    assert create["objects"][0]["label"] == "SEC-3 Drill"
    # A second run reports the same objects, and adds no second intent to the log.
    output = run("recover", "--stack-dir", str(stack.folder), ends_with=1).stdout
    assert "`pulumi up` stops: delete the objects that are not needed" in output
    assert len([*intent_log_folder.glob("*/*/intent-*")]) == 1
    before = len(organization.request_log())
    output = stack.up(fails=True)
    assert "they cannot be told apart" in output
    assert own in output
    assert theirs in output
    assert organization.writes(before) == []
    # Follow the advice of the error: archive the case that is not needed.
    organization.call(f"POST /cases/{theirs}/archive", {"type": "case"})
    assert results(recover(stack)) == {"drill": "found"}
    stack.up()
    assert stack.resources["drill"]["id"] == own


def test_intents_of_the_killed_deployment_are_kept(
    organization: "Organization", stack: "Stack", recover: Recover, intent_log_folder: Path
) -> None:
    id_ = stack.resources["drill"]["id"]
    lose(stack, intent_log_folder, "drill")
    assert results(recover(stack)) == {"drill": "found"}
    before = len(organization.request_log())
    (create,) = recover(stack)["creates"]
    assert (create["result"], [each["id"] for each in create["objects"]]) == ("logged", [id_])
    assert len(organization.request_log()) == before
    assert len([*intent_log_folder.glob("*/*/made-*")]) == 1


def test_secret_inputs_are_neither_shown_nor_stored(
    organization: "Organization",
    new_stack: "NewStack",
    recover: Recover,
    run: "Run",
    intent_log_folder: Path,
) -> None:
    program = (
        PROJECT + "cases.Case('drill', project_id=desk.id, title=pulumi.Output.secret('S3CRET'))"
    )
    stack = new_stack(organization, program)
    stack.up()
    id_ = stack.resources["drill"]["id"]
    assert "S3CRET" not in stack.state
    lose(stack, intent_log_folder, "drill")
    document = recover(stack)
    assert document["creates"][0]["objects"] == [{"id": id_, "label": "SEC-1"}]
    files = [each.read_text() for each in intent_log_folder.rglob("*") if each.is_file()]
    assert "S3CRET" not in " ".join([*files, json.dumps(document)])
    clear(intent_log_folder)
    assert "S3CRET" not in run("recover", "--stack-dir", str(stack.folder)).output
    stack.up()
    assert stack.resources["drill"]["id"] == id_


def test_object_before_the_last_deployment_is_not_a_candidate(
    organization: "Organization",
    stack: "Stack",
    recover: Recover,
    intent_log_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """People created a case with equal values before the end of the last deployment."""
    lose(stack, intent_log_folder, "drill")
    # With this value, the search ignores objects that were created up to 10 seconds after the end
    # of the deployment. So the deployment's own case takes the role of a case that people created.
    monkeypatch.setattr(search, "_CLOCK_SKEW", -10.0)
    assert results(recover(stack)) == {"drill": "not_found"}
    stack.up()
    assert len(organization.call("GET /cases")) == 3


def test_deployment_of_a_part_is_not_the_last_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def entry(minute: int, **more: object) -> dict[str, object]:
        times = {"startTime": "…", "endTime": f"2027-01-01T00:{minute:02}:00.000Z"}
        return {"kind": "update", "result": "succeeded", "environment": {}, **times, **more}

    history = [
        {"kind": "update", "result": "in-progress", "environment": {}},
        entry(9, result="failed"),
        entry(8, kind="destroy"),
        entry(7, environment={"pulumi.flag.target": "set"}),
        entry(6, environment={"pulumi.flag.exclude": "set"}),
        entry(5, environment={"pulumi.flag.yes": "true"}),
        entry(4),
    ]

    def last() -> float | None:
        done = subprocess.CompletedProcess("pulumi", 0, json.dumps(history), "")
        monkeypatch.setattr(pulumi_cli, "run_pulumi", lambda *_: done)
        return pulumi_cli.last_full_update(Path())

    assert last() == datetime(2027, 1, 1, 0, 5, tzinfo=UTC).timestamp()
    del history[-2:]
    assert last() is None


def test_declaration_changed_between_two_kills(
    organization: "Organization", stack: "Stack", recover: Recover, intent_log_folder: Path
) -> None:
    """Both deployments were killed, the second one before it sent its create request."""
    id_ = stack.resources["drill"]["id"]
    stack.interrupt_creates("drill")
    with stack.edit_state() as state:
        first = state["pending_operations"][0]["resource"]
        add_pending(state, first, title="Exercise")
    clear(intent_log_folder)
    assert results(recover(stack)) == {"drill": "found"}
    stack.write(TWINS.replace("title='Drill'", "title='Exercise'", 1))
    stack.up()
    assert stack.resources["drill"]["id"] == id_
    assert_counts(stack, organization, cases=2)


def test_object_of_an_earlier_declaration_is_reported(
    organization: "Organization", stack: "Stack", recover: Recover, intent_log_folder: Path
) -> None:
    project, old = (stack.resources[name]["id"] for name in ("desk", "drill"))
    new = add_case(organization, project, "Exercise")
    stack.interrupt_creates("drill")
    with stack.edit_state() as state:
        add_pending(state, state["pending_operations"][0]["resource"], title="Exercise")
    clear(intent_log_folder)
    found = [(each["result"], each["objects"][0]["id"]) for each in recover(stack)["creates"]]
    assert found == [("found", new), ("unused", old)]
    stack.write(TWINS.replace("title='Drill'", "title='Exercise'", 1))
    stack.up()
    assert stack.resources["drill"]["id"] == new


def test_interrupted_replacement_is_continued(
    organization: "Organization", new_stack: "NewStack", recover: Recover, intent_log_folder: Path
) -> None:
    program = PROJECT + (
        "old = cases.Project('annex', key='ANN', name='Annex')\n"
        "cases.CaseView('view', project_id={}.id, name='Open', query='status:open')\n"
    )
    stack = new_stack(organization, program.format("old"))
    stack.up()
    desk = stack.resources["desk"]["id"]
    attributes = {"name": "Open", "query": "status:open", "project_id": desk}
    data = {"type": "view", "attributes": attributes}
    new = organization.call("POST /cases/views", data)["id"]
    with stack.edit_state() as state:
        (view,) = (each for each in state["resources"] if each["urn"].endswith("::view"))
        add_pending(state, view, project_id=desk)
    clear(intent_log_folder)
    assert results(recover(stack)) == {"view": "found"}
    stack.write(program.format("desk"))
    stack.up()
    assert stack.resources["view"]["id"] == new
    assert len(organization.call(f"GET /cases/views?project_id={desk}")) == 1
    stack.assert_no_changes()


def test_other_operations_are_left_alone(
    organization: "Organization",
    stack: "Stack",
    recover: Recover,
    run: "Run",
    intent_log_folder: Path,
) -> None:
    with stack.edit_state() as state:
        for each in state["resources"]:
            if each["urn"].endswith("::drill"):
                add_pending(state, each, "updating")
                urn = each["urn"]
                other = {**each, "type": "aws:s3/bucket:Bucket", "urn": "urn:other"}
        add_pending(state, other)
    before = len(organization.request_log())
    assert recover(stack) == {
        "creates": [],
        "left_alone": [
            {"urn": "urn:other", "operation": "creating"},
            {"urn": urn, "operation": "updating"},
        ],
    }
    assert len(organization.request_log()) == before
    assert [*intent_log_folder.iterdir()] == []
    output = run("recover", "--stack-dir", str(stack.folder)).stdout
    assert f"Left alone: {urn}, which was interrupted while updating." in output


def test_failed_search_is_reported_and_repeated_by_the_deployment(
    organization: "Organization",
    stack: "Stack",
    recover: Recover,
    fault: "SetFault",
    intent_log_folder: Path,
) -> None:
    id_ = stack.resources["drill"]["id"]
    lose(stack, intent_log_folder, "drill")
    fault(kind="status", endpoint="GET /cases", status=403, count=1)
    (create,) = recover(stack, ends_with=1)["creates"]
    assert create["result"] == "unread"
    assert "answered 403" in create["reason"]
    stack.up()
    assert stack.resources["drill"]["id"] == id_
    assert_counts(stack, organization, cases=2)


def test_organisation_of_an_explicit_provider_is_searched(
    organization: "Organization",
    new_stack: "NewStack",
    start_sandbox: "StartSandbox",
    recover: Recover,
    intent_log_folder: Path,
) -> None:
    other = start_sandbox("--api-key", "other-api-key")
    program = HEAD + (
        "eu = cases.Provider('eu', api_url=os.environ['OTHER_URL'], api_key='other-api-key')\n"
        "for name, provider in ('here', None), ('there', eu):\n"
        "    cases.MaintenanceWindow(name, name='Night', query='project:SEC',\n"
        "        start_at='2031-01-01T00:00:00Z', end_at='2031-01-02T00:00:00Z',\n"
        "        opts=pulumi.ResourceOptions(provider=provider))\n"
    )
    stack = new_stack(organization, program)
    stack.environment["OTHER_URL"] = other.settings.base_url
    stack.up()
    ids = {name: stack.resources[name]["id"] for name in ("here", "there")}
    lose(stack, intent_log_folder, *ids)
    document = recover(stack)
    assert {each["name"]: each["objects"][0]["id"] for each in document["creates"]} == ids
    stack.up()
    assert {name: stack.resources[name]["id"] for name in ids} == ids
    assert [len(each.call("GET /maintenance_windows")) for each in (organization, other)] == [1, 1]


def test_keys_of_another_organization_are_refused(
    stack: "Stack",
    start_sandbox: "StartSandbox",
    run: "Run",
    intent_log_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lose(stack, intent_log_folder, "drill")
    for name, value in {**stack.environment, **start_sandbox().environment}.items():
        monkeypatch.setenv(name, value)
    error = run("recover", "--stack-dir", str(stack.folder), ends_with=1).stderr
    assert "was not touched: it belongs to the organisation Sandbox (" in error
    assert [*intent_log_folder.iterdir()] == []


def test_case_that_the_program_archives_is_found(
    organization: "Organization", new_stack: "NewStack", recover: Recover, intent_log_folder: Path
) -> None:
    program = CASE.replace("title='Drill'", "title='Drill', archived=True")
    stack = new_stack(organization, program)
    stack.up()
    id_ = stack.resources["drill"]["id"]
    lose(stack, intent_log_folder, "drill")
    assert results(recover(stack)) == {"drill": "found"}
    stack.up()
    assert stack.resources["drill"]["id"] == id_


def test_intent_log_that_cannot_be_written_is_an_error(
    stack: "Stack",
    recover: Recover,
    run: "Run",
    intent_log_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert recover(stack)["creates"] == []
    lose(stack, intent_log_folder, "drill")
    file = stack.folder / "file"
    file.touch()
    monkeypatch.setenv("PULUMI_DATADOG_CASES_JOURNAL", str(file))
    output = run("recover", "--stack-dir", str(stack.folder), ends_with=1).stderr
    assert "\nerror: cannot write the intent log: " in output
    assert output.endswith("Set PULUMI_DATADOG_CASES_JOURNAL to a writable folder\n")
