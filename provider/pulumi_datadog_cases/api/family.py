"""What the families of endpoints have in common."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from pulumi_datadog_cases.api.document import Document, Item, Items, Malformed, many, one
from pulumi_datadog_cases.api.transport import Params, Transport

_T = TypeVar("_T")


class Family:
    """Endpoints that belong together, on a shared transport.

    Every method raises what `Transport.request` raises, and `InvalidResponse` where the answer
    has another form than the endpoint's.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def _one(
        self,
        method: str,
        path: str,
        body: Document | None = None,
        *,
        params: Params | None = None,
        repeatable: bool | None = None,
    ) -> Item:
        """Send, and read one object."""
        return self._read(one, method, path, body, params=params, repeatable=repeatable)

    def _many(self, method: str, path: str, *, params: Params | None = None) -> Items:
        """Send, and read a list of objects."""
        return self._read(many, method, path, params=params)

    def _none(
        self,
        method: str,
        path: str,
        body: Document | None = None,
        *,
        repeatable: bool | None = None,
    ) -> None:
        """Send; whatever the body is, it says nothing."""
        self._transport.request(method, path, body=body, repeatable=repeatable)

    def _read(  # noqa: PLR0913 - a request has that many parts
        self,
        read: Callable[[Document | None], _T],
        method: str,
        path: str,
        body: Document | None = None,
        *,
        params: Params | None = None,
        repeatable: bool | None = None,
    ) -> _T:
        """Send, and read the document in a way of one's own, which raises Malformed."""
        document = self._transport.request(
            method, path, params=params, body=body, repeatable=repeatable
        )
        try:
            return read(document)
        except Malformed as problem:
            call = self._transport.call(method, path, repeatable=repeatable)
            raise call.invalid(str(problem)) from None


def each(pages: Iterator[Items]) -> Iterator[Item]:
    """The objects of a listing in pages, each once, up to the first page that has no new one.

    A short page is not taken for the last, because not every endpoint documents the largest
    size of one. What moves on to the next page while pages are read comes once.
    """
    seen: set[str] = set()
    for page in pages:
        new = [item for item in page if item.id not in seen]
        if not new:
            return
        seen.update(item.id for item in new)
        yield from new
