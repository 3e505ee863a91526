"""`Change` returns the values to send in an update: changed properties, or the full object."""

import json
from collections.abc import Mapping
from dataclasses import replace

from pulumi_datadog_cases.engine import Change, Value, Values
from pulumi_datadog_cases.engine.forms import Form

LIVE: Values = {
    "name": "a",
    "state": "theirs",
    "labels": {"mine": "1", "dropped": "2", "theirs": "3"},
    "created_at": "then",
}


def change(values: Mapping[str, Value]) -> Change:
    """Return a change that sets these values on an object with a name and two labels."""
    old: Values = {"name": "a", "labels": {"mine": "1", "dropped": "2"}}
    settable = frozenset({"name", "labels", "state", "unset"})
    return Change("id", old, {**old, **values}, values, settable)


def test_merged_into_keeps_undeclared_members() -> None:
    assert change({"labels": {"mine": "9"}}).merged_into(LIVE) == {
        "labels": {"mine": "9", "theirs": "3"}
    }


def test_full_replacement_keeps_other_settable_properties() -> None:
    assert change({"name": "b"}).full_replacement(LIVE) == {
        "name": "b",
        "state": "theirs",
        "labels": {"mine": "1", "dropped": "2", "theirs": "3"},
    }


def test_change_is_partial_only_for_mappings() -> None:
    assert not change({"name": "b"}).is_partial
    assert change({"name": "b", "labels": {}}).is_partial


def test_undeclared_members_are_sent_as_read() -> None:
    undeclared: Values = {"theirs": 1.0, "large": 2**60 + 1, "unset": None, "none": []}
    live: Values = {"name": "a", "labels": {"mine": "ONE", **undeclared}}
    returned = Form({"mine": "1", "dropped": "2"}, {"mine": "ONE", "dropped": "2"})
    edit = replace(change({"labels": {"mine": "9"}}), forms={"labels": returned})
    sent = edit.merged_into(live)["labels"]
    # Compare as text, because 1 and 1.0 are equal in Python.
    assert json.dumps(sent, sort_keys=True) == json.dumps(
        {"mine": "9", **undeclared}, sort_keys=True
    )
