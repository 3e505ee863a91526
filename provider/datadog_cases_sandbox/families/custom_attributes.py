"""Definitions of custom attributes, on a case type, and the values that fit them.

`/cases/types/custom_attributes` and `/cases/types/{case_type_id}/custom_attributes`.
"""

from typing import ClassVar, Final, Literal, NotRequired

from typing_extensions import TypedDict

from datadog_cases_sandbox import errors
from datadog_cases_sandbox.bodies import Change, Document, NonEmpty, Resource
from datadog_cases_sandbox.call import Answer, Call, Endpoints, Json, listed, without_nothing
from datadog_cases_sandbox.families import case_types
from datadog_cases_sandbox.store import Record, Store

ValueType = Literal["URL", "TEXT", "NUMBER", "SELECT"]


class Option(TypedDict):
    """One choice of a SELECT."""

    value: str


class TypeData(TypedDict, total=False):
    """The choices of a SELECT."""

    options: list[Option]


class Value(TypedDict):
    """A custom attribute's value on a case: a list exactly where `is_multi` says so."""

    type: ValueType
    is_multi: bool
    value: str | int | float | list[str] | list[int | float]


class Config(Record):
    """A definition. `type_data` and `map_from` are kept and hold, but are never answered."""

    kind: ClassVar[str] = "custom_attribute"
    case_type_id: str
    key: str
    display_name: str
    type: ValueType
    is_multi: bool
    description: str | None = None
    type_data: TypeData | None = None
    map_from: str | None = None

    @property
    def owner(self) -> str:
        """Its case type."""
        return self.case_type_id


class NewConfig(TypedDict):
    """Attributes of a new definition; the options of a SELECT only come with an update."""

    key: NonEmpty
    display_name: NonEmpty
    type: ValueType
    is_multi: bool
    description: NotRequired[str]


class ConfigChange(TypedDict, total=False):
    """Attributes an update may carry; those left out stay as they are."""

    display_name: NonEmpty
    type: ValueType
    description: str
    type_data: TypeData
    map_from: str


def checked(store: Store, case_type_id: str, command: str, key: str, value: Value) -> Value:
    """A value as it is stored on a case, if it fits the definition of its key.

    Args:
        store: Where to look.
        case_type_id: The case's type.
        command: See `errors.attribute_not_configured`.
        key: The attribute's key.
        value: What was sent.
    """
    config = configured(store, case_type_id, command, key)
    values = value["value"] if isinstance(value["value"], list) else [value["value"]]
    options = [option["value"] for option in (config.type_data or {}).get("options", [])]
    if value["type"] != config.type:
        fault = f"is of type {config.type}, not {value['type']}"
    elif (
        value["is_multi"] != config.is_multi or isinstance(value["value"], list) != config.is_multi
    ):
        fault = "takes a list of values" if config.is_multi else "takes one value"
    elif any(isinstance(one, str) == (config.type == "NUMBER") for one in values):
        fault = f"takes {'numbers' if config.type == 'NUMBER' else 'strings'}"
    elif config.type == "SELECT" and options and not {*values} <= {*options}:
        fault = f"must be one of {', '.join(options)}"
    else:
        return value
    raise errors.generic_error(f"invalid value for custom attribute {key}: {fault}")


def configured(store: Store, case_type_id: str, command: str, key: str) -> Config:
    """The definition of a key on a case type."""
    for config in store.list(Config, case_type_id):
        if config.key == key:
            return config
    reason = f"case type {case_type_id} has no custom attribute {key!r}"
    raise errors.attribute_not_configured(command, key, reason)


def _list_all(call: Call) -> Answer:
    # Those of deleted case types included (recorded).
    return _listed(call.store, call.store.list(Config))


def _list(call: Call) -> Answer:
    case_type = case_types.find(call.store, case_types.case_type_uuid(call))
    return _listed(call.store, call.store.list(Config, case_type.id))


def _listed(store: Store, configs: list[Config]) -> Answer:
    return Answer(200, {"data": listed([_resource(store, config) for config in configs])})


def _create(call: Call) -> Answer:
    case_type_id = case_types.case_type_uuid(call)
    sent = call.sent(Document[Resource[Literal["custom_attribute"], NewConfig]]).data.attributes
    case_type = case_types.find_live(call.store, case_type_id)
    if any(config.key == sent["key"] for config in call.store.list(Config, case_type.id)):
        key = sent["key"]
        raise errors.generic_error(f"custom attribute {key} is already configured for this type")
    config = Config(**sent, case_type_id=case_type.id)
    call.store.put(config)
    return Answer(201, {"data": _resource(call.store, config)})


def _update(call: Call) -> Answer:
    _uuids(call)
    sent = call.sent(Document[Change[Literal["custom_attribute"], ConfigChange]]).data.attributes
    config = _addressed(call).model_copy(update={**(sent or {})})
    call.store.put(config)
    return Answer(200, {"data": _resource(call.store, config)})


def _delete(call: Call) -> Answer:
    call.store.delete(_addressed(call))
    return Answer(204)


def _uuids(call: Call) -> tuple[str, str]:
    return (
        case_types.case_type_uuid(call),
        call.uuid("custom_attribute_id", "CustomAttributeId"),
    )


def _addressed(call: Call) -> Config:
    case_type_id, config_id = _uuids(call)
    case_type = case_types.find(call.store, case_type_id)
    config = call.store.find(Config, config_id)
    if config is None or config.case_type_id != case_type.id:
        reason = f"case type {case_type.id} has no custom attribute with the id {config_id}"
        raise errors.not_found("custom attribute configuration not found", reason)
    return config


def _resource(store: Store, config: Config) -> Json:
    told: Json = config.model_dump(exclude={"id", "type_data", "map_from"})
    word = case_types.find(store, config.case_type_id).case_word
    return {
        "id": config.id,
        "type": Config.kind,
        "attributes": without_nothing(case_type=word, **told),
    }


_OF_TYPE: Final = "/cases/types/{case_type_id}/custom_attributes"
ENDPOINTS: Final[Endpoints] = {
    ("GET", "/cases/types/custom_attributes"): _list_all,
    ("GET", _OF_TYPE): _list,
    ("POST", _OF_TYPE): _create,
    ("PUT", f"{_OF_TYPE}/{{custom_attribute_id}}"): _update,
    ("DELETE", f"{_OF_TYPE}/{{custom_attribute_id}}"): _delete,
}
