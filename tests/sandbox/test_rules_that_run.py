"""Which rules an event sets off, what is told of it, and that the API knows nothing of it."""

import json
from collections.abc import Callable
from contextlib import closing
from typing import Any, TypeAlias

import pytest
import requests

from datadog_cases_sandbox import clock
from datadog_cases_sandbox.endpoints import case_types, registry
from datadog_cases_sandbox.endpoints.automation_rules import AutomationRule
from datadog_cases_sandbox.endpoints.cases import Case
from datadog_cases_sandbox.endpoints.projects import Project
from datadog_cases_sandbox.rules import recorder
from datadog_cases_sandbox.store import MEMORY, Seeds, Store

Send: TypeAlias = Callable[..., requests.Response]
Make: TypeAlias = Callable[..., dict[str, Any]]

EMIL = "5a9d0c00-0000-4000-8000-000000000005"
WORKFLOW = {"type": "EXECUTE_WORKFLOW", "data": {"handle": "enrich"}}
AGENT = {"type": "ASSIGN_AGENT", "data": {"agent_type": "BITS", "assigned_agent_id": "7"}}
CHANNEL = {"type": "SLACK_CHANNEL", "data": {"channel": "#soc", "workspace": "acme"}}
SIGNAL = {"type": "EVENT_CORRELATION", "ref": "/x", "resource_id": "1"}


class Desk:
    """A project and its rules."""

    def __init__(self, send: Send, make: Make, project_id: str) -> None:
        self.send = send
        self._make = make
        self._path = f"/cases/projects/{project_id}"

    def automation(
        self, type_: str, state: str = "ENABLED", action: object = WORKFLOW, **data: str
    ) -> str:
        """Add an automation rule: its id."""
        trigger = {"type": type_, "data": data}
        whole = {"name": "Rule", "trigger": trigger, "action": action, "state": state}
        return str(self._make(f"{self._path}/rules", "rule", **whole)["id"])

    def notification(self, *triggers: object, **attributes: object) -> str:
        """Add a notification rule: its id."""
        whole = {"recipients": [CHANNEL], "triggers": triggers or [{"type": "CASE_CREATED"}]}
        path = f"{self._path}/notification_rules"
        return str(self._make(path, "notification_rule", **{**whole, **attributes})["id"])

    def change(self, case: str, path: str, **values: object) -> None:
        """Change a case with `POST /cases/{case}/{path}`."""
        assert self.send("POST", f"/cases/{case}/{path}", attributes(**values)).ok

    def firings(self, query: str = "") -> list[dict[str, Any]]:
        """What became of rules."""
        found: list[dict[str, Any]] = self.send("GET", f"/sandbox/firings?{query}").json()
        return found

    def told(self, rule: str) -> dict[str, Any]:
        """What became of a rule at the last event."""
        return self.firings(f"rule_id={rule}")[-1]

    def simulate(self, event: str, **asked: object) -> list[dict[str, Any]]:
        """What would become of rules, of the project's if nothing else is said."""
        project = {} if "case_id" in asked else {"project": "SEC"}
        body = json.dumps({"event": event, **project, **asked}).encode()
        answer = self.send("POST", "/sandbox/simulate", body=body)
        assert answer.status_code == 200, answer.text
        told: list[dict[str, Any]] = answer.json()
        return told


@pytest.fixture
def desk(send: Send, make: Make, project_id: str) -> Desk:
    return Desk(send, make, project_id)


@pytest.fixture
def leak(make: Make, make_case: Make) -> dict[str, Any]:
    """A case of the type Leak, whose severity is high."""
    kind = make("/cases/types", "case_type", name="Leak")["id"]
    definition = {"key": "Severity", "display_name": "S", "type": "TEXT", "is_multi": False}
    make(f"/cases/types/{kind}/custom_attributes", "custom_attribute", **definition)
    severity = {"type": "TEXT", "is_multi": False, "value": "high"}
    return make_case(type_id=kind, custom_attributes={"Severity": severity})


def attributes(**values: object) -> dict[str, object]:
    return {"type": "case", "attributes": values}


# --- what is told ----------------------------------------------------------------------------


