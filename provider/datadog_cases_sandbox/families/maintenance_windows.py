"""Maintenance windows of the organisation: `/maintenance_windows`."""

from datetime import datetime
from typing import Annotated, ClassVar, Final, Literal

from pydantic import AfterValidator, Field
from typing_extensions import TypedDict

from datadog_cases_sandbox import clock, errors
from datadog_cases_sandbox.bodies import Change, Document, NonEmpty, Resource
from datadog_cases_sandbox.call import Answer, Call, Endpoints, Json, listed, without_nothing
from datadog_cases_sandbox.families import users
from datadog_cases_sandbox.store import Record

Moment = Annotated[
    str,
    Field(pattern=r"^[12]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$"),
    AfterValidator(clock.in_utc),
]


class NewWindow(TypedDict):
    """Attributes of a new window."""

    name: NonEmpty
    query: str
    start_at: Moment
    end_at: Moment


class WindowChange(TypedDict, total=False):
    """Attributes a PUT may carry; those left out stay as they are (documented)."""

    name: NonEmpty
    query: str
    start_at: Moment
    end_at: Moment


class Window(Record):
    """A maintenance window. Who made it is an attribute here; when is not told."""

    kind: ClassVar[str] = "maintenance_window"
    name: str
    query: str
    start_at: str
    end_at: str
    created_by: str | None = None
    updated_by: str | None = None


def _list(call: Call) -> Answer:
    return Answer(200, {"data": listed([_resource(one) for one in call.store.list(Window)])})


def _create(call: Call) -> Answer:
    sent = call.sent(Document[Resource[Literal["maintenance_window"], NewWindow]]).data.attributes
    window = _checked(Window(**sent, created_by=users.CURRENT_USER))
    call.store.put(window)
    return Answer(201, {"data": _resource(window)})


def _update(call: Call) -> Answer:
    _window_uuid(call)
    sent = call.sent(Document[Change[Literal["maintenance_window"], WindowChange]]).data.attributes
    window = _addressed(call)
    changed = _checked(window.model_copy(update={**(sent or {})}))
    if changed != window:
        window = changed.model_copy(update={"updated_by": users.CURRENT_USER})
        call.store.put(window)
    return Answer(200, {"data": _resource(window)})


def _delete(call: Call) -> Answer:
    call.store.delete(_addressed(call))
    return Answer(204)


def _checked(window: Window) -> Window:
    start, end = (datetime.fromisoformat(text) for text in (window.start_at, window.end_at))
    if end <= start:
        raise errors.generic_error(
            f"end_at {window.end_at} must be after start_at {window.start_at}"
        )
    return window


def _window_uuid(call: Call) -> str:
    return call.uuid("maintenance_window_id", "MaintenanceWindowID")


def _addressed(call: Call) -> Window:
    window_id = _window_uuid(call)
    window = call.store.find(Window, window_id)
    if window is None:
        reason = f"no maintenance window has the id {window_id}"
        raise errors.not_found("maintenance window not found", reason)
    return window


def _resource(window: Window) -> Json:
    attributes: Json = window.model_dump(exclude={"id"})
    return {"id": window.id, "type": Window.kind, "attributes": without_nothing(**attributes)}


_WINDOWS: Final = "/maintenance_windows"
ENDPOINTS: Final[Endpoints] = {
    ("GET", _WINDOWS): _list,
    ("POST", _WINDOWS): _create,
    ("PUT", f"{_WINDOWS}/{{maintenance_window_id}}"): _update,
    ("DELETE", f"{_WINDOWS}/{{maintenance_window_id}}"): _delete,
}
