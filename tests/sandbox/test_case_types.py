from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
import requests

Send: TypeAlias = Callable[..., requests.Response]
Make: TypeAlias = Callable[..., dict[str, Any]]

SECURITY = "00000000-0000-0000-0000-000000000003"


@pytest.fixture
def type_id(make: Make) -> str:
    return str(make("/cases/types", "case_type", name="Incident", emoji="🔥")["id"])


def change(**attributes: object) -> dict[str, object]:
    return {"type": "custom_attribute", "attributes": attributes}


@pytest.mark.parametrize("emoji", ["🌍", "👍🏽", "👩‍🚒", "🇩🇪", "1️⃣", ""])
def test_accepts_emoji(make: Make, emoji: str) -> None:
    assert make("/cases/types", "case_type", name="x", emoji=emoji)["attributes"]["emoji"] == emoji


@pytest.mark.parametrize("emoji", ["notanemoji", ":fire:", "7", "🔥x"])
def test_rejects_texts_that_are_no_emoji(send: Send, emoji: str) -> None:
    data = {"type": "case_type", "attributes": {"name": "x", "emoji": emoji}}
    assert send("POST", "/cases/types", data).status_code == 400


def test_put_resets_omitted_attributes(send: Send, type_id: str) -> None:
    data = {"type": "case_type", "attributes": {"name": "Outage", "description": "x"}}
    changed = send("PUT", f"/cases/types/{type_id}", data).json()["data"]["attributes"]
    assert (changed["name"], changed["description"], changed["emoji"]) == ("Outage", "x", "")


def test_deleted_type_stays_listed_and_rejects_changes(
    send: Send, make: Make, make_case: Make, type_id: str
) -> None:
    path = f"/cases/types/{type_id}"
    attribute = {"key": "k", "display_name": "K", "type": "TEXT", "is_multi": False}
    config = make(f"{path}/custom_attributes", "custom_attribute", **attribute)
    case = make_case(type_id=type_id)
    assert send("DELETE", path).status_code == 204
    listed = {one["id"]: one for one in send("GET", "/cases/types").json()["data"]}
    assert listed[type_id]["attributes"]["deleted_at"]
    assert send("DELETE", path).status_code == 204
    assert listed == {one["id"]: one for one in send("GET", "/cases/types").json()["data"]}
    assert send("GET", "/cases/types/custom_attributes").json() == {"data": [config]}
    assert send("GET", f"/cases/{case['id']}").json()["data"] == case
    assert send("PUT", path, {"type": "case_type"}).status_code == 404
    more = change(**{**attribute, "key": "other"})
    assert send("POST", f"{path}/custom_attributes", more).status_code == 404
    created = {
        "type": "case",
        "attributes": {"title": "x", "type_id": type_id},
        "relationships": {"project": case["relationships"]["project"]},
    }
    assert send("POST", "/cases", created).status_code == 404


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_built_in_types_cannot_be_changed(send: Send, method: str) -> None:
    data = {"type": "case_type", "attributes": {"name": "x"}}
    response = send(method, f"/cases/types/{SECURITY}", data)
    assert response.json()["errors"][0]["detail"] == "case type Security is internal"


def test_update_sets_options_that_are_never_returned(send: Send, make: Make, type_id: str) -> None:
    configs = f"/cases/types/{type_id}/custom_attributes"
    attributes = {"key": "k", "display_name": "K", "type": "SELECT", "is_multi": False}
    options = {"options": [{"value": "a"}, {"value": "b"}]}
    with_options = change(**attributes, type_data=options)
    assert send("POST", configs, with_options).status_code == 400
    config = make(configs, "custom_attribute", **attributes)
    assert config["attributes"] == {**attributes, "case_type": "TUNKNOWN", "case_type_id": type_id}
    path = f"{configs}/{config['id']}"
    hidden = change(type_data=options, map_from="x", description="y")
    changed = send("PUT", path, hidden).json()["data"]["attributes"]
    assert changed == {**config["attributes"], "description": "y"}
    stored = send("GET", f"/sandbox/objects/{config['id']}").json()
    assert (stored["type_data"], stored["map_from"]) == (options, "x")
    for fixed in ({"key": "other"}, {"is_multi": True}):
        assert send("PUT", path, change(**fixed)).status_code == 400


