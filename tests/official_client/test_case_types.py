from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
from datadog_api_client.v2.api.case_management_attribute_api import CaseManagementAttributeApi
from datadog_api_client.v2.api.case_management_type_api import CaseManagementTypeApi
from datadog_api_client.v2.model.case_type_create_request import CaseTypeCreateRequest
from datadog_api_client.v2.model.case_type_update_request import CaseTypeUpdateRequest
from datadog_api_client.v2.model.custom_attribute_config_create_request import (
    CustomAttributeConfigCreateRequest,
)
from datadog_api_client.v2.model.custom_attribute_config_update_request import (
    CustomAttributeConfigUpdateRequest,
)

Body: TypeAlias = Callable[[type[Any], object], Any]
Make: TypeAlias = Callable[..., Any]


STANDARD = "00000000-0000-0000-0000-000000000001"


def case_type(**attributes: object) -> dict[str, object]:
    return {"type": "case_type", "attributes": attributes}


@pytest.fixture
def make_type(case_types: CaseManagementTypeApi, body: Body) -> Make:
    """A function that creates and returns a case type, as in `make_type("x", emoji="🔥")`."""

    def made(name: str, **attributes: object) -> Any:  # noqa: ANN401 - the client's own type
        request = body(CaseTypeCreateRequest, case_type(name=name, **attributes))
        return case_types.create_case_type(request).data

    return made


def test_create_case_type(make_type: Make) -> None:
    made = make_type("x", description="d", emoji="🔥")
    attributes = made.attributes
    assert (str(made.type), attributes.name) == ("case_type", "x")
    assert (attributes.description, attributes.emoji) == ("d", "🔥")


def test_get_all_case_types(case_types: CaseManagementTypeApi, make_type: Make) -> None:
    made = make_type("x")
    *built_in, last = case_types.get_all_case_types().data
    assert (built_in[0].id, built_in[0].attributes.name) == (STANDARD, "Standard")
    assert last == made


def test_update_case_type(case_types: CaseManagementTypeApi, body: Body, make_type: Make) -> None:
    made = make_type("x")
    request = body(CaseTypeUpdateRequest, case_type(name="y", emoji="💥"))
    changed = case_types.update_case_type(made.id, request).data
    assert (changed.id, changed.attributes.name) == (made.id, "y")
    assert changed.attributes.emoji == "💥"


def test_delete_case_type(case_types: CaseManagementTypeApi, make_type: Make) -> None:
    made = make_type("x")
    for _ in range(2):
        case_types.delete_case_type(made.id)
    deleted = case_types.get_all_case_types().data[-1]
    assert deleted.id == made.id
    assert deleted.attributes.deleted_at.tzinfo is not None


@pytest.fixture
def make_config(custom_attributes: CaseManagementAttributeApi, body: Body) -> Make:
    """Return a function that defines a custom attribute, as in `make_config(type_id, "k")`."""

    def made(type_id: str, key: str) -> Any:  # noqa: ANN401 - the client's own type
        attributes = {"key": key, "display_name": "K", "type": "SELECT", "is_multi": True}
        data = {"type": "custom_attribute", "attributes": {**attributes, "description": "d"}}
        request = body(CustomAttributeConfigCreateRequest, data)
        return custom_attributes.create_custom_attribute_config(type_id, request).data

    return made


def test_create_custom_attribute_config(make_type: Make, make_config: Make) -> None:
    type_id = make_type("x").id
    made = make_config(type_id, "k")
    attributes = made.attributes
    assert (str(made.type), attributes.key) == ("custom_attribute", "k")
    assert (attributes.display_name, attributes.description) == ("K", "d")
    assert (str(attributes.type), attributes.is_multi) == ("SELECT", True)
    assert attributes.case_type_id == type_id


def test_get_all_custom_attributes(
    custom_attributes: CaseManagementAttributeApi, make_type: Make, make_config: Make
) -> None:
    made = [make_config(STANDARD, "k"), make_config(make_type("x").id, "k")]
    assert custom_attributes.get_all_custom_attributes().data == made


def test_get_all_custom_attribute_configs_by_case_type(
    custom_attributes: CaseManagementAttributeApi, make_config: Make, make_type: Make
) -> None:
    type_id = make_type("x").id
    make_config(STANDARD, "k")
    made = make_config(type_id, "k")
    read = custom_attributes.get_all_custom_attribute_configs_by_case_type(type_id)
    assert read.data == [made]


def test_update_custom_attribute_config(
    custom_attributes: CaseManagementAttributeApi, body: Body, make_config: Make
) -> None:
    made = make_config(STANDARD, "k")
    attributes = {
        "display_name": "L",
        "type_data": {"options": [{"value": "a"}]},
        "map_from": "x",
    }
    data = {"type": "custom_attribute", "attributes": attributes}
    request = body(CustomAttributeConfigUpdateRequest, data)
    changed = custom_attributes.update_custom_attribute_config(STANDARD, made.id, request).data
    assert (changed.id, changed.attributes.display_name) == (made.id, "L")
    assert (changed.attributes.key, changed.attributes.description) == ("k", "d")


def test_delete_custom_attribute_config(
    custom_attributes: CaseManagementAttributeApi, make_config: Make
) -> None:
    gone, left = make_config(STANDARD, "k"), make_config(STANDARD, "l")
    custom_attributes.delete_custom_attribute_config(STANDARD, gone.id)
    assert custom_attributes.get_all_custom_attributes().data == [left]
