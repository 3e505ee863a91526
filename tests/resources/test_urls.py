"""Tests that the output `url` of a project and of a case is a page that shows the object."""

from typing import TYPE_CHECKING

import requests

import pulumi_datadog_cases as cases

if TYPE_CHECKING:
    from tests.resources.harness.in_process import NewDeployment


def page(url: object) -> str:
    response = requests.get(str(url), timeout=30)
    response.raise_for_status()
    return response.text


def test_urls_open_the_pages_of_the_objects(new_deployment: "NewDeployment") -> None:
    project, case = new_deployment(cases.Project), new_deployment(cases.Case)
    project.up({"key": "SEC", "name": "Security"})
    case.up({"project_id": project.id, "title": "Stolen laptop"})
    assert str(case.outputs["url"]).endswith("/cases/SEC-1")
    assert "<h1>" in page(case.outputs["url"])
    assert "Stolen laptop" in page(case.outputs["url"])
    other = new_deployment(cases.Project)
    other.up({"key": "OPS", "name": "Operations"})
    assert "Stolen laptop" in page(project.outputs["url"])
    assert "Stolen laptop" not in page(other.outputs["url"])


def test_url_follows_the_key_of_a_moved_case(new_deployment: "NewDeployment") -> None:
    source, target, case = (
        new_deployment(cases.Project),
        new_deployment(cases.Project),
        new_deployment(cases.Case),
    )
    source.up({"key": "SEC", "name": "Security"})
    target.up({"key": "OPS", "name": "Operations"})
    case.up({"project_id": source.id, "title": "Stolen laptop"})
    case.up({"project_id": target.id, "title": "Stolen laptop"})
    assert str(case.outputs["url"]).endswith("/cases/OPS-1")
