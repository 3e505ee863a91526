"""`datadog-cases export`, and sandboxes that start from an exported file."""

import json
import re
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
import requests
from typer.testing import Result

from datadog_cases_sandbox.endpoints import registry

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization, StartSandbox

Run: TypeAlias = Callable[..., Result]
SetFault: TypeAlias = Callable[..., None]

#: A program with a resource of every type that release 0.1.0 has.
GOLDEN = Path(__file__).parents[1] / "state" / "golden" / "0.1.0" / "program.py"
STANDARD = "00000000-0000-0000-0000-000000000001"


def answer(organization: "Organization", path: str) -> Any:  # noqa: ANN401 - JSON
    """Return the response to a GET request. Parts that differ between sandboxes are left out."""
    settings = organization.settings
    response = requests.get(
        f"{settings.base_url}/api/v2{path}",
        headers={"DD-API-KEY": settings.api_key, "DD-APPLICATION-KEY": settings.app_key},
        timeout=30,
    )
    assert response.ok, f"{path}: {response.text}"
    body = response.json()
    if path.startswith("/cases/count"):  # the id of a count is random
        del body["data"]["id"]
    if path.startswith("/cases/link?"):  # links have no creation time to sort by
        body["data"].sort(key=lambda link: link["id"])
    return body


def ids(organization: "Organization", path: str) -> list[str]:
    return [each["id"] for each in organization.call(f"GET {path}")]


def every_get(organization: "Organization") -> Iterator[tuple[str, str]]:
    """Yield a GET request for every endpoint and object.

    Each item is a pair: the path as it is in the API's reference, and the path with ids and
    parameters.
    """
    for path in (
        "/users",
        "/current_user",
        "/team",
        "/cases/types",
        "/cases/types/custom_attributes",
        "/cases/projects",
        "/cases/projects/favorites",
        "/maintenance_windows",
    ):
        yield path, path
    for number in (1, 2):
        yield "/users", f"/users?page[size]=3&page[number]={number}"
        yield "/cases", f"/cases?page[size]=3&page[number]={number}&filter=archived:*"
    yield "/cases/count", "/cases/count?group_bys=type,assignee,project,status,env,severity"
    yield from each("/users/{user_id}", ids(organization, "/users"))
    yield from each("/team/{team_id}", ids(organization, "/team"))
    types = ids(organization, "/cases/types")
    yield from each("/cases/types/{case_type_id}/custom_attributes", types)
    yield from every_get_of_projects(organization)
    cases = ids(organization, "/cases?page[size]=100&filter=archived:*")
    yield from each("/cases/{case_id}", cases)
    yield from each("/cases/{case_id}/timelines", cases)
    yield from each("/cases/{case_id}/watchers", cases)
    for case in cases:
        yield "/cases/link", f"/cases/link?entity_type=CASE&entity_id={case}"


def every_get_of_projects(organization: "Organization") -> Iterator[tuple[str, str]]:
    projects = ids(organization, "/cases/projects")
    yield from each("/cases/projects/{project_id}", projects)
    yield from each("/cases/projects/{project_id}/rules", projects)
    yield from each("/cases/projects/{project_id}/notification_rules", projects)
    for project in projects:
        path = f"/cases/projects/{project}/rules"
        for rule in ids(organization, path):
            yield "/cases/projects/{project_id}/rules/{rule_id}", f"{path}/{rule}"
        path = f"/cases/views?project_id={project}"
        yield "/cases/views", path
        yield from each("/cases/views/{view_id}", ids(organization, path))


def each(path: str, objects: list[str]) -> Iterator[tuple[str, str]]:
    for id_ in objects:
        yield path, re.sub(r"{\w+}", id_, path)


