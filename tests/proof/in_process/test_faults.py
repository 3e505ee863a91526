"""Operations of all resource types while the sandbox injects faults.

An operation with a fault must either succeed or fail with an error that gives advice. Then the
operation runs again without faults. This second run must succeed, and its result must be the same
as if there had been no fault.
"""

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import pytest

import pulumi_datadog_cases as cases

if TYPE_CHECKING:
    from tests.proof.conftest import Measure, Unhelpful
    from tests.proof.in_process.conftest import Fault, Laboratory, Verb
    from tests.resources.harness.spec import Inputs, ResourceSpec

RESOURCE_TYPES = sorted(set(cases.resources.__all__) - {"Provider"})

VERBS: "Sequence[Verb]" = ("create", "read", "update", "delete")

#: The delay of a slow response, and the time for which reads are outdated, both in seconds.
SLOW, STALE = 0.4, 0.4
#: All types of faults that may affect a request, each with its variants.
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
    "stale_list": [{"seconds": STALE}],
    "not_found_after_create": [{"seconds": STALE}],
    "rate_limit": [
        {"requests": 2, "period": 0.1},
        {"requests": 2, "period": 0.1, "epoch": True},
    ],
}


#: Faults that make reads outdated. Each is also combined with a lost response, because after a lost
#: response the provider searches for the object that it may have created.
OUTDATED = {"stale_list", "not_found_after_create"}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("resource_type", RESOURCE_TYPES)
def test_operation_with_fault_recovers(  # noqa: PLR0913, PLR0917 - fixtures
    resource_type: str,
    verb: "Verb",
    soak: bool,  # noqa: FBT001 - a fixture
    laboratory: "Laboratory",
    unhelpful: "Unhelpful",
    measure: "Measure",
) -> None:
    failures: list[str] = []
    number = RESOURCE_TYPES.index(resource_type) + VERBS.index(verb)
    for position, change in enumerate(changes(laboratory.spec(resource_type), verb)):
        if position and not soak:
            break
        trial = laboratory.trial(resource_type, verb, change)
        requests = trial.requests()
        expected = trial.outcome()
        complete = soak and not position
        for faults in (
            combinations(requests)
            if complete
            else sample(combinations(requests), number + position)
        ):
            trial = laboratory.trial(resource_type, verb, change)
            error, again = trial.act(faults), trial.settle()
            outcome = expected if again else trial.outcome()
            lost, extra = expected - outcome, outcome - expected
            why = error and unhelpful(error)
            measure("faults: trials", 1)
            measure("faults: errors without advice", bool(why))
            measure("faults: trials that failed again without a fault", bool(again))
            measure("faults: objects lost", len(lost))
            measure("faults: objects duplicated or orphaned", len(extra))
            if why or again or lost or extra:
                failures.append(f"{faults}: {error}, {why=}, {again=}, {lost=}, {extra=}")
    assert not failures, "\n".join(failures)


def changes(spec: "ResourceSpec", verb: "Verb") -> "list[Inputs]":
    """Return sets of inputs. The test creates or updates a resource with each set.

    The inputs come from the rows of `spec`. A read or a delete needs no inputs, so the result for
    these operations is a single empty set.
    """
    usual = {"declare", "requests", "api_state", "outputs", "request_attributes"}
    steps = [*spec["steps"].values()]
    if verb == "create":
        new = {*usual, "given", "operation"}
        return [s["declare"] for s in steps if s.get("operation") == verb and s.keys() <= new]
    if verb == "update":
        return [s["declare"] for s in steps if "declare" in s and s.keys() <= usual]
    return [{}]


def combinations(requests: Sequence[str]) -> "Iterator[list[Fault]]":
    """Yield every fault for every request: one that applies once, and one that always applies."""
    for kind, forms in FAULTS.items():
        for form, endpoint, often in itertools.product(forms, requests, [{"count": 1}, {}]):
            fault = {"kind": kind, **form, **often}
            yield [{**fault, "endpoint": endpoint}]
            if kind in OUTDATED:
                lost_response = {"kind": "drop_after", "endpoint": endpoint, "count": 1}
                yield [lost_response, {**fault, "endpoint": "GET *"}]


def sample(combinations: "Iterator[list[Fault]]", first: int) -> "Iterator[list[Fault]]":
    """Yield one variant of every third fault type. The first type is number `first % 3`.

    Every run chooses the same variants.
    """
    rng = random.Random(first)  # noqa: S311 - not for security
    by_type = itertools.groupby(combinations, key=lambda faults: faults[-1]["kind"])
    for _, variants in itertools.islice(by_type, first % 3, None, 3):
        yield rng.choice([*variants])
