"""What the API says when it refuses: the error bodies of real traffic, word for word.

The variants differ in their members, and none has all of them. Which request gets which is told in
BEHAVIOUR.md.
"""

from typing import Final

from pydantic import JsonValue

MAX_REASON: Final = 500


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not a failure of the sandbox
    """A request answered with a 4xx.

    Attributes:
        status: The HTTP status.
        error: The one item of the body's `errors`: an object, or a string where the API's gateway
            answers rather than Case Management itself.
        reason: One line of ASCII that tells a person what was wrong. The API has no such line; it
            goes into the header `x-sandbox-reason`, the journal and the log.
    """

    def __init__(self, status: int, error: JsonValue, reason: str) -> None:
        self.status = status
        self.error = error
        one_line = " ".join(reason.split())
        self.reason = one_line.encode("ascii", "backslashreplace").decode()[:MAX_REASON]
        super().__init__(f"{status}: {self.reason}")


def bad_request(reason: str) -> Refusal:
    """E1: a body that does not say what this endpoint asks for: status and title, no detail."""
    return Refusal(400, {"status": "400", "title": "Bad Request"}, reason)


def wrong_resource_type(where: str, got: str, expected: str) -> Refusal:
    """E2: a `type` of the envelope or of a relationship that is not the endpoint's."""
    detail = f'got type "{got}" expected one of "{expected}"'
    error: JsonValue = {"status": "400", "title": "Bad Request", "detail": detail}
    return Refusal(400, error, f"{where}: {detail}")


def undecodable_attribute(attribute: str, json_type: str, reason: str) -> Refusal:
    """E3: an attribute whose JSON type is not the one expected."""
    detail = f'error decoding attribute "{attribute}": invalid type {json_type}'
    return Refusal(400, {"status": "400", "title": "Bad Request", "detail": detail}, reason)


def invalid_parameter(name: str, place: str, expected: str, got: str) -> Refusal:
    """E4: a parameter in the path or the query that is not of its type."""
    detail = f'invalid parameter "{name}" in "{place}"; expected type "{expected}"'
    error: JsonValue = {"status": "400", "title": "Invalid Parameter", "detail": detail}
    return Refusal(400, error, f"{detail}, got {got!r}")


def generic_error(detail: str) -> Refusal:
    """E5: a well-formed value that is not allowed here: title and detail, no status."""
    return Refusal(400, {"title": "Generic Error", "detail": detail}, detail)


def not_found(title: str, reason: str) -> Refusal:
    """E6: something addressed or referred to does not exist: code and title, no status."""
    return Refusal(404, {"code": "resource_not_found", "title": title}, reason)


def attribute_not_configured(command: str, key: str, reason: str) -> Refusal:
    """E7: a custom attribute key that the case's type does not define.

    Args:
        command: The API's inner name of the write, which it shows in the title:
            `UpdateCustomAttribute` or `RemoveCustomAttribute`.
        key: The key asked for, answered in `meta`.
        reason: See `Refusal`.
    """
    title = (
        "failed to update batch: failed to apply command: failed to apply "
        f"domain.{command} command: custom attribute configuration not found"
    )
    error: JsonValue = {"code": "resource_not_found", "title": title, "meta": {"key": key}}
    return Refusal(404, error, reason)


def conflict(detail: str) -> Refusal:
    """A link that stands in the way of another."""
    return Refusal(409, {"status": "409", "title": "Conflict", "detail": detail}, detail)


def forbidden(reason: str) -> Refusal:
    """A missing or wrong key."""
    return Refusal(403, "Forbidden", reason)


def no_such_path(reason: str) -> Refusal:
    """A path the API, or this sandbox, does not have."""
    return Refusal(404, "Not Found", reason)


def wrong_verb(reason: str) -> Refusal:
    """A path that exists, asked with a verb it does not have."""
    return Refusal(405, "Method Not Allowed", reason)
