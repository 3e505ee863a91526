from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeAlias

import pytest
from datadog_api_client.v2.api.case_management_api import CaseManagementApi
from datadog_api_client.v2.api.case_management_attribute_api import CaseManagementAttributeApi
from datadog_api_client.v2.model.case_assign_request import CaseAssignRequest
from datadog_api_client.v2.model.case_empty_request import CaseEmptyRequest
from datadog_api_client.v2.model.case_update_attributes_request import CaseUpdateAttributesRequest
from datadog_api_client.v2.model.case_update_custom_attribute_request import (
    CaseUpdateCustomAttributeRequest,
)
from datadog_api_client.v2.model.case_update_description_request import CaseUpdateDescriptionRequest
from datadog_api_client.v2.model.case_update_due_date_request import CaseUpdateDueDateRequest
from datadog_api_client.v2.model.case_update_priority_request import CaseUpdatePriorityRequest
from datadog_api_client.v2.model.case_update_resolved_reason_request import (
    CaseUpdateResolvedReasonRequest,
)
from datadog_api_client.v2.model.case_update_status_request import CaseUpdateStatusRequest
from datadog_api_client.v2.model.case_update_title_request import CaseUpdateTitleRequest
from datadog_api_client.v2.model.custom_attribute_config_create_request import (
    CustomAttributeConfigCreateRequest,
)

Body: TypeAlias = Callable[[type[Any], object], Any]
Make: TypeAlias = Callable[..., Any]


ME = "5a9d0c00-0000-4000-8000-000000000001"
BELA = "5a9d0c00-0000-4000-8000-000000000002"
STANDARD = "00000000-0000-0000-0000-000000000001"
EMPTY = {"type": "case"}


def case(**attributes: object) -> dict[str, object]:
    return {"type": "case", "attributes": attributes}


def test_create_case(make_case: Make, project_id: str) -> None:
    made = make_case(title="Leak", description="d", priority="P1", assignee=BELA)
    attributes = made.attributes
    assert (str(made.type), attributes.key, attributes.title) == ("case", "SEC-1", "Leak")
    assert (attributes.description, str(attributes.priority)) == ("d", "P1")
    assert (str(attributes.type), attributes.type_id) == ("STANDARD", STANDARD)
    assert (attributes.status_name, str(attributes.status)) == ("Open", "OPEN")
    assert str(attributes.status_group) == "SG_OPEN"
    assert attributes.created_at.utcoffset() == timedelta(0)
    related = made.relationships
    assert related.project.data.id == project_id
    assert (related.created_by.data.id, related.assignee.data.id) == (ME, BELA)


def test_get_case(cases: CaseManagementApi, make_case: Make) -> None:
    made = make_case()
    assert cases.get_case(made.id).data == made
    assert cases.get_case("SEC-1").data == made


def test_update_case_title(cases: CaseManagementApi, body: Body, case_id: str) -> None:
    request = body(CaseUpdateTitleRequest, case(title="New"))
    changed = cases.update_case_title(case_id, request).data
    assert changed.attributes.title == "New"
    assert changed.attributes.modified_at > changed.attributes.created_at
    assert changed.relationships.modified_by.data.id == ME


def test_update_case_description(cases: CaseManagementApi, body: Body, case_id: str) -> None:
    request = body(CaseUpdateDescriptionRequest, case(description="New"))
    changed = cases.update_case_description(case_id, request).data
    assert changed.attributes.description == "New"


def test_update_priority(cases: CaseManagementApi, body: Body, case_id: str) -> None:
    request = body(CaseUpdatePriorityRequest, case(priority="P2"))
    assert str(cases.update_priority(case_id, request).data.attributes.priority) == "P2"


@pytest.mark.parametrize("sent", [{"status_name": "Closed"}, {"status": "CLOSED"}])
def test_update_status(
    cases: CaseManagementApi, body: Body, case_id: str, sent: dict[str, object]
) -> None:
    request = body(CaseUpdateStatusRequest, case(**sent))
    attributes = cases.update_status(case_id, request).data.attributes
    assert (attributes.status_name, str(attributes.status)) == ("Closed", "CLOSED")
    assert str(attributes.status_group) == "SG_CLOSED"
    assert attributes.closed_at >= attributes.created_at


