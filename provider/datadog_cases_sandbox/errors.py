"""The API's error responses. Most bodies are copied word for word from recorded traffic.

The error objects of Case Management have eight variants, which differ in their members. The first
seven variants are called E1 to E7. BEHAVIOUR.md lists the variants, and the requests to which the
API responds with each variant.
"""

from typing import Final

from pydantic import JsonValue

MAX_REASON: Final = 500
REASON_HEADER: Final = "x-sandbox-reason"
NOT_FOUND: Final = 404


class ApiError(Exception):
    """A 4xx response of the API.

    Attributes:
        status: The HTTP status.
        error: The only item of `errors` in the body. In errors of Case Management, it is an object.
            In errors of the API's gateway, it is a string.
        reason: One line of ASCII that explains the error to a person. The API sends no reason. The
            sandbox puts the reason into the header `x-sandbox-reason`, the request log and the
            server's log.
    """

    def __init__(self, status: int, error: JsonValue, reason: str) -> None:
        self.status = status
        self.error = error
        one_line = " ".join(reason.split())
        self.reason = one_line.encode("ascii", "backslashreplace").decode()[:MAX_REASON]
        super().__init__(f"{status}: {self.reason}")


class DuplicateError(ApiError):
    """A request would create something that exists already."""


def bad_request(reason: str) -> ApiError:
    """E1, with status and title: the body is not valid for the endpoint."""
    return ApiError(400, {"status": "400", "title": "Bad Request"}, reason)


def wrong_resource_type(where: str, got: str, expected: str) -> ApiError:
    """E2: the body or a relationship in it has the wrong resource `type`."""
    detail = f'got type "{got}" expected one of "{expected}"'
    error: JsonValue = {"status": "400", "title": "Bad Request", "detail": detail}
    return ApiError(400, error, f"{where}: {detail}")


def undecodable_attribute(attribute: str, json_type: str, reason: str) -> ApiError:
    """E3: an attribute has the wrong JSON type."""
    detail = f'error decoding attribute "{attribute}": invalid type {json_type}'
    return ApiError(400, {"status": "400", "title": "Bad Request", "detail": detail}, reason)


def invalid_parameter(name: str, location: str, expected: str, got: str) -> ApiError:
    """E4: a parameter in the path or the query has the wrong type or is out of range."""
    detail = f'invalid parameter "{name}" in "{location}"; expected type "{expected}"'
    error: JsonValue = {"status": "400", "title": "Invalid Parameter", "detail": detail}
    return ApiError(400, error, f"{detail}, got {got!r}")


def generic_error(detail: str) -> ApiError:
    """E5, with title and detail: a well-formed value is not allowed here."""
    return ApiError(400, {"title": "Generic Error", "detail": detail}, detail)


def duplicate(detail: str) -> DuplicateError:
    """E5: the request would create something that exists already."""
    return DuplicateError(400, {"title": "Generic Error", "detail": detail}, detail)


def not_found(title: str, reason: str) -> ApiError:
    """E6, with code and title: an object in the path or the body does not exist."""
    return ApiError(404, {"code": "resource_not_found", "title": title}, reason)


def attribute_not_configured(command: str, key: str, reason: str) -> ApiError:
    """E7: the case's type does not define a custom attribute with this key.

    Args:
        command: The API's internal name of the write, `UpdateCustomAttribute` or
            `RemoveCustomAttribute`. The error's title contains this name.
        key: The requested key. The error's `meta` contains it.
        reason: See `ApiError`.
    """
    title = (
        "failed to update batch: failed to apply command: failed to apply "
        f"domain.{command} command: custom attribute configuration not found"
    )
    error: JsonValue = {"code": "resource_not_found", "title": title, "meta": {"key": key}}
    return ApiError(404, error, reason)


def conflict(detail: str) -> ApiError:
    """409: the request conflicts with an existing object, such as the link of a Jira issue."""
    return ApiError(409, {"status": "409", "title": "Conflict", "detail": detail}, detail)


def unauthorized(reason: str) -> ApiError:
    """401: a token is wrong or has expired, or a proof of an AWS identity is refused."""
    return ApiError(401, "Unauthorized", reason)


def forbidden(reason: str) -> ApiError:
    """403: the API key or application key is missing or wrong, or gives no access."""
    return ApiError(403, "Forbidden", reason)


def path_not_found(reason: str) -> ApiError:
    """404: the API does not have the path, or this sandbox does not support the path."""
    return ApiError(404, "Not Found", reason)


def method_not_allowed(reason: str) -> ApiError:
    """405: the path exists, but does not support the method."""
    return ApiError(405, "Method Not Allowed", reason)
