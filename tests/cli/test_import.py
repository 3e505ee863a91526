"""`datadog-cases import`: generates a program for existing objects, and changes no object."""

import ast
import itertools
import json
import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
import yaml
from typer.testing import CliRunner, Result

import pulumi_datadog_cases as cases
from pulumi_datadog_cases.cli import app

if TYPE_CHECKING:
    from tests.conftest import AddQuirk, NewStack, Organization, Stack

Run: TypeAlias = Callable[..., Result]
SetFault: TypeAlias = Callable[..., None]

STANDARD = "00000000-0000-0000-0000-000000000001"
CREATED: dict[str, Any] = {"type": "CASE_CREATED"}
WORKFLOW: dict[str, Any] = {"type": "EXECUTE_WORKFLOW", "data": {"handle": "enrich"}}
LONG = "What happened:\n- somebody logged in from two continents at once\n- and then left\n"


@pytest.fixture
def client(organization: "Organization") -> Iterator[cases.Client]:
    with cases.Client(organization.settings) as client:
        yield client


@pytest.fixture
def no_stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make `pulumi` use a backend without stacks."""
    monkeypatch.setenv("PULUMI_BACKEND_URL", tmp_path.as_uri())


@pytest.fixture
def by_hand(client: cases.Client) -> cases.Client:
    """A client that has created at least one object of each type that the API returns."""
    type_ = client.case_types.create({"name": "Intrusion", "emoji": "🚨", "description": "Theirs"})
    dead = client.case_types.create({"name": "Intrusion"})
    client.case_types.delete(dead.id)
    severity: dict[str, Any] = {
        "key": "severity",
        "display_name": "Severity",
        "type": "SELECT",
        "is_multi": False,
    }
    definition = client.custom_attributes.create(type_.id, severity)
    options: dict[str, Any] = {"display_name": "Severity", "type": "SELECT"}
    options |= {"type_data": {"options": [{"value": "low"}, {"value": "high"}]}}
    client.custom_attributes.update(type_.id, definition.id, options)
    hosts: dict[str, Any] = {
        "key": "hosts",
        "display_name": "Hosts",
        "type": "TEXT",
        "is_multi": True,
    }
    client.custom_attributes.create(type_.id, hosts)
    soc, ops = (
        client.projects.create({"key": key, "name": name})
        for key, name in (("SOC", "Security operations"), ("OPS", "Betrieb für Züri 🚀"))
    )
    settings = {"notification": {"enabled": False}, "integration_jira": {"enabled": True}}
    client.projects.update(soc.id, {"settings": settings, "enabled_custom_case_types": [type_.id]})
    client.projects.favorite(soc.id)
    for project in (soc, ops):
        rule: dict[str, Any] = {
            "name": "Triage",
            "trigger": CREATED,
            "action": WORKFLOW,
            "state": "ENABLED",
        }
        client.automation_rules.create(project.id, rule)
    email = {"type": "EMAIL", "data": {"email": "soc@example.com"}}
    output: dict[str, Any] = {"recipients": [email], "triggers": [CREATED], "is_enabled": False}
    notification = client.notification_rules.create(soc.id, {**output, "query": "priority:P1"})
    view = {"project_id": soc.id, "name": "class", "query": "priority:P1"}
    client.case_views.create({**view, "np_rule_id": notification.id})
    client.maintenance_windows.create(
        {
            "name": "Year's end",
            "query": "project:SOC",
            "start_at": "2026-12-24T00:00:00Z",
            "end_at": "2027-01-02T00:00:00Z",
        }
    )
    me = client.users.current().id
    first = client.cases.create(
        {"title": "Odd login", "type_id": type_.id, "priority": "P2", "description": LONG},
        project_id=soc.id,
        assignee_id=me,
    )
    second, third = (
        client.cases.create({"title": "Odd login", "type_id": STANDARD}, project_id=project.id)
        for project in (soc, ops)
    )
    client.cases.archive(third.id)
    severe: dict[str, Any] = {"type": "SELECT", "is_multi": False, "value": "high"}
    client.cases.set_custom_attribute(first.id, "severity", severe)
    some: dict[str, Any] = {"type": "TEXT", "is_multi": True, "value": ["a", "b"]}
    client.cases.set_custom_attribute(first.id, "hosts", some)
    client.cases.set_attributes(first.id, {"env": ["prod"], "team": []})
    for comment in ("Looking.", "Looking."):
        client.cases.comment(first.id, comment)
    client.cases.watch(first.id, me)
    insight = {"type": "MONITOR", "ref": "/monitors/1", "resource_id": "1"}
    client.cases.add_insights(first.id, [insight])
    client.case_links.create(
        {
            "parent_entity_type": "CASE",
            "parent_entity_id": first.id,
            "child_entity_type": "CASE",
            "child_entity_id": second.id,
            "relationship": "BLOCKS",
        }
    )
    client.cases.link_jira_issue(first.id, "https://jira.example.com/browse/SOC-1")
    client.cases.create_service_now_ticket(second.id, {"instance_name": "acme"})
    while "COMPLETED" not in str(client.cases.get(second.id).attributes.service_now_ticket):
        time.sleep(0.05)
    return client


def written(folder: str) -> str:
    return Path(folder, "__main__.py").read_text()


def resources(folder: str) -> dict[str, dict[str, str]]:
    """Return the source text of each keyword argument, by resource name in the program."""
    calls: dict[str, dict[str, str]] = {}
    for statement in ast.parse(written(folder)).body:
        if isinstance(statement, ast.Assign):
            assert isinstance(statement.value, ast.Call)
            (name,) = statement.value.args
            assert isinstance(name, ast.Constant)
            keywords = {str(k.arg): ast.unparse(k.value) for k in statement.value.keywords}
            calls[str(name.value)] = keywords
    return calls


# --- with the real Pulumi ----------------------------------------------------------------------


@pytest.mark.pulumi
def test_import_of_every_resource_type(  # noqa: PLR0913, PLR0917 - fixtures
    by_hand: cases.Client,
    organization: "Organization",
    new_stack: "NewStack",
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    released: set[str],
) -> None:
    stack: Stack = new_stack(organization, "")
    for name, value in stack.environment.items():
        monkeypatch.setenv(name, value)
    folder = str(stack.folder)
    (stack.folder / "__main__.py").unlink()
    before = organization.writes()

    run("import", "--all", "--cases", "*", "--out", folder, "--run")
    assert imported(stack) == released - NOT_IMPORTED
    assert "unchanged" in stack.preview("--expect-no-changes")
    stack.up("--expect-no-changes")
    stack.preview("--refresh", "--expect-no-changes")
    assert organization.writes() == before

    # A change of one line sends one request.
    stack.write(written(folder).replace('"Year\'s end"', '"The end of the year"'))
    stack.up()
    (sent,) = organization.writes()[len(before) :]
    assert sent.startswith("PUT /maintenance_windows/")
    assert by_hand.maintenance_windows.list()[0].values()["name"] == "The end of the year"

    # A second import adds new objects to the program.
    project = by_hand.projects.create({"key": "NEW", "name": "Security operations"})
    rule: dict[str, Any] = {"name": "Triage", "trigger": CREATED, "action": WORKFLOW}
    by_hand.automation_rules.create(project.id, rule)
    names = resources(folder).keys()
    output = run("import", "--all", "--cases", "*", "--out", folder, "--force", "--run", "--json")
    assert json.loads(output.stdout)["imported"] == {"AutomationRule": 1, "Project": 1}
    assert names < resources(folder).keys()
    before = organization.writes()
    stack.preview("--refresh", "--expect-no-changes")
    stack.up("--expect-no-changes")
    assert organization.writes() == before


#: Resource types that an import does not declare.
NOT_IMPORTED = {
    # The program declares custom attributes as a property of their case.
    "CaseCustomAttribute",
    # The API does not return objects of these types.
    "CaseIncident",
    "CaseNotebook",
}


def imported(stack: "Stack") -> set[str]:
    types = {each["type"] for each in stack.resources.values()}
    return {each.rsplit(":", 1)[1] for each in types if "datadog-cases" in each}


@pytest.mark.pulumi
@pytest.mark.parametrize(
    ("more", "message"),
    [
        ('pulumi.ComponentResource("x:y:Z", "z")', "which is not a Case Management resource"),
        ('cases.CaseType("t", name="T", opts=Options(protect=True))', "Pulumi options on t"),
        ('cases.CaseType("t", name=pulumi.Output.secret("T"))', "a secret in t"),
    ],
)
def test_undeclarable_stack_is_not_overwritten(  # noqa: PLR0913, PLR0917 - fixtures
    organization: "Organization",
    new_stack: "NewStack",
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    more: str,
    message: str,
) -> None:
    program = (
        "import pulumi\nimport pulumi_datadog_cases as cases\nOptions = pulumi.ResourceOptions\n"
    )
    stack: Stack = new_stack(organization, program + more)
    for name, value in stack.environment.items():
        monkeypatch.setenv(name, value)
    stack.up()
    error = run("import", "--all", "--out", str(stack.folder), "--force", ends_with=2).stderr
    assert message in error
    assert written(str(stack.folder)) == program + more


#: A program that manages a part of the organisation. It uses every way to declare or read objects.
PART = """
import pulumi
import pulumi_datadog_cases as cases

