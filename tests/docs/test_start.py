"""What docs/start.md has a newcomer do, done."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.docs.conftest import Block, Reader, ReadPage

pytestmark = pytest.mark.pulumi

SANDBOX = "http://127.0.0.1:8126"


def test_five_minutes_lead_to_a_case_that_is_broken_and_repaired(
    read_page: "ReadPage", reader: "Reader"
) -> None:
    page = read_page("docs/start.md")
    organization = reader.organization

    def commands(block: "Block") -> str:
        return "\n".join(block.commands).replace(SANDBOX, organization.settings.base_url)

    folder, exports, *files = page.section("2. Write a program")
    assert [file.title for file in files] == ["Pulumi.yaml", "__main__.py"]
    reader.run(commands(folder))
    reader.folder /= "desk"
    for file in files:
        (reader.folder / file.title).write_text(file.text, encoding="utf-8")

    def follow(title: str) -> str:
        (block,) = page.section(title)
        return reader.run(f"{commands(exports)}\n{commands(block)}")

    assert 'case: "SECOPS-1"' in follow("3. Deploy")
    (case,) = organization.call("GET /cases")
    (desk,) = organization.call("GET /cases/projects")
    rules = f"/cases/projects/{desk['id']}/rules"
    (rule,) = organization.call(f"GET {rules}")
    urgent = {"type": "case", "attributes": {"priority": "P1"}}
    organization.call(f"POST /cases/{case['id']}/priority", urgent)
    organization.call(f"POST {rules}/{rule['id']}/disable")

    shown = follow("4. Cause drift")
    assert '"P1" => "P3"' in shown
    assert "~ 1 to update" in shown
    written = len(reader.writes)
    follow("5. Repair the drift")
    (case,) = organization.call("GET /cases")
    assert case["attributes"]["priority"] == "P3"
    (rule,) = organization.call(f"GET {rules}")
    assert rule["attributes"]["state"] == "DISABLED"
    assert len(reader.writes) == written + 1

    follow("6. Clean up")
    assert organization.call("GET /cases/projects") == []
