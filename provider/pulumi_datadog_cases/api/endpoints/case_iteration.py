"""`CaseIteration`: yields all cases that match a query, even if the API lists only some of them.

The API may limit a search: its pages may end after a number of cases, such as 10,000 (assumed). The
iteration then searches for the cases that were created since the last listed case. It continues in
this way until a search ends without reaching a limit. It is not known whether the live API has a
limit, or how a client notices the limit. Each of these signs counts as a limit:

- A request for a page after the first is answered with 400.
- The pages end before the number of cases or pages that the API announced.
- The pages end after a multiple of a thousand cases. Limits are usually such round numbers. This
  sign is needed because the announced total may count only the listed cases. If there is no limit,
  the sign costs one more request.
"""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

from pulumi_datadog_cases.api.errors import BadRequest, IncompleteSearch
from pulumi_datadog_cases.api.items import CaseItem

_CREATED_AT = "created_at"
# A limit is a multiple of this number.
_ROUND_NUMBER = 1000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True)
class Page:
    """One page of a search.

    Attributes:
        items: the cases on the page.
        number: the page number, from 1.
        pages: the number of pages; None if the response does not say.
        total: the number of matching cases (recorded); None if the response does not say.
    """

    items: list[CaseItem]
    number: int
    pages: int | None
    total: int | None


@dataclass
class CaseIteration:
    """Yields all cases that a query finds, each once.

    Attributes:
        search: reads one page of a search, such as `Cases.search`.
        query: the search query; None for all cases.
        sort_field: the API's sort field. If the API limits the search, the cases beyond the limit
            follow in the order of their creation.
        ascending: the sort order.
    """

    search: Callable[..., Page]
    query: str | None
    sort_field: str
    ascending: bool
    _seen: set[str] = field(default_factory=set[str])
    #: The largest total that a response has announced.
    _announced: int = 0

    def __iter__(self) -> Iterator[CaseItem]:
        """Yield the cases.

        Raises:
            IncompleteSearch: the API does not list all cases. The error is raised after all listed
                cases were yielded.
        """
        pages = self._pages(self.query)
        yield from self._new(pages)
        if pages.is_limited and self.sort_field != _CREATED_AT:
            self.sort_field, self.ascending = _CREATED_AT, True
            pages = self._pages(self.query)
            yield from self._new(pages)
        if pages.is_limited:
            yield from self._continue(pages)

    def _continue(self, pages: "_Pages") -> Iterator[CaseItem]:
        """Yield the cases beyond the limit of a search. Searches by creation time find them."""
        sign = 1 if self.ascending else -1
        is_complete, start = True, pages.end
        while start is not None:
            pages = self._pages(self._since(start))
            try:
                yield from self._new(pages)
            except BadRequest:
                break  # the API does not support ranges
            if not pages.is_limited:
                if is_complete and pages.end is not None:
                    return
                # If `is_complete` is False, cases that were created in the same millisecond may be
                # missing (see below). Otherwise the search found no case, although the range
                # contains a known case. This shows that the API does not support ranges.
                break
            end = pages.end
            if end is None or (end - start) * sign < 0:
                break  # the API ignores the range
            # If all these cases were created in the same millisecond, the same range would find
            # them again. So continue with the next millisecond. If the API did not list all cases
            # of this millisecond, the rest are then missing.
            is_complete = is_complete and end != start
            start = end if end != start else start + sign
        raise IncompleteSearch(self.query, found=len(self._seen), total=self._announced)

    def _pages(self, query: str | None) -> "_Pages":
        read = partial(self.search, query, sort_field=self.sort_field, ascending=self.ascending)
        return _Pages(read)

    def _new(self, pages: "_Pages") -> Iterator[CaseItem]:
        """Yield the cases that no earlier search has found."""
        for item in pages:
            self._announced = max(self._announced, pages.total)
            if item.id not in self._seen:
                self._seen.add(item.id)
                yield item

    def _since(self, start: int) -> str:
        """Return a query for the cases that follow a creation time in the sort order.

        In ascending order, these are the cases that were created at this time or later. In
        descending order, they were created at this time or earlier. Datadog documents ranges for
        other searches. For this search, ranges are assumed.
        """
        if self.ascending:
            created = f"created_at:[{_timestamp(start)} TO *]"
        else:
            created = f"created_at:[* TO {_timestamp(start + 1)}]"
        return f"({self.query}) {created}" if self.query else created


class _Pages:
    """Yields the cases on the pages of one search, each once.

    Attributes:
        total: the number of matching cases according to the latest response; 0 if the response has
            no total.
        end: the creation time of the last case, in milliseconds of Unix time. None if there is no
            case, or if the case has no creation time.
        is_limited: whether the API seems to limit the search. Valid after the iteration.
    """

    def __init__(self, read: Callable[..., Page]) -> None:
        self._read = read
        self.total = 0
        self.end: int | None = None
        self.is_limited = False

    def __iter__(self) -> Iterator[CaseItem]:
        """Yield the cases.

        If a case stops matching during the iteration, all later cases move up by one place. The
        first case of the next page then moves to a page that has already been read. So if the total
        has decreased, the previous page is read again.
        """
        found = set[str]()
        for number in itertools.count(1):
            try:
                page = self._read(page=number)
            except BadRequest:
                if number == 1:
                    raise
                self.is_limited = True
                return
            items = page.items
            if number > 1 and page.total is not None and page.total < self.total:
                items = [*self._read(page=number - 1).items, *items]
            self.total = page.total or 0
            new = {item.id: item for item in items if item.id not in found}
            found.update(new)
            for item in new.values():
                self.end = _milliseconds(item.raw_attributes.get(_CREATED_AT))
                yield item
            pages = page.pages
            if not new or (pages is not None and number >= pages):
                is_short = len(found) < self.total or (not new and number <= (pages or 0))
                is_round = bool(found) and len(found) % _ROUND_NUMBER == 0
                self.is_limited = is_short or is_round
                return


def _milliseconds(created_at: object) -> int | None:
    """Return a time of the API in milliseconds of Unix time, rounded down."""
    try:
        return (datetime.fromisoformat(str(created_at)) - _EPOCH) // _MILLISECOND
    except (ValueError, TypeError):  # the value is not a time, or has no time zone
        return None


def _timestamp(milliseconds: int) -> str:
    text = (_EPOCH + milliseconds * _MILLISECOND).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")