def add_by_hand(organization: "Organization") -> None:
    """Add objects that no program can declare: a disabled user, and a deleted type with cases."""
    invited = [
        organization.call(
            "POST /users", {"type": "users", "attributes": {"email": f"{name}@example.com"}}
        )["id"]
        for name in ("fred", "gina")
    ]
    organization.call(f"DELETE /users/{invited[0]}")
    path = "POST /cases/types"
    dead = organization.call(path, {"type": "case_type", "attributes": {"name": "Dead"}})["id"]
    words = {"key": "k", "display_name": "K", "type": "TEXT", "is_multi": False}
    definition = {"type": "custom_attribute", "attributes": words}
    organization.call(f"POST /cases/types/{dead}/custom_attributes", definition)
    projects = [each["id"] for each in organization.call("GET /cases/projects")]
    cases = [new_case(organization, projects[0], f"Old {n}", dead) for n in range(3)]
    organization.call(f"POST /cases/{cases[1]}/archive", {"type": "case"})
    moved = {"id": projects[1], "type": "project"}
    organization.call(f"PATCH /cases/{cases[2]}/relationships/project", moved)
    comment = {"type": "case", "attributes": {"comment": "Ünïcödé \N{PARTY POPPER}"}}
    for _ in range(2):
        (cell,) = organization.call(f"POST /cases/{cases[0]}/comment", comment)
    organization.call(f"DELETE /cases/{cases[0]}/comment/{cell['id']}")
    assignee = {"type": "case", "attributes": {"assignee_id": invited[0]}}
    organization.call(f"POST /cases/{cases[0]}/assign", assignee)
    organization.call(f"DELETE /cases/types/{dead}")


def new_case(
    organization: "Organization", project: str, title: str, case_type: str = STANDARD
) -> str:
    data = {
        "type": "case",
        "attributes": {"title": title, "type_id": case_type},
        "relationships": {"project": {"data": {"id": project, "type": "project"}}},
    }
    return str(organization.call("POST /cases", data)["id"])


def new_project(organization: "Organization", key: str) -> str:
    data = {"type": "project", "attributes": {"key": key, "name": key}}
    return str(organization.call("POST /cases/projects", data)["id"])


@pytest.mark.pulumi
def test_sandbox_from_export_behaves_the_same(
    organization: "Organization",
    start_sandbox: "StartSandbox",
    new_stack: "NewStack",
    run: Run,
    tmp_path: Path,
) -> None:
    stack = new_stack(organization, GOLDEN.read_text(encoding="utf-8"))
    stack("config", "set", "me", organization.call("GET /current_user")["id"])
    stack.up()
    add_by_hand(organization)
    run("export", "--out", "a.json", "--cases", "*")

    other = start_sandbox("--seed", str(tmp_path / "a.json"))
    asked = [*every_get(organization)]
    served = {path for path, verbs in registry.routes() if "GET" in verbs}
    assert {path for path, _ in asked} == served
    for _, path in asked:
        assert answer(other, path) == answer(organization, path), path

    stack.environment.update(other.environment)
    for refresh in ([], ["--refresh"]):
        output = stack.preview(*refresh)
        # Only the provider `elsewhere` changes, because the program passes the sandbox's URL to it.
        assert "~  pulumi:providers:pulumi-python elsewhere update" in output
        assert "~ 1 to update" in output
        assert f"{len(stack.resources) - 2} unchanged" in output


