"""Runs the program of docs/automation.md."""

import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.docs.conftest import ReadPage, Shell


@pytest.mark.pulumi
def test_inline_programs_deploy_one_desk_per_team(read_page: "ReadPage", shell: "Shell") -> None:
    (program,) = read_page("docs/automation.md").blocks
    (shell.folder / program.title).write_text(program.text, encoding="utf-8")
    settings = shell.organization.settings
    keys = {"DESK_API_KEY": settings.api_key, "DESK_APP_KEY": settings.app_key}
    shell.environment |= {**keys, "DD_HOST": settings.base_url}
    for name in ("DD_API_KEY", "DD_APP_KEY"):
        del shell.environment[name]
    run = f"{sys.executable} {program.title}"
    first = shell.run(run)
    projects = shell.organization.call("GET /cases/projects")
    ids = {each["attributes"]["key"]: each["id"] for each in projects}
    assert ids.keys() == {"SEC", "OPS"}
    assert all(f"{key}: {ids[key]}\n" in first for key in ids)
    writes = len(shell.writes)
    shell.run(run)
    assert len(shell.writes) == writes
