"""The programs of `examples/`, whole and by what they declare."""

import ast
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"


@dataclass(frozen=True)
class Example:
    """One program."""

    name: str
    program: str

    @property
    def page(self) -> str:
        """Where it stands on the site."""
        return f"examples/{self.name}.md"

    @cached_property
    def title(self) -> str:
        """What it shows, in a line."""
        return (ast.get_docstring(self._tree) or "").partition("\n")[0].rstrip(".")

    def markdown(self) -> str:
        """Its page: the program, and what else there is to it."""
        others = sorted(
            {*(EXAMPLES / self.name).glob("*.py")} - {EXAMPLES / self.name / "__main__.py"}
        )
        programs = {"__main__.py": self.program} | {o.name: o.read_text("utf-8") for o in others}
        shown = (f'```python title="{name}"\n{text}```\n' for name, text in programs.items())
        return "\n".join([f"# {self.name}\n\n{self.title}.\n", *shown])

    def calls(self) -> Iterator[tuple[str, int, str]]:
        """For each statement that calls `cases.<name>(...)`: name, number of arguments, code."""
        for statement in ast.walk(self._tree):
            if not isinstance(statement, ast.Assign | ast.Expr):
                continue
            for call in ast.walk(statement):
                match call:
                    case ast.Call(func=ast.Attribute(value=ast.Name("cases"), attr=name)):
                        code = ast.get_source_segment(self.program, statement, padded=True) or ""
                        yield name, len(call.keywords), textwrap.dedent(code)
                    case _:
                        pass

    @cached_property
    def _tree(self) -> ast.Module:
        return ast.parse(self.program)


@dataclass(frozen=True)
class Shown:
    """A statement that shows how something is used, and the example that it is from."""

    code: str
    example: Example

    def markdown(self, site_root: str) -> str:
        """The code, with what it needs to be imported; `site_root` leads up to the site's root."""
        return (
            f"```python\nimport pulumi_datadog_cases as cases\n\n{self.code}\n```\n\n"
            f"From the example [{self.example.name}]({site_root}{self.example.page}): "
            f"{self.example.title[0].lower()}{self.example.title[1:]}.\n"
        )


def examples() -> list[Example]:
    """All of them."""
    files = sorted(EXAMPLES.glob("*/__main__.py"))
    return [Example(file.parent.name, file.read_text(encoding="utf-8")) for file in files]


@cache
def shown() -> Mapping[str, Shown]:
    """By name of what is called, the statement that says most: the first of those."""
    fullest: dict[str, tuple[int, Shown]] = {}
    for example in examples():
        for name, size, code in example.calls():
            if name not in fullest or size > fullest[name][0]:
                fullest[name] = size, Shown(code, example)
    return {name: found for name, (_, found) in fullest.items()}


def table_of_examples() -> str:
    """What each shows."""
    rows = (f"| [{each.name}]({each.page}) | {each.title}. |\n" for each in examples())
    return "| example | |\n|---|---|\n" + "".join(rows)
