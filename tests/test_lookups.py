"""Tests of the lookup functions, such as `get_project`, against the sandbox."""

import asyncio
import inspect
import json
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, cast

import pulumi
import pytest

import pulumi_datadog_cases as cases
from pulumi_datadog_cases import lookups
from pulumi_datadog_cases.lookups import lookup

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization, StartSandbox


@pytest.fixture
def org(organization: "Organization", monkeypatch: pytest.MonkeyPatch) -> Iterator["Organization"]:
    """The organisation that lookups read. Its keys are in the environment."""
    for name, value in organization.environment.items():
        monkeypatch.setenv(name, value)
    runs = lookup._runs  # noqa: SLF001 - kept for the whole process
    runs.clear()
    yield organization
    lookup.client_of(None).close()
    runs.clear()


def project(org: "Organization", key: str) -> dict[str, Any]:
    attributes = {"key": key, "name": f"Project {key}"}
    created: dict[str, Any] = org.call(
        "POST /cases/projects", {"type": "project", "attributes": attributes}
    )
    return created


def case(org: "Organization", project_id: str, title: str) -> dict[str, Any]:
    created: dict[str, Any] = org.call(
        "POST /cases",
        {
            "type": "case",
            "attributes": {"title": title, "type_id": "00000000-0000-0000-0000-000000000001"},
            "relationships": {"project": {"data": {"id": project_id, "type": "project"}}},
        },
    )
    return created


def test_get_project_by_key_or_id(org: "Organization") -> None:
    created = project(org, "AAA")
    assert cases.get_project(key="AAA").id == created["id"]
    assert cases.get_project(project_id=created["id"]).values()["name"] == "Project AAA"
    with pytest.raises(cases.NoMatch, match="found no project ZZZ; existing: AAA"):
        cases.get_project(key="ZZZ")
    with pytest.raises(TypeError, match="either key or project_id"):
        cases.get_project()


def test_get_case_by_key_or_id(org: "Organization") -> None:
    created = case(org, project(org, "AAA")["id"], "One")
    assert cases.get_case("AAA-1").id == cases.get_case(created["id"]).id == created["id"]
    with pytest.raises(cases.NotFound, match="case not found"):
        cases.get_case("AAA-2")


def test_search_cases_reads_all_pages(org: "Organization") -> None:
    project_id = project(org, "AAA")["id"]
    titles = [f"Case {number}" for number in range(103)]
    for title in titles:
        case(org, project_id, title)
    found = cases.search_cases("project:AAA")
    assert [each.attributes.title for each in found] == titles
    assert [each.attributes.key for each in cases.search_cases("Case 7 key:AAA-8")] == ["AAA-8"]


def test_get_case_type_rejects_ambiguous_and_ignores_deleted(org: "Organization") -> None:
    assert cases.get_case_type(name="Security").id.endswith("-000000000003")
    body = {"type": "case_type", "attributes": {"name": "Twice"}}
    first, second, deleted = (org.call("POST /cases/types", body) for _ in range(3))
    org.call(f"DELETE /cases/types/{deleted['id']}")
    with pytest.raises(
        cases.MultipleMatches, match="found 2 matches for case type 'Twice'"
    ) as error:
        cases.get_case_type(name="Twice")
    assert first["id"] in str(error.value)
    assert second["id"] in str(error.value)
    assert deleted["id"] not in str(error.value)


def test_get_custom_attributes_and_automation_rules(org: "Organization") -> None:
    case_type = org.call("POST /cases/types", {"type": "case_type", "attributes": {"name": "Mine"}})
    attribute = {"key": "host", "display_name": "Host", "type": "TEXT", "is_multi": False}
    body = {"type": "custom_attribute", "attributes": attribute}
    org.call(f"POST /cases/types/{case_type['id']}/custom_attributes", body)
    (listed,) = cases.get_custom_attributes(case_type_id=case_type["id"])
    assert listed.attributes.key == "host"
    assert listed in cases.get_custom_attributes()
    assert cases.get_automation_rules(project(org, "AAA")["id"]) == []


