"""Rule evaluation: events, triggers, simulations, and the recorded outcomes (*firings*)."""

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


class ProjectRules:
    """Adds rules to a project and reads their firings."""

    def __init__(self, send: Send, make: Make, project_id: str) -> None:
        self.send = send
        self._make = make
        self._path = f"/cases/projects/{project_id}"

    def add_automation_rule(
        self, type_: str, state: str = "ENABLED", action: object = WORKFLOW, **data: str
    ) -> str:
        """Adds an automation rule and returns its id."""
        trigger = {"type": type_, "data": data}
        whole = {"name": "Rule", "trigger": trigger, "action": action, "state": state}
        return str(self._make(f"{self._path}/rules", "rule", **whole)["id"])

    def add_notification_rule(self, *triggers: object, **attributes: object) -> str:
        """Adds a notification rule and returns its id."""
        whole = {"recipients": [CHANNEL], "triggers": triggers or [{"type": "CASE_CREATED"}]}
        path = f"{self._path}/notification_rules"
        return str(self._make(path, "notification_rule", **{**whole, **attributes})["id"])

    def change_case(self, case: str, path: str, **values: object) -> None:
        """Changes a case with `POST /cases/{case}/{path}`."""
        assert self.send("POST", f"/cases/{case}/{path}", attributes(**values)).ok

    def firings(self, query: str = "") -> list[dict[str, Any]]:
        """The recorded firings."""
        found: list[dict[str, Any]] = self.send("GET", f"/sandbox/firings?{query}").json()
        return found

    def last_firing(self, rule: str) -> dict[str, Any]:
        """The firing of a rule for the latest event."""
        return self.firings(f"rule_id={rule}")[-1]

    def simulate(self, event: str, **fields: object) -> list[dict[str, Any]]:
        """The firings of a simulated event. By default, the event concerns a new case of `SEC`."""
        project = {} if "case_id" in fields else {"project": "SEC"}
        body = json.dumps({"event": event, **project, **fields}).encode()
        response = self.send("POST", "/sandbox/simulate", body=body)
        assert response.status_code == 200, response.text
        firings: list[dict[str, Any]] = response.json()
        return firings


@pytest.fixture
def project_rules(send: Send, make: Make, project_id: str) -> ProjectRules:
    return ProjectRules(send, make, project_id)


@pytest.fixture
def leak(make: Make, make_case: Make) -> dict[str, Any]:
    """A case of the custom type Leak. Its custom attribute `severity` is high."""
    kind = make("/cases/types", "case_type", name="Leak")["id"]
    definition = {"key": "Severity", "display_name": "S", "type": "TEXT", "is_multi": False}
    make(f"/cases/types/{kind}/custom_attributes", "custom_attribute", **definition)
    severity = {"type": "TEXT", "is_multi": False, "value": "high"}
    return make_case(type_id=kind, custom_attributes={"Severity": severity})


def attributes(**values: object) -> dict[str, object]:
    return {"type": "case", "attributes": values}


# --- firings ---------------------------------------------------------------------------------


def test_firings_describe_rule_effect_and_reason(
    project_rules: ProjectRules, make_case: Make
) -> None:
    created, commented = (
        project_rules.add_automation_rule("case_created"),
        project_rules.add_automation_rule("COMMENT_ADDED"),
    )
    urgent = project_rules.add_notification_rule(query="priority:P1")
    case = make_case(priority="P1")
    firings = project_rules.firings()
    event = {
        "event": "case_created",
        "change": "the case was created",
        "case_id": case["id"],
        "at": firings[0]["at"],
    }
    assert firings == [
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


def test_firings_are_selected_by_case_rule_and_outcome(
    send: Send, project_rules: ProjectRules, make_case: Make
) -> None:
    fires, does_not = (
        project_rules.add_automation_rule("CASE_CREATED"),
        project_rules.add_automation_rule("COMMENT_ADDED"),
    )
    first, second = (make_case()["id"] for _ in range(2))

    def found(query: str) -> list[tuple[str, str]]:
        return [(one["case_id"], one["rule_id"]) for one in project_rules.firings(query)]

    assert found(f"case_id={second}") == [(second, fires), (second, does_not)]
    assert found("case_id=SEC-1&fired=true") == [(first, fires)]
    assert found(f"rule_id={does_not}&fired=false") == [(first, does_not), (second, does_not)]
    assert found(f"rule_id={does_not}&fired=true") == []
    for wrong, status in (("case_id=SEC-9", 404), ("fired=yes", 400), ("case=SEC-1", 400)):
        assert send("GET", f"/sandbox/firings?{wrong}").status_code == status


def test_reset_deletes_firings(send: Send, project_rules: ProjectRules, make_case: Make) -> None:
    project_rules.add_automation_rule("CASE_CREATED")
    make_case()
    assert len(project_rules.firings()) == 1
    send("POST", "/sandbox/reset")
    assert project_rules.firings() == []


def seeded() -> Store:
    """A store with a project, a rule and a case."""
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


def test_oldest_evaluations_are_deleted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "MAX_EVALUATIONS", 2)
    with closing(seeded()) as store:
        (case,) = store.list(Case)
        for title in "abcd":
            store.put(case.model_copy(update={"title": title}))
        changes = [one["change"] for one in recorder.firings(store)]
    assert changes == ["title changed from b to c", "title changed from c to d"]


