"""Tests of the pytest plugin. Its fixture `case_sandbox` is for users' own tests."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "testing_rules"
PLUGIN = "pulumi_datadog_cases.pytest_plugin"

#: A function that runs pytest on a test file in a separate process, as in
#: `run_tests("def test…", "-n2")`.
RunTests: TypeAlias = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run_tests(tmp_path: Path) -> RunTests:
    """Return a `RunTests` function. It runs pytest with our plugin and no other plugin."""

    def run(tests: str, *options: str, ends_with: int = 0) -> subprocess.CompletedProcess[str]:
        (tmp_path / "test_desk.py").write_text(tests)
        (tmp_path / "pytest.ini").touch()
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", PLUGIN, "-W", "error", "-q", *options],
            cwd=tmp_path,
            env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == ends_with, done.stdout + done.stderr
        return done

    return run


MAKE_A_PROJECT = """
import json, os, pathlib
import pulumi_datadog_cases as cases

def make_project(sandbox):
    with cases.Client(sandbox.settings) as client:
        assert client.projects.list() == []
        return client.projects.create({"key": "SOC", "name": "x"}).id
"""


def test_sandbox_is_shared_and_reset_for_each_test(run_tests: RunTests) -> None:
    run_tests(f"""
{MAKE_A_PROJECT}
urls = set()

def test_one(case_sandbox):
    make_project(case_sandbox)
    assert [each["path"] for each in case_sandbox.requests()] == ["/api/v2/cases/projects"] * 2
    urls.add(case_sandbox.url)

def test_other(case_sandbox):
    assert case_sandbox.requests() == []
    make_project(case_sandbox)
    assert urls == {{case_sandbox.url}}
""")


def test_xdist_workers_have_own_sandboxes(run_tests: RunTests, tmp_path: Path) -> None:
    tests = "\n".join(
        f"""
def test_{number}(case_sandbox):
    make_project(case_sandbox)
    worker = os.environ["PYTEST_XDIST_WORKER"]
    pathlib.Path({str(tmp_path)!r}, worker).write_text(case_sandbox.url)
"""
        for number in range(6)
    )
    run_tests(MAKE_A_PROJECT + tests, "-p", "xdist", "-n2")
    urls = [(tmp_path / worker).read_text() for worker in ("gw0", "gw1")]
    assert len({*urls}) == 2


def test_sandbox_stops_after_failing_tests(run_tests: RunTests, tmp_path: Path) -> None:
    run_tests(
        f"""
import pathlib

def test_failing(case_sandbox):
    pathlib.Path({str(tmp_path)!r}, "url").write_text(case_sandbox.url)
    raise SystemExit(1)
""",
        ends_with=1,
    )
    url = (tmp_path / "url").read_text()
    program = f"import requests; requests.get({url!r} + '/sandbox/health', timeout=5)"
    asked = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert b"ConnectionError" in asked.stderr


def test_rule_outcomes_and_simulation(run_tests: RunTests) -> None:
    run_tests(f"""
import pytest
from pulumi_datadog_cases.testing import SandboxError
{MAKE_A_PROJECT}
STANDARD = "00000000-0000-0000-0000-000000000001"
RULE = {{
    "name": "Enrich",
    "trigger": {{"type": "CASE_CREATED"}},
    "action": {{"type": "EXECUTE_WORKFLOW", "data": {{"handle": "enrich"}}}},
}}

def test_rules(case_sandbox):
    project = make_project(case_sandbox)
    with cases.Client(case_sandbox.settings) as client:
        rule = client.automation_rules.create(project, RULE).id
        case = client.cases.create({{"title": "x", "type_id": STANDARD}}, project_id=project).id
        client.cases.set_priority(case, "P1")
    fired, not_fired = case_sandbox.rule_outcomes()
    assert (fired.rule_id, fired.rule_name, fired.fired) == (rule, "Enrich", True)
    assert (fired.does, fired.event) == ("runs the workflow enrich", "case_created")
    assert not_fired.why == "triggers on CASE_CREATED"
    assert case_sandbox.rule_outcomes(fired=False, case_id="SOC-1", rule_id=rule) == [not_fired]
    assert [each.fired for each in case_sandbox.simulate("comment_added", case_id=case)] == [False]
    change = {{"from_": ["Closed"], "to": ["Open"]}}
    (reopened,) = case_sandbox.simulate("status_transitioned", project="SOC", **change)
    assert reopened.change == "status changed from Closed to Open"
    with pytest.raises(SandboxError, match="no project has the id or key OPS"):
        case_sandbox.simulate("case_created", project="OPS")
    with pytest.raises(SandboxError, match="no case has the id or key SOC-2"):
        case_sandbox.rule_outcomes(case_id="SOC-2")
""")


def test_environment_and_config_point_to_sandbox(
    run_tests: RunTests,
) -> None:
    run_tests("""
import pathlib
import pulumi_datadog_cases as cases

def test_environment(case_sandbox):
    elsewhere = {"DD_SITE": "datadoghq.eu", "DD_API_KEY": "x", "DD_APP_KEY": "y"}
    environment = {**elsewhere, **case_sandbox.environment}
    assert cases.Settings.resolve({}.get, environment) == case_sandbox.settings
    assert cases.Settings.resolve(case_sandbox.config.get, elsewhere) == case_sandbox.settings
    journal = environment["PULUMI_DATADOG_CASES_JOURNAL"]
    assert pathlib.Path(journal).parent.is_dir()
    assert not journal.startswith(str(pathlib.Path.home()))
""")


def test_missing_extra_is_reported(run_tests: RunTests) -> None:
    done = run_tests(
        """
import importlib.util, pytest

@pytest.fixture(autouse=True, scope="session")
def extra_is_missing():
    importlib.util.find_spec = lambda name: None

def test_it(case_sandbox):
    pass
""",
        ends_with=1,
    )
    assert "install it with `pip install 'pulumi-datadog-cases[sandbox]'`" in done.stdout
    assert "Traceback" not in done.stdout


def test_unused_plugin_imports_nothing(run_tests: RunTests) -> None:
    run_tests("""
import sys

def test_nothing_is_loaded():
    heavy = {"pulumi", "starlette", "pydantic", "requests", "uvicorn", "datadog_cases_sandbox"}
    assert not heavy & {*sys.modules}
    loaded = {name for name in sys.modules if name.startswith("pulumi_datadog_cases")}
    assert loaded == {"pulumi_datadog_cases", "pulumi_datadog_cases.pytest_plugin"}
""")


def test_entry_point_is_installed() -> None:
    program = """
import json
from importlib.metadata import entry_points
print(json.dumps([each.value for each in entry_points(group="pytest11", name="datadog_cases")]))
"""
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert json.loads(found.stdout) == [PLUGIN]


@pytest.mark.pulumi
def test_example_tests_pass(tmp_path: Path, pulumi_home: Path, silent_pip: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DD_")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", PLUGIN, "-p", "no:cacheprovider", str(EXAMPLE)],
        cwd=tmp_path,
        env={
            **environment,
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "PYTHONPATH": os.pathsep.join(
                filter(None, [str(silent_pip), environment.get("PYTHONPATH")])
            ),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PULUMI_HOME": str(pulumi_home),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 passed" in done.stdout