def test_each_rule_is_told_of_with_what_it_does_and_why(desk: Desk, make_case: Make) -> None:
    created, commented = desk.automation("case_created"), desk.automation("COMMENT_ADDED")
    urgent = desk.notification(query="priority:P1")
    case = make_case(priority="P1")
    told = desk.firings()
    event = {
        "event": "case_created",
        "change": "the case was created",
        "case_id": case["id"],
        "at": told[0]["at"],
    }
    assert told == [
        {
            "rule_id": created,
            "rule_name": "Rule",
            "kind": "automation_rule",
            "fired": True,
            "does": "runs the workflow enrich",
            "why": "the case was created",
            **event,
        },
        {
            "rule_id": commented,
            "rule_name": "Rule",
            "kind": "automation_rule",
            "fired": False,
            "does": "runs the workflow enrich",
            "why": "triggers on COMMENT_ADDED",
            **event,
        },
        {
            "rule_id": urgent,
            "rule_name": None,
            "kind": "notification_rule",
            "fired": True,
            "does": "notifies Slack channel #soc in acme",
            "why": 'the case was created, and the query "priority:P1" matches it',
            **event,
        },
    ]


def test_firings_are_found_by_case_rule_and_outcome(
    send: Send, desk: Desk, make_case: Make
) -> None:
    fires, does_not = desk.automation("CASE_CREATED"), desk.automation("COMMENT_ADDED")
    first, second = (make_case()["id"] for _ in range(2))

    def found(query: str) -> list[tuple[str, str]]:
        return [(one["case_id"], one["rule_id"]) for one in desk.firings(query)]

    assert found(f"case_id={second}") == [(second, fires), (second, does_not)]
    assert found("case_id=SEC-1&fired=true") == [(first, fires)]
    assert found(f"rule_id={does_not}&fired=false") == [(first, does_not), (second, does_not)]
    assert found(f"rule_id={does_not}&fired=true") == []
    for wrong, status in (("case_id=SEC-9", 404), ("fired=yes", 400), ("case=SEC-1", 400)):
        assert send("GET", f"/sandbox/firings?{wrong}").status_code == status


def test_a_reset_forgets_them(send: Send, desk: Desk, make_case: Make) -> None:
    desk.automation("CASE_CREATED")
    make_case()
    assert len(desk.firings()) == 1
    send("POST", "/sandbox/reset")
    assert desk.firings() == []


def seeded() -> Store:
    """A store that holds a project with a rule and a case."""
    project, now = Project(key="SEC", name="Security"), clock.microseconds()
    rule = AutomationRule(
        project_id=project.id, name="R", trigger={}, action=WORKFLOW, created_at=now
    )
    case = Case(
        key="SEC-1",
        public_id="1",
        project_id=project.id,
        type_id=case_types.BUILT_IN[0].id,
        title="A case",
        status_name="Open",
        created_at=now,
        created_by=EMIL,
    )
    store = Store(MEMORY, Seeds((*registry.SEEDS.records, project, rule, case)))
    recorder.start(store)
    return store


def test_the_oldest_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "MAX_EVALUATIONS", 2)
    with closing(seeded()) as store:
        (case,) = store.list(Case)
        for title in "abcd":
            store.put(case.model_copy(update={"title": title}))
        changes = [one["change"] for one in recorder.firings(store)]
    assert changes == ["title changed from b to c", "title changed from c to d"]


def test_what_a_sandbox_starts_from_is_no_event() -> None:
    with closing(seeded()) as store:
        assert recorder.firings(store) == []
        store.reset()
        assert recorder.firings(store) == []


def test_the_api_knows_nothing_of_it(send: Send, desk: Desk, make_case: Make) -> None:
    desk.automation("CASE_CREATED", action=AGENT)
    desk.notification()
    case = make_case()
    assert [one["fired"] for one in desk.firings()] == [True, True]
    assert send("GET", f"/cases/{case['id']}/timelines").json() == {"data": []}
    assert send("GET", f"/cases/{case['id']}").json()["data"] == case
    assert case["attributes"]["comment_count"] == 0
    assert "assignee" not in case["relationships"]


def test_what_is_refused_or_changes_nothing_is_no_event(
    send: Send, desk: Desk, case_id: str
) -> None:
    desk.automation("ATTRIBUTE_VALUE_CHANGED")
    payload = {"type": "priority", "case_ids": [case_id, "SEC-9"], "payload": {"priority": "P1"}}
    refused = send("POST", "/cases/bulk", {"type": "bulk", "attributes": payload})
    assert refused.status_code == 404
    desk.change(case_id, "priority", priority="NOT_DEFINED")
    assert desk.firings() == []


