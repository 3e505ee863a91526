"""Runs the commands of docs/moving.md: import from scripts, adopt, and leave Pulumi."""

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.conftest import Organization
    from tests.docs.conftest import Block, Page, ReadPage, Shell

pytestmark = pytest.mark.pulumi


@pytest.fixture
def page(read_page: "ReadPage") -> "Page":
    return read_page("docs/moving.md")


def script(block: "Block") -> str:
    return "\n".join(block.commands)


@pytest.fixture
def desk(shell: "Shell", page: "Page") -> "Shell":
    """A shell in a folder with the page's scripts, after desk.sh has created the objects."""
    for block in page.section("Import from scripts and curl") + page.section("Back to a script"):
        if block.language == "bash":
            (name,) = re.findall(r"^# (\w+\.sh): ", block.text)
            (shell.folder / name).write_text(block.text, encoding="utf-8")
    shell.run("bash desk.sh")
    return shell


@pytest.fixture
def imported(desk: "Shell", page: "Page") -> "Shell":
    """A shell in the folder of the program that the page's import command has written."""
    blocks = page.section("Import from scripts and curl")
    desk.run(script(next(block for block in blocks if block.language == "console")))
    desk.folder /= "secops"
    return desk


def rules(organization: "Organization") -> list[dict[str, Any]]:
    (desk,) = organization.call("GET /cases/projects")
    found: list[dict[str, Any]] = organization.call(f"GET /cases/projects/{desk['id']}/rules")
    return found


def test_import_adopts_objects_of_scripts(imported: "Shell", page: "Page") -> None:
    made = ["POST /cases/projects", imported.writes[-1]]
    assert imported.writes == made
    blocks = page.section("Import from scripts and curl")
    (program,) = (block.text for block in blocks if block.language == "python")
    file = imported.folder / "__main__.py"
    assert file.read_text(encoding="utf-8") == program

    organization = imported.organization
    (desk,) = organization.call("GET /cases/projects")
    view = {"name": "Urgent", "query": "priority:P1", "project_id": desk["id"]}
    organization.call("POST /cases/views", {"type": "view", "attributes": view})
    again = [block for block in blocks if block.language == "console"][1]
    imported.run(script(again))
    assert "cases.CaseView(" in file.read_text(encoding="utf-8")
    made.append("POST /cases/views")
    assert imported.writes == made

    edited = file.read_text(encoding="utf-8").replace("Enrich every", "Look into each")
    file.write_text(edited, encoding="utf-8")
    imported.run("pulumi up")
    assert len(imported.writes) == len(made) + 1
    assert rules(organization)[0]["attributes"]["name"] == "Look into each new case"


def test_program_adopts_by_key(desk: "Shell", page: "Page") -> None:
    program, run, _ = page.section("Adopt from your own program")
    desk.folder /= "stack-0"
    made = desk.writes
    file = desk.folder / "__main__.py"
    file.write_text(program.text.replace(", adopt=True", ""), encoding="utf-8")
    assert "add adopt=True" in desk.run(script(run), fails=True)
    file.write_text(program.text, encoding="utf-8")
    assert "+ 1 created" in desk.run(script(run))
    assert desk.writes[len(made) :] == ["POST /cases/projects"]  # the create that failed above
    assert len(desk.organization.call("GET /cases/projects")) == 1


def test_leaving_pulumi_keeps_objects(imported: "Shell", page: "Page") -> None:
    made = imported.writes
    forget, settled, option, everything = page.section("Leaving Pulumi")
    back = re.findall(r"`(pulumi stack (?:init|import) .+?)`", page.text)
    imported.run("\n".join([*everything.commands, *back, *settled.commands]))

    file = imported.folder / "__main__.py"
    program = file.read_text(encoding="utf-8")
    desk = program[: program.index("enrich_every_new_case = ")]
    imported.run(script(forget))
    file.write_text(desk, encoding="utf-8")
    imported.run(script(settled))

    retained = desk.replace("key=", f"{option.text.strip()},\n    key=")
    file.write_text(f"import pulumi\n{retained}", encoding="utf-8")
    imported.run("pulumi up")
    file.write_text("", encoding="utf-8")
    assert "- 1 deleted" in imported.run("pulumi up")
    assert imported.writes == made
    assert len(rules(imported.organization)) == 1


def test_exported_rules_update_with_a_script(desk: "Shell", page: "Page") -> None:
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
