"""The request that each client method sends, and the value that it returns for the response.

The table `ROWS` has at least one row per endpoint. The rows were written from the API's
documentation, not from the client's code.
"""

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from pulumi_datadog_cases.api import Client, Item, Settings
from pulumi_datadog_cases.api.endpoints.case_iteration import Page
from pulumi_datadog_cases.api.endpoints.group import EndpointGroup
from pulumi_datadog_cases.api.http.json_api import JSON

if TYPE_CHECKING:
    from tests.api.conftest import Server

OBJECT = {"id": "x1", "type": "thing", "attributes": {"name": "n"}}

A = {"name": "n"}
INSIGHT = {"type": "MONITOR", "ref": "/monitors/1", "resource_id": "1"}
TEXT: dict[str, JSON] = {"type": "TEXT", "is_multi": False, "value": "v"}


def data(kind: str, **members: object) -> dict[str, object]:
    return {"data": {"type": kind, **members}}


def attributes(kind: str, values: object) -> dict[str, object]:
    return data(kind, attributes=values)


@dataclass(frozen=True)
class Row:
    """A call of a client method with the expected request.

    Attributes:
        number: the endpoint's number in this table, such as `7`. `S2` is an endpoint for case types
            or for their custom attributes, `U1` an endpoint for users, and `T1` an endpoint for
            teams. If an endpoint has several rows, words after the number tell the rows apart.
        request: the expected method, path and query.
        body: the expected body.
        answers: the kind of response, a key of `RETURNED`.
        call: calls the client method.
    """

    number: str
    request: str
    body: object
    answers: str
    call: Callable[[Client], object]


