"""Saved views of a project's cases: `/cases/views`."""

from typing import ClassVar, Final, Literal, NotRequired

from typing_extensions import TypedDict

from datadog_cases_sandbox import clock, errors
from datadog_cases_sandbox.bodies import Change, Document, NonEmpty, Resource, Uuid
from datadog_cases_sandbox.call import Answer, Call, Endpoints, Json, listed, without_nothing
from datadog_cases_sandbox.families import notification_rules, projects, users
from datadog_cases_sandbox.store import Record, Store


class NewView(TypedDict):
    """Attributes of a new view."""

    name: NonEmpty
    query: str
    project_id: Uuid
    np_rule_id: NotRequired[Uuid]


class ViewChange(TypedDict, total=False):
    """Attributes a PUT may carry; those left out stay as they are (documented)."""

    name: NonEmpty
    query: str
    np_rule_id: Uuid


class View(Record):
    """A view."""

    kind: ClassVar[str] = "view"
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
        """Its project."""
        return self.project_id


def _list(call: Call) -> Answer:
    project = projects.find(call.store, call.query_uuid("project_id"))
    views = call.store.list(View, project.id)
    return Answer(200, {"data": listed([_resource(call.store, view) for view in views])})


def _create(call: Call) -> Answer:
    sent = call.sent(Document[Resource[Literal["view"], NewView]]).data.attributes
    project = projects.find(call.store, sent["project_id"])
    if "np_rule_id" in sent:
        notification_rules.require(call.store, project, sent["np_rule_id"])
    view = View(**sent, created_at=clock.microseconds(), created_by=users.CURRENT_USER)
    call.store.put(view)
    return Answer(201, {"data": _resource(call.store, view)})


def _get(call: Call) -> Answer:
    return Answer(200, {"data": _resource(call.store, _addressed(call))})


def _update(call: Call) -> Answer:
    _view_uuid(call)
    sent = call.sent(Document[Change[Literal["view"], ViewChange]]).data.attributes or {}
    view = _addressed(call)
    if "np_rule_id" in sent:
        project = projects.find(call.store, view.project_id)
        notification_rules.require(call.store, project, sent["np_rule_id"])
    if view.model_copy(update={**sent}) != view:
        stamp = {"modified_at": clock.microseconds(), "modified_by": users.CURRENT_USER}
        view = view.model_copy(update={**sent, **stamp})
        call.store.put(view)
    return Answer(200, {"data": _resource(call.store, view)})


def _delete(call: Call) -> Answer:
    call.store.delete(_addressed(call))
    return Answer(204)


def _view_uuid(call: Call) -> str:
    return call.uuid("view_id", "ViewID")


def _addressed(call: Call) -> View:
    view_id = _view_uuid(call)
    view = call.store.find(View, view_id)
    if view is None:
        raise errors.not_found("view not found", f"no view has the id {view_id}")
    return view


def _resource(store: Store, view: View) -> Json:
    # A deleted notification rule is no longer the view's (assumed).
    rule = view.np_rule_id and notification_rules.find(store, view.project_id, view.np_rule_id)
    related = {
        "created_by": (view.created_by, "user"),
        "modified_by": (view.modified_by, "user"),
        "project": (view.project_id, "project"),
    }
    return {
        "id": view.id,
        "type": View.kind,
        "attributes": without_nothing(
            name=view.name,
            query=view.query,
            np_rule_id=rule.id if rule else None,
            created_at=view.created_at,
            modified_at=view.modified_at,
        ),
        "relationships": {
            name: {"data": {"id": id_, "type": resource_type}}
            for name, (id_, resource_type) in related.items()
            if id_ is not None
        },
    }


ENDPOINTS: Final[Endpoints] = {
    ("GET", "/cases/views"): _list,
    ("POST", "/cases/views"): _create,
    ("GET", "/cases/views/{view_id}"): _get,
    ("PUT", "/cases/views/{view_id}"): _update,
    ("DELETE", "/cases/views/{view_id}"): _delete,
}
