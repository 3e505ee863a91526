"""Tests of the pipeline in `examples/ci`.

The tests run the pipeline's script as a CI system does.
"""

import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from pulumi_datadog_cases.api.scopes import SCOPES

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization, Stack

CI = Path(__file__).parents[1] / "examples" / "ci"
SCRIPT = (CI / "ci.sh").read_text(encoding="utf-8")
README = (CI / "README.md").read_text(encoding="utf-8")
ACTIONS = ("preview", "deploy", "drift")

PROGRAM = """
import pulumi_datadog_cases as cases

desk = cases.Project("desk", key="SEC", name="Security")
case = cases.Case("drill", project_id=desk.id, title="Drill", priority="P3")
"""


def workflow() -> dict[str, Any]:
    text = (CI / ".github" / "workflows" / "datadog-cases.yml").read_text(encoding="utf-8")
    # PyYAML follows YAML 1.1, in which `on` is a boolean. GitHub reads the key `on` as a string.
    loaded: dict[str, Any] = yaml.safe_load(text.replace("\non:", "\n'on':"))
    return loaded


def run(stack: "Stack", action: str) -> tuple[int, str]:
    """Run the script in a stack's folder; return its exit code and report."""
    process = subprocess.run(
        [CI / "ci.sh", action],
        cwd=stack.folder,
        env={**stack.environment, "PULUMI_STACK": "stack"},
        stdout=subprocess.DEVNULL,
        check=False,
        timeout=600,
    )
    return process.returncode, (stack.folder / "report.md").read_text(encoding="utf-8")


@pytest.mark.pulumi
def test_script_previews_deploys_and_reports_drift(
    organization: "Organization", new_stack: "NewStack"
) -> None:
    stack = new_stack(organization, PROGRAM)
    # Without this variable, the script keeps the intent log in a folder next to the program.
    del stack.environment["PULUMI_DATADOG_CASES_JOURNAL"]
    stack("stack", "unselect")

    code, report = run(stack, "preview")
    assert code == 0
    assert report.startswith("### `pulumi preview` on `stack`\n\n    Previewing update (stack):\n")
    assert "+ 3 to create" in report
    assert all(line.startswith("    ") for line in report.splitlines()[2:])
    assert all(request.startswith("GET ") for request in organization.request_lines())

    code, report = run(stack, "deploy")
    assert (code, "+ 3 created" in report) == (0, True)
    (case,) = organization.call("GET /cases")
    assert [*(stack.folder / ".journal").iterdir()]
    assert "3 unchanged" in run(stack, "preview")[1]
    assert run(stack, "drift")[0] == 0

    attributes = {"type": "case", "attributes": {"priority": "P1"}}
    organization.call(f"POST /cases/{case['id']}/priority", attributes)
    writes = organization.writes()
    code, report = run(stack, "drift")
    assert code == 2
    assert report.startswith("### `datadog-cases drift` on `stack`\n\n**Drift: 1 changed.")
    assert "priority" in report
    assert "P1" in report
    assert organization.writes() == writes

    stack.write(PROGRAM.replace("P3", "NOT_DEFINE"))
    code, report = run(stack, "preview")
    assert code != 0
    assert report.startswith("### `pulumi preview` on `stack` has failed\n")
    assert '"NOT_DEFINE" is not one of' in report


@pytest.mark.pulumi
def test_deployment_on_new_machine_continues_killed_one(
    organization: "Organization", new_stack: "NewStack"
) -> None:
    stack = new_stack(organization, PROGRAM)
    del stack.environment["PULUMI_DATADOG_CASES_JOURNAL"]
    assert run(stack, "deploy")[0] == 0
    before = stack.resources["drill"]["id"]
    stack.interrupt_creates("drill")
    shutil.rmtree(stack.folder / ".journal")

    assert run(stack, "deploy")[0] == 0
    assert stack.resources["drill"]["id"] == before
    assert len(organization.call("GET /cases")) == 1


def test_long_report_is_shortened_to_comment_limit(tmp_path: Path) -> None:
    pulumi = tmp_path / "pulumi"
    pulumi.write_text("#!/bin/sh\nseq 20000\necho '# last ~~~ ``` line'\n")
    (tmp_path / "datadog-cases").write_text("#!/bin/sh\n")
    for program in tmp_path.iterdir():
        program.chmod(0o755)
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "PULUMI_STACK": "s"}
    subprocess.run(
        [CI / "ci.sh", "deploy", "r.md"],
        cwd=tmp_path,
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    head, _, *lines = (tmp_path / "r.md").read_text().splitlines()
    assert head == "### `pulumi up` on `s`"
    assert lines[-1] == "    # last ~~~ ``` line"
    assert all(line.startswith("    ") for line in lines)
    assert 50_000 < (tmp_path / "r.md").stat().st_size < 65_536


def test_ambiguous_recovery_prevents_deployment(tmp_path: Path) -> None:
    (tmp_path / "datadog-cases").write_text(
        '#!/bin/sh\necho "$*" >arguments\necho "error: ambiguous" >&2\nexit 1\n'
    )
    (tmp_path / "pulumi").write_text("#!/bin/sh\ntouch deployed\n")
    for program in tmp_path.iterdir():
        program.chmod(0o755)
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "PULUMI_STACK": "s"}
    done = subprocess.run([CI / "ci.sh", "deploy"], cwd=tmp_path, env=environment, check=False)
    assert done.returncode == 1
    assert (tmp_path / "arguments").read_text() == "recover\n"
    assert not (tmp_path / "deployed").exists()
    assert (tmp_path / "report.md").read_text() == (
        "### `datadog-cases recover` on `s` has failed\n\n    error: ambiguous\n"
    )


