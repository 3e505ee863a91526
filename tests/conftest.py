"""Fixtures that the tests of several folders use: an organisation, and Pulumi stacks.

By default, the organisation is a sandbox. With the option `--live`, it is a real organisation at
Datadog. The variables `DD_API_KEY`, `DD_APP_KEY` and `DD_SITE` or `DD_HOST` select the real
organisation. The lifecycle tests then create objects in this organisation and delete them again.
"""

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
import requests
from packaging.version import Version
from requests.adapters import HTTPAdapter
from tests.grown_api import grown_api
from tests.processes import run, start_server
from urllib3.util import Retry

from pulumi_datadog_cases import ConfigurationError, Settings
from tools import sdks
from tools.pulumi import get_language_host
from tools.pulumi.get_pulumi import locked

if TYPE_CHECKING:
    from subprocess import CompletedProcess

# pytest rewrites the `assert` statements of a module when the module is imported. So register the
# harness before the conftest modules of subfolders import it.
pytest.register_assert_rewrite("tests.resources.harness")

#: A function that starts a sandbox with command line options, as in `start_sandbox("--api-key",
#: "x")`. It returns an `Organization`, which sends requests to the sandbox.
StartSandbox: TypeAlias = Callable[..., "Organization"]
#: A function that creates a stack. A call is `new_stack(organization, program)`.
NewStack: TypeAlias = Callable[..., "Stack"]
#: A function that adds a quirk of the sandbox, as in `add_quirk("truncate_strings", max_length=5)`.
AddQuirk: TypeAlias = Callable[..., None]

IDENTITY_PATH = "/api/v2/current_user"

#: The prefixes of environment variables that may contain credentials.
CREDENTIALS = ("DD_", "DATADOG_", "AWS_")

NO_PULUMI = 'there is no `pulumi` on PATH: run `eval "$(make -s env)"` first, or `make test`'


def pytest_addoption(parser: pytest.Parser) -> None:
    help_ = "run the lifecycle tests against Datadog, with the keys from the environment"
    parser.addoption("--live", action="store_true", help=help_)


def pytest_configure(config: pytest.Config) -> None:
    # If a shell starts the tests in the background, the tests and their children ignore SIGINT.
    # Pulumi interrupts plugins with SIGINT, and waits 5 seconds for a plugin that ignores SIGINT
    # (tried). So reset the handler of SIGINT.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if config.getoption("--live"):
        try:
            Settings.resolve(lambda _: None, os.environ)
        except ConfigurationError as error:
            raise pytest.UsageError(
                f"--live needs the keys of a Datadog organisation: {error}"
            ) from None