def test_export_of_seeded_sandbox_is_identical(
    organization: "Organization",
    start_sandbox: "StartSandbox",
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for key in ("ONE", "TWO"):
        new_case(organization, new_project(organization, key), "A case")
    add_by_hand(organization)
    run("export", "--out", "a.json", "--cases", "*")
    other = start_sandbox("--seed", str(tmp_path / "a.json"))
    monkeypatch.setenv("DD_HOST", other.settings.base_url)
    run("export", "--out", "b.json", "--cases", "*")
    assert (tmp_path / "b.json").read_text() == (tmp_path / "a.json").read_text()


def test_cases_are_exported_on_request(
    organization: "Organization", run: Run, tmp_path: Path
) -> None:
    project = new_project(organization, "SEC")
    kept, left, archived = (new_case(organization, project, f"Case {n}") for n in "abc")
    organization.call(f"POST /cases/{archived}/archive", {"type": "case"})
    link = {
        "parent_entity_type": "CASE",
        "parent_entity_id": kept,
        "child_entity_type": "CASE",
        "child_entity_id": left,
        "relationship": "CAUSES",
    }
    incident = {**link, "child_entity_type": "INCIDENT", "child_entity_id": STANDARD}
    for each in (link, incident):
        organization.call("POST /cases/link", {"type": "link", "attributes": each})

    def exported(*options: str) -> dict[str, Any]:
        run("export", "--out", "out.json", "--force", *options)
        document: dict[str, Any] = json.loads((tmp_path / "out.json").read_text())
        return document

    assert "cases" not in exported()
    found = exported("--cases", 'title:"Case a"')
    assert [each["id"] for each in found["cases"]] == [kept]
    # A link is left out if one of its cases is not exported.
    assert [each["attributes"]["child_entity_id"] for each in found["case_links"]] == [STANDARD]
    found = exported("--cases", "*")
    assert [each["id"] for each in found["cases"]] == [kept, left, archived]
    assert len(found["case_links"]) == 2


def test_summary_of_export(organization: "Organization", run: Run, tmp_path: Path) -> None:
    new_project(organization, "SEC")
    output = json.loads(run("export", "--out", "a.json", "--json").stdout)
    assert output["file"] == "a.json"
    assert output["missing"] == {}
    assert (output["objects"]["projects"], output["objects"]["case_types"]) == (1, 6)
    assert "datadog-cases sandbox --seed b.json" in run("export", "--out", "b.json").stdout
    assert stat.S_IMODE((tmp_path / "a.json").stat().st_mode) == 0o600
    assert [*tmp_path.iterdir()] == [tmp_path / "a.json", tmp_path / "b.json"]


def test_existing_file_is_not_overwritten(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("mine")
    output = run("export", "--out", "a.json", ends_with=2).stderr
    assert output == (
        "error: a.json exists and is not overwritten: choose another file, or pass --force\n"
    )
    assert (tmp_path / "a.json").read_text() == "mine"
    run("export", "--out", "a.json", "--force")
    assert json.loads((tmp_path / "a.json").read_text())["datadog_cases_export"] == 1


def test_missing_folder_sends_no_request(organization: "Organization", run: Run) -> None:
    output = run("export", "--out", "none/a.json", ends_with=2).stderr
    assert output == "error: the folder none for a.json does not exist\n"
    assert organization.request_lines() == []


def test_unreadable_lists_are_reported_and_rest_written(
    organization: "Organization",
    run: Run,
    fault: SetFault,
    tmp_path: Path,
    start_sandbox: "StartSandbox",
) -> None:
    refused, read = (new_project(organization, key) for key in ("ONE", "TWO"))
    for project in (refused, read):
        view = {"type": "view", "attributes": {"name": "v", "query": "", "project_id": project}}
        organization.call("POST /cases/views", view)
    rule: dict[str, object] = {"recipients": [], "triggers": []}
    new_rule = {"type": "notification_rule", "attributes": rule}
    for project in (refused, read):
        organization.call(f"POST /cases/projects/{project}/notification_rules", new_rule)
    fault(kind="status", endpoint="GET /users", status=403)
    fault(kind="status", endpoint="GET /cases/projects/*/rules", status=403)
    path = f"GET /cases/projects/{refused}/notification_rules"
    fault(kind="status", endpoint=path, status=403)

    result = run("export", "--out", "a.json", "--json", ends_with=1)
    document = json.loads((tmp_path / "a.json").read_text())
    assert "users" not in document
    assert "automation_rules" not in document
    assert [*document["notification_rules"]] == [read]
    assert {*document["case_views"]} == {refused, read}
    assert {*json.loads(result.stdout)["missing"]} == {
        "users",
        "automation_rules",
        "notification_rules",
    }
    assert result.stderr.startswith(
        "error: a.json is written, but not everything could be read. users: "
    )
    assert result.stderr.count("\n") == 1
    assert "lacks the scope user_access_read" in result.stderr
    assert "(and 1 more)" in result.stderr
    other = start_sandbox("--seed", str(tmp_path / "a.json"))
    assert len(other.call("GET /cases/projects")) == 2


@pytest.mark.parametrize(
    ("endpoint", "what"),
    [("GET /cases/projects", {"kind": "status", "status": 403}), ("*", {"kind": "html"})],
)
def test_unreadable_organisation_writes_no_file(
    run: Run, fault: SetFault, tmp_path: Path, endpoint: str, what: dict[str, object]
) -> None:
    fault(endpoint=endpoint, **what)
    output = run("export", "--out", "a.json", ends_with=1)
    assert output.stderr.startswith("error: GET /api/v2/cases/projects on http://127.0.0.1:")
    assert (output.stderr.count("\n"), output.stdout) == (1, "")
    assert not [*tmp_path.iterdir()]


@pytest.mark.usefixtures("run")
def test_interrupt_leaves_no_file(
    organization: "Organization", fault: SetFault, tmp_path: Path
) -> None:
    fault(kind="latency", endpoint="GET /maintenance_windows", seconds=60)
    program = "from pulumi_datadog_cases.cli import main; main()"
    command = ["-c", program, "export", "--out", "a"]
    with subprocess.Popen(
        [sys.executable, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        while not organization.request_lines():
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        output = process.communicate(timeout=30)
    assert process.returncode == 130
    assert output == ("", "")
    assert not [*tmp_path.iterdir()]
