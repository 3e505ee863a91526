"""Programs drawn at random over every released kind of resource, through the real `pulumi`."""

from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

import hypothesis
import pytest
from hypothesis import strategies as st

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization

#: Kinds with values for their properties, one for each of `DECLARATIONS`.
Program: TypeAlias = tuple[tuple[str, dict[str, Any]], ...]

#: People whom every sandbox has.
SOMEBODY = st.sampled_from([f"5a9d0c00-0000-4000-8000-00000000000{n}" for n in (1, 2, 3)])


class Code(str):
    """An expression of the program, where others are values."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def of(name: str, output: str = "id") -> Code:
    """An output of another resource of the program."""
    return Code(f"{name}.{output}")


TEXT = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=30)
NAME = TEXT.filter(lambda text: bool(text.strip()))
WORD = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
FLAG = st.booleans()
DAY = st.dates(min_value=date(2026, 1, 1)).map(str)


def some(**members: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A mapping with any of the members."""
    return st.fixed_dictionaries({}, optional=members)


def sets(values: st.SearchStrategy[Any], least: int = 0) -> st.SearchStrategy[list[Any]]:
    return st.lists(values, min_size=least, max_size=3, unique_by=repr)


SETTINGS = some(
    auto_close_inactive_cases=some(enabled=FLAG, max_inactive_time_in_secs=st.integers(1, 10**8)),
    notification=some(
        enabled=FLAG, destinations=sets(st.integers(1, 3)), notify_on_case_comment=FLAG
    ),
    integration_on_call=some(
        enabled=FLAG,
        escalation_queries=st.lists(some(query=NAME, enabled=FLAG), max_size=2),
    ),
    integration_incident=some(
        severity_config=some(priority_mapping=st.dictionaries(WORD, NAME, max_size=2))
    ),
)
COLUMNS = some(columns=st.lists(some(type=WORD, sort=some(ascending=FLAG)), max_size=3))

TRIGGER = st.one_of(
    st.just({"type": "CASE_CREATED"}),
    st.just({"type": "comment_added"}),
    st.builds(
        lambda data: {"type": "STATUS_TRANSITIONED", "data": data},
        some(from_status_name=NAME, to_status_name=NAME),
    ),
)
ACTION = st.one_of(
    st.builds(lambda word: {"type": "EXECUTE_WORKFLOW", "data": {"handle": word}}, WORD),
    st.builds(
        lambda word: {
            "type": "ASSIGN_AGENT",
            "data": {"agent_type": word, "assigned_agent_id": word},
        },
        WORD,
    ),
)
RECIPIENT = st.one_of(
    st.builds(lambda w: {"type": "EMAIL", "data": {"email": f"{w}@example.com"}}, WORD),
    st.builds(lambda w: {"type": "SLACK_CHANNEL", "data": {"channel": w}}, WORD),
    st.builds(lambda w: {"type": "pagerduty_service", "data": {"service_name": w}}, WORD),
)

#: What a case may say beside its title.
CASE: dict[str, Any] = {
    "description": TEXT,
    "priority": st.sampled_from(["NOT_DEFINED", "P1", "p3", "P5"]),
    "status_name": st.sampled_from(["Open", "In Progress", "Closed"]),
    "assignee_id": SOMEBODY,
    "attributes": st.dictionaries(WORD, sets(NAME), max_size=2),
    "due_date": DAY,
    "security_resolved_reason": WORD,
    "archived": FLAG,
    "custom_attributes": some(
        words=st.fixed_dictionaries(
            {"type": st.just(of("words", "type")), "value": st.lists(NAME, max_size=2)}
        ),
        number=st.fixed_dictionaries(
            {
                "type": st.just("NUMBER"),
                "value": st.integers(-(10**6), 10**6) | st.sampled_from([0.5, -2.25]),
            }
        ),
    ),
}


def declared(
    kind: str, required: dict[str, Any], **optional: st.SearchStrategy[Any]
) -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    """A kind, and values for its properties: strategies, or what they always are."""
    strategies = {
        name: value if isinstance(value, st.SearchStrategy) else st.just(value)
        for name, value in required.items()
    }
    drawn = st.fixed_dictionaries(strategies, optional=optional)
    return drawn.map(lambda values: (kind, values))


def defined(key: str, type_: str, *, is_multi: bool) -> st.SearchStrategy[Any]:
    """A custom attribute of the one case type."""
    required = {"case_type_id": of("case_type"), "key": key, "display_name": NAME, "type": type_}
    return declared("CustomAttribute", {**required, "is_multi": is_multi}, description=TEXT)


IN_PROJECT = {"project_id": of("project")}
ON_CASE = {"case_id": of("plain")}