@pytest.fixture(autouse=True, scope="session")
def intent_log_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Use a temporary folder for the intent log.

    The intent log is the provider's record of unfinished create operations.
    """
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("journal")
        patch.setenv("PULUMI_DATADOG_CASES_JOURNAL", str(folder))
        yield folder


@pytest.fixture(scope="session")
def released() -> set[str]:
    """The names of the resource types in the last release, read from the state of that release.

    Some tests have handwritten expectations for each released resource type, or a program with one
    resource of each type. A new resource type is added to these tests when it is released.
    """
    folders = (Path(__file__).parent / "state" / "golden").iterdir()
    last = max(folders, key=lambda folder: Version(folder.name)) / "state.json"
    types = (each["type"] for each in json.loads(last.read_text())["deployment"]["resources"])
    return {each.rpartition(":")[2] for each in types if ":dynamic/datadog-cases:" in each}


class Organization:
    """An organisation, with methods that read and change it without Pulumi."""

    def __init__(self, settings: Settings, *, is_sandbox: bool) -> None:
        self.settings = settings
        self.is_sandbox = is_sandbox
        self._session = requests.Session()
        # Requests reads the proxy variables for every request, which takes longer than the sandbox
        # takes to answer.
        self._session.trust_env = not is_sandbox
        self._session.headers["DD-API-KEY"] = settings.api_key
        self._session.headers["DD-APPLICATION-KEY"] = settings.app_key
        limited = Retry(6, status_forcelist=[429], allowed_methods=None, backoff_factor=2)
        self._session.mount("https://", HTTPAdapter(max_retries=limited))

    @property
    def config(self) -> dict[str, str]:
        """The stack config that selects this organisation."""
        return {
            "datadog:apiUrl": self.settings.base_url,
            "datadog:apiKey": self.settings.api_key,
            "datadog:appKey": self.settings.app_key,
        }

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables that select this organisation."""
        return {
            "DD_HOST": self.settings.base_url,
            "DD_API_KEY": self.settings.api_key,
            "DD_APP_KEY": self.settings.app_key,
        }

    def call(self, request: str, data: object = None) -> Any:  # noqa: ANN401 - JSON
        """Send a request, as in `call("POST /cases/types", {})`, and return its `data`."""
        method, path = request.split(" ", 1)
        body = None if data is None else {"data": data}
        response = self._send(method, f"/api/v2{path}", json=body)
        assert response.ok, f"{request}: {response.status_code} {response.text}"
        return response.json()["data"] if response.content else None

    def add_fault(self, **fault: object) -> None:
        """Add a fault to the sandbox. The sandbox's BEHAVIOUR.md describes the faults."""
        url = f"{self.settings.base_url}/sandbox/faults"
        requests.post(url, json=fault, timeout=10).raise_for_status()

    def request_log(self) -> list[dict[str, Any]]:
        """Return the logged requests, oldest first.

        The requests that `identity_requests` counts are left out.
        """
        return [each for each in self._request_log() if each["path"] != IDENTITY_PATH]

    def identity_requests(self) -> int:
        """Count the requests that ask for the organisation of the keys.

        Each process that needs the organisation sends one such request. Most tests ignore these
        requests.
        """
        return sum(each["path"] == IDENTITY_PATH for each in self._request_log())

    def _request_log(self) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = self._send("GET", "/sandbox/requests").json()
        return entries

    def request_lines(self) -> list[str]:
        """Return the logged requests in a short form, such as `GET /cases/types`."""
        return [f"{r['method']} {r['path'].removeprefix('/api/v2')}" for r in self.request_log()]

    def writes(self, since: int = 0) -> list[str]:
        """Return the logged requests that are not reads, in the form of `request_lines`.

        Args:
            since: the number of requests to skip.
        """
        return [line for line in self.request_lines()[since:] if not line.startswith("GET ")]

    def stored(self, name: str) -> dict[str, Any] | None:
        """Return all values that the sandbox stores for an id or key, even those the API omits."""
        response = self._send("GET", f"/sandbox/objects/{name}")
        if response.status_code == requests.codes.not_found:
            return None
        found: dict[str, Any] = response.json()
        return found

    def reset(self) -> None:
        """Empty the sandbox and its request log."""
        self._send("POST", "/sandbox/reset").raise_for_status()

    def _send(self, method: str, path: str, json: object = None) -> requests.Response:
        return self._session.request(method, self.settings.base_url + path, json=json, timeout=30)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()


@pytest.fixture(scope="session")
def start_sandbox() -> Iterator[StartSandbox]:
    """Return a `StartSandbox` function. Its sandboxes run until the test session ends."""
    with ExitStack() as running:

        def start(*options: str) -> Organization:
            _, url = start_server(
                running, sys.executable, "-m", "datadog_cases_sandbox", "--port", "0", *options
            )
            given = dict(zip(options[::2], options[1::2], strict=True))
            settings = Settings(
                api_key=given.get("--api-key", "sandbox-api-key"),
                app_key=given.get("--app-key", "sandbox-app-key"),
                base_url=url,
            )
            organization = Organization(settings, is_sandbox=True)
            running.callback(organization.close)
            return organization

        yield start


@pytest.fixture(scope="session")
def sandbox(start_sandbox: StartSandbox) -> Organization:
    """A sandbox that all tests of a test process share."""
    return start_sandbox()


@pytest.fixture
def organization(
    request: pytest.FixtureRequest, pytestconfig: pytest.Config
) -> Iterator[Organization]:
    """The organisation under test: an empty sandbox or, with `--live`, a real organisation."""
    if pytestconfig.getoption("--live"):
        live = Organization(Settings.resolve(lambda _: None, os.environ), is_sandbox=False)
        yield live
        live.close()
    else:
        fresh: Organization = request.getfixturevalue("sandbox")
        fresh.reset()
        yield fresh