def test_get_rules_views_and_favorites_of_project(org: "Organization") -> None:
    project_id = project(org, "AAA")["id"]
    rule = org.call(
        f"POST /cases/projects/{project_id}/notification_rules",
        {
            "type": "notification_rule",
            "attributes": {
                "recipients": [{"type": "EMAIL", "data": {"email": "a@example.com"}}],
                "triggers": [{"type": "CASE_CREATED", "data": {}}],
            },
        },
    )
    attributes = {"name": "Open", "query": "status:open", "project_id": project_id}
    view = org.call("POST /cases/views", {"type": "view", "attributes": attributes})
    org.call(f"POST /cases/projects/{project_id}/favorites")
    assert [each.id for each in cases.get_notification_rules(project_id)] == [rule["id"]]
    assert [each.id for each in cases.get_case_views(project_id)] == [view["id"]]
    assert [each.id for each in cases.get_project_favorites()] == [project_id]


def test_get_links_and_watchers_of_case(org: "Organization") -> None:
    project_id = project(org, "AAA")["id"]
    parent, child = (case(org, project_id, title)["id"] for title in ("One", "Two"))
    ends = {"parent_entity_type": "CASE", "parent_entity_id": parent}
    ends |= {"child_entity_type": "CASE", "child_entity_id": child}
    link = {"type": "link", "attributes": {**ends, "relationship": "BLOCKS"}}
    created = org.call("POST /cases/link", link)
    user = org.call("GET /users")[1]["id"]
    org.call(f"POST /cases/{parent}/watchers/{user}")
    assert [each.id for each in cases.get_case_links("CASE", child)] == [created["id"]]
    assert cases.get_case_links("CASE", child, relationship="CAUSES") == []
    assert [each.values()["user_id"] for each in cases.get_case_watchers(parent)] == [user]


def test_count_and_aggregate_cases(org: "Organization") -> None:
    project_id = project(org, "AAA")["id"]
    for title in ("One", "Two"):
        case(org, project_id, title)
    groups = cases.count_cases("project:AAA", group_bys=["status"]).values()["groups"]
    assert groups == [{"group": "status", "group_values": [{"value": "OPEN", "count": 2}]}]
    assert cases.aggregate_cases("project:AAA", groups=["status"]).values()["total"] == 2


def test_get_maintenance_windows(org: "Organization") -> None:
    times = {"start_at": "2027-01-01T00:00:00Z", "end_at": "2027-01-02T00:00:00Z"}
    attributes = {"name": "Night", "query": "project:AAA", **times}
    window = {"type": "maintenance_window", "attributes": attributes}
    created = org.call("POST /maintenance_windows", window)
    assert [each.id for each in cases.get_maintenance_windows()] == [created["id"]]


def test_get_case_timeline_returns_oldest_first(org: "Organization") -> None:
    created = case(org, project(org, "AAA")["id"], "One")
    for text in ("first", "second"):
        body = {"type": "case", "attributes": {"comment": text}}
        org.call(f"POST /cases/{created['id']}/comment", body)
    cells = cases.get_case_timeline("AAA-1")
    contents = [cell.attributes.cell_content for cell in cells]
    assert [content and content.message for content in contents] == ["first", "second"]


def test_get_user_ignores_case_of_email(org: "Organization") -> None:
    user = org.call("GET /users")[1]
    email = user["attributes"]["email"]
    assert cases.get_user(email=email.upper()).id == user["id"]
    assert cases.get_user(user_id=user["id"]).attributes.email == email


def invite(org: "Organization", email: str) -> str:
    created: str = org.call("POST /users", {"type": "users", "attributes": {"email": email}})["id"]
    return created


def test_get_user_prefers_the_only_active_user(org: "Organization") -> None:
    disabled, active = (invite(org, "bela@example.com") for _ in range(2))
    org.call(f"DELETE /users/{disabled}")
    assert cases.get_user(email="bela@example.com").id not in {disabled, active}
    ids = [invite(org, "two@example.com") for _ in range(2)]
    org.call(f"DELETE /users/{ids[0]}")
    expected = rf"{ids[0]} \(Disabled\), {ids[1]} \(Pending\); use one of these ids"
    with pytest.raises(cases.MultipleMatches, match=expected):
        cases.get_user(email="two@example.com")


