"""Operations that set and clear custom attributes. The API offers them only for one case at a time.

As in `operations`, each function is a command of `datadog-cases bulk`.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Final

import typer

from pulumi_datadog_cases.api import CaseItem, Client, CustomAttributeItem
from pulumi_datadog_cases.api.http.json_api import JSON
from pulumi_datadog_cases.cli.bulk.bulk_operation import BulkOperation, one_by_one
from pulumi_datadog_cases.cli.group import CommandError
from pulumi_datadog_cases.cli.organization import suggest

_URL: Final = re.compile(r"[a-zA-Z][\w+.-]*://[^\s/]\S*")


def attribute(
    client: Client,
    key: Annotated[str, typer.Argument(metavar="KEY", help="The key of the definition.")],
    values: Annotated[
        list[str],
        typer.Argument(
            metavar="VALUE...",
            help="The value, or all values if the definition allows several. Write -- before a "
            "negative number.",
        ),
    ],
) -> BulkOperation:
    """Set a custom attribute. The type of each case must define it, and the value must fit."""
    new = dict[str, Mapping[str, JSON]]()
    unfit = dict[str, str]()
    for type_id, definition in _definitions(client, key).items():
        try:
            new[type_id] = _value(definition, values)
        except ValueError as error:
            unfit[type_id] = str(error)
    wanted = f"{key}={', '.join(values)}"

    def state(case: CaseItem) -> str:
        current = _current_value(case, key)
        value = new.get(_type_id(case), {}).get("value")
        return wanted if current is not None and _equal(current, value) else _show(current)

    def obstacle(case: CaseItem) -> str | None:
        type_id = _type_id(case)
        if type_id in new:
            return None
        return unfit.get(type_id, f"its type has no custom attribute {key}")

    return BulkOperation(
        f"set {wanted} in {{}}",
        one_by_one(
            lambda case: client.cases.set_custom_attribute(case.id, key, new[_type_id(case)])
        ),
        state,
        wanted,
        obstacle=obstacle,
        batch_size=1,
    )


def clear_attribute(
    client: Client,
    key: Annotated[str, typer.Argument(metavar="KEY", help="The key of the definition.")],
) -> BulkOperation:
    """Delete the value of a custom attribute."""
    _definitions(client, key)
    return BulkOperation(
        f"delete the value of {key} from {{}}",
        one_by_one(lambda case: client.cases.delete_custom_attribute(case.id, key)),
        lambda case: _show(_current_value(case, key)),
        _show(None),
        batch_size=1,
    )


def _definitions(client: Client, key: str) -> Mapping[str, CustomAttributeItem]:
    """Return the definitions with this key, by the id of their case type.

    Raises:
        CommandError: no case type defines the key. The message names similar keys.
    """
    definitions = client.custom_attributes.list_all()
    keys = {str(each.raw_attributes.get("key")) for each in definitions}
    if key not in keys:
        known = suggest(key, keys) or "there are no custom attributes."
        raise CommandError(f"no case type has the custom attribute {key}: {known}")
    return {
        str(each.raw_attributes.get("case_type_id")): each
        for each in definitions
        if each.raw_attributes.get("key") == key
    }


def _value(definition: CustomAttributeItem, values: Sequence[str]) -> Mapping[str, JSON]:
    """Return the request's attributes that set a custom attribute.

    The options of a SELECT attribute cannot be checked here, because no response contains them
    (documented).

    Raises:
        ValueError: a value does not fit the definition.
    """
    type_ = definition.raw_attributes.get("type")
    is_multi = bool(definition.raw_attributes.get("is_multi"))
    if len(values) > 1 and not is_multi:
        raise ValueError("its type allows only one value")
    parsed = [_parse(value, type_) for value in values]
    return {"type": type_, "is_multi": is_multi, "value": parsed if is_multi else parsed[0]}


def _parse(value: str, type_: JSON) -> JSON:
    if type_ == "NUMBER":
        return _number(value)
    if type_ == "URL" and not _URL.fullmatch(value):
        raise ValueError(f"its type requires a URL such as https://example.com, not {value}")
    return value


def _number(value: str) -> JSON:
    try:
        number: JSON = json.loads(value)
    except ValueError:
        number = None
    # Python's parser also accepts NaN and Infinity, which JSON does not have.
    if type(number) is int or (isinstance(number, float) and math.isfinite(number)):
        return number
    raise ValueError(f"its type requires a number, not {value}")


def _type_id(case: CaseItem) -> str:
    return str(case.raw_attributes.get("type_id"))


def _current_value(case: CaseItem, key: str) -> JSON:
    attributes = case.raw_attributes.get("custom_attributes")
    found = attributes.get(key) if isinstance(attributes, Mapping) else None
    return found.get("value") if isinstance(found, Mapping) else None


def _equal(one: JSON, other: JSON) -> bool:
    """Compare values. The order of several values has no meaning."""
    if isinstance(one, list) and isinstance(other, list):
        return sorted(one, key=json.dumps) == sorted(other, key=json.dumps)
    return one == other


def _show(value: JSON) -> str:
    return "not set" if value is None else json.dumps(value, ensure_ascii=False)


ALL = (attribute, clear_attribute)
