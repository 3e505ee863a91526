"""`datadog-cases drift`: finds and reports differences, and changes nothing."""

import html
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.cli.drift.conftest import (
    ACTION,
    ME,
    NOTIFICATION,
    RULE,
    STANDARD,
    TRIGGER,
    WINDOW,
    Find,
    People,
    State,
    names,
    properties,
)

if TYPE_CHECKING:
    from tests.cli.conftest import Run, SetFault
    from tests.conftest import AddQuirk, NewStack, Organization, Stack, StartSandbox

#: A program with a resource of every type that release 0.1.0 has.
GOLDEN = Path(__file__).parents[2] / "state" / "golden" / "0.1.0" / "program.py"


def enter(stack: "Stack", monkeypatch: pytest.MonkeyPatch) -> None:
    """Use the folder and the environment of a stack of the real Pulumi."""
    for name, value in stack.environment.items():
        if name.startswith("PULUMI_") or name in ("PATH", "PYTHONPATH"):
            monkeypatch.setenv(name, value)
    monkeypatch.chdir(stack.folder)


# --- with the real Pulumi --------------------------------------------------------------------


@pytest.mark.pulumi
def test_drift_of_every_resource_type(  # noqa: PLR0913, PLR0917 - fixtures
    new_stack: "NewStack",
    organization: "Organization",
    people: People,
    find: Find,
    run: "Run",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stack = new_stack(organization, GOLDEN.read_text())
    stack("config", "set", "me", ME)
    stack.up()
    enter(stack, monkeypatch)
    state, before = stack.state, len(organization.request_log())

    found = find("--all", "--cases", "*", ends_with=0)
    assert found == {
        "compared": 25,
        "changed": [],
        "gone": [],
        "unmanaged": [],
        "unread": [],
        "ignored": 0,
    }
    assert run("drift").stdout == "No drift. Compared 25 objects.\n"

    ids = {name: each.get("id", "") for name, each in stack.resources.items()}
    people.set("GOLD-2", "comment", comment="Not declared.")
    people.set("GOLD-1", "description", description="The serial number is 6502.")
    people.set("GOLD-1", "priority", priority="P1")
    people.call(f"DELETE /cases/projects/{ids['desk']}/rules/{ids['triage']}")
    people.call(f"DELETE /cases/GOLD-2/watchers/{ME}")
    stray = people.rule(ids["annex"], name="By hand")
    found = find("--cases", "*")
    assert properties(found) == {
        "laptop.description": ("[secret]", "[secret]"),
        "laptop.priority": ("P2", "P1"),
    }
    assert names(found["gone"]) == ["triage", "watcher"]
    assert names(found["unmanaged"], "kind") == ["AutomationRule", "CaseComment"]
    assert found["unmanaged"][0] == {
        "kind": "AutomationRule",
        "within": "ANNEX",
        "label": "By hand",
        "name": "",
        "id": f"{ids['annex']}/{stray}",
    }
    output = run("drift", "--cases", "*", ends_with=2).stdout
    assert "8126" not in output
    assert "6502" not in output

    asked = [each["method"] for each in organization.request_log()[before:]]
    people_asked = 6
    assert asked.count("GET") == len(asked) - people_asked
    assert stack.state == state


@pytest.mark.pulumi
def test_ignore_changes_and_explicit_providers_are_respected(  # noqa: PLR0913, PLR0917 - fixtures
    new_stack: "NewStack",
    organization: "Organization",
    start_sandbox: "StartSandbox",
    people: People,
    find: Find,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    abroad = start_sandbox("--api-key", "abroad-api", "--app-key", "abroad-app")
    annex = people.project("ANNEX")
    stack = new_stack(
        organization,
        f"""
import pulumi
import pulumi_datadog_cases as cases

there = cases.Provider("there", api_url="{abroad.settings.base_url}",
                       api_key="abroad-api", app_key="abroad-app")
cases.Project("far", key="FAR", name="Far", opts=pulumi.ResourceOptions(provider=there))
near = cases.Project("near", key="NEAR", name="Near")
read = cases.Project.get("read", "{annex}")
cases.AutomationRule("rule", project_id=read.id, name="Rule", trigger={TRIGGER}, action={ACTION})
cases.Case("case", project_id=near.id, title="Title", priority="P3",
           attributes={{"env": ["prod"], "team": ["soc"]}},
           opts=pulumi.ResourceOptions(ignore_changes=["priority", 'attributes["env"]']))
""",
    )
    stack.up()
    enter(stack, monkeypatch)
    assert find(ends_with=0)["compared"] == 4

    ids = {name: each.get("id", "") for name, each in stack.resources.items()}
    people.set("NEAR-1", "priority", priority="P1")
    people.set("NEAR-1", "attributes", attributes={"env": ["test"], "team": ["it"]})
    by_hand = People(abroad).rule(ids["far"], name="Abroad")
    found = find()
    assert properties(found) == {"case.attributes.team": (["soc"], ["it"])}
    assert names(found["unmanaged"], "id") == [f"{ids['far']}/{by_hand}"]
    assert find("--project", "FAR")["compared"] == 1
    assert properties(find("--project", "NEAR"))
    assert find("--project", "ANNEX", ends_with=0)["compared"] == 1

    monkeypatch.chdir("/")
    assert properties(find("--stack-dir", str(stack.folder))) == properties(found)


# --- differences -----------------------------------------------------------------------------


@pytest.mark.usefixtures("people")
def test_objects_of_another_organization_do_not_count_as_deleted(state: State, run: "Run") -> None:
    elsewhere = {"id": "o-1", "label": "Acme (o-1)", "account": "api.datadoghq.eu-0"}
    values = {"key": "SOC", "name": "Security operations"}
    outputs = {**values, "__organization": elsewhere}
    state.add("Project", "desk", "11111111-1111-4111-8111-111111111111", values, outputs=outputs)
    output = run("drift", ends_with=1).stderr
    assert "was not touched: it belongs to the organisation Acme (o-1), but the keys " in output


def test_differences_have_full_paths(people: People, state: State, desk: str, find: Find) -> None:
    recipients = [
        {"type": "EMAIL", "data": {"email": "soc@example.com"}},
        {"type": "HTTP", "data": {"name": "hook"}},
    ]
    rule = people.notification(desk, recipients=recipients)
    inputs = {**NOTIFICATION, "recipients": recipients, "project_id": desk}
    state.add("NotificationRule", "told", rule, inputs)
    settings = {
        "notification": {"enabled": True, "destinations": [1], "notify_on_case_closed": True}
    }
    state.add("Project", "again", desk, {"key": "SOC", "name": "Security", "settings": settings})
    assert properties(find()) == {"again.name": ("Security", "Security operations")}

    changed = {"notification": {"enabled": False, "destinations": [1, 2]}}
    data = {"type": "project", "attributes": {"settings": changed}}
    people.call(f"PATCH /cases/projects/{desk}", data)
    recipients[1]["data"] = {"name": "other"}
    data = {"type": "notification_rule", "attributes": {**NOTIFICATION, "recipients": recipients}}
    people.call(f"PUT /cases/projects/{desk}/notification_rules/{rule}", data)
    assert properties(find()) == {
        "again.name": ("Security", "Security operations"),
        "again.settings.notification.enabled": (True, False),
        "again.settings.notification.destinations": ([1], [1, 2]),
        "again.settings.notification.notify_on_case_closed": (True, None),
        "told.recipients[1].data.name": ("hook", "other"),
    }


def test_long_texts_are_shortened_around_difference(
    people: People, state: State, desk: str, find: Find, run: "Run"
) -> None:
    case = people.case(desk, "A case")
    declared, live = (f"{'same ' * 100}{word} {'and on ' * 100}" for word in ("here", "there"))
    people.set(case, "description", description=live)
    inputs = {"project_id": desk, "title": "A  case", "type_id": STANDARD, "description": declared}
    state.add("Case", "case", case, inputs)
    assert properties(find())["case.description"] == (declared, live)
    row = next(line for line in run("drift", ends_with=2).stdout.splitlines() if "descr" in line)
    assert len(row) <= 200
    assert "same here and on" in row
    assert "same there and on" in row
    # A repeated space is escaped, because tables collapse repeated spaces.
    assert r'"A \u0020case"' in run("drift", ends_with=2).stdout


def test_deleted_objects_are_reported_with_children(
    people: People, state: State, desk: str, find: Find
) -> None:
    rule, notification = people.rule(desk), people.notification(desk)
    case = people.case(desk, "A case")
    state.add("AutomationRule", "rule", rule, {**RULE, "project_id": desk})
    state.add("NotificationRule", "told", notification, {**NOTIFICATION, "project_id": desk})
    inputs = {"project_id": desk, "title": "A case", "type_id": STANDARD}
    state.add("Case", "case", case, inputs, outputs={**inputs, "key": "SOC-1"})
    state.add("CaseWatcher", "watcher", ME, {"case_id": case, "user_uuid": ME})
    people.call(f"DELETE /cases/projects/{desk}")
    found = find()
    assert names(found["gone"]) == ["rule", "case", "watcher", "told", "desk"]
    assert found["gone"][1]["label"] == "SOC-1 A case"
    assert found["gone"][2]["within"] == "SOC-1"
    assert found["changed"] == found["unmanaged"] == []


def test_objects_of_a_moved_case_are_found_by_its_id(
    people: People, state: State, desk: str, find: Find
) -> None:
    case = people.case(desk, "A case")
    people.call(f"POST /cases/{case}/watchers/{ME}")
    inputs = {"case_id": "SOC-1", "user_uuid": ME}
    outputs = {**inputs, "__ids": {"case_id": case}}
    state.add("CaseWatcher", "watcher", ME, inputs, outputs=outputs)
    annex = people.project("ANNEX")
    people.call(f"PATCH /cases/{case}/relationships/project", {"type": "project", "id": annex})
    found = find("--cases", "*", "--all")
    assert found["gone"] == found["changed"] == []
    assert {each["id"] for each in found["unmanaged"]} == {annex, case}


def test_stale_list_causes_no_drift(
    people: People, state: State, desk: str, find: Find, fault: "SetFault"
) -> None:
    old = people.rule(desk, name="Old name")
    fault(kind="stale_list", endpoint="GET /**", seconds=0.5)
    fault(kind="stale_list", endpoint="GET /**", seconds=60)
    new = people.rule(desk, name="New")
    data = {"type": "rule", "attributes": {**RULE, "name": "New name"}}
    people.call(f"PUT /cases/projects/{desk}/rules/{old}", data)
    for name, rule in (("New name", old), ("New", new)):
        state.add("AutomationRule", name, rule, {**RULE, "name": name, "project_id": desk})
    assert find(ends_with=0)["compared"] == 3


# --- unmanaged objects -----------------------------------------------------------------------


def test_unmanaged_objects_of_stack_projects_or_all(
    people: People, state: State, desk: str, find: Find
) -> None:
    other = people.project("OTHER")
    case_type = people.add("/cases/types", "case_type", name="Intrusion")
    state.add("CaseType", "intrusion", case_type, {"name": "Intrusion"})
    words = {"display_name": "Severity", "type": "TEXT", "is_multi": False}
    path = f"/cases/types/{case_type}/custom_attributes"
    here = [
        f"{case_type}/{people.add(path, 'custom_attribute', key='severity', **words)}",
        f"{desk}/{people.rule(desk)}",
    ]
    people.case(desk, "People's own")
    found = find()
    assert sorted(names(found["unmanaged"], "id")) == sorted(here)
    assert {(each["label"], each["within"]) for each in found["unmanaged"]} == {
        ("severity Severity", "Intrusion"),
        ("Triage", "SOC"),
    }
    elsewhere = [
        other,
        f"{other}/{people.rule(other)}",
        people.add("/cases/types", "case_type", name="Unused"),
        people.add("/maintenance_windows", "maintenance_window", **WINDOW),
    ]
    assert names(find()["unmanaged"], "id") == names(found["unmanaged"], "id")
    assert sorted(names(find("--all")["unmanaged"], "id")) == sorted(here + elsewhere)


def test_favorite_project_does_not_hide_the_project_key(
    people: People, state: State, desk: str, find: Find
) -> None:
    """A favorite has the id of its project."""
    state.add("ProjectFavorite", "favorite", desk, {"project_id": desk})
    people.rule(desk)
    found = find()
    assert names(found["unmanaged"], "within") == ["SOC"]
    assert [(each["label"], each["name"]) for each in found["gone"]] == [("SOC", "favorite")]


def test_unmanaged_cases_are_reported_on_request(
    people: People, state: State, desk: str, find: Find
) -> None:
    mine, theirs = people.case(desk, "Mine"), people.case(desk, "Theirs")
    inputs = {"project_id": desk, "title": "Mine", "type_id": STANDARD}
    state.add("Case", "mine", mine, inputs, outputs={**inputs, "key": "SOC-1"})
    people.call(f"POST /cases/{theirs}/watchers/{ME}")
    state.add("CaseWatcher", "watcher", ME, {"case_id": "SOC-2", "user_uuid": ME})
    assert find(ends_with=0)["compared"] == 3
    assert names(find("--cases", "*")["unmanaged"], "id") == [theirs]
    assert find("--cases", "title:Mine", ends_with=0)["unmanaged"] == []
    people.call(f"POST /cases/{theirs}/archive", {"type": "case"})
    assert names(find("--cases", "*")["unmanaged"], "label") == ["SOC-2 Theirs"]


def test_objects_without_name_are_shown_by_their_text(
    people: People, state: State, desk: str, find: Find
) -> None:
    case = people.case(desk, "Mine")
    inputs = {"project_id": desk, "title": "Mine", "type_id": STANDARD}
    state.add("Case", "mine", case, inputs, outputs={**inputs, "key": "SOC-1"})
    people.set(case, "comment", comment=f"Looked at it:\n\n{'nothing ' * 20}")
    people.notification(desk, query="priority:P1")
    people.notification(desk)
    comment, unnamed, named = find("--cases", "*")["unmanaged"]
    kinds = names(find("--cases", "*", "--no-children")["unmanaged"], "kind")
    assert kinds == ["NotificationRule", "NotificationRule"]
    assert comment["label"].startswith("Looked at it: nothing ")
    assert len(comment["label"]) == 80
    assert comment["within"] == "SOC-1"
    assert named["label"] == "priority:P1"
    assert unnamed["id"] == f"{desk}/{unnamed['label']}"


def test_secret_comment_is_shown_by_id(people: People, state: State, desk: str, find: Find) -> None:
    case = people.case(desk, "Mine")
    inputs = {"project_id": desk, "title": "Mine", "type_id": STANDARD}
    state.add("Case", "mine", case, inputs, outputs={**inputs, "key": "SOC-1"})
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
    text = {**secret, "plaintext": '"hush"'}
    state.add("CaseComment", "note", ME, {"case_id": case, "comment": text})
    (gone,) = find()["gone"]
    assert gone["label"] == ME


@pytest.mark.usefixtures("desk")
def test_misspelt_field_in_filter_is_reported(run: "Run") -> None:
    hint = 'projct counts as a label or a custom attribute; did you mean "project"?'
    result = run("drift", "--cases", "projct:SOC")
    assert result.stderr == f"warning: the search projct:SOC finds no case: {hint}\n"


def test_objects_of_other_stacks_are_not_unmanaged(
    people: People, state: State, desk: str, find: Find, tmp_path: Path
) -> None:
    annex = people.project("ANNEX")
    theirs = state.add("AutomationRule", "r", people.rule(annex), {**RULE, "project_id": annex})
    rule = people.rule(desk)
    assert names(find()["unmanaged"], "id") == [f"{desk}/{rule}", annex]
    state.add("Project", "read", annex, {}, outputs={"key": "ANNEX"}, external=True)
    assert names(find()["unmanaged"], "id") == [f"{desk}/{rule}"]
    other = State(tmp_path / "other")
    other.add("AutomationRule", "rule", rule, {**RULE, "project_id": desk})
    found = find("--also", "other", ends_with=0)
    assert found["compared"] == 2
    assert theirs not in names(found["unmanaged"], "id")


def test_project_option_limits_comparison(
    people: People, state: State, find: Find, run: "Run"
) -> None:
    for key, name in (("SOC", "soc"), ("NOC", "noc")):
        case_type = people.add("/cases/types", "case_type", name=name)
        state.add("CaseType", f"{name}-type", case_type, {"name": "declared"})
        inputs = {"key": key, "name": "declared", "enabled_custom_case_types": [case_type]}
        project = people.project(key, enabled_custom_case_types=[case_type])
        state.add("Project", name, project, inputs)
        case = people.case(project, "live")
        case_inputs = {"project_id": project, "title": "declared", "type_id": STANDARD}
        state.add("Case", f"{name}-case", case, case_inputs)
        state.add("CaseWatcher", f"{name}-watcher", ME, {"case_id": case, "user_uuid": ME})
    window = people.add("/maintenance_windows", "maintenance_window", **WINDOW)
    state.add("MaintenanceWindow", "window", window, {**WINDOW, "name": "declared"})
    everything = find()
    assert everything["compared"] == 9
    assert "window" in names(everything["changed"])
    for project in ("SOC", people.call("GET /cases/projects")[0]["id"]):
        found = find("--project", project)
        assert sorted(names(found["changed"])) == ["soc", "soc-case", "soc-type"]
        assert names(found["gone"]) == ["soc-watcher"]
    both = find("--project", "SOC", "--project", "NOC")
    assert both["compared"] == 8
    output = run("drift", "--project", "SOX", ends_with=1).stderr
    assert output == "error: no project has the key SOX: did you mean SOC?\n"


# --- unreadable objects ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("endpoint", "kind", "name"),
    [
        ("GET /cases/projects/*/rules**", "AutomationRule", "rule"),
        ("GET /cases/projects/*/notification_rules", "NotificationRule", "told"),
        ("GET /cases/projects", "Project", "desk"),
        ("GET /cases/**", "Case", "case"),
        ("GET /maintenance_windows", "MaintenanceWindow", "window"),
    ],
)
def test_unreadable_lists_are_reported(  # noqa: PLR0913, PLR0917 - a table and fixtures
    people: People,
    state: State,
    desk: str,
    find: Find,
    run: "Run",
    fault: "SetFault",
    endpoint: str,
    kind: str,
    name: str,
) -> None:
    state.add("AutomationRule", "rule", people.rule(desk), {**RULE, "project_id": desk})
    rule = people.notification(desk)
    state.add("NotificationRule", "told", rule, {**NOTIFICATION, "project_id": desk})
    window = people.add("/maintenance_windows", "maintenance_window", **WINDOW)
    state.add("MaintenanceWindow", "window", window, WINDOW)
    case = people.case(desk, "A case")
    inputs = {"project_id": desk, "title": "Declared", "type_id": STANDARD}
    state.add("Case", "case", case, inputs)
    fault(kind="status", endpoint=endpoint, status=403)
    found = find(ends_with=1)
    unread = {each["kind"]: each for each in found["unread"]}
    assert name in unread[kind]["names"]
    assert "403" in unread[kind]["reasons"][0]
    hidden = [each for one in found["unread"] for each in one["names"]]
    assert found["compared"] == 5 - len(hidden)
    assert found["gone"] == []
    assert names(found["changed"]) == ([] if "case" in hidden else ["case"])
    output = run("drift", ends_with=1).stdout
    assert "Could not be read" in output
    assert kind in output.splitlines()[-1]


@pytest.mark.usefixtures("desk")
def test_unneeded_scope_may_be_missing(people: People, find: Find, fault: "SetFault") -> None:
    people.add("/maintenance_windows", "maintenance_window", **WINDOW)
    fault(kind="status", endpoint="GET /maintenance_windows", status=403)
    assert find(ends_with=0)["unread"] == []
    assert names(find("--all", ends_with=1)["unread"], "kind") == ["MaintenanceWindow"]


@pytest.mark.usefixtures("desk")
def test_lost_responses_are_retried(find: Find, fault: "SetFault") -> None:
    fault(kind="status", endpoint="GET /**", status=503, count=2)
    fault(kind="drop_after", endpoint="GET /**", count=1)
    assert find(ends_with=0)["compared"] == 1


def test_unreachable_organisation_is_one_line(
    state: State, run: "Run", monkeypatch: pytest.MonkeyPatch
) -> None:
    state.add("Project", "desk", ME, {"key": "SOC", "name": "SOC"})
    monkeypatch.setenv("DD_HOST", "http://127.0.0.1:9")
    monkeypatch.setenv("DD_HTTP_CLIENT_RETRY_ENABLED", "false")
    output = run("drift", ends_with=1)
    assert output.stdout == ""
    assert re.fullmatch(r"error: GET /api/v2/\S+ on http://127.0.0.1:9 .+\n", output.stderr)


# --- number of requests ----------------------------------------------------------------------


def test_each_list_of_a_project_is_requested_once(
    people: People, organization: "Organization", state: State, desk: str, find: Find
) -> None:
    for number in range(20):
        rule, output = people.rule(desk), people.notification(desk)
        state.add("AutomationRule", f"rule-{number}", rule, {**RULE, "project_id": desk})
        inputs = {**NOTIFICATION, "project_id": desk}
        state.add("NotificationRule", f"told-{number}", output, inputs)
        case = people.case(desk, "A case")
        inputs = {"project_id": desk, "title": "A case", "type_id": STANDARD}
        state.add("Case", f"case-{number}", case, inputs)
    before = len(organization.request_log())
    assert find(ends_with=0)["compared"] == 61
    asked = organization.request_lines()[before:]
    assert asked.count(f"GET /cases/projects/{desk}/rules") == 1
    assert asked.count(f"GET /cases/projects/{desk}/notification_rules") == 1
    assert len(asked) < 12


# --- output ----------------------------------------------------------------------------------

#: A rule name with Markdown, HTML, Rich markup and control characters.
HOSTILE = "</code></table>\n\n# [red]`a|b`[/red] @octocat <img src=x> \x1b[2J\u202e &amp;"


def test_names_cannot_inject_markup(people: People, state: State, desk: str, run: "Run") -> None:
    rule = people.rule(desk, name=HOSTILE)
    state.add("AutomationRule", "rule", rule, {**RULE, "name": "Triage", "project_id": desk})
    people.rule(desk, name=HOSTILE)
    shown = run("drift", ends_with=2).stdout
    assert "[red]`a|b`[/red]" in shown
    assert re.search(r"[\x1b\u202e]", shown) is None

    comment = run("drift", "--markdown", ends_with=2).stdout
    assert comment.startswith("**Drift: 1 changed, 1 unmanaged.")
    assert re.search(r"[\x1b\u202e]", comment) is None
    for block in re.findall(r"<details>.+?</details>", comment, re.DOTALL):
        assert "\n\n" not in block  # a blank line would end the HTML
        cells = re.findall(r"<td>(.*?)</td>", block)
        assert all(re.fullmatch(r"<code>[^<>]*</code>|", cell) for cell in cells)
        assert any("# [red]`a|b`[/red] @octocat <img" in html.unescape(cell) for cell in cells)
    tags = {*re.findall(r"<[^>]*>", comment)}
    plain = {"details", "summary", "table", "tr", "th", "td", "code"}
    assert tags == {f"<{end}{tag}>" for tag in plain for end in ("", "/")}


def test_comment_is_shortened_to_github_limit(people: People, desk: str, run: "Run") -> None:
    for number in range(300):
        people.rule(desk, name=f"{number:03} {'<' * 100}")
    comment = run("drift", "--markdown", ends_with=2).stdout
    assert 60_000 < len(comment) <= 65_536
    shown = len(re.findall("<tr><td>", comment))
    assert f"**Shortened:** {300 - shown} lines left out" in comment
    assert comment.count("<details>") == comment.count("</details>") == 1
    assert "300 unmanaged" in comment.splitlines()[0]


@pytest.mark.usefixtures("desk")
def test_comment_without_drift_is_one_line(run: "Run") -> None:
    output = run("drift", "--markdown").stdout
    assert output.strip() == "**No drift. Compared 1 object.**"


def test_secrets_are_not_shown(people: People, state: State, desk: str, run: "Run") -> None:
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
    inputs = {**RULE, "name": {**secret, "plaintext": '"hush-declared"'}, "project_id": desk}
    same = {**inputs, "name": {**secret, "plaintext": '"hush-live"'}}
    state.add("AutomationRule", "rule", people.rule(desk, name="hush-live"), inputs)
    state.add("AutomationRule", "same", people.rule(desk, name="hush-live"), same)
    for options in ([], ["--json"], ["--markdown"]):
        output = run("drift", *options, ends_with=2)
        assert "hush" not in output.output
        assert "[secret]" in output.stdout
        assert "same" not in output.stdout


# --- usage -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--json", "--markdown"], "pass one of them"),
        (["--all", "--project", "SOC"], "--all and --project exclude each other"),
        (["--stack-dir", "nowhere"], "no stack is selected in"),
        (["--also", "nowhere"], "no stack is selected in"),
    ],
)
@pytest.mark.usefixtures("state")
def test_wrong_usage_is_not_drift(run: "Run", arguments: list[str], message: str) -> None:
    output = run("drift", *arguments, ends_with=1)
    assert message in output.stderr
    assert len(output.stderr.splitlines()) == 1
    assert output.stdout == ""


