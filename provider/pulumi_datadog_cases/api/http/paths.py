"""Builds URL paths from ids."""

from urllib.parse import quote

# Path segments that the API reserves in the place of ids (documented): an id of that name would
# call another endpoint.
_RESERVED = {
    "/cases/": {"aggregate", "bulk", "count", "link", "projects", "types", "views"},
    "/cases/projects/": {"favorites"},
    "/cases/types/": {"custom_attributes"},
}


def path(template: str, *ids: str) -> str:
    """Replace each `{}` of a path by an id, encoded as one segment.

    Raises:
        ValueError: an id is empty, `.`, `..` or reserved, so that the URL would be another one.
    """
    filled, *rest = template.split("{}")
    for identifier, following in zip(ids, rest, strict=True):
        if identifier in {"", ".", ".."} or identifier in _RESERVED.get(filled, ()):
            raise ValueError(f"{identifier!r} cannot be an id in {template}")
        filled += quote(identifier, safe="") + following
    return filled
