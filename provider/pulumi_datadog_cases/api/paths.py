"""How ids get into URLs."""

from urllib.parse import quote

# Fixed names that stand where an id may stand (documented): an id of that name would call
# another endpoint than the one meant.
_FIXED = {
    "/cases/": {"aggregate", "bulk", "count", "link", "projects", "types", "views"},
    "/cases/projects/": {"favorites"},
    "/cases/types/": {"custom_attributes"},
}


def path(template: str, *ids: str) -> str:
    """Fill the `{}` of a path with ids, each as one whole segment whatever it holds.

    Raises:
        ValueError: an id is empty, `.`, `..` or the name of a fixed endpoint, so that the URL
            would be another one than meant.
    """
    filled, *rest = template.split("{}")
    for identifier, following in zip(ids, rest, strict=True):
        if identifier in {"", ".", ".."} or identifier in _FIXED.get(filled, ()):
            raise ValueError(f"{identifier!r} cannot be an id in {template}")
        filled += quote(identifier, safe="") + following
    return filled
