"""Tests of the native plugin as a process.

`tests/resources` runs the table of every resource type through the native plugin, in process.
"""

import json
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import grpc  # type: ignore[import-untyped] # comes with pulumi, without stubs
import pytest
import yaml
from google.protobuf.empty_pb2 import Empty  # type: ignore[import-untyped] # without stubs
from pulumi.output import Unknown
from pulumi.runtime import rpc
from pulumi.runtime.proto import provider_pb2, status_pb2
from tests.plugin.conftest import ROOT, urn
from tests.resources.harness import prerequisites

from pulumi_datadog_cases.engine.values import SECRET_MARK, UNKNOWN
from pulumi_datadog_cases.plugin.wire import from_struct, to_struct

if TYPE_CHECKING:
    from tests.conftest import AddQuirk, Organization
    from tests.plugin.conftest import Plugin

SOURCE = ROOT / "plugin"
PROJECT = {"key": "SEC", "name": "Security"}
RULE = {
    "name": "Triage",
    "trigger": {"type": "CASE_CREATED"},
    "action": {"type": "EXECUTE_WORKFLOW", "data": {"handle": "triage"}},
}


def test_package_names_its_version_and_schema(plugin: "Plugin") -> None:
    own_version = plugin.stub.GetPluginInfo(Empty()).version
    schema = json.loads(plugin.stub.GetSchema(provider_pb2.GetSchemaRequest()).schema)
    assert (schema["name"], schema["version"]) == ("datadog-cases", own_version)


@pytest.mark.parametrize("plugin", [[str(SOURCE)]], indirect=True, ids=["source"])
def test_pulumi_starts_plugin_from_source(plugin: "Plugin") -> None:
    """For a `PulumiPlugin.yaml`, Pulumi installs the requirements and runs the folder."""
    manifest = yaml.safe_load((SOURCE / "PulumiPlugin.yaml").read_text(encoding="utf-8"))
    assert manifest == {"runtime": "python"}
    release = version("pulumi-datadog-cases")
    requirements = (SOURCE / "requirements.txt").read_text(encoding="utf-8")
    assert requirements == f"pulumi-datadog-cases=={release}\n"
    assert plugin.stub.GetPluginInfo(Empty()).version == release
    assert plugin.create("Project", PROJECT)


def test_unknown_setting_is_rejected_by_name(plugin: "Plugin") -> None:
    request = provider_pb2.CheckRequest(news=to_struct({"apiKye": "x", "apiKey": "y"}))
    (failure,) = plugin.stub.CheckConfig(request).failures
    assert failure.property == ""  # Pulumi would print the value of a property
    start = "apiKye is not a setting; known settings: site, apiKey, appKey"
    assert failure.reason.startswith(start)


def test_settings_may_be_secrets_and_texts(plugin: "Plugin", organization: "Organization") -> None:
    settings = {key.partition(":")[2]: value for key, value in organization.config.items()}
    key = {**SECRET_MARK, "value": settings["apiKey"]}
    news = to_struct({**settings, "apiKey": key, "httpClientRetryEnabled": True})
    plugin.stub.Configure(provider_pb2.ConfigureRequest(args=news))
    plugin.create("Project", PROJECT)
    olds = to_struct({**settings, "httpClientRetryEnabled": "true", "version": "0.1.0"})
    request = provider_pb2.DiffRequest(old_inputs=olds, news=news)
    assert plugin.stub.DiffConfig(request).changes == provider_pb2.DiffResponse.DIFF_NONE
    other = to_struct({**settings, "apiKey": "other"})
    request = provider_pb2.DiffRequest(old_inputs=olds, news=other)
    assert plugin.stub.DiffConfig(request).changes == provider_pb2.DiffResponse.DIFF_SOME


def test_mistakes_have_the_names_of_the_program(plugin: "Plugin") -> None:
    trigger = {"type": "STATUS_TRANSITIONED", "data": {"toStatusNam": "Closed"}}
    _, failures = plugin.check("AutomationRule", **{**RULE, "projectId": "p", "trigger": trigger})
    assert [*failures] == [
        'projectId must be a UUID, such as another resource\'s id, got "p"',
        'trigger.data.toStatusNam is not a known key; did you mean "toStatusName"?',
    ]