def test_report_of_failed_drift_check_has_heading_and_error(tmp_path: Path) -> None:
    command = tmp_path / "datadog-cases"
    command.write_text("#!/bin/sh\necho 'error: no stack is selected' >&2\nexit 1\n")
    command.chmod(0o755)
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "PULUMI_STACK": "s"}
    done = subprocess.run([CI / "ci.sh", "drift"], cwd=tmp_path, env=environment, check=False)
    assert done.returncode == 1
    heading, *rest = (tmp_path / "report.md").read_text().split("\n\n")
    assert heading == "### `datadog-cases drift` on `s` has failed"
    assert rest[-1].strip("\n") == "    error: no stack is selected"


@pytest.mark.parametrize(
    ("arguments", "environment", "message"),
    [
        ([], {"PULUMI_STACK": "s"}, "usage: "),
        (["destroy"], {"PULUMI_STACK": "s"}, "usage: "),
        (["preview"], {}, "PULUMI_STACK: must name the stack, but is not set"),
    ],
)
def test_wrong_usage_is_reported(
    tmp_path: Path, arguments: list[str], environment: dict[str, str], message: str
) -> None:
    process = subprocess.run(
        [CI / "ci.sh", *arguments],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode != 0
    assert message in process.stderr


def test_workflow_only_calls_the_script() -> None:
    jobs = workflow()["jobs"]
    assert [*jobs] == [*ACTIONS]
    for action, job in jobs.items():
        commands = [step["run"] for step in job["steps"] if "run" in step]
        assert [line for line in commands if "ci.sh" in line] == [f"./ci.sh {action}"]
        assert f"  {action}) " in SCRIPT
        (tools,) = (step["uses"] for step in job["steps"] if step.get("uses", "").startswith("./"))
        assert (CI / tools / "action.yml").is_file()
        assert f"./ci.sh {action} " in README


def test_event_starts_one_job() -> None:
    events = {"pull_request", "push", "schedule", "workflow_dispatch"}
    assert {*workflow()["on"]} == events
    events_by_job = [
        re.findall(r"event_name == '(\w+)'", job["if"]) for job in workflow()["jobs"].values()
    ]
    assert events_by_job == [["pull_request"], ["push"], ["schedule", "workflow_dispatch"]]


def test_only_deployment_has_write_keys_and_no_timeout() -> None:
    jobs = workflow()["jobs"]
    keys = {name: job["env"]["DD_APP_KEY"] for name, job in jobs.items()}
    read = "${{ secrets.DD_APP_KEY_READ }}"
    assert keys == {"preview": read, "deploy": "${{ secrets.DD_APP_KEY }}", "drift": read}
    assert jobs["deploy"]["concurrency"]["cancel-in-progress"] is False
    assert workflow()["permissions"] == {"contents": "read"}
    assert [name for name, job in jobs.items() if "permissions" in job] == ["preview"]


def test_intent_log_is_cached_even_after_failure() -> None:
    steps = workflow()["jobs"]["deploy"]["steps"]
    (restored,) = (n for n, step in enumerate(steps) if "cache/restore" in step.get("uses", ""))
    (deployed,) = (n for n, step in enumerate(steps) if "ci.sh" in step.get("run", ""))
    (saved,) = (n for n, step in enumerate(steps) if "cache/save" in step.get("uses", ""))
    assert restored < deployed < saved
    assert steps[saved]["if"] == "always()"
    assert steps[saved]["with"]["key"].startswith(steps[restored]["with"]["restore-keys"])
    for step in (steps[restored], steps[saved]):
        assert f"$PWD/{step['with']['path']}" in SCRIPT


def test_readme_names_all_scopes() -> None:
    reading = {each for each in SCOPES if not each.endswith("_write")}
    rows = dict(re.findall(r"^\| `(DD_APP_KEY\w*)` \|(.*)", README, re.MULTILINE))
    named = {key: {*re.findall(r"`(\w+_(?:read|write|access))`", row)} for key, row in rows.items()}
    assert named == {"DD_APP_KEY_READ": reading, "DD_APP_KEY": {*SCOPES} - reading}


def test_secrets_are_documented() -> None:
    text = (CI / ".github" / "workflows" / "datadog-cases.yml").read_text(encoding="utf-8")
    secrets = {*re.findall(r"secrets\.(\w+)", text)}
    assert secrets == {*re.findall(r"^\| `(\w+)` \|", README, re.MULTILINE)}
