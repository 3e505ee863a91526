"""Values as people read them."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Final
from urllib.parse import quote, urlsplit

from pydantic import JsonValue


def moment(text: str) -> str:
    """A moment of the API, as in `21 Nov 2026, 19:45:03 UTC`; what is none stays as it is."""
    try:
        return f"{day(text)}, {datetime.fromisoformat(text):%H:%M:%S} UTC"
    except ValueError:
        return text


def day(text: str) -> str:
    """A day of the API, as in `1 Dec 2026`; what is none stays as it is."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{when.day} {when:%b %Y}"


def words(name: str) -> str:
    """A name of the API's, as in `Not defined`."""
    return name.replace("_", " ").capitalize()


def sentence(text: str) -> str:
    """A text as one begins a line."""
    return text[:1].upper() + text[1:]


def values(value: JsonValue) -> list[str]:
    """What a custom attribute has, each as a text."""
    return [str(one) for one in (value if isinstance(value, list) else [value])]


def is_address(text: str) -> bool:
    """Whether a text may be a link: an address that leads to a page and runs nothing."""
    try:
        return urlsplit(text).scheme in {"http", "https"}
    except ValueError:
        return False


def leaves(tree: Mapping[str, JsonValue], path: str = "") -> Iterator[tuple[str, str]]:
    """What a tree of settings says, as in `("notification.enabled", "true")`."""
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{path}{name}.")
        else:
            yield path + name, value if isinstance(value, str) else json.dumps(value)


def pretty(body: JsonValue) -> str:
    """The body of a request, over several lines."""
    return body if isinstance(body, str) else json.dumps(body, ensure_ascii=False, indent=2)


def anchor(text: str) -> str:
    """A text as an id of HTML, which has no spaces."""
    return quote(text, safe="")


FILTERS: Final[dict[str, Callable[..., object]]] = {
    "address": is_address,
    "anchor": anchor,
    "day": day,
    "leaves": leaves,
    "moment": moment,
    "pretty": pretty,
    "sentence": sentence,
    "values": values,
    "words": words,
}
"""For templates."""
