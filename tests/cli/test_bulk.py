"""`datadog-cases bulk`: the dry run, the change of the cases, and the reported result."""

import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
import requests

if TYPE_CHECKING:
    from tests.cli.conftest import Run, SetFault
    from tests.conftest import Organization

#: A function that creates a case in the project SOC and returns the case's key. A call is
#: `make_case(title="x")`.
MakeCase: TypeAlias = Callable[..., str]
#: A function that starts a command in its own process. The input of the process is a terminal.
Start: TypeAlias = Callable[..., "subprocess.Popen[str]"]

STANDARD = "00000000-0000-0000-0000-000000000001"
CHANGE_REQUEST = "00000000-0000-0000-0000-000000000004"
BELA = "5a9d0c00-0000-4000-8000-000000000002"
JIRA = ("--account-id", "1", "--project-id", "10001", "--issue-type-id", "3")


@pytest.fixture
def project(organization: "Organization") -> str:
    """The id of the project SOC."""
    attributes = {"key": "SOC", "name": "Security operations"}
    made = organization.call("POST /cases/projects", {"type": "project", "attributes": attributes})
    return str(made["id"])


@pytest.fixture
def make_case(organization: "Organization", project: str) -> MakeCase:
    """Return a function that creates a case, as `MakeCase` describes."""

    def make(title: str = "A case", type_id: str = STANDARD, **attributes: object) -> str:
        made = organization.call(
            "POST /cases",
            {
                "type": "case",
                "attributes": {"title": title, "type_id": type_id, **attributes},
                "relationships": {"project": {"data": {"type": "project", "id": project}}},
            },
        )
        return str(made["attributes"]["key"])

    return make


@pytest.fixture
def three(make_case: MakeCase) -> list[str]:
    """The keys of three cases with priority P4. The first two are open, the third is closed."""
    return [
        make_case("Odd login", priority="P4"),
        make_case("Lost laptop", priority="P4"),
        make_case("Old news", priority="P4", status_name="Closed"),
    ]


def sizes(organization: "Organization") -> list[int]:
    """Return the number of cases in each bulk update.

    The numbers come from the bodies in the sandbox's request log. The log keeps bodies of up to
    4 KiB. A bulk update is smaller, because it has at most a hundred cases.
    """
    sent = [each["body"] for each in organization.request_log() if each["path"].endswith("/bulk")]
    return [len(each["data"]["attributes"]["case_ids"]) for each in sent]


# --- dry run ---------------------------------------------------------------------------------


def test_dry_run_shows_cases_and_changes_nothing(
    run: "Run", organization: "Organization", three: list[str]
) -> None:
    output = run("bulk", "priority", "P2", "--filter", "status:open").stdout
    assert sizes(organization) == []
    assert output.startswith("The search finds 2 cases.")
    assert ["SOC-1", "Odd", "login", "P4"] in [line.split() for line in output.splitlines()]
    assert three[2] not in output
    assert output.endswith("Nothing was changed. To set 2 cases to priority P2, add --apply.\n")


def test_status_that_the_type_lacks_is_refused_before_anything_changes(
    run: "Run", organization: "Organization", three: list[str], make_case: MakeCase
) -> None:
    change = make_case("Change", type_id=CHANGE_REQUEST)
    output = run("bulk", "status", "Closde", "--filter", "status:open", ends_with=1).stdout
    assert "Nothing was changed.\nImpossible for 3:\n" in output
    assert "only the statuses Open, In Progress, Closed" in " ".join(output.split())
    (own,) = (
        option["name"]
        for each in organization.call("GET /cases/types")
        if each["id"] == CHANGE_REQUEST
        for option in each["attributes"]["statuses_config"]["in_progress"]["status_options"][:1]
    )
    mixed = run("bulk", "status", own, "--filter", "status:open", ends_with=1).stdout
    assert f"To set 1 case to status {own}, add --apply.\nImpossible for 2:" in mixed
    assert sizes(organization) == []
    done = run("bulk", "status", own, "--filter", "status:open", "--yes", ends_with=1).stdout
    assert f"Done: set 1 case to status {own}.\nFailed for 2:" in done
    assert sizes(organization) == [1]
    assert change not in done.partition("Failed for")[2]
    assert three[0] in done.partition("Failed for")[2]


def test_only_first_cases_are_shown(run: "Run", make_case: MakeCase) -> None:
    for _ in range(12):
        make_case()
    output = run("bulk", "archive", "--all").stdout
    assert output.count("SOC-") == 10
    assert "… (and 2 more)" in output


