"""Compares the generated tables of the docs with the code."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import pulumi_datadog_cases as cases
from tools.docs import lookups
from tools.docs.configuration import all_settings
from tools.docs.examples import examples

DOCS = Path(__file__).parents[2] / "docs"


def rows(page: str, cells: str) -> Iterator[tuple[str, str]]:
    """Yield two groups of each table row of a page that begins with these cells."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return ((row[1], row[2]) for row in re.finditer(rf"^\| {cells} \|", text, re.MULTILINE))


RESOURCES = dict(rows("reference/resources.md", r"\[`(\w+)`\][^|]+ \| ([^|]+)"))


@pytest.mark.parametrize(("name", "described"), RESOURCES.items())
def test_resource_table_matches_properties(name: str, described: str) -> None:
    required, _, optional = described.partition("[")
    resource_type = getattr(cases, name).Provider.resource_type
    words = re.findall(r"\w+", described)
    assert words == list(resource_type.inputs)
    assert set(re.findall(r"\*\*(\w+)\*\*", described)) == {
        name for name, p in resource_type.inputs.items() if p.replace_on_changes
    }
    assert set(re.findall(r"\w+", required)) == {
        n for n, p in resource_type.inputs.items() if p.required
    }
    assert optional == "" or optional.endswith("]")


def test_resource_table_is_complete() -> None:
    assert sorted(RESOURCES) == sorted(set(cases.resources.__all__) - {"Provider"})


def test_settings_table_is_complete() -> None:
    listed = rows("reference/configuration.md", r"\*\*`([\w:-]+)`.*?<br>`(\w+)`<br>.*?")
    assert sorted(listed) == sorted((each.key, each.variable) for each in all_settings())


def test_tables_list_every_lookup_and_example() -> None:
    listed = [name for name, _ in rows("reference/lookups.md", r"`(\w+)` \| ([^|]+)")]
    assert listed == lookups.lookup_names()
    titles = dict(rows("examples.md", r"\[(\w+)\]\(.+?\) \| ([^|]+)\."))
    assert titles == {each.name: each.title for each in examples()}


def test_comparison_quotes_measured_figures() -> None:
    compared, measured = (
        set(re.findall(r"[\d.]+ s\b|[\d,]+ req", (DOCS / page).read_text(encoding="utf-8")))
        for page in ("choosing.md", "performance.md")
    )
    assert compared
    assert compared <= measured
