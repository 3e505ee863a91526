"""`datadog-cases drift --report-to`: one open case reports the drift of a stack."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
from tests.cli.drift.conftest import RULE, Find, People, State, names

from pulumi_datadog_cases.cli.drift.report_case import ReportCase
from pulumi_datadog_cases.engine.timing import Timing

if TYPE_CHECKING:
    from tests.cli.conftest import Run, SetFault
    from tests.conftest import AddQuirk, Organization
    from typer.testing import Result

#: The stack of the fixture `state` is the stack `s` of the Pulumi project `p`.
TITLE = "datadog-cases drift: p/s"

#: A function that runs `drift --report-to OPS` with further options.
Report: TypeAlias = Callable[..., "Result"]


@pytest.fixture
def ops(people: People) -> str:
    """The id of a project OPS, which the stack does not manage."""
    return people.project("OPS")


@pytest.fixture
def report(run: "Run", ops: str) -> Report:
    """Return a function that runs the command, as `Report` describes."""
    assert ops

    def report(*options: str, ends_with: int = 2) -> "Result":
        return run("drift", "--report-to", "OPS", *options, ends_with=ends_with)

    return report


def attributes(people: People, key: str) -> dict[str, Any]:
    found: dict[str, Any] = people.call(f"GET /cases/{key}")["attributes"]
    return found


def comments(people: People, key: str) -> list[str]:
    cells = people.call(f"GET /cases/{key}/timelines")
    return [cell["attributes"]["cell_content"]["message"] for cell in cells]


def creates(organization: "Organization") -> int:
    """Return the number of requests that create a case."""
    return organization.request_lines().count("POST /cases")


def writes(organization: "Organization") -> list[str]:
    return [line for line in organization.request_lines() if not line.startswith("GET ")]


def exists(people: People, key: str) -> bool:
    return key in {each["attributes"]["key"] for each in people.call("GET /cases")}


def test_project_excludes_the_report(run: "Run", desk: str) -> None:
    """Without the drift of the other projects, the command would close the case too early."""
    result = run("drift", "--report-to", "OPS", "--project", desk, ends_with=1)
    assert result.stderr == (
        "error: --report-to and --project exclude each other: the case reports the drift of the "
        "whole stack\n"
    )


def test_text_of_others_cannot_leave_the_code_of_the_description(
    people: People, desk: str, report: Report
) -> None:
    people.rule(desk, name="``` @here [x](http://example.com)")
    report()
    line = "object ```` ``` @here [x](http://example.com) ````, in"
    assert line in attributes(people, "OPS-1")["description"]


# --- open, update, close ---------------------------------------------------------------------


def test_case_is_opened_updated_and_closed(
    people: People, organization: "Organization", desk: str, report: Report, run: "Run"
) -> None:
    first = people.rule(desk, name="First")
    opened = report()
    assert opened.stderr.startswith("Opened OPS-1 (http")
    assert opened.stdout == run("drift", ends_with=2).stdout
    case = attributes(people, "OPS-1")
    assert case["title"] == TITLE
    assert case["description"].startswith("**Drift: 1 unmanaged. ")
    assert case["description"].endswith(
        f"\n- type `AutomationRule`, object `First`, in `SOC`, import id `{desk}/{first}`"
    )

    before = writes(organization)
    assert report("--json").stderr.startswith("Unchanged: OPS-1 (")
    assert writes(organization) == before

    second = people.rule(desk, name="Second")
    assert report().stderr.startswith("Updated OPS-1 (")
    assert "Second" in attributes(people, "OPS-1")["description"]

    for rule in (first, second):
        people.call(f"DELETE /cases/projects/{desk}/rules/{rule}")
    assert report(ends_with=0).stderr.startswith("Closed OPS-1 (")
    case = attributes(people, "OPS-1")
    assert case["status_name"] == "Closed"
    assert "Second" in case["description"]
    assert comments(people, "OPS-1") == ["`datadog-cases drift` finds no drift any more."]
    before = writes(organization)
    assert report(ends_with=0).stderr == "No case is open for this stack.\n"
    assert writes(organization) == before


@pytest.mark.parametrize("lags", [False, True], ids=["search is current", "search is stale"])
@pytest.mark.parametrize("end", ["status", "archive", "title", "project"])
def test_case_is_not_used_again_after_people_end_it(  # noqa: PLR0913 - fixtures
    people: People, desk: str, report: Report, add_quirk: "AddQuirk", end: str, *, lags: bool
) -> None:
    people.rule(desk)
    report()
    if lags:
        add_quirk("lag_search", changed=3600, archived=3600)
    if end == "status":
        people.set("OPS-1", "status", status_name="Closed")
    elif end == "title":
        people.set("OPS-1", "title", title="Another")
    elif end == "project":
        move = {"type": "project", "id": desk}
        people.call("PATCH /cases/OPS-1/relationships/project", move)
    else:
        people.call("POST /cases/OPS-1/archive", {"type": "case"})
    assert report().stderr.startswith("Opened OPS-2 (")
    assert report().stderr.startswith("Unchanged: OPS-2 (")


def test_case_in_progress_is_updated(people: People, desk: str, report: Report) -> None:
    people.rule(desk)
    report()
    people.set("OPS-1", "status", status_name="In Progress")
    people.rule(desk, name="Second")
    assert report().stderr.startswith("Updated OPS-1 (")
    assert attributes(people, "OPS-1")["status_name"] == "In Progress"


def test_each_stack_has_its_own_case(
    people: People, state: State, desk: str, report: Report
) -> None:
    people.rule(desk)
    report()
    text = (state.folder / "state.json").read_text()
    (state.folder / "state.json").write_text(text.replace("urn:pulumi:s::p::", "urn:pulumi:t::p::"))
    assert report().stderr.startswith("Opened OPS-2 (")
    assert attributes(people, "OPS-2")["title"] == "datadog-cases drift: p/t"


def test_refused_close_leaves_one_comment(
    people: People, desk: str, report: Report, fault: "SetFault"
) -> None:
    rule = people.rule(desk)
    report()
    people.call(f"DELETE /cases/projects/{desk}/rules/{rule}")
    fault(kind="status", endpoint="POST /cases/*/status", status=400)
    for _ in range(2):
        line = report(ends_with=0).stderr
        assert line.startswith("Commented on OPS-1 (")
        assert "could not close it: POST /api/v2/cases/" in line
    assert len(comments(people, "OPS-1")) == 1


def test_case_stays_open_if_something_could_not_be_read(
    people: People, organization: "Organization", desk: str, report: Report, fault: "SetFault"
) -> None:
    people.rule(desk)
    report()
    fault(kind="status", endpoint="GET /cases/projects/*/rules**", status=403)
    before = writes(organization)
    line = "No case was changed, because something could not be read.\n"
    assert report(ends_with=1).stderr == line
    assert writes(organization) == before


# --- no second case --------------------------------------------------------------------------


def test_create_with_lost_response_is_not_repeated(  # noqa: PLR0913, PLR0917 - fixtures
    people: People,
    organization: "Organization",
    desk: str,
    report: Report,
    fault: "SetFault",
    add_quirk: "AddQuirk",
) -> None:
    people.rule(desk)
    add_quirk("lag_search", new=1)
    fault(kind="drop_after", endpoint="POST /cases", count=1)
    assert report().stderr.startswith("Unchanged: OPS-1 (")
    assert report().stderr.startswith("Unchanged: OPS-1 (")
    assert creates(organization) == 1


def test_create_that_is_not_found_is_an_error_and_is_not_repeated(  # noqa: PLR0913, PLR0917 - fixtures
    people: People,
    organization: "Organization",
    desk: str,
    report: Report,
    fault: "SetFault",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ReportCase, "timing", Timing(consistency_window=0.0))
    people.rule(desk)
    fault(kind="status", endpoint="POST /cases", status=503, count=1)
    result = report(ends_with=1)
    assert "1 unmanaged" in result.stdout
    assert result.stderr.startswith("error: POST /api/v2/cases on ")
    assert f"(No case {TITLE} found yet. " in result.stderr
    assert creates(organization) == 1
    assert report().stderr.startswith("Opened OPS-1 (")


def test_rejected_create_is_an_error_at_once(
    people: People, organization: "Organization", desk: str, report: Report, fault: "SetFault"
) -> None:
    people.rule(desk)
    fault(kind="status", endpoint="POST /cases", status=403)
    result = report(ends_with=1)
    assert "1 unmanaged" in result.stdout
    assert "cases_write" in result.stderr
    assert organization.request_lines()[-1] == "POST /cases"


def test_of_two_runs_at_the_same_time_one_case_stays(
    people: People, ops: str, desk: str, report: Report, fault: "SetFault"
) -> None:
    people.rule(desk)
    fault(kind="stale_list", endpoint="GET /cases", seconds=3600, count=1)
    people.case(ops, TITLE)  # another run creates it after the search of this run
    line = report().stderr
    assert line.startswith("Archived OPS-2, because another run has opened a case. Updated OPS-1 (")
    assert "Triage" in attributes(people, "OPS-1")["description"]
    assert exists(people, "OPS-1")
    assert not exists(people, "OPS-2")


def test_new_case_that_the_search_does_not_find_is_reported(
    people: People,
    desk: str,
    report: Report,
    add_quirk: "AddQuirk",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ReportCase, "timing", Timing(consistency_window=0.0))
    people.rule(desk)
    add_quirk("lag_search", new=3600)
    assert "The search does not find it yet." in report().stderr


def test_new_case_may_be_missing_at_first(
    people: People, organization: "Organization", desk: str, report: Report, fault: "SetFault"
) -> None:
    people.rule(desk)
    fault(kind="not_found_after_create", endpoint="GET /cases/*", seconds=1)
    assert report().stderr.startswith("Opened OPS-1 (")
    assert creates(organization) == 1


def test_oldest_of_two_open_cases_is_updated(
    people: People, organization: "Organization", ops: str, desk: str, report: Report
) -> None:
    rule = people.rule(desk)
    for _ in range(2):
        people.case(ops, TITLE)
    line = report().stderr
    assert line.startswith("Updated OPS-1 (")
    assert line.endswith(". Not updated, but open too: OPS-2; close them.\n")
    assert creates(organization) == 2
    people.call(f"DELETE /cases/projects/{desk}/rules/{rule}")
    report(ends_with=0)
    for key in ("OPS-1", "OPS-2"):
        assert attributes(people, key)["status_name"] == "Closed"


# --- the report ------------------------------------------------------------------------------


def test_report_case_is_not_unmanaged(
    people: People, desk: str, find: Find, report: Report
) -> None:
    rule = people.rule(desk)
    mine = people.case(desk, "Mine")
    report()
    people.call("POST /cases/OPS-1/comment", {"type": "case", "attributes": {"comment": "Seen."}})
    people.call(f"DELETE /cases/projects/{desk}/rules/{rule}")
    found = find("--all", "--cases", "*")
    assert names(found["unmanaged"], "label") == ["SOC-1 Mine", "OPS OPS"]
    assert mine in names(found["unmanaged"], "id")


def test_ignored_differences_are_not_reported_in_a_case(
    people: People, state: State, desk: str, report: Report
) -> None:
    people.rule(desk)
    (state.folder / ".datadog-cases-ignore").write_text("unmanaged AutomationRule *\n")
    assert report(ends_with=0).stderr == "No case is open for this stack.\n"


def test_json_is_the_only_output_on_stdout(people: People, desk: str, report: Report) -> None:
    people.rule(desk)
    assert names(json.loads(report("--json").stdout)["unmanaged"], "label") == [RULE["name"]]


@pytest.mark.usefixtures("desk")
def test_unknown_project_is_an_error_before_anything_is_compared(
    organization: "Organization", run: "Run"
) -> None:
    before = len(organization.request_lines())
    result = run("drift", "--report-to", "SOX", ends_with=1)
    assert result.stderr == "error: no project has the key SOX: did you mean SOC?\n"
    assert result.stdout == ""
    assert organization.request_lines()[before:] == ["GET /cases/projects"]


@pytest.mark.usefixtures("state")
def test_stack_without_resources_is_an_error(report: Report) -> None:
    result = report(ends_with=1)
    assert result.stderr.startswith("error: --report-to cannot name the case: ")