def test_only_rules_of_the_cases_project_are_looked_at(
    desk: Desk, make: Make, make_case: Make
) -> None:
    other = make("/cases/projects", "project", key="OPS", name="x")["id"]
    trigger = {"type": "CASE_CREATED"}
    make(f"/cases/projects/{other}/rules", "rule", name="R", trigger=trigger, action=WORKFLOW)
    make_case()
    assert desk.firings() == []


# --- which events there are ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "values", "change"),
    [
        ("title", {"title": "B"}, "title changed from A case to B"),
        (
            "description",
            {"description": "odd " * 99},
            f"description changed from none to {'odd ' * 14}odd…",
        ),
        ("priority", {"priority": "P1"}, "priority changed from none to P1"),
        ("assign", {"assignee_id": EMIL}, "assignee changed from none to emil@example.com"),
        ("due_date", {"due_date": "2030-01-31"}, "due_date changed from none to 2030-01-31"),
        (
            "resolved_reason",
            {"security_resolved_reason": "BENIGN"},
            "security_resolved_reason changed from none to BENIGN",
        ),
        (
            "attributes",
            {"attributes": {"Env": ["prod", "eu"]}},
            "env changed from none to prod, eu",
        ),
    ],
)
def test_a_changed_field_is_an_event(
    desk: Desk, case_id: str, path: str, values: dict[str, object], change: str
) -> None:
    rule = desk.automation("ATTRIBUTE_VALUE_CHANGED")
    desk.change(case_id, path, **values)
    (firing,) = desk.firings(f"rule_id={rule}")
    assert firing["fired"]
    assert (firing["event"], firing["change"]) == ("attribute_value_changed", change)


def test_a_custom_attribute_is_a_field(send: Send, desk: Desk, leak: dict[str, Any]) -> None:
    rule = desk.automation("ATTRIBUTE_VALUE_CHANGED", field="Severity")
    send("DELETE", f"/cases/{leak['id']}/custom_attributes/Severity")
    assert desk.told(rule)["fired"]
    assert desk.told(rule)["change"] == "severity changed from high to none"


def test_a_new_comment_is_an_event_and_an_edited_one_is_not(
    send: Send, desk: Desk, case_id: str
) -> None:
    rule = desk.automation("COMMENT_ADDED")
    comment = attributes(comment="A")
    (cell,) = send("POST", f"/cases/{case_id}/comment", comment).json()["data"]
    path = f"/cases/{case_id}/comment/{cell['id']}"
    assert send("PUT", path, attributes(comment="B")).ok
    assert send("DELETE", path).ok
    (firing,) = desk.firings()
    assert (firing["rule_id"], firing["fired"]) == (rule, True)


def test_a_correlated_signal_is_an_event(send: Send, desk: Desk, case_id: str) -> None:
    event = "EVENT_CORRELATION_SIGNAL_CORRELATED"
    desk.automation(event)
    monitor = {**SIGNAL, "type": "MONITOR"}
    for insight in (monitor, SIGNAL, monitor):
        assert send("PUT", f"/cases/{case_id}/insights", attributes(insights=[insight])).ok
    desk.change(case_id, "title", title="Correlated")
    assert [one["event"] for one in desk.firings("fired=true")] == [event.lower()]


# --- what sets off a rule, and what does not -------------------------------------------------


@pytest.mark.parametrize(
    ("data", "obstacle"),
    [
        ({}, None),
        ({"from_status_name": "Open"}, None),
        ({"from_status_name": "Open", "to_status_name": "In Progress"}, None),
        ({"to_status_name": "Closed"}, "triggers on transitions to Closed, not to In Progress"),
        ({"from_status_name": "Closed"}, "triggers on transitions from Closed, not from Open"),
    ],
)
def test_a_transition(desk: Desk, case_id: str, data: dict[str, str], obstacle: str | None) -> None:
    rule = desk.automation("STATUS_TRANSITIONED", **data)
    desk.change(case_id, "status", status_name="In Progress")
    assert desk.told(rule)["fired"] is (obstacle is None)
    assert desk.told(rule)["why"] == (obstacle or "status changed from Open to In Progress")


#: Kinds of change in the words of automation rules and in those of notification rules.
KINDS = {"VALUE_ADDED": "added", "VALUE_DELETED": "removed", "ANY_CHANGES": "changed"}


