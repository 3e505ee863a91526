"""Random programs with a resource of each released type, deployed with the real `pulumi`."""

import json
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

import hypothesis
import pytest
from hypothesis import strategies as st
from tests.plugin.conftest import write_yaml

import pulumi_datadog_cases as cases
from pulumi_datadog_cases.engine.names import camel_case, with_camel_case_names

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization, Stack

#: A program has one resource for each entry of `DECLARATIONS`, in the same order. Each resource is
#: a pair: its class name, and its inputs.
Program: TypeAlias = tuple[tuple[str, dict[str, Any]], ...]

#: Users that every sandbox has.
USER_ID = st.sampled_from([f"5a9d0c00-0000-4000-8000-00000000000{n}" for n in (1, 2, 3)])


class Expression(str):
    """Python code that `python_source` writes into the program without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def output_of(name: str, output: str = "id") -> Expression:
    """Code that refers to an output of another resource in the program."""
    return Expression(f"{name}.{output}")


TEXT = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=30)
NAME = TEXT.filter(lambda text: bool(text.strip()))
WORD = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
FLAG = st.booleans()
DAY = st.dates(min_value=date(2026, 1, 1)).map(str)


def optional_members(**members: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Mappings with any subset of these members."""
    return st.fixed_dictionaries({}, optional=members)


def distinct_lists(values: st.SearchStrategy[Any], least: int = 0) -> st.SearchStrategy[list[Any]]:
    return st.lists(values, min_size=least, max_size=3, unique_by=repr)


SETTINGS = optional_members(
    auto_close_inactive_cases=optional_members(
        enabled=FLAG, max_inactive_time_in_secs=st.integers(1, 10**8)
    ),
    notification=optional_members(
        enabled=FLAG, destinations=distinct_lists(st.integers(1, 3)), notify_on_case_comment=FLAG
    ),
    integration_on_call=optional_members(
        enabled=FLAG,
        escalation_queries=st.lists(optional_members(query=NAME, enabled=FLAG), max_size=2),
    ),
    integration_incident=optional_members(
        severity_config=optional_members(priority_mapping=st.dictionaries(WORD, NAME, max_size=2))
    ),
)
COLUMNS = optional_members(
    columns=st.lists(optional_members(type=WORD, sort=optional_members(ascending=FLAG)), max_size=3)
)

