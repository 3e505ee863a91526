"""Filters of the board's templates, which format values for people."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Final
from urllib.parse import quote

from pydantic import JsonValue

from datadog_cases_sandbox.board import forms
from datadog_cases_sandbox.board.markdown import is_web_url, markdown
from datadog_cases_sandbox.rules import actions, recipients, triggers


def moment(text: str) -> str:
    """Formats a timestamp, as in `21 Nov 2026, 19:45:03 UTC`. Other texts stay unchanged."""
    try:
        return f"{day(text)}, {datetime.fromisoformat(text):%H:%M:%S} UTC"
    except ValueError:
        return text


def day(text: str) -> str:
    """Formats a date, as in `1 Dec 2026`. Other texts stay unchanged."""
    try:
        date = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{date.day} {date:%b %Y}"


def words(name: str) -> str:
    """Formats a constant of the API, as in `Not defined`."""
    return name.replace("_", " ").capitalize()


def sentence(text: str) -> str:
    """Capitalizes the first letter."""
    return text[:1].upper() + text[1:]


def values(value: JsonValue) -> list[str]:
    """Converts the value of a custom attribute to a list of texts."""
    return [str(each) for each in (value if isinstance(value, list) else [value])]


def flatten(tree: Mapping[str, JsonValue], path: str = "") -> Iterator[tuple[str, str]]:
    """Yields nested settings as pairs such as `("notification.enabled", "true")`."""
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from flatten(value, f"{path}{name}.")
        else:
            yield path + name, value if isinstance(value, str) else json.dumps(value)


def pretty(body: JsonValue) -> str:
    """Formats the body of a request with indentation."""
    return body if isinstance(body, str) else json.dumps(body, ensure_ascii=False, indent=2)


def html_id(text: str) -> str:
    """Encodes a text as an HTML id, which must not have spaces."""
    return quote(text, safe="")


FILTERS: Final[dict[str, Callable[..., object]]] = {
    "action": actions.effect,
    "change_fields": forms.change_fields,
    "day": day,
    "flatten": flatten,
    "html_id": html_id,
    "markdown": markdown,
    "moment": moment,
    "new_fields": forms.new_fields,
    "pretty": pretty,
    "recipients": recipients.effect,
    "sentence": sentence,
    "trigger": triggers.condition,
    "value_field": forms.value_field,
    "values": values,
    "web_url": is_web_url,
    "words": words,
}
"""The filters by their names in templates."""
