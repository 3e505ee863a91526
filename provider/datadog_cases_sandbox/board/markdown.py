"""Renders Markdown from descriptions and comments. The texts are untrusted."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup


def is_web_url(text: str) -> bool:
    """Whether a text is an HTTP or HTTPS URL. Only such URLs are shown as links."""
    try:
        return urlsplit(text).scheme in {"http", "https"}
    except ValueError:
        return False


class _Parser(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 - the name in the library
        return is_web_url(url)


class _Renderer(RendererHTML):
    def link_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        tokens[idx].attrSet("rel", "noreferrer")
        return self.renderToken(tokens, idx, options, env)

    # A heading would be part of the outline of the page, where it does not belong.

    def heading_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        del tokens, idx, options, env
        return '<p class="heading">'

    def heading_close(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        del tokens, idx, options, env
        return "</p>\n"


# HTML in a text is shown as text. Images are not loaded, because they are on other hosts.
_PARSER: Final = (
    _Parser("commonmark", {"html": False, "breaks": True}, renderer_cls=_Renderer)
    .enable(["table", "strikethrough"])
    .disable("image")
)


def markdown(text: str) -> Markup:
    """The HTML of a text in Markdown."""
    return Markup(_PARSER.render(text))  # noqa: S704 - the parser escapes all text
