"""Tests of the site that `make docs` builds."""

import inspect
import re
from pathlib import Path

import pytest
from tests.site import build_site

from pulumi_datadog_cases.api.scopes import SCOPES
from pulumi_datadog_cases.cli.inventory import RESOURCE_TYPES
from pulumi_datadog_cases.components.case_desk import CaseDeskProjectArgs
from pulumi_datadog_cases.components.escalation_ladder import EscalationRungArgs
from tools.docs import components, lookups
from tools.docs.configuration import all_settings

pytestmark = pytest.mark.xdist_group("site")  # all tests share one build


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    build_site(folder)
    return folder


def test_site_loads_nothing_from_other_hosts(site: Path) -> None:
    loads = re.compile(
        r"""<(?:script|img|source|iframe|video)\b[^>]*\b(?:src|srcset)=["']?(?:https?:)?//"""
        r"""|<link\b[^>]*\bhref=["']?(?:https?:)?//"""
        r"""|(?:@import\s+|url\()["']?(?:https?:)?//"""
    )
    pages = [*site.rglob("*.html"), *site.rglob("*.css")]
    assert len(pages) > len(RESOURCE_TYPES)
    for page in pages:
        assert loads.findall(page.read_text(encoding="utf-8")) == [], page


def test_reference_is_complete(site: Path) -> None:
    def page(name: str) -> str:
        return (site / "reference" / name).read_text(encoding="utf-8")

    for name in RESOURCE_TYPES:
        text = page(f"resources/{name}.html")
        assert all(f">{heading}<" in text for heading in ("Destroy", "Scopes", "Import id"))
        assert f"cases.{name}" in re.sub(r"<[^>]+>", "", text)
    text = page("lookups.html")
    assert [name for name in lookups.lookup_names() if f"{name}_output" not in text] == []
    text = page("configuration.html")
    assert [scope for scope in SCOPES if f">{scope}<" not in text] == []
    assert [each.key for each in all_settings() if f">{each.key}<" not in text] == []
    assert [each.key for each in all_settings() if f">{each.variable}<" not in text] == []


def test_component_reference_describes_every_argument_and_key(site: Path) -> None:
    text = (site / "reference" / "components.html").read_text(encoding="utf-8")
    described = dict(
        re.findall(r"<td><code>(\w+)</code>.*?</td>\s*<td>.+?</td>\s*<td>(.+?)</td>", text)
    )
    for cls in components.component_classes():
        arguments = inspect.signature(cls.__init__).parameters.keys() - {
            "self",
            "resource_name",
            "opts",
        }
        assert arguments <= described.keys(), cls
        assert f'id="{cls.__name__.lower()}"' in text
    keys = [*CaseDeskProjectArgs.__annotations__, *EscalationRungArgs.__annotations__]
    assert [key for key in keys if key not in described] == []
    assert "self.declare" not in text  # no source


@pytest.mark.parametrize("name", RESOURCE_TYPES)
def test_reference_lists_scopes_of_docstring(name: str, site: Path) -> None:
    page = (site / "reference" / "resources" / f"{name}.html").read_text(encoding="utf-8")
    listed = re.findall(r"<strong>Scopes</strong></td>\s*<td>(.+?)</td>", page)[0]
    named = re.findall(r"\w+_(?:read|write)\b", RESOURCE_TYPES[name].__doc__ or "")
    assert [scope for scope in named if scope not in listed] == []
