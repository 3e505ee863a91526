"""`CaseReader` reads up to 100 cases with one search request instead of one request per case."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import cast

import pytest

from pulumi_datadog_cases.api import CaseItem, Client, Item, ServerError
from pulumi_datadog_cases.api.endpoints.case_iteration import Page
from pulumi_datadog_cases.api.endpoints.cases import MAX_PAGE_SIZE
from pulumi_datadog_cases.resources._shared.case_reader import CaseReader

PROJECT = "5a9d0c00-0000-4000-8000-00000000000a"


def case(number: int, modified_at: str | None = None) -> CaseItem:
    attributes = {"key": f"SEC-{number}", "modified_at": modified_at}
    return CaseItem(f"case-{number}", "case", attributes, {})


class Organization:
    """A fake client that keeps the cases of one project in memory and counts requests."""

    def __init__(self, cases: Sequence[CaseItem]) -> None:
        self.list = [*cases]
        self.writes = 0
        self.page_requests = 0
        self.fails = False
        self.single_reads = 0

    @property
    def cases(self) -> "Organization":
        return self

    def search(self, filter: str, *, sort_field: str, ascending: bool, page: int) -> Page:  # noqa: A002 - the name in the client
        assert (filter, sort_field, ascending) == (f"project_id:{PROJECT}", "created_at", True)
        self.page_requests += 1
        if self.fails:
            raise ServerError("500", status=500, method="GET", path="/cases")
        items = self.list[(page - 1) * MAX_PAGE_SIZE : page * MAX_PAGE_SIZE]
        return Page(items, page, -(-len(self.list) // MAX_PAGE_SIZE), len(self.list))

    def refresh(self, reader: CaseReader, numbers: Sequence[int], threads: int = 8) -> set[int]:
        """Read cases concurrently, as Pulumi does. Return the numbers of cases found on pages."""
        found: set[int] = set()

        def read(number: int) -> None:
            known = {"key": f"SEC-{number}", "project_id": PROJECT}
            item = reader.find(f"case-{number}", known)
            if item is not None:
                assert item.id == f"case-{number}"
                found.add(number)

        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(read, numbers))
        self.single_reads += len(numbers) - len(found)
        return found

    @property
    def requests(self) -> int:
        """The number of requests that all refreshes have sent."""
        return self.page_requests + self.single_reads

    @property
    def reader(self) -> CaseReader:
        return CaseReader(cast("Client", self))


@pytest.mark.parametrize("managed", [10, 100, 500, 2000])
def test_refresh_takes_one_request_per_hundred_cases(managed: int) -> None:
    organization = Organization([case(n) for n in range(1, managed + 1)])
    organization.refresh(organization.reader, range(1, managed + 1))
    assert organization.requests <= managed / 100 + 2


def test_single_case_takes_one_request() -> None:
    organization = Organization([case(n) for n in range(1, 1000)])
    organization.refresh(organization.reader, [500])
    assert (organization.page_requests, organization.single_reads) == (0, 1)


@pytest.mark.parametrize(
    "numbers",
    [range(10_001, 10_011), range(1, 10_001, 1000), [1, 2, 5000, 5001, 9000, 9001, 3, 4, 7, 8]],
    ids=["newest", "scattered", "pairs"],
)
def test_ten_of_ten_thousand_take_at_most_ten_requests(numbers: Sequence[int]) -> None:
    organization = Organization([case(n) for n in range(1, 10_011)])
    organization.refresh(organization.reader, numbers)
    assert organization.requests <= 10


@pytest.mark.parametrize("archived", [250, 5_000], ids=["some", "most"])
def test_pages_are_found_despite_archived_cases(archived: int) -> None:
    managed = range(archived + 1, archived + 501)
    organization = Organization([case(n) for n in managed])
    organization.refresh(organization.reader, managed)
    assert organization.requests <= 500 / 100 + 2 + 8


def test_cases_on_no_page_take_few_extra_requests() -> None:
    organization = Organization([])
    assert organization.refresh(organization.reader, range(1, 1001)) == set()
    assert organization.requests <= 1000 + 3


def test_failed_search_falls_back_to_single_reads() -> None:
    organization = Organization([case(n) for n in range(1, 101)])
    organization.fails = True
    assert organization.refresh(organization.reader, range(1, 101)) == set()
    assert organization.requests <= 100 + 3


def read_two(reader: CaseReader, modified_at: str | None) -> Iterator[Item | None]:
    """Read two cases concurrently. With fewer cases, the reader does not request a page."""
    known = {"project_id": PROJECT, "modified_at": modified_at}
    both = threading.Barrier(2)

    def find(number: int) -> Item | None:
        both.wait()
        return reader.find(f"case-{number}", {"key": f"SEC-{number}", **known})

    with ThreadPoolExecutor(2) as pool:
        yield from pool.map(find, (1, 2))


@pytest.mark.parametrize(
    ("listed", "known", "is_used"),
    [
        ("2031-01-01T00:00:00Z", "2031-01-01T00:00:00Z", True),
        ("2031-01-01T00:00:00.5Z", "2031-01-01T00:00:00Z", True),
        ("2031-01-01T00:00:00.123456499Z", "2031-01-01T00:00:00.123457Z", True),  # rounded up
        ("2031-01-01T00:00:00.123456501Z", "2031-01-01T00:00:00.123456Z", True),
        ("2031-01-01T00:00:00.1Z", "2031-01-01T00:00:00.1000011Z", False),
        ("2031-01-01T00:00:00Z", None, True),
        (None, None, True),
        ("2031-01-01T00:00:00Z", "2031-01-01T00:00:00.5Z", False),
        (None, "2031-01-01T00:00:00Z", False),
    ],
)
def test_page_older_than_state_is_not_used(
    listed: str | None,
    known: str | None,
    is_used: bool,  # noqa: FBT001 - a table
) -> None:
    organization = Organization([case(1, listed), case(2, listed)])
    found = [*read_two(organization.reader, known)]
    assert [item is not None for item in found] == [is_used, is_used]


def test_write_invalidates_pages() -> None:
    before, after = "2031-01-01T00:00:00Z", "2031-01-02T00:00:00Z"
    organization = Organization([case(n, before) for n in range(1, 5)])
    reader = organization.reader
    assert all(read_two(reader, None))
    organization.list = [case(n, after) for n in range(1, 5)]
    organization.writes += 1
    known = {"project_id": PROJECT, "key": "SEC-3"}
    item = reader.find("case-3", known)
    assert item is None or item.raw_attributes["modified_at"] == after


@pytest.mark.parametrize("known", [{}, {"project_id": PROJECT}, {"key": "odd"}])
def test_case_without_known_project_or_key_is_not_searched(known: dict[str, str]) -> None:
    organization = Organization([case(1)])
    assert organization.reader.find("case-1", known) is None
    assert organization.page_requests == 0