@pytest.mark.parametrize(
    ("before", "after", "matching"),
    [
        ([], ["prod"], {"added"}),
        (["prod"], ["prod", "eu"], {"added"}),
        (["prod", "eu"], ["eu"], {"removed"}),
        (["prod"], [], {"removed"}),
        (["prod"], ["test"], {"added", "removed"}),
    ],
)
def test_a_kind_of_change(
    desk: Desk, case_id: str, before: list[str], after: list[str], matching: set[str]
) -> None:
    desk.change(case_id, "attributes", attributes={"env": before})
    rules = dict[str, str]()
    for kind, word in KINDS.items():
        trigger = {"type": "ATTRIBUTE_VALUE_CHANGED", "data": {"field": "env", "change_type": word}}
        rules[desk.notification(trigger)] = word
        rules[desk.automation("ATTRIBUTE_VALUE_CHANGED", field="Env", change_type=kind)] = word
    desk.change(case_id, "attributes", attributes={"env": after})
    for rule, word in rules.items():
        assert desk.told(rule)["fired"] is (word in {*matching, "changed"}), word


def test_another_order_of_values_is_no_event(desk: Desk, case_id: str) -> None:
    desk.change(case_id, "attributes", attributes={"env": ["a", "b"]})
    desk.automation("ATTRIBUTE_VALUE_CHANGED")
    desk.change(case_id, "attributes", attributes={"env": ["b", "a"]})
    assert desk.firings() == []


def test_another_field_and_an_unknown_kind_of_change_are_told(desk: Desk, case_id: str) -> None:
    data = {"field": "priority", "change_type": "doubled"}
    other = desk.automation("ATTRIBUTE_VALUE_CHANGED", field="env")
    unknown = desk.notification({"type": "ATTRIBUTE_VALUE_CHANGED", "data": data})
    desk.change(case_id, "priority", priority="P1")
    assert desk.told(other)["why"] == "triggers on changes of env, not of priority"
    assert desk.told(unknown)["why"] == "the trigger has an unknown change_type: doubled"


def test_a_disabled_rule_is_not_set_off(desk: Desk, make_case: Make) -> None:
    desk.automation("CASE_CREATED", state="DISABLED")
    desk.notification(is_enabled=False)
    make_case()
    assert [(one["fired"], one["why"]) for one in desk.firings()] == [
        (False, "the rule is disabled"),
        (False, "the rule is disabled"),
    ]


def test_a_notification_rule_waits_for_any_of_its_triggers(desk: Desk, make_case: Make) -> None:
    created: dict[str, object] = {"type": "CASE_CREATED"}
    closed = {"type": "STATUS_TRANSITIONED", "data": {"to_status_name": "Closed"}}
    rule, blank = desk.notification(created, closed), desk.notification({})
    none = desk.notification(triggers=[])
    case = make_case()["id"]
    assert desk.told(rule)["fired"]
    assert desk.told(blank)["why"] == "the trigger has no type"
    assert desk.told(none)["why"] == "the rule has no triggers"
    desk.change(case, "priority", priority="P1")
    assert desk.told(rule)["why"] == "triggers on CASE_CREATED; triggers on STATUS_TRANSITIONED"
    desk.change(case, "status", status_name="Closed")
    assert desk.told(rule)["fired"]


def test_a_status_that_is_named_by_an_id_is_never_met(desk: Desk, case_id: str) -> None:
    rule = desk.notification({"type": "STATUS_TRANSITIONED", "data": {"to_status": "Closed"}})
    desk.change(case_id, "status", status_name="Closed")
    assert not desk.told(rule)["fired"]
    assert "use from_status_name or to_status_name" in desk.told(rule)["why"]


@pytest.mark.parametrize(
    ("query", "obstacle"),
    [
        ("", None),
        ("priority:(P1 OR P2) status:open project:SEC", None),
        ("priority:P3", 'the query "priority:P3" does not match the case'),
        ("(", "the query is invalid: filter '(': a word is missing"),
    ],
)
def test_a_query_finds_the_case_or_not(
    desk: Desk, make_case: Make, query: str, obstacle: str | None
) -> None:
    rule = desk.notification(query=query)
    make_case(priority="P2")
    assert desk.told(rule)["fired"] is (obstacle is None)
    assert obstacle is None or desk.told(rule)["why"] == obstacle


