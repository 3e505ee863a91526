"""Writes the reference of `datadog-cases` from the command's `--help` and its `--json` models."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from types import GenericAlias, NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Final,
    ForwardRef,
    Literal,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

import typer
from typer.cli import get_docs_for_click

from pulumi_datadog_cases.cli import app
from pulumi_datadog_cases.cli.documents import DOCUMENTS
from pulumi_datadog_cases.cli.group import CommandGroup, LazyCommand

_COMMAND = "datadog-cases"
_TYPE_NAMES: Final = {str: "string", int: "integer", bool: "boolean", NoneType: "null"}


def commands_reference() -> str:
    """Return all commands with all options, in Markdown."""
    group = typer.main.get_command(app)
    if not isinstance(group, CommandGroup):
        raise TypeError("the app is not a CommandGroup")
    group.commands = {
        name: each.load() if isinstance(each, LazyCommand) else each
        for name, each in group.commands.items()
    }
    docs = get_docs_for_click(obj=group, ctx=typer.Context(group), name=_COMMAND)
    _, _, subcommands = docs.partition("\n## ")
    return f"## {subcommands}\n```text\n{_sandbox_help()}```\n\n{_json_documents()}"


def _json_documents() -> str:
    """Return a table for each JSON document, in Markdown."""
    about = "With `--json`, the commands print these documents. Keys are never renamed or removed."
    lines = ["## JSON documents", "", about]
    for command, documents in DOCUMENTS.items():
        lines += ["", f"### `{_COMMAND} {command} --json`"]
        for document in documents:
            lines += ["", f"`{document.__name__}`: {document.__doc__}", ""]
            lines += ["| key | type | meaning |", "|---|---|---|"]
            fields = get_type_hints(document, include_extras=True)
            lines += [
                f"| `{key}` | {_json_type(hint)} | {hint.__metadata__[0]} |"
                for key, hint in fields.items()
            ]
    return "\n".join(lines) + "\n"


def _json_type(annotation: Any) -> str:  # noqa: ANN401 - annotations have no common type
    """Name the JSON type of an annotation."""
    arguments = get_args(annotation)
    match get_origin(annotation):
        case origin if origin is Annotated:
            name = _json_type(arguments[0])
        case origin if origin is Literal:
            name = "string"
        case origin if origin in (Union, UnionType):
            is_any = any(isinstance(each, ForwardRef | GenericAlias) for each in arguments)
            name = "any" if is_any else " or ".join(map(_json_type, arguments))
        case origin if origin is Sequence:
            name = f"list of {_json_type(arguments[0])}"
        case origin if origin is Mapping:
            name = f"object of {_json_type(arguments[1])}"
        case _:
            name = _TYPE_NAMES.get(annotation) or f"`{annotation.__name__}`"
    return name


def _sandbox_help() -> str:
    """Return the help of the sandbox, which is a separate program."""
    done = subprocess.run(
        [sys.executable, "-m", "datadog_cases_sandbox", "--help"],
        env={**os.environ, "COLUMNS": "90"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.replace("datadog-cases-sandbox", f"{_COMMAND} sandbox")