def test_cases_with_wanted_value_are_skipped(
    run: "Run", organization: "Organization", three: list[str]
) -> None:
    organization.call(
        f"POST /cases/{three[0]}/priority", {"type": "case", "attributes": {"priority": "P2"}}
    )
    output = run("bulk", "priority", "p2", "--filter", "status:open", "--yes").stdout
    assert output.startswith("The search finds 2 cases; 1 needs no change (P2).")
    assert sizes(organization) == [1]
    again = run("bulk", "priority", "P2", "--filter", "status:open", "--yes").stdout
    assert again == "The search finds 2 cases; 2 need no change (P2).\n"
    assert sizes(organization) == [1]


def test_control_characters_in_titles_are_escaped(run: "Run", make_case: MakeCase) -> None:
    make_case("\x1b[2J[bold]gone[/bold] :smile:")
    assert r"\x1b[2J[bold]gone[/bold] :smile:" in run("bulk", "archive", "--all").stdout


def test_dry_run_of_move_shows_lost_jira_issues(
    run: "Run", organization: "Organization", three: list[str]
) -> None:
    link = {"type": "issues", "attributes": {"jira_issue_url": "https://acme.example/browse/S-1"}}
    organization.call(f"PATCH /cases/{three[0]}/relationships/jira_issues", link)
    project = organization.call(f"GET /cases/{three[0]}")["relationships"]["project"]["data"]["id"]
    other = {"type": "project", "attributes": {"key": "OPS", "name": "Operations"}}
    organization.call("POST /cases/projects", other)
    output = " ".join(run("bulk", "move", "OPS", "--all").stdout.split())
    assert f"in project {project}, linked to a Jira issue: the move drops the link" in output
    assert output.count("the move drops the link") == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["archive"], "--filter with a search query"),
        (["archive", "--filter", "  ", "--yes"], "--filter with a search query"),
        (["archive", "--all", "--filter", "status:open"], "--filter with a search query"),
        (["archive", "--all", "--apply"], "pass --yes"),
        (["priority", "P9", "--all"], "one of NOT_DEFINED, P1, P2, P3, P4, P5"),
        (["linear", "team", "--all"], "write NAME=VALUE"),
        (["jira", "--all"], "see `datadog-cases bulk jira --help`"),
    ],
)
def test_wrong_usage_sends_no_request(
    run: "Run", organization: "Organization", arguments: list[str], words: str
) -> None:
    result = run("bulk", *arguments, ends_with=2)
    assert result.stderr.startswith("error: ")
    assert result.stderr.count("\n") == 1
    assert words in result.stderr
    assert organization.request_log() == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ["assign", "bel"],
            "no user has the email address or handle bel: did you mean one of bela@",
        ),
        (["assign", "nobody@example.com"], "use the email address, handle or UUID"),
        (["move", "SOCK"], "no project has the key SOCK: did you mean SOC?"),
    ],
)
@pytest.mark.usefixtures("three")
def test_unknown_user_or_project_suggests_similar_ones(
    run: "Run", organization: "Organization", arguments: list[str], words: str
) -> None:
    assert words in run("bulk", *arguments, "--all", "--yes", ends_with=1).stderr
    assert sizes(organization) == []


# --- the change ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "changed"),
    [
        (["archive"], lambda case: case["archived_at"]),
        (["priority", "P1"], lambda case: case["priority"] == "P1"),
        (["status", "In Progress"], lambda case: case["status_name"] == "In Progress"),
        (["assign", "Bela@Example.com"], lambda case: case["assignee_id"] == BELA),
        (["assign", BELA], lambda case: case["assignee_id"] == BELA),
        (["move", "OPS"], lambda case: case["key"].startswith("OPS-")),
        (["jira", *JIRA], lambda case: case["jira_issue"]),
        (["servicenow", "--instance-name", "acme"], lambda case: case["service_now_ticket"]),
        (["linear", "team=x=y"], lambda case: case["linear"] == {"team": "x=y"}),
    ],
)
def test_operation_changes_only_found_cases(
    run: "Run",
    organization: "Organization",
    three: list[str],
    arguments: list[str],
    changed: Callable[[Any], object],
) -> None:
    organization.call(
        "POST /cases/projects", {"type": "project", "attributes": {"key": "OPS", "name": "Ops"}}
    )
    ids = [organization.call(f"GET /cases/{key}")["id"] for key in three]
    run("bulk", *arguments, "--filter", "status:open", "--yes")
    assert sizes(organization) == [2]
    after = [organization.stored(case_id) for case_id in ids]
    assert [bool(case and changed(case)) for case in after] == [True, True, False]


