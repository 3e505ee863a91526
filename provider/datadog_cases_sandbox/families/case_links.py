"""Links between cases, and of cases with incidents and the like: `/cases/link`."""

from typing import ClassVar, Final, Literal, get_args

from typing_extensions import TypedDict

from datadog_cases_sandbox import errors
from datadog_cases_sandbox.bodies import Document, Resource, Uuid
from datadog_cases_sandbox.call import Answer, Call, Endpoints, Json, listed
from datadog_cases_sandbox.families.cases import Case
from datadog_cases_sandbox.store import Record

EntityType = Literal["CASE", "INCIDENT", "PAGE", "AGENT_CONVERSATION"]
Meaning = Literal[
    "RELATES_TO",
    "CAUSES",
    "BLOCKS",
    "DUPLICATES",
    "PARENT_OF",
    "SUCCESSOR_OF",
    "ESCALATES_TO",
]


class LinkAttributes(TypedDict):
    """All there is to a link; none of it can be changed."""

    parent_entity_type: EntityType
    parent_entity_id: Uuid
    child_entity_type: EntityType
    child_entity_id: Uuid
    relationship: Meaning


class Link(Record):
    """A link. It goes with either of its cases."""

    kind: ClassVar[str] = "link"
    parent_entity_type: EntityType
    parent_entity_id: str
    child_entity_type: EntityType
    child_entity_id: str
    relationship: Meaning

    @property
    def parent(self) -> tuple[str, str]:
        """Type and id of the entity that causes, blocks and so on."""
        return self.parent_entity_type, self.parent_entity_id

    @property
    def child(self) -> tuple[str, str]:
        """Type and id of the other entity."""
        return self.child_entity_type, self.child_entity_id

    @property
    def owner(self) -> str | None:
        """The parent, if it is a case."""
        return _case_id(*self.parent)

    @property
    def second_owner(self) -> str | None:
        """The child, if it is a case."""
        return _case_id(*self.child)

    def says_the_same_as(self, other: "Link") -> bool:
        """Whether two links join the same entities in the same way."""
        directions = [(other.parent, other.child)]
        if self.relationship == "RELATES_TO":  # which has no direction (documented)
            directions.append((other.child, other.parent))
        return self.relationship == other.relationship and (self.parent, self.child) in directions


def _case_id(entity_type: str, entity_id: str) -> str | None:
    return entity_id if entity_type == "CASE" else None


def _list(call: Call) -> Answer:
    entity = call.word("entity_type", get_args(EntityType)), call.query_uuid("entity_id")
    meanings = get_args(Meaning)
    if "relationship" in call.query:
        meanings = (call.word("relationship", meanings),)
    links = [
        link
        for link in call.store.list(Link)
        if entity in {link.parent, link.child} and link.relationship in meanings
    ]
    return Answer(200, {"data": listed([_resource(link) for link in links])})


def _create(call: Call) -> Answer:
    link = Link(**call.sent(Document[Resource[Literal["link"], LinkAttributes]]).data.attributes)
    case_ids = [case_id for case_id in (link.owner, link.second_owner) if case_id is not None]
    if not case_ids:
        raise errors.generic_error("at least one of the linked entities must be a case")
    if link.parent == link.child:
        raise errors.generic_error("a case cannot be linked to itself")
    for case_id in case_ids:
        if call.store.find(Case, case_id) is None:
            raise errors.not_found("case not found", f"no case has the id {case_id}")
    if any(link.says_the_same_as(other) for other in call.store.list(Link, case_ids[0])):
        raise errors.generic_error("these entities are already linked in this way")
    call.store.put(link)
    return Answer(201, {"data": _resource(link)})


def _delete(call: Call) -> Answer:
    link_id = call.uuid("link_id", "LinkID")
    link = call.store.find(Link, link_id)
    if link is None:
        raise errors.not_found("case link not found", f"no link has the id {link_id}")
    call.store.delete(link)
    return Answer(204)


def _resource(link: Link) -> Json:
    attributes: Json = link.model_dump(exclude={"id"})
    return {"id": link.id, "type": Link.kind, "attributes": attributes}


ENDPOINTS: Final[Endpoints] = {
    ("GET", "/cases/link"): _list,
    ("POST", "/cases/link"): _create,
    ("DELETE", "/cases/link/{link_id}"): _delete,
}
