"""Cases that are archived together: in fewer requests, and none is left open."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import cast

import pytest

from pulumi_datadog_cases.api import BadRequest, Client, Item, NotFound
from pulumi_datadog_cases.resources._shared.case_archiver import CaseArchiver

#: Seconds, long enough for all threads of a test to join a batch on a slow machine.
BATCH_WINDOW = 0.5


class Organization:
    """An organisation, as far as archiving asks."""

    def __init__(self, cases: Sequence[str]) -> None:
        self.open = {*cases}
        self.archived: set[str] = set()
        self.asked: list[str] = []
        #: What becomes of a request for several: it is carried out, refused, or carried out not.
        self.bulk_is = "carried out"

    @property
    def cases(self) -> "Organization":
        return self

    def bulk(self, operation: str, case_ids: Sequence[str]) -> None:
        assert operation == "archive"
        self.asked.append("bulk")
        if self.bulk_is == "refused":
            raise BadRequest("no", status=400, method="POST", path="/cases/bulk")
        if self.bulk_is == "carried out":
            self.open -= {*case_ids}
            self.archived |= {*case_ids}

    def get(self, case_id: str) -> Item:
        self.asked.append("get")
        archived_at = "2031-01-01T00:00:00Z" if case_id in self.archived else None
        return Item(case_id, "case", {"archived_at": archived_at}, {})

    def archive(self, case_id: str) -> None:
        self.asked.append("archive")
        if case_id not in self.open | self.archived:
            raise NotFound("no", status=404, method="POST", path=f"/cases/{case_id}/archive")
        self.open.discard(case_id)
        self.archived.add(case_id)

    def archive_at_once(
        self, case_ids: Sequence[str], *projects: str, by: CaseArchiver | None = None
    ) -> list[Exception]:
        """Archive cases at the same time, of these projects in turn; the errors."""
        archiver = by or CaseArchiver(cast("Client", self), BATCH_WINDOW)

        def archive(number: int) -> Exception | None:
            project = projects[number % len(projects)]
            try:
                archiver.archive(case_ids[number], project)
            except NotFound as error:
                return error
            return None

        with ThreadPoolExecutor(len(case_ids)) as pool:
            told = pool.map(archive, range(len(case_ids)))
            return [error for error in told if error]


EIGHT = [f"case-{number}" for number in range(8)]


@pytest.mark.parametrize(
    ("bulk_is", "projects", "asked"),
    [
        ("carried out", ["a"], ["bulk", "get"]),
        ("carried out", ["a", "b"], ["bulk", "get", "get"]),
        ("refused", ["a"], ["bulk", *["archive"] * 8]),
        ("not carried out", ["a"], ["bulk", "get", *["archive"] * 8]),
    ],
)
def test_all_are_archived_whatever_becomes_of_the_one_request(
    bulk_is: str, projects: list[str], asked: list[str]
) -> None:
    organization = Organization(EIGHT)
    organization.bulk_is = bulk_is
    assert organization.archive_at_once(EIGHT, *projects) == []
    assert (organization.archived, organization.asked) == ({*EIGHT}, asked)


def test_a_project_is_looked_at_until_it_is_seen_that_its_cases_go_together() -> None:
    organization = Organization(EIGHT)
    archiver = CaseArchiver(cast("Client", organization), BATCH_WINDOW)

    def asks(case_ids: Sequence[str], *projects: str) -> list[str]:
        organization.asked.clear()
        assert organization.archive_at_once(case_ids, *projects, by=archiver) == []
        return organization.asked

    organization.bulk_is = "not carried out"
    assert asks(EIGHT[:3], "a") == ["bulk", "get", *["archive"] * 3]
    organization.bulk_is = "carried out"
    assert asks(EIGHT[:3], "a") == ["bulk", "get"]
    assert asks(EIGHT[3:5], "a") == ["bulk"], "two go together where nothing is to be looked at"
    assert asks(EIGHT[5:8], "a", "b") == ["bulk", "get"], "of b none has been seen to go yet"
    assert organization.archived == {*EIGHT}


def test_a_look_that_finds_a_case_open_is_believed_whatever_others_have_seen_meanwhile() -> None:
    class Crowded(Organization):
        def get(self, case_id: str) -> Item:
            seen = super().get(case_id)
            if self.bulk_is == "not carried out":
                self.bulk_is = "carried out"
                self.archive_at_once(EIGHT[3:6], "a", by=archiver)
            return seen

    organization = Crowded(EIGHT)
    organization.bulk_is = "not carried out"
    archiver = CaseArchiver(cast("Client", organization), BATCH_WINDOW)
    organization.archive_at_once(EIGHT[:3], "a", by=archiver)
    assert organization.archived == {*EIGHT[:6]}


@pytest.mark.parametrize("number", [1, 2])
def test_few_are_archived_one_by_one(number: int) -> None:
    organization = Organization(EIGHT)
    organization.archive_at_once(EIGHT[:number], "a")
    assert organization.asked == ["archive"] * number


def test_who_is_not_there_hears_of_it_alone() -> None:
    organization = Organization(EIGHT[1:])
    organization.bulk_is = "refused"
    assert len(organization.archive_at_once(EIGHT, "a")) == 1
    assert organization.archived == {*EIGHT[1:]}