@pytest.mark.parametrize(
    ("do", "undo", "finds"),
    [
        (["archive"], "unarchive", "archived:true"),
        (["assign", BELA], "unassign", "assignee:bela@example.com"),
    ],
)
def test_operations_can_be_reverted(  # noqa: PLR0913, PLR0917 - the table's columns
    run: "Run",
    organization: "Organization",
    three: list[str],
    do: list[str],
    undo: str,
    finds: str,
) -> None:
    run("bulk", *do, "--filter", "status:open", "--yes")
    output = run("bulk", undo, "--filter", finds, "--yes").stdout
    assert output.endswith(f"Done: {undo} 2 cases.\n")
    for key in three:
        case = organization.stored(key)
        assert case is not None
        assert (case["archived_at"], case["assignee_id"]) == (None, None)


def test_many_cases_are_sent_in_batches(
    run: "Run", organization: "Organization", make_case: MakeCase
) -> None:
    for _ in range(205):
        make_case()
    output = run("bulk", "unassign", "--all", "--yes").stdout
    assert "205 need no change (not assigned)" in output
    assert run("bulk", "archive", "--all", "--yes").stdout.endswith("Done: archive 205 cases.\n")
    assert sizes(organization) == [100, 100, 5]


def test_json_document_of_dry_run_and_change(run: "Run", three: list[str]) -> None:
    planned = run("bulk", "archive", "--filter", "status:open", "--json")
    document = json.loads(planned.stdout)
    assert (document["found"], document["applied"]) == (2, False)
    assert [case["key"] for case in document["cases"]] == three[:2]
    done = json.loads(run("bulk", "archive", "--all", "--yes", "--json").stdout)
    assert (done["found"], done["applied"]) == (3, True)
    assert done["cases"][0] | {"id": ""} == {
        "id": "",
        "key": "SOC-1",
        "before": "not archived",
        "wanted": "archived",
        "why_not": None,
    }


# --- the result ------------------------------------------------------------------------------


#: A fault with which the API does not say which statuses the case types have.
UNKNOWN_STATUSES = {
    "kind": "status",
    "endpoint": "GET /cases/types",
    "status": 200,
    "body": {"data": [{"id": STANDARD, "type": "case_type", "attributes": {"name": 1}}]},
}


def test_rejected_case_does_not_stop_the_others(
    run: "Run", organization: "Organization", make_case: MakeCase, fault: "SetFault"
) -> None:
    fault(**UNKNOWN_STATUSES)
    keys = [make_case(type_id=CHANGE_REQUEST) for _ in range(9)]
    keys.insert(4, make_case())
    result = run("bulk", "status", "Approved", "--all", "--yes", ends_with=1)
    assert "Done: set 9 cases to status Approved." in result.stdout
    assert "Failed for 1:" in result.stdout
    output = result.stdout.splitlines()[-2]
    assert output.split()[0] == keys[4]
    assert "Must be one of Open, In Progress, Closed" in output
    names = {organization.call(f"GET /cases/{key}")["attributes"]["status_name"] for key in keys}
    assert names == {"Approved", "Open"}


def test_operation_rejected_for_all_cases_stops(
    run: "Run", organization: "Organization", make_case: MakeCase, fault: "SetFault"
) -> None:
    fault(**UNKNOWN_STATUSES)
    for _ in range(60):
        make_case()
    output = run("bulk", "status", "Opne", "--all", "--yes", ends_with=1).stderr
    assert output.startswith("error: stopped after 0 of 60 cases: ")
    assert "Opne" in output
    assert output.count("\n") == 1
    assert len(sizes(organization)) < 60


def test_ticket_creation_is_not_retried(
    run: "Run", organization: "Organization", three: list[str], fault: "SetFault"
) -> None:
    fault(kind="status", endpoint="POST /cases/bulk", status=400, body={"errors": ["no account"]})
    output = run("bulk", "jira", *JIRA, "--all", "--yes", ends_with=1).stdout
    assert output.count("no account") == len(three)
    assert sizes(organization) == [3]


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (
            {"kind": "status", "endpoint": "POST /cases/bulk", "status": 200},
            "accepted, but not changed: not archived",
        ),
        (
            {
                "kind": "status",
                "endpoint": "GET /cases/*",
                "status": 404,
                "body": {"errors": [{"code": "resource_not_found", "title": "case not found"}]},
            },
            "it does not exist any more",
        ),
    ],
)
def test_accepted_but_unchanged_cases_are_reported(
    run: "Run", three: list[str], fault: "SetFault", broken: dict[str, Any], why: str
) -> None:
    fault(**broken)
    document = json.loads(run("bulk", "archive", "--all", "--yes", "--json", ends_with=1).stdout)
    assert [case["why_not"] for case in document["cases"]] == [why] * len(three)