def test_a_query_sees_the_case_as_it_is_after_the_event(desk: Desk, case_id: str) -> None:
    rule = desk.notification({"type": "ATTRIBUTE_VALUE_CHANGED"}, query="priority:P1")
    for priority, fired in (("P1", True), ("P2", False)):
        desk.change(case_id, "priority", priority=priority)
        assert desk.told(rule)["fired"] is fired


def test_a_maintenance_window_keeps_notifications_back_and_lets_workflows_run(
    desk: Desk, make: Make, make_case: Make
) -> None:
    def window(name: str, query: str, end: str = "2999-01-01T00:00:00Z") -> None:
        when = {"start_at": "2020-01-01T00:00:00Z", "end_at": end}
        make("/maintenance_windows", "maintenance_window", name=name, query=query, **when)

    rule, workflow = desk.notification(), desk.automation("CASE_CREATED")
    window("of others", "project:OPS")
    window("unreadable", "(")
    window("over", "project:SEC", end="2020-01-02T00:00:00Z")
    make_case()
    assert desk.told(rule)["fired"]
    window("Move", "project:SEC")
    make_case()
    assert desk.told(workflow)["fired"]
    assert not desk.told(rule)["fired"]
    silent = 'the maintenance window "Move" mutes notifications until 2999-01-01T00:00:00Z'
    assert desk.told(rule)["why"] == silent


@pytest.mark.parametrize(
    ("recipient", "words"),
    [
        ({"type": "EMAIL", "data": {"email": "a@example.com"}}, "a@example.com"),
        ({"type": "PAGERDUTY_SERVICE", "data": {"service_name": "soc"}}, "PagerDuty service soc"),
        ({"type": "HTTP", "data": {"name": "hook"}}, "webhook hook"),
        ({"type": "HTTP"}, "webhook"),
        (
            {"type": "MS_TEAMS_CHANNEL", "data": {"team_name": "T", "channel_name": "c"}},
            "Teams channel c in T",
        ),
        ({}, "an unnamed recipient"),
    ],
)
def test_recipients_are_named(desk: Desk, make_case: Make, recipient: object, words: str) -> None:
    rule = desk.notification(recipients=[recipient])
    make_case()
    assert desk.told(rule)["does"] == f"notifies {words}"


def test_an_agent_is_named(desk: Desk, make_case: Make) -> None:
    rule = desk.automation("CASE_CREATED", action=AGENT)
    make_case()
    assert desk.told(rule)["does"] == "assigns the agent 7 (BITS)"


# --- simulations -----------------------------------------------------------------------------


def test_a_simulation_stores_nothing(send: Send, desk: Desk, case_id: str) -> None:
    rule = desk.automation("ATTRIBUTE_VALUE_CHANGED", field="priority")
    before = send("GET", f"/sandbox/objects/{case_id}").json()
    change = {"field": "priority", "to": ["P1"]}
    (firing,) = desk.simulate("attribute_value_changed", case_id="SEC-1", **change)
    assert (firing["rule_id"], firing["fired"], firing["case_id"]) == (rule, True, case_id)
    assert firing["change"] == "priority changed from none to P1"
    (made_up,) = desk.simulate("case_created")
    assert (made_up["fired"], made_up["case_id"]) == (False, None)
    assert desk.firings() == []
    assert send("GET", f"/sandbox/objects/{case_id}").json() == before
    assert len(send("GET", "/cases").json()["data"]) == 1


@pytest.mark.parametrize(
    ("event", "asked"),
    [
        ("CASE_CREATED", {}),
        ("comment_added", {}),
        ("event_correlation_signal_correlated", {}),
        ("case_review_approved", {}),
        ("status_transitioned", {"to": ["Closed"]}),
        ("status_transitioned", {"from": ["Closed"], "to": ["In Progress"]}),
        ("attribute_value_changed", {"field": "env", "to": ["prod", "eu"]}),
        ("attribute_value_changed", {"field": "assignee", "from": ["Emil Engineer"]}),
        ("attribute_value_changed", {"field": "due_date", "to": ["2030-01-31"]}),
    ],
)
def test_every_event_can_be_simulated(desk: Desk, event: str, asked: dict[str, object]) -> None:
    desk.automation(event)
    (firing,) = desk.simulate(event, **asked)
    assert firing["fired"]
    assert firing["event"] == event.lower()


