"""Builds URL paths from ids."""

from urllib.parse import quote

# The words that cannot be ids, by the prefix of the path. After the prefix, the API expects an id
# or one of the words. Each word names another endpoint (documented). A request with such a word in
# place of an id would go to that other endpoint.
_RESERVED = {
    "/cases/": {"aggregate", "bulk", "count", "link", "projects", "types", "views"},
    "/cases/projects/": {"favorites"},
    "/cases/types/": {"custom_attributes"},
}


def path(template: str, *ids: str) -> str:
    """Replace each `{}` of a path template by an id, encoded as one path segment.

    Raises:
        ValueError: an id is empty, `.`, `..` or reserved. A request with it would go to another
            path.
    """
    filled, *rest = template.split("{}")
    for identifier, following in zip(ids, rest, strict=True):
        if identifier in {"", ".", ".."} or identifier in _RESERVED.get(filled, ()):
            raise ValueError(f"{identifier!r} cannot be an id in {template}")
        filled += quote(identifier, safe="") + following
    return filled