def test_definition_belongs_to_one_type(send: Send, make: Make, type_id: str) -> None:
    configs = f"/cases/types/{type_id}/custom_attributes"
    attributes = {"key": "k", "display_name": "K", "type": "TEXT", "is_multi": False}
    config = make(configs, "custom_attribute", **attributes)
    again = send("POST", configs, change(**attributes))
    assert again.json()["errors"][0]["title"] == "Generic Error"
    make(f"/cases/types/{SECURITY}/custom_attributes", "custom_attribute", **attributes)
    elsewhere = f"/cases/types/{SECURITY}/custom_attributes/{config['id']}"
    assert send("DELETE", elsewhere).status_code == 404
    assert send("GET", configs).json() == {"data": [config]}
    assert send("DELETE", f"{configs}/{config['id']}").status_code == 204
    assert send("DELETE", f"{configs}/{config['id']}").status_code == 404


Examples: TypeAlias = dict[tuple[str, bool], list[object]]
VALUES: Examples = {
    ("TEXT", False): ["x", "", "https://example.com"],
    ("TEXT", True): [["x", "y"], []],
    ("URL", False): ["https://example.com"],
    ("NUMBER", False): [1, 2.5],
    ("NUMBER", True): [[1, 2.5]],
    ("SELECT", False): ["a"],
    ("SELECT", True): [["a", "b"]],
}
MISFITS: Examples = {
    ("TEXT", False): [["x"], 1, True, None, {"x": 1}],
    ("TEXT", True): ["x", [1], ["x", 1]],
    ("NUMBER", False): ["1", [1]],
    ("NUMBER", True): [1, ["1"]],
    ("SELECT", False): ["c", ["a"]],
    ("SELECT", True): [["a", "c"], "a"],
}


@pytest.mark.parametrize(
    ("value_type", "is_multi", "value", "status"),
    [
        (*kind, value, status)
        for values, status in ((VALUES, 200), (MISFITS, 400))
        for kind, examples in values.items()
        for value in examples
    ],
)
def test_value_must_match_definition(  # noqa: PLR0913, PLR0917 - the table's columns
    send: Send,
    make: Make,
    make_case: Make,
    type_id: str,
    value_type: str,
    is_multi: bool,  # noqa: FBT001 - a column of the table
    value: object,
    status: int,
) -> None:
    configs = f"/cases/types/{type_id}/custom_attributes"
    defined = {"key": "k", "display_name": "K", "type": value_type, "is_multi": is_multi}
    config = make(configs, "custom_attribute", **defined)
    if value_type == "SELECT":
        options = change(type_data={"options": [{"value": "a"}, {"value": "b"}]})
        assert send("PUT", f"{configs}/{config['id']}", options).status_code == 200
    case = make_case(type_id=type_id)
    sent = {"type": value_type, "is_multi": is_multi, "value": value}
    path = f"/cases/{case['id']}/custom_attributes/k"
    response = send("POST", path, {"type": "case", "attributes": sent})
    assert response.status_code == status, response.text
    stored = send("GET", f"/cases/{case['id']}").json()["data"]["attributes"]["custom_attributes"]
    assert stored == ({"k": sent} if status == 200 else {})


@pytest.mark.parametrize(
    "sent",
    [
        {"type": "URL", "is_multi": False, "value": "x"},
        {"type": "TEXT", "is_multi": True, "value": ["x"]},
    ],
)
def test_value_must_repeat_type_and_is_multi(
    send: Send, make: Make, make_case: Make, type_id: str, sent: object
) -> None:
    defined = {"key": "k", "display_name": "K", "type": "TEXT", "is_multi": False}
    make(f"/cases/types/{type_id}/custom_attributes", "custom_attribute", **defined)
    path = f"/cases/{make_case(type_id=type_id)['id']}/custom_attributes/k"
    assert send("POST", path, {"type": "case", "attributes": sent}).status_code == 400