#: What a program declares, in this order, by the name of the variable.
DECLARATIONS = {
    "case_type": declared("CaseType", {"name": NAME}, description=TEXT),
    "words": defined("words", "TEXT", is_multi=True),
    "number": defined("number", "NUMBER", is_multi=False),
    "project": declared(
        "Project",
        {"key": "ANY", "name": NAME},
        enabled_custom_case_types=st.just([of("case_type")]),
        settings=SETTINGS,
        columns_config=COLUMNS,
    ),
    "favorite": declared("ProjectFavorite", IN_PROJECT),
    "rule": declared(
        "AutomationRule",
        {**IN_PROJECT, "name": NAME, "trigger": TRIGGER, "action": ACTION},
        state=st.sampled_from(["ENABLED", "disabled"]),
    ),
    "notification": declared(
        "NotificationRule",
        {
            **IN_PROJECT,
            "recipients": sets(RECIPIENT, 1),
            "triggers": [{"type": "CASE_CREATED"}],
        },
        query=TEXT,
        is_enabled=FLAG,
    ),
    "view": declared(
        "CaseView",
        {**IN_PROJECT, "name": NAME, "query": NAME},
        np_rule_id=st.just(of("notification")),
    ),
    "window": declared(
        "MaintenanceWindow",
        {
            "name": NAME,
            "query": NAME,
            "start_at": st.sampled_from(["2027-01-01T00:00:00Z", "2027-01-01T01:00:00+02:00"]),
            "end_at": st.sampled_from(["2027-01-02T00:00:00.5Z", "2027-02-01T00:00:00-05:00"]),
        },
    ),
    "typed": declared(
        "Case",
        {
            **IN_PROJECT,
            "title": NAME,
            "type_id": of("case_type"),
            # A value may be given by key alone; its definition has to be there before it.
            "opts": Code("pulumi.ResourceOptions(depends_on=[words, number])"),
        },
        **CASE,
    ),
    "plain": declared("Case", {**IN_PROJECT, "title": NAME}),
    "other": declared("Case", {**IN_PROJECT, "title": NAME, "type_id": of("case_type")}),
    "value": declared(
        "CaseCustomAttribute",
        {
            "case_id": of("other"),
            "key": of("number", "key"),
            "type": of("number", "type"),
            "value": st.integers(0, 9),
        },
    ),
    "comment": declared("CaseComment", {**ON_CASE, "comment": NAME}),
    "watcher": declared("CaseWatcher", {**ON_CASE, "user_uuid": SOMEBODY}),
    "insight": declared(
        "CaseInsight",
        {
            **ON_CASE,
            "type": st.sampled_from(["MONITOR", "widget"]),
            "ref": NAME,
            "resource_id": NAME,
        },
    ),
    "link": declared(
        "CaseLink",
        {
            "parent_entity_type": "CASE",
            "parent_entity_id": of("plain"),
            "child_entity_type": "CASE",
            "child_entity_id": of("typed"),
            "relationship": st.sampled_from(["BLOCKS", "relates_to"]),
        },
    ),
    "incident": declared(
        "CaseIncident", {**ON_CASE, "incident_id": "6f8a1e9e-0000-4000-8000-000000000001"}
    ),
    "jira": declared(
        "CaseJiraIssue",
        {**ON_CASE, "jira_issue_url": "https://acme.atlassian.net/browse/OPS-1"},
    ),
    "ticket": declared(
        "CaseServiceNowTicket", {**ON_CASE, "instance_name": WORD}, assignment_group=NAME
    ),
    "notebook": declared("CaseNotebook", ON_CASE),
}


def written(program: Program) -> str:
    """The source of a program."""
    lines = ["import pulumi", "import pulumi_datadog_cases as cases"]
    for name, (kind, values) in zip(DECLARATIONS, program, strict=True):
        given = ", ".join(f"{key}={value!r}" for key, value in values.items())
        lines.append(f"{name} = cases.{kind}({name!r}, {given})")
    return "\n".join(lines)


@pytest.mark.pulumi
@hypothesis.settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    database=None,
    # Each program is started on an organisation that is emptied, in a stack of its own.
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture],
    phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],  # shrinking takes hours
)
@hypothesis.given(program=st.tuples(*DECLARATIONS.values()))
def test_it_goes_up_stays_as_it_is_and_leaves_nothing_alive(
    program: Program,
    organization: "Organization",
    new_stack: "NewStack",
    released: set[str],
) -> None:
    assert {kind for kind, _ in program} == released
    organization.reset()
    stack = new_stack(organization, written(program))
    stack.up()
    stack.is_settled()
    stack.destroy()
    assert organization.call("GET /cases/projects") == []
    assert organization.call("GET /maintenance_windows") == []
    types = organization.call("GET /cases/types")
    assert all("deleted_at" in t["attributes"] or t["attributes"]["internal"] for t in types)
