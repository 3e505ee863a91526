"""Quirks that reject requests, or change more than a request asks for."""

import time
from typing import Annotated, Final, Literal

from pydantic import Field, PrivateAttr

from datadog_cases_sandbox import clock, errors
from datadog_cases_sandbox.endpoints.automation_rules import AutomationRule
from datadog_cases_sandbox.endpoints.cases import Case
from datadog_cases_sandbox.endpoints.projects import Project
from datadog_cases_sandbox.endpoints.views import CaseView
from datadog_cases_sandbox.endpoints.watchers import Watcher
from datadog_cases_sandbox.handler import ApiRequest, ApiResponse, Handler, JsonObject
from datadog_cases_sandbox.quirks.base import (
    Path,
    Quirk,
    attributes_of,
    map_texts,
    matches_any,
    members,
    resources_of,
)
from datadog_cases_sandbox.quirks.searches import Seconds
from datadog_cases_sandbox.quirks.texts import FREE_TEXTS
from datadog_cases_sandbox.store import Record, Store

CREATE_PROJECT: Final = ("POST", "/cases/projects")
DELETE_PROJECT: Final = ("DELETE", "/cases/projects/{project_id}")
REPEATABLE: Final = {
    ("POST", "/cases/projects/{project_id}/favorites"),
    ("POST", "/cases/{case_id}/relationships/incidents"),
    ("POST", "/cases/{case_id}/relationships/notebook"),
    ("POST", "/cases/{case_id}/watchers/{user_uuid}"),
}
"""Endpoints at which a repeated request to create an object succeeds and changes nothing."""

BOT: Final = "5a9d0c00-0000-4000-8000-0000000000b0"
BOT_LABEL: Final = "bot"
EDITED: Final = (Case, AutomationRule, CaseView)


class LimitLengths(Quirk[Literal["limit_lengths"]]):
    """Rejects long texts.

    Attributes:
        max_length: The maximum number of characters.
    """

    max_length: Annotated[int, Field(ge=1)] = 255

    def handle(self, request: ApiRequest, proceed: Handler) -> ApiResponse:
        """Rejects a request with a text that is longer than `max_length`."""
        map_texts(attributes_of(request), self._check)
        return proceed(request)

    def _check(self, path: Path, text: str) -> str:
        if matches_any(path, FREE_TEXTS) and len(text) > self.max_length:
            self._applied += 1
            raise errors.generic_error(
                f"invalid {path[0]}. Must have at most {self.max_length} characters"
            )
        return text


class ConflictOnDuplicates(Quirk[Literal["conflict_on_duplicates"]]):
    """Rejects duplicates with 409."""

    def handle(self, request: ApiRequest, proceed: Handler) -> ApiResponse:
        """Rejects a request that creates something that exists already."""
        writes = request.store.writes
        try:
            response = proceed(request)
        except errors.DuplicateError as error:
            self._applied += 1
            raise errors.conflict(error.reason) from None
        if (request.method, request.route) in REPEATABLE and request.store.writes == writes:
            self._applied += 1
            raise errors.conflict(f"{request.path} already exists")
        return response


class ReserveDeletedKeys(Quirk[Literal["reserve_deleted_keys"]]):
    """Reserves the keys of deleted projects.

    Attributes:
        seconds: The number of seconds until a key can be used again.
    """

    seconds: Seconds
    _deleted: dict[str, float] = PrivateAttr(default_factory=dict[str, float])

    def handle(self, request: ApiRequest, proceed: Handler) -> ApiResponse:
        """Rejects a new project with a reserved key. Reserves the key of a deleted project."""
        endpoint = (request.method, request.route)
        if endpoint == CREATE_PROJECT:
            key = str(attributes_of(request).get("key"))
            if time.monotonic() < self._deleted.get(key, 0) + self.seconds:
                self._applied += 1
                raise errors.duplicate(f"project key {key} is already in use")
        project = request.store.find(Project, request.path_params.get("project_id", "").lower())
        response = proceed(request)
        if endpoint == DELETE_PROJECT and project is not None:
            self._deleted[project.key] = time.monotonic()
        return response


class InaccessibleProjects(Quirk[Literal["inaccessible_projects"]]):
    """Hides projects to which the API key and the application key give no access.

    Attributes:
        projects: The ids or project keys of the projects. By default, all restricted projects.
        status: The status of responses to requests for these projects or their objects.
    """

    projects: list[str] | None = None
    status: Literal[403, 404] = 404

    def handle(self, request: ApiRequest, proceed: Handler) -> ApiResponse:
        """Handles a request as if the projects did not exist.

        If the API responds with 404 because a project is hidden, the client receives `status`.
        """
        if (request.method, request.route) == CREATE_PROJECT:
            # Hide nothing, so that a new project cannot get the key of a hidden project.
            return proceed(request)
        hidden = request.store.owned_by([project.id for project in self._hidden(request.store)])
        was_hidden = False

        def visible(record: Record) -> Record | None:
            nonlocal was_hidden
            if record.id not in hidden:
                return record
            was_hidden = True
            return None

        try:
            with request.store.seen_as(visible):
                return proceed(request)
        except errors.ApiError as error:
            if (
                error.status != errors.NOT_FOUND
                or self.status == errors.NOT_FOUND
                or not was_hidden
            ):
                raise
            raise errors.forbidden(error.reason) from None
        finally:
            self._applied += was_hidden

    def _hidden(self, store: Store) -> list[Project]:
        return [
            project
            for project in store.list(Project)
            if (
                project.restricted
                if self.projects is None
                else {project.id, project.key} & {*self.projects}
            )
        ]


class AssigneesWatch(Quirk[Literal["assignees_watch"]]):
    """Makes the assignee of a case one of its watchers."""

    def handle(self, request: ApiRequest, proceed: Handler) -> ApiResponse:
        """After a write, makes the assignee of each case in the response a watcher of that case."""
        response = proceed(request)
        if request.method == "GET":
            return response
        for resource in resources_of(response):
            assignee = members(resource, "relationships", "assignee", "data").get("id")
            if resource["type"] != Case.resource_type or assignee is None:
                continue
            watcher = Watcher(case_id=str(resource["id"]), user_id=str(assignee))
            if request.store.find(Watcher, watcher.alias) is None:
                request.store.put(watcher)
                self._applied += 1
        return response


class BotEdits(Quirk[Literal["bot_edits"]]):
    """Lets a bot edit each case, automation rule or view after a response has shown the object.

    The bot sets `modified_at` and `modified_by`. On a case, it also sets the label `bot`.
    """

    _edits: int = PrivateAttr(default=0)

    def handle(self, request: ApiRequest, proceed: Handler) -> ApiResponse:
        """Handles the request, then edits the objects in the response."""
        response = proceed(request)
        shown = (_record(request.store, resource) for resource in resources_of(response))
        records = [record for record in shown if record is not None]
        for record in records:
            self._edit(request.store, record)
        self._applied += bool(records)
        return response

    def _edit(self, store: Store, record: Record) -> None:
        self._edits += 1
        changes: dict[str, object] = {"modified_at": clock.microseconds(), "modified_by": BOT}
        if isinstance(record, Case):
            changes["attributes"] = {**record.attributes, BOT_LABEL: [str(self._edits)]}
        store.put(record.model_copy(update=changes))


def _record(store: Store, resource: JsonObject) -> Record | None:
    """The record of a resource, or None if the bot does not edit resources of its type."""
    for model in EDITED:
        if resource.get("type") == model.resource_type:
            return store.current(model, str(resource.get("id")))
    return None
