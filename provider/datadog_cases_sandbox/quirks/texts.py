"""Quirks that store texts, lists and dates in another form."""

import hashlib
import json
import re
from typing import Annotated, Final, Generic, Literal

from pydantic import Field, JsonValue

from datadog_cases_sandbox import errors
from datadog_cases_sandbox.behaviours import K_co
from datadog_cases_sandbox.bodies import UUID_PATTERN
from datadog_cases_sandbox.endpoints.cases import Case
from datadog_cases_sandbox.handler import ApiRequest, ApiResponse, Handler, JsonObject
from datadog_cases_sandbox.quirks.base import (
    Quirk,
    ResourceQuirk,
    TextQuirk,
    map_texts,
    members,
    with_attributes,
)

LABELS: Final = ("attributes.<name>", "attributes.*.[]")
ADDRESSES: Final = ("email", "recipients.[].data.email")
RECIPIENT_NAMES: Final = tuple(
    f"recipients.[].data.{member}"
    for member in (
        "channel",
        "channel_name",
        "connector_name",
        "name",
        "service_name",
        "team_name",
        "tenant_name",
        "workspace",
    )
)
KEYS: Final = ("key", "custom_attributes.<name>", "case_ids.[]")
FREE_TEXTS: Final = (
    "title",
    "description",
    "name",
    "display_name",
    "comment",
    "query",
    "security_resolved_reason",
    "value",
    "value.[]",
    "custom_attributes.*.value",
    "custom_attributes.*.value.[]",
    "type_data.options.[].value",
    *LABELS,
)
"""The paths of texts that people write. Ids, words of an enum and times are not among them."""

ID: Final = re.compile(r"C0[0-9A-F]{9}")
DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
START_OF_DAY: Final = "T00:00:00Z"


class TrimStrings(TextQuirk[Literal["trim_strings"]]):
    """Removes white space around texts."""

    texts = (*FREE_TEXTS, *ADDRESSES, *RECIPIENT_NAMES)

    def _form(self, text: str) -> str:
        return text.strip()


class TruncateStrings(TextQuirk[Literal["truncate_strings"]]):
    """Cuts long texts.

    Attributes:
        max_length: The number of characters that are kept.
    """

    texts = FREE_TEXTS
    max_length: Annotated[int, Field(ge=1)] = 255

    def _form(self, text: str) -> str:
        return text[: self.max_length]


class LowerCaseLabels(TextQuirk[Literal["lower_case_labels"]]):
    """Converts the names and values of labels to lower case."""

    texts = LABELS

    def _form(self, text: str) -> str:
        return text.lower()


class LowerCaseAddresses(TextQuirk[Literal["lower_case_addresses"]]):
    """Converts email addresses to lower case."""

    texts = ADDRESSES

    def _form(self, text: str) -> str:
        return text.lower()


class KeyQuirk(TextQuirk[K_co], Generic[K_co]):
    """A quirk that stores keys in another form."""

    texts = KEYS
    path_parameters = ("key", "case_id")

    def handle(self, request: ApiRequest, proceed: Handler) -> ApiResponse:
        """Replaces the keys in a request by their stored form, and handles the request.

        If the response is 404, handles the request again, with the keys that the client sent.
        """
        try:
            return super().handle(request, proceed)
        except errors.ApiError as error:
            if error.status != errors.NOT_FOUND:
                raise
            # The object may have been stored before the quirk was added.
            return proceed(request)


class UpperCaseKeys(KeyQuirk[Literal["upper_case_keys"]]):
    """Converts keys to upper case."""

    def _form(self, text: str) -> str:
        return text if _is_uuid(text) else text.upper()


class SlugifyKeys(KeyQuirk[Literal["slugify_keys"]]):
    """Converts keys to slugs."""

    def _form(self, text: str) -> str:
        # A key without letters and digits has no slug, so it stays as it is.
        return re.sub(r"[\W_]+", "-", text).strip("-").lower() or text


class IdsForNames(TextQuirk[Literal["ids_for_names"]]):
    """Converts the names of recipients to ids."""

    texts = RECIPIENT_NAMES

    def _form(self, text: str) -> str:
        if not text or ID.fullmatch(text):
            return text
        return "C0" + hashlib.sha256(text.encode()).hexdigest()[:9].upper()


class ReorderLists(Quirk[Literal["reorder_lists"]]):
    """Sorts each list in a request before the sandbox stores the list.

    Attributes:
        descending: Whether the largest item comes first.
    """

    descending: bool = False

    def _received(self, request: ApiRequest) -> ApiRequest:
        return with_attributes(request, self._sorted)

    def _sorted(self, value: JsonValue) -> JsonValue:
        match value:
            case list():
                items = [self._sorted(item) for item in value]
                return sorted(items, key=_sort_key, reverse=self.descending)
            case dict():
                return {name: self._sorted(member) for name, member in value.items()}
            case _:
                return value


class DatesAsInstants(ResourceQuirk[Literal["dates_as_instants"]]):
    """Shows due dates as instants."""

    def _received(self, request: ApiRequest) -> ApiRequest:
        # A client may send back the instant that it has read, so convert it to a date.
        def day(path: tuple[str, ...], text: str) -> str:
            return text.removesuffix(START_OF_DAY) if path == ("due_date",) else text

        return with_attributes(request, lambda attributes: map_texts(attributes, day))

    def _shown(self, request: ApiRequest, resource: JsonObject) -> JsonObject:
        attributes = members(resource, "attributes")
        due_date = attributes.get("due_date")
        if resource.get("type") == Case.resource_type and due_date is None:
            # Without this quirk, the sandbox does not show due dates.
            case = request.store.find(Case, str(resource["id"]))
            due_date = case.due_date if case else None
        if not isinstance(due_date, str) or DAY.fullmatch(due_date) is None:
            return resource
        return {**resource, "attributes": {**attributes, "due_date": due_date + START_OF_DAY}}


def _is_uuid(text: str) -> bool:
    return re.match(UUID_PATTERN, text) is not None


def _sort_key(value: JsonValue) -> str:
    return json.dumps(value, sort_keys=True)
