"""Makes untrusted texts, such as names in API responses, safe to print."""


def escape_controls(text: str) -> str:
    """Escape line breaks and control characters, because they could control the terminal."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def printable(text: str) -> str:
    """Reduce a text to one line, and escape control characters."""
    return escape_controls(" ".join(text.split()))
