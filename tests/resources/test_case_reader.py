"""Cases that are read together: in fewer requests, and never worse than one by one."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import cast

import pytest

from pulumi_datadog_cases.api import Client, Item, ServerError
from pulumi_datadog_cases.api.endpoints.cases import MAX_PAGE_SIZE, Page
from pulumi_datadog_cases.resources._shared.case_reader import CaseReader

PROJECT = "5a9d0c00-0000-4000-8000-00000000000a"


def case(number: int, modified_at: str | None = None) -> Item:
    attributes = {"key": f"SEC-{number}", "modified_at": modified_at}
    return Item(f"case-{number}", "case", attributes, {})


class Organization:
    """An organisation with one project, as far as a reader asks."""

    def __init__(self, cases: Sequence[Item]) -> None:
        self.list = [*cases]
        self.writes = 0
        self.requests = 0
        self.fails = False
        self.alone = 0

    @property
    def cases(self) -> "Organization":
        return self

    def search(self, filter: str, *, sort_field: str, ascending: bool, page: int) -> Page:  # noqa: A002 - as the client has it
        assert (filter, sort_field, ascending) == (f"project_id:{PROJECT}", "created_at", True)
        self.requests += 1
        if self.fails:
            raise ServerError("500", status=500, method="GET", path="/cases")
        items = self.list[(page - 1) * MAX_PAGE_SIZE : page * MAX_PAGE_SIZE]
        return Page(items, page, -(-len(self.list) // MAX_PAGE_SIZE), len(self.list))

    def refresh(self, reader: CaseReader, numbers: Sequence[int], at_a_time: int = 8) -> set[int]:
        """Read cases as Pulumi does; the numbers of those that were told from pages."""
        told: set[int] = set()

        def read(number: int) -> None:
            known = {"key": f"SEC-{number}", "project_id": PROJECT}
            item = reader.find(f"case-{number}", known)
            if item is not None:
                assert item.id == f"case-{number}"
                told.add(number)

        with ThreadPoolExecutor(at_a_time) as pool:
            list(pool.map(read, numbers))
        self.alone += len(numbers) - len(told)
        return told

    @property
    def asked(self) -> int:
        """Every request that the refreshes came to."""
        return self.requests + self.alone

    @property
    def reader(self) -> CaseReader:
        return CaseReader(cast("Client", self))


@pytest.mark.parametrize("managed", [10, 100, 500, 2000])
def test_a_project_takes_a_request_for_each_hundred_cases(managed: int) -> None:
    organization = Organization([case(n) for n in range(1, managed + 1)])
    organization.refresh(organization.reader, range(1, managed + 1))
    assert organization.asked <= managed / 100 + 2


def test_a_case_alone_takes_one_request() -> None:
    organization = Organization([case(n) for n in range(1, 1000)])
    organization.refresh(organization.reader, [500])
    assert (organization.requests, organization.alone) == (0, 1)


@pytest.mark.parametrize(
    "numbers",
    [range(10_001, 10_011), range(1, 10_001, 1000), [1, 2, 5000, 5001, 9000, 9001, 3, 4, 7, 8]],
    ids=["the newest", "all over", "in pairs"],
)
def test_ten_of_ten_thousand_take_ten_requests_at_most(numbers: Sequence[int]) -> None:
    organization = Organization([case(n) for n in range(1, 10_011)])
    organization.refresh(organization.reader, numbers)
    assert organization.asked <= 10


@pytest.mark.parametrize("gone", [250, 5_000], ids=["some", "most"])
def test_where_many_are_archived_the_pages_are_found_all_the_same(gone: int) -> None:
    managed = range(gone + 1, gone + 501)
    organization = Organization([case(n) for n in managed])
    organization.refresh(organization.reader, managed)
    assert organization.asked <= 500 / 100 + 2 + 8


def test_what_no_page_shows_costs_little_more() -> None:
    organization = Organization([])
    assert organization.refresh(organization.reader, range(1, 1001)) == set()
    assert organization.asked <= 1000 + 3


def test_a_search_that_fails_is_nobodys_error() -> None:
    organization = Organization([case(n) for n in range(1, 101)])
    organization.fails = True
    assert organization.refresh(organization.reader, range(1, 101)) == set()
    assert organization.asked <= 100 + 3


def two(reader: CaseReader, modified_at: str | None) -> Iterator[Item | None]:
    """Two cases of a project, which a page pays for, that were last written then."""
    known = {"project_id": PROJECT, "modified_at": modified_at}
    both = threading.Barrier(2)

    def find(number: int) -> Item | None:
        both.wait()
        return reader.find(f"case-{number}", {"key": f"SEC-{number}", **known})

    with ThreadPoolExecutor(2) as pool:
        yield from pool.map(find, (1, 2))


@pytest.mark.parametrize(
    ("listed", "known", "is_believed"),
    [
        ("2031-01-01T00:00:00Z", "2031-01-01T00:00:00Z", True),
        ("2031-01-01T00:00:00.5Z", "2031-01-01T00:00:00Z", True),
        ("2031-01-01T00:00:00Z", None, True),
        (None, None, True),
        ("2031-01-01T00:00:00Z", "2031-01-01T00:00:00.5Z", False),
        (None, "2031-01-01T00:00:00Z", False),
    ],
)
def test_a_page_older_than_the_state_is_not_believed(
    listed: str | None,
    known: str | None,
    is_believed: bool,  # noqa: FBT001 - a table
) -> None:
    organization = Organization([case(1, listed), case(2, listed)])
    told = [*two(organization.reader, known)]
    assert [item is not None for item in told] == [is_believed, is_believed]


def test_a_write_makes_forget_the_pages_before_it() -> None:
    before, after = "2031-01-01T00:00:00Z", "2031-01-02T00:00:00Z"
    organization = Organization([case(n, before) for n in range(1, 5)])
    reader = organization.reader
    assert all(two(reader, None))
    organization.list = [case(n, after) for n in range(1, 5)]
    organization.writes += 1
    known = {"project_id": PROJECT, "key": "SEC-3"}
    item = reader.find("case-3", known)
    assert item is None or item.attributes["modified_at"] == after


@pytest.mark.parametrize("known", [{}, {"project_id": PROJECT}, {"key": "odd"}])
def test_a_case_of_which_nothing_is_known_is_read_by_itself(known: dict[str, str]) -> None:
    organization = Organization([case(1)])
    assert organization.reader.find("case-1", known) is None
    assert organization.requests == 0
