"""Every fault in every verb of every kind: it ends well or says so, and the next try settles it."""

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import pytest

import pulumi_datadog_cases as cases

if TYPE_CHECKING:
    from tests.proof.conftest import Measure, Unhelpful
    from tests.proof.in_process.conftest import Fault, Laboratory, Verb
    from tests.resources.conftest import Inputs, Life

KINDS = sorted(set(cases.resources.__all__) - {"Provider"})

VERBS: "Sequence[Verb]" = ("create", "read", "update", "delete")

#: Seconds that a slow answer takes, and that the API may be behind.
SLOW, BEHIND = 0.4, 0.4
#: What can go wrong with a request, in all forms that it may take.
FAULTS: "Mapping[str, Sequence[Fault]]" = {
    "status": [
        {"status": 400},
        {"status": 403},
        {"status": 408},
        {"status": 429},
        {"status": 429, "headers": {"Retry-After": "1"}},
        {"status": 500},
        {"status": 502, "committed": True},
        {"status": 503, "headers": {"Retry-After": "1"}},
    ],
    "latency": [{"seconds": SLOW}, {"seconds": SLOW, "committed": True}],
    "drop_before": [{}],
    "drop_after": [{}],
    "cut_body": [{}],
    "html": [{"status": 200}, {"status": 200, "committed": True}, {"status": 502}],
    "stale_list": [{"seconds": BEHIND}],
    "not_found_after_create": [{"seconds": BEHIND}],
    "rate_limit": [
        {"requests": 2, "period": 0.1},
        {"requests": 2, "period": 0.1, "epoch": True},
    ],
}


#: Faults that lie about what is there; they tell most where nobody knows what was done.
LIES = {"stale_list", "not_found_after_create"}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_ends_well_or_readably_and_the_next_try_settles_it(  # noqa: PLR0913, PLR0917 - fixtures
    kind: str,
    verb: "Verb",
    soak: bool,  # noqa: FBT001 - a fixture
    laboratory: "Laboratory",
    unhelpful: "Unhelpful",
    measure: "Measure",
) -> None:
    wrong: list[str] = []
    number = KINDS.index(kind) + VERBS.index(verb)
    for position, change in enumerate(changes(laboratory.life(kind), verb)):
        if position and not soak:
            break
        trial = laboratory.trial(kind, verb, change)
        asked = trial.requests()
        expected = trial.outcome()
        whole = soak and not position
        for faults in cells(asked) if whole else some(cells(asked), number + position):
            trial = laboratory.trial(kind, verb, change)
            told, again = trial.act(faults), trial.settle()
            outcome = expected if again else trial.outcome()
            lost, extra = expected - outcome, outcome - expected
            why = told and unhelpful(told)
            measure("faults: trials", 1)
            measure("faults: errors that do not help", bool(why))
            measure("faults: trials that the next try did not settle", bool(again))
            measure("faults: objects lost", len(lost))
            measure("faults: objects doubled or orphaned", len(extra))
            if why or again or lost or extra:
                wrong.append(f"{faults}: {told}, {why=}, {again=}, {lost=}, {extra=}")
    assert not wrong, "\n".join(wrong)


def changes(life: "Life", verb: "Verb") -> "list[Inputs]":
    """What a program may come to declare, where the verb is about that; nothing more otherwise."""
    usual = {"declare", "sends", "stores", "shows", "carries"}
    steps = [*life["steps"].values()]
    if verb == "create":
        new = {*usual, "given", "does"}
        return [s["declare"] for s in steps if s.get("does") == verb and s.keys() <= new]
    if verb == "update":
        return [s["declare"] for s in steps if "declare" in s and s.keys() <= usual]
    return [{}]


def cells(asked: Sequence[str]) -> "Iterator[list[Fault]]":
    """All that can go wrong with one of some requests, once or for as long as it takes."""
    for kind, forms in FAULTS.items():
        for form, endpoint, often in itertools.product(forms, asked, [{"count": 1}, {}]):
            fault = {"kind": kind, **form, **often}
            yield [{**fault, "endpoint": endpoint}]
            if kind in LIES:
                doubt = {"kind": "drop_after", "endpoint": endpoint, "count": 1}
                yield [doubt, {**fault, "endpoint": "GET *"}]


def some(cells: "Iterator[list[Fault]]", first: int) -> "Iterator[list[Fault]]":
    """One each of every third kind, from the first that is to be, the same ones in every run."""
    chance = random.Random(first)  # noqa: S311 - nothing is kept secret by it
    alike = itertools.groupby(cells, key=lambda faults: faults[-1]["kind"])
    for _, kind in itertools.islice(alike, first % 3, None, 3):
        yield chance.choice([*kind])