def test_seeds_are_no_events() -> None:
    with closing(seeded()) as store:
        assert recorder.firings(store) == []
        store.reset()
        assert recorder.firings(store) == []


def test_evaluation_does_not_change_api_responses(
    send: Send, project_rules: ProjectRules, make_case: Make
) -> None:
    project_rules.add_automation_rule("CASE_CREATED", action=AGENT)
    project_rules.add_notification_rule()
    case = make_case()
    assert [one["fired"] for one in project_rules.firings()] == [True, True]
    assert send("GET", f"/cases/{case['id']}/timelines").json() == {"data": []}
    assert send("GET", f"/cases/{case['id']}").json()["data"] == case
    assert case["attributes"]["comment_count"] == 0
    assert "assignee" not in case["relationships"]


def test_rejected_or_ineffective_request_is_no_event(
    send: Send, project_rules: ProjectRules, case_id: str
) -> None:
    project_rules.add_automation_rule("ATTRIBUTE_VALUE_CHANGED")
    payload = {"type": "priority", "case_ids": [case_id, "SEC-9"], "payload": {"priority": "P1"}}
    response = send("POST", "/cases/bulk", {"type": "bulk", "attributes": payload})
    assert response.status_code == 404
    project_rules.change_case(case_id, "priority", priority="NOT_DEFINED")
    assert project_rules.firings() == []


def test_only_rules_of_the_project_are_evaluated(
    project_rules: ProjectRules, make: Make, make_case: Make
) -> None:
    other = make("/cases/projects", "project", key="OPS", name="x")["id"]
    trigger = {"type": "CASE_CREATED"}
    make(f"/cases/projects/{other}/rules", "rule", name="R", trigger=trigger, action=WORKFLOW)
    make_case()
    assert project_rules.firings() == []


# --- events --------------------------------------------------------------------------------


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
def test_changed_field_is_an_event(
    project_rules: ProjectRules, case_id: str, path: str, values: dict[str, object], change: str
) -> None:
    rule = project_rules.add_automation_rule("ATTRIBUTE_VALUE_CHANGED")
    project_rules.change_case(case_id, path, **values)
    (firing,) = project_rules.firings(f"rule_id={rule}")
    assert firing["fired"]
    assert (firing["event"], firing["change"]) == ("attribute_value_changed", change)


def test_changed_custom_attribute_is_an_event(
    send: Send, project_rules: ProjectRules, leak: dict[str, Any]
) -> None:
    rule = project_rules.add_automation_rule("ATTRIBUTE_VALUE_CHANGED", field="Severity")
    send("DELETE", f"/cases/{leak['id']}/custom_attributes/Severity")
    assert project_rules.last_firing(rule)["fired"]
    assert project_rules.last_firing(rule)["change"] == "severity changed from high to none"


def test_only_new_comment_is_an_event(
    send: Send, project_rules: ProjectRules, case_id: str
) -> None:
    rule = project_rules.add_automation_rule("COMMENT_ADDED")
    comment = attributes(comment="A")
    (cell,) = send("POST", f"/cases/{case_id}/comment", comment).json()["data"]
    path = f"/cases/{case_id}/comment/{cell['id']}"
    assert send("PUT", path, attributes(comment="B")).ok
    assert send("DELETE", path).ok
    (firing,) = project_rules.firings()
    assert (firing["rule_id"], firing["fired"]) == (rule, True)