ROWS = [
    Row("1", "GET /cases/projects/p/rules", None, "list", lambda c: c.automation_rules.list("p")),
    Row(
        "2",
        "POST /cases/projects/p/rules",
        attributes("rule", A),
        "object",
        lambda c: c.automation_rules.create("p", A),
    ),
    Row(
        "3",
        "GET /cases/projects/p/rules/r",
        None,
        "object",
        lambda c: c.automation_rules.get("p", "r"),
    ),
    Row(
        "4",
        "PUT /cases/projects/p/rules/r",
        attributes("rule", A),
        "object",
        lambda c: c.automation_rules.update("p", "r", A),
    ),
    Row(
        "5",
        "DELETE /cases/projects/p/rules/r",
        None,
        "nothing",
        lambda c: c.automation_rules.delete("p", "r"),
    ),
    Row(
        "6",
        "POST /cases/projects/p/rules/r/enable",
        None,
        "object",
        lambda c: c.automation_rules.enable("p", "r"),
    ),
    Row(
        "7",
        "POST /cases/projects/p/rules/r/disable",
        None,
        "object",
        lambda c: c.automation_rules.disable("p", "r"),
    ),
    Row(
        "8",
        "POST /cases",
        data(
            "case",
            attributes=A,
            relationships={
                "project": {"data": {"id": "p", "type": "project"}},
                "assignee": {"data": {"id": "u", "type": "user"}},
            },
        ),
        "object",
        lambda c: c.cases.create(A, project_id="p", assignee_id="u"),
    ),
    Row(
        "8, unassigned",
        "POST /cases",
        data(
            "case",
            attributes=A,
            relationships={"project": {"data": {"id": "p", "type": "project"}}},
        ),
        "object",
        lambda c: c.cases.create(A, project_id="p"),
    ),
    Row(
        "9",
        "GET /cases?filter=status:closed&sort[field]=priority&sort[asc]=false"
        "&page[size]=2&page[number]=3",
        None,
        "page",
        lambda c: c.cases.search(
            "status:closed", sort_field="priority", ascending=False, page_size=2, page=3
        ),
    ),
    Row("10", "GET /cases/k", None, "object", lambda c: c.cases.get("k")),
    Row(
        "11",
        "POST /cases/k/title",
        attributes("case", {"title": "t"}),
        "object",
        lambda c: c.cases.set_title("k", "t"),
    ),
    Row(
        "12",
        "POST /cases/k/description",
        attributes("case", {"description": "d"}),
        "object",
        lambda c: c.cases.set_description("k", "d"),
    ),
    Row(
        "13",
        "POST /cases/k/status",
        attributes("case", {"status_name": "Open"}),
        "object",
        lambda c: c.cases.set_status("k", "Open"),
    ),
    Row(
        "14",
        "POST /cases/k/priority",
        attributes("case", {"priority": "P1"}),
        "object",
        lambda c: c.cases.set_priority("k", "P1"),
    ),
    Row(
        "15",
        "POST /cases/k/assign",
        attributes("case", {"assignee_id": "u"}),
        "object",
        lambda c: c.cases.assign("k", "u"),
    ),
    Row(
        "16",
        "POST /cases/k/unassign",
        data("case"),
        "object",
        lambda c: c.cases.unassign("k"),
    ),
    Row("17", "POST /cases/k/archive", data("case"), "object", lambda c: c.cases.archive("k")),
    Row(
        "18",
        "POST /cases/k/unarchive",
        data("case"),
        "object",
        lambda c: c.cases.unarchive("k"),
    ),
    Row(
        "19",
        "POST /cases/k/attributes",
        attributes("case", {"attributes": {"env": ["prod"]}}),
        "object",
        lambda c: c.cases.set_attributes("k", {"env": ["prod"]}),
    ),
    Row(
        "20",
        "POST /cases/k/comment",
        attributes("case", {"comment": "hi"}),
        "list of one",
        lambda c: c.cases.comment("k", "hi"),
    ),
    Row(
        "21",
        "PUT /cases/k/comment/l",
        attributes("case", {"comment": "hi"}),
        "nothing",
        lambda c: c.cases.update_comment("k", "l", "hi"),
    ),
    Row(
        "22",
        "DELETE /cases/k/comment/l",
        None,
        "nothing",
        lambda c: c.cases.delete_comment("k", "l"),
    ),
    Row(
        "23",
        "POST /cases/k/custom_attributes/count",
        attributes("case", TEXT),
        "object",
        lambda c: c.cases.set_custom_attribute("k", "count", TEXT),
    ),
    Row(
        "24",
        "DELETE /cases/k/custom_attributes/a",
        None,
        "object",
        lambda c: c.cases.delete_custom_attribute("k", "a"),
    ),
    Row(
        "25",
        "POST /cases/k/due_date",
        attributes("case", {"due_date": "2026-01-31"}),
        "object",
        lambda c: c.cases.set_due_date("k", "2026-01-31"),
    ),
    Row(
        "25, cleared",
        "POST /cases/k/due_date",
        attributes("case", {"due_date": None}),
        "object",
        lambda c: c.cases.set_due_date("k", None),
    ),
    Row(
        "26",
        "POST /cases/k/resolved_reason",
        attributes("case", {"security_resolved_reason": "FALSE_POSITIVE"}),
        "object",
        lambda c: c.cases.set_resolved_reason("k", "FALSE_POSITIVE"),
    ),
    Row(
        "27",
        "POST /cases/aggregate",
        attributes(
            "aggregate",
            {"query_filter": "q", "group_by": {"groups": ["status"], "limit": 5}},
        ),
        "object",
        lambda c: c.cases.aggregate("q", groups=["status"], limit=5),
    ),
    Row(
        "28",
        "GET /cases/count?query_filter=q&group_bys=status,priority&limit=5",
        None,
        "object",
        lambda c: c.cases.count("q", group_bys=["status", "priority"], limit=5),
    ),
    Row("28, of all", "GET /cases/count", None, "object", lambda c: c.cases.count()),
    Row(
        "29",
        "POST /cases/bulk",
        attributes("bulk", {"type": "priority", "case_ids": ["k"], "payload": {"priority": "P1"}}),
        "nothing",
        lambda c: c.cases.bulk("priority", ["k"], {"priority": "P1"}),
    ),
    Row(
        "29, no payload",
        "POST /cases/bulk",
        attributes("bulk", {"type": "archive", "case_ids": ["k"]}),
        "nothing",
        lambda c: c.cases.bulk("archive", ["k"]),
    ),
    Row("30", "GET /cases/projects/favorites", None, "list", lambda c: c.projects.favorites()),
    Row(
        "31",
        "POST /cases/projects/p/favorites",
        None,
        "nothing",
        lambda c: c.projects.favorite("p"),
    ),
    Row(
        "32",
        "DELETE /cases/projects/p/favorites",
        None,
        "nothing",
        lambda c: c.projects.unfavorite("p"),
    ),
    Row(
        "33",
        "PUT /cases/k/insights",
        attributes("case", {"insights": [INSIGHT]}),
        "object",
        lambda c: c.cases.add_insights("k", [INSIGHT]),
    ),
    Row(
        "34",
        "DELETE /cases/k/insights",
        attributes("case", {"insights": [INSIGHT]}),
        "object",
        lambda c: c.cases.remove_insights("k", [INSIGHT]),
    ),
    Row(
        "35",
        "GET /cases/link?entity_type=CASE&entity_id=k&relationship=BLOCKS",
        None,
        "list",
        lambda c: c.case_links.list("CASE", "k", "BLOCKS"),
    ),
    Row(
        "36",
        "POST /cases/link",
        attributes("link", A),
        "object",
        lambda c: c.case_links.create(A),
    ),
    Row("37", "DELETE /cases/link/l", None, "nothing", lambda c: c.case_links.delete("l")),
    Row("38", "GET /maintenance_windows", None, "list", lambda c: c.maintenance_windows.list()),
    Row(
        "39",
        "POST /maintenance_windows",
        attributes("maintenance_window", A),
        "object",
        lambda c: c.maintenance_windows.create(A),
    ),
    Row(
        "40",
        "PUT /maintenance_windows/w",
        attributes("maintenance_window", A),
        "object",
        lambda c: c.maintenance_windows.update("w", A),
    ),
    Row(
        "41",
        "DELETE /maintenance_windows/w",
        None,
        "nothing",
        lambda c: c.maintenance_windows.delete("w"),
    ),
    Row(
        "42",
        "GET /cases/projects/p/notification_rules",
        None,
        "list",
        lambda c: c.notification_rules.list("p"),
    ),
    Row(
        "43",
        "POST /cases/projects/p/notification_rules",
        attributes("notification_rule", A),
        "object",
        lambda c: c.notification_rules.create("p", A),
    ),
    Row(
        "44",
        "PUT /cases/projects/p/notification_rules/r",
        attributes("notification_rule", A),
        "nothing",
        lambda c: c.notification_rules.update("p", "r", A),
    ),
    Row(
        "45",
        "DELETE /cases/projects/p/notification_rules/r",
        None,
        "nothing",
        lambda c: c.notification_rules.delete("p", "r"),
    ),
    Row(
        "46",
        "POST /cases/projects",
        attributes("project", A),
        "object",
        lambda c: c.projects.create(A),
    ),
    Row("47", "GET /cases/projects", None, "list", lambda c: c.projects.list()),
    Row("48", "GET /cases/projects/p", None, "object", lambda c: c.projects.get("p")),
    Row("49", "DELETE /cases/projects/p", None, "nothing", lambda c: c.projects.delete("p")),
    Row(
        "50",
        "PATCH /cases/projects/p",
        attributes("project", A),
        "object",
        lambda c: c.projects.update("p", A),
    ),
    Row(
        "51",
        "PATCH /cases/k/relationships/project",
        data("project", id="p"),
        "object",
        lambda c: c.cases.move("k", "p"),
    ),
    Row(
        "52",
        "POST /cases/k/relationships/incidents",
        data("incidents", id="i"),
        "object",
        lambda c: c.cases.link_incident("k", "i"),
    ),
    Row(
        "53",
        "POST /cases/k/relationships/jira_issues",
        attributes("issues", A),
        "nothing",
        lambda c: c.cases.create_jira_issue("k", A),
    ),
    Row(
        "54",
        "PATCH /cases/k/relationships/jira_issues",
        attributes("issues", {"jira_issue_url": "https://jira/browse/X-1"}),
        "nothing",
        lambda c: c.cases.link_jira_issue("k", "https://jira/browse/X-1"),
    ),
    Row(
        "55",
        "DELETE /cases/k/relationships/jira_issues",
        None,
        "nothing",
        lambda c: c.cases.unlink_jira_issue("k"),
    ),
    Row(
        "56",
        "POST /cases/k/relationships/servicenow_tickets",
        attributes("tickets", A),
        "nothing",
        lambda c: c.cases.create_service_now_ticket("k", A),
    ),
    Row(
        "57",
        "POST /cases/k/relationships/notebook",
        data("notebook"),
        "nothing",
        lambda c: c.cases.create_notebook("k"),
    ),
    Row(
        "58",
        "GET /cases/k/timelines?sort[ascending]=true&page[size]=5&page[number]=0",
        None,
        "list",
        lambda c: c.cases.timeline("k", ascending=True, page_size=5),
    ),
    Row("59", "GET /cases/views?project_id=p", None, "list", lambda c: c.case_views.list("p")),
    Row(
        "60",
        "POST /cases/views",
        attributes("view", A),
        "object",
        lambda c: c.case_views.create(A),
    ),
    Row("61", "GET /cases/views/v", None, "object", lambda c: c.case_views.get("v")),
    Row(
        "62",
        "PUT /cases/views/v",
        attributes("view", A),
        "object",
        lambda c: c.case_views.update("v", A),
    ),
    Row("63", "DELETE /cases/views/v", None, "nothing", lambda c: c.case_views.delete("v")),
    Row("64", "GET /cases/k/watchers", None, "list", lambda c: c.cases.watchers("k")),
    Row("65", "POST /cases/k/watchers/u", None, "nothing", lambda c: c.cases.watch("k", "u")),
    Row("66", "DELETE /cases/k/watchers/u", None, "nothing", lambda c: c.cases.unwatch("k", "u")),
    Row("S1", "GET /cases/types", None, "list", lambda c: c.case_types.list()),
    Row(
        "S2",
        "POST /cases/types",
        attributes("case_type", A),
        "object",
        lambda c: c.case_types.create(A),
    ),
    Row(
        "S3",
        "PUT /cases/types/t",
        attributes("case_type", A),
        "object",
        lambda c: c.case_types.update("t", A),
    ),
    Row("S4", "DELETE /cases/types/t", None, "nothing", lambda c: c.case_types.delete("t")),
    Row(
        "S5",
        "GET /cases/types/custom_attributes",
        None,
        "list",
        lambda c: c.custom_attributes.list_all(),
    ),
    Row(
        "S6",
        "GET /cases/types/t/custom_attributes",
        None,
        "list",
        lambda c: c.custom_attributes.list("t"),
    ),
    Row(
        "S7",
        "POST /cases/types/t/custom_attributes",
        attributes("custom_attribute", A),
        "object",
        lambda c: c.custom_attributes.create("t", A),
    ),
    Row(
        "S8",
        "PUT /cases/types/t/custom_attributes/a",
        attributes("custom_attribute", A),
        "object",
        lambda c: c.custom_attributes.update("t", "a", A),
    ),
    Row(
        "S9",
        "DELETE /cases/types/t/custom_attributes/a",
        None,
        "nothing",
        lambda c: c.custom_attributes.delete("t", "a"),
    ),
    Row("U1", "GET /users/u", None, "object", lambda c: c.users.get("u")),
    Row("U2", "GET /current_user", None, "object", lambda c: c.users.current()),
    Row(
        "U3",
        "GET /users?filter=ann&page[size]=100&page[number]=0",
        None,
        "list",
        lambda c: c.users.list("ann"),
    ),
    Row("T1", "GET /team/t", None, "object", lambda c: c.teams.get("t")),
    Row(
        "T2",
        "GET /team?filter[keyword]=soc&page[size]=100&page[number]=0",
        None,
        "list",
        lambda c: c.teams.list("soc"),
    ),
]

