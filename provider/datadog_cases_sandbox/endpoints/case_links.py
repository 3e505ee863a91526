"""Links between cases, and between cases and incidents or pages: `/cases/link`."""

from typing import ClassVar, Final, Literal, get_args

from typing_extensions import TypedDict

from datadog_cases_sandbox import errors
from datadog_cases_sandbox.bodies import Document, Resource, Uuid
from datadog_cases_sandbox.endpoints.cases import Case
from datadog_cases_sandbox.handler import (
    ApiRequest,
    ApiResponse,
    Endpoints,
    JsonObject,
    json_list,
    json_resource,
)
from datadog_cases_sandbox.store import Record

EntityType = Literal["CASE", "INCIDENT", "PAGE", "AGENT_CONVERSATION"]
LinkType = Literal[
    "RELATES_TO",
    "CAUSES",
    "BLOCKS",
    "DUPLICATES",
    "PARENT_OF",
    "SUCCESSOR_OF",
    "ESCALATES_TO",
]


class LinkAttributes(TypedDict):
    """Attributes of a new link. Links cannot be changed."""

    parent_entity_type: EntityType
    parent_entity_id: Uuid
    child_entity_type: EntityType
    child_entity_id: Uuid
    relationship: LinkType


class CaseLink(Record):
    """A link between two entities. If one of its cases is deleted, the link is deleted, too."""

    resource_type: ClassVar[str] = "link"
    parent_entity_type: EntityType
    parent_entity_id: str
    child_entity_type: EntityType
    child_entity_id: str
    relationship: LinkType

    @property
    def parent(self) -> tuple[str, str]:
        """Type and id of the parent. In `BLOCKS`, this is the entity that blocks."""
        return self.parent_entity_type, self.parent_entity_id

    @property
    def child(self) -> tuple[str, str]:
        """Type and id of the child. In `BLOCKS`, this is the entity that is blocked."""
        return self.child_entity_type, self.child_entity_id

    @property
    def owner(self) -> str | None:
        """The parent, if it is a case."""
        return _case_id(*self.parent)

    @property
    def second_owner(self) -> str | None:
        """The child, if it is a case."""
        return _case_id(*self.child)

    def duplicates(self, other: "CaseLink") -> bool:
        """Whether another link has the same entities and the same relationship."""
        directions = [(other.parent, other.child)]
        if self.relationship == "RELATES_TO":  # this relationship has no direction (documented)
            directions.append((other.child, other.parent))
        return self.relationship == other.relationship and (self.parent, self.child) in directions


def _case_id(entity_type: str, entity_id: str) -> str | None:
    return entity_id if entity_type == "CASE" else None


def _list(request: ApiRequest) -> ApiResponse:
    entity = request.choice("entity_type", get_args(EntityType)), request.query_uuid("entity_id")
    link_types = get_args(LinkType)
    if "relationship" in request.query_params:
        link_types = (request.choice("relationship", link_types),)
    links = [
        link
        for link in request.store.list(CaseLink, _case_id(*entity))
        if entity in {link.parent, link.child} and link.relationship in link_types
    ]
    return ApiResponse(200, {"data": json_list([_resource(link) for link in links])})


def _create(request: ApiRequest) -> ApiResponse:
    link = CaseLink(
        **request.body(Document[Resource[Literal["link"], LinkAttributes]]).data.attributes
    )
    case_ids = [case_id for case_id in (link.owner, link.second_owner) if case_id is not None]
    if not case_ids:
        raise errors.generic_error("at least one of the linked entities must be a case")
    if link.parent == link.child:
        raise errors.generic_error("a case cannot be linked to itself")
    for case_id in case_ids:
        if request.store.find(Case, case_id) is None:
            raise errors.not_found("case not found", f"no case has the id {case_id}")
    if any(link.duplicates(other) for other in request.store.list(CaseLink, case_ids[0])):
        raise errors.duplicate("these entities are already linked in this way")
    request.store.put(link)
    return ApiResponse(201, {"data": _resource(link)})


def _delete(request: ApiRequest) -> ApiResponse:
    link_id = request.path_uuid("link_id", "LinkID")
    link = request.store.find(CaseLink, link_id)
    if link is None:
        raise errors.not_found("case link not found", f"no link has the id {link_id}")
    request.store.delete(link)
    return ApiResponse(204)


def _resource(link: CaseLink) -> JsonObject:
    return json_resource(link, link.model_dump(exclude={"id"}))


ENDPOINTS: Final[Endpoints] = {
    ("GET", "/cases/link"): _list,
    ("POST", "/cases/link"): _create,
    ("DELETE", "/cases/link/{link_id}"): _delete,
}
