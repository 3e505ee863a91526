"""Automation rules of a project: `/cases/projects/{project_id}/rules`."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Final, Literal, NotRequired

from pydantic import BeforeValidator, JsonValue
from typing_extensions import TypedDict

from datadog_cases_sandbox import clock, errors
from datadog_cases_sandbox.bodies import Document, NonEmpty, Resource, ResourceUpdate
from datadog_cases_sandbox.endpoints import projects, users
from datadog_cases_sandbox.handler import (
    ApiRequest,
    ApiResponse,
    Endpoints,
    JsonObject,
    json_list,
    json_resource,
)
from datadog_cases_sandbox.rules import triggers
from datadog_cases_sandbox.store import Record


def _upper(value: JsonValue) -> JsonValue:
    return value.upper() if isinstance(value, str) and value.islower() else value


# The types of triggers and actions are in lower case in the reference, and in upper case in the
# official client. Requests may have either. Responses have upper case, the newer spelling
# (assumed).
_EitherCase: Final = BeforeValidator(_upper)
TriggerName = Annotated[triggers.AutomationTriggerName, _EitherCase]
ActionType = Annotated[Literal["EXECUTE_WORKFLOW", "ASSIGN_AGENT"], _EitherCase]
State = Literal["ENABLED", "DISABLED"]

REQUIRED_ACTION_DATA: Final = {
    "EXECUTE_WORKFLOW": ("handle",),
    "ASSIGN_AGENT": ("agent_type", "assigned_agent_id"),
}


class Trigger(TypedDict):
    """The trigger of a rule: the condition under which the rule acts."""

    type: TriggerName
    data: NotRequired[triggers.AutomationTriggerData]


class ActionData(TypedDict, total=False):
    """Parameters of an action; see `REQUIRED_ACTION_DATA`."""

    handle: str
    agent_type: str
    assigned_agent_id: str


class Action(TypedDict):
    """The action of a rule."""

    type: ActionType
    data: ActionData


class RuleAttributes(TypedDict):
    """Attributes of a rule. A PUT needs the same as a POST; `state` may be omitted."""

    name: NonEmpty
    trigger: Trigger
    action: Action
    state: NotRequired[State]


class AutomationRule(Record):
    """An automation rule. In a seed file, the types of trigger and action may be unknown."""

    resource_type: ClassVar[str] = "rule"
    project_id: str
    name: str
    trigger: Mapping[str, object]
    action: Mapping[str, object]
    state: State = "ENABLED"
    created_at: str
    created_by: str | None = None
    modified_at: str | None = None
    modified_by: str | None = None

    @property
    def owner(self) -> str:
        """The rule's project."""
        return self.project_id


def _list(request: ApiRequest) -> ApiResponse:
    rules = request.store.list(AutomationRule, projects.from_path(request).id)
    return ApiResponse(200, {"data": json_list([_resource(rule) for rule in rules])})


def _create(request: ApiRequest) -> ApiResponse:
    projects.project_uuid(request)
    attributes = request.body(Document[Resource[Literal["rule"], RuleAttributes]]).data.attributes
    _check_action(attributes["action"])
    rule = AutomationRule(
        **attributes,
        project_id=projects.from_path(request).id,
        created_at=clock.microseconds(),
        created_by=users.CURRENT_USER,
    )
    request.store.put(rule)
    return ApiResponse(201, {"data": _resource(rule)})


def _get(request: ApiRequest) -> ApiResponse:
    return ApiResponse(200, {"data": _resource(_from_path(request))})


def _update(request: ApiRequest) -> ApiResponse:
    _rule_uuid(request)
    attributes = request.body(
        Document[ResourceUpdate[Literal["rule"], RuleAttributes]]
    ).data.attributes
    if attributes is not None:
        _check_action(attributes["action"])
    return _changed(request, {**attributes} if attributes else {})


def _enable(request: ApiRequest) -> ApiResponse:
    return _changed(request, {"state": "ENABLED"})


def _disable(request: ApiRequest) -> ApiResponse:
    return _changed(request, {"state": "DISABLED"})


def _delete(request: ApiRequest) -> ApiResponse:
    request.store.delete(_from_path(request))
    return ApiResponse(204)


def _check_action(action: Action) -> None:
    missing = [
        name for name in REQUIRED_ACTION_DATA[action["type"]] if not action["data"].get(name)
    ]
    if missing:
        needs = f"action {action['type']} needs {', '.join(missing)}"
        raise errors.bad_request(f"data.attributes.action.data: {needs}")


def _rule_uuid(request: ApiRequest) -> str:
    projects.project_uuid(request)
    return request.path_uuid("rule_id", "RuleID")


def _from_path(request: ApiRequest) -> AutomationRule:
    rule_id = _rule_uuid(request)
    project = projects.from_path(request)
    rule = request.store.find(AutomationRule, rule_id)
    if rule is None or rule.project_id != project.id:
        raise errors.not_found("rule not found", f"project {project.key} has no rule {rule_id}")
    return rule


def _changed(request: ApiRequest, changes: dict[str, object]) -> ApiResponse:
    rule = _from_path(request)
    stamp = {"modified_at": clock.microseconds(), "modified_by": users.CURRENT_USER}
    if rule.model_copy(update=changes) != rule:
        rule = rule.model_copy(update={**changes, **stamp})
        request.store.put(rule)
    return ApiResponse(200, {"data": _resource(rule)})


def _resource(rule: AutomationRule) -> JsonObject:
    returned = {"name", "trigger", "action", "state", "created_at", "modified_at"}
    people = {"created_by": (rule.created_by, "user"), "modified_by": (rule.modified_by, "user")}
    return json_resource(rule, rule.model_dump(include=returned), people)


_RULES: Final = "/cases/projects/{project_id}/rules"
ENDPOINTS: Final[Endpoints] = {
    ("GET", _RULES): _list,
    ("POST", _RULES): _create,
    ("GET", f"{_RULES}/{{rule_id}}"): _get,
    ("PUT", f"{_RULES}/{{rule_id}}"): _update,
    ("DELETE", f"{_RULES}/{{rule_id}}"): _delete,
    ("POST", f"{_RULES}/{{rule_id}}/enable"): _enable,
    ("POST", f"{_RULES}/{{rule_id}}/disable"): _disable,
}
