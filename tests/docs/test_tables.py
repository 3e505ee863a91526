"""Compares the README's tables of resources and settings with the code."""

import re
from pathlib import Path

import pytest

import pulumi_datadog_cases as cases
from tools.docs.configuration import all_settings

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "described"),
    re.findall(r"^\| \[`(\w+)`\]\(.+?\) \| (.+?) \|", README, re.MULTILINE),
)
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
    rows = re.findall(r"^\| \[`(\w+)`\]", README, re.MULTILINE)
    assert sorted(rows) == sorted(set(cases.resources.__all__) - {"Provider"})


def test_configuration_table_is_complete() -> None:
    rows = re.findall(r"^\| `([\w:-]+)`.*? \| `(\w+)` \|", README, re.MULTILINE)
    assert sorted(rows) == sorted((each.key, each.variable) for each in all_settings())
