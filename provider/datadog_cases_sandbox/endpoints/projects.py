"""Projects: `/cases/projects`."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Final, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from datadog_cases_sandbox import errors
from datadog_cases_sandbox.bodies import Document, NonEmpty, Resource, ResourceUpdate, Uuid
from datadog_cases_sandbox.endpoints.project_settings import (
    ColumnsConfig,
    Settings,
    fresh_settings,
)
from datadog_cases_sandbox.handler import ApiRequest, ApiResponse, Endpoints, JsonObject, json_list
from datadog_cases_sandbox.resource_object import ResourceObject
from datadog_cases_sandbox.store import Record, Store

RESERVED_KEY: Final = "CASE"
TEAM: Final = "/api/v2/team/"
TEAM_LINKS: Final = "/links"


class Project(Record):
    """A project. Responses do not have `team_uuid`, but they have a link that contains it."""

    resource_type: ClassVar[str] = "project"
    key: str
    name: str
    restricted: bool = False
    enabled_custom_case_types: list[str] = Field(default_factory=list)
    team_uuid: str | None = None
    columns_config: Mapping[str, object] | None = None
    settings: Mapping[str, object] = Field(default_factory=fresh_settings)

    @classmethod
    def from_response(cls, item: ResourceObject) -> dict[str, object]:
        """The fields of the record. The team's id is taken from the link to the team's members."""
        fields: dict[str, object] = {**item.fields()}
        link = item.relationship("member_team", "links", "related")
        if isinstance(link, str):
            fields["team_uuid"] = link.removeprefix(TEAM).removesuffix(TEAM_LINKS)
        return fields

    @property
    def alias(self) -> str:
        """The project's key."""
        return self.key


class NewProject(TypedDict):
    """Attributes of a new project. Only a later update can set settings and columns."""

    key: Annotated[str, Field(pattern=r"^[A-Za-z0-9]{1,10}$")]
    name: NonEmpty
    enabled_custom_case_types: NotRequired[list[Uuid]]
    team_uuid: NotRequired[Uuid]


class ProjectUpdate(TypedDict, total=False):
    """Attributes that a PATCH may have. Omitted attributes keep their values."""

    name: NonEmpty
    enabled_custom_case_types: list[Uuid]
    team_uuid: Uuid
    columns_config: ColumnsConfig
    settings: Settings


def find(store: Store, project_id: str, title: str = "project not found") -> Project:
    """The project with this id.

    Args:
        store: The store.
        project_id: A UUID.
        title: The title of the error if the project is missing. `from_path` passes another title,
            because the API's titles differ (recorded).
    """
    project = store.find(Project, project_id)
    if project is None:
        raise errors.not_found(title, f"no project has the id {project_id}")
    return project


def from_path(request: ApiRequest) -> Project:
    """The project in the path."""
    title = "failed to get project: project not found"
    return find(request.store, project_uuid(request), title)


def project_uuid(request: ApiRequest) -> str:
    """The project id in the path.

    Handlers call this before they parse the body, so that an invalid id is reported before an
    invalid body.
    """
    return request.path_uuid("project_id", "ProjectID")


def _create(request: ApiRequest) -> ApiResponse:
    attributes = request.body(Document[Resource[Literal["project"], NewProject]]).data.attributes
    key = attributes["key"]
    if key == RESERVED_KEY:
        raise errors.generic_error(f"project key {key} is reserved")
    if request.store.find(Project, key) is not None:
        raise errors.duplicate(f"project key {key} is already in use")
    project = Project(**attributes)
    request.store.put(project)
    return ApiResponse(201, {"data": _resource(project)})


def _list(request: ApiRequest) -> ApiResponse:
    projects = request.store.list(Project)
    return ApiResponse(200, {"data": json_list([_resource(project) for project in projects])})


def _get(request: ApiRequest) -> ApiResponse:
    return ApiResponse(200, {"data": _resource(from_path(request))})


def _update(request: ApiRequest) -> ApiResponse:
    project_uuid(request)
    attributes = (
        request.body(Document[ResourceUpdate[Literal["project"], ProjectUpdate]]).data.attributes
        or {}
    )
    project = from_path(request)
    # Members of `settings` that the request omits are kept. Each member that the request contains
    # is replaced as a whole (assumed).
    settings = {**project.settings, **attributes.get("settings", {})}
    project = project.model_copy(update={**attributes, "settings": settings})
    request.store.put(project)
    return ApiResponse(200, {"data": _resource(project)})


def _delete(request: ApiRequest) -> ApiResponse:
    # The store also deletes the records that the project owns: cases, rules and views.
    request.store.delete(from_path(request))
    return ApiResponse(204)


def _resource(project: Project) -> JsonObject:
    stored = project.model_dump(exclude={"id", "team_uuid"})
    resource: JsonObject = {
        "id": project.id,
        "type": Project.resource_type,
        # The API omits unset and empty members (recorded).
        "attributes": {name: value for name, value in stored.items() if value not in (None, [])},
    }
    if project.team_uuid is not None:
        related = f"{TEAM}{project.team_uuid}{TEAM_LINKS}"
        resource["relationships"] = {"member_team": {"links": {"related": related}}}
    return resource


ENDPOINTS: Final[Endpoints] = {
    ("GET", "/cases/projects"): _list,
    ("POST", "/cases/projects"): _create,
    ("GET", "/cases/projects/{project_id}"): _get,
    ("PATCH", "/cases/projects/{project_id}"): _update,
    ("DELETE", "/cases/projects/{project_id}"): _delete,
}
