"""Builds URL paths from ids."""

from urllib.parse import quote

# After these prefixes, a path has either an id or one of these words, which names another endpoint
# (documented). If a caller passed such a word as an id, the request would go to that endpoint.
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
