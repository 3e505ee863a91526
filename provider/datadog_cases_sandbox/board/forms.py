"""The board's forms: their fields, and the JSON objects into which they are converted."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Final, NamedTuple
from urllib.parse import parse_qsl

from pydantic import BaseModel, Field, JsonValue, TypeAdapter
from pydantic_core import from_json

from datadog_cases_sandbox.endpoints import (
    automation_rules,
    case_links,
    case_relationships,
    case_types,
    cases,
    custom_attributes,
    insights,
    maintenance_windows,
    notification_rules,
    projects,
    views,
)
from datadog_cases_sandbox.endpoints.custom_attributes import CustomAttribute, Value
from datadog_cases_sandbox.handler import JsonObject
from datadog_cases_sandbox.store import Record

JSON_SUFFIX: Final = ":json"
OPTIONAL_SUFFIX: Final = "?"
SCALARS: Final = {"boolean", "integer", "number", "string"}


class InvalidFormError(ValueError):
    """A form cannot be converted to JSON. The message names the field."""


def form_body(form: str) -> JsonObject:
    """Converts a URL-encoded form to the JSON object that a request sends.

    The name of a field is the path of a member, such as `data.attributes.title`. The suffix `:json`
    means that the value is JSON; without this suffix, the value is a text. The suffix `?` marks a
    text that is omitted if it is empty. JSON is always omitted if it is empty.
    """
    body: JsonObject = {}
    # Browsers send line breaks as CRLF, but the texts in requests should have only LF.
    for name, text in parse_qsl(form.replace("%0D%0A", "%0A"), keep_blank_values=True):
        path = name.removesuffix(JSON_SUFFIX).removesuffix(OPTIONAL_SUFFIX)
        *parents, member = path.split(".")
        if text or name == path:
            _object_at(body, parents)[member] = (
                _json(member, text) if name.endswith(JSON_SUFFIX) else text
            )
    return body


def _object_at(body: JsonObject, path: list[str]) -> JsonObject:
    for step in path:
        inner = body.setdefault(step, {})
        if not isinstance(inner, dict):
            raise InvalidFormError(f"{step}: is a field and also has fields")
        body = inner
    return body


def _json(name: str, text: str) -> JsonValue:
    try:
        value: JsonValue = from_json(text, allow_inf_nan=False)
    except ValueError as error:
        raise InvalidFormError(f"{name}: is not valid JSON: {error}") from None
    return value


class FormField(NamedTuple):
    """A field of a form.

    Attributes:
        name: The name; see `form_body`.
        member: The name of the member in the request, or what people call it.
        value: The current value as a text.
        required: Whether the value must not be empty.
        is_json: Whether the value is JSON.
        multiline: Whether the value may have several lines.
        choices: The allowed values; empty if others are allowed.
    """

    name: str
    member: str
    value: str
    required: bool
    is_json: bool
    multiline: bool
    choices: tuple[str, ...]


class ResourceForms(NamedTuple):
    """The bodies of the requests that create and change objects of a resource type.

    Attributes:
        new: The attributes of a new object.
        changes: The attributes of a change; None if they are those of a new object.
        examples: Values from which people start when they create an object.
    """

    new: type
    changes: type | None = None
    examples: Mapping[str, JsonValue] = {}


FORMS: Final[Mapping[str, ResourceForms]] = {
    "case": ResourceForms(cases.NewCaseAttributes, examples={"type_id": case_types.BUILT_IN[0].id}),
    "case_type": ResourceForms(case_types.CaseTypeAttributes),
    "custom_attribute": ResourceForms(
        custom_attributes.NewCustomAttribute,
        custom_attributes.CustomAttributeUpdate,
        {"type": "TEXT", "is_multi": False},
    ),
    "insights": ResourceForms(
        insights.Insights,
        examples={"insights": [{"type": "MONITOR", "resource_id": "7", "ref": "/monitors/7"}]},
    ),
    "issues": ResourceForms(case_relationships.JiraLink),
    "link": ResourceForms(case_links.LinkAttributes),
    "maintenance_window": ResourceForms(
        maintenance_windows.NewMaintenanceWindow, maintenance_windows.MaintenanceWindowUpdate
    ),
    "notification_rule": ResourceForms(
        notification_rules.NewNotificationRule,
        notification_rules.NotificationRuleUpdate,
        {
            "recipients": [{"type": "EMAIL", "data": {"email": "oncall@example.com"}}],
            "triggers": [{"type": "CASE_CREATED"}],
            "is_enabled": True,
        },
    ),
    "project": ResourceForms(projects.NewProject, projects.ProjectUpdate),
    "rule": ResourceForms(
        automation_rules.RuleAttributes,
        examples={
            "trigger": {"type": "CASE_CREATED"},
            "action": {"type": "EXECUTE_WORKFLOW", "data": {"handle": "my-workflow"}},
            "state": "ENABLED",
        },
    ),
    "tickets": ResourceForms(case_relationships.NewServiceNowTicket),
    "view": ResourceForms(views.NewView, views.ViewUpdate),
}
"""The forms by resource type. `insights` is not a resource type, but an attribute of a case."""


class _MemberSchema(BaseModel):
    type: str = "object"
    any_of: list["_MemberSchema"] = Field(default_factory=list["_MemberSchema"], alias="anyOf")
    enum: list[JsonValue] = Field(default_factory=list[JsonValue])
    const: JsonValue = None
    default: JsonValue = None


class _Schema(BaseModel):
    properties: dict[str, _MemberSchema]
    required: set[str] = Field(default_factory=set[str])


@cache
def _schema(model: type) -> _Schema:
    return _Schema.model_validate(TypeAdapter(model).json_schema())


def new_fields(resource_type: str) -> list[FormField]:
    """The fields of the form that creates an object."""
    form = FORMS[resource_type]
    return model_fields(form.new, "data.attributes.", form.examples)


def change_fields(record: Record) -> list[FormField]:
    """The fields of the form that changes an object, with the object's values."""
    form = FORMS[record.resource_type]
    values = record.model_dump(mode="json")
    return model_fields(form.changes or form.new, "data.attributes.", values)