@pytest.mark.usefixtures("three")
def test_unverifiable_operation_is_not_reported_as_done(run: "Run") -> None:
    output = run("bulk", "linear", "team=x", "--all", "--yes").stdout
    assert "Done" not in output
    assert output.endswith("for 3 cases. The API does not show the result.\n")


def test_failed_run_reports_progress_and_can_be_repeated(
    run: "Run",
    organization: "Organization",
    make_case: MakeCase,
    fault: "SetFault",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for _ in range(105):
        make_case()
    monkeypatch.setenv("PULUMI_DATADOG_CASES_RATE_LIMIT_TIMEOUT", "0")
    fault(kind="rate_limit", endpoint="POST /cases/bulk", requests=1, period=3600)
    output = run("bulk", "archive", "--all", "--yes", ends_with=1).stderr
    assert output.startswith("error: stopped after 100 of 105 cases: ")
    assert "It is safe to run it again" in output
    requests.delete(f"{organization.settings.base_url}/sandbox/faults", timeout=10)
    run("bulk", "archive", "--all", "--yes")
    assert sizes(organization)[-1] == 5


# --- in a separate process -------------------------------------------------------------------


@pytest.fixture
def start(organization: "Organization", run: "Run") -> Iterator[Start]:  # noqa: ARG001 - `run` sets the environment
    """Return a function that starts a command, as `Start` describes.

    The test writes the terminal's input to `process.stdin`.
    """
    started: list[subprocess.Popen[str]] = []
    terminal, end = pty.openpty()
    command = "from pulumi_datadog_cases.cli import main; main()"

    def start(*arguments: str, **environment: str) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-c", command, *arguments],
            env={**os.environ, **environment},
            stdin=end,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        process.stdin = os.fdopen(os.dup(terminal), "w")
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()
    os.close(terminal)
    os.close(end)


@pytest.mark.parametrize(
    ("answer", "ends_with", "message", "requests"),
    [("y\n", 0, "Done: archive 3 cases.", [3]), ("\n", 1, "nothing was changed", [])],
)
@pytest.mark.usefixtures("three")
def test_apply_asks_for_confirmation_on_terminal(  # noqa: PLR0913, PLR0917 - the table's columns
    start: Start,
    organization: "Organization",
    answer: str,
    ends_with: int,
    message: str,
    requests: list[int],
) -> None:
    process = start("bulk", "archive", "--all", "--apply")
    assert process.stdin is not None
    process.stdin.write(answer)
    process.stdin.flush()
    out, err = process.communicate(timeout=300)
    assert "Archive 3 cases? [y/N]:" in err
    assert (process.returncode, message in out + err) == (ends_with, True)
    assert sizes(organization) == requests


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (["archive"], "It is safe to run it again"),
        (["jira", *JIRA], "The API may still change 3 cases, because it has not confirmed"),
    ],
)
@pytest.mark.usefixtures("three")
def test_interrupted_run_reports_progress(
    start: Start,
    organization: "Organization",
    fault: "SetFault",
    arguments: list[str],
    advice: str,
) -> None:
    fault(kind="latency", endpoint="POST /cases/bulk", seconds=60)
    process = start("bulk", *arguments, "--all", "--yes")
    faults = f"{organization.settings.base_url}/sandbox/faults"
    until = time.monotonic() + 60
    while not requests.get(faults, timeout=10).json()[0]["struck"]:
        assert time.monotonic() < until
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=300)
    assert process.returncode == 130
    assert err.startswith(f"error: stopped after 0 of 3 cases: interrupted. {advice}")


@pytest.mark.parametrize(("environment", "is_shown"), [({"FORCE_COLOR": "1"}, True), ({}, False)])
def test_progress_is_shown_only_on_terminals(
    start: Start,
    three: list[str],
    fault: "SetFault",
    environment: dict[str, str],
    *,
    is_shown: bool,
) -> None:
    fault(kind="latency", endpoint="POST /cases/bulk", seconds=1.5)
    process = start("bulk", "archive", "--all", "--yes", "--json", **environment)
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0
    assert ("archive 3 cases" in err) is is_shown
    assert json.loads(out)["found"] == len(three)
