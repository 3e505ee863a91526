"""`CaseLink`: a link from a case to another object, or from another object to a case."""

from collections.abc import Iterable

from pulumi_datadog_cases.api import Client, Item
from pulumi_datadog_cases.api.enums import CaseLinkEntityType, CaseLinkRelationship
from pulumi_datadog_cases.engine import KnownInputs, LiveObject, Prop, Values, Violations, arg
from pulumi_datadog_cases.resources._shared.base import CaseResource, live_object, parent_id, text
from pulumi_datadog_cases.resources._shared.list_reads import ListOnlyLifecycle
from pulumi_datadog_cases.resources._shared.types import NonEmptyStr

#: The relationship that has no direction (documented).
_UNDIRECTED = "RELATES_TO"


def _in_direction_of(known: Values, item: Item) -> LiveObject:
    """Convert a link of the API.

    If the link has no direction, the API may return it with parent and child swapped (assumed). The
    result nevertheless has the same parent as `known`.
    """
    link = item.values()
    parent, child = (link.get("parent_entity_id"), link.get("child_entity_id"))
    start = known.get("parent_entity_id")
    if link.get("relationship") == _UNDIRECTED and start == child != parent:
        ends = {"parent": "child", "child": "parent"}
        link |= {
            f"{end}_entity_{part}": link.get(f"{ends[end]}_entity_{part}")
            for end in ends
            for part in ("type", "id")
        }
    return LiveObject(item.id, link)


class CaseLink(CaseResource):
    """A link from a parent to a child object. At least one of the two objects is a case.

    Import id: `<parent_entity_type>/<parent_entity_id>/<link_id>`.

    Destroy: the link is deleted; both linked objects stay.

    Errors: 400 for types or a relationship that the API does not know; 404 if a linked object does
    not exist; 403 if the application key lacks `cases_write`.

    Endpoints: `/api/v2/cases/link`. No endpoint reads or updates a single link, so a change of any
    property replaces the link.
    """

    # If the program swaps parent and child of a `RELATES_TO` link, the link is replaced. The API
    # treats the new link and the old link as the same, so the old link must be deleted first.
    delete_before_replace = True

    identity = (
        "parent_entity_type",
        "parent_entity_id",
        "child_entity_type",
        "child_entity_id",
        "relationship",
    )

    parent_entity_type: Prop[CaseLinkEntityType] = arg(parent=True)
    """`CASE`, `INCIDENT`, `PAGE` or `AGENT_CONVERSATION`."""
    parent_entity_id: Prop[NonEmptyStr] = arg(parent=True, reference=True)
    """Id of the parent; for a case, its UUID or key."""
    child_entity_type: Prop[CaseLinkEntityType] = arg(replace_on_changes=True)
    """`CASE`, `INCIDENT`, `PAGE` or `AGENT_CONVERSATION`."""
    child_entity_id: Prop[NonEmptyStr] = arg(replace_on_changes=True, reference=True)
    """Id of the child; for a case, its UUID or key."""
    relationship: Prop[CaseLinkRelationship] = arg(replace_on_changes=True)
    """How the parent relates to the child: `BLOCKS`, `CAUSES`, `DUPLICATES`, `ESCALATES_TO`,
    `PARENT_OF`, `SUCCESSOR_OF` or `RELATES_TO`. `RELATES_TO` has no direction."""

    @staticmethod
    def validate_inputs(declared: KnownInputs) -> Violations:
        """Require that the parent or the child is a case."""
        if "CASE" not in (declared["parent_entity_type"], declared["child_entity_type"]):
            yield "child_entity_type", "must be CASE if parent_entity_type is not"

    class Lifecycle(ListOnlyLifecycle):
        """Finds links in the list of their parent. Links cannot be updated."""

        parent_property = "parent_entity_id"

        def __init__(self, client: Client) -> None:
            super().__init__(client, client.case_links.list)

        def resolve(self, name: str, values: Values) -> str:
            """Return the UUID of a case. Return the declared id of any other object."""
            is_case = values[name.replace("_id", "_type")] == "CASE"
            return super().resolve(name, values) if is_case else text(values[name])

        def create(self, new: Values) -> LiveObject:
            """Create the link in one request."""
            return _in_direction_of(new, self.client.case_links.create(new))

        def list(self, parent: LiveObject | None) -> Iterable[LiveObject]:
            """The links of a case, except links whose parent is another case."""
            case_id = parent_id(parent)
            for item in self.client.case_links.list("CASE", case_id):
                link = live_object(item)
                entity = link.values["parent_entity_type"], link.values["parent_entity_id"]
                if entity[0] != "CASE" or entity[1] == case_id:
                    yield link

        def candidates(self, new: Values, since: float) -> Iterable[LiveObject]:
            """The links of the parent, which may be a case or another object."""
            del since
            parent = text(new["parent_entity_type"]), text(new["parent_entity_id"])
            return (_in_direction_of(new, link) for link in self.client.case_links.list(*parent))

        def read(self, id_: str, known: Values) -> LiveObject | None:
            """Find the link in the list of its parent."""
            parent = text(known["parent_entity_type"]), text(known["parent_entity_id"])
            item = self.find(id_, known, *parent)
            return None if item is None else _in_direction_of(known, item)

        def delete(self, id_: str, known: Values) -> None:
            """Delete the link."""
            del known
            self.client.case_links.delete(id_)
