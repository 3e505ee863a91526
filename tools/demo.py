"""Deploy the quickstart to a local sandbox with the real Pulumi, and check the output of each step.

The sandbox is a server that behaves like Datadog's Case Management API. Its board is a web page
that shows the objects and can change them.

    make demo         deploy, repair a drift, reject a typo; exit with 1 if a check fails
    make board        serve the board of the deployment, and repair what the user changes there
    make demo-clean   destroy the deployment and remove `.demo/`

The Pulumi state, the sandbox's data and Pulumi's home folder are in `.demo/` beside the README.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

import requests

from pulumi_datadog_cases.testing import CaseSandbox

ROOT = Path(__file__).resolve().parent.parent
DEMO_FOLDER = ROOT / ".demo"
STACK = "demo"
#: The stack's configuration file. Pulumi writes it beside Pulumi.yaml.
STACK_CONFIG = ROOT / f"Pulumi.{STACK}.yaml"
#: The number of resources of the quickstart, including the stack itself.
RESOURCES = 11
#: The key of the case that the demo edits: the first one that the quickstart creates.
EDITED_CASE = "SECOPS-1"
KEYS = {"DD-API-KEY": "sandbox-api-key", "DD-APPLICATION-KEY": "sandbox-app-key"}
#: A part of the quickstart, and the same part with a typo.
TYPO = ('"change_type": "ANY_CHANGES"', '"change_type": "ANY_CHANGE"')


def main() -> None:
    """Run the demo, or clean up after it."""
    parser = argparse.ArgumentParser(description="Deploy the quickstart to a local sandbox.")
    parser.add_argument(
        "--clean", action="store_true", help="destroy the deployment and remove its files"
    )
    parser.add_argument("--board", action="store_true", help="serve the board of the deployment")
    arguments = parser.parse_args()
    if arguments.clean:
        clean()
    elif arguments.board:
        board()
    else:
        clean(quiet=True)
        demonstrate()


def demonstrate() -> None:
    """Run all steps of the demo; leave the resources deployed."""
    started = monotonic()
    DEMO_FOLDER.mkdir()
    with sandbox() as url:
        organization = Organization(url)
        pulumi = Pulumi(url)
        pulumi.quietly("stack", "init", STACK)

        heading("Preview the deployment.")
        expect_output(pulumi("preview"), f"+ {RESOURCES} to create")
        heading("Create the resources.")
        expect_output(pulumi("up", "--yes", "--skip-preview"), f"+ {RESOURCES} created")
        heading("Deploy again: nothing changes.")
        expect_output(pulumi("up", "--yes", "--expect-no-changes"), f"{RESOURCES} unchanged")

        heading("Raise the priority of a case outside Pulumi.")
        organization.call("POST", f"/cases/{EDITED_CASE}/priority", case={"priority": "P1"})
        heading("Refresh: Pulumi detects the drift.")
        refreshed = pulumi("refresh", "--yes", "--skip-preview", "--diff")
        changed = re.findall(r"~ (\w+) *: (.+ => .+)", refreshed)
        expect(
            changed == [("priority", '"P3" => "P1"')],
            f"only the priority changed, not {changed}",
        )
        heading("Deploy: one request restores the declared priority.")
        before = len(organization.requests())
        expect_output(pulumi("up", "--yes", "--skip-preview", "--diff"), "~ 1 updated")
        sent = [f"{r['method']} {r['path']}" for r in organization.requests()[before:]]
        print("\nrequest:", *sent)
        expect(
            len(sent) == 1 and sent[0].endswith("/priority"),
            f"the deployment sends one request, not {sent}",
        )

        heading(f"Preview with a typo, {TYPO[1]}: rejected, no request is sent.")
        before = len(organization.requests())
        rejected = pulumi("preview", "--cwd", str(program_with_typo()), fails=True)
        expect_output(rejected, "trigger.data.change_type", "did you mean", "ANY_CHANGES")
        expect(len(organization.requests()) == before, "the preview sends no request")

        heading("The objects in the sandbox:")
        organization.print_objects()
    print(
        f"\nAll steps passed, in {monotonic() - started:.0f} s. Next: make board shows the "
        "objects in a browser, make demo-clean removes them."
    )


def board() -> None:
    """Serve the board of the deployed demo. After each Enter, show and repair the drift."""
    if not STACK_CONFIG.exists():
        sys.exit("error: nothing is deployed: run make demo first")
    with sandbox() as url:
        pulumi = Pulumi(url)
        print(
            f"\nThe board: {url}\n"
            "Edit a case's title there, or delete a rule: the program declares these, so Pulumi "
            "repairs them. Move a case to another column: the program does not declare the status, "
            "so Pulumi leaves it.\n"
            "Press Enter here to show and repair the drift, Ctrl-D to quit.",
            flush=True,
        )
        for _ in sys.stdin:
            heading("Preview with a refresh: the drift.")
            pulumi("preview", "--refresh", "--diff")
            heading("Deploy: repair the drift.")
            pulumi("up", "--refresh", "--yes", "--skip-preview")
            print(
                "\nRepaired. Edit something else and press Enter, or quit with Ctrl-D.", flush=True
            )


def clean(*, quiet: bool = False) -> None:
    """Destroy the deployment of an earlier demo, and remove its files."""
    if STACK_CONFIG.exists():
        with sandbox() as url:
            pulumi = Pulumi(url)
            destroy = ("destroy", "--yes", "--skip-preview", "--remove")
            pulumi.quietly(*destroy) if quiet else pulumi(*destroy)
    shutil.rmtree(DEMO_FOLDER, ignore_errors=True)
    STACK_CONFIG.unlink(missing_ok=True)


class Pulumi:
    """The `pulumi` command for the demo's stack, with its own state and home folder."""

    def __init__(self, api_url: str) -> None:
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("DD_")},
            "DD_HOST": api_url,
            "DD_API_KEY": KEYS["DD-API-KEY"],
            "DD_APP_KEY": KEYS["DD-APPLICATION-KEY"],
            "PULUMI_BACKEND_URL": DEMO_FOLDER.as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "demo",
            # Developers have the package `pulumi-datadog` installed, which the demo does not use.
            # Without this variable, Pulumi would download the plugin of that package.
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_HOME": str(DEMO_FOLDER / "home"),
            # The fast mode is safe here: all resources are of this package (docs/performance.md).
            "PULUMI_SKIP_CHECKPOINTS": "true",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
        }

    def __call__(self, command: str, *options: str, fails: bool = False) -> str:
        """Run a command, print its output, and return the output."""
        shown = [option for option in options if option not in {"--yes", "--skip-preview"}]
        print("\n$ pulumi", command, *shown, flush=True)
        usual = ("--stack", STACK, "--color", "never", "--suppress-progress")
        lines: list[str] = []
        with self._start(command, *usual, *options) as process:
            for line in process.stdout or ():
                print(line, end="", flush=True)
                lines.append(line)
        expect(
            bool(process.returncode) is fails,
            f"`pulumi {command}` {'fails' if fails else 'succeeds'}: exit {process.returncode}",
        )
        return "".join(lines)

    def quietly(self, *arguments: str) -> None:
        """Run a command and print its output only if it fails."""
        with self._start(*arguments) as process:
            output, _ = process.communicate()
        expect(process.returncode == 0, f"`pulumi {arguments[0]}` succeeds; it printed {output}")

    def _start(self, *arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            ["pulumi", "--non-interactive", *arguments],  # noqa: S607 - from PATH, as for users
            cwd=ROOT,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )


class Organization:
    """The Datadog organisation in the sandbox, accessed through the API."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session = requests.Session()
        self._session.headers.update(KEYS)

    def call(self, method: str, path: str, **body: dict[str, str]) -> Any:  # noqa: ANN401 - JSON
        """Call the API and return the response's `data`.

        A keyword argument, such as `case={"priority": "P1"}`, is the body of the request. The
        argument's name is the JSON:API type of the body, and its value contains the attributes.
        """
        data = [{"data": {"type": type_, "attributes": body[type_]}} for type_ in body]
        if data:
            print(f"\n$ curl -X {method} {self._url}/api/v2{path} --data '{json.dumps(data[0])}'")
        url = f"{self._url}/api/v2{path}"
        response = self._session.request(method, url, json=data[0] if data else None, timeout=10)
        expect(
            response.ok, f"{method} {path} succeeds, not {response.status_code}: {response.text}"
        )
        return response.json()["data"]

    def requests(self) -> list[dict[str, Any]]:
        """Return all requests that the sandbox has received."""
        received: list[dict[str, Any]] = self._session.get(
            f"{self._url}/sandbox/requests", timeout=10
        ).json()
        return received

    def print_objects(self) -> None:
        """Print all projects, rules and cases."""
        for project in self.call("GET", "/cases/projects"):
            print(f"\nproject {project['attributes']['key']}: {project['attributes']['name']}")
            for rule in self.call("GET", f"/cases/projects/{project['id']}/rules"):
                values = rule["attributes"]
                print(f"  rule  {values['name']} ({values['trigger']['type']}, {values['state']})")
        for case in self.call("GET", "/cases"):
            values = case["attributes"]
            details = [values["status_name"], values["priority"]]
            details += [f"{key}={v['value']}" for key, v in values["custom_attributes"].items()]
            print(f"  case  {values['key']}: {values['title']} ({', '.join(details)})")


@contextmanager
def sandbox() -> Generator[str]:
    """Run a sandbox that stores its data in `.demo/`, and yield its URL."""
    DEMO_FOLDER.mkdir(exist_ok=True)
    with CaseSandbox.started("--data", str(DEMO_FOLDER / "sandbox.sqlite")) as running:
        yield running.url


def program_with_typo() -> Path:
    """Write a copy of the quickstart with a typo, and return its folder."""
    folder = DEMO_FOLDER / "typo"
    folder.mkdir()
    program = (ROOT / "examples/quickstart/__main__.py").read_text(encoding="utf-8")
    expect(TYPO[0] in program, f"the quickstart contains {TYPO[0]}")
    (folder / "__main__.py").write_text(program.replace(*TYPO), encoding="utf-8")
    project = (ROOT / "Pulumi.yaml").read_text(encoding="utf-8").replace("examples/quickstart", ".")
    (folder / "Pulumi.yaml").write_text(project, encoding="utf-8")
    shutil.copy(STACK_CONFIG, folder)
    return folder


def heading(text: str) -> None:
    """Print the heading of a step."""
    print(f"\n── {text}", flush=True)


def expect_output(output: str, *texts: str) -> None:
    """Exit with an error if the output of a command lacks one of the texts."""
    for text in texts:
        expect(text in output, f"the output contains {text!r}")


def expect(holds: bool, expectation: str) -> None:  # noqa: FBT001 - reads as a sentence
    """Exit with an error if an expectation does not hold."""
    if not holds:
        sys.exit(f"\nerror: expected that {expectation}")


if __name__ == "__main__":
    main()