def test_correlated_signal_is_an_event(
    send: Send, project_rules: ProjectRules, case_id: str
) -> None:
    event = "EVENT_CORRELATION_SIGNAL_CORRELATED"
    project_rules.add_automation_rule(event)
    monitor = {**SIGNAL, "type": "MONITOR"}
    for insight in (monitor, SIGNAL, monitor):
        assert send("PUT", f"/cases/{case_id}/insights", attributes(insights=[insight])).ok
    project_rules.change_case(case_id, "title", title="Correlated")
    assert [one["event"] for one in project_rules.firings("fired=true")] == [event.lower()]


# --- triggers, queries, windows, recipients --------------------------------------------------


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
def test_status_trigger_matches_transition(
    project_rules: ProjectRules, case_id: str, data: dict[str, str], obstacle: str | None
) -> None:
    rule = project_rules.add_automation_rule("STATUS_TRANSITIONED", **data)
    project_rules.change_case(case_id, "status", status_name="In Progress")
    assert project_rules.last_firing(rule)["fired"] is (obstacle is None)
    assert project_rules.last_firing(rule)["why"] == (
        obstacle or "status changed from Open to In Progress"
    )


#: The types of change. The keys are their names in automation rules. The values are their names in
#: notification rules.
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
def test_attribute_trigger_matches_change_type(
    project_rules: ProjectRules,
    case_id: str,
    before: list[str],
    after: list[str],
    matching: set[str],
) -> None:
    project_rules.change_case(case_id, "attributes", attributes={"env": before})
    rules = dict[str, str]()
    for kind, word in KINDS.items():
        trigger = {"type": "ATTRIBUTE_VALUE_CHANGED", "data": {"field": "env", "change_type": word}}
        rules[project_rules.add_notification_rule(trigger)] = word
        rules[
            project_rules.add_automation_rule(
                "ATTRIBUTE_VALUE_CHANGED", field="Env", change_type=kind
            )
        ] = word
    project_rules.change_case(case_id, "attributes", attributes={"env": after})
    for rule, word in rules.items():
        assert project_rules.last_firing(rule)["fired"] is (word in {*matching, "changed"}), word


def test_reordered_values_are_no_event(project_rules: ProjectRules, case_id: str) -> None:
    project_rules.change_case(case_id, "attributes", attributes={"env": ["a", "b"]})
    project_rules.add_automation_rule("ATTRIBUTE_VALUE_CHANGED")
    project_rules.change_case(case_id, "attributes", attributes={"env": ["b", "a"]})
    assert project_rules.firings() == []


def test_mismatch_names_field_and_unknown_change_type(
    project_rules: ProjectRules, case_id: str
) -> None:
    data = {"field": "priority", "change_type": "doubled"}
    other = project_rules.add_automation_rule("ATTRIBUTE_VALUE_CHANGED", field="env")
    unknown = project_rules.add_notification_rule({"type": "ATTRIBUTE_VALUE_CHANGED", "data": data})
    project_rules.change_case(case_id, "priority", priority="P1")
    assert project_rules.last_firing(other)["why"] == "triggers on changes of env, not of priority"
    assert (
        project_rules.last_firing(unknown)["why"]
        == "the trigger has an unknown change_type: doubled"
    )


def test_disabled_rule_does_not_fire(project_rules: ProjectRules, make_case: Make) -> None:
    project_rules.add_automation_rule("CASE_CREATED", state="DISABLED")
    project_rules.add_notification_rule(is_enabled=False)
    make_case()
    assert [(one["fired"], one["why"]) for one in project_rules.firings()] == [
        (False, "the rule is disabled"),
        (False, "the rule is disabled"),
    ]


def test_notification_rule_fires_on_any_trigger(
    project_rules: ProjectRules, make_case: Make
) -> None:
    created: dict[str, object] = {"type": "CASE_CREATED"}
    closed = {"type": "STATUS_TRANSITIONED", "data": {"to_status_name": "Closed"}}
    rule, blank = (
        project_rules.add_notification_rule(created, closed),
        project_rules.add_notification_rule({}),
    )
    none = project_rules.add_notification_rule(triggers=[])
    case = make_case()["id"]
    assert project_rules.last_firing(rule)["fired"]
    assert project_rules.last_firing(blank)["why"] == "the trigger has no type"
    assert project_rules.last_firing(none)["why"] == "the rule has no triggers"
    project_rules.change_case(case, "priority", priority="P1")
    assert (
        project_rules.last_firing(rule)["why"]
        == "triggers on CASE_CREATED; triggers on STATUS_TRANSITIONED"
    )
    project_rules.change_case(case, "status", status_name="Closed")
    assert project_rules.last_firing(rule)["fired"]


