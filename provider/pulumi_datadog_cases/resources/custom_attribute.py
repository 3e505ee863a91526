"""`CustomAttribute`: defines a custom attribute. Cases of one type can have values for it."""

from collections.abc import Iterable, Sequence
from typing import Annotated

from typing_extensions import TypedDict

from pulumi_datadog_cases.api import Client
from pulumi_datadog_cases.api.enums import CustomAttributeType
from pulumi_datadog_cases.engine import (
    Change,
    Dependent,
    DependentsText,
    DependsOn,
    Input,
    KnownInputs,
    LiveObject,
    Prop,
    Value,
    Values,
    Violations,
    arg,
)
from pulumi_datadog_cases.engine.values import is_list
from pulumi_datadog_cases.resources._shared.base import (
    CaseResource,
    live_object,
    members,
    parent_id,
    text,
    without,
)
from pulumi_datadog_cases.resources._shared.dependents import cases_with_value
from pulumi_datadog_cases.resources._shared.list_reads import ListOnlyLifecycle
from pulumi_datadog_cases.resources._shared.types import NonEmptyStr, Uuid


class CustomAttributeOptionArgs(TypedDict):
    """One option of a `SELECT` attribute."""

    value: Input[str]


class CustomAttributeTypeDataArgs(TypedDict, total=False):
    """Parameters of the attribute's type."""

    options: Input[Sequence[Input[CustomAttributeOptionArgs]]]


def _options(values: Values) -> Sequence[Value]:
    options = members(values.get("type_data")).get("options")
    return options if is_list(options) else ()


class CustomAttribute(CaseResource):
    """The definition of a custom attribute on a case type.

    A case of that type can then hold a value under the definition's `key`, in
    `Case.custom_attributes`.

    Import id: `<case_type_id>/<custom_attribute_id>`.

    Destroy: the definition and its values on all cases are deleted. If a case that the stack does
    not manage has a value, the delete fails. To delete such a definition, first set `force_destroy`
    to True and run `pulumi up`. Pulumi does not call providers in the preview of a delete, so the
    preview cannot show the error. A replacement fails if a destroy would fail.

    Errors: 400 for an unknown `type`; 404 if the case type does not exist; 403 if the application
    key lacks `cases_shared_settings_write`.

    Endpoints: `/api/v2/cases/types/{case_type_id}/custom_attributes`; definitions can only be
    read from the list. The create request accepts neither `type_data` nor `map_from`, so a second
    request sets these properties. No response contains them, so changes of these properties outside
    Pulumi cannot be detected.
    """

    # A replacement may have the same key as before, for example if only `is_multi` changes. Two
    # definitions cannot have the same key, so the old definition must be deleted first.
    delete_before_replace = True

    case_type_id: Prop[Uuid] = arg(parent=True)
    """UUID of the case type. Changing it replaces the definition."""
    key: Prop[NonEmptyStr] = arg(replace_on_changes=True, unique=True)
    """Key under which cases hold the value. Changing it replaces the definition."""
    display_name: Prop[NonEmptyStr]
    """The name that Datadog shows."""
    type: Prop[CustomAttributeType]
    """`TEXT`, `URL`, `NUMBER` or `SELECT`. A `SELECT` value is an option of `type_data`."""
    is_multi: Prop[bool] = arg(default=False, replace_on_changes=True)
    """Whether a case can hold several values. False by default. Changing it replaces the
    definition."""
    description: Prop[str | None] = arg(default=None, clears_to="")
    """Purpose of the attribute."""
    type_data: Prop[Annotated[CustomAttributeTypeDataArgs, DependsOn("type")] | None] = arg(
        default=None, write_only=True, after_create=True
    )
    """For `SELECT`: `{"options": [{"value": "..."}]}`, in display order. The list is managed as a
    whole. If the program changes `type_data`, options that people have added in Datadog are
    removed, except those that the program declares. Changes of other properties keep all
    options."""
    map_from: Prop[str | None] = arg(default=None, write_only=True, after_create=True)
    """Id of an external field that provides the value."""

    adopt: Prop[bool | str | None] = arg(default=None, adopts=True)
    """Whether creation adopts an existing definition instead of creating one. True adopts the
    definition with the same key. A UUID adopts the definition with this UUID. The adopted
    definition is updated to the declared properties. `adopt` has no effect once the definition is
    in the state."""
    force_destroy: Prop[bool | None] = arg(default=None, forces_delete=True)
    """Whether the definition may be deleted even if cases that the stack does not manage have
    values. These values are deleted too. False by default. To delete such a definition, set
    `force_destroy` to True, run `pulumi up`, and then delete."""

    @staticmethod
    def preview_warning(old: Values, new: Values) -> str | None:
        """Warn if the options change, because options that people have added may be lost."""
        if _options(old) == _options(new) or not _options(new):
            return None
        return (
            "replaces all options, including those that people have added in Datadog. No response "
            "of the API contains these: declare them, or they are removed"
        )

    @staticmethod
    def validate_inputs(declared: KnownInputs) -> Violations:
        """Require options for `SELECT`, and reject options for `TEXT`, `URL` and `NUMBER`."""
        options = declared.inside("type_data").get("options")
        if declared["type"] == "SELECT" and not options:
            yield "type_data.options", "is missing: a SELECT attribute requires at least one option"
        if declared["type"] != "SELECT" and options:
            yield "type_data.options", f"is for type SELECT, not {declared['type']}"

    class Lifecycle(ListOnlyLifecycle):
        """Finds definitions in the list of their case type. Updates send only what changed."""

        parent_property = "case_type_id"
        destroys_dependents = False
        dependents_text = DependentsText(
            relation="has values on",
            effect="the values are deleted with it",
            remedy="keep the definition, or copy the values to another attribute and remove them",
        )

        def __init__(self, client: Client) -> None:
            super().__init__(client, client.custom_attributes.list)

        def create(self, new: Values) -> LiveObject:
            """Create the definition. A second request sets its options (`type_data`)."""
            case_type_id = text(new["case_type_id"])
            attributes = without(new, "case_type_id")
            return live_object(self.client.custom_attributes.create(case_type_id, attributes))

        def list(self, parent: LiveObject | None) -> Iterable[LiveObject]:
            """The definitions of a case type."""
            return map(live_object, self.client.custom_attributes.list(parent_id(parent)))

        def read(self, id_: str, known: Values) -> LiveObject | None:
            """Find the definition in the list of its case type."""
            item = self.find(id_, known, text(known["case_type_id"]))
            return None if item is None else live_object(item)

        def update(self, change: Change) -> LiveObject:
            """Send the changed properties; the API keeps the others (documented).

            The documented responses contain no options. If the API does return options, the request
            keeps the options that people have added since the last refresh. The next preview shows
            these options.
            """
            case_type_id = text(change.new["case_type_id"])
            current: Values = self.read_current(change) if change.is_partial else {}
            attributes = change.merged_into(current)
            if declared := _options(attributes):
                known = [*_options(change.old), *declared]
                added = [option for option in _options(current) if option not in known]
                type_data = members(attributes["type_data"])
                attributes["type_data"] = {**type_data, "options": [*declared, *added]}
            return live_object(
                self.client.custom_attributes.update(case_type_id, change.id, attributes)
            )

        def delete(self, id_: str, known: Values) -> None:
            """Delete the definition."""
            self.client.custom_attributes.delete(text(known["case_type_id"]), id_)

        def dependents(self, id_: str, known: Values) -> Iterable[Dependent]:
            """The cases with a value."""
            del id_
            return cases_with_value(self.client, text(known["case_type_id"]), text(known["key"]))
