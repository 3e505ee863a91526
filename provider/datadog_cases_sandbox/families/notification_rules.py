"""Notification rules of a project: `/cases/projects/{project_id}/notification_rules`."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Final, Literal, NotRequired

from typing_extensions import TypedDict

from datadog_cases_sandbox import errors
from datadog_cases_sandbox.bodies import Change, Document, Resource
from datadog_cases_sandbox.call import Answer, Call, Endpoints, Json, listed, without_nothing
from datadog_cases_sandbox.families import projects
from datadog_cases_sandbox.store import Record, Store


class RecipientData(TypedDict, total=False):
    """Whom to tell; the reference ties members to types in its prose alone."""

    email: str
    workspace: str
    workspace_id: str
    channel: str
    channel_id: str
    channel_name: str
    connector_name: str
    tenant_id: str
    tenant_name: str
    team_id: str
    team_name: str
    service_name: str
    name: str


class Recipient(TypedDict, total=False):
    """Somebody or something to tell; neither member is required (documented)."""

    type: Literal["EMAIL", "SLACK_CHANNEL", "MS_TEAMS_CHANNEL", "PAGERDUTY_SERVICE", "HTTP"]
    data: RecipientData


class TriggerData(TypedDict, total=False):
    """Details of a trigger; unlike those of automation rules, all are free texts (documented)."""

    from_status: str
    to_status: str
    from_status_name: str
    to_status_name: str
    field: str
    change_type: str


class Trigger(TypedDict, total=False):
    """When to tell; neither member is required (documented)."""

    type: Literal[
        "CASE_CREATED",
        "STATUS_TRANSITIONED",
        "ATTRIBUTE_VALUE_CHANGED",
        "EVENT_CORRELATION_SIGNAL_CORRELATED",
    ]
    data: TriggerData


class NewRule(TypedDict):
    """Attributes of a new rule."""

    recipients: list[Recipient]
    triggers: list[Trigger]
    query: NotRequired[str]
    is_enabled: NotRequired[bool]


class RuleChange(TypedDict, total=False):
    """Attributes a PUT may carry; those left out stay as they are (assumed)."""

    recipients: list[Recipient]
    triggers: list[Trigger]
    query: str
    is_enabled: bool


class NotificationRule(Record):
    """A notification rule. It has neither a name nor a history.

    One that was exported may have types of recipients and triggers that are unknown here.
    """

    kind: ClassVar[str] = "notification_rule"
    project_id: str
    recipients: Sequence[Mapping[str, object]] = ()
    triggers: Sequence[Mapping[str, object]] = ()
    query: str | None = None
    is_enabled: bool = True

    @property
    def owner(self) -> str:
        """Its project."""
        return self.project_id


def find(store: Store, project_id: str, rule_id: str) -> NotificationRule | None:
    """The rule with this id, if the project has it."""
    rule = store.find(NotificationRule, rule_id)
    return rule if rule is not None and rule.project_id == project_id else None


def require(store: Store, project: projects.Project, rule_id: str) -> NotificationRule:
    """The rule with this id; a project that has it not is refused."""
    rule = find(store, project.id, rule_id)
    if rule is None:
        reason = f"project {project.key} has no notification rule {rule_id}"
        raise errors.not_found("notification rule not found", reason)
    return rule


def _list(call: Call) -> Answer:
    rules = call.store.list(NotificationRule, projects.addressed(call).id)
    return Answer(200, {"data": listed([_resource(rule) for rule in rules])})


def _create(call: Call) -> Answer:
    projects.project_uuid(call)
    sent = call.sent(Document[Resource[Literal["notification_rule"], NewRule]]).data.attributes
    rule = NotificationRule(**sent, project_id=projects.addressed(call).id)
    call.store.put(rule)
    return Answer(201, {"data": _resource(rule)})


def _update(call: Call) -> Answer:
    _rule_uuid(call)
    sent = call.sent(Document[Change[Literal["notification_rule"], RuleChange]]).data.attributes
    call.store.put(_addressed(call).model_copy(update={**(sent or {})}))
    return Answer(204)


def _delete(call: Call) -> Answer:
    call.store.delete(_addressed(call))
    return Answer(204)


def _rule_uuid(call: Call) -> str:
    projects.project_uuid(call)
    return call.uuid("notification_rule_id", "NotificationRuleID")


def _addressed(call: Call) -> NotificationRule:
    rule_id = _rule_uuid(call)
    return require(call.store, projects.addressed(call), rule_id)


def _resource(rule: NotificationRule) -> Json:
    attributes: Json = rule.model_dump(exclude={"id", "project_id"})
    return {
        "id": rule.id,
        "type": NotificationRule.kind,
        "attributes": without_nothing(**attributes),
    }


_RULES: Final = "/cases/projects/{project_id}/notification_rules"
ENDPOINTS: Final[Endpoints] = {
    ("GET", _RULES): _list,
    ("POST", _RULES): _create,
    ("PUT", f"{_RULES}/{{notification_rule_id}}"): _update,
    ("DELETE", f"{_RULES}/{{notification_rule_id}}"): _delete,
}
