"""What an update may send: the changed properties alone, or the whole object around them."""

from collections.abc import Mapping

from pulumi_datadog_cases.engine import Change, Value, Values

LIVE: Values = {
    "name": "a",
    "state": "theirs",
    "labels": {"mine": "1", "dropped": "2", "theirs": "3"},
    "created_at": "then",
}


def change(values: Mapping[str, Value]) -> Change:
    """A change of an object whose `name`, `labels` and `state` may be updated."""
    old: Values = {"name": "a", "labels": {"mine": "1", "dropped": "2"}}
    settable = frozenset({"name", "labels", "state", "unset"})
    return Change("id", old, {**old, **values}, values, settable)


def test_the_changed_properties_are_laid_onto_what_is_live() -> None:
    assert change({"labels": {"mine": "9"}}).merged_into(LIVE) == {
        "labels": {"mine": "9", "theirs": "3"}
    }


def test_the_whole_object_keeps_what_others_set_and_has_nothing_that_cannot_be() -> None:
    assert change({"name": "b"}).full_replacement(LIVE) == {
        "name": "b",
        "state": "theirs",
        "labels": {"mine": "1", "dropped": "2", "theirs": "3"},
    }


def test_only_a_mapping_needs_what_is_live() -> None:
    assert not change({"name": "b"}).is_partial
    assert change({"name": "b", "labels": {}}).is_partial
