"""Favourite projects: `/cases/projects/favorites`, `/cases/projects/{project_id}/favorites`."""

from typing import ClassVar, Final

from datadog_cases_sandbox.endpoints import projects, users
from datadog_cases_sandbox.handler import ApiRequest, ApiResponse, Endpoints, json_list
from datadog_cases_sandbox.resource_object import ResourceObject
from datadog_cases_sandbox.store import Record


class ProjectFavorite(Record):
    """A favourite project of a user. In responses, its id is the project's id (documented)."""

    resource_type: ClassVar[str] = "project_favorite"
    project_id: str
    user_id: str

    @classmethod
    def from_response(cls, item: ResourceObject) -> dict[str, object]:
        """The fields of the record. Responses have only the project's id, so the user is added."""
        return {"project_id": item.id, "user_id": users.CURRENT_USER}

    @property
    def owner(self) -> str:
        """The project."""
        return self.project_id

    @property
    def alias(self) -> str:
        """Project and user. Aliases are unique, so a project is a user's favourite only once."""
        return f"{self.project_id}/{self.user_id}"


def _list(request: ApiRequest) -> ApiResponse:
    favorites = [
        favorite
        for favorite in request.store.list(ProjectFavorite)
        if favorite.user_id == users.CURRENT_USER
    ]
    return ApiResponse(
        200,
        {
            "data": json_list(
                [
                    {"id": favorite.project_id, "type": favorite.resource_type}
                    for favorite in favorites
                ]
            )
        },
    )


def _add(request: ApiRequest) -> ApiResponse:
    favorite = _from_path(request)
    if request.store.find(ProjectFavorite, favorite.alias) is None:
        request.store.put(favorite)
    return ApiResponse(204)


def _remove(request: ApiRequest) -> ApiResponse:
    favorite = request.store.find(ProjectFavorite, _from_path(request).alias)
    if favorite is not None:  # a repeated delete succeeds (assumed)
        request.store.delete(favorite)
    return ApiResponse(204)


def _from_path(request: ApiRequest) -> ProjectFavorite:
    return ProjectFavorite(project_id=projects.from_path(request).id, user_id=users.CURRENT_USER)


_FAVORITE: Final = "/cases/projects/{project_id}/favorites"
ENDPOINTS: Final[Endpoints] = {
    ("GET", "/cases/projects/favorites"): _list,
    ("POST", _FAVORITE): _add,
    ("DELETE", _FAVORITE): _remove,
}
