"""`datadog-cases doctor`: the checks of machine, project, configuration and organisation."""

import json
import os
import re
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
import yaml

if TYPE_CHECKING:
    from tests.cli.conftest import Run, SetFault
    from tests.conftest import NewStack, Organization

#: A function that runs all checks and returns the results by check, as in
#: `diagnose(ends_with=1)["keys"]["status"]`. `ends_with` is the expected exit code.
Diagnose: TypeAlias = Callable[..., Mapping[str, dict[str, Any]]]

#: The scopes that the doctor checks. The value is the endpoint that it requests for the check.
SCOPES = {
    "cases_read": "GET /cases",
    "cases_write": "POST /cases/**",
    "cases_shared_settings_write": "PUT /cases/types/**",
    "event_correlation_config_read": "GET /maintenance_windows",
    "event_correlation_config_write": "PUT /maintenance_windows/*",
    "user_access_read": "GET /users",
    "teams_read": "GET /team",
}


def wrong(findings: Mapping[str, dict[str, Any]]) -> dict[str, str]:
    """Return the status of each check that did not pass."""
    return {check: each["status"] for check, each in findings.items() if each["status"] != "ok"}


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], Path]:
    """Return a function that creates a program which prints a given text.

    The program is in the first folder of PATH.
    """
    folder = tmp_path / "first-on-path"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")

    def write(name: str, prints: str) -> Path:
        path = folder / name
        path.write_text(f"#!{sys.executable} -S\nprint({prints!r})\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return path

    return write


@pytest.fixture
def pulumi(program: Callable[[str, str], Path]) -> Callable[[str], None]:
    """Put a fake `pulumi` first on PATH. Return a function that sets the version that it prints.

    At first, the version is a supported one. The real `pulumi` would take longer to print its
    version than all checks take together.
    """

    def write(version: str) -> None:
        fake = program("pulumi", "")
        fake.write_text(
            f"#!{sys.executable} -S\nimport sys\nif 'config' in sys.argv:\n"
            f"    sys.exit('error: no stack selected')\nprint({version!r})\n"
        )

    write("v3.259.0")
    for plugin in ("pulumi-language-python", "pulumi-resource-pulumi-python"):
        program(plugin, "")
    return write


@pytest.fixture
def diagnose_with_pulumi(run: "Run") -> Diagnose:
    """Return a function that runs the checks with the real `pulumi`, as `Diagnose` describes.

    If a check has several results, the last result counts.
    """

    def diagnose(ends_with: int = 0) -> Mapping[str, dict[str, Any]]:
        findings = json.loads(run("doctor", "--json", ends_with=ends_with).stdout)
        return {finding["check"]: finding for finding in findings}

    return diagnose


@pytest.fixture
def diagnose(diagnose_with_pulumi: Diagnose, pulumi: Callable[[str], None]) -> Diagnose:  # noqa: ARG001 - puts a fake on PATH
    """Return a function that runs the checks with a fake `pulumi`, which is faster."""
    return diagnose_with_pulumi


# --- the organisation ------------------------------------------------------------------------


@pytest.mark.pulumi
def test_all_checks_pass(run: "Run", diagnose_with_pulumi: Diagnose) -> None:
    findings = diagnose_with_pulumi()
    assert wrong(findings) == {}
    assert findings.keys() > SCOPES.keys() | {"Python", "Pulumi", "keys", "connection", "journal"}
    assert "CI Account" in findings["keys"]["found"]
    lines = run("doctor").stdout.splitlines()
    assert [line.split()[:2] for line in lines] == [["ok", each.split()[0]] for each in findings]


def test_doctor_writes_nothing(organization: "Organization", diagnose: Diagnose) -> None:
    project = organization.call(
        "POST /cases/projects",
        {"type": "project", "attributes": {"key": "SEC", "name": "Security"}},
    )
    before = organization.stored(project["id"])
    asked = len(organization.request_log())
    diagnose()
    writes = [each for each in organization.request_log()[asked:] if each["method"] != "GET"]
    # Each write is safe for two reasons: its object does not exist, and its body changes nothing.
    assert [(each["path"].count("00000000-0000"), each["status"]) for each in writes] == [
        (1, 400),
        (2, 404),
        (1, 404),
    ]
    assert writes[0]["body"]["data"]["attributes"] == {"title": ""}
    assert [each["body"]["data"]["attributes"] for each in writes[1:]] == [{}, {}]
    assert organization.stored(project["id"]) == before


@pytest.mark.parametrize(("scope", "endpoint"), SCOPES.items())
def test_missing_scope_is_identified(
    fault: "SetFault", diagnose: Diagnose, scope: str, endpoint: str
) -> None:
    fault(kind="status", endpoint=endpoint, status=403, body={"errors": ["Forbidden"]})
    is_essential = scope in {"cases_read", "cases_write"}
    findings = diagnose(ends_with=int(is_essential))
    assert wrong(findings) == {scope: "error" if is_essential else "warning"}
    assert findings[scope]["found"].startswith("missing: ")
    other = " or cases_shared_settings_write" * (scope == "event_correlation_config_write")
    assert f"grant it{other} to the key or token" in findings[scope]["advice"]


def test_unknown_organization_is_a_warning(
    fault: "SetFault", diagnose: Diagnose, organization: "Organization"
) -> None:
    user = organization.call("GET /current_user")
    assert user["relationships"]["org"]["data"]["id"] in diagnose()["organisation"]["found"]
    fault(kind="status", endpoint="GET /current_user", status=403, body={"errors": ["Forbidden"]})
    findings = diagnose()
    assert wrong(findings) == {"organisation": "warning"}
    assert findings["organisation"]["found"].startswith("unknown: GET /api/v2/current_user")
    assert "keys of another organisation" in findings["organisation"]["advice"]


def test_exhausted_rate_limit_is_not_missing_scope(fault: "SetFault", diagnose: Diagnose) -> None:
    fault(kind="rate_limit", endpoint="GET /users", requests=1, period=60, name="users")
    assert wrong(diagnose()) == {"rate limit": "warning"}
    findings = diagnose(ends_with=1)
    assert wrong(findings) == {"user_access_read": "error", "rate limit": "warning"}
    assert findings["user_access_read"]["found"].startswith("unknown: ")
    assert findings["rate limit"]["found"].startswith("users: 1 of 1 requests used")


def test_rate_limit_usage_is_reported(fault: "SetFault", diagnose: Diagnose) -> None:
    fault(kind="rate_limit", endpoint="GET /cases", requests=100, period=60, name="search")
    found = diagnose()["rate limit"]["found"]
    assert found.startswith("search: 1 of 100 requests used, the next period begins in ")


def test_wrong_keys_give_one_error(diagnose: Diagnose, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DD_APP_KEY", "of-another-organisation")
    findings = diagnose(ends_with=1)
    assert wrong(findings) == {"keys": "error", "scopes": "skipped"}
    assert findings["keys"]["found"].endswith("are not accepted")


def test_wrong_key_is_identified(fault: "SetFault", diagnose: Diagnose) -> None:
    fault(kind="status", endpoint="GET /validate", status=200, body={})
    fault(kind="status", endpoint="*", status=403)
    findings = diagnose(ends_with=1)
    assert wrong(findings) == {"keys": "error", "scopes": "skipped"}
    assert "the application key is not" in findings["keys"]["found"]


def test_keys_without_scopes_are_accepted(fault: "SetFault", diagnose: Diagnose) -> None:
    fault(kind="status", endpoint="GET /validate_keys", status=200, body={"status": "ok"})
    fault(kind="status", endpoint="*", status=403)
    findings = diagnose(ends_with=1)
    assert findings["keys"]["status"] == "ok"
    assert wrong(findings).keys() == SCOPES.keys()


def test_server_error_is_not_wrong_key(fault: "SetFault", diagnose: Diagnose) -> None:
    fault(kind="status", endpoint="*", status=503)
    findings = diagnose(ends_with=1)
    assert wrong(findings) == {"keys": "error", "scopes": "skipped"}
    assert findings["keys"]["found"].startswith("unknown: GET /api/v2/cases")


@pytest.mark.parametrize(
    ("fault_kind", "words"),
    [("drop_before", "got no complete response"), ("html", "not the API's")],
)
def test_server_without_datadog_api_ends_organisation_checks(
    fault: "SetFault", diagnose: Diagnose, fault_kind: str, words: str
) -> None:
    fault(kind=fault_kind, endpoint="*")
    findings = diagnose(ends_with=1)
    assert words in findings["connection"]["found"]
    assert "clock" not in findings
    assert findings["journal"]["status"] == "ok"


def test_unknown_host_is_reported(diagnose: Diagnose, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DD_HOST", "https://no-such-host.invalid")
    findings = diagnose(ends_with=1)
    assert findings["network"]["found"].startswith("the host name was not found (")
    assert findings["site"]["found"] == "https://no-such-host.invalid, from DD_HOST"
    assert "connection" not in findings


@pytest.mark.parametrize(
    ("proxy", "named"),
    [
        ("http://me:secret-word@no-such-proxy.invalid:3128", "no-such-proxy.invalid:3128"),
        ("me:secret-word@no-such-proxy.invalid", "no-such-proxy.invalid"),
        ("http://no-such-proxy.invalid:port", "no-such-proxy.invalid:port"),
    ],
)
def test_proxy_is_named_without_password(
    diagnose: Diagnose, monkeypatch: pytest.MonkeyPatch, proxy: str, named: str
) -> None:
    monkeypatch.setenv("DD_HOST", "https://api.datadoghq.eu")
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    finding = diagnose(ends_with=1)["network"]
    assert finding["found"].startswith(f"through the proxy {named}: ")
    assert "HTTPS_PROXY" in finding["advice"]
    assert "secret-word" not in str(finding)


@pytest.mark.parametrize(("offset", "words"), [(3000, "ahead of"), (-3000, "behind")])
def test_wrong_clock_is_a_warning(
    diagnose: Diagnose, monkeypatch: pytest.MonkeyPatch, offset: int, words: str
) -> None:
    class Time:
        monotonic = time.monotonic

        @staticmethod
        def time() -> float:
            return time.time() + offset

    monkeypatch.setattr("pulumi_datadog_cases.cli.doctor.requests.time", Time)
    findings = diagnose()
    assert wrong(findings) == {"clock": "warning"}
    # The doctor reads the server's time from the response's date, which has only whole seconds. So
    # the reported difference may deviate from `offset`.
    assert re.match(rf"(29|30)\d\d s {words} ", findings["clock"]["found"])


# --- the configuration -----------------------------------------------------------------------


def test_output_contains_no_key(run: "Run", organization: "Organization") -> None:
    for arguments in ([], ["--json"]):
        output = run("doctor", *arguments).output
        assert organization.settings.api_key not in output
        assert organization.settings.app_key not in output


def test_all_missing_settings_are_reported(
    diagnose: Diagnose, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DD_API_KEY")
    monkeypatch.setenv("DD_APP_KEY", "")
    monkeypatch.setenv("DD_HOST", "api.datadoghq.eu")
    findings = diagnose(ends_with=1)
    assert wrong(findings) == {
        "API key": "error",
        "application key": "error",
        "settings": "error",
        "organisation": "skipped",
    }
    assert "pulumi config set --secret datadog:apiKey" in findings["API key"]["advice"]
    assert "DD_HOST is 'api.datadoghq.eu'" in findings["settings"]["found"]


def test_plain_http_is_a_warning(diagnose: Diagnose, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_DATADOG_CASES_ALLOW_PLAIN_HTTP", "true")
    monkeypatch.setenv("DD_HOST", "http://no-such-host.invalid")
    finding = diagnose(ends_with=1)["site"]
    assert finding["status"] == "warning"
    assert finding["advice"] == "use https"


@pytest.mark.pulumi
def test_sources_and_unused_settings_are_named(
    organization: "Organization",
    new_stack: "NewStack",
    diagnose_with_pulumi: Diagnose,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stack = new_stack(None)
    stack("config", "set", "--secret", "datadog:apiKey", organization.settings.api_key)
    stack("config", "set", "datadog:appKey", organization.settings.app_key)
    stack("config", "set", "datadog:apiUrl", organization.settings.base_url)
    for name in stack.environment.keys() - {"DD_HOST"}:
        monkeypatch.setenv(name, stack.environment[name])
    monkeypatch.setenv("DD_SITE", "us5.datadoghq.com")
    monkeypatch.chdir(stack.folder)
    findings = diagnose_with_pulumi()
    assert wrong(findings) == {"application key": "warning"}
    assert findings["stack"]["found"] == "stack: its config takes precedence"
    assert findings["API key"]["found"] == "from datadog:apiKey (DD_API_KEY not used)"
    assert "plain text" in findings["application key"]["found"]
    assert findings["site"]["found"] == (
        f"{organization.settings.base_url}, from datadog:apiUrl (DD_HOST and DD_SITE not used)"
    )


@pytest.mark.pulumi
def test_unreadable_config_is_an_error(
    new_stack: "NewStack", diagnose_with_pulumi: Diagnose, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack = new_stack(None)
    stack("config", "set", "--secret", "datadog:apiKey", "x")
    for name, value in stack.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "another")
    monkeypatch.chdir(stack.folder)
    findings = diagnose_with_pulumi(ends_with=1)
    assert "incorrect passphrase" in findings["stack"]["found"]
    assert findings["organisation"]["status"] == "skipped"


# --- the machine -----------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["v3.258.9", "v4.0.0", "dev"])
def test_unsupported_pulumi_version_is_an_error(
    diagnose: Diagnose, pulumi: Callable[[str], None], version: str
) -> None:
    pulumi(version)
    findings = diagnose(ends_with=1)
    assert findings["Pulumi"]["status"] == "error"
    assert "https://www.pulumi.com/docs/install/" in findings["Pulumi"]["advice"]


@pytest.mark.parametrize("version", ["v3.259.0", "v3.300.1-alpha.1700000000+a1b2c3d", "3.1000.0"])
def test_supported_pulumi_version_passes(
    diagnose: Diagnose, pulumi: Callable[[str], None], version: str
) -> None:
    pulumi(version)
    assert wrong(diagnose()) == {}


def test_checks_continue_without_pulumi(
    diagnose: Diagnose, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    findings = diagnose(ends_with=1)
    assert wrong(findings) == {"Pulumi": "error"}
    assert findings["cases_write"]["status"] == "ok"


def test_pulumi_without_python_plugins_is_an_error(
    diagnose: Diagnose, program: Callable[[str, str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = program("pulumi-resource-pulumi-python", "").parent
    (folder / "pulumi-resource-pulumi-python").unlink()
    monkeypatch.setenv("PATH", str(folder))
    findings = diagnose(ends_with=1)
    assert wrong(findings) == {"language host": "error"}
    assert findings["language host"]["found"].startswith("pulumi-resource-pulumi-python: neither")


def test_package_out_of_range_gives_install_command(
    diagnose: Diagnose, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = metadata.version
    found = lambda name: "3.100.0" if name == "pulumi" else real(name)  # noqa: E731
    monkeypatch.setattr(metadata, "version", found)
    findings = diagnose(ends_with=1)
    assert findings["packages"]["found"] == "pulumi is 3.100.0, not <4,>=3.272"
    assert findings["packages"]["advice"].endswith("-m pip install 'pulumi<4,>=3.272'")


# --- the project -----------------------------------------------------------------------------


@pytest.fixture
def in_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Return a function that creates a project with a `runtime`, and enters a folder below it."""

    def write(runtime: str) -> Path:
        (tmp_path / "Pulumi.yaml").write_text(f"name: project\nruntime: {runtime}\n")
        (tmp_path / "below").mkdir()
        monkeypatch.chdir(tmp_path / "below")
        return tmp_path

    return write


def python_in(environment: Path, does: str) -> None:
    """Create a virtual environment that contains nothing but a fake Python.

    The fake Python runs the program `does`.
    """
    python = environment / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f"#!{sys.executable} -S\n{does}\n")
    python.chmod(0o755)


@pytest.mark.parametrize(
    ("runtime", "environment"),
    [
        ("{name: python, options: {virtualenv: venv}}", "venv"),
        ("{name: python, options: {toolchain: pip, virtualenv: venv}}", "venv"),
        ("{name: python, options: {toolchain: uv}}", ".venv"),
        ("{name: python, options: {toolchain: uv, virtualenv: venv}}", "venv"),
    ],
)
def test_projects_virtual_environment_is_checked(
    in_project: Callable[[str], Path], diagnose: Diagnose, runtime: str, environment: str
) -> None:
    folder = in_project(runtime)
    missing = diagnose(ends_with=1)["project"]
    assert missing["status"] == "error"
    assert str(folder / environment) in missing["found"]
    python_in(folder / environment, "raise SystemExit('no such package')")
    assert "has no pulumi-datadog-cases" in diagnose(ends_with=1)["project"]["found"]
    shutil.rmtree(folder / environment)
    python_in(folder / environment, "print('0.0.1')")
    assert diagnose()["project"]["status"] == "warning"
    shutil.rmtree(folder / environment)
    python_in(folder / environment, f"print({metadata.version('pulumi-datadog-cases')!r})")
    assert diagnose()["project"]["status"] == "ok"


def test_first_python_on_path_is_checked(
    in_project: Callable[[str], Path],
    program: Callable[[str, str], Path],
    diagnose: Diagnose,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    in_project("python")
    program("python3", "0.0.1")
    assert diagnose()["project"]["status"] == "warning"
    monkeypatch.setenv("PULUMI_PYTHON_CMD", sys.executable)
    assert diagnose()["project"]["status"] == "ok"


def test_poetry_environment_is_checked(
    in_project: Callable[[str], Path], program: Callable[[str, str], Path], diagnose: Diagnose
) -> None:
    in_project("{name: python, options: {toolchain: poetry, virtualenv: ignored}}")
    program("poetry", "")
    assert diagnose(ends_with=1)["project"]["status"] == "error"
    program("poetry", sys.executable)
    assert diagnose()["project"]["status"] == "ok"


@pytest.mark.parametrize("runtime", ["yaml", "nodejs", "{name: go, options: {binary: program}}"])
def test_native_plugin_of_other_languages_is_checked(
    in_project: Callable[[str], Path],
    diagnose: Diagnose,
    program: Callable[[str, str], Path],
    monkeypatch: pytest.MonkeyPatch,
    runtime: str,
) -> None:
    folder = in_project(runtime)
    language = yaml.safe_load(runtime)
    host = f"pulumi-language-{language['name'] if isinstance(language, dict) else language}"
    hosts = program(host, "").parent
    assert diagnose()["project"]["status"] == "ok"
    (hosts / host).unlink()
    monkeypatch.setenv("PATH", os.pathsep.join([str(hosts), str(Path(sys.executable).parent)]))
    findings = diagnose(ends_with=1)
    assert wrong(findings) == {"language host": "error"}
    assert findings["language host"]["found"].startswith(f"{host}: neither in {hosts}")
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("PULUMI_HOME", str(folder / "home"))
    assert "pulumi-resource-datadog-cases is not" in diagnose(ends_with=1)["project"]["found"]
    version = metadata.version("pulumi-datadog-cases")
    (folder / "home" / "plugins" / f"resource-datadog-cases-v{version}").mkdir(parents=True)
    assert diagnose(ends_with=1)["project"]["status"] == "ok"  # no `pulumi` is on PATH


@pytest.mark.parametrize(
    ("runtime", "found"),
    [("[", "Pulumi.yaml cannot be read: "), ("", "Pulumi.yaml has no runtime")],
)
def test_invalid_project_file_is_an_error(
    in_project: Callable[[str], Path], diagnose: Diagnose, runtime: str, found: str
) -> None:
    in_project(runtime)
    assert found in diagnose(ends_with=1)["project"]["found"]


# --- the intent log --------------------------------------------------------------------------


def test_unusable_folder_of_the_intent_log_is_a_warning(
    diagnose: "Diagnose", monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "journal"
    monkeypatch.setenv("PULUMI_DATADOG_CASES_JOURNAL", str(folder))
    finding = diagnose()["journal"]
    assert finding["status"] == "warning"
    assert finding["found"].startswith(f"{folder} cannot be written, so runs keep no intent log")
    assert "PULUMI_DATADOG_CASES_JOURNAL" in finding["advice"]


def test_interrupted_creates_are_listed(
    diagnose: Diagnose, run: "Run", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULUMI_DATADOG_CASES_JOURNAL", str(tmp_path / "journal"))
    dies = (
        "from pulumi_datadog_cases.engine.safety.intent_log import intent_log\n"
        "log = intent_log('api.datadoghq.eu-0123456789ab')\n"
        "begun = log.begin('urn:pulumi:dev::soc::x:y:Case::one', 'Case', {}, {'title': 'secret'})\n"
        "log.commit(begun, 'the-id')\n"
    )
    subprocess.run([sys.executable, "-c", dies], check=True)
    finding = diagnose()["journal"]
    assert finding["status"] == "warning"
    assert "run `pulumi up` of stack dev of project soc: " in finding["advice"]
    since = finding["details"].pop("since")
    assert finding["details"] == {
        "organization": "api.datadoghq.eu-0123456789ab",
        "resource": "urn:pulumi:dev::soc::x:y:Case::one",
        "kind": "Case",
        "id": "the-id",
    }
    assert since in run("doctor").stdout
    assert diagnose()["journal"] == {**finding, "details": {**finding["details"], "since": since}}
