"""A change made on the board: a form, sent on as the request to the API that it stands for."""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias
from urllib.parse import parse_qsl, urlsplit

from pydantic import JsonValue, TypeAdapter
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import Message, Receive, Scope, Send

BOARD: Final = "/board"
SUCCESS: Final = range(200, 300)
JSON: Final = TypeAdapter(dict[str, JsonValue])

Refused: TypeAlias = Callable[[int, str, str], Response]
"""Makes a page of a status, a request (`POST /api/v2/cases`) and a reason, which may be empty."""


class Change:
    """What forms are posted to, as an ASGI application: `/board` before a path of the API.

    A form's `type` is that of the resource, its other fields are attributes: `type=case&title=x`
    is `{"data": {"type": "case", "attributes": {"title": "x"}}}`, and no fields are no body. The
    query may name the `method`, as forms know POST alone.

    The request goes through the whole application, so that it meets keys, faults and the journal
    like any other. Once the API has done it, the browser goes back to the page it came from.

    Args:
        keys: The headers that the API asks for.
        refused: The page to show if the API has not done it.
    """

    def __init__(self, keys: Mapping[str, str], refused: Refused) -> None:
        self._headers = [(name.lower().encode(), key.encode()) for name, key in keys.items()]
        self._refused = refused

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers with a redirect or the page of a refusal; not at all if a fault says so."""
        request = Request(scope, receive)
        # Browsers say where a form comes from. Without the keys, no other site may write here.
        if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
            response: Response = PlainTextResponse("a form of another site", 403)
            await response(scope, receive, send)
            return
        method = request.query_params.get("method", "POST")
        path = scope["path"].removeprefix(BOARD)
        body = _document(await request.body())
        answer = _Answer()
        await scope["app"](
            {
                **scope,
                "method": method,
                "path": path,
                "raw_path": scope["raw_path"].removeprefix(BOARD.encode()),
                "query_string": b"",
                "headers": [*self._headers, (b"content-type", b"application/json")],
                "path_params": {},
            },
            _once(body, receive),
            answer.take,
        )
        if not answer.status:
            return  # a fault has closed the connection
        if answer.status in SUCCESS:
            response = RedirectResponse(_origin(request), 303)
        else:
            response = self._refused(answer.status, f"{method} {path}", answer.reason)
        await response(scope, receive, send)


class _Answer:
    """What the API answers, as far as a person is told of it."""

    def __init__(self) -> None:
        self.status = 0
        self.reason = ""

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.reason = dict(message["headers"]).get(b"x-sandbox-reason", b"").decode()


def _document(form: bytes) -> bytes:
    # Browsers send lines of a text with CRLF.
    text = form.decode(errors="replace").replace("%0D%0A", "%0A")
    attributes: dict[str, JsonValue] = dict(parse_qsl(text, keep_blank_values=True))
    if not attributes:
        return b""
    data: dict[str, JsonValue] = {"type": attributes.pop("type", "")}
    if attributes:
        data["attributes"] = attributes
    return JSON.dump_json({"data": data})


def _once(body: bytes, then: Receive) -> Receive:
    parts: list[Message] = [{"type": "http.request", "body": body}]

    async def receive() -> Message:
        return parts.pop() if parts else await then()

    return receive


def _origin(request: Request) -> str:
    """The page that a form was on; never one of another host."""
    page = urlsplit(request.headers.get("referer", "/"))
    return f"/{page.path.lstrip('/')}" + (f"?{page.query}" if page.query else "")