def test_resource_type_of_later_release_is_an_error(state: State, run: "Run") -> None:
    state.add("CaseDream", "dream", ME, {})
    output = run("drift", ends_with=1).stderr
    assert output.startswith("error: the stack has a CaseDream, which this release does not know: ")


@pytest.mark.pulumi
def test_missing_project_or_pulumi_is_reported(
    run: "Run", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULUMI_BACKEND_URL", tmp_path.as_uri())
    output = f"error: `pulumi stack export` cannot read the stack of {tmp_path}: "
    failed = run("drift", ends_with=1)
    assert failed.stderr.startswith(output)
    assert "Pulumi.yaml" in failed.stderr
    monkeypatch.setenv("PATH", "")
    assert run("drift", ends_with=1).stderr.startswith("error: `pulumi` is not on PATH: ")


@pytest.mark.usefixtures("run")
def test_exit_codes(people: People, desk: str) -> None:
    command = [sys.executable, "-c", "from pulumi_datadog_cases.cli import main; main()", "drift"]

    def ended_with() -> int:
        return subprocess.run(command, check=False, capture_output=True).returncode

    assert ended_with() == 0
    people.rule(desk)
    assert ended_with() == 2


def test_archived_cases_that_no_search_finds_are_reported(
    people: People, desk: str, find: Find, add_quirk: "AddQuirk"
) -> None:
    case = people.case(desk, "Theirs")
    people.call(f"POST /cases/{case}/archive", {"type": "case"})
    assert case in str(find("--cases", "*")["unmanaged"])
    add_quirk(kind="hide_archived_cases")
    (unread,) = find("--cases", "*", ends_with=1)["unread"]
    assert "finds nothing, although SOC-1 is archived" in str(unread)
