"""Reads the docstrings below the attributes of a class."""

import ast
import inspect
import textwrap
from collections.abc import Mapping
from itertools import pairwise

from typing_extensions import get_original_bases, is_typeddict


def attribute_docs(cls: type) -> Mapping[str, str]:
    """Return the docstring below each attribute of a class, by attribute name.

    Python does not keep these docstrings, so they are read from the source. Without the source, for
    example in a frozen program, the result is empty.
    """
    docs: dict[str, str] = {}
    for base in get_original_bases(cls):
        if is_typeddict(base):
            docs |= attribute_docs(base)
    try:
        source = inspect.getsource(cls)
    except OSError:
        return docs
    nodes = ast.walk(ast.parse(textwrap.dedent(source)))
    definition = next(node for node in nodes if isinstance(node, ast.ClassDef))
    for statement, following in pairwise(definition.body):
        match statement, following:
            case ast.AnnAssign(target=ast.Name(name)), ast.Expr(value=ast.Constant(str(text))):
                docs[name] = " ".join(text.split())
            case _:
                pass
    return docs
