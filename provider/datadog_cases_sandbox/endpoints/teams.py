"""Teams: `/team`, `/team/{team_id}`. This is only the part of the teams API that cases need.

A project can belong to a team, and an On-Call escalation can notify a team. The sandbox does not
check that a project's team exists, because the API's reference names no error for an unknown team.
"""

from typing import ClassVar, Final, Literal

from datadog_cases_sandbox import clock, errors
from datadog_cases_sandbox.bodies import Body, Document, NonEmpty, Resource
from datadog_cases_sandbox.handler import (
    PLAIN_JSON,
    ApiRequest,
    ApiResponse,
    Endpoints,
    JsonObject,
    json_list,
)
from datadog_cases_sandbox.store import Record

PAGE_SIZE: Final = 10
MAX_PAGE_SIZE: Final = 100


class Team(Record):
    """A team. The sandbox does not store a team's members and links."""

    resource_type: ClassVar[str] = "team"
    handle: str
    name: str
    description: str | None = None
    created_at: str
    modified_at: str

    @property
    def alias(self) -> str:
        """The handle. Aliases are unique, and so are handles (documented)."""
        return f"team {self.handle}"


def _team(number: int, handle: str, name: str) -> Team:
    return Team(
        id=f"7ea30000-0000-4000-8000-{number:012d}",
        handle=handle,
        name=name,
        created_at="2025-01-01T00:00:00Z",
        modified_at="2025-01-01T00:00:00Z",
    )


DEFAULT_TEAMS: Final = (
    _team(1, "platform", "Platform"),
    _team(2, "security", "Security Operations"),
)


class NewTeam(Body):
    """Attributes of a new team."""

    handle: NonEmpty
    name: NonEmpty
    description: str | None = None


def _list(request: ApiRequest) -> ApiResponse:
    size = request.integer("page[size]", PAGE_SIZE, 1, MAX_PAGE_SIZE)
    start = size * request.integer("page[number]", 0, 0, MAX_PAGE_SIZE)
    keyword = request.query_params.get("filter[keyword]", "").lower()
    all_teams = request.store.list(Team)
    found = [team for team in all_teams if keyword in f"{team.name}\n{team.handle}".lower()]
    data = json_list([_resource(team) for team in found[start : start + size]])
    return ApiResponse(200, {"data": data}, PLAIN_JSON)


def _create(request: ApiRequest) -> ApiResponse:
    attributes = request.body(Document[Resource[Literal["team"], NewTeam]]).data.attributes
    now = clock.microseconds()
    team = Team(**attributes.model_dump(), created_at=now, modified_at=now)
    if request.store.find(Team, team.alias) is not None:
        raise errors.ApiError(409, "Team already exists", f"the handle {team.handle} is taken")
    request.store.put(team)
    return ApiResponse(201, {"data": _resource(team)}, PLAIN_JSON)


def _get(request: ApiRequest) -> ApiResponse:
    return ApiResponse(200, {"data": _resource(_from_path(request))}, PLAIN_JSON)


def _delete(request: ApiRequest) -> ApiResponse:
    request.store.delete(_from_path(request))
    return ApiResponse(204)


def _from_path(request: ApiRequest) -> Team:
    team_id = request.path_uuid("team_id", "team_id")
    missing = errors.ApiError(404, "Team not found", f"no team has the id {team_id}")
    return request.store.require(Team, team_id, missing)


def _resource(team: Team) -> JsonObject:
    return {
        "type": "team",
        "id": team.id,
        "attributes": {
            "handle": team.handle,
            "name": team.name,
            "description": team.description,
            "summary": team.description,
            "avatar": None,
            "banner": None,
            "hidden_modules": [],
            "visible_modules": [],
            "is_managed": False,
            "link_count": 0,
            "user_count": 0,
            "created_at": team.created_at,
            "modified_at": team.modified_at,
        },
    }


ENDPOINTS: Final[Endpoints] = {
    ("GET", "/team"): _list,
    ("POST", "/team"): _create,
    ("GET", "/team/{team_id}"): _get,
    ("DELETE", "/team/{team_id}"): _delete,
}
