"""`CaseType`: a kind of case, which custom attributes belong to."""

from collections.abc import Iterable
from typing import Annotated

from typing_extensions import TypedDict

from pulumi_datadog_cases.api import Client
from pulumi_datadog_cases.engine import Change, LiveObject, Normalizer, Prop, Values, arg, computed
from pulumi_datadog_cases.resources._shared.base import CaseResource, live
from pulumi_datadog_cases.resources._shared.list_reads import ListOnlyLifecycle
from pulumi_datadog_cases.resources._shared.types import Text


class CaseTypeStatus(TypedDict):
    """One status that cases of a type can have."""

    name: str


class CaseTypeStatusGroup(TypedDict):
    """The statuses of one group, and the one a case gets when it enters the group."""

    status_options: list[CaseTypeStatus]
    default: str


class CaseTypeStatuses(TypedDict):
    """The statuses of a case type by group."""

    open: CaseTypeStatusGroup
    in_progress: CaseTypeStatusGroup
    closed: CaseTypeStatusGroup


def _emoji(value: str) -> str:
    # A word such as "notanemoji" is refused by the API with a bare 400 (recorded).
    if value.isascii() and value:
        raise ValueError("must be an emoji, such as 🚨")
    return value


class CaseType(CaseResource):
    """A type of case, with custom attributes of its own.

    Every type has the statuses Open, In Progress and Closed; the API has no way to set others.

    Import id: `<case_type_id>`.

    Destroy: the type is marked as deleted. Cases of the type stay as they are.

    Errors: 400 for an emoji that is none; 403 where the keys lack `cases_write`.

    Endpoints: `/api/v2/cases/types`, of which only the list can be read.
    """

    name: Prop[Text]
    """Shown in Datadog. Not unique."""
    description: Prop[str | None] = arg(default=None, clears_to="")
    """What the type is for."""
    emoji: Prop[Annotated[str, Normalizer(_emoji)] | None] = arg(default=None, clears_to="")
    """One emoji, shown beside the name."""

    internal: Prop[bool | None] = computed()
    """Whether it is one of Datadog's built-in types."""
    statuses_config: Prop[CaseTypeStatuses | None] = computed()
    """The statuses of its cases, by group (`open`, `in_progress`, `closed`), with defaults."""

    class Lifecycle(ListOnlyLifecycle):
        """How case types live at the API."""

        def __init__(self, client: Client) -> None:
            super().__init__(client, client.case_types.list)

        def create(self, new: Values) -> LiveObject:
            """Create the type in one request."""
            return live(self.client.case_types.create(new))

        def list(self, parent: LiveObject | None) -> Iterable[LiveObject]:
            """The types that are not deleted, the built-in ones among them."""
            del parent
            types = self.client.case_types.list()
            return (live(item) for item in types if not item.attributes.get("deleted_at"))

        def importable(self, live: LiveObject) -> Values | None:
            """A type of one's own; the built-in ones are Datadog's."""
            return None if live.values.get("internal") else live.values

        def read(self, id_: str, known: Values) -> LiveObject | None:
            """Find the type in the list, which keeps deleted ones for ever (recorded)."""
            item = self.find(id_, known)
            return None if item is None or item.attributes.get("deleted_at") else live(item)

        def update(self, change: Change) -> LiveObject:
            """Replace the whole type: the request cannot do without the name."""
            attributes = change.full_replacement(self.read_current(change))
            return live(self.client.case_types.update(change.id, attributes))

        def delete(self, id_: str, known: Values) -> None:
            """Mark the type as deleted; doing so twice is fine (recorded)."""
            del known
            self.client.case_types.delete(id_)