def test_status_id_in_trigger_never_matches(project_rules: ProjectRules, case_id: str) -> None:
    rule = project_rules.add_notification_rule(
        {"type": "STATUS_TRANSITIONED", "data": {"to_status": "Closed"}}
    )
    project_rules.change_case(case_id, "status", status_name="Closed")
    assert not project_rules.last_firing(rule)["fired"]
    assert "use from_status_name or to_status_name" in project_rules.last_firing(rule)["why"]


@pytest.mark.parametrize(
    ("query", "obstacle"),
    [
        ("", None),
        ("priority:(P1 OR P2) status:open project:SEC", None),
        ("priority:P3", 'the query "priority:P3" does not match the case'),
        ("(", "the query is invalid: filter '(': a word is missing"),
    ],
)
def test_query_must_match_case(
    project_rules: ProjectRules, make_case: Make, query: str, obstacle: str | None
) -> None:
    rule = project_rules.add_notification_rule(query=query)
    make_case(priority="P2")
    assert project_rules.last_firing(rule)["fired"] is (obstacle is None)
    assert obstacle is None or project_rules.last_firing(rule)["why"] == obstacle


def test_query_sees_case_after_event(project_rules: ProjectRules, case_id: str) -> None:
    rule = project_rules.add_notification_rule(
        {"type": "ATTRIBUTE_VALUE_CHANGED"}, query="priority:P1"
    )
    for priority, fired in (("P1", True), ("P2", False)):
        project_rules.change_case(case_id, "priority", priority=priority)
        assert project_rules.last_firing(rule)["fired"] is fired


def test_maintenance_window_suppresses_rules_and_archives_new_cases(
    project_rules: ProjectRules, make: Make, make_case: Make
) -> None:
    def is_archived(case: dict[str, Any]) -> bool:
        found = project_rules.send("GET", f"/cases/{case['id']}").json()["data"]
        return "archived_at" in found["attributes"]

    def window(name: str, query: str, end: str = "2999-01-01T00:00:00Z") -> None:
        when = {"start_at": "2020-01-01T00:00:00Z", "end_at": end}
        make("/maintenance_windows", "maintenance_window", name=name, query=query, **when)

    rule, workflow = (
        project_rules.add_notification_rule(),
        project_rules.add_automation_rule("CASE_CREATED"),
    )
    closing = project_rules.add_automation_rule("STATUS_TRANSITIONED")
    window("of others", "project:OPS")
    window("unreadable", "(")
    window("over", "project:SEC", end="2020-01-02T00:00:00Z")
    before = make_case()
    assert [project_rules.last_firing(each)["fired"] for each in (rule, workflow)] == [True, True]
    window("Move", "project:SEC")
    during = make_case()
    until = 'the maintenance window "Move" suppresses rules until 2999-01-01T00:00:00Z'
    for each in (rule, workflow):
        firing = project_rules.last_firing(each)
        assert (firing["fired"], firing["why"]) == (False, f"{until} and archives the new case")
    assert is_archived(during)
    project_rules.change_case(before["id"], "status", status_name="Closed")
    assert not is_archived(before)
    assert project_rules.firings(f"rule_id={closing}")[-1]["why"] == until


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
def test_effect_names_recipients(
    project_rules: ProjectRules, make_case: Make, recipient: object, words: str
) -> None:
    rule = project_rules.add_notification_rule(recipients=[recipient])
    make_case()
    assert project_rules.last_firing(rule)["does"] == f"notifies {words}"


def test_effect_names_agent(project_rules: ProjectRules, make_case: Make) -> None:
    rule = project_rules.add_automation_rule("CASE_CREATED", action=AGENT)
    make_case()
    assert project_rules.last_firing(rule)["does"] == "assigns the agent 7 (BITS)"


# --- simulations -----------------------------------------------------------------------------


def test_simulation_stores_nothing(send: Send, project_rules: ProjectRules, case_id: str) -> None:
    rule = project_rules.add_automation_rule("ATTRIBUTE_VALUE_CHANGED", field="priority")
    before = send("GET", f"/sandbox/objects/{case_id}").json()
    change = {"field": "priority", "to": ["P1"]}
    (firing,) = project_rules.simulate("attribute_value_changed", case_id="SEC-1", **change)
    assert (firing["rule_id"], firing["fired"], firing["case_id"]) == (rule, True, case_id)
    assert firing["change"] == "priority changed from none to P1"
    (made_up,) = project_rules.simulate("case_created")
    assert (made_up["fired"], made_up["case_id"]) == (False, None)
    assert project_rules.firings() == []
    assert send("GET", f"/sandbox/objects/{case_id}").json() == before
    assert len(send("GET", "/cases").json()["data"]) == 1


