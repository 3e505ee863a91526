"""Deploy the quickstart to a local sandbox with the real Pulumi, and check each thing it shows.

    make demo         preview, up, drift, repair, a refused mistake; exit 1 if any is not as said
    make board        serve the sandbox's board, on which things can be broken, and repair them
    make demo-clean   destroy what is deployed and remove `.demo/`

State, sandbox data and Pulumi's home are kept in `.demo/` beside the README.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any, NoReturn

import requests

from pulumi_datadog_cases.testing import CaseSandbox

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / ".demo"
STACK = "demo"
#: Written by Pulumi beside Pulumi.yaml.
STACK_CONFIG = ROOT / f"Pulumi.{STACK}.yaml"
RESOURCES = 11  # of the quickstart, the stack itself among them
#: The key of the case that somebody changes; the quickstart makes it first.
DRILL = "SECOPS-1"
KEYS = {"DD-API-KEY": "sandbox-api-key", "DD-APPLICATION-KEY": "sandbox-app-key"}
#: A slip of the pen in the quickstart: what stands there, and what somebody writes instead.
SLIP = ('"change_type": "ANY_CHANGES"', '"change_type": "ANY_CHANGE"')


def main() -> None:
    """Run the demo, or clean up after it."""
    parser = argparse.ArgumentParser(description="Deploy the quickstart to a local sandbox.")
    parser.add_argument("--clean", action="store_true", help="destroy and remove what is there")
    parser.add_argument("--board", action="store_true", help="serve the board of what is there")
    wanted = parser.parse_args()
    if wanted.clean:
        clean()
    elif wanted.board:
        board()
    else:
        clean(quiet=True)
        demonstrate()


def demonstrate() -> None:
    """Show the whole life of a deployment; leave it deployed."""
    started = monotonic()
    KEPT.mkdir()
    with sandbox() as url:
        organization = Organization(url)
        pulumi = Pulumi(url)
        pulumi.quietly("stack", "init", STACK)

        say("What would be created?")
        shows(pulumi("preview"), f"+ {RESOURCES} to create")
        say("Create it.")
        shows(pulumi("up", "--yes", "--skip-preview"), f"+ {RESOURCES} created")
        say("Once more: nothing is left to do.")
        shows(pulumi("up", "--yes", "--expect-no-changes"), f"{RESOURCES} unchanged")

        say("Behind Pulumi's back, somebody makes the drill urgent:")
        organization.call("POST", f"/cases/{DRILL}/priority", case={"priority": "P1"})
        say("A refresh shows just that.")
        refreshed = pulumi("refresh", "--yes", "--skip-preview", "--diff")
        changed = re.findall(r"~ (\w+) *: (.+ => .+)", refreshed)
        expect(changed == [("priority", '"P3" => "P1"')], f"priority alone changes, not {changed}")
        say("The program disagrees, and one request repairs it.")
        before = len(organization.journal())
        shows(pulumi("up", "--yes", "--skip-preview", "--diff"), "~ 1 updated")
        sent = [f"{r['method']} {r['path']}" for r in organization.journal()[before:]]
        print("\nsent:", *sent)
        expect(len(sent) == 1 and sent[0].endswith("/priority"), "one request is sent")

        say(f"A slip of the pen, {SLIP[1]}, is caught at preview, before anything is sent.")
        before = len(organization.journal())
        refused = pulumi("preview", "--cwd", str(mistaken_program()), fails=True)
        shows(refused, "trigger.data.change_type", "did you mean", "ANY_CHANGES")
        expect(len(organization.journal()) == before, "nothing is sent")

        say("What the sandbox holds now:")
        organization.show()
    print(
        f"\nAll as said, in {monotonic() - started:.0f} s. To see it on a board, and break it by "
        "hand: make board. To remove it: make demo-clean"
    )


def board() -> None:
    """Serve the board of what an earlier demo has deployed; let Pulumi repair what is broken."""
    if not STACK_CONFIG.exists():
        sys.exit("error: nothing is deployed yet: run make demo first")
    with sandbox() as url:
        pulumi = Pulumi(url)
        print(
            f"\nThe board: {url}\n"
            "Edit a case's title there, or delete a rule: that is declared. Drag a case to another "
            "column: that is not, and left to people.\n"
            "Then press Enter here, and Pulumi shows and repairs it. Ctrl-D ends it.",
            flush=True,
        )
        for _ in sys.stdin:
            say("What is not as declared?")
            pulumi("preview", "--refresh", "--diff")
            say("Repair it.")
            pulumi("up", "--refresh", "--yes", "--skip-preview")
            print(
                "\nRepaired. Break something else and press Enter, or end it: Ctrl-D.", flush=True
            )


def clean(*, quiet: bool = False) -> None:
    """Destroy what an earlier demo has deployed, and remove its files."""
    if STACK_CONFIG.exists():
        with sandbox() as url:
            pulumi = Pulumi(url)
            destroy = ("destroy", "--yes", "--skip-preview", "--remove")
            pulumi.quietly(*destroy) if quiet else pulumi(*destroy)
    shutil.rmtree(KEPT, ignore_errors=True)
    STACK_CONFIG.unlink(missing_ok=True)


class Pulumi:
    """The `pulumi` command on the demo's stack, with a state and a home of its own."""

    def __init__(self, api_url: str) -> None:
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("DD_")},
            "DD_HOST": api_url,
            "DD_API_KEY": KEYS["DD-API-KEY"],
            "DD_APP_KEY": KEYS["DD-APPLICATION-KEY"],
            "PULUMI_BACKEND_URL": KEPT.as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "demo",
            # For developers' `pulumi-datadog`, which the demo does not use.
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_HOME": str(KEPT / "home"),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
        }

    def __call__(self, command: str, *options: str, fails: bool = False) -> str:
        """Run a command, show what it prints, and answer it."""
        shown = [option for option in options if option not in {"--yes", "--skip-preview"}]
        print("\n$ pulumi", command, *shown, flush=True)
        display = ("--stack", STACK, "--color", "never", "--suppress-progress")
        lines: list[str] = []
        with self._start(command, *display, *options) as process:
            for line in process.stdout or ():
                print(line, end="", flush=True)
                lines.append(line)
        expect(bool(process.returncode) is fails, f"`pulumi {command}` exits {process.returncode}")
        return "".join(lines)

    def quietly(self, *arguments: str) -> None:
        """Run a command that nobody needs to see unless it fails."""
        with self._start(*arguments) as process:
            output, _ = process.communicate()
        expect(process.returncode == 0, f"`pulumi {arguments[0]}` works: {output}")

    def _start(self, *arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            ["pulumi", "--non-interactive", *arguments],  # noqa: S607 - found on PATH, as by users
            cwd=ROOT,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )


class Organization:
    """What stands in the sandbox, seen through the API as anybody would."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session = requests.Session()
        self._session.headers.update(KEYS)

    def call(self, method: str, path: str, **body: dict[str, str]) -> Any:  # noqa: ANN401 - JSON
        """Call the API and answer its `data`; a body is given as `type={attributes}`."""
        data = [{"data": {"type": kind, "attributes": body[kind]}} for kind in body]
        if data:
            print(f"\n$ curl -X {method} {self._url}/api/v2{path} --data '{data[0]}'")
        url = f"{self._url}/api/v2{path}"
        answer = self._session.request(method, url, json=data[0] if data else None, timeout=10)
        expect(answer.ok, f"{method} {path} answers {answer.status_code}: {answer.text}")
        return answer.json()["data"]

    def journal(self) -> list[dict[str, Any]]:
        """Every request of the API so far."""
        journal: list[dict[str, Any]] = self._session.get(
            f"{self._url}/sandbox/requests", timeout=10
        ).json()
        return journal

    def show(self) -> None:
        """Print every object the quickstart has made."""
        for project in self.call("GET", "/cases/projects"):
            print(f"\nproject {project['attributes']['key']}: {project['attributes']['name']}")
            for rule in self.call("GET", f"/cases/projects/{project['id']}/rules"):
                values = rule["attributes"]
                print(f"  rule  {values['name']} ({values['trigger']['type']}, {values['state']})")
        for case in self.call("GET", "/cases"):
            values = case["attributes"]
            about = [values["status_name"], values["priority"]]
            about += [f"{key}={v['value']}" for key, v in values["custom_attributes"].items()]
            print(f"  case  {values['key']}: {values['title']} ({', '.join(about)})")


@contextmanager
def sandbox() -> Generator[str]:
    """Run a sandbox whose data outlives it; give its URL."""
    KEPT.mkdir(exist_ok=True)
    with CaseSandbox.started("--data", str(KEPT / "sandbox.sqlite")) as started:
        yield started.url


def mistaken_program() -> Path:
    """Write a copy of the quickstart with a mistake in it."""
    folder = KEPT / "mistaken"
    folder.mkdir()
    program = (ROOT / "examples/quickstart/__main__.py").read_text(encoding="utf-8")
    expect(SLIP[0] in program, f"the quickstart says {SLIP[0]}")
    (folder / "__main__.py").write_text(program.replace(*SLIP), encoding="utf-8")
    project = (ROOT / "Pulumi.yaml").read_text(encoding="utf-8").replace("examples/quickstart", ".")
    (folder / "Pulumi.yaml").write_text(project, encoding="utf-8")
    shutil.copy(STACK_CONFIG, folder)
    return folder


def say(what: str) -> None:
    """Announce a step."""
    print(f"\n── {what}", flush=True)


def shows(output: str, *words: str) -> None:
    """Stop unless a command has printed something."""
    for word in words:
        expect(word in output, f"it prints {word!r}")


def expect(holds: bool, what: str) -> None:  # noqa: FBT001 - reads as a sentence
    """Stop the demo unless something is as said."""
    if not holds:
        fail(what)


def fail(what: str) -> NoReturn:
    """Stop the demo."""
    sys.exit(f"\nnot as said: {what}")


if __name__ == "__main__":
    main()