RETURNED = {
    "object": OBJECT,
    "list": [OBJECT],
    "list of one": OBJECT,
    "page": ([OBJECT], 3, 4, 7),
    "nothing": None,
}


@pytest.mark.parametrize("row", [pytest.param(row, id=row.number) for row in ROWS])
def test_method_sends_documented_request(row: Row, client: Client, server: "Server") -> None:
    match row.answers:
        case "nothing":
            server.answer(204)
        case "object":
            server.answer(200, {"data": OBJECT})
        case "page":
            meta = {"page": {"current": 3, "size": 1, "total": 4}, "total_cases": 7}
            server.answer(200, {"data": [OBJECT], "meta": meta, "included": []})
        case _:
            server.answer(200, {"data": [OBJECT]})

    returned = row.call(client)

    (seen,) = server.seen
    method, _, target = row.request.partition(" ")
    path, _, query = target.partition("?")
    assert (seen.method, seen.path) == (method, f"/api/v2{path}")
    assert seen.query == dict(pair.split("=") for pair in query.split("&") if pair)
    assert seen.body == row.body
    assert seen.headers.get("content-type") == ("application/json" if row.body else None)
    assert plain(returned) == RETURNED[row.answers]


def plain(returned: object) -> object:
    match returned:
        case Item():
            return {"id": returned.id, "type": returned.type, "attributes": returned.raw_attributes}
        case Page():
            return (plain(returned.items), returned.number, returned.pages, returned.total)
        case list():
            return [plain(item) for item in returned]
    return returned


def test_every_endpoint_has_a_row() -> None:
    numbers = {re.split(r"\W", row.number)[0] for row in ROWS}
    assert numbers >= {*map(str, range(1, 67)), *(f"S{number}" for number in range(1, 10))}


def test_every_client_method_has_a_row() -> None:
    client = Client(Settings("api", "app", "http://127.0.0.1:1"))
    methods = {
        (family, method)
        for family, member in vars(client).items()
        if isinstance(member, EndpointGroup)
        for method, _ in inspect.getmembers(member, inspect.ismethod)
        if not method.startswith("_")
    }
    tested = {row.call.__code__.co_names[:2] for row in ROWS}
    assert methods - tested == {
        ("cases", "iterate"),
        ("cases", "iterate_timeline"),
        ("users", "organization"),
    }
