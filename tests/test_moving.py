"""What docs/moving.md tells people to run, run."""

import json
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization, Stack

PAGE = (Path(__file__).parents[1] / "docs" / "moving.md").read_text(encoding="utf-8")

pytestmark = pytest.mark.pulumi

#: The blocks of code of a section, as (language, text).
Blocks: TypeAlias = list[tuple[str, str]]


def section(title: str) -> Blocks:
    (text,) = re.findall(rf"^## {title}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    return re.findall(r"^```(\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def commands(block: str) -> str:
    return "\n".join(re.findall(r"^\$ (.+)$", block, re.MULTILINE))


class Reader:
    """Somebody who does what the page says, in a folder."""

    def __init__(self, folder: Path, stack: "Stack", organization: "Organization") -> None:
        self.folder = folder
        self.organization = organization
        # To a person, Pulumi's questions are answered by hand.
        self.environment = {**stack.environment, "PULUMI_SKIP_CONFIRMATIONS": "true"}

    def save(self, script: str) -> None:
        """Save a script under the name that its first line has."""
        (name,) = re.findall(r"^# (\w+\.sh): ", script)
        (self.folder / name).write_text(script, encoding="utf-8")

    def run(self, script: str, *, fails: bool = False) -> str:
        """Run commands one after the other: what they print."""
        done = subprocess.run(
            ["bash", "-euc", script],  # noqa: S607 - as found on PATH
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=120,
        )
        assert (done.returncode != 0) is fails, done.stdout
        return done.stdout

    @property
    def writes(self) -> list[str]:
        """What the organisation was asked to change so far."""
        return [asked for asked in self.organization.asked() if not asked.startswith("GET ")]


@pytest.fixture
def reader(organization: "Organization", new_stack: "NewStack", tmp_path: Path) -> Reader:
    """With the scripts of the page, of which the one has been run that makes the desk."""
    if not organization.is_sandbox:
        pytest.skip("with --live the lives of resources are played alone")
    reader = Reader(tmp_path, new_stack(organization), organization)
    for language, text in section("In, from scripts and curl") + section("Out, to a script"):
        if language == "bash":
            reader.save(text)
    reader.run("bash desk.sh")
    return reader


@pytest.fixture
def moved_in(reader: Reader) -> Reader:
    """In the folder of the program that was imported."""
    first = next(
        text for language, text in section("In, from scripts and curl") if language == "console"
    )
    reader.run(commands(first))
    reader.folder /= "secops"
    return reader


def rules(organization: "Organization") -> list[dict[str, Any]]:
    (desk,) = organization.call("GET /cases/projects")
    found: list[dict[str, Any]] = organization.call(f"GET /cases/projects/{desk['id']}/rules")
    return found


def test_what_a_script_has_made_comes_under_code(moved_in: Reader) -> None:
    made = ["POST /cases/projects", moved_in.writes[-1]]
    assert moved_in.writes == made
    blocks = section("In, from scripts and curl")
    (program,) = (text for language, text in blocks if language == "python")
    file = moved_in.folder / "__main__.py"
    assert file.read_text(encoding="utf-8") == program

    organization = moved_in.organization
    (desk,) = organization.call("GET /cases/projects")
    view = {"name": "Urgent", "query": "priority:P1", "project_id": desk["id"]}
    organization.call("POST /cases/views", {"type": "view", "attributes": view})
    again = [text for language, text in blocks if language == "console"][1]
    moved_in.run(commands(again))
    assert "cases.CaseView(" in file.read_text(encoding="utf-8")
    made.append("POST /cases/views")
    assert moved_in.writes == made

    edited = file.read_text(encoding="utf-8").replace("Enrich every", "Look into each")
    file.write_text(edited, encoding="utf-8")
    moved_in.run("pulumi up")
    assert len(moved_in.writes) == len(made) + 1
    assert rules(organization)[0]["attributes"]["name"] == "Look into each new case"


def test_a_program_of_ones_own_adopts_by_key(reader: Reader) -> None:
    (_, program), (_, run), _ = section("In, with a program of your own")
    reader.folder /= "stack-0"
    made = reader.writes
    file = reader.folder / "__main__.py"
    file.write_text(program.replace(", adopt=True", ""), encoding="utf-8")
    assert "add adopt=True" in reader.run(commands(run), fails=True)
    file.write_text(program, encoding="utf-8")
    assert "+ 1 created" in reader.run(commands(run))
    assert reader.writes[len(made) :] == ["POST /cases/projects"]  # which was refused
    assert len(reader.organization.call("GET /cases/projects")) == 1


def test_objects_leave_a_stack_and_stay(moved_in: Reader) -> None:
    made = moved_in.writes
    (_, forget), (_, settled), (_, option), (_, everything) = section("Out")
    back = re.findall(r"`(pulumi stack (?:init|import) .+?)`", PAGE)
    moved_in.run("\n".join([commands(everything), *back, commands(settled)]))

    file = moved_in.folder / "__main__.py"
    program = file.read_text(encoding="utf-8")
    desk = program[: program.index("enrich_every_new_case = ")]
    moved_in.run(commands(forget))
    file.write_text(desk, encoding="utf-8")
    moved_in.run(commands(settled))

    retained = desk.replace("key=", f"{option.strip()},\n    key=")
    file.write_text(f"import pulumi\n{retained}", encoding="utf-8")
    moved_in.run("pulumi up")
    file.write_text("", encoding="utf-8")
    assert "- 1 deleted" in moved_in.run("pulumi up")
    assert moved_in.writes == made
    assert len(rules(moved_in.organization)) == 1


def test_a_script_goes_on_from_what_was_exported(reader: Reader) -> None:
    made = reader.writes
    (before,) = rules(reader.organization)
    (_, run) = section("Out, to a script")[-1]
    reader.run(commands(run))
    assert rules(reader.organization) == [before]
    file = reader.folder / "organisation.json"
    document = json.loads(file.read_text(encoding="utf-8"))
    ((rule,),) = document["automation_rules"].values()
    rule["attributes"]["state"] = "DISABLED"
    file.write_text(json.dumps(document), encoding="utf-8")
    reader.run("bash rules.sh")
    (after,) = rules(reader.organization)
    assert after["attributes"]["state"] == "DISABLED"
    assert [asked.split()[0] for asked in reader.writes[len(made) :]] == ["PUT", "PUT"]
