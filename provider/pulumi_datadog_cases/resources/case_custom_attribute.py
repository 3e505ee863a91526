"""`CaseCustomAttribute`: a custom attribute's value on a case that this stack does not manage."""

from collections.abc import Mapping

from pulumi_datadog_cases.api import CaseItem
from pulumi_datadog_cases.api.enums import CustomAttributeType
from pulumi_datadog_cases.engine import Change, LiveObject, Prop, Values, arg, find_alike
from pulumi_datadog_cases.resources._shared.base import (
    CaseLifecycle,
    CaseResource,
    members,
    text,
    without,
)
from pulumi_datadog_cases.resources._shared.types import NonEmptyStr
from pulumi_datadog_cases.resources.case import (
    CustomAttributeValue,
    custom_attribute_body,
    validate_custom_attribute,
)


def _live(case: CaseItem, key: str) -> LiveObject | None:
    values = members(case.raw_attributes.get("custom_attributes"))
    found = find_alike(key, values)
    value = None if found is None else values[found]
    return LiveObject(key, {**value, "key": key}) if isinstance(value, Mapping) else None


class CaseCustomAttribute(CaseResource):
    """The value of one custom attribute, on a case that people or another stack manage.

    For a case of this stack, declare the value in `Case.custom_attributes` instead. If a `Case`
    and a `CaseCustomAttribute` declared the same attribute, each would overwrite the other's value.

    Import id: `<case_id>/<key>`.

    Destroy: the value is deleted from the case.

    Errors: 404 if the case does not exist or its type does not define the key; 400 for a value that
    does not fit the definition; 403 if the application key lacks `cases_write`.

    Endpoints: `/api/v2/cases/{case_id}/custom_attributes/{custom_attribute_key}`.
    """

    # A replacement may have the same case and key as before. If the new value were set first, the
    # delete of the old value would delete the new one.
    delete_before_replace = True

    identity = ("case_id", "key")

    case_id: Prop[NonEmptyStr] = arg(parent=True, reference=True)
    """UUID or key of the case. Naming another case replaces this resource: the value is deleted
    from the old case and set on the new one."""
    key: Prop[NonEmptyStr] = arg(replace_on_changes=True)
    """Key of the definition (`CustomAttribute.key`). Changing it replaces the value."""
    type: Prop[CustomAttributeType]
    """The definition's type: `TEXT`, `URL`, `NUMBER` or `SELECT`."""
    value: Prop[CustomAttributeValue]
    """A string, or a number if the type is `NUMBER`. If `is_multi` is true, the value is a list of
    strings or numbers."""
    is_multi: Prop[bool | None] = arg(default=None)
    """Whether `value` is a list. You can omit `is_multi`, because `value` implies it."""

    validate_inputs = staticmethod(validate_custom_attribute)

    class Lifecycle(CaseLifecycle):
        """Sets and deletes the value, and reads it from the case."""

        create_is_idempotent = True
        ids_are_unique = False

        def create(self, new: Values) -> LiveObject:
            """Set the value."""
            return self._set(new)

        def read(self, id_: str, known: Values) -> LiveObject | None:
            """Find the value on the case."""
            return _live(self.client.cases.get(text(known["case_id"])), id_)

        def update(self, change: Change) -> LiveObject:
            """Set the new value."""
            return self._set(change.new)

        def delete(self, id_: str, known: Values) -> None:
            """Delete the value."""
            self.client.cases.delete_custom_attribute(text(known["case_id"]), id_)

        def _set(self, new: Values) -> LiveObject:
            key, value = text(new["key"]), custom_attribute_body(without(new, "case_id", "key"))
            case = self.client.cases.set_custom_attribute(text(new["case_id"]), key, value)
            # If the response lacks the value, the result has the values that the request sent.
            # `LiveObject.unread` says that these values are not from a response.
            return _live(case, key) or LiveObject(key, new, unread=frozenset(new))
