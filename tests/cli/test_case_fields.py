"""Hints for misspelt fields in the search queries of the commands."""

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Run


@pytest.mark.parametrize(
    "command",
    [
        ("bulk", "archive", "--filter"),
        ("export", "--out", "organisation.json", "--cases"),
        ("import", "--all", "--out", "program", "--cases"),
    ],
    ids=lambda command: command[0],
)
def test_misspelt_field_is_reported_if_search_finds_nothing(
    run: "Run", command: tuple[str, ...]
) -> None:
    assert run(*command, "projct:SOC").stderr == (
        "warning: the search projct:SOC finds no case: projct counts as a label or a custom "
        'attribute; did you mean "project"?\n'
    )


def test_search_without_cases_is_reported(run: "Run") -> None:
    result = run("import", "--all", "--out", "program", "--cases", "key:SOC-99")
    assert result.stderr == "warning: the search key:SOC-99 finds no case\n"
    assert "warning" not in run("import", "--all", "--out", "other", "--cases", "*").stderr


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("-statsu:open Assigne:me", ["status", "assignee"]),
        ("env:prod OR (NOT titel:a)", ["title"]),
        ("status:open project:SOC env:prod created_at:[2026-01-01T10:00:00Z TO *]", []),
        ('title:"projct:SOC" https://example.com/projct:SOC', []),
    ],
)
def test_names_in_query_are_compared_with_fields(run: "Run", query: str, meant: list[str]) -> None:
    result = run("bulk", "archive", "--filter", query)
    assert re.findall(r'did you mean "(\w+)"\?', result.stderr) == meant
