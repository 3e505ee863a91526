"""The base classes of quirks, and functions that change requests and responses."""

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import ClassVar, Final, Generic, TypeAlias

from pydantic import JsonValue

from datadog_cases_sandbox.behaviours import Behaviour, Endpoint, K_co
from datadog_cases_sandbox.handler import ApiRequest, ApiResponse, Handler, JsonObject

Path: TypeAlias = tuple[str, ...]
"""The position of a text in the attributes: one step for each object or list that contains it.

The step into an object is the name of the member, and the step into a list is `ITEM`. The names of
members count as texts, too. The path of such a name ends in `NAME`.
"""

ITEM: Final = "[]"
NAME: Final = "<name>"


class Quirk(Behaviour[K_co], Generic[K_co]):
    """A quirk: a layer between the requests and the handlers of the endpoints.

    A quirk that stores values in another form changes the request before the handler validates it.
    All later reads, searches and rule evaluations therefore use the changed values. A quirk that
    only shows values in another form changes the response.
    """

    endpoint: Endpoint = "*"

    def matches(self, request: ApiRequest) -> bool:
        """Whether the quirk applies to this request."""
        return self.is_for(request.method, request.path)

    def handle(self, request: ApiRequest, proceed: Handler) -> ApiResponse:
        """Handles a matching request.

        Args:
            request: The request.
            proceed: A function that passes a request to the next quirk. The last quirk passes the
                request to the handler of its endpoint.
        """
        received = self._received(request)
        response = proceed(received)
        sent = self._sent(received, response)
        if received != request or sent != response:
            self._applied += 1
        return sent

    def _received(self, request: ApiRequest) -> ApiRequest:
        """The request as the handler receives it."""
        return request

    def _sent(self, _request: ApiRequest, response: ApiResponse) -> ApiResponse:
        """The response as the client receives it."""
        return response


class TextQuirk(Quirk[K_co], Generic[K_co]):
    """A quirk that stores certain texts in another form.

    A client may send back a text that it has read. Such a text already has the stored form, so
    `_form` must return it unchanged.
    """

    texts: ClassVar[tuple[str, ...]]
    """Patterns for the paths of these texts. `*` matches any one step except `NAME`."""
    path_parameters: ClassVar[tuple[str, ...]] = ()
    """The names of the path parameters that contain these texts."""

    def _form(self, text: str) -> str:
        """The form in which a text is stored."""
        raise NotImplementedError

    def _received(self, request: ApiRequest) -> ApiRequest:
        def change(path: Path, text: str) -> str:
            return self._form(text) if matches_any(path, self.texts) else text

        path_params = {
            name: self._form(value) if name in self.path_parameters else value
            for name, value in request.path_params.items()
        }
        request = replace(request, path_params=path_params)
        return with_attributes(request, lambda attributes: map_texts(attributes, change))


class ResourceQuirk(Quirk[K_co], Generic[K_co]):
    """A quirk that shows resources in another form."""

    def _shown(self, _request: ApiRequest, resource: JsonObject) -> JsonObject:
        """The form in which a resource is shown."""
        return resource

    def _sent(self, request: ApiRequest, response: ApiResponse) -> ApiResponse:
        return with_resources(response, lambda resource: self._shown(request, resource))


def attributes_of(request: ApiRequest) -> JsonObject:
    """The attributes in the body; empty if the body has none."""
    return members(decoded(request), "data", "attributes")


def with_attributes(request: ApiRequest, change: Callable[[JsonValue], JsonValue]) -> ApiRequest:
    """A copy of the request, with `change` applied to the attributes in its body."""

    def changed(body: JsonValue) -> JsonValue:
        data = members(body, "data")
        if "attributes" not in data:
            return body
        return {**members(body), "data": {**data, "attributes": change(data["attributes"])}}

    return with_body(request, changed)


def with_body(request: ApiRequest, change: Callable[[JsonValue], JsonValue]) -> ApiRequest:
    """A copy of the request, with `change` applied to its body."""
    body = decoded(request)
    changed = change(body)
    if changed == body:
        return request
    return replace(request, raw_body=json.dumps(changed).encode())


def resources_of(response: ApiResponse) -> list[JsonObject]:
    """The resources in `data`."""
    data = members(response.body).get("data")
    return [each for each in (data if isinstance(data, list) else [data]) if isinstance(each, dict)]


def with_resources(
    response: ApiResponse, change: Callable[[JsonObject], JsonObject]
) -> ApiResponse:
    """A copy of the response, with `change` applied to each resource in `data`."""
    body = members(response.body)
    match body.get("data"):
        case dict(resource):
            data: JsonValue = change(resource)
        case list(resources):
            data = [change(each) if isinstance(each, dict) else each for each in resources]
        case _:
            return response
    return replace(response, body={**body, "data": data})


def map_texts(value: JsonValue, change: Callable[[Path, str], str], path: Path = ()) -> JsonValue:
    """A copy of the value, with `change` applied to all texts in it, also to names of members."""
    match value:
        case str():
            return change(path, value)
        case list():
            return [map_texts(item, change, (*path, ITEM)) for item in value]
        case dict():
            return {
                change((*path, NAME), name): map_texts(member, change, (*path, name))
                for name, member in value.items()
            }
        case _:
            return value


def matches_any(path: Path, patterns: Iterable[str]) -> bool:
    """Whether a path matches one of these patterns, such as `recipients.[].data.email`."""
    return any(_matches(path, pattern.split(".")) for pattern in patterns)


def _matches(path: Path, steps: list[str]) -> bool:
    # `*` does not match `NAME`, so that `x.*` selects the values in `x`, but not their names.
    return len(path) == len(steps) and all(
        step == actual or (step == "*" and actual != NAME)
        for step, actual in zip(steps, path, strict=True)
    )


def members(value: JsonValue, *path: str) -> JsonObject:
    """The members of the object at a path in a value; empty if there is no object."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def decoded(request: ApiRequest) -> JsonValue:
    """The body of a request; null if it is not JSON."""
    try:
        value: JsonValue = json.loads(request.raw_body)
    except ValueError:
        return None
    return value
