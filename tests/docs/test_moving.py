"""What docs/moving.md tells people to run, run."""

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.conftest import Organization
    from tests.docs.conftest import Block, Page, Reader, ReadPage

pytestmark = pytest.mark.pulumi


@pytest.fixture
def page(read_page: "ReadPage") -> "Page":
    return read_page("docs/moving.md")


def script(block: "Block") -> str:
    return "\n".join(block.commands)


@pytest.fixture
def desk(reader: "Reader", page: "Page") -> "Reader":
    """With the scripts of the page, of which the one has been run that makes the desk."""
    for block in page.section("Import from scripts and curl") + page.section("Back to a script"):
        if block.language == "bash":
            (name,) = re.findall(r"^# (\w+\.sh): ", block.text)
            (reader.folder / name).write_text(block.text, encoding="utf-8")
    reader.run("bash desk.sh")
    return reader


@pytest.fixture
def moved_in(desk: "Reader", page: "Page") -> "Reader":
    """In the folder of the program that was imported."""
    blocks = page.section("Import from scripts and curl")
    desk.run(script(next(block for block in blocks if block.language == "console")))
    desk.folder /= "secops"
    return desk


def rules(organization: "Organization") -> list[dict[str, Any]]:
    (desk,) = organization.call("GET /cases/projects")
    found: list[dict[str, Any]] = organization.call(f"GET /cases/projects/{desk['id']}/rules")
    return found


def test_what_a_script_has_made_comes_under_code(moved_in: "Reader", page: "Page") -> None:
    made = ["POST /cases/projects", moved_in.writes[-1]]
    assert moved_in.writes == made
    blocks = page.section("Import from scripts and curl")
    (program,) = (block.text for block in blocks if block.language == "python")
    file = moved_in.folder / "__main__.py"
    assert file.read_text(encoding="utf-8") == program

    organization = moved_in.organization
    (desk,) = organization.call("GET /cases/projects")
    view = {"name": "Urgent", "query": "priority:P1", "project_id": desk["id"]}
    organization.call("POST /cases/views", {"type": "view", "attributes": view})
    again = [block for block in blocks if block.language == "console"][1]
    moved_in.run(script(again))
    assert "cases.CaseView(" in file.read_text(encoding="utf-8")
    made.append("POST /cases/views")
    assert moved_in.writes == made

    edited = file.read_text(encoding="utf-8").replace("Enrich every", "Look into each")
    file.write_text(edited, encoding="utf-8")
    moved_in.run("pulumi up")
    assert len(moved_in.writes) == len(made) + 1
    assert rules(organization)[0]["attributes"]["name"] == "Look into each new case"


def test_a_program_of_ones_own_adopts_by_key(desk: "Reader", page: "Page") -> None:
    program, run, _ = page.section("Adopt from your own program")
    desk.folder /= "stack-0"
    made = desk.writes
    file = desk.folder / "__main__.py"
    file.write_text(program.text.replace(", adopt=True", ""), encoding="utf-8")
    assert "add adopt=True" in desk.run(script(run), fails=True)
    file.write_text(program.text, encoding="utf-8")
    assert "+ 1 created" in desk.run(script(run))
    assert desk.writes[len(made) :] == ["POST /cases/projects"]  # which was refused
    assert len(desk.organization.call("GET /cases/projects")) == 1


def test_objects_leave_a_stack_and_stay(moved_in: "Reader", page: "Page") -> None:
    made = moved_in.writes
    forget, settled, option, everything = page.section("Leaving Pulumi")
    back = re.findall(r"`(pulumi stack (?:init|import) .+?)`", page.text)
    moved_in.run("\n".join([*everything.commands, *back, *settled.commands]))

    file = moved_in.folder / "__main__.py"
    program = file.read_text(encoding="utf-8")
    desk = program[: program.index("enrich_every_new_case = ")]
    moved_in.run(script(forget))
    file.write_text(desk, encoding="utf-8")
    moved_in.run(script(settled))

    retained = desk.replace("key=", f"{option.text.strip()},\n    key=")
    file.write_text(f"import pulumi\n{retained}", encoding="utf-8")
    moved_in.run("pulumi up")
    file.write_text("", encoding="utf-8")
    assert "- 1 deleted" in moved_in.run("pulumi up")
    assert moved_in.writes == made
    assert len(rules(moved_in.organization)) == 1


def test_a_script_goes_on_from_what_was_exported(desk: "Reader", page: "Page") -> None:
    made = desk.writes
    (before,) = rules(desk.organization)
    desk.run(script(page.section("Back to a script")[-1]))
    assert rules(desk.organization) == [before]
    file = desk.folder / "organisation.json"
    document = json.loads(file.read_text(encoding="utf-8"))
    ((rule,),) = document["automation_rules"].values()
    rule["attributes"]["state"] = "DISABLED"
    file.write_text(json.dumps(document), encoding="utf-8")
    desk.run("bash rules.sh")
    (after,) = rules(desk.organization)
    assert after["attributes"]["state"] == "DISABLED"
    assert [asked.split()[0] for asked in desk.writes[len(made) :]] == ["PUT", "PUT"]