@pytest.fixture
def add_quirk(organization: Organization) -> Iterator[AddQuirk]:
    """Return an `AddQuirk` function. At the end of the test, all quirks are removed."""
    url = f"{organization.settings.base_url}/sandbox/quirks"

    def add(kind: str, **members: object) -> None:
        requests.post(url, json={"kind": kind, **members}, timeout=60).raise_for_status()

    yield add
    requests.delete(url, timeout=60).raise_for_status()


@pytest.fixture
def grown(organization: Organization) -> Iterator[Organization]:
    """The organisation, reached through a proxy.

    The proxy imitates an API with names that this release does not know (`NEW_NAMES`).
    """
    with grown_api(organization.settings.base_url) as url:
        grown = Organization(replace(organization.settings, base_url=url), is_sandbox=True)
        yield grown
        grown.close()


class Stack:
    """A Pulumi stack in its own folder. Its methods run the real `pulumi` command."""

    def __init__(self, folder: Path, environment: Mapping[str, str], program: str) -> None:
        self.folder = folder
        self.environment = dict(environment)
        self._package = "pulumi_datadog_cases"
        self.write(program)
        (folder / "Pulumi.yaml").write_text("name: project\nruntime: python\n")
        self("stack", "init", "stack")

    def prepare_for_kills(self) -> None:
        """Let Pulumi write no metadata files, so that a kill cannot make the state unreadable.

        By default, Pulumi writes a metadata file beside the state file. A kill may leave the
        metadata file empty. Pulumi then cannot read the state (tried): "failed to load checkpoint:
        EOF".
        """
        self.environment["PULUMI_BACKEND_URL"] += "?metadata=skip&no_tmp_dir=true"
        self("stack", "select", "stack")

    def use_native_plugin(self, sdk: Path) -> None:
        """Let programs import the generated SDK for Python instead of the package.

        Args:
            sdk: the folder in which the SDK is installed.
        """
        self._package = "pulumi_datadog_cases_sdk"
        self.environment["PYTHONPATH"] = os.pathsep.join([str(sdk), self.environment["PYTHONPATH"]])

    def use_language_host(self, language: str) -> None:
        """Let Pulumi run programs in another language: a key of `get_language_host.HOSTS`."""
        host = get_language_host.find_or_build(get_language_host.HOSTS[language])
        self.environment["PATH"] = os.pathsep.join([str(host), self.environment["PATH"]])

    def write(self, program: str) -> None:
        """Replace the program."""
        source = program.replace("import pulumi_datadog_cases", f"import {self._package}")
        (self.folder / "__main__.py").write_text(source)

    def __call__(self, *arguments: str, fails: bool = False) -> str:
        """Run a Pulumi command and return its output. If `fails` is true, the command must fail."""
        done = self.attempt(*arguments)
        assert (done.returncode != 0) is fails, f"pulumi {arguments[0]}: {done.stdout}"
        return done.stdout

    def attempt(self, *arguments: str) -> "CompletedProcess[str]":
        """Run a Pulumi command that may succeed or fail."""
        command = ["pulumi", "--non-interactive", "--color=never", *arguments]
        return run(*command, cwd=self.folder, env=self.environment, timeout=600)

    def up(self, *options: str, fails: bool = False) -> str:
        return self("up", "--yes", "--skip-preview", "--suppress-progress", *options, fails=fails)

    def preview(self, *options: str, fails: bool = False) -> str:
        return self("preview", "--suppress-progress", *options, fails=fails)

    def refresh(self, *options: str, fails: bool = False) -> str:
        options = ("--yes", "--skip-preview", "--suppress-progress", *options)
        return self("refresh", *options, fails=fails)

    def destroy(self, *options: str, fails: bool = False) -> str:
        options = ("--yes", "--skip-preview", "--suppress-progress", *options)
        return self("destroy", *options, fails=fails)

    def assert_no_changes(self) -> None:
        """Fail if a preview or a refresh shows any change."""
        self.preview("--expect-no-changes")
        self.preview("--refresh", "--expect-no-changes")

    @property
    def _state_file(self) -> Path:
        return self.folder / ".pulumi" / "stacks" / "project" / "stack.json"

    @property
    def state(self) -> str:
        """The stack's state, as Pulumi stores it."""
        return self._state_file.read_text()

    @contextmanager
    def edit_state(self) -> Generator[dict[str, Any]]:
        """Yield the deployment in the state. Afterwards, save the state with the test's changes."""
        document = json.loads(self.state)
        yield document["checkpoint"]["latest"]
        self._state_file.write_text(json.dumps(document))

    def interrupt_creates(self, *names: str) -> None:
        """Change the state as if a deployment had been killed while it created these resources.

        The objects exist, but the state does not contain them. Instead, the state lists their
        creates as pending, in the reverse order of `names`.
        """
        with self.edit_state() as state:
            for name in names:
                (lost,) = (each for each in state["resources"] if each["urn"].endswith(f"::{name}"))
                state["resources"].remove(lost)
                begun = {key: lost[key] for key in lost.keys() - {"id", "outputs", "created"}}
                pending = state.setdefault("pending_operations", [])
                pending.insert(0, {"resource": begun, "type": "creating"})

    @property
    def outputs(self) -> dict[str, Any]:
        """The outputs of the stack."""
        shown: dict[str, Any] = json.loads(self("stack", "output", "--json"))
        return shown

    @property
    def resources(self) -> dict[str, dict[str, Any]]:
        """The resources in the state, by name."""
        deployed = json.loads(self.state)["checkpoint"]["latest"].get("resources") or []
        return {each["urn"].rsplit("::", 1)[1]: each for each in deployed}