def test_assign_case(cases: CaseManagementApi, body: Body, case_id: str) -> None:
    changed = cases.assign_case(case_id, body(CaseAssignRequest, case(assignee_id=BELA))).data
    assert changed.relationships.assignee.data.id == BELA


def test_unassign_case(cases: CaseManagementApi, body: Body, make_case: Make) -> None:
    assigned = make_case(assignee=BELA)
    changed = cases.unassign_case(assigned.id, body(CaseEmptyRequest, EMPTY)).data
    assert "assignee" in assigned.relationships
    assert "assignee" not in changed.relationships


def test_archive_case(cases: CaseManagementApi, body: Body, case_id: str) -> None:
    attributes = cases.archive_case(case_id, body(CaseEmptyRequest, EMPTY)).data.attributes
    assert attributes.archived_at >= attributes.created_at
    assert str(attributes.status) == "OPEN"


def test_unarchive_case(cases: CaseManagementApi, body: Body, case_id: str) -> None:
    cases.archive_case(case_id, body(CaseEmptyRequest, EMPTY))
    changed = cases.unarchive_case(case_id, body(CaseEmptyRequest, EMPTY)).data
    assert "archived_at" not in changed.attributes


def test_update_attributes(cases: CaseManagementApi, body: Body, case_id: str) -> None:
    labels = {"env": ["prod", "eu"], "service": ["api"]}
    request = body(CaseUpdateAttributesRequest, case(attributes=labels))
    changed = cases.update_attributes(case_id, request).data.attributes
    assert changed.attributes.to_dict() == labels


@pytest.mark.parametrize("due_date", ["2026-02-28", None])
def test_update_case_due_date(
    cases: CaseManagementApi, body: Body, case_id: str, due_date: str | None
) -> None:
    request = body(CaseUpdateDueDateRequest, case(due_date=due_date))
    assert cases.update_case_due_date(case_id, request).data.id == case_id


def test_update_case_resolved_reason(cases: CaseManagementApi, body: Body, case_id: str) -> None:
    sent = case(security_resolved_reason="FALSE_POSITIVE")
    request = body(CaseUpdateResolvedReasonRequest, sent)
    assert cases.update_case_resolved_reason(case_id, request).data.id == case_id


@pytest.fixture
def define(custom_attributes: CaseManagementAttributeApi, body: Body) -> Callable[..., None]:
    """Return a function that defines a custom attribute of the case type Standard.

    For example, `define("k", "TEXT", is_multi=False)`.
    """

    def defined(key: str, kind: str, *, is_multi: bool) -> None:
        attributes = {"key": key, "display_name": key, "type": kind, "is_multi": is_multi}
        data = {"type": "custom_attribute", "attributes": attributes}
        request = body(CustomAttributeConfigCreateRequest, data)
        custom_attributes.create_custom_attribute_config(STANDARD, request)

    return defined


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("TEXT", "x"),
        ("TEXT", ["Abba", "The Cure"]),
        ("URL", "https://example.com"),
        ("NUMBER", 1.5),
        ("NUMBER", [1.5, 2.5]),
        ("SELECT", "x"),
    ],
)
def test_update_case_custom_attribute(  # noqa: PLR0913, PLR0917 - the table's columns
    cases: CaseManagementApi,
    body: Body,
    define: Callable[..., None],
    case_id: str,
    kind: str,
    value: object,
) -> None:
    is_multi = isinstance(value, list)
    define("k", kind, is_multi=is_multi)
    sent = case(type=kind, is_multi=is_multi, value=value)
    request = body(CaseUpdateCustomAttributeRequest, sent)
    changed = cases.update_case_custom_attribute(case_id, "k", request).data.attributes
    read = changed.custom_attributes["k"]
    assert (str(read.type), read.is_multi, read.value) == (kind, is_multi, value)


def test_delete_case_custom_attribute(
    cases: CaseManagementApi, define: Callable[..., None], make_case: Make
) -> None:
    for key in ("k", "l"):
        define(key, "TEXT", is_multi=False)
    value = {"type": "TEXT", "is_multi": False, "value": "x"}
    made = make_case(custom_attributes={"k": value, "l": value})
    changed = cases.delete_case_custom_attribute(made.id, "k").data
    assert changed.attributes.custom_attributes.keys() == {"l"}
