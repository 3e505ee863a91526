"""Notification rules of a project: `/cases/projects/{project_id}/notification_rules`."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Final, Literal, NotRequired

from typing_extensions import TypedDict

from datadog_cases_sandbox import errors
from datadog_cases_sandbox.bodies import Document, Resource, ResourceUpdate
from datadog_cases_sandbox.endpoints import projects
from datadog_cases_sandbox.handler import (
    ApiRequest,
    ApiResponse,
    Endpoints,
    JsonObject,
    json_list,
    json_resource,
)
from datadog_cases_sandbox.rules import recipients, triggers
from datadog_cases_sandbox.store import Record, Store


class Recipient(TypedDict, total=False):
    """A recipient. No member is required (documented)."""

    type: recipients.RecipientTypeName
    data: recipients.RecipientData


class Trigger(TypedDict, total=False):
    """The condition under which a rule sends notifications. No member is required (documented)."""

    type: triggers.NotificationTriggerName
    data: triggers.NotificationTriggerData


class NewNotificationRule(TypedDict):
    """Attributes of a new rule."""

    recipients: list[Recipient]
    triggers: list[Trigger]
    query: NotRequired[str]
    is_enabled: NotRequired[bool]


class NotificationRuleUpdate(TypedDict, total=False):
    """Attributes that a PUT may have. Omitted attributes keep their values (assumed)."""

    recipients: list[Recipient]
    triggers: list[Trigger]
    query: str
    is_enabled: bool


class NotificationRule(Record):
    """A notification rule. It has neither a name nor timestamps.

    If the rule comes from a seed file, its recipients and triggers may have unknown types.
    """

    resource_type: ClassVar[str] = "notification_rule"
    project_id: str
    recipients: Sequence[Mapping[str, object]] = ()
    triggers: Sequence[Mapping[str, object]] = ()
    query: str | None = None
    is_enabled: bool = True

    @property
    def owner(self) -> str:
        """The rule's project."""
        return self.project_id


def find(store: Store, project_id: str, rule_id: str) -> NotificationRule | None:
    """The rule with this id in the project, or None."""
    rule = store.find(NotificationRule, rule_id)
    return rule if rule is not None and rule.project_id == project_id else None


def require(store: Store, project: projects.Project, rule_id: str) -> NotificationRule:
    """The rule with this id in the project. Raises an `ApiError` if there is no such rule."""
    rule = find(store, project.id, rule_id)
    if rule is None:
        reason = f"project {project.key} has no notification rule {rule_id}"
        raise errors.not_found("notification rule not found", reason)
    return rule


def _list(request: ApiRequest) -> ApiResponse:
    rules = request.store.list(NotificationRule, projects.from_path(request).id)
    return ApiResponse(200, {"data": json_list([_resource(rule) for rule in rules])})


def _create(request: ApiRequest) -> ApiResponse:
    projects.project_uuid(request)
    attributes = request.body(
        Document[Resource[Literal["notification_rule"], NewNotificationRule]]
    ).data.attributes
    rule = NotificationRule(**attributes, project_id=projects.from_path(request).id)
    request.store.put(rule)
    return ApiResponse(201, {"data": _resource(rule)})


def _update(request: ApiRequest) -> ApiResponse:
    _rule_uuid(request)
    attributes = request.body(
        Document[ResourceUpdate[Literal["notification_rule"], NotificationRuleUpdate]]
    ).data.attributes
    request.store.put(_from_path(request).model_copy(update={**(attributes or {})}))
    return ApiResponse(204)


def _delete(request: ApiRequest) -> ApiResponse:
    request.store.delete(_from_path(request))
    return ApiResponse(204)


def _rule_uuid(request: ApiRequest) -> str:
    projects.project_uuid(request)
    return request.path_uuid("notification_rule_id", "NotificationRuleID")


def _from_path(request: ApiRequest) -> NotificationRule:
    rule_id = _rule_uuid(request)
    return require(request.store, projects.from_path(request), rule_id)


def _resource(rule: NotificationRule) -> JsonObject:
    return json_resource(rule, rule.model_dump(exclude={"id", "project_id"}))


_RULES: Final = "/cases/projects/{project_id}/notification_rules"
ENDPOINTS: Final[Endpoints] = {
    ("GET", _RULES): _list,
    ("POST", _RULES): _create,
    ("PUT", f"{_RULES}/{{notification_rule_id}}"): _update,
    ("DELETE", f"{_RULES}/{{notification_rule_id}}"): _delete,
}
