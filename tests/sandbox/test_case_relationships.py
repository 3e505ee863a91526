from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
import requests

Send: TypeAlias = Callable[..., requests.Response]
Make: TypeAlias = Callable[..., dict[str, Any]]
Start: TypeAlias = Callable[..., str]

NOBODY = "67d80aa3-36ff-44b9-a694-c501a7591737"
JIRA_URL = "https://jira.example.com/browse/PROJ-123"

# The values are times in milliseconds: how long the creation of a Jira issue or a ServiceNow ticket
# takes in the sandbox of the test.
AT_ONCE = pytest.mark.parametrize("sandbox_url", ["0"], indirect=True)
NOT_YET = pytest.mark.parametrize("sandbox_url", ["600000"], indirect=True)
SOON = pytest.mark.parametrize("sandbox_url", ["300"], indirect=True)


@pytest.fixture(scope="module")
def sandbox_url(request: pytest.FixtureRequest, start: Start) -> str:
    """The URL of a sandbox. A mark such as `AT_ONCE` sets the option `--async-delay`."""
    return start("--async-delay", request.param)


def issue(**changes: object) -> dict[str, object]:
    whole = {"jira_account_id": "1", "project_id": "10001", "issue_type_id": "3"}
    return {"type": "issues", "attributes": {**whole, **changes}}


def jira_link(url: str = JIRA_URL) -> dict[str, object]:
    return {"type": "issues", "attributes": {"jira_issue_url": url}}


def ticket(**attributes: object) -> dict[str, object]:
    return {"type": "tickets", "attributes": attributes}


@pytest.fixture
def case_attribute(send: Send, case_id: str) -> Callable[[str], Any]:
    """Returns an attribute of the case."""

    def case_attribute(name: str) -> Any:  # noqa: ANN401 - JSON
        return send("GET", f"/cases/{case_id}").json()["data"]["attributes"].get(name)

    return case_attribute


JIRA = "/cases/SEC-1/relationships/jira_issues"
SERVICE_NOW = "/cases/SEC-1/relationships/servicenow_tickets"
TICKETS = [
    ("jira_issue", JIRA, issue(fields={"labels": ["a"]}), issue(project_id="FAIL")),
    (
        "service_now_ticket",
        SERVICE_NOW,
        ticket(instance_name="acme", assignment_group="x"),
        ticket(instance_name="acme-failing"),
    ),
]


@NOT_YET
@pytest.mark.parametrize(("attribute", "path", "data", "failing"), TICKETS)
def test_tickets_are_in_progress_before_delay(  # noqa: PLR0913, PLR0917 - the table's columns
    send: Send,
    case_attribute: Callable[[str], Any],
    attribute: str,
    path: str,
    data: object,
    failing: object,
) -> None:
    response = send("POST", path, data)
    assert (response.status_code, response.content) == (202, b"")
    assert case_attribute(attribute) == {"status": "IN_PROGRESS"}
    assert "modified_at" in send("GET", "/cases/SEC-1").json()["data"]["attributes"]
    for again in (data, failing):
        assert send("POST", path, again).status_code == 400


@SOON
def test_tickets_are_completed_after_delay(
    send: Send, case_attribute: Callable[[str], Any]
) -> None:
    send("POST", JIRA, issue())
    seen = [case_attribute("jira_issue")["status"]]
    while seen[-1] == "IN_PROGRESS":
        seen.append(case_attribute("jira_issue")["status"])
    assert (seen[0], seen[-1]) == ("IN_PROGRESS", "COMPLETED")


@AT_ONCE
@pytest.mark.parametrize(("attribute", "path", "data", "failing"), TICKETS)
def test_failed_ticket_can_be_requested_again(  # noqa: PLR0913, PLR0917 - the table's columns
    send: Send,
    case_attribute: Callable[[str], Any],
    attribute: str,
    path: str,
    data: object,
    failing: object,
) -> None:
    assert send("POST", path, failing).status_code == 202
    assert case_attribute(attribute) == {"status": "FAILED"}
    assert send("POST", path, data).status_code == 202
    assert case_attribute(attribute)["status"] == "COMPLETED"


@AT_ONCE
def test_ticket_results(send: Send, case_attribute: Callable[[str], Any]) -> None:
    send("POST", JIRA, issue())
    result = case_attribute("jira_issue")["result"]
    assert result.pop("issue_id")
    key, project = result["issue_key"], result["project_key"]
    assert key.startswith(f"{project}-")
    assert result["issue_url"].endswith(f"/{key}")
    send("POST", SERVICE_NOW, ticket(instance_name="acme"))
    link = case_attribute("service_now_ticket")["result"]["sys_target_link"]
    assert link.startswith("https://acme.service-now.com/")


@AT_ONCE
def test_move_drops_jira_issue(send: Send, make: Make, case_id: str) -> None:
    other = make("/cases/projects", "project", key="OPS", name="Operations")["id"]
    assert send("PATCH", JIRA, jira_link()).ok
    move = {"type": "project", "id": other}
    assert send("PATCH", f"/cases/{case_id}/relationships/project", move).ok
    case = send("GET", f"/cases/{case_id}").json()["data"]
    assert "jira_issue" not in case["attributes"]