desk = cases.Project("desk", key="DESK", name="Desk")
rule = cases.AutomationRule("desk_triage", project_id=pulumi.Output.secret(desk.id), name="Zoo",
                            trigger={trigger}, action={action})
case = cases.Case("case", project_id=desk.id, title="Odd login")
cases.CaseComment("note", case_id=case.key, comment="Looking.")
cases.CaseWatcher("watcher", case_id=case.key, user_uuid="5a9d0c00-0000-4000-8000-000000000001")
other = cases.Provider("other", api_url="{url}", api_key="sandbox-api-key",
                       app_key="sandbox-app-key")
cases.Project("far", key="FAR", name="Far", opts=pulumi.ResourceOptions(provider=other))
cases.Project.get("read", "{read}")
cases.MaintenanceWindow("window", name="Holidays", query="*", start_at="2999-12-24T00:00:00Z",
                        end_at="2999-12-25T00:00:00Z", opts=pulumi.ResourceOptions(protect=True))
pulumi.export("key", desk.key)
"""


@pytest.mark.pulumi
def test_new_only_imports_what_the_stack_does_not_manage(
    by_hand: cases.Client,
    organization: "Organization",
    new_stack: "NewStack",
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ids = {str(each.values()["key"]): each.id for each in by_hand.projects.list()}
    url = organization.settings.base_url
    program = PART.format(trigger=CREATED, action=WORKFLOW, url=url, read=ids["OPS"])
    stack: Stack = new_stack(organization, program)
    for name, value in stack.environment.items():
        monkeypatch.setenv(name, value)
    stack.up()
    ids |= {name: each.get("id", "") for name, each in stack.resources.items()}
    before = objects(stack)
    for project in "desk", "far", "read":
        rule: dict[str, Any] = {"name": "Triage", "trigger": CREATED, "action": WORKFLOW}
        by_hand.automation_rules.create(ids[project], rule)
    by_hand.cases.comment(ids["case"], "Somebody else's")
    folder = str(stack.folder)
    options = ["import", "--all", "--cases", "*", "--out", folder, "--new-only"]

    document = json.loads(run(*options, "--run", "--json").stdout)
    assert document["program"] == f"{folder}/imported.py"
    assert document["left_alone"] == len(before)
    assert [each.partition(":")[0] for each in document["left_out"]] == [f"Project {ids['OPS']}"]
    assert document["imported"]["AutomationRule"] == 5
    assert written(folder) == program

    # The program does not import `imported.py` yet, so Pulumi tries to delete the imported objects.
    # This `up` fails and deletes nothing, because the import has protected them.
    sent = organization.writes()
    assert "because it is protected" in stack.up(fails=True)
    stack.write(f"import imported\n{program}")
    stack.assert_no_changes()
    stack.up("--expect-no-changes")
    assert organization.writes() == sent
    after = objects(stack)
    assert len(after) == len(set(after)) == len(before) + sum(document["imported"].values())

    # Nothing is new any more, and the module stays as it is.
    module = Path(folder, "imported.py").read_text()
    assert "Nothing is new" in run(*options, "--force").stdout
    assert Path(folder, "imported.py").read_text() == module
    by_hand.projects.create({"key": "NEW", "name": "New"})
    assert "exists and is not overwritten: rename it" in run(*options, ends_with=2).stderr
    assert "which the stack manages" in run(*options, "--force", ends_with=2).stderr
    assert Path(folder, "imported.py").read_text() == module


def objects(stack: "Stack") -> list[tuple[str, ...]]:
    """Return the type, the id and the case of each object that a stack manages."""
    return [
        (each["type"], each["id"], str(each["outputs"].get("case_id")))
        for each in stack.resources.values()
        if "datadog-cases" in each["type"] and not each.get("external")
    ]


@pytest.mark.pulumi
def test_managed_objects_are_not_imported_again(
    client: cases.Client,
    organization: "Organization",
    new_stack: "NewStack",
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    program = f"""
import pulumi_datadog_cases as cases