def test_preview_of_a_create_knows_the_inputs(
    plugin: "Plugin", organization: "Organization"
) -> None:
    inputs, failures = plugin.check("AutomationRule", projectId=UNKNOWN, **RULE)
    assert failures == []
    id_, outputs = plugin.create("AutomationRule", inputs, preview=True)
    assert id_ == ""
    assert outputs["name"] == "Triage"
    assert isinstance(outputs["projectId"], Unknown)
    assert isinstance(outputs["createdAt"], Unknown)
    assert organization.request_lines() == []


def test_preview_of_an_update_knows_the_outputs_that_stay(
    plugin: "Plugin", organization: "Organization"
) -> None:
    project, _ = plugin.create("Project", PROJECT)
    inputs, _ = plugin.check("Case", projectId=project, title="One")
    case, old = plugin.create("Case", inputs)

    def planned(**changes: str) -> dict[str, Any]:
        news = {**inputs, **changes}
        request = provider_pb2.UpdateRequest(
            urn=urn("Case"),
            id=case,
            olds=to_struct(old),
            old_inputs=to_struct(inputs),
            news=to_struct(news),
            preview=True,
        )
        return from_struct(plugin.stub.Update(request).properties)

    before = organization.request_lines()
    renamed = planned(title="Two")
    assert (renamed["title"], renamed["key"], renamed["url"]) == ("Two", old["key"], old["url"])
    assert renamed["createdAt"] == old["createdAt"]
    assert isinstance(renamed["modifiedAt"], Unknown)
    moved = planned(projectId="5a9d0c00-0000-4000-8000-00000000000a")
    assert isinstance(moved["key"], Unknown)
    assert moved["status"] == old["status"]
    assert organization.request_lines() == before


def test_import_declares_as_little_as_possible(plugin: "Plugin") -> None:
    project, _ = plugin.create("Project", PROJECT)
    rule, _ = plugin.create("AutomationRule", {"projectId": project, **RULE})
    request = provider_pb2.ReadRequest(urn=urn("AutomationRule"), id=f"{project}/{rule}")
    answer = plugin.stub.Read(request)
    assert answer.id == rule
    # The state is declared, because otherwise nobody would notice that someone disables the rule.
    assert from_struct(answer.inputs) == {"projectId": project, **RULE, "state": "ENABLED"}
    assert from_struct(answer.properties)["state"] == "ENABLED"


@pytest.mark.parametrize("kind", ["Case", "NotificationRule"])
def test_import_leaves_nothing_to_change(
    kind: str, plugin: "Plugin", organization: "Organization"
) -> None:
    """The API returns lists in an order that differs from the normalized order of inputs."""
    project, _ = plugin.create("Project", PROJECT)
    if kind == "Case":
        id_ = import_id = str(organization.call(*prerequisites.case(project))["id"])
        labels = prerequisites.body("case", attributes={"env": ["prod", "eu"]})
        organization.call(f"POST /cases/{id_}/attributes", labels)
    else:
        recipients = [
            {"type": "HTTP", "data": {"name": "siem"}},
            {"type": "EMAIL", "data": {"email": "soc@example.com"}},
        ]
        rule = prerequisites.body(
            "notification_rule", recipients=recipients, triggers=[{"type": "CASE_CREATED"}]
        )
        rules = f"/cases/projects/{project}/notification_rules"
        id_ = str(organization.call(f"POST {rules}", rule)["id"])
        import_id = f"{project}/{id_}"
    answer = plugin.stub.Read(provider_pb2.ReadRequest(urn=urn(kind), id=import_id))
    checked = provider_pb2.CheckRequest(urn=urn(kind), news=answer.inputs)
    diff = provider_pb2.DiffRequest(
        urn=urn(kind),
        id=id_,
        olds=answer.properties,
        old_inputs=answer.inputs,
        news=plugin.stub.Check(checked).inputs,
    )
    assert plugin.stub.Diff(diff).changes == provider_pb2.DiffResponse.DIFF_NONE


def test_import_reads_an_object_whose_type_has_parents_only_as_inputs(plugin: "Plugin") -> None:
    project, _ = plugin.create("Project", PROJECT)
    favorite, _ = plugin.create("ProjectFavorite", {"projectId": project})
    read = provider_pb2.ReadRequest(urn=urn("ProjectFavorite"), id=favorite)
    assert from_struct(plugin.stub.Read(read).inputs) == {"projectId": project}


