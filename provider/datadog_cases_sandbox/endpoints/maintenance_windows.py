"""Maintenance windows of the organisation: `/maintenance_windows`."""

from datetime import datetime
from typing import Annotated, ClassVar, Final, Literal

from pydantic import AfterValidator, Field
from typing_extensions import TypedDict

from datadog_cases_sandbox import clock, errors
from datadog_cases_sandbox.bodies import Document, NonEmpty, Resource, ResourceUpdate
from datadog_cases_sandbox.endpoints import users
from datadog_cases_sandbox.handler import (
    ApiRequest,
    ApiResponse,
    Endpoints,
    JsonObject,
    json_list,
    json_resource,
)
from datadog_cases_sandbox.store import Record

Timestamp = Annotated[
    str,
    Field(pattern=r"^[12]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$"),
    AfterValidator(clock.in_utc),
]


class NewMaintenanceWindow(TypedDict):
    """Attributes of a new window."""

    name: NonEmpty
    query: str
    start_at: Timestamp
    end_at: Timestamp


class MaintenanceWindowUpdate(TypedDict, total=False):
    """Attributes that a PUT may have. Omitted attributes keep their values (documented)."""

    name: NonEmpty
    query: str
    start_at: Timestamp
    end_at: Timestamp


class MaintenanceWindow(Record):
    """A maintenance window. It has no creation time.

    In API responses, its creator is an attribute. For other objects, the creator is a relationship.
    """

    resource_type: ClassVar[str] = "maintenance_window"
    name: str
    query: str
    start_at: str
    end_at: str
    created_by: str | None = None
    updated_by: str | None = None


def _list(request: ApiRequest) -> ApiResponse:
    return ApiResponse(
        200,
        {
            "data": json_list(
                [_resource(window) for window in request.store.list(MaintenanceWindow)]
            )
        },
    )


def _create(request: ApiRequest) -> ApiResponse:
    attributes = request.body(
        Document[Resource[Literal["maintenance_window"], NewMaintenanceWindow]]
    ).data.attributes
    window = _checked(MaintenanceWindow(**attributes, created_by=users.CURRENT_USER))
    request.store.put(window)
    return ApiResponse(201, {"data": _resource(window)})


def _update(request: ApiRequest) -> ApiResponse:
    _window_uuid(request)
    attributes = request.body(
        Document[ResourceUpdate[Literal["maintenance_window"], MaintenanceWindowUpdate]]
    ).data.attributes
    window = _from_path(request)
    changed = _checked(window.model_copy(update={**(attributes or {})}))
    if changed != window:
        window = changed.model_copy(update={"updated_by": users.CURRENT_USER})
        request.store.put(window)
    return ApiResponse(200, {"data": _resource(window)})


def _delete(request: ApiRequest) -> ApiResponse:
    request.store.delete(_from_path(request))
    return ApiResponse(204)


def _checked(window: MaintenanceWindow) -> MaintenanceWindow:
    start, end = (datetime.fromisoformat(text) for text in (window.start_at, window.end_at))
    if end <= start:
        raise errors.generic_error(
            f"end_at {window.end_at} must be after start_at {window.start_at}"
        )
    return window


def _window_uuid(request: ApiRequest) -> str:
    return request.path_uuid("maintenance_window_id", "MaintenanceWindowID")


def _from_path(request: ApiRequest) -> MaintenanceWindow:
    window_id = _window_uuid(request)
    reason = f"no maintenance window has the id {window_id}"
    missing = errors.not_found("maintenance window not found", reason)
    return request.store.require(MaintenanceWindow, window_id, missing)


def _resource(window: MaintenanceWindow) -> JsonObject:
    return json_resource(window, window.model_dump(exclude={"id"}))


_WINDOWS: Final = "/maintenance_windows"
ENDPOINTS: Final[Endpoints] = {
    ("GET", _WINDOWS): _list,
    ("POST", _WINDOWS): _create,
    ("PUT", f"{_WINDOWS}/{{maintenance_window_id}}"): _update,
    ("DELETE", f"{_WINDOWS}/{{maintenance_window_id}}"): _delete,
}
