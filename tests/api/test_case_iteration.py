"""Tests of `CaseIteration`: it yields all cases of a search, although the API limits the results.

If the iteration cannot find all cases, it ends with an error.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from typing import Literal

import pytest

from pulumi_datadog_cases.api import BadRequest, CaseItem, IncompleteSearch
from pulumi_datadog_cases.api.endpoints.case_iteration import CaseIteration, Page

RANGE = re.compile(r"(\((?P<query>.*)\) )?created_at:\[(?P<low>\S+) TO (?P<high>\S+)\]")


@dataclass
class FakeSearch:
    """A fake of `GET /cases`, the search for cases.

    Attributes:
        times: the creation time of each case. The id of a case is the index of its time.
        limit: the number of cases that a search lists at most; `None` for no limit.
        beyond: the response to a request for a page after the limit.
        totals: the cases that are included in a page's totals. With `none`, a page has no totals.
        ranges: how the search handles a range of creation times in a query. It applies the range
            (`known`), lists all cases (`ignored`), lists no case (`unknown`) or responds with a 400
            (`rejected`).
        size: the number of cases on a page.
        requests: the filter and the page number of each request.
    """

    times: list[str]
    limit: int | None = None
    beyond: Literal["empty", "error"] = "empty"
    totals: Literal["all", "listed", "none"] = "all"
    ranges: Literal["known", "ignored", "unknown", "rejected"] = "known"
    size: int = 10
    requests: list[tuple[str | None, int]] = field(default_factory=list)

    def __call__(
        self,
        filter: str | None,  # noqa: A002 - the API's own word
        *,
        sort_field: str,
        ascending: bool,
        page: int,
    ) -> Page:
        self.requests.append((filter, page))
        found = self._matching(filter)
        by_priority = sort_field == "priority"
        found.sort(
            key=lambda item: (
                int(item.id) % 3 if by_priority else 0,
                str(item.raw_attributes["created_at"]),
            ),
            reverse=not ascending,
        )
        listed = found[: self.limit]
        if self.beyond == "error" and self.limit and self.limit <= (page - 1) * self.size:
            raise bad_request()
        total = len(found if self.totals == "all" else listed)
        return Page(
            listed[(page - 1) * self.size : page * self.size],
            page,
            None if self.totals == "none" else ceil(total / self.size),
            None if self.totals == "none" else total,
        )

    def _matching(self, query: str | None) -> list[CaseItem]:
        items = [
            CaseItem(str(number), "case", {"created_at": time}, {})
            for number, time in enumerate(self.times)
        ]
        match = RANGE.fullmatch(query or "")
        if not match or self.ranges == "ignored":
            return items
        if self.ranges == "rejected":
            raise bad_request()
        low, high = match["low"], match["high"]
        return [
            item
            for item in items
            if self.ranges == "known"
            and (low == "*" or instant(low) <= instant(item.raw_attributes["created_at"]))
            and (high == "*" or instant(item.raw_attributes["created_at"]) <= instant(high))
        ]


def instant(text: object) -> datetime:
    return datetime.fromisoformat(str(text))


def bad_request() -> BadRequest:
    return BadRequest("400", status=400, method="GET", path="/cases")


def times(count: int, step_in_microseconds: int = 700) -> list[str]:
    return [f"2026-01-02T03:04:05.{i * step_in_microseconds:06d}123Z" for i in range(count)]


def iterate(
    search: FakeSearch,
    query: str | None = None,
    sort_field: str = "created_at",
    *,
    ascending: bool = True,
) -> list[int]:
    found = list[int]()
    for item in CaseIteration(search, query, sort_field, ascending):
        found.append(int(item.id))
    return found


@pytest.mark.parametrize("totals", ["all", "listed"])
def test_search_without_limit_reads_each_page_once(totals: Literal["all", "listed"]) -> None:
    search = FakeSearch(times(95), totals=totals)
    assert iterate(search) == [*range(95)]
    assert search.requests == [(None, number) for number in range(1, 11)]


@pytest.mark.parametrize("query", [None, "status:open OR status:closed"])
@pytest.mark.parametrize("beyond", ["empty", "error"])
@pytest.mark.parametrize("limit", [3, 10, 45])
@pytest.mark.parametrize("ascending", [True, False])
def test_limited_search_lists_all_cases(
    limit: int, beyond: Literal["empty", "error"], query: str | None, *, ascending: bool
) -> None:
    search = FakeSearch(times(95), limit=limit, beyond=beyond)
    order = range(95) if ascending else range(94, -1, -1)
    assert iterate(search, query, ascending=ascending) == [*order]
    sent = {filter_ for filter_, _ in search.requests}
    assert all(query in filter_ for filter_ in sent if filter_ and query)


@pytest.mark.parametrize("totals", ["listed", "none"])
@pytest.mark.parametrize("beyond", ["empty", "error"])
def test_total_that_counts_listed_cases_is_no_end(
    totals: Literal["listed", "none"], beyond: Literal["empty", "error"]
) -> None:
    search = FakeSearch(times(2500, 300), 1000, beyond, totals, size=100)
    assert iterate(search) == [*range(2500)]


def test_other_sort_order_continues_by_creation_time() -> None:
    found = iterate(FakeSearch(times(95), limit=30), sort_field="priority")
    assert found[:30] == [*range(0, 90, 3)]
    assert sorted(found) == [*range(95)]


def test_full_millisecond_is_reported_and_the_rest_is_listed() -> None:
    at_once = [f"2026-01-02T03:04:05.5{number:05d}Z" for number in range(20)]
    later = [f"2026-01-02T03:04:06.{number:06d}Z" for number in range(5)]
    search, found = FakeSearch(times(20) + at_once + later, limit=15), list[int]()
    with pytest.raises(IncompleteSearch, match=r"lists only 40 of 45 cases"):
        found.extend(int(item.id) for item in CaseIteration(search, None, "created_at", True))
    assert found == [*range(35), *range(40, 45)]


@pytest.mark.parametrize("ranges", ["ignored", "unknown", "rejected"])
@pytest.mark.parametrize("ascending", [True, False])
def test_search_without_ranges_is_reported(
    ranges: Literal["ignored", "unknown", "rejected"], *, ascending: bool
) -> None:
    search = FakeSearch(times(95), limit=30, ranges=ranges)
    with pytest.raises(IncompleteSearch, match=r"query 'is:open' .* lists only 30 of 95 cases"):
        iterate(search, "is:open", ascending=ascending)


def test_rejected_query_is_no_limit() -> None:
    search = FakeSearch(times(5), ranges="rejected")
    with pytest.raises(BadRequest):
        iterate(search, "created_at:[tomorrow TO *]")


def test_case_without_creation_time_is_reported() -> None:
    with pytest.raises(IncompleteSearch, match="30 of 95"):
        iterate(FakeSearch([""] * 95, limit=30))
