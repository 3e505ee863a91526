"""`CustomAttribute`: a field that cases of one type have."""

from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

import pulumi
from typing_extensions import TypedDict

from pulumi_datadog_cases.api import Client
from pulumi_datadog_cases.engine import (
    Change,
    KnownInputs,
    LiveObject,
    Prop,
    Values,
    Violations,
    arg,
)
from pulumi_datadog_cases.resources._shared.base import CaseResource, id_of, live, text, without
from pulumi_datadog_cases.resources._shared.list_reads import ListOnlyLifecycle
from pulumi_datadog_cases.resources._shared.types import Text, Uuid

CustomAttributeType: TypeAlias = Literal["URL", "TEXT", "NUMBER", "SELECT"]


class CustomAttributeOptionArgs(TypedDict):
    """One value that can be selected."""

    value: pulumi.Input[str]


class CustomAttributeTypeDataArgs(TypedDict, total=False):
    """What a type needs to know beside its name."""

    options: pulumi.Input[Sequence[pulumi.Input[CustomAttributeOptionArgs]]]


class CustomAttribute(CaseResource):
    """The definition of a custom attribute on a case type.

    A case of that type can then hold a value under the definition's `key`, in
    `Case.custom_attributes`.

    Import id: `<case_type_id>/<custom_attribute_id>`.

    Destroy: the definition is deleted, and with it the field on the cases of the type.

    Errors: 400 for an unknown `type`; 404 where the case type does not exist; 403 where the keys
    lack `cases_write`.

    Endpoints: `/api/v2/cases/types/{case_type_id}/custom_attributes`, of which only the list can
    be read. Creation takes neither `type_data` nor `map_from`, and no answer holds them: they are
    set by a second request, and a change made to them elsewhere cannot be seen.
    """

    delete_before_replace = True  # the key is taken as long as the old one is there

    case_type_id: Prop[Uuid] = arg(parent=True)
    """UUID of the case type. A change replaces."""
    key: Prop[Text] = arg(replace_on_changes=True, unique=True)
    """Under which cases hold the value. A change replaces."""
    display_name: Prop[Text]
    """Shown in Datadog."""
    type: Prop[CustomAttributeType]
    """`TEXT`, `URL`, `NUMBER` or `SELECT` (one of the options in `type_data`)."""
    is_multi: Prop[bool] = arg(default=False, replace_on_changes=True)
    """Whether a case can hold several values. False by default; a change replaces."""
    description: Prop[str | None] = arg(default=None, clears_to="")
    """What the attribute is for."""
    type_data: Prop[CustomAttributeTypeDataArgs | None] = arg(
        default=None, write_only=True, after_create=True
    )
    """For `SELECT`: `{"options": [{"value": "..."}]}`, in the order they are shown."""
    map_from: Prop[str | None] = arg(default=None, write_only=True, after_create=True)
    """Id of an external field that fills the attribute."""

    adopt: Prop[bool | str | None] = arg(default=None, adopts=True)
    """True, or a UUID: creation takes over the definition of the same key, or of that UUID, if it
    is there, and brings it to what is declared. Means nothing once it stands in the state."""

    @staticmethod
    def validate_inputs(declared: KnownInputs) -> Violations:
        """Options are for selecting, and selecting is for options."""
        options = declared.inside("type_data").get("options")
        if declared["type"] == "SELECT" and not options:
            yield "type_data.options", "is missing: a SELECT attribute needs at least one option"
        if declared["type"] != "SELECT" and options:
            yield "type_data.options", f"is for type SELECT, not {declared['type']}"

    class Lifecycle(ListOnlyLifecycle):
        """How definitions live at the API."""

        parent_property = "case_type_id"

        def __init__(self, client: Client) -> None:
            super().__init__(client, client.custom_attributes.list)

        def create(self, new: Values) -> LiveObject:
            """Create the definition, without its options."""
            case_type_id = text(new["case_type_id"])
            attributes = without(new, "case_type_id")
            return live(self.client.custom_attributes.create(case_type_id, attributes))

        def list(self, parent: LiveObject | None) -> Iterable[LiveObject]:
            """The definitions of a case type."""
            return map(live, self.client.custom_attributes.list(id_of(parent)))

        def read(self, id_: str, known: Values) -> LiveObject | None:
            """Find the definition in the list of its case type."""
            item = self.find(id_, known, text(known["case_type_id"]))
            return None if item is None else live(item)

        def update(self, change: Change) -> LiveObject:
            """Replace the whole definition.

            Whether the request leaves alone what it lacks is undocumented. So all that is live
            is sent along, and of what no answer holds, all that is declared.
            """
            case_type_id = text(change.new["case_type_id"])
            attributes = change.full_replacement({**change.new, **self.read_current(change)})
            return live(self.client.custom_attributes.update(case_type_id, change.id, attributes))

        def delete(self, id_: str, known: Values) -> None:
            """Delete the definition."""
            self.client.custom_attributes.delete(text(known["case_type_id"]), id_)
