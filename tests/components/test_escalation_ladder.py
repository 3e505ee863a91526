"""Tests of the component `EscalationLadder`."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.components.conftest import Declare


def hook(name: str) -> dict[str, object]:
    return {"type": "HTTP", "data": {"name": name}}


PROJECT = "1f0c0000-0000-4000-8000-000000000001"
LADDER = f'components.EscalationLadder("pay", project_id="{PROJECT}", rungs={{}}, {{}})'
RUNGS = {
    "NOT_DEFINED": {"recipients": [hook("sorters")]},
    "P4": {"recipients": [hook("list")]},
    "P1": {"recipients": [hook("pager")]},
    "P2": {"recipients": [hook("channel"), hook("list")]},
}


def recipients(declare: "Declare", rungs: object, options: str = "") -> dict[str, list[str]]:
    declared = declare(LADDER.format(rungs, options))
    return {
        name.removeprefix("pay-"): [each["data"]["name"] for each in inputs["recipients"]]
        for (cls, name), inputs in declared.resources.items()
        if cls == "NotificationRule"
    }


def test_each_priority_gets_a_rule(declare: "Declare") -> None:
    declared = declare(LADDER.format({"P2": {"recipients": [hook("channel")]}}, ""))
    assert declared.resources == {
        ("EscalationLadder", "pay"): {},
        ("NotificationRule", "pay-P2"): {
            "project_id": PROJECT,
            "recipients": [hook("channel")],
            "triggers": [
                {"type": "CASE_CREATED"},
                {"type": "ATTRIBUTE_VALUE_CHANGED", "data": {"field": "priority"}},
            ],
            "query": "priority:P2",
        },
    }


def test_recipients_are_not_inherited_by_default(declare: "Declare") -> None:
    assert recipients(declare, RUNGS) == {
        "P1": ["pager"],
        "P2": ["channel", "list"],
        "P4": ["list"],
        "NOT_DEFINED": ["sorters"],
    }


def test_inherits_adds_recipients_of_lower_rungs(declare: "Declare") -> None:
    assert recipients(declare, RUNGS, "inherits=True") == {
        "P1": ["pager", "channel", "list", "list"],  # the resource removes duplicates
        "P2": ["channel", "list", "list"],
        "P4": ["list"],
        "NOT_DEFINED": ["sorters"],
    }


def test_empty_rung_may_inherit_all_recipients(declare: "Declare") -> None:
    rungs = {"P1": {"recipients": []}, "P2": {"recipients": [hook("channel")]}}
    assert recipients(declare, rungs, "inherits=True")["P1"] == ["channel"]


def test_ladder_query_is_combined_with_priority(
    declare: "Declare",
) -> None:
    rungs = {"P1": RUNGS["P1"], "P2": {**RUNGS["P2"], "query": "mine"}}
    declared = declare(LADDER.format(rungs, 'query=pulumi.Output.from_input("a OR b")'))
    assert declared["NotificationRule", "pay-P1"]["query"] == "priority:P1 (a OR b)"
    assert declared["NotificationRule", "pay-P2"]["query"] == "mine"


def test_rung_triggers_override_ladder_triggers(declare: "Declare") -> None:
    closed = {"type": "STATUS_TRANSITIONED", "data": {"to_status_name": "Closed"}}
    rungs = {
        "P1": {**RUNGS["P1"], "triggers": [closed], "is_enabled": False},
        "P2": RUNGS["P2"],
    }
    declared = declare(LADDER.format(rungs, 'triggers=[{"type": "CASE_CREATED"}]'))
    assert declared["NotificationRule", "pay-P1"]["triggers"] == [closed]
    assert declared["NotificationRule", "pay-P1"]["is_enabled"] is False
    assert declared["NotificationRule", "pay-P2"]["triggers"] == [{"type": "CASE_CREATED"}]


def test_unlisted_priority_has_a_rung_of_its_own(declare: "Declare") -> None:
    rungs = {"P0": RUNGS["P1"], "P2": RUNGS["P2"]}
    declared = declare(LADDER.format(rungs, "inherits=True"))
    assert declared.error is None
    rule = declared["NotificationRule", "pay-P0"]
    assert (rule["query"], rule["recipients"]) == ("priority:P0", RUNGS["P1"]["recipients"])
    lower = declared["NotificationRule", "pay-P2"]
    assert lower["recipients"] == RUNGS["P2"]["recipients"]
    assert declared.log == (
        'EscalationLadder "pay": rungs: "P0" is not one of P1, P2, P3, P4, P5, NOT_DEFINED; '
        "sent as is\n"
    )


def test_misspelt_priority_is_rejected_before_registration(declare: "Declare") -> None:
    declared = declare(LADDER.format({"p1": RUNGS["P1"], "P2": RUNGS["P2"]}, ""))
    assert declared.names == {("EscalationLadder", "pay")}
    assert declared.error == (
        'EscalationLadder "pay": rungs: "p1" is not one of P1, P2, P3, P4, P5, NOT_DEFINED; '
        'did you mean "P1"?'
    )


def test_rung_without_recipients_is_rejected_before_registration(declare: "Declare") -> None:
    declared = declare(LADDER.format({**RUNGS, "P3": {"recipients": []}}, ""))
    assert declared.names == {("EscalationLadder", "pay")}
    assert declared.error == (
        'EscalationLadder "pay": rungs.P3.recipients is empty: add a recipient'
    )
