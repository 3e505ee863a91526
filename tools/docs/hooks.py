"""MkDocs hooks: generate pages from the code, and fix links that leave `docs/`.

- Each resource and each example gets a page. In the nav of mkdocs.yml, an entry such as `examples/`
  stands for all generated pages of that folder.
- Generated text replaces lines that begin with "`make docs` inserts the lookups here.": see
  `GENERATED`.
- Files outside `docs/`, such as CHANGELOG.md, become pages of the site: see `OUTSIDE_PAGES`.
- A link to a repository file becomes a link to the page of that file. If the file has no page, the
  site gets a copy of the file, and the link points to the copy. The same links therefore work on
  the site and in the repository.
"""

import posixpath
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Final, cast

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from pulumi_datadog_cases.cli.inventory import RESOURCE_TYPES
from tools.docs import commands, components, lookups, resources
from tools.docs.examples import ROOT, examples, translations, usages

#: Files outside `docs/` that become pages: path in the repository, and path on the site.
OUTSIDE_PAGES: Final[dict[str, str]] = {
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "README.md": "index.md",
    "SECURITY.md": "security.md",
    "examples/ci/README.md": "ci.md",
    "examples/policies/README.md": "policies.md",
    "provider/datadog_cases_sandbox/BEHAVIOUR.md": "sandbox-behaviour.md",
}
_SOURCES: Final = {page: source for source, page in OUTSIDE_PAGES.items()}
_EXAMPLES: Final = {"examples": "examples.md"} | {
    f"examples/{each.name}/__main__.py": each.page for each in examples()
}
_RESOURCES: Final = {
    resources.source_file(cls): f"reference/resources/{name}.md"
    for name, cls in RESOURCE_TYPES.items()
}
_COPIES: Final = "files"

_MARKER: Final = re.compile(r"^\*`make docs` inserts the (\w+) here\..*\*$", re.MULTILINE)
#: Matches a link to another file. Code blocks are searched too, but none contains such text.
_LINK: Final = re.compile(
    r"\[(?P<text>[^\]]*)\]\((?!\w+:|#)(?P<file>[^)\s#]+)(?P<anchor>#[^)\s]*)?\)"
)


#: The functions that generate text. Each key is the name in the line that the text replaces.
GENERATED: Final[Mapping[str, Callable[[], str]]] = {
    "commands": commands.commands_reference,
    "components": lambda: components.components_reference(usages()),
    "lookups": lambda: lookups.lookups_reference(usages()),
}


@cache
def _pages() -> Mapping[str, str]:
    """Return the pages that are not files of `docs/`: for each path on the site, the text."""
    pages = {
        page: (ROOT / file).read_text(encoding="utf-8") for file, page in OUTSIDE_PAGES.items()
    }
    pages |= {example.page: example.markdown() for example in examples()}
    for name, cls in RESOURCE_TYPES.items():
        if name not in usages():
            raise PluginError(f"no example declares a {name}: add one to examples/")
        page = resources.resource_page(cls, usages()[name], translations()[name])
        pages[_RESOURCES[resources.source_file(cls)]] = page
    return pages


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Replace each folder in the nav with the generated pages of the folder."""
    for cached in (usages, translations, _pages):
        cached.cache_clear()  # `mkdocs serve` builds again after each edit
    config["nav"] = _expand(cast("object", config["nav"]))
    return config


def _expand(entry: object) -> object:
    """Expand an entry of the nav: a path, a list of entries, or a mapping of titles to entries."""
    match entry:
        case list():
            return [_expand(each) for each in cast("list[object]", entry)]
        case dict():
            named = cast("dict[str, object]", entry)
            return {title: _expand(each) for title, each in named.items()}
        case str() if entry.endswith("/"):
            index = f"{entry.rstrip('/')}.md"
            return [index, *(page for page in _pages() if page.startswith(entry))]
        case _:
            return entry


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are not files of `docs/`."""
    for page, text in _pages().items():
        files.append(File.generated(config, page, content=text))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Insert generated text, and replace repository paths in links with paths on the site."""
    here = page.file.src_uri
    source = _SOURCES.get(here, f"docs/{here}")

    def resolve(link: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(source), link["file"]))
        site_path = _site_path(target, files, config)
        if site_path is None:
            return link["text"]
        relative = posixpath.relpath(site_path, posixpath.dirname(here) or ".")
        return f"[{link['text']}]({relative}{link['anchor'] or ''})"

    markdown = _MARKER.sub(lambda marker: GENERATED[marker[1]](), markdown)
    return _LINK.sub(resolve, markdown)


def _site_path(target: str, files: Files, config: MkDocsConfig) -> str | None:
    """Return a repository file's path on the site, or None for a folder.

    If the file has no page, add a copy of the file to the site.
    """
    if target.startswith("docs/"):
        return target.removeprefix("docs/")
    if page := (OUTSIDE_PAGES | _EXAMPLES | _RESOURCES).get(target):
        return page
    if (ROOT / target).is_dir():
        return None
    copy = f"{_COPIES}/{target}"
    if (ROOT / target).is_file() and files.get_file_from_path(copy) is None:
        files.append(File.generated(config, copy, content=(ROOT / target).read_bytes()))
    return copy
