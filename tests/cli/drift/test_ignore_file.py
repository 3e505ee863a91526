"""The ignore file of `datadog-cases drift`: which differences it removes from the report."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.cli.drift.conftest import (
    ME,
    NOTIFICATION,
    RULE,
    STANDARD,
    Find,
    People,
    State,
    names,
    properties,
)

if TYPE_CHECKING:
    from tests.cli.conftest import Run, SetFault
    from tests.conftest import Organization

NAME = ".datadog-cases-ignore"


def write(*lines: str, file: str = NAME) -> None:
    Path(file).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


@pytest.fixture
def case(people: People, state: State, desk: str) -> str:
    """A managed case SOC-1 with the resource name `drill`, of which two properties differ."""
    id_ = people.case(desk, "[Drill] Stolen laptop")
    people.set(id_, "priority", priority="P1")
    people.set(id_, "attributes", attributes={"env": ["test"], "team": ["it"]})
    inputs = {
        "project_id": desk,
        "title": "[Drill] Stolen laptop",
        "type_id": STANDARD,
        "priority": "P3",
        "attributes": {"env": ["prod"], "team": ["it"]},
    }
    return state.add("Case", "drill", id_, inputs, outputs={**inputs, "key": "SOC-1"})


def test_ignored_differences_are_counted_and_are_no_drift(
    people: People, desk: str, case: str, find: Find, run: "Run"
) -> None:
    people.rule(desk, name="Page on call")
    write(
        "# Set by hand, on purpose.",
        "",
        'unmanaged AutomationRule "Page on call"',
        "  changed Case drill priority",
    )
    found = find()
    assert properties(found) == {"drill.attributes.env": (["prod"], ["test"])}
    assert found["unmanaged"] == []
    assert found["ignored"] == 2
    assert case in names(found["changed"], "id")
    summary = "Drift: 1 changed. Compared 2 objects. Ignored 2 differences."
    assert run("drift", ends_with=2).stdout.endswith(f"{summary}\n")
    assert run("drift", "--markdown", ends_with=2).stdout.startswith(f"**{summary}**")

    write(
        "unmanaged AutomationRule *",
        "changed Case drill priority",
        "changed Case drill attributes",
    )
    result = run("drift")
    assert result.stdout == "No drift. Compared 2 objects. Ignored 3 differences.\n"
    assert result.stderr == ""


@pytest.mark.parametrize(
    ("entry", "is_ignored"),
    [
        ('unmanaged AutomationRule "[P1] Page on call"', True),
        ("unmanaged AutomationRule *call", True),
        ("unmanaged AutomationRule ?P1?*", True),
        ("unmanaged *Rule {project}/*", True),
        ("unmanaged AutomationRule {project}/{rule}", True),
        ("unmanaged * SOC/*", True),
        ("unmanaged NotificationRule *", False),
        ("unmanaged AutomationRule Page*", False),
        ('unmanaged AutomationRule ""', False),
        ("changed AutomationRule * *", False),
    ],
)
def test_unmanaged_objects_match_by_type_and_text(
    people: People, desk: str, find: Find, entry: str, *, is_ignored: bool
) -> None:
    rule = people.rule(desk, name="[P1] Page on call")
    write(entry.format(project=desk, rule=rule))
    found = find(ends_with=0 if is_ignored else 2)
    assert found["ignored"] == is_ignored
    assert len(found["unmanaged"]) == 1 - is_ignored


def test_unmanaged_cases_match_by_key(people: People, desk: str, find: Find) -> None:
    for title in ("First", "Second"):
        people.call(f"POST /cases/{people.case(desk, title)}/watchers/{ME}")
    write("unmanaged Case SOC-1", "unmanaged CaseWatcher SOC-1/*")
    found = find("--cases", "*")
    assert found["ignored"] == 2
    assert names(found["unmanaged"], "label") == ["SOC-2 Second", ME]


@pytest.mark.parametrize(
    ("entry", "ignored"),
    [
        ("changed Case drill priority", {"priority"}),
        ("changed Case SOC-1 prio*", {"priority"}),
        ('changed Case "[Drill] *" priority', {"priority"}),
        ("changed * {case} priority", {"priority"}),
        ("changed Case drill attributes.env", {"attributes.env"}),
        ("changed Case drill attributes", {"attributes.env"}),
        ("changed Case drill attributes.team", set[str]()),
        ("changed Case dril *", set[str]()),
        ("changed Case drill *", {"priority", "attributes.env"}),
        ("unmanaged Case drill", set[str]()),
    ],
)
def test_properties_match_by_object_and_path(
    case: str, find: Find, entry: str, ignored: set[str]
) -> None:
    write(entry.format(case=case))
    paths = {"priority", "attributes.env"}
    found = find(ends_with=2 if paths - ignored else 0)
    assert properties(found).keys() == {f"drill.{path}" for path in paths - ignored}
    assert found["ignored"] == len(ignored)


def test_property_below_a_list_element_is_ignored(
    people: People, state: State, desk: str, find: Find
) -> None:
    live = [
        {"type": "EMAIL", "data": {"email": "live@example.com"}},
        {"type": "HTTP", "data": {"name": "live"}},
    ]
    declared = [
        {"type": "EMAIL", "data": {"email": "soc@example.com"}},
        {"type": "HTTP", "data": {"name": "hook"}},
    ]
    rule = people.notification(desk, recipients=live)
    inputs = {**NOTIFICATION, "recipients": declared, "project_id": desk}
    state.add("NotificationRule", "told", rule, inputs)
    write("changed NotificationRule told recipients[1].data")
    assert properties(find()).keys() == {"told.recipients[0].data.email"}
    write("changed NotificationRule told recipients[*].data.*")
    assert find(ends_with=0)["ignored"] == 2


def test_deleted_objects_are_never_ignored(
    people: People, state: State, desk: str, find: Find
) -> None:
    rule = people.rule(desk)
    state.add("AutomationRule", "rule", rule, {**RULE, "project_id": desk})
    people.call(f"DELETE /cases/projects/{desk}/rules/{rule}")
    write("unmanaged * *", "changed * * *")
    found = find()
    assert names(found["gone"]) == ["rule"]
    assert found["ignored"] == 0


# --- the file --------------------------------------------------------------------------------


def test_file_is_found_in_the_folder_of_the_program(
    people: People, desk: str, find: Find, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.rule(desk)
    write("unmanaged AutomationRule *")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    write("unmanaged CaseView *")
    assert find("--stack-dir", "..", ends_with=0)["ignored"] == 1
    # Another file replaces the default file, and its path is relative to the current folder.
    assert find("--stack-dir", "..", "--ignore-file", NAME)["ignored"] == 0


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("AutomationRule Triage", "AutomationRule Triage is not an entry: write `unmanaged TYPE "),
        ("unmanaged AutomationRule Page on call", "between quotation marks"),
        ("changed Case drill", "is not an entry"),
        ("gone Case drill", "is not an entry"),
        (
            "unmanaged AutomationRule Bob's",
            "no closing quotation in unmanaged AutomationRule Bob's",
        ),
        ("unmanaged AutomationRul *", 'not a resource type; did you mean "AutomationRule"?'),
        (
            "changed Case * pririty",
            "is not a property of Case that a program can declare; did you ",
        ),
        ("changed Case* * url", "url is not a property of Case*"),
    ],
)
def test_invalid_line_is_an_error_before_anything_is_read(
    state: State, organization: "Organization", run: "Run", line: str, message: str
) -> None:
    (state.folder / "state.json").unlink()
    write("# comment", "unmanaged Case *", line)
    result = run("drift", ends_with=1)
    assert result.stderr.startswith(f"error: {NAME}:3: ")
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    assert organization.request_lines() == []


@pytest.mark.usefixtures("state")
def test_named_file_must_be_readable(run: "Run", tmp_path: Path) -> None:
    missing = run("drift", "--ignore-file", "missing", ends_with=1).stderr
    assert missing.startswith("error: the ignore file missing cannot be read: ")
    (tmp_path / NAME).write_bytes(b"unmanaged Case \xff")
    assert f"the ignore file {NAME} cannot be read" in run("drift", ends_with=1).stderr


def test_entries_that_match_no_object_are_reported(
    people: People, desk: str, case: str, run: "Run", fault: "SetFault"
) -> None:
    people.rule(desk, name="Page on call")
    write(
        "unmanaged AutomationRule Removed",
        "unmanaged AutomationRule Page*",
        "changed Case removed title",
        "changed Case drill title",  # the object exists, and the title has its declared value
        "changed Case dril title",
        "unmanaged AutomationRule 'page on cal'",
    )
    assert case
    expected = (
        f"warning: {NAME}:1: unmanaged AutomationRule Removed matches no object\n"
        f"warning: {NAME}:3: changed Case removed title matches no object\n"
        f'warning: {NAME}:5: changed Case dril title matches no object; did you mean "drill"?\n'
        f"warning: {NAME}:6: unmanaged AutomationRule 'page on cal' matches no object; "
        'did you mean "Page on call"?\n'
    )
    for option in ("--json", "--markdown"):
        result = run("drift", option, ends_with=2)
        assert result.stderr == expected
        assert "Removed" not in result.stdout
    # The entries may match an object that could not be read.
    fault(kind="status", endpoint="GET /cases/projects/*/rules**", status=403)
    assert run("drift", ends_with=1).stderr == ""
