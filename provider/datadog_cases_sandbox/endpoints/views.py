"""Saved views of a project's cases: `/cases/views`."""

from typing import ClassVar, Final, Literal, NotRequired

from typing_extensions import TypedDict

from datadog_cases_sandbox import clock, errors
from datadog_cases_sandbox.bodies import Document, NonEmpty, Resource, ResourceUpdate, Uuid
from datadog_cases_sandbox.endpoints import notification_rules, projects, users
from datadog_cases_sandbox.handler import (
    ApiRequest,
    ApiResponse,
    Endpoints,
    JsonObject,
    json_list,
    json_resource,
)
from datadog_cases_sandbox.store import Record, Store


class NewView(TypedDict):
    """Attributes of a new view."""

    name: NonEmpty
    query: str
    project_id: Uuid
    np_rule_id: NotRequired[Uuid]


class ViewUpdate(TypedDict, total=False):
    """Attributes that a PUT may have. Omitted attributes keep their values (documented)."""

    name: NonEmpty
    query: str
    np_rule_id: Uuid


class CaseView(Record):
    """A saved view."""

    resource_type: ClassVar[str] = "view"
    project_id: str
    name: str
    query: str
    np_rule_id: str | None = None
    created_at: str
    created_by: str | None = None
    modified_at: str | None = None
    modified_by: str | None = None

    @property
    def owner(self) -> str:
        """The view's project."""
        return self.project_id


def _list(request: ApiRequest) -> ApiResponse:
    project = projects.find(request.store, request.query_uuid("project_id"))
    views = request.store.list(CaseView, project.id)
    return ApiResponse(200, {"data": json_list([_resource(request.store, view) for view in views])})


def _create(request: ApiRequest) -> ApiResponse:
    attributes = request.body(Document[Resource[Literal["view"], NewView]]).data.attributes
    project = projects.find(request.store, attributes["project_id"])
    if "np_rule_id" in attributes:
        notification_rules.require(request.store, project, attributes["np_rule_id"])
    view = CaseView(**attributes, created_at=clock.microseconds(), created_by=users.CURRENT_USER)
    request.store.put(view)
    return ApiResponse(201, {"data": _resource(request.store, view)})


def _get(request: ApiRequest) -> ApiResponse:
    return ApiResponse(200, {"data": _resource(request.store, _from_path(request))})


def _update(request: ApiRequest) -> ApiResponse:
    _view_uuid(request)
    attributes = (
        request.body(Document[ResourceUpdate[Literal["view"], ViewUpdate]]).data.attributes or {}
    )
    view = _from_path(request)
    if "np_rule_id" in attributes:
        project = projects.find(request.store, view.project_id)
        notification_rules.require(request.store, project, attributes["np_rule_id"])
    if view.model_copy(update={**attributes}) != view:
        stamp = {"modified_at": clock.microseconds(), "modified_by": users.CURRENT_USER}
        view = view.model_copy(update={**attributes, **stamp})
        request.store.put(view)
    return ApiResponse(200, {"data": _resource(request.store, view)})


def _delete(request: ApiRequest) -> ApiResponse:
    request.store.delete(_from_path(request))
    return ApiResponse(204)


def _view_uuid(request: ApiRequest) -> str:
    return request.path_uuid("view_id", "ViewID")


def _from_path(request: ApiRequest) -> CaseView:
    view_id = _view_uuid(request)
    missing = errors.not_found("view not found", f"no view has the id {view_id}")
    return request.store.require(CaseView, view_id, missing)


def _resource(store: Store, view: CaseView) -> JsonObject:
    # After its notification rule is deleted, a view no longer returns `np_rule_id` (assumed).
    rule = view.np_rule_id and notification_rules.find(store, view.project_id, view.np_rule_id)
    related = {
        "created_by": (view.created_by, "user"),
        "modified_by": (view.modified_by, "user"),
        "project": (view.project_id, "project"),
    }
    attributes: JsonObject = {
        "name": view.name,
        "query": view.query,
        "np_rule_id": rule.id if rule else None,
        "created_at": view.created_at,
        "modified_at": view.modified_at,
    }
    return json_resource(view, attributes, related)


ENDPOINTS: Final[Endpoints] = {
    ("GET", "/cases/views"): _list,
    ("POST", "/cases/views"): _create,
    ("GET", "/cases/views/{view_id}"): _get,
    ("PUT", "/cases/views/{view_id}"): _update,
    ("DELETE", "/cases/views/{view_id}"): _delete,
}
