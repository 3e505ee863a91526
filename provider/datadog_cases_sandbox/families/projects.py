"""Projects: `/cases/projects`."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Final, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from datadog_cases_sandbox import errors
from datadog_cases_sandbox.answered import Answered
from datadog_cases_sandbox.bodies import Change, Document, NonEmpty, Resource, Uuid
from datadog_cases_sandbox.call import Answer, Call, Endpoints, Json, listed
from datadog_cases_sandbox.families.project_settings import (
    ColumnsConfig,
    Settings,
    fresh_settings,
)
from datadog_cases_sandbox.store import Record, Store

RESERVED_KEY: Final = "CASE"
TEAM: Final = "/api/v2/team/"
TEAM_LINKS: Final = "/links"


class Project(Record):
    """A project. Its `team_uuid` is never answered as such."""

    kind: ClassVar[str] = "project"
    key: str
    name: str
    restricted: bool = False
    enabled_custom_case_types: list[str] = Field(default_factory=list)
    team_uuid: str | None = None
    columns_config: Mapping[str, object] | None = None
    settings: Mapping[str, object] = Field(default_factory=fresh_settings)

    @classmethod
    def told_by(cls, answered: Answered) -> dict[str, object]:
        """As ever, but the team is told in a link alone."""
        told: dict[str, object] = {**answered.members()}
        link = answered.relationship("member_team", "links", "related")
        if isinstance(link, str):
            told["team_uuid"] = link.removeprefix(TEAM).removesuffix(TEAM_LINKS)
        return told

    @property
    def alias(self) -> str:
        """A project can be found by its key."""
        return self.key


class NewProject(TypedDict):
    """Attributes of a new project: neither settings nor columns are taken here."""

    key: Annotated[str, Field(pattern=r"^[A-Za-z0-9]{1,10}$")]
    name: NonEmpty
    enabled_custom_case_types: NotRequired[list[Uuid]]
    team_uuid: NotRequired[Uuid]


class ProjectChange(TypedDict, total=False):
    """Attributes a PATCH may carry; those left out stay as they are."""

    name: NonEmpty
    enabled_custom_case_types: list[Uuid]
    team_uuid: Uuid
    columns_config: ColumnsConfig
    settings: Settings


def find(store: Store, project_id: str, title: str = "project not found") -> Project:
    """The project with this id.

    Args:
        store: Where to look.
        project_id: A UUID.
        title: What the API says if there is none; it differs between endpoints.
    """
    project = store.find(Project, project_id)
    if project is None:
        raise errors.not_found(title, f"no project has the id {project_id}")
    return project


def addressed(call: Call) -> Project:
    """The project in the path."""
    title = "failed to get project: project not found"
    return find(call.store, project_uuid(call), title)


def project_uuid(call: Call) -> str:
    """The project id in the path, which comes before the body in what is refused first."""
    return call.uuid("project_id", "ProjectID")


def _create(call: Call) -> Answer:
    sent = call.sent(Document[Resource[Literal["project"], NewProject]]).data.attributes
    key = sent["key"]
    if key == RESERVED_KEY:
        raise errors.generic_error(f"project key {key} is reserved")
    if call.store.find(Project, key) is not None:
        raise errors.generic_error(f"project key {key} is already in use")
    project = Project(**sent)
    call.store.put(project)
    return Answer(201, {"data": _resource(project)})


def _list(call: Call) -> Answer:
    projects = call.store.list(Project)
    return Answer(200, {"data": listed([_resource(project) for project in projects])})


def _get(call: Call) -> Answer:
    return Answer(200, {"data": _resource(addressed(call))})


def _update(call: Call) -> Answer:
    project_uuid(call)
    sent = call.sent(Document[Change[Literal["project"], ProjectChange]]).data.attributes or {}
    project = addressed(call)
    # `settings` is merged at its first level, each sub-object replaced whole (assumed).
    settings = {**project.settings, **sent.get("settings", {})}
    project = project.model_copy(update={**sent, "settings": settings})
    call.store.put(project)
    return Answer(200, {"data": _resource(project)})


def _delete(call: Call) -> Answer:
    call.store.delete(addressed(call))  # and with it all that it owns: cases, rules, views
    return Answer(204)


def _resource(project: Project) -> Json:
    stored = project.model_dump(exclude={"id", "team_uuid"})
    resource: Json = {
        "id": project.id,
        "type": Project.kind,
        # The unset and the empty are omitted (recorded).
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