TRIGGER = st.one_of(
    st.just({"type": "CASE_CREATED"}),
    st.just({"type": "comment_added"}),
    st.builds(
        lambda data: {"type": "STATUS_TRANSITIONED", "data": data},
        optional_members(from_status_name=NAME, to_status_name=NAME),
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

#: Optional inputs of a case.
CASE: dict[str, Any] = {
    "description": TEXT,
    "priority": st.sampled_from(["NOT_DEFINED", "P1", "p3", "P5"]),
    "status_name": st.sampled_from(["Open", "In Progress", "Closed"]),
    "assignee_id": USER_ID,
    "attributes": st.dictionaries(WORD, distinct_lists(NAME), max_size=2),
    "due_date": DAY,
    "security_resolved_reason": WORD,
    "archived": FLAG,
    "custom_attributes": optional_members(
        words=st.fixed_dictionaries(
            {"type": st.just(output_of("words", "type")), "value": st.lists(NAME, max_size=2)}
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
    class_name: str, required: dict[str, Any], **optional: st.SearchStrategy[Any]
) -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    """A strategy that draws inputs of a resource. Each result is a pair of class name and inputs.

    Each required input is a strategy or a constant.
    """
    strategies = {
        name: value if isinstance(value, st.SearchStrategy) else st.just(value)
        for name, value in required.items()
    }
    drawn = st.fixed_dictionaries(strategies, optional=optional)
    return drawn.map(lambda values: (class_name, values))


def custom_attribute(key: str, type_: str, *, is_multi: bool) -> st.SearchStrategy[Any]:
    """Declarations of a custom attribute of the program's case type."""
    required = {
        "case_type_id": output_of("case_type"),
        "key": key,
        "display_name": NAME,
        "type": type_,
    }
    return declared("CustomAttribute", {**required, "is_multi": is_multi}, description=TEXT)


IN_PROJECT = {"project_id": output_of("project")}
ON_CASE = {"case_id": output_of("plain")}

#: Strategies for the resources of a program, by variable name and in program order.
DECLARATIONS = {
    "case_type": declared("CaseType", {"name": NAME}, description=TEXT),
    "words": custom_attribute("words", "TEXT", is_multi=True),
    "number": custom_attribute("number", "NUMBER", is_multi=False),
    "project": declared(
        "Project",
        {"key": "ANY", "name": NAME},
        enabled_custom_case_types=st.just([output_of("case_type")]),
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
            "recipients": distinct_lists(RECIPIENT, 1),
            "triggers": [{"type": "CASE_CREATED"}],
        },
        query=TEXT,
        is_enabled=FLAG,
    ),
    "view": declared(
        "CaseView",
        {**IN_PROJECT, "name": NAME, "query": NAME},
        np_rule_id=st.just(output_of("notification")),
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
            "type_id": output_of("case_type"),
            # The case refers to custom attributes by key, so Pulumi does not see that the
            # definitions of the custom attributes must exist first.
            "opts": Expression("pulumi.ResourceOptions(depends_on=[words, number])"),
        },
        **CASE,
    ),
    "plain": declared("Case", {**IN_PROJECT, "title": NAME}),
    "other": declared("Case", {**IN_PROJECT, "title": NAME, "type_id": output_of("case_type")}),
    "value": declared(
        "CaseCustomAttribute",
        {
            "case_id": output_of("other"),
            "key": output_of("number", "key"),
            "type": output_of("number", "type"),
            "value": st.integers(0, 9),
        },
    ),
    "comment": declared("CaseComment", {**ON_CASE, "comment": NAME}),
    "watcher": declared("CaseWatcher", {**ON_CASE, "user_uuid": USER_ID}),
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
            "parent_entity_id": output_of("plain"),
            "child_entity_type": "CASE",
            "child_entity_id": output_of("typed"),
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


def python_source(program: Program) -> str:
    """The source of a program in Python."""
    lines = ["import pulumi", "import pulumi_datadog_cases as cases"]
    for name, (class_name, values) in zip(DECLARATIONS, program, strict=True):
        given = ", ".join(f"{key}={value!r}" for key, value in values.items())
        lines.append(f"{name} = cases.{class_name}({name!r}, {given})")
    return "\n".join(lines)


def yaml_source(program: Program) -> str:
    """The source of a program in YAML, written as JSON."""
    resources = {}
    for name, (class_name, values) in zip(DECLARATIONS, program, strict=True):
        options = {"dependsOn": ["${words}", "${number}"]} if "opts" in values else {}
        inputs = {key: _escaped(value) for key, value in values.items() if key != "opts"}
        properties = with_camel_case_names(getattr(cases, class_name).properties, inputs)
        kind = f"datadog-cases:{class_name}"
        resources[name] = {"type": kind, "properties": properties, "options": options}
    program_ = {"name": "project", "runtime": "yaml", "resources": resources}
    return json.dumps(program_, indent=2, ensure_ascii=False)  # YAML knows no surrogate pairs


def _escaped(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Write references to other resources as YAML programs do, and escape `$` in texts."""
    match value:
        case Expression():
            name, output = value.split(".")
            return f"${{{name}.{camel_case(output)}}}"
        case str():
            return value.replace("$", "$$")
        case dict():
            return {key: _escaped(item) for key, item in value.items()}
        case list():
            return [_escaped(item) for item in value]
        case _:
            return value


#: All examples share the fixtures. This is safe, because each example empties the organisation and
#: makes a new stack.
few_examples = hypothesis.settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture],
    phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],  # shrinking takes hours
)


@pytest.mark.pulumi
@few_examples
@hypothesis.given(program=st.tuples(*DECLARATIONS.values()))
def test_random_program_deploys_without_drift_and_destroys(
    program: Program,
    organization: "Organization",
    new_stack: "NewStack",
    released: set[str],
) -> None:
    assert {class_name for class_name, _ in program} == released
    organization.reset()
    deploy_and_destroy(new_stack(organization, python_source(program)), organization)


@pytest.mark.pulumi
@pytest.mark.xdist_group("yaml")  # the host is built once
@few_examples
@hypothesis.given(program=st.tuples(*DECLARATIONS.values()))
def test_random_yaml_program_deploys_without_drift_and_destroys(
    program: Program, organization: "Organization", yaml_stack: "NewStack"
) -> None:
    organization.reset()
    stack = yaml_stack(organization)
    write_yaml(stack, yaml_source(program))
    deploy_and_destroy(stack, organization)


def deploy_and_destroy(stack: "Stack", organization: "Organization") -> None:
    stack.up()
    stack.assert_no_changes()
    stack.destroy()
    assert organization.call("GET /cases/projects") == []
    assert organization.call("GET /maintenance_windows") == []
    types = organization.call("GET /cases/types")
    assert all("deleted_at" in t["attributes"] or t["attributes"]["internal"] for t in types)
