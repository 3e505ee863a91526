"""Reads the programs of `examples/`, and finds a usage of each resource and lookup in them."""

import ast
import json
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Final

from tools.docs.excerpts import excerpt

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
#: The file with the examples in other languages, which `tools.translations` writes.
TRANSLATIONS: Final = ROOT / "tools" / "docs" / "translations.json"
#: The titles of the languages other than Python, in which each resource has an example.
LANGUAGES: Final = {"yaml": "YAML", "typescript": "TypeScript", "go": "Go"}


@dataclass(frozen=True)
class Example:
    """One example program."""

    name: str
    program: str

    @property
    def page(self) -> str:
        """The path of the example's page on the site."""
        return f"examples/{self.name}.md"

    @cached_property
    def title(self) -> str:
        """The first line of the program's docstring, without the full stop."""
        return (ast.get_docstring(self._tree) or "").partition("\n")[0].rstrip(".")

    def markdown(self) -> str:
        """Return the example's page: the program, and the other Python files of its folder."""
        others = sorted(
            {*(EXAMPLES / self.name).glob("*.py")} - {EXAMPLES / self.name / "__main__.py"}
        )
        files = {"__main__.py": self.program} | {o.name: o.read_text("utf-8") for o in others}
        blocks = (f'```python title="{name}"\n{text}```\n' for name, text in files.items())
        return "\n".join([f"# {self.name}\n\n{self.title}.\n", *blocks])

    def calls(self) -> Iterator[tuple[str, int, ast.stmt]]:
        """Yield name, number of keywords, and statement of each call of the package.

        Such a call is `cases.<name>(...)` or `components.<name>(...)`.
        """
        for statement in ast.walk(self._tree):
            if not isinstance(statement, ast.Assign | ast.Expr):
                continue
            for call in ast.walk(statement):
                match call:
                    case ast.Call(
                        func=ast.Attribute(value=ast.Name("cases" | "components"), attr=name)
                    ):
                        yield name, len(call.keywords), statement
                    case _:
                        pass

    @cached_property
    def _tree(self) -> ast.Module:
        return ast.parse(self.program)


@dataclass(frozen=True)
class Usage:
    """A statement of an example that calls a resource class, a component or a lookup."""

    statement: ast.stmt
    example: Example

    @property
    def code(self) -> str:
        """The text of the statement."""
        code = ast.get_source_segment(self.example.program, self.statement, padded=True) or ""
        return textwrap.dedent(code)

    @property
    def program(self) -> str:
        """A program with the statement and all that it needs, which runs as it is."""
        return excerpt(self.example.program, self.statement.lineno)

    def markdown(self, site_root: str, translations: Mapping[str, str] | None = None) -> str:
        """Return the program. If there are translations, each language has a tab.

        Args:
            site_root: the relative path to the site's root.
            translations: the programs in other languages, by language.
        """
        code = f"```python\n{self.program}```\n"
        if translations:
            others = {
                title: f"```{language}\n{translations[language]}```\n"
                for language, title in LANGUAGES.items()
            }
            tabs = {"Python": code, **others}.items()
            code = "\n".join(f'=== "{title}"\n\n{textwrap.indent(c, " " * 4)}' for title, c in tabs)
        return (
            f"{code}\nFrom the example [{self.example.name}]({site_root}{self.example.page}): "
            f"{self.example.title[0].lower()}{self.example.title[1:]}.\n"
        )


def examples() -> list[Example]:
    """Return all examples."""
    files = sorted(EXAMPLES.glob("*/__main__.py"))
    return [Example(file.parent.name, file.read_text(encoding="utf-8")) for file in files]


@cache
def usages() -> Mapping[str, Usage]:
    """Return a usage of each called name: the first of those with the most keyword arguments."""
    fullest: dict[str, tuple[int, Usage]] = {}
    for example in examples():
        for name, keywords, statement in example.calls():
            if name not in fullest or keywords > fullest[name][0]:
                fullest[name] = keywords, Usage(statement, example)
    return {name: usage for name, (_, usage) in fullest.items()}


@cache
def translations() -> Mapping[str, Mapping[str, str]]:
    """Return the example of each resource class as a program, by language."""
    found: dict[str, dict[str, str]] = json.loads(TRANSLATIONS.read_text(encoding="utf-8"))
    return found


def examples_table() -> str:
    """Return a table of the examples with their titles."""
    # In the repository, a link opens the program. On the site, it opens the example's page.
    rows = (
        f"| [{each.name}](../examples/{each.name}/__main__.py) | {each.title}. |\n"
        for each in examples()
    )
    return "| example | |\n|---|---|\n" + "".join(rows)