@pytest.fixture(scope="session")
def pulumi_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for `PULUMI_HOME` that all tests of a test process share."""
    return tmp_path_factory.mktemp("pulumi-home")


@pytest.fixture(scope="session")
def silent_pip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for PYTHONPATH with a `pip` package that lists no packages.

    In each run, Pulumi's Python host asks pip for all installed packages, and looks for plugins
    among these packages. The tests need no such plugins, and pip would take longer than the rest of
    a run.
    """
    folder = tmp_path_factory.mktemp("silent-pip")
    (folder / "pip").mkdir()
    (folder / "pip" / "__init__.py").touch()
    (folder / "pip" / "__main__.py").write_text("print('[]')")
    return folder


@pytest.fixture(scope="session")
def generated_sdks(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder with the SDKs of the native plugin. They are generated once for all test processes.

    The folder `python-installed` has an installation of the SDK for Python.
    """
    if shutil.which("go") is None:
        pytest.skip("`go`, which generates the SDKs, is not on PATH")
    own = tmp_path_factory.getbasetemp()
    folder = (own if worker_id == "master" else own.parent) / "sdks"
    with locked(folder):
        if not (folder / "python-installed").exists():
            sdks.generate(folder)
            pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target"]
            done = run(*pip, "python-installed", "./python", cwd=folder)
            assert done.returncode == 0, done.stdout
    return folder


@pytest.fixture
def new_stack(tmp_path: Path, pulumi_home: Path, silent_pip: Path) -> NewStack:
    """Return a `NewStack` function. Each call of the function creates another stack."""
    if shutil.which("pulumi") is None:
        pytest.fail(NO_PULUMI)
    made: list[Stack] = []

    def new(organization: Organization | None, program: str = "") -> Stack:
        folder = tmp_path / f"stack-{len(made)}"
        folder.mkdir()
        here = {
            name: value for name, value in os.environ.items() if not name.startswith(CREDENTIALS)
        }
        environment = {
            **here,
            **({} if organization is None else organization.environment),
            # Pulumi runs programs with the first Python on PATH.
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "PYTHONPATH": os.pathsep.join(filter(None, [str(silent_pip), here.get("PYTHONPATH")])),
            "PULUMI_BACKEND_URL": folder.as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "passphrase",
            "PULUMI_HOME": str(pulumi_home),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
        }
        stack = Stack(folder, environment, program)
        made.append(stack)
        return stack

    return new


@pytest.fixture
def yaml_stack(new_stack: NewStack) -> NewStack:
    """Return a function like `new_stack`, whose stacks can also run YAML programs."""

    def new(organization: Organization | None, program: str = "") -> Stack:
        stack = new_stack(organization, program)
        stack.use_language_host("yaml")
        return stack

    return new