desk = cases.Project("desk", key="DESK", name="Desk")
cases.AutomationRule("triage", project_id=desk.id, name="Zoo", trigger={CREATED}, action={WORKFLOW})
case = cases.Case("case", project_id=desk.id, title="Odd login")
cases.CaseComment("note", case_id=case.key, comment="Looking.")
"""
    stack: Stack = new_stack(organization, program)
    for name, value in stack.environment.items():
        monkeypatch.setenv(name, value)
    stack.up()
    before = objects(stack)
    desk = stack.resources["desk"]["id"]
    new, replaced = (
        client.automation_rules.create(
            desk, {"name": name, "trigger": CREATED, "action": WORKFLOW}
        ).id
        for name in ("Triage", "Replaced")
    )
    exported = json.loads(stack("stack", "export"))
    deployed = exported["deployment"]["resources"]
    (rule,) = (each for each in deployed if each["urn"].endswith("::triage"))
    deployed.append({**rule, "id": replaced, "delete": True})
    load(stack, exported)

    folder = str(stack.folder)
    options = ["import", "--all", "--cases", "*", "--out", folder, "--force", "--json"]
    document = json.loads(run(*options).stdout)
    assert document["imported"] == {"AutomationRule": 1}
    assert f"AutomationRule {desk}/{replaced}" in document["left_out"][0]
    (entry,) = json.loads(Path(folder, "import.json").read_text())["resources"]
    assert entry["id"] == new
    stack("import", "--file", "import.json", "--generate-code=false", "--yes", "--skip-preview")
    sent = organization.writes()
    # The generated program has `case.id` instead of `case.key`, so the state gets the id of the
    # case without a request. The replaced rule is deleted.
    stack.up()
    (deleted,) = organization.writes()[len(sent) :]
    assert deleted.startswith("DELETE ")
    assert deleted.endswith(replaced)
    assert {each[:2] for each in objects(stack)} == {
        *(each[:2] for each in before),
        (entry["type"], new),
    }
    stack.assert_no_changes()

    # If two resources of a stack manage the same object, the program is not rewritten. The new
    # program would declare only one of the two resources. Then `up` would delete the other one, and
    # with it the object of both.
    exported = json.loads(stack("stack", "export"))
    (rule,) = (each for each in exported["deployment"]["resources"] if each.get("id") == new)
    exported["deployment"]["resources"].append({**rule, "urn": f"{rule['urn']}_again"})
    load(stack, exported)
    assert "two resources for one object" in run(*options, ends_with=2).stderr


def load(stack: "Stack", exported: object) -> None:
    """Replace the state of a stack."""
    file = stack.folder / "exported.json"
    file.write_text(json.dumps(exported))
    stack("stack", "import", "--file", str(file))


def test_run_needs_a_selected_stack(run: Run) -> None:
    output = run("import", "--all", "--out", "soc", "--run", ends_with=2).stderr
    assert "none is selected in soc" in output
    assert not Path("soc").exists()


# --- the program -------------------------------------------------------------------------------


def test_generated_program(by_hand: cases.Client, run: Run) -> None:
    run("import", "--all", "--cases", "*", "--out", "soc")
    declared = resources("soc")
    assert "cast" not in written("soc")
    assert declared["security_operations"] == {
        "key": "'SOC'",
        "name": "'Security operations'",
        "enabled_custom_case_types": "[intrusion.id]",
        "settings": "{'notification': {'enabled': False}, 'integration_jira': {'enabled': True}}",
    }
    assert declared["betrieb_fur_zuri"] == {"key": "'OPS'", "name": "'Betrieb für Züri 🚀'"}
    rules = [each for each in declared if "triage" in each]
    assert rules == ["betrieb_fur_zuri_triage", "security_operations_triage"]
    assert declared["_class"]["np_rule_id"] == "security_operations_notification_rule.id"
    assert declared["betrieb_fur_zuri_odd_login"]["archived"] == "True"
    assert not any("type_id" in each for each in declared.values() if "archived" in each)
    (first,) = (each for each in declared.values() if "custom_attributes" in each)
    assert first["attributes"] == "{'env': ['prod']}"
    assert ast.literal_eval(first["custom_attributes"]) == {
        "severity": {"type": "SELECT", "value": "high"},
        "hosts": {"type": "TEXT", "value": ["a", "b"]},
    }
    assert ast.literal_eval(first["description"]) == LONG
    del by_hand


def test_generated_program_is_formatted(by_hand: cases.Client, run: Run) -> None:
    for title in ("x" * 100, 'a "quoted" word', 'it\'s "both"', "tab\t\x1b[31m\u202e", "''\"\"\\"):
        soc = next(each for each in by_hand.projects.list() if each.values()["key"] == "SOC")
        case = {"title": title, "type_id": STANDARD, "description": f"{title}\n" * 3}
        by_hand.cases.create(case, project_id=soc.id)
    run("import", "--all", "--cases", "*", "--out", "soc")
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--diff", "soc/__main__.py"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_names_are_independent_of_list_order(
    by_hand: cases.Client, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("import", "--all", "--cases", "*", "--out", "one")
    listed = type(by_hand.projects).list
    monkeypatch.setattr(
        type(by_hand.projects), "list", lambda self: [*reversed(listed(self))], raising=True
    )
    run("import", "--all", "--cases", "*", "--out", "two")
    assert written("one") == written("two")


def test_objects_with_equal_names_are_told_apart_by_their_keys(
    by_hand: cases.Client, run: Run
) -> None:
    soc = next(each for each in by_hand.projects.list() if each.values()["key"] == "SOC")
    twice = {"title": "Lost laptop", "type_id": STANDARD}
    keys = [by_hand.cases.create(twice, project_id=soc.id).values()["key"] for _ in range(2)]
    run("import", "--all", "--cases", "*", "--out", "soc")
    expected = {
        f"security_operations_lost_laptop_{str(key).lower().replace('-', '_')}" for key in keys
    }
    assert {each for each in resources("soc") if "lost_laptop" in each} == expected


def test_cases_are_imported_on_request(by_hand: cases.Client, run: Run) -> None:
    run("import", "--all", "--out", "none")
    assert "cases.Case(" not in written("none")
    run("import", "--all", "--cases", "priority:P2", "--out", "some")
    assert written("some").count("cases.Case(") == 1
    assert "cases.CaseComment(" in written("some")
    del by_hand


def test_children_of_cases_can_be_left_out(
    by_hand: cases.Client, run: Run, organization: "Organization"
) -> None:
    before = len(organization.request_log())
    run("import", "--all", "--cases", "*", "--no-children", "--out", "soc")
    assert "cases.Case(" in written("soc")
    assert "cases.CaseComment(" not in written("soc")
    assert not any("timeline" in line for line in organization.request_lines()[before:])
    del by_hand


def test_project_is_imported_with_references(by_hand: cases.Client, run: Run) -> None:
    run("import", "--project", "OPS", "--out", "ops")
    assert [*resources("ops")] == ["betrieb_fur_zuri", "triage"]
    run("import", "--project", "SOC", "--project", "OPS", "--out", "both")
    declared = resources("both")
    assert {"intrusion", "severity", "hosts", "security_operations_project_favorite"} < {*declared}
    assert "cases.MaintenanceWindow(" not in written("both"), "it belongs to no project"
    del by_hand


# --- errors ------------------------------------------------------------------------------------


def test_program_says_whether_rules_are_enabled(client: cases.Client, run: Run) -> None:
    """Otherwise nobody would notice if someone disabled an imported rule."""
    project = client.projects.create({"key": "SOC", "name": "Security operations"})
    rule: dict[str, Any] = {"name": "Triage", "trigger": CREATED, "action": WORKFLOW}
    client.automation_rules.create(project.id, {**rule, "state": "ENABLED"})
    email = {"type": "EMAIL", "data": {"email": "soc@example.com"}}
    output: dict[str, Any] = {"recipients": [email], "triggers": [CREATED]}
    client.notification_rules.create(project.id, {**output, "is_enabled": True})
    run("import", "--all", "--out", "soc")
    assert 'state="ENABLED"' in written("soc")
    assert "is_enabled=True" in written("soc")


def test_one_object_is_counted_in_the_singular(run: Run, organization: "Organization") -> None:
    project = {"type": "project", "attributes": {"key": "OPS", "name": "Operations"}}
    organization.call("POST /cases/projects", project)
    output = run("import", "--project", "OPS", "--out", "ops").stdout
    assert "__main__.py declares 1 object; " in output


def test_wrong_key_suggests_similar_ones(by_hand: cases.Client, run: Run) -> None:
    output = run("import", "--project", "SCO", "--out", "soc", ends_with=1).stderr
    assert "no project has the key SCO: did you mean SOC" in output
    assert not Path("soc").exists()
    del by_hand


@pytest.mark.parametrize(
    ("folder", "name"),
    [("SOC desk", "SOC-desk"), ("1.0", "1.0"), ("Ü", "-"), ("x" * 120, "x" * 100)],
)
def test_new_project_has_a_name_that_pulumi_accepts(
    by_hand: cases.Client, run: Run, folder: str, name: str
) -> None:
    output = run("import", "--all", "--out", folder).stdout
    assert yaml.safe_load(Path(folder, "Pulumi.yaml").read_text())["name"] == name
    (command,) = (line for line in output.splitlines() if line.startswith("  pulumi "))
    assert shlex.split(command)[:4] == ["pulumi", "--cwd", folder, "import"]
    del by_hand


def test_existing_program_is_not_overwritten(by_hand: cases.Client, run: Run) -> None:
    Path("soc").mkdir()
    Path("soc/__main__.py").write_text("mine = 1\n")
    output = run("import", "--all", "--out", "soc", ends_with=2).stderr
    assert "exists and is not overwritten" in output
    assert written("soc") == "mine = 1\n"
    run("import", "--all", "--out", "soc", "--force")
    assert "cases.Project(" in written("soc")
    del by_hand


@pytest.mark.pulumi
@pytest.mark.usefixtures("no_stack")
def test_overwritten_files_are_backed_up(by_hand: cases.Client, run: Run) -> None:
    Path("soc").mkdir()
    path = Path("soc/__main__.py")
    for number, text in enumerate(["first = 1\r\n", "second = 2"]):
        path.write_bytes(text.encode())
        path.chmod(0o600)
        output = run("import", "--all", "--out", "soc", "--force", "--json")
        backup = Path(f"soc/__main__.py.bak{'-2' if number else ''}")
        assert json.loads(output.stdout)["backups"] == [str(backup)]
        assert backup.read_bytes() == text.encode()
        assert backup.stat().st_mode & 0o777 == path.stat().st_mode & 0o777 == 0o600
    assert Path("soc/__main__.py.bak").read_text() == "first = 1\n"
    path.write_text("third = 3")
    output = run("import", "--all", "--out", "soc", "--force")
    assert "soc/__main__.py.bak-3 is a backup of the overwritten file." in output.stdout
    assert "warning: no stack that is selected in soc manages any of these" in output.stderr
    del by_hand


@pytest.mark.pulumi
@pytest.mark.usefixtures("no_stack")
def test_unchanged_files_are_not_written(by_hand: cases.Client, run: Run) -> None:
    run("import", "--all", "--out", "soc")
    before = {each: each.stat().st_mtime_ns for each in Path("soc").iterdir()}
    output = run("import", "--all", "--out", "soc", "--force", "--json")
    assert json.loads(output.stdout)["backups"] == []
    assert {each: each.stat().st_mtime_ns for each in Path("soc").iterdir()} == before
    del by_hand


def test_interrupt_at_any_time_keeps_the_old_program(
    by_hand: cases.Client, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, sync = "mine = 1\n" * 1000, os.fsync
    for number in itertools.count():
        folder = Path(f"soc-{number}")
        folder.mkdir()
        (folder / "__main__.py").write_text(old)
        remaining = iter(range(number))

        def interrupt(file: int, remaining: Iterator[int] = remaining) -> None:
            if next(remaining, None) is None:
                raise KeyboardInterrupt
            sync(file)

        monkeypatch.setattr(os, "fsync", interrupt)
        result = CliRunner().invoke(app, ["import", "--all", "--out", str(folder), "--force"])
        if result.exit_code == 0:
            assert number >= len(["program", "import file", "project file", "backup", "folder"])
            break
        assert old in [each.read_text() for each in folder.glob("__main__.py*")]
    del by_hand, run


def test_unwritable_file_is_one_error(by_hand: cases.Client, run: Run) -> None:
    Path("soc").write_text("not a folder")
    output = run("import", "--all", "--out", "soc", ends_with=1).stderr
    assert output == "error: cannot write soc/__main__.py: Not a directory\n"
    del by_hand


@pytest.mark.pulumi
@pytest.mark.usefixtures("no_stack")
def test_new_only_needs_a_selected_stack(run: Run) -> None:
    Path("Pulumi.yaml").write_text("name: soc\nruntime: python\n")
    output = run("import", "--all", "--out", ".", "--new-only", ends_with=1).stderr
    assert "no stack is selected in" in output
    assert "or import without --new-only" in output


@pytest.mark.parametrize("selection", [[], ["--all", "--project", "SOC"]])
def test_selection_is_required(run: Run, selection: list[str]) -> None:
    output = run("import", *selection, "--out", "soc", ends_with=2).stderr
    assert "choose what to import: --all, or --project" in output


def test_unreadable_objects_are_reported(by_hand: cases.Client, run: Run, fault: SetFault) -> None:
    endpoint = "GET /cases/projects/*/notification_rules"
    fault(kind="status", status=403, endpoint=endpoint)
    output = run("import", "--all", "--out", "soc", "--json", ends_with=1)
    (missing,) = json.loads(output.stdout)["missing"]
    assert missing.startswith("NotificationRule: GET /api/v2/cases/projects/")
    assert "(and 1 more)" in missing
    assert "cases.NotificationRule(" not in written("soc")
    assert {"intrusion", "security_operations"} < resources("soc").keys()
    del by_hand


def test_interrupt_leaves_no_partial_files(
    by_hand: cases.Client, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: Any, **__: Any) -> None:  # noqa: ANN401 - a fake
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupt)
    run("import", "--all", "--out", "soc", ends_with=130)
    assert [*Path("soc").iterdir()] == []
    del by_hand


# --- archived cases that no search finds -------------------------------------------------------

HIDDEN = (
    "Case: the search archived:true finds nothing, although OPS-1 is archived: archived cases are "
    "left out"
)


def test_hidden_archived_cases_are_reported(
    by_hand: cases.Client, run: Run, add_quirk: "AddQuirk"
) -> None:
    del by_hand
    add_quirk(kind="hide_archived_cases")
    options = ["import", "--all", "--cases", "*", "--out", "soc", "--json"]
    assert json.loads(run(*options, ends_with=1).stdout)["missing"] == [HIDDEN]


def test_moved_case_is_no_hidden_archived_case(by_hand: cases.Client, run: Run) -> None:
    """A case number of SOC is missing, because the case was moved. The case is not archived."""
    projects = {str(each.attributes.key): each.id for each in by_hand.projects.list()}
    for case in by_hand.cases.iterate("archived:true"):
        by_hand.cases.unarchive(case.id)
    first = next(by_hand.cases.iterate(f"project_id:{projects['SOC']}"))
    by_hand.cases.move(first.id, projects["OPS"])
    options = ["import", "--all", "--cases", "*", "--out", "soc", "--json"]
    assert json.loads(run(*options).stdout)["missing"] == []


def test_search_that_a_limit_cuts_off_is_reported(
    by_hand: cases.Client, run: Run, add_quirk: "AddQuirk"
) -> None:
    for case in by_hand.cases.iterate("archived:true"):
        by_hand.cases.unarchive(case.id)
    add_quirk(kind="limit_hits", max_hits=1, capped_total=True)
    options = ["import", "--all", "--cases", "*", "--out", "soc", "--json"]
    (missing,) = json.loads(run(*options, ends_with=1).stdout)["missing"]
    assert re.fullmatch(r"Case: the search does not find \w+-\d+: cases may be left out", missing)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "choose where to write the program with --out, or an import file with --complete"),
        (["--complete", "no.json"], "no.json cannot be read: No such file or directory"),
        (["--complete", "no.json", "--all"], "--complete takes no other option than --json"),
        (["--complete", "list.json"], "list.json has no list of resources: write it with"),
        (["--complete", "empty.json"], "there is no Pulumi.yaml here: run this command in the"),
    ],
)
def test_wrong_import_file_is_rejected(
    run: Run, tmp_path: Path, arguments: list[str], message: str
) -> None:
    (tmp_path / "list.json").write_text("[]")
    (tmp_path / "empty.json").write_text('{"resources": []}')
    result = run("import", *arguments, ends_with=2 if "--all" in arguments or not arguments else 1)
    assert message in result.stderr
