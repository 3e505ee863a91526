"""What MkDocs is told beside `mkdocs.yml`: pages that come from code, and links that leave `docs/`.

- A page for each resource and for each example is made. In the nav, `FOLDER/` stands for those.
- A line that says what `make docs` puts there is replaced by that: see `GENERATED`.
- Pages that live elsewhere in the repository, such as CHANGELOG.md, are pages of the site, too. A
  link to a file is a link to its page if it has one, to a copy of the file else: the same Markdown
  works on the site and where the repository is read.
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

from pulumi_datadog_cases.cli.census import KINDS
from tools.docs import commands, configuration, lookups, resources
from tools.docs.examples import ROOT, examples, shown, table_of_examples

#: Where on the site stands what is outside of `docs/`.
ELSEWHERE: Final[dict[str, str]] = {
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "README.md": "index.md",
    "SECURITY.md": "security.md",
    "examples/ci/README.md": "ci.md",
    "provider/datadog_cases_sandbox/BEHAVIOUR.md": "sandbox-behaviour.md",
}
_SOURCES: Final = {page: source for source, page in ELSEWHERE.items()}
_EXAMPLES: Final = {"examples": "examples.md"} | {
    f"examples/{each.name}/__main__.py": each.page for each in examples()
}
_COPIES: Final = "files"

_MARKER: Final = re.compile(r"^\*`make docs` puts the (\w+) here, from the code\.\*$", re.MULTILINE)
#: A link to another file; there is nothing of this form in code.
_LINK: Final = re.compile(
    r"\[(?P<text>[^\]]*)\]\((?!\w+:|#)(?P<file>[^)\s#]+)(?P<anchor>#[^)\s]*)?\)"
)


GENERATED: Final[Mapping[str, Callable[[], str]]] = {
    "commands": commands.commands,
    "examples": table_of_examples,
    "lookups": lambda: lookups.all_lookups(shown()),
    "resources": lambda: resources.table(KINDS.values()),
    "settings": configuration.settings_table,
    "sites": configuration.sites_table,
}


@cache
def _pages() -> Mapping[str, str]:
    """The pages that do not stand in `docs/`: their text, by their place on the site."""
    pages = {page: (ROOT / file).read_text(encoding="utf-8") for file, page in ELSEWHERE.items()}
    pages |= {example.page: example.markdown() for example in examples()}
    for name, kind in KINDS.items():
        if name not in shown():
            raise PluginError(f"no example declares a {name}: add one to examples/")
        pages[f"reference/resources/{name}.md"] = resources.page(kind, shown()[name])
    return pages


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Write out the folders of the nav."""
    for cached in (shown, _pages):
        cached.cache_clear()  # `mkdocs serve` builds again
    config["nav"] = _spread(cast("object", config["nav"]))
    return config


def _spread(entry: object) -> object:
    """An entry of the nav: a text, a list of entries, or entries by title."""
    match entry:
        case list():
            return [_spread(each) for each in cast("list[object]", entry)]
        case dict():
            named = cast("dict[str, object]", entry)
            return {title: _spread(each) for title, each in named.items()}
        case str() if entry.endswith("/"):
            index = f"{entry.rstrip('/')}.md"
            return [index, *(page for page in _pages() if page.startswith(entry))]
        case _:
            return entry


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that do not stand in `docs/`."""
    for page, text in _pages().items():
        files.append(File.generated(config, page, content=text))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Put in what is generated, and lead links to where things stand on the site."""
    here = page.file.src_uri
    source = _SOURCES.get(here, f"docs/{here}")

    def lead(link: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(source), link["file"]))
        there = _place(target, files, config)
        if there is None:
            return link["text"]
        relative = posixpath.relpath(there, posixpath.dirname(here) or ".")
        return f"[{link['text']}]({relative}{link['anchor'] or ''})"

    markdown = _MARKER.sub(lambda marker: GENERATED[marker[1]](), markdown)
    return _LINK.sub(lead, markdown)


def _place(target: str, files: Files, config: MkDocsConfig) -> str | None:
    """Where on the site a file of the repository is, a copy if need be; None for folders."""
    if target.startswith("docs/"):
        return target.removeprefix("docs/")
    if page := (ELSEWHERE | _EXAMPLES).get(target):
        return page
    if (ROOT / target).is_dir():
        return None
    copy = f"{_COPIES}/{target}"
    if (ROOT / target).is_file() and files.get_file_from_path(copy) is None:
        files.append(File.generated(config, copy, content=(ROOT / target).read_bytes()))
    return copy