@pytest.mark.parametrize(
    ("event", "fields"),
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
def test_simulates_every_event(
    project_rules: ProjectRules, event: str, fields: dict[str, object]
) -> None:
    project_rules.add_automation_rule(event)
    (firing,) = project_rules.simulate(event, **fields)
    assert firing["fired"]
    assert firing["event"] == event.lower()


def test_review_trigger_matches_approval_type(project_rules: ProjectRules) -> None:
    project_rules.add_automation_rule("CASE_REVIEW_APPROVED", approval_type="APPROVED")
    for fields, fired in (({"approval_type": "APPROVED"}, True), ({}, False)):
        (firing,) = project_rules.simulate("case_review_approved", **fields)
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
def test_simulated_new_case_has_given_fields(
    project_rules: ProjectRules, described: dict[str, object], query: str
) -> None:
    project_rules.add_notification_rule(query=query)
    assert [one["fired"] for one in project_rules.simulate("case_created", **described)] == [True]
    assert [one["fired"] for one in project_rules.simulate("case_created")] == [False]


def test_simulated_existing_case_has_replaced_fields(
    project_rules: ProjectRules, leak: dict[str, Any]
) -> None:
    project_rules.add_notification_rule(
        {"type": "ATTRIBUTE_VALUE_CHANGED"}, query="severity:low env:eu type:Leak"
    )
    labels, change = {"env": ["eu"]}, {"field": "severity", "to": ["low"]}
    described = {"case_id": leak["id"], "attributes": labels, **change}
    (firing,) = project_rules.simulate("attribute_value_changed", **described)
    assert firing["fired"], firing["why"]
    assert firing["change"] == "severity changed from high to low"


def test_simulation_has_own_time(project_rules: ProjectRules, make: Make) -> None:
    project_rules.add_notification_rule()
    when = {"start_at": "2030-01-01T10:00:00Z", "end_at": "2030-01-01T12:00:00Z"}
    make("/maintenance_windows", "maintenance_window", name="W", query="project:SEC", **when)
    for at, fired in (
        ("2030-01-01T09:59:59Z", True),
        ("2030-01-01T12:59:59+02:00", False),
        ("2030-01-01T12:00:00Z", True),
    ):
        (firing,) = project_rules.simulate("case_created", at=at)
        assert firing["fired"] is fired


@pytest.mark.parametrize(
    ("fields", "status", "reason"),
    [
        ({"event": "exploded"}, 400, "event: exploded is unknown; known events: attribute_value_"),
        ({"event": None}, 400, "event: Input should be a valid string"),
        (
            {"project": "OPS"},
            400,
            "project: no project has the id or key OPS; existing projects: SEC",
        ),
        ({"project": None}, 400, "project: required without a case; existing projects: SEC"),
        ({"case_id": "SEC-9"}, 404, "case_id: no case has the id or key SEC-9"),
        ({"priority": "P9"}, 400, "priority: invalid priority P9"),
        (
            {"type": "Nothing"},
            400,
            "type: no case type has the id or name Nothing; existing types: Standard, ",
        ),
        ({"assignee": "x@example.com"}, 400, "assignee: no user has the id, email or name x@"),
        ({"event": "status_transitioned"}, 400, "to: required, one of Open, In"),
        ({"event": "status_transitioned", "to": ["Shut"]}, 400, "to: invalid status_name Shut"),
        (
            {"event": "status_transitioned", "to": ["Open", "Closed"]},
            400,
            "to: must have one value",
        ),
        ({"event": "status_transitioned", "to": ["Open"]}, 400, "from and to: must differ"),
        ({"event": "attribute_value_changed"}, 400, "field: required"),
        ({"event": "attribute_value_changed", "field": "status"}, 400, "field: use the event"),
        ({"event": "attribute_value_changed", "field": "env"}, 400, "from and to: must differ"),
        ({"colour": "red"}, 400, "colour: Extra inputs"),
        ({"at": "noon"}, 400, "at: "),
    ],
)
def test_simulation_rejects_invalid_bodies(
    send: Send, project_id: str, fields: dict[str, object], status: int, reason: str
) -> None:
    body = json.dumps({"event": "case_created", "project": project_id, **fields}).encode()
    response = send("POST", "/sandbox/simulate", body=body)
    assert response.status_code == status
    (error,) = response.json()["errors"]
    assert error.startswith(reason)
