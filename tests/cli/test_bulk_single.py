"""`datadog-cases bulk`: operations that send a request for each case."""

import _thread
import json
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
import requests

from pulumi_datadog_cases.api.endpoints.cases import Cases
from pulumi_datadog_cases.cli import bulk
from pulumi_datadog_cases.cli.bulk.apply import apply
from pulumi_datadog_cases.cli.bulk.threads import map_in_threads

if TYPE_CHECKING:
    from tests.cli.conftest import Run, SetFault
    from tests.conftest import Organization

#: A function that creates a case and returns its id.
MakeCase: TypeAlias = Callable[..., str]

STANDARD = "00000000-0000-0000-0000-000000000001"
CHANGE_REQUEST = "00000000-0000-0000-0000-000000000004"
TEXT = "Please close **this**."


@pytest.fixture
def make_case(organization: "Organization") -> MakeCase:
    """Return a function that creates a case, with optional labels, in the project SOC."""
    attributes = {"key": "SOC", "name": "Security operations"}
    data = {"type": "project", "attributes": attributes}
    project = organization.call("POST /cases/projects", data)["id"]

    def make(labels: Mapping[str, Sequence[str]] | None = None, *, type_id: str = STANDARD) -> str:
        made = organization.call(
            "POST /cases",
            {
                "type": "case",
                "attributes": {"title": "A case", "type_id": type_id},
                "relationships": {"project": {"data": {"type": "project", "id": project}}},
            },
        )
        case_id = str(made["id"])
        if labels:
            set_labels(organization, case_id, labels)
        return case_id

    return make


def set_labels(
    organization: "Organization", case_id: str, labels: Mapping[str, Sequence[str]]
) -> None:
    """Replace the labels of a case."""
    organization.call(
        f"POST /cases/{case_id}/attributes", {"type": "case", "attributes": {"attributes": labels}}
    )


def get(organization: "Organization", case_id: str) -> dict[str, Any]:
    """Return the attributes of a case."""
    attributes: dict[str, Any] = organization.call(f"GET /cases/{case_id}")["attributes"]
    return attributes


def comments(organization: "Organization", case_id: str) -> list[str]:
    """Return the texts of the comments on a case."""
    cells = organization.call(f"GET /cases/{case_id}/timelines")
    return [cell["attributes"]["cell_content"]["message"] for cell in cells]


def remove_faults(organization: "Organization") -> None:
    """Remove all faults from the sandbox."""
    requests.delete(f"{organization.settings.base_url}/sandbox/faults", timeout=10)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["label", "env"], "'env' is not a label: write KEY=VALUE"),
        (["label", "env="], "write KEY=VALUE"),
        (["label", "=prod"], "write KEY=VALUE"),
        (["unlabel", "env="], "write KEY or KEY=VALUE"),
        (["due-date", "tomorrow"], "tomorrow is not a date: write YYYY-MM-DD"),
        (["comment", "\n "], "the comment is empty"),
        (["attribute", "severity"], "see `datadog-cases bulk attribute --help`"),
    ],
)
def test_wrong_usage_sends_no_request(
    run: "Run", monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
) -> None:
    monkeypatch.setenv("DD_HOST", "http://127.0.0.1:9")  # refuses connections
    result = run("bulk", *arguments, "--all", "--yes", ends_with=2)
    assert words in result.stderr
    assert result.stderr.count("\n") == 1


# --- labels ----------------------------------------------------------------------------------


def test_label_keeps_other_labels_and_values(
    run: "Run", organization: "Organization", make_case: MakeCase
) -> None:
    new, other, done = make_case(), make_case({"env": ["dev"], "team": ["a", "b"]}), ["prod", "eu"]
    make_case({"env": done})
    output = run("bulk", "label", "env=prod", "env=eu", "--all").stdout
    assert "finds 3 cases; 1 needs no change (has env=prod, env=eu)." in output
    assert "To add env=prod, env=eu to the labels of 2 cases, add --apply." in output
    run("bulk", "label", "env=prod", "env=eu", "--all", "--yes")
    assert get(organization, new)["attributes"] == {"env": done}
    assert get(organization, other)["attributes"] == {"env": ["dev", *done], "team": ["a", "b"]}


