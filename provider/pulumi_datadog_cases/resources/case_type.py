"""`CaseType`: a type of case, with its own custom attributes."""

from collections.abc import Iterable
from typing import Annotated

from typing_extensions import TypedDict

from pulumi_datadog_cases.api import Client
from pulumi_datadog_cases.engine import (
    Change,
    Dependent,
    DependentsText,
    LiveObject,
    Normalizer,
    Prop,
    Values,
    arg,
    computed,
)
from pulumi_datadog_cases.resources._shared.base import CaseResource, live_object
from pulumi_datadog_cases.resources._shared.dependents import cases_of_type, cases_with_values
from pulumi_datadog_cases.resources._shared.list_reads import ListOnlyLifecycle
from pulumi_datadog_cases.resources._shared.types import NonEmptyStr


class CaseTypeStatus(TypedDict):
    """One status that cases of a type can have."""

    name: str


class CaseTypeStatusGroup(TypedDict):
    """The statuses of one group, and the default for cases that enter the group."""

    status_options: list[CaseTypeStatus]
    default: str


class CaseTypeStatuses(TypedDict):
    """The statuses of a case type, by group."""

    open: CaseTypeStatusGroup
    in_progress: CaseTypeStatusGroup
    closed: CaseTypeStatusGroup


def _emoji(value: str) -> str:
    # For a word such as "notanemoji", the API responds with a 400 without details (recorded).
    if value.isascii() and value:
        raise ValueError("must be an emoji, such as 🚨")
    return value


class CaseType(CaseResource):
    """A type of case, with its own custom attributes.

    Every type has the statuses Open, In Progress and Closed; the API cannot set others.

    Import id: `<case_type_id>`.

    Destroy: the API marks the type as deleted. Cases of the type do not change. A warning names
    these cases.

    Errors: 400 for an invalid emoji; 403 if the application key lacks
    `cases_shared_settings_write`.

    Endpoints: `/api/v2/cases/types`; types can only be read from the list.
    """

    name: Prop[NonEmptyStr]
    """The name that Datadog shows. Not unique."""
    description: Prop[str | None] = arg(default=None, clears_to="")
    """Purpose of the type."""
    emoji: Prop[Annotated[str, Normalizer(_emoji)] | None] = arg(default=None, clears_to="")
    """One emoji, shown next to the name."""

    internal: Prop[bool | None] = computed()
    """Whether the type is one of Datadog's built-in types."""
    statuses_config: Prop[CaseTypeStatuses | None] = computed()
    """The statuses that cases of the type can have, by group, and each group's default."""

    class Lifecycle(ListOnlyLifecycle):
        """Finds case types in the list of all types. The list includes deleted types."""

        destroys_dependents = False
        has_replaced_children = True
        dependents_text = DependentsText(
            relation="is the type of", effect="its cases keep the deleted type"
        )

        def __init__(self, client: Client) -> None:
            super().__init__(client, client.case_types.list)

        def create(self, new: Values) -> LiveObject:
            """Create the type in one request."""
            return live_object(self.client.case_types.create(new))

        def list(self, parent: LiveObject | None) -> Iterable[LiveObject]:
            """The types that are not deleted, including built-in types."""
            del parent
            types = self.client.case_types.list()
            return (
                live_object(item) for item in types if not item.raw_attributes.get("deleted_at")
            )

        def importable(self, live: LiveObject) -> Values | None:
            """The values of a custom type. None for a built-in type, which cannot be managed."""
            return None if live.values.get("internal") else live.values

        def read(self, id_: str, known: Values) -> LiveObject | None:
            """Find the type in the list. The list keeps deleted types forever (recorded)."""
            item = self.find(id_, known)
            return (
                None if item is None or item.raw_attributes.get("deleted_at") else live_object(item)
            )

        def update(self, change: Change) -> LiveObject:
            """Send all properties. The API requires the name, even if the name does not change."""
            attributes = change.full_replacement(self.read_current(change))
            return live_object(self.client.case_types.update(change.id, attributes))

        def delete(self, id_: str, known: Values) -> None:
            """Mark the type as deleted. A second request also succeeds (recorded)."""
            del known
            self.client.case_types.delete(id_)

        def dependents(self, id_: str, known: Values) -> Iterable[Dependent]:
            """The cases of the type. They cause a warning, but do not prevent a delete."""
            del known
            return cases_of_type(self.client, id_)

        def lost_by_replacement(self, id_: str, known: Values) -> Iterable[Dependent]:
            """The cases with values for the type's custom attributes, which are replaced too."""
            del known
            return cases_with_values(self.client, id_)
