"""Automation rules of a project: `/cases/projects/{project_id}/rules`."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Final, Literal, NotRequired

from pydantic import BeforeValidator, JsonValue
from typing_extensions import TypedDict

from datadog_cases_sandbox import clock, errors
from datadog_cases_sandbox.bodies import Change, Document, NonEmpty, Resource
from datadog_cases_sandbox.call import Answer, Call, Endpoints, Json, listed, without_nothing
from datadog_cases_sandbox.families import projects, users
from datadog_cases_sandbox.store import Record


def _upper(value: JsonValue) -> JsonValue:
    return value.upper() if isinstance(value, str) and value.islower() else value


# The reference spells these in lower case, the official client in upper case. Both are taken and
# the upper one is answered, as it is the later (assumed).
_EitherCase: Final = BeforeValidator(_upper)
TriggerType = Annotated[
    Literal[
        "CASE_CREATED",
        "STATUS_TRANSITIONED",
        "ATTRIBUTE_VALUE_CHANGED",
        "EVENT_CORRELATION_SIGNAL_CORRELATED",
        "CASE_REVIEW_APPROVED",
        "COMMENT_ADDED",
    ],
    _EitherCase,
]
ActionType = Annotated[Literal["EXECUTE_WORKFLOW", "ASSIGN_AGENT"], _EitherCase]
State = Literal["ENABLED", "DISABLED"]

NEEDED_BY_ACTION: Final = {
    "EXECUTE_WORKFLOW": ("handle",),
    "ASSIGN_AGENT": ("agent_type", "assigned_agent_id"),
}


class TriggerData(TypedDict, total=False):
    """Details of a trigger; the reference does not tie members to trigger types."""

    from_status_name: str
    to_status_name: str
    field: str
    change_type: Literal["VALUE_ADDED", "VALUE_DELETED", "ANY_CHANGES"]
    approval_type: str


class Trigger(TypedDict):
    """When a rule acts."""

    type: TriggerType
    data: NotRequired[TriggerData]


class ActionData(TypedDict, total=False):
    """Details of an action; see `NEEDED_BY_ACTION`."""

    handle: str
    agent_type: str
    assigned_agent_id: str


class Action(TypedDict):
    """What a rule does."""

    type: ActionType
    data: ActionData


class RuleAttributes(TypedDict):
    """Attributes of a rule, the same on create and on update: a PUT is the whole rule."""

    name: NonEmpty
    trigger: Trigger
    action: Action
    state: NotRequired[State]


class Rule(Record):
    """An automation rule. One that was exported may have triggers and actions unknown here."""

    kind: ClassVar[str] = "rule"
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
        """Its project."""
        return self.project_id


def _list(call: Call) -> Answer:
    rules = call.store.list(Rule, projects.addressed(call).id)
    return Answer(200, {"data": listed([_resource(rule) for rule in rules])})


def _create(call: Call) -> Answer:
    projects.project_uuid(call)
    sent = call.sent(Document[Resource[Literal["rule"], RuleAttributes]]).data.attributes
    _check(sent["action"])
    rule = Rule(
        **sent,
        project_id=projects.addressed(call).id,
        created_at=clock.microseconds(),
        created_by=users.CURRENT_USER,
    )
    call.store.put(rule)
    return Answer(201, {"data": _resource(rule)})


def _get(call: Call) -> Answer:
    return Answer(200, {"data": _resource(_addressed(call))})


def _update(call: Call) -> Answer:
    _rule_uuid(call)
    sent = call.sent(Document[Change[Literal["rule"], RuleAttributes]]).data.attributes
    if sent is not None:
        _check(sent["action"])
    return _changed(call, {**sent} if sent else {})


def _enable(call: Call) -> Answer:
    return _changed(call, {"state": "ENABLED"})


def _disable(call: Call) -> Answer:
    return _changed(call, {"state": "DISABLED"})


def _delete(call: Call) -> Answer:
    call.store.delete(_addressed(call))
    return Answer(204)


def _check(action: Action) -> None:
    missing = [name for name in NEEDED_BY_ACTION[action["type"]] if not action["data"].get(name)]
    if missing:
        needs = f"action {action['type']} needs {', '.join(missing)}"
        raise errors.bad_request(f"data.attributes.action.data: {needs}")


def _rule_uuid(call: Call) -> str:
    projects.project_uuid(call)
    return call.uuid("rule_id", "RuleID")


def _addressed(call: Call) -> Rule:
    rule_id = _rule_uuid(call)
    project = projects.addressed(call)
    rule = call.store.find(Rule, rule_id)
    if rule is None or rule.project_id != project.id:
        raise errors.not_found("rule not found", f"project {project.key} has no rule {rule_id}")
    return rule


def _changed(call: Call, changes: dict[str, object]) -> Answer:
    rule = _addressed(call)
    stamp = {"modified_at": clock.microseconds(), "modified_by": users.CURRENT_USER}
    if rule.model_copy(update=changes) != rule:
        rule = rule.model_copy(update={**changes, **stamp})
        call.store.put(rule)
    return Answer(200, {"data": _resource(rule)})


def _resource(rule: Rule) -> Json:
    people = {"created_by": rule.created_by, "modified_by": rule.modified_by}
    told = {"name", "trigger", "action", "state", "created_at", "modified_at"}
    return {
        "id": rule.id,
        "type": Rule.kind,
        "attributes": without_nothing(**rule.model_dump(include=told)),
        "relationships": {
            name: {"data": {"id": user_id, "type": "user"}}
            for name, user_id in people.items()
            if user_id is not None
        },
    }


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
