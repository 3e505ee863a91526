"""Favourite projects of a user: `/cases/projects/favorites` and below each project."""

from typing import ClassVar, Final

from datadog_cases_sandbox.answered import Answered
from datadog_cases_sandbox.call import Answer, Call, Endpoints, listed
from datadog_cases_sandbox.families import projects, users
from datadog_cases_sandbox.store import Record


class Favorite(Record):
    """A project that a user has marked. Answered under the project's id (documented)."""

    kind: ClassVar[str] = "project_favorite"
    project_id: str
    user_id: str

    @classmethod
    def told_by(cls, answered: Answered) -> dict[str, object]:
        """The project, which is all that an answer names."""
        return {"project_id": answered.id, "user_id": users.CURRENT_USER}

    @property
    def owner(self) -> str:
        """The project."""
        return self.project_id

    @property
    def alias(self) -> str:
        """A user marks a project once."""
        return f"{self.project_id}/{self.user_id}"


def _list(call: Call) -> Answer:
    mine = [one for one in call.store.list(Favorite) if one.user_id == users.CURRENT_USER]
    return Answer(200, {"data": listed([{"id": one.project_id, "type": one.kind} for one in mine])})


def _add(call: Call) -> Answer:
    favorite = _addressed(call)
    if call.store.find(Favorite, favorite.alias) is None:
        call.store.put(favorite)
    return Answer(204)


def _remove(call: Call) -> Answer:
    favorite = call.store.find(Favorite, _addressed(call).alias)
    if favorite is not None:  # twice is fine (assumed)
        call.store.delete(favorite)
    return Answer(204)


def _addressed(call: Call) -> Favorite:
    return Favorite(project_id=projects.addressed(call).id, user_id=users.CURRENT_USER)


_FAVORITE: Final = "/cases/projects/{project_id}/favorites"
ENDPOINTS: Final[Endpoints] = {
    ("GET", "/cases/projects/favorites"): _list,
    ("POST", _FAVORITE): _add,
    ("DELETE", _FAVORITE): _remove,
}
