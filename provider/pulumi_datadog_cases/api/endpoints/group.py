"""`EndpointGroup`: the base class of all classes with endpoints."""

import itertools
from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeVar

from pulumi_datadog_cases.api.http.json_api import (
    AnItem,
    Document,
    Items,
    Malformed,
    parse_list,
    parse_one,
)
from pulumi_datadog_cases.api.http.transport import Params, Transport

_T = TypeVar("_T")

_PAGE_SIZE = 100  # the maximum of the users API and of the teams API (documented)


class EndpointGroup:
    """Methods for the endpoints of one kind of object. Groups share a transport.

    Every method raises what `Transport.request` raises, and `InvalidResponse` if the response is
    not in the endpoint's format.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def _get_item(  # noqa: PLR0913 - the parts of a request
        self,
        item_type: type[AnItem],
        method: str,
        path: str,
        body: Document | None = None,
        *,
        params: Params | None = None,
        idempotent: bool | None = None,
    ) -> AnItem:
        """Send a request; return the object in the response."""
        parse = partial(parse_one, item_type)
        return self._read_document(parse, method, path, body, params=params, idempotent=idempotent)

    def _get_list(
        self, item_type: type[AnItem], method: str, path: str, *, params: Params | None = None
    ) -> Items[AnItem]:
        """Send a request; return the list of objects in the response."""
        return self._read_document(partial(parse_list, item_type), method, path, params=params)

    def _get_pages(self, item_type: type[AnItem], path: str, params: Params) -> Items[AnItem]:
        """Return all objects of a list whose pages are numbered from 0, such as users or teams.

        A page with fewer than 100 objects is the last.
        """

        def pages() -> Iterator[Items[AnItem]]:
            for number in itertools.count():
                page_params = {"page[size]": _PAGE_SIZE, "page[number]": number}
                page = self._get_list(item_type, "GET", path, params={**params, **page_params})
                yield page
                if len(page) < _PAGE_SIZE:
                    return

        return [*each_item(pages())]

    def _send(
        self,
        method: str,
        path: str,
        body: Document | None = None,
        *,
        idempotent: bool | None = None,
    ) -> None:
        """Send a request; ignore the response's body."""
        self._transport.request(method, path, body=body, idempotent=idempotent)

    def _read_document(  # noqa: PLR0913 - the parts of a request
        self,
        parse: Callable[[Document | None], _T],
        method: str,
        path: str,
        body: Document | None = None,
        *,
        params: Params | None = None,
        idempotent: bool | None = None,
    ) -> _T:
        """Send a request; parse the response with a function that may raise Malformed."""
        document = self._transport.request(
            method, path, params=params, body=body, idempotent=idempotent
        )
        try:
            return parse(document)
        except Malformed as problem:
            request = self._transport.request_info(method, path, idempotent=idempotent)
            raise request.invalid_response(str(problem)) from None


def each_item(pages: Iterator[Items[AnItem]]) -> Iterator[AnItem]:
    """Yield each object of a paginated list once. Stop after the first page without a new object.

    A page with fewer objects than requested does not end the list, because the maximum page size
    of some endpoints is not documented. An object that moves to a later page during the iteration
    is yielded once.
    """
    seen: set[str] = set()
    for page in pages:
        new = [item for item in page if item.id not in seen]
        if not new:
            return
        seen.update(item.id for item in new)
        yield from new