def test_get_reads_all_inputs(plugin: "Plugin") -> None:
    project, _ = plugin.create("Project", PROJECT)
    rule, _ = plugin.create("AutomationRule", {"projectId": project, **RULE})
    parents = to_struct({"projectId": project})  # Pulumi sends them twice
    request = provider_pb2.ReadRequest(
        urn=urn("AutomationRule"), id=rule, properties=parents, inputs=parents
    )
    assert from_struct(plugin.stub.Read(request).properties)["name"] == "Triage"


def test_deleted_object_whose_type_has_parents_only_as_inputs_is_gone(plugin: "Plugin") -> None:
    """The read of a refresh must not be taken for that of an import, which fails."""
    project, _ = plugin.create("Project", PROJECT)
    inputs = to_struct({"projectId": project})
    favorite, outputs = plugin.create("ProjectFavorite", {"projectId": project})
    properties = to_struct(outputs)
    kind = urn("ProjectFavorite")
    plugin.stub.Delete(provider_pb2.DeleteRequest(urn=kind, id=favorite, properties=properties))
    read = provider_pb2.ReadRequest(urn=kind, id=favorite, properties=properties, inputs=inputs)
    assert plugin.stub.Read(read).id == ""


def test_list_returns_import_ids_and_names(plugin: "Plugin") -> None:
    project, _ = plugin.create("Project", PROJECT)
    rule, _ = plugin.create("AutomationRule", {"projectId": project, **RULE})
    inputs, _ = plugin.check("Case", projectId=project, title="Laptop")
    case, outputs = plugin.create("Case", inputs)
    insight = {"type": "MONITOR", "ref": "/monitors/1", "resourceId": "1"}
    plugin.create("CaseInsight", {"caseId": case, **insight})
    assert plugin.list("Project") == [(project, "Security")]
    assert plugin.list("AutomationRule", projectId=project) == [(f"{project}/{rule}", "Triage")]
    assert plugin.list("CaseInsight", caseId=outputs["key"]) == [(f"{case}/MONITOR:1", "")]
    assert plugin.list("CaseJiraIssue", caseId=case) == []


def test_listed_objects_can_be_imported(plugin: "Plugin") -> None:
    project, _ = plugin.create("Project", PROJECT)
    for title in ("First", "Second"):
        inputs, _ = plugin.check("Case", projectId=project, title=title)
        plugin.create("Case", inputs)
    listed = plugin.list("Case") or []
    assert len(listed) == 2
    for id_, title in listed:
        answer = plugin.stub.Read(provider_pb2.ReadRequest(urn=urn("Case"), id=id_))
        assert from_struct(answer.inputs)["title"] == title


def test_list_stops_at_the_limit(plugin: "Plugin") -> None:
    for key in ("ONE", "TWO", "THREE"):
        plugin.create("Project", {"key": key, "name": key})
    assert len(plugin.list("Project", limit=2) or []) == 2


def test_list_with_an_unknown_parent_is_unknown(plugin: "Plugin") -> None:
    assert plugin.list("AutomationRule", projectId=UNKNOWN) is None


@pytest.mark.parametrize(
    ("kind", "query", "message"),
    [
        ("AutomationRule", {}, "AutomationRule is listed with its parent: set projectId"),
        ("Case", {"projectId": "p"}, "all objects of the type Case are listed: set nothing"),
        ("AutomationRule", {"projectId": "SEC"}, "projectId must be a UUID"),
        ("AutomationRule", {"projectId": 1}, "projectId must be a string"),
    ],
)
def test_wrong_query_of_a_list_is_one_line(
    plugin: "Plugin", kind: str, query: dict[str, Any], message: str
) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        plugin.list(kind, **query)
    assert message in caught.value.details()
    assert "\n" not in caught.value.details()


def test_missing_object_is_gone_in_a_refresh(plugin: "Plugin") -> None:
    id_, outputs = plugin.create("Project", PROJECT)
    request = provider_pb2.DeleteRequest(urn=urn("Project"), id=id_, properties=to_struct(outputs))
    plugin.stub.Delete(request)
    read = provider_pb2.ReadRequest(
        urn=urn("Project"),
        id=id_,
        properties=to_struct(outputs),
        inputs=to_struct(PROJECT),
    )
    assert plugin.stub.Read(read).id == ""