def test_unlabel_removes_only_given_values(
    run: "Run", organization: "Organization", make_case: MakeCase
) -> None:
    one = make_case({"env": ["dev", "prod"], "team": ["a"], "old": ["x", "y"]})
    two = make_case({"env": ["prod"], "team": ["a"]})
    three = make_case({"env": ["dev"]})
    output = run("bulk", "unlabel", "env=prod", "old", "--all", "--json", "--yes").stdout
    assert [case["before"] for case in json.loads(output)["cases"]] == [
        "has env=prod, old=x, old=y",
        "has env=prod",
    ]
    assert get(organization, one)["attributes"] == {"env": ["dev"], "team": ["a"]}
    assert get(organization, two)["attributes"] == {"team": ["a"]}
    assert get(organization, three)["attributes"] == {"env": ["dev"]}


def test_label_keeps_labels_that_were_added_after_the_search(
    run: "Run", organization: "Organization", make_case: MakeCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = make_case({"env": ["dev"]})

    def label_first(*arguments: Any) -> dict[str, str]:  # noqa: ANN401 - those of `apply`
        set_labels(organization, case_id, {"env": ["dev", "test"], "team": ["a"]})
        return apply(*arguments)

    monkeypatch.setattr(bulk, "apply", label_first)
    run("bulk", "label", "env=prod", "--all", "--yes")
    labels = get(organization, case_id)["attributes"]
    assert labels == {"env": ["dev", "test", "prod"], "team": ["a"]}


# --- custom attributes -----------------------------------------------------------------------


def define(
    organization: "Organization", key: str, type_: str, *, multi: bool = False
) -> Mapping[str, Any]:
    """Define a custom attribute on the type Standard, and return the definition."""
    attributes = {"key": key, "display_name": key, "type": type_, "is_multi": multi}
    data = {"type": "custom_attribute", "attributes": attributes}
    made: dict[str, Any] = organization.call(
        f"POST /cases/types/{STANDARD}/custom_attributes", data
    )
    return made


@pytest.mark.parametrize(
    ("type_", "multi", "values", "stored"),
    [
        ("TEXT", False, ["5"], "5"),
        ("NUMBER", False, ["5"], 5),
        ("NUMBER", True, ["--", "-1.5", "2"], [-1.5, 2]),
        ("URL", False, ["https://acme.example/x?a=b"], "https://acme.example/x?a=b"),
        ("SELECT", True, ["low"], ["low"]),
    ],
)
def test_attribute_sends_the_type_of_the_definition(  # noqa: PLR0913, PLR0917 - the table's columns
    run: "Run",
    organization: "Organization",
    make_case: MakeCase,
    type_: str,
    multi: bool,  # noqa: FBT001 - the table's columns
    values: list[str],
    stored: object,
) -> None:
    define(organization, "own", type_, multi=multi)
    case_id = make_case()
    run("bulk", "attribute", "own", "--all", "--yes", *values)
    expected = {"type": type_, "is_multi": multi, "value": stored}
    assert get(organization, case_id)["custom_attributes"] == {"own": expected}
    again = run("bulk", "attribute", "own", "--all", *values).stdout
    assert again.startswith("The search finds 1 case; 1 needs no change (own=")


@pytest.mark.parametrize(
    ("type_", "values", "why"),
    [
        ("NUMBER", ["high"], "its type requires a number, not high"),
        ("NUMBER", ["true"], "its type requires a number, not true"),
        ("NUMBER", ["1e999"], "its type requires a number, not 1e999"),
        ("URL", ["acme.example"], "its type requires a URL such as https://example.com"),
        ("TEXT", ["a", "b"], "its type allows only one value"),
    ],
)
def test_value_that_does_not_fit_is_refused_before_anything_changes(  # noqa: PLR0913, PLR0917 - the table's columns
    run: "Run",
    organization: "Organization",
    make_case: MakeCase,
    type_: str,
    values: list[str],
    why: str,
) -> None:
    define(organization, "own", type_)
    make_case()
    sent = len(organization.writes())
    output = run("bulk", "attribute", "own", *values, "--all", "--yes", ends_with=1).stdout
    assert why in output
    assert len(organization.writes()) == sent


def test_case_whose_type_lacks_the_attribute_is_impossible(
    run: "Run", organization: "Organization", make_case: MakeCase
) -> None:
    define(organization, "severity", "TEXT")
    standard = make_case()
    change = make_case(type_id=CHANGE_REQUEST)
    arguments = ("bulk", "attribute", "severity", "high", "--all")
    planned = run(*arguments, ends_with=1).stdout
    assert "To set severity=high in 1 case, add --apply.\nImpossible for 1:\n" in planned
    assert "its type has no custom attribute severity" in planned
    run(*arguments, "--yes", ends_with=1)
    assert get(organization, standard)["custom_attributes"]["severity"]["value"] == "high"
    assert get(organization, change)["custom_attributes"] == {}


@pytest.mark.parametrize(
    "command", [["attribute", "sevrity", "high"], ["clear-attribute", "sevrity"]]
)
def test_unknown_attribute_suggests_similar_ones(
    run: "Run", organization: "Organization", make_case: MakeCase, command: list[str]
) -> None:
    define(organization, "severity", "TEXT")
    make_case()
    error = run("bulk", *command, "--all", "--yes", ends_with=1).stderr
    assert "no case type has the custom attribute sevrity: did you mean severity?" in error


def test_clear_attribute_deletes_only_this_value(
    run: "Run", organization: "Organization", make_case: MakeCase
) -> None:
    for key in ("own", "other"):
        define(organization, key, "TEXT")
    case_id = make_case()
    make_case()
    for key in ("own", "other"):
        run("bulk", "attribute", key, "x", "--all", "--yes")
    output = run("bulk", "clear-attribute", "own", "--all", "--yes").stdout
    assert output.endswith("Done: delete the value of own from 2 cases.\n")
    assert [*get(organization, case_id)["custom_attributes"]] == ["other"]
    again = run("bulk", "clear-attribute", "own", "--all", "--yes").stdout
    assert again == "The search finds 2 cases; 2 need no change (not set).\n"


def test_value_that_the_api_rejects_is_reported_with_its_reason(
    run: "Run", organization: "Organization", make_case: MakeCase
) -> None:
    """The options of a SELECT attribute cannot be read, so only the API can check them."""
    definition = define(organization, "severity", "SELECT")
    options = {"type_data": {"options": [{"value": "low"}, {"value": "high"}]}}
    organization.call(
        f"PUT /cases/types/{STANDARD}/custom_attributes/{definition['id']}",
        {"type": "custom_attribute", "attributes": options},
    )
    make_case()
    output = run("bulk", "attribute", "severity", "hihg", "--all", "--yes", ends_with=1).stdout
    assert "must be one of low, high" in output


# --- due dates -------------------------------------------------------------------------------


def test_due_date_is_set_and_cleared(
    run: "Run", organization: "Organization", make_case: MakeCase
) -> None:
    ids = [make_case(), make_case()]

    def stored() -> list[object]:
        return [(organization.stored(case_id) or {})["due_date"] for case_id in ids]

    output = run("bulk", "due-date", "2026-12-01", "--all", "--yes").stdout
    expected = "Requested: set the due date of 2 cases to 2026-12-01. The API does not show the"
    assert expected in output
    assert stored() == ["2026-12-01", "2026-12-01"]
    output = run("bulk", "due-date", "none", "--all", "--yes").stdout
    assert "Requested: clear the due date of 2 cases." in output
    assert stored() == [None, None]


def test_stopped_run_reports_progress_and_can_be_repeated(
    run: "Run",
    organization: "Organization",
    make_case: MakeCase,
    fault: "SetFault",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ids = [make_case() for _ in range(12)]
    monkeypatch.setenv("PULUMI_DATADOG_CASES_RATE_LIMIT_TIMEOUT", "0")
    fault(kind="rate_limit", endpoint="POST /cases/*/due_date", requests=5, period=3600)
    error = run("bulk", "due-date", "2026-12-01", "--all", "--yes", ends_with=1).stderr
    assert error.startswith("error: stopped after 5 of 12 cases: ")
    assert "It is safe to run it again: a repeated change has no further effect." in error
    remove_faults(organization)
    run("bulk", "due-date", "2026-12-01", "--all", "--yes")
    assert {(organization.stored(case_id) or {})["due_date"] for case_id in ids} == {"2026-12-01"}


# --- comments --------------------------------------------------------------------------------


def test_comment_is_added_once(
    run: "Run", organization: "Organization", make_case: MakeCase
) -> None:
    ids = [make_case(), make_case()]
    run("bulk", "comment", "Another text.", "--all", "--yes")
    run("bulk", "comment", TEXT, "--all", "--yes")
    again = run("bulk", "comment", f"{TEXT}\n", "--all", "--yes").stdout
    assert again == "The search finds 2 cases; 2 need no change (has the comment).\n"
    for case_id in ids:
        assert sorted(comments(organization, case_id)) == ["Another text.", TEXT]


def test_comment_without_response_is_not_sent_again(
    run: "Run", organization: "Organization", make_case: MakeCase, fault: "SetFault"
) -> None:
    lost, added, other = make_case(), make_case(), make_case()
    fault(kind="drop_before", endpoint=f"POST /cases/{lost}/comment")
    fault(kind="drop_after", endpoint=f"POST /cases/{added}/comment")
    output = run("bulk", "comment", TEXT, "--all", "--yes", "--json", ends_with=1).stdout
    (first, *rest) = json.loads(output)["cases"]
    assert first["why_not"].endswith(
        "It may have been carried out nevertheless: check before running again."
    )
    assert [each["why_not"] for each in rest] == [None, None]
    assert sum(line.startswith("POST") for line in organization.writes() if "comment" in line) == 3
    remove_faults(organization)
    run("bulk", "comment", TEXT, "--all", "--yes")
    for case_id in (lost, added, other):
        assert comments(organization, case_id) == [TEXT]


# --- the run ---------------------------------------------------------------------------------


def test_rejected_case_does_not_stop_the_others(
    run: "Run", organization: "Organization", make_case: MakeCase, fault: "SetFault"
) -> None:
    ids = [make_case() for _ in range(3)]
    endpoint = f"POST /cases/{ids[1]}/attributes"
    fault(kind="status", endpoint=endpoint, status=400, body={"errors": ["too many labels"]})
    output = run("bulk", "label", "env=prod", "--all", "--yes", ends_with=1).stdout
    assert "Done: add env=prod to the labels of 2 cases.\nFailed for 1:\n" in output
    assert "too many labels" in output
    labels = [get(organization, case_id)["attributes"] for case_id in ids]
    assert labels == [{"env": ["prod"]}, {}, {"env": ["prod"]}]


def test_operation_that_fails_for_many_cases_stops(
    run: "Run", organization: "Organization", make_case: MakeCase, fault: "SetFault"
) -> None:
    for _ in range(60):
        make_case()
    fault(kind="status", endpoint="POST /cases/*/comment", status=502)
    error = run("bulk", "comment", TEXT, "--all", "--yes", ends_with=1).stderr
    assert error.startswith("error: stopped after 0 of 60 cases: the operation fails for too many")
    sent = [line for line in organization.writes() if line.endswith("/comment")]
    assert 20 < len(sent) < 60
    # After a 502, the API may have added the comment.
    assert f"The API may still change {len(sent)} cases" in error
    assert "safe to run it again" not in error


def test_interrupted_run_reports_progress_and_continues_later(
    run: "Run", organization: "Organization", make_case: MakeCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [make_case() for _ in range(60)]
    add_comment = Cases.comment

    def comment_then_interrupt(cases: Cases, case_id: str, text: str) -> object:
        added = add_comment(cases, case_id, text)
        if case_id == ids[10]:
            _thread.interrupt_main()  # as Ctrl-C does
        return added

    with monkeypatch.context() as patched:
        patched.setattr(Cases, "comment", comment_then_interrupt)
        error = run("bulk", "comment", TEXT, "--all", "--yes", ends_with=130).stderr
    stopped = re.match(r"error: stopped after (\d+) of 60 cases: interrupted\. It is safe", error)
    assert stopped is not None, error
    added = sum(len(comments(organization, case_id)) for case_id in ids)
    assert 0 < added < 60
    assert added == int(stopped[1])
    output = run("bulk", "comment", TEXT, "--all", "--yes").stdout
    assert f"; {added} need no change (has the comment)." in output
    assert all(comments(organization, case_id) == [TEXT] for case_id in ids)


def test_calls_are_concurrent_and_bounded() -> None:
    eight = threading.Barrier(8, timeout=60)
    running, maximum, lock = 0, 0, threading.Lock()

    def call(item: int) -> int:
        nonlocal running, maximum
        with lock:
            running += 1
            maximum = max(maximum, running)
        eight.wait()  # breaks if fewer than eight calls run concurrently
        with lock:
            running -= 1
        return -item

    assert map_in_threads(call, range(24)) == [-item for item in range(24)]
    assert maximum == 8