def test_a_review_is_approved_as_awaited(desk: Desk) -> None:
    desk.automation("CASE_REVIEW_APPROVED", approval_type="APPROVED")
    for asked, fired in (({"approval_type": "APPROVED"}, True), ({}, False)):
        (firing,) = desk.simulate("case_review_approved", **asked)
        assert firing["fired"] is fired


@pytest.mark.parametrize(
    ("described", "query"),
    [
        ({"title": "Odd login"}, "title:*login*"),
        ({"description": "From abroad"}, "abroad"),
        ({"priority": "P1"}, "priority:P1"),
        ({"status": "In Progress"}, "status_group:SG_IN_PROGRESS"),
        ({"type": "Change Request", "status": "Approved"}, "type:CHANGE_REQUEST status:approved"),
        ({"assignee": "emil@example.com"}, "assignee:emil@example.com"),
        ({"attributes": {"env": ["prod"], "Team": ["soc"]}}, "env:prod team:soc"),
    ],
)
def test_a_made_up_case_is_as_described(
    desk: Desk, described: dict[str, object], query: str
) -> None:
    desk.notification(query=query)
    assert [one["fired"] for one in desk.simulate("case_created", **described)] == [True]
    assert [one["fired"] for one in desk.simulate("case_created")] == [False]


def test_a_case_that_is_there_can_be_described_otherwise(desk: Desk, leak: dict[str, Any]) -> None:
    desk.notification({"type": "ATTRIBUTE_VALUE_CHANGED"}, query="severity:low env:eu type:Leak")
    labels, change = {"env": ["eu"]}, {"field": "severity", "to": ["low"]}
    described = {"case_id": leak["id"], "attributes": labels, **change}
    (firing,) = desk.simulate("attribute_value_changed", **described)
    assert firing["fired"], firing["why"]
    assert firing["change"] == "severity changed from high to low"


def test_a_simulation_has_a_time_of_its_own(desk: Desk, make: Make) -> None:
    desk.notification()
    when = {"start_at": "2030-01-01T10:00:00Z", "end_at": "2030-01-01T12:00:00Z"}
    make("/maintenance_windows", "maintenance_window", name="W", query="project:SEC", **when)
    for at, fired in (
        ("2030-01-01T09:59:59Z", True),
        ("2030-01-01T12:59:59+02:00", False),
        ("2030-01-01T12:00:00Z", True),
    ):
        (firing,) = desk.simulate("case_created", at=at)
        assert firing["fired"] is fired


@pytest.mark.parametrize(
    ("asked", "status", "reason"),
    [
        ({"event": "exploded"}, 400, "event: unknown exploded; known are attribute_value_"),
        ({"event": None}, 400, "event: Input should be a valid string"),
        ({"project": "OPS"}, 400, "no project has the id or key OPS; existing projects: SEC"),
        ({"project": None}, 400, "either project or case_id is required"),
        ({"case_id": "SEC-9"}, 404, "no case has the id or key SEC-9"),
        ({"priority": "P9"}, 400, "invalid priority P9"),
        ({"type": "Nothing"}, 400, "no case type has the id or name Nothing"),
        ({"assignee": "x@example.com"}, 400, "no user has the id, email or name x@example.com"),
        ({"event": "status_transitioned"}, 400, "to: must have one value, not 0"),
        ({"event": "status_transitioned", "to": ["Shut"]}, 400, "invalid status_name Shut"),
        ({"event": "status_transitioned", "to": ["Open"]}, 400, "from and to: must differ"),
        ({"event": "attribute_value_changed"}, 400, "field: required"),
        ({"event": "attribute_value_changed", "field": "status"}, 400, "field: use the event"),
        ({"event": "attribute_value_changed", "field": "env"}, 400, "from and to: must differ"),
        ({"colour": "red"}, 400, "colour: Extra inputs"),
        ({"at": "noon"}, 400, "at: "),
    ],
)
def test_what_cannot_be_simulated_is_told(
    send: Send, project_id: str, asked: dict[str, object], status: int, reason: str
) -> None:
    body = json.dumps({"event": "case_created", "project": project_id, **asked}).encode()
    answer = send("POST", "/sandbox/simulate", body=body)
    assert answer.status_code == status
    (told,) = answer.json()["errors"]
    assert told.startswith(reason)