@pytest.mark.parametrize(
    ("email", "service_accounts", "similar"),
    [
        ("bella@example.com", True, "bela@example.com (Active)"),
        ("cii@example.com", True, "ci@example.com (Active, service account)"),
        ("ci@example.com", False, "cleo@example.com (Active)"),
        ("q", True, "none"),
    ],
)
def test_get_user_lists_similar_addresses(
    org: "Organization",
    email: str,
    service_accounts: bool,  # noqa: FBT001 - a column of the table
    similar: str,
) -> None:
    del org
    with pytest.raises(cases.NoMatch) as error:
        cases.get_user(email=email, service_accounts=service_accounts)
    shown = str(error.value)
    assert shown.startswith(f"found no user {email}; similar addresses: ")
    assert similar in shown
    assert service_accounts or "service account" not in shown


def test_get_team_by_handle_name_or_id(org: "Organization") -> None:
    def create(handle: str, name: str) -> str:
        team = {"type": "team", "attributes": {"handle": handle, "name": name}}
        created: str = org.call("POST /team", team)["id"]
        return created

    night = create("soc-night", "SOC")
    assert cases.get_team(handle="soc-night").id == cases.get_team(name="SOC").id == night
    assert cases.get_team(team_id=night).attributes.name == "SOC"
    twins = [create(handle, "Twins") for handle in ("left", "right")]
    with pytest.raises(cases.MultipleMatches, match=f"team Twins: {twins[0]}, {twins[1]}; use"):
        cases.get_team(name="Twins")
    with pytest.raises(cases.NoMatch, match="found no team soc; existing: left, platform, right"):
        cases.get_team(handle="soc")
    with pytest.raises(cases.NotFound):
        cases.get_team(team_id="00000000-0000-0000-0000-000000000000")
    with pytest.raises(TypeError, match="one of handle, name and team_id"):
        cases.get_team(handle="soc", name="SOC")


@pytest.mark.parametrize("arguments", [{}, {"email": "a@example.com", "user_id": "x"}])
def test_get_user_takes_one_argument(org: "Organization", arguments: dict[str, str]) -> None:
    del org
    with pytest.raises(TypeError, match="either email or user_id"):
        cases.get_user(**arguments)  # type: ignore[arg-type]


def test_equal_lookups_send_one_request(org: "Organization") -> None:
    project(org, "AAA")
    before = len(org.request_log())
    assert cases.get_project(key="AAA") is cases.get_project(key="AAA")
    assert org.request_lines()[before:] == ["GET /cases/projects"]


def test_lookups_have_output_form_and_document_endpoint() -> None:
    names = {n for n in lookups.__all__ if n.islower() and not n.endswith("_output")}
    assert {f"{name}_output" for name in names} == {
        n for n in lookups.__all__ if n.endswith("_output")
    }
    for name in names:
        plain, output_form = (
            inspect.signature(getattr(lookups, each)).parameters
            for each in (name, f"{name}_output")
        )
        assert [(p.name, p.kind, p.default) for p in plain.values()] == [
            (p.name, p.kind, p.default) for p in output_form.values()
        ]
        assert "/api/v2/" in (inspect.getdoc(getattr(lookups, name)) or ""), name


@pytest.mark.pulumi
def test_program_calls_output_forms(organization: "Organization", new_stack: "NewStack") -> None:
    program = """
import pulumi
import pulumi_datadog_cases as cases

desk = cases.Project("desk", key="DESK", name="Desk")
standard = cases.get_case_type(name="Standard")
case = cases.Case("case", project_id=desk.id, type_id=standard.id, title="One")
again = cases.get_project_output(key=case.key.apply(lambda key: key.split("-")[0]))
pulumi.export("again", again.id)
pulumi.export("desk", desk.id)
"""
    stack = new_stack(organization, program)
    stack.up()
    shown = {name: stack("stack", "output", name) for name in ("again", "desk")}
    assert shown["again"] == shown["desk"]
    stack.destroy()


DEPENDENT = """
import pulumi
import pulumi_datadog_cases as cases

class Desk(pulumi.ComponentResource):
    def __init__(self, name):
        super().__init__("acme:index:Desk", name)
        child = pulumi.ResourceOptions(parent=self)
        self.project = cases.Project("desk", key="DESK", name={project!r}, opts=child)
        cases.Case("case", project_id=self.project.id, title="One", opts=child)
        self.register_outputs({{}})

triage = cases.CaseType("triage", name={case_type!r})
desk = Desk("component")
after = pulumi.InvokeOutputOptions(depends_on={depends_on})
pulumi.export("type", cases.get_case_type_output(name=triage.name).id)
pulumi.export("before", len(cases.search_cases("One")))
pulumi.export("titles", cases.search_cases_output("One", opts=after).apply(
    lambda found: [each.attributes.title for each in found]
))
"""