def value_field(definition: CustomAttribute, current: Value | None) -> FormField:
    """The field for the value of a custom attribute on a case."""
    is_json = definition.is_multi or definition.type == "NUMBER"
    options = [] if is_json else (definition.type_data or {}).get("options", [])
    return FormField(
        name="data.attributes.value" + (JSON_SUFFIX if is_json else ""),
        member=definition.display_name,
        value=_text(current["value"], is_json=is_json) if current else "",
        required=True,
        is_json=is_json,
        multiline=definition.is_multi,
        choices=tuple(option["value"] for option in options),
    )


def model_fields(model: type, prefix: str, values: Mapping[str, JsonValue]) -> list[FormField]:
    """A field for each member of a model. A member that has only one allowed value is left out.

    Args:
        model: The model of a request's body, or of a part of it.
        prefix: The path of the part in the body, such as `data.attributes.`.
        values: The current values. A member without a value has its default.
    """
    schema = _schema(model)
    return [
        _field(
            prefix + name,
            member,
            values.get(name, member.default),
            required=name in schema.required,
        )
        for name, member in schema.properties.items()
        if member.const is None
    ]


def _field(path: str, member: _MemberSchema, value: JsonValue, *, required: bool) -> FormField:
    for variant in member.any_of:
        if variant.type != "null":
            return _field(path, variant, value, required=required)
    is_json = member.type != "string"
    suffix = OPTIONAL_SUFFIX if value is None and not required else ""
    choices = [True, False] if member.type == "boolean" else member.enum
    return FormField(
        name=path + (JSON_SUFFIX if is_json else suffix),
        member=path.rpartition(".")[2],
        value=_text(value, is_json=is_json),
        required=required,
        is_json=is_json,
        multiline=member.type not in SCALARS or path.endswith(".description"),
        choices=tuple(_text(choice, is_json=is_json) for choice in choices),
    )


def _text(value: object, *, is_json: bool) -> str:
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False, indent=2) if is_json else str(value)
