"""`CaseArchiver` archives many cases with one bulk request.

If the bulk request fails or has no effect, `CaseArchiver` archives the cases one by one.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import cast

import pytest

from pulumi_datadog_cases.api import BadRequest, CaseItem, Client, NotFound
from pulumi_datadog_cases.resources._shared.case_archiver import CaseArchiver

#: For this many seconds, the archiver collects cases for one bulk request. Even on a slow machine,
#: this is long enough for all threads of a test to add their cases.
BATCH_WINDOW = 0.5


class Organization:
    """A fake client that keeps cases in memory and records calls."""

    def __init__(self, cases: Sequence[str]) -> None:
        self.open = {*cases}
        self.archived: set[str] = set()
        self.calls: list[str] = []
        #: Effect of a bulk request: "archives", "fails", or "does nothing" (without an error).
        self.bulk_result = "archives"

    @property
    def cases(self) -> "Organization":
        return self

    def bulk(self, operation: str, case_ids: Sequence[str]) -> None:
        assert operation == "archive"
        self.calls.append("bulk")
        if self.bulk_result == "fails":
            raise BadRequest("no", status=400, method="POST", path="/cases/bulk")
        if self.bulk_result == "archives":
            self.open -= {*case_ids}
            self.archived |= {*case_ids}

    def get(self, case_id: str) -> CaseItem:
        self.calls.append("get")
        archived_at = "2031-01-01T00:00:00Z" if case_id in self.archived else None
        return CaseItem(case_id, "case", {"archived_at": archived_at}, {})

    def archive(self, case_id: str) -> None:
        self.calls.append("archive")
        if case_id not in self.open | self.archived:
            raise NotFound("no", status=404, method="POST", path=f"/cases/{case_id}/archive")
        self.open.discard(case_id)
        self.archived.add(case_id)

    def archive_concurrently(
        self, case_ids: Sequence[str], *projects: str, archiver: CaseArchiver | None = None
    ) -> list[Exception]:
        """Archive each case in its own thread. The cases' projects alternate. Return the errors."""
        archiver = archiver or CaseArchiver(cast("Client", self), BATCH_WINDOW)

        def archive(number: int) -> Exception | None:
            project = projects[number % len(projects)]
            try:
                archiver.archive(case_ids[number], project)
            except NotFound as error:
                return error
            return None

        with ThreadPoolExecutor(len(case_ids)) as pool:
            errors = pool.map(archive, range(len(case_ids)))
            return [error for error in errors if error]


EIGHT = [f"case-{number}" for number in range(8)]


@pytest.mark.parametrize(
    ("bulk_result", "projects", "calls"),
    [
        ("archives", ["a"], ["bulk", "get"]),
        ("archives", ["a", "b"], ["bulk", "get", "get"]),
        ("fails", ["a"], ["bulk", *["archive"] * 8]),
        ("does nothing", ["a"], ["bulk", "get", *["archive"] * 8]),
    ],
)
def test_archive_succeeds_whatever_bulk_request_does(
    bulk_result: str, projects: list[str], calls: list[str]
) -> None:
    organization = Organization(EIGHT)
    organization.bulk_result = bulk_result
    assert organization.archive_concurrently(EIGHT, *projects) == []
    assert (organization.archived, organization.calls) == ({*EIGHT}, calls)


def test_bulk_result_is_verified_until_first_success() -> None:
    organization = Organization(EIGHT)
    archiver = CaseArchiver(cast("Client", organization), BATCH_WINDOW)

    def calls(case_ids: Sequence[str], *projects: str) -> list[str]:
        organization.calls.clear()
        assert organization.archive_concurrently(case_ids, *projects, archiver=archiver) == []
        return organization.calls

    organization.bulk_result = "does nothing"
    assert calls(EIGHT[:3], "a") == ["bulk", "get", *["archive"] * 3]
    organization.bulk_result = "archives"
    assert calls(EIGHT[:3], "a") == ["bulk", "get"]
    assert calls(EIGHT[3:5], "a") == ["bulk"], "bulk worked in project a: not checked again"
    assert calls(EIGHT[5:8], "a", "b") == ["bulk", "get"], "bulk in project b is checked"
    assert organization.archived == {*EIGHT}


def test_failed_verification_counts_despite_concurrent_success() -> None:
    class ConcurrentOrganization(Organization):
        def get(self, case_id: str) -> CaseItem:
            case = super().get(case_id)
            if self.bulk_result == "does nothing":
                self.bulk_result = "archives"
                self.archive_concurrently(EIGHT[3:6], "a", archiver=archiver)
            return case

    organization = ConcurrentOrganization(EIGHT)
    organization.bulk_result = "does nothing"
    archiver = CaseArchiver(cast("Client", organization), BATCH_WINDOW)
    organization.archive_concurrently(EIGHT[:3], "a", archiver=archiver)
    assert organization.archived == {*EIGHT[:6]}


@pytest.mark.parametrize("number", [1, 2])
def test_few_cases_are_archived_individually(number: int) -> None:
    organization = Organization(EIGHT)
    organization.archive_concurrently(EIGHT[:number], "a")
    assert organization.calls == ["archive"] * number


def test_missing_case_fails_alone() -> None:
    organization = Organization(EIGHT[1:])
    organization.bulk_result = "fails"
    assert len(organization.archive_concurrently(EIGHT, "a")) == 1
    assert organization.archived == {*EIGHT[1:]}
