"""The models of requests and responses: what they accept, keep, reject and send."""

import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pydantic
import pytest

from pulumi_datadog_cases import models
from pulumi_datadog_cases.api import Client, InvalidResponse, Item, items

if TYPE_CHECKING:
    from tests.api.conftest import Server

INSIGHT = {"type": "MONITOR", "ref": "/monitors/1", "resource_id": "1"}
ATTRIBUTES = {"key": "SEC-12", "title": "Odd login"}
CASE = {"id": "c-1", "type": "case", "attributes": ATTRIBUTES}


def answer(server: "Server", **attributes: object) -> None:
    """Let the server respond with a case that has these attributes."""
    server.answer(200, {"data": {**CASE, "attributes": {**ATTRIBUTES, **attributes}}})


def sent(server: "Server") -> object:
    """The attributes in the body of the first request."""
    body: Any = server.seen[0].body
    return body["data"]["attributes"]


def test_attributes_have_types(client: Client, server: "Server") -> None:
    answer(
        server,
        priority="P2",
        created_at="2026-01-02T03:04:05.123456789Z",
        attributes={"env": ["prod"]},
        custom_attributes={"hosts": {"type": "TEXT", "is_multi": True, "value": ["a", "b"]}},
        insights=[INSIGHT],
    )
    found = client.cases.get("SEC-12").attributes
    assert found.priority == "P2"
    assert found.created_at == datetime(2026, 1, 2, 3, 4, 5, 123456, UTC)
    assert found.attributes == {"env": ["prod"]}
    assert found.custom_attributes["hosts"].value == ["a", "b"]
    assert found.insights[0].ref == "/monitors/1"


def test_missing_and_null_attributes_are_equal(client: Client, server: "Server") -> None:
    answer(server, insights=None, jira_issue=None)
    found = client.cases.get("SEC-12").attributes
    assert (found.insights, found.jira_issue, found.archived_at) == ((), None, None)


def test_unknown_members_and_enum_values_are_kept(client: Client, server: "Server") -> None:
    answer(server, priority="P9", mood={"level": 3}, insights=[{**INSIGHT, "seen": 1}])
    item = client.cases.get("SEC-12")
    assert item.attributes.priority == "P9"
    assert item.attributes.model_extra == {"mood": {"level": 3}}
    assert item.attributes.insights[0].model_extra == {"seen": 1}
    assert item.values()["mood"] == {"level": 3}


def test_relationships_name_related_objects(client: Client, server: "Server") -> None:
    project = {"data": {"id": "p-1", "type": "project"}}
    server.answer(200, {"data": {**CASE, "relationships": {"project": project, "assignee": None}}})
    found = client.cases.get("SEC-12").relationships
    assert found.project is not None
    assert found.project.id == "p-1"
    assert found.assignee is None


def test_invalid_value_is_reported_on_access(client: Client, server: "Server") -> None:
    answer(server, created_at="yesterday")
    item = client.cases.get("SEC-12")
    with pytest.raises(InvalidResponse) as error:
        _ = item.attributes
    assert str(error.value).startswith(
        "the case c-1 has an unexpected form: attributes.created_at: Input should be a valid "
        "datetime"
    )
    assert str(error.value).endswith("values() returns them unvalidated.")
    assert item.values()["created_at"] == "yesterday"


def test_number_is_accepted_as_an_id(client: Client, server: "Server") -> None:
    answer(server, public_id=99269)
    assert client.cases.get("SEC-12").attributes.public_id == "99269"


def test_model_cannot_be_changed(client: Client, server: "Server") -> None:
    """Lookups with equal arguments return the same object, so no caller may change it."""
    answer(server)
    with pytest.raises(pydantic.ValidationError, match="frozen"):
        client.cases.get("SEC-12").attributes.title = "Changed"


def test_request_sends_only_set_members(client: Client, server: "Server") -> None:
    answer(server)
    value = models.CustomAttributeValue(type="NUMBER", is_multi=True, value=[1, 2.5])
    request = models.CaseRequest(title="t", type_id="x", custom_attributes={"n": value})
    client.cases.create(request, project_id="p")
    assert sent(server) == {
        "title": "t",
        "type_id": "x",
        "custom_attributes": {"n": {"type": "NUMBER", "is_multi": True, "value": [1, 2.5]}},
    }


def test_none_and_unknown_members_are_sent(client: Client, server: "Server") -> None:
    server.answer(200, {"data": {"id": "p", "type": "project", "attributes": {}}})
    client.projects.update(
        "p", models.ProjectUpdate.model_validate({"name": None, "new": {"a": 1}})
    )
    assert sent(server) == {"name": None, "new": {"a": 1}}


def test_bulk_update_takes_a_model(client: Client, server: "Server") -> None:
    server.answer(200)
    client.cases.bulk("priority", ["SEC-1"], models.BulkPriority(priority="P2"))
    assert sent(server) == {
        "type": "priority",
        "case_ids": ["SEC-1"],
        "payload": {"priority": "P2"},
    }


def test_times_are_sent_as_text(client: Client, server: "Server") -> None:
    server.answer(200, {"data": {"id": "w", "type": "maintenance_window", "attributes": {}}})
    end = datetime(2026, 1, 2, 3, tzinfo=UTC)
    client.maintenance_windows.update("w", models.MaintenanceWindowUpdate(end_at=end))
    assert sent(server) == {"end_at": "2026-01-02T03:00:00Z"}


KINDS = [kind for name, kind in vars(items).items() if name.endswith("Item") and name != "Item"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_object_has_its_models(kind: type[Item]) -> None:
    relationships = kind("1", "x", {}, {"user": {}}).relationships
    assert isinstance(relationships, models.Model)


def test_pydantic_is_imported_when_a_model_is_read() -> None:
    program = """
import sys
from pulumi_datadog_cases.api import CaseItem, Client
item = CaseItem("1", "case", {"key": "SEC-1", "title": "t"}, {})
assert item.values() == {"key": "SEC-1", "title": "t"}
assert "pydantic" not in sys.modules
assert item.attributes.key == "SEC-1"
assert "pydantic" in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)
