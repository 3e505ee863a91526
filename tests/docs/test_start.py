"""Runs the commands of the README and of docs/start.md in order, and checks their effects."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.docs.conftest import Block, ReadPage, Shell

pytestmark = pytest.mark.pulumi

SANDBOX = "http://127.0.0.1:8126"


def test_getting_started_causes_and_repairs_drift(read_page: "ReadPage", shell: "Shell") -> None:
    page = read_page("docs/start.md")
    organization = shell.organization

    def commands(block: "Block") -> str:
        return "\n".join(block.commands).replace(SANDBOX, organization.settings.base_url)

    folder, exports, *files = page.section("2. Write a program")
    assert [file.title for file in files] == ["Pulumi.yaml", "__main__.py"]
    shell.run(commands(folder))
    shell.folder /= "desk"
    for file in files:
        (shell.folder / file.title).write_text(file.text, encoding="utf-8")

    def follow(title: str) -> str:
        (block,) = page.section(title)
        return shell.run(f"{commands(exports)}\n{commands(block)}")

    assert 'case: "SECOPS-1"' in follow("3. Deploy")
    (case,) = organization.call("GET /cases")
    (desk,) = organization.call("GET /cases/projects")
    rules = f"/cases/projects/{desk['id']}/rules"
    (rule,) = organization.call(f"GET {rules}")
    urgent = {"type": "case", "attributes": {"priority": "P1"}}
    organization.call(f"POST /cases/{case['id']}/priority", urgent)
    organization.call(f"POST {rules}/{rule['id']}/disable")

    preview = follow("4. Cause drift")
    assert '"P1" => "P3"' in preview
    assert "~ 1 to update" in preview
    writes = len(shell.writes)
    follow("5. Repair the drift")
    (case,) = organization.call("GET /cases")
    assert case["attributes"]["priority"] == "P3"
    (rule,) = organization.call(f"GET {rules}")
    assert rule["attributes"]["state"] == "DISABLED"
    assert len(shell.writes) == writes + 1

    follow("6. Clean up")
    assert organization.call("GET /cases/projects") == []


def test_readme_program_deploys(read_page: "ReadPage", shell: "Shell") -> None:
    page = read_page("README.md")
    program, *_ = page.blocks
    _, project, deploy, _ = page.section("First deployment")
    (shell.folder / project.title).write_text(project.text, encoding="utf-8")
    (shell.folder / "__main__.py").write_text(program.text, encoding="utf-8")
    address = shell.organization.settings.base_url
    shown = shell.run("\n".join(deploy.commands).replace(SANDBOX, address))
    assert 'drill: "SECOPS-1"' in shown
    assert len(shell.organization.call("GET /cases/projects")) == 1


def test_readme_fits_on_three_screens(read_page: "ReadPage") -> None:
    assert len(read_page("README.md").text.splitlines()) <= 150