def test_incomplete_object_is_saved_with_the_error(
    plugin: "Plugin", organization: "Organization"
) -> None:
    """The API accepts the create, but neither the settings nor the delete of the new project."""
    organization.add_fault(kind="status", endpoint="* /cases/projects/*", status=403)
    settings = {"autoCloseInactiveCases": {"enabled": True, "maxInactiveTimeInSecs": 86400}}
    with pytest.raises(grpc.RpcError) as error:
        plugin.create("Project", {**PROJECT, "settings": settings})
    metadata = {each.key: each.value for each in error.value.trailing_metadata()}
    status = status_pb2.Status.FromString(metadata["grpc-status-details-bin"])
    saved = provider_pb2.ErrorResourceInitFailed()
    assert status.details[0].Unpack(saved)
    (project,) = organization.call("GET /cases/projects")
    assert saved.id == project["id"]
    assert from_struct(saved.properties)["name"] == "Security"
    assert "is incomplete" in saved.reasons[0]


def test_cancel_ends_waits(plugin: "Plugin", organization: "Organization") -> None:
    project, _ = plugin.create("Project", PROJECT)
    organization.add_fault(kind="rate_limit", endpoint="POST /cases", requests=1, period=250)
    inputs, _ = plugin.check("Case", projectId=project, title="One")
    plugin.create("Case", inputs)
    request = provider_pb2.CreateRequest(urn=urn("Case"), properties=to_struct(inputs))
    waiting = plugin.stub.Create.future(request)
    plugin.stub.Cancel(Empty())
    with pytest.raises(grpc.RpcError, match="the run was interrupted"):
        waiting.result(timeout=300)
    assert len(organization.call("GET /cases")) == 1


def test_errors_are_one_line(plugin: "Plugin") -> None:
    with pytest.raises(grpc.RpcError) as error:
        plugin.create("Project", {"key": "SEC\n", "name": "x" * 3, "teamUuid": "y"})
    text = error.value.details()
    assert text.startswith("pulumi_datadog_cases.BadRequest: POST /api/v2/cases/projects")
    assert "\n" not in text


def test_errors_have_the_names_of_the_program(
    plugin: "Plugin", organization: "Organization"
) -> None:
    id_, outputs = plugin.create("Project", PROJECT)
    case = {"type_id": "00000000-0000-0000-0000-000000000001", "title": "Somebody's"}
    project = {"project": {"data": {"id": id_, "type": "project"}}}
    organization.call("POST /cases", {"type": "case", "attributes": case, "relationships": project})
    request = provider_pb2.DeleteRequest(urn=urn("Project"), id=id_, properties=to_struct(outputs))
    with pytest.raises(grpc.RpcError, match="set its input forceDestroy=True") as error:
        plugin.stub.Delete(request)
    assert "option retainOnDelete=True" in error.value.details()
    with pytest.raises(grpc.RpcError, match="getUser takes either email or userId"):
        plugin.invoke("getUser")


def test_lookups_are_functions(plugin: "Plugin") -> None:
    project, _ = plugin.create("Project", PROJECT)
    found = plugin.invoke("getProject", key="SEC")
    assert (found["id"], found["type"]) == (project, "project")
    assert found["values"]["name"] == "Security"
    plugin.create("AutomationRule", {"projectId": project, **RULE})
    (rule,) = plugin.invoke("getAutomationRules", projectId=project)["items"]
    assert rule["values"]["name"] == "Triage"
    with pytest.raises(grpc.RpcError, match="found no project OPS; existing: SEC"):
        plugin.invoke("getProject", key="OPS")


def test_lookup_sees_what_the_run_has_deployed(plugin: "Plugin") -> None:
    project, _ = plugin.create("Project", PROJECT)
    assert plugin.invoke("getAutomationRules", projectId=project)["items"] == []
    plugin.create("AutomationRule", {"projectId": project, **RULE})
    assert len(plugin.invoke("getAutomationRules", projectId=project)["items"]) == 1


def test_forms_of_the_api_are_secret(plugin: "Plugin", add_quirk: "AddQuirk") -> None:
    """The forms may contain the value of a secret input."""
    add_quirk("trim_strings")
    _, outputs = plugin.create("Project", {"key": "SEC", "name": " Security "})
    assert rpc.is_rpc_secret(outputs["__forms"])
    forms = {"name": {"declared": " Security ", "returned": "Security"}}
    assert rpc.unwrap_rpc_secret(outputs["__forms"]) == forms