@AT_ONCE
def test_links_and_unlinks_jira_issue(
    send: Send, make_case: Make, case_attribute: Callable[[str], Any]
) -> None:
    make_case()
    linked = send("PATCH", JIRA, jira_link())
    assert (linked.status_code, linked.content) == (204, b"")
    issue_id = case_attribute("jira_issue")["result"]["issue_id"]
    assert case_attribute("jira_issue") == {
        "status": "COMPLETED",
        "result": {
            "issue_id": issue_id,
            "issue_key": "PROJ-123",
            "issue_url": JIRA_URL,
            "project_key": "PROJ",
        },
    }
    # A case has at most one issue, and an issue belongs to at most one case.
    for path, url in (
        (JIRA, JIRA_URL),
        (JIRA, f"{JIRA_URL}4"),
        ("/cases/SEC-2/relationships/jira_issues", JIRA_URL),
    ):
        response = send("PATCH", path, jira_link(url))
        assert response.status_code == 409
        assert response.json()["errors"][0].keys() == {"status", "title", "detail"}
    assert send("POST", JIRA, issue()).status_code == 400
    unlinked = send("DELETE", JIRA)
    assert (unlinked.status_code, unlinked.content) == (204, b"")
    assert case_attribute("jira_issue") is None
    assert send("DELETE", JIRA).status_code == 404
    assert send("PATCH", "/cases/SEC-2/relationships/jira_issues", jira_link()).status_code == 204


@NOT_YET
def test_pending_jira_issue_is_a_conflict(send: Send, case_attribute: Callable[[str], Any]) -> None:
    send("POST", JIRA, issue())
    assert send("PATCH", JIRA, jira_link()).status_code == 409
    assert send("DELETE", JIRA).status_code == 204
    assert case_attribute("jira_issue") is None


@AT_ONCE
def test_incidents_and_notebooks_are_only_in_store(send: Send, make_case: Make) -> None:
    before = make_case()["attributes"]
    path = "/cases/SEC-1/relationships"
    for _ in range(2):
        linked = send("POST", f"{path}/incidents", {"type": "incidents", "id": NOBODY})
        assert linked.status_code == 201
        made = send("POST", f"{path}/notebook", {"type": "notebook"})
        assert (made.status_code, made.content) == (204, b"")
    after = send("GET", "/cases/SEC-1").json()["data"]["attributes"]
    assert after.pop("modified_at")
    assert after == before
    stored = send("GET", "/sandbox/objects/SEC-1").json()
    assert stored["incident_ids"] == [NOBODY]
    notebook_id = stored["notebook_id"]
    assert notebook_id
    send("POST", f"{path}/notebook", {"type": "notebook"})
    assert send("GET", "/sandbox/objects/SEC-1").json()["notebook_id"] == notebook_id


@AT_ONCE
@pytest.mark.parametrize(
    ("method", "path", "data"),
    [
        ("POST", "incidents", {"type": "incident", "id": NOBODY}),
        ("POST", "incidents", {"type": "incidents", "id": "1"}),
        ("POST", "jira_issues", issue(project_id="")),
        ("POST", "jira_issues", issue(jira_issue_url=JIRA_URL)),
        ("POST", "jira_issues", {"type": "issue", "attributes": {}}),
        ("PATCH", "jira_issues", jira_link("PROJ-123")),
        ("PATCH", "jira_issues", jira_link("https://jira.example.com/browse/")),
        ("POST", "servicenow_tickets", ticket()),
        ("POST", "servicenow_tickets", ticket(instance_name="")),
        ("POST", "notebook", {"type": "notebooks"}),
        ("POST", "notebook", None),
    ],
)
def test_rejects_invalid_requests(
    send: Send, case_id: str, method: str, path: str, data: object
) -> None:
    response = send(method, f"/cases/{case_id}/relationships/{path}", data)
    assert response.status_code == 400
    missing = send(method, f"/cases/{NOBODY}/relationships/{path}", data)
    assert missing.status_code == 400  # the body is checked first


@AT_ONCE
@pytest.mark.parametrize(
    ("method", "path", "data"),
    [
        ("POST", "incidents", {"type": "incidents", "id": NOBODY}),
        ("POST", "jira_issues", issue()),
        ("PATCH", "jira_issues", jira_link()),
        ("DELETE", "jira_issues", None),
        ("POST", "servicenow_tickets", ticket(instance_name="acme")),
        ("POST", "notebook", {"type": "notebook"}),
    ],
)
def test_missing_case_is_not_found(send: Send, method: str, path: str, data: object) -> None:
    response = send(method, f"/cases/{NOBODY}/relationships/{path}", data)
    assert (response.status_code, response.json()["errors"][0]["title"]) == (404, "case not found")