@pytest.mark.pulumi
@pytest.mark.parametrize(
    "depends_on", ["desk", "[desk]", "desk.project.urn.apply(lambda _: [desk])"]
)
def test_output_form_waits_for_resources_it_depends_on(
    organization: "Organization", new_stack: "NewStack", depends_on: str
) -> None:
    def program(case_type: str = "Triage") -> str:
        return DEPENDENT.format(case_type=case_type, project="Desk", depends_on=depends_on)

    stack = new_stack(organization, program())
    preview = stack.preview()
    assert re.search(r"titles *: \[unknown\]", preview), preview
    assert re.search(r"type *: \[unknown\]", preview), preview
    stack.up()
    assert stack("stack", "output", "type").strip() == stack.resources["triage"]["id"]
    # The lookup of the output `before` does not depend on the case, so it ran before the case
    # existed. The lookup of `titles` must not reuse that result.
    assert stack("stack", "output", "before").strip() == "0"
    assert json.loads(stack("stack", "output", "--json", "titles")) == ["One"]
    stack.write(program(case_type="Renamed"))
    # The preview looks up the new name and finds nothing. In a preview, this is no error, because
    # the deployment may rename the case type.
    stack.preview()
    stack.up()


ELSEWHERE = """
import pulumi
import pulumi_datadog_cases as cases

keys = pulumi.Config("eu")
eu = cases.Provider(
    "eu", api_url={url!r}, api_key=keys.require_secret("api"), app_key=keys.require_secret("app")
)
by_provider = pulumi.InvokeOptions(provider=eu)
parent = cases.CaseType("type", name="Type", opts=pulumi.ResourceOptions(provider=eu))
by_parent = pulumi.InvokeOptions(parent=parent)
pulumi.export("here", [each.id for each in cases.get_maintenance_windows()])
pulumi.export("plain", cases.get_project(key="EU", opts=by_provider).id)
pulumi.export("parent", cases.get_project(key="EU", opts=by_parent).id)
pulumi.export("output", cases.get_project_output(key="EU", opts=by_provider).id)
"""


@pytest.mark.pulumi
def test_lookups_read_organization_of_explicit_provider(
    organization: "Organization", start_sandbox: "StartSandbox", new_stack: "NewStack"
) -> None:
    other = start_sandbox("--api-key", "other-api-key", "--app-key", "other-app-key")
    created = project(other, "EU")["id"]
    stack = new_stack(organization, ELSEWHERE.format(url=other.settings.base_url))
    stack("config", "set", "--secret", "eu:api", other.settings.api_key)
    stack("config", "set", "--secret", "eu:app", other.settings.app_key)
    preview = stack.preview()
    assert preview.count(created) == 3, preview  # the result is not secret, although the keys are
    stack.up()
    assert json.loads(stack("stack", "output", "--json")) == {
        "here": [],
        **dict.fromkeys(("plain", "parent", "output"), created),
    }


@pytest.mark.parametrize(
    ("call", "problem"),
    [
        (
            lambda: cases.get_project(key=cast("str", pulumi.Output.from_input("DESK"))),
            "get_project: key is an output, which has no value yet: call get_project_output",
        ),
        (
            lambda: cases.count_cases(group_bys=[cast("str", pulumi.Output.from_input("x"))]),
            "count_cases: group_bys is an output, which has no value yet: call count_cases_output",
        ),
        (
            lambda: cases.get_project(
                key="DESK",
                opts=pulumi.InvokeOptions(provider=cast("pulumi.ProviderResource", object())),
            ),
            ("the provider of a lookup is a builtins.object: pass a pulumi_datadog_cases.Provider"),
        ),
    ],
)
def test_lookup_rejects_wrong_arguments(call: Callable[[], object], problem: str) -> None:
    async def program() -> None:  # an output needs an event loop
        with pytest.raises(TypeError) as error:
            call()
        assert str(error.value) == problem

    asyncio.run(program())
