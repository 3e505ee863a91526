"""Custom attributes of case types, and validation of their values.

The endpoints are `/cases/types/custom_attributes` and those below
`/cases/types/{case_type_id}/custom_attributes`.
"""

from typing import ClassVar, Final, Literal, NotRequired

from typing_extensions import TypedDict

from datadog_cases_sandbox import errors
from datadog_cases_sandbox.bodies import Document, NonEmpty, Resource, ResourceUpdate
from datadog_cases_sandbox.endpoints import case_types
from datadog_cases_sandbox.handler import (
    ApiRequest,
    ApiResponse,
    Endpoints,
    JsonObject,
    json_list,
    json_resource,
)
from datadog_cases_sandbox.store import Record, Store

ValueType = Literal["URL", "TEXT", "NUMBER", "SELECT"]


class Option(TypedDict):
    """An option of a SELECT."""

    value: str


class TypeData(TypedDict, total=False):
    """The options of a SELECT."""

    options: list[Option]


class Value(TypedDict):
    """The value of a custom attribute on a case. If `is_multi` is true, the value is a list."""

    type: ValueType
    is_multi: bool
    value: str | int | float | list[str] | list[int | float]


class CustomAttribute(Record):
    """The definition of a custom attribute.

    `type_data` and `map_from` are stored, but the API never returns them. If `type_data` has
    options, values on cases must be among these options.
    """

    resource_type: ClassVar[str] = "custom_attribute"
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
        """The definition's case type."""
        return self.case_type_id


class NewCustomAttribute(TypedDict):
    """Attributes of a new definition. Only an update can set the options of a SELECT."""

    key: NonEmpty
    display_name: NonEmpty
    type: ValueType
    is_multi: bool
    description: NotRequired[str]


class CustomAttributeUpdate(TypedDict, total=False):
    """Attributes that a PUT may have. Omitted attributes keep their values."""

    display_name: NonEmpty
    type: ValueType
    description: str
    type_data: TypeData
    map_from: str


def validate_value(store: Store, case_type_id: str, command: str, key: str, value: Value) -> Value:
    """Returns the value. Raises an `ApiError` if the value does not fit the key's definition.

    Args:
        store: The store.
        case_type_id: The case's type.
        command: The API's internal name of the write; see `errors.attribute_not_configured`.
        key: The attribute's key.
        value: The value from the request.
    """
    definition = find_definition(store, case_type_id, command, key)
    values = value["value"] if isinstance(value["value"], list) else [value["value"]]
    options = [option["value"] for option in (definition.type_data or {}).get("options", [])]
    if value["type"] != definition.type:
        problem = f"is of type {definition.type}, not {value['type']}"
    elif (
        value["is_multi"] != definition.is_multi
        or isinstance(value["value"], list) != definition.is_multi
    ):
        problem = "takes a list of values" if definition.is_multi else "takes one value"
    elif any(isinstance(each, str) == (definition.type == "NUMBER") for each in values):
        problem = f"takes {'numbers' if definition.type == 'NUMBER' else 'strings'}"
    elif definition.type == "SELECT" and options and not {*values} <= {*options}:
        problem = f"must be one of {', '.join(options)}"
    else:
        return value
    raise errors.generic_error(f"invalid value for custom attribute {key}: {problem}")


def find_definition(store: Store, case_type_id: str, command: str, key: str) -> CustomAttribute:
    """The definition of a key on a case type. Raises an `ApiError` if the key is not defined."""
    for definition in store.list(CustomAttribute, case_type_id):
        if definition.key == key:
            return definition
    reason = f"case type {case_type_id} has no custom attribute {key!r}"
    raise errors.attribute_not_configured(command, key, reason)


def _list_all(request: ApiRequest) -> ApiResponse:
    # The list includes the definitions of deleted case types (recorded).
    return _list_response(request.store, request.store.list(CustomAttribute))


def _list(request: ApiRequest) -> ApiResponse:
    case_type = case_types.find(request.store, case_types.case_type_uuid(request))
    return _list_response(request.store, request.store.list(CustomAttribute, case_type.id))


def _list_response(store: Store, definitions: list[CustomAttribute]) -> ApiResponse:
    return ApiResponse(
        200, {"data": json_list([_resource(store, definition) for definition in definitions])}
    )


def _create(request: ApiRequest) -> ApiResponse:
    case_type_id = case_types.case_type_uuid(request)
    attributes = request.body(
        Document[Resource[Literal["custom_attribute"], NewCustomAttribute]]
    ).data.attributes
    case_type = case_types.find_active(request.store, case_type_id)
    if any(
        definition.key == attributes["key"]
        for definition in request.store.list(CustomAttribute, case_type.id)
    ):
        key = attributes["key"]
        raise errors.duplicate(f"custom attribute {key} is already configured for this type")
    definition = CustomAttribute(**attributes, case_type_id=case_type.id)
    request.store.put(definition)
    return ApiResponse(201, {"data": _resource(request.store, definition)})


def _update(request: ApiRequest) -> ApiResponse:
    _uuids(request)
    attributes = request.body(
        Document[ResourceUpdate[Literal["custom_attribute"], CustomAttributeUpdate]]
    ).data.attributes
    definition = _from_path(request).model_copy(update={**(attributes or {})})
    request.store.put(definition)
    return ApiResponse(200, {"data": _resource(request.store, definition)})


def _delete(request: ApiRequest) -> ApiResponse:
    request.store.delete(_from_path(request))
    return ApiResponse(204)


def _uuids(request: ApiRequest) -> tuple[str, str]:
    return (
        case_types.case_type_uuid(request),
        request.path_uuid("custom_attribute_id", "CustomAttributeId"),
    )


def _from_path(request: ApiRequest) -> CustomAttribute:
    case_type_id, definition_id = _uuids(request)
    case_type = case_types.find(request.store, case_type_id)
    definition = request.store.find(CustomAttribute, definition_id)
    if definition is None or definition.case_type_id != case_type.id:
        reason = f"case type {case_type.id} has no custom attribute with the id {definition_id}"
        raise errors.not_found("custom attribute configuration not found", reason)
    return definition


def _resource(store: Store, definition: CustomAttribute) -> JsonObject:
    attributes: JsonObject = definition.model_dump(exclude={"id", "type_data", "map_from"})
    word = case_types.find(store, definition.case_type_id).case_word
    return json_resource(definition, {"case_type": word, **attributes})


_OF_TYPE: Final = "/cases/types/{case_type_id}/custom_attributes"
ENDPOINTS: Final[Endpoints] = {
    ("GET", "/cases/types/custom_attributes"): _list_all,
    ("GET", _OF_TYPE): _list,
    ("POST", _OF_TYPE): _create,
    ("PUT", f"{_OF_TYPE}/{{custom_attribute_id}}"): _update,
    ("DELETE", f"{_OF_TYPE}/{{custom_attribute_id}}"): _delete,
}
