"""Write `docs/coverage.md`: for each endpoint of the API what uses it and what tests it.

    python -m tools.endpoints           write the page
    python -m tools.endpoints --check   fail where it is stale, or a column of it empty

All of it is read from the code: the client's docstrings name the endpoints, the calls in the
resources and lookups tell who uses them, and the sandbox tells what it serves.
"""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from datadog_cases_sandbox.endpoints import registry
from pulumi_datadog_cases import Client, Settings
from tools.generated import ROOT, put

PAGE = ROOT / "docs" / "coverage.md"
PACKAGE = ROOT / "provider" / "pulumi_datadog_cases"
SANDBOX_TESTS = sorted((ROOT / "tests" / "sandbox").glob("test_*.py"))
#: An endpoint: the verb, and the path below `/api/v2`.
Endpoint = tuple[str, str]
#: A method of the client: the family, and the method.
Method = tuple[str, str]
#: Datadog's users API is no part of Case Management.
OTHER_APIS = {"users"}

HEAD = """\
# Coverage

Every endpoint of Case Management, below `/api/v2`: the method of `cases.Client`, the resources and
lookups that use it, the file of the sandbox that serves it, and the tests of these. Beside them
`tests/api/test_endpoints.py` holds each method of the client against its endpoint, and
`tests/official_client` drives each endpoint with the vendor's own client. Written by
`tools/endpoints.py` from the code.

| endpoint | client | resources and lookups | sandbox | tests |
|---|---|---|---|---|
"""


def main() -> None:
    """Write or check the page."""
    put(PAGE, HEAD + "".join(f"| {' | '.join(row)} |\n" for row in rows()))


def rows() -> Iterator[list[str]]:
    """The rows of the table, by path and verb."""
    used = usage()
    served = dict(sandbox())
    methods: defaultdict[Endpoint, list[Method]] = defaultdict(list)
    for endpoint, method in client():
        methods[endpoint].append(method)
    for verb, path in sorted(methods, key=lambda endpoint: (endpoint[1], endpoint[0])):
        users = sorted({user for method in methods[verb, path] for user in used[method]})
        family = served.get((verb, shape(path)))
        speaking = {file.name for file in SANDBOX_TESTS if speaks_of(path, file)}
        own = f"test_{family}.py"
        tests = {own} if own in speaking else speaking
        tests |= {test for _, test in users if (ROOT / "tests" / test).exists()}
        if not (family and tests):
            sys.exit(f"{verb} {path}: served by {family}, tested by {tests or None}")
        yield [
            f"`{verb} {path}`",
            ", ".join(f"`{'.'.join(method)}`" for method in methods[verb, path]),
            ", ".join(f"`{user}`" for user, _ in users) or "the client alone",
            f"`{family}`",
            ", ".join(f"`{Path(test).name}`" for test in sorted(tests)),
        ]


def shape(path: str) -> str:
    """A path whose parameters have no names, for each side has its own."""
    return re.sub(r"{\w+}", "{}", path)


def speaks_of(path: str, file: Path) -> bool:
    """Whether a test of the sandbox sends to a path, whatever stands for its parameters."""
    sent = shape(path).replace("{}", r"(?:{[^}]+}|[\w-]+)")
    return bool(re.search(rf"{sent}[\"?]", file.read_text(encoding="utf-8")))


def client() -> Iterator[tuple[Endpoint, Method]]:
    """The endpoints, and the client's method for each, from the methods' docstrings."""
    with Client(Settings("key", "key", "https://api.datadoghq.com")) as everything:
        for family, methods in vars(everything).items():
            if family.startswith("_") or family in OTHER_APIS:
                continue
            for name in dir(methods):
                text = "" if name.startswith("_") else getattr(methods, name).__doc__ or ""
                if found := re.search(r"(GET|POST|PUT|PATCH|DELETE) (/[\w/{}]+)", text):
                    yield (found[1], found[2]), (family, name)


def usage() -> defaultdict[Method, set[tuple[str, str]]]:
    """By the client's method: who uses it, and the test of that."""
    used: defaultdict[Method, set[tuple[str, str]]] = defaultdict(set)
    for file in sorted((PACKAGE / "resources").glob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        kinds = [c.name for c in tree.body if isinstance(c, ast.ClassDef) and has_lifecycle(c)]
        for method in calls(tree):
            used[method] |= {(kind, f"resources/test_{file.stem}.py") for kind in kinds}
    for lookup in ast.parse((PACKAGE / "lookups.py").read_text(encoding="utf-8")).body:
        if isinstance(lookup, ast.FunctionDef):
            for method in calls(lookup):
                used[method].add((lookup.name, "test_lookups.py"))
    return used


def has_lifecycle(kind: ast.ClassDef) -> bool:
    """Whether a class is a resource."""
    return any(isinstance(each, ast.ClassDef) and each.name == "Lifecycle" for each in kind.body)


def calls(tree: ast.AST) -> Iterator[Method]:
    """The client's methods that code names: as `….cases.get`, or by another name for `….cases`."""
    aliases = {"Cases": "cases"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            targets, values = parts(node.targets[0]), parts(node.value)
            for target, value in zip(targets, values, strict=False):
                if isinstance(target, ast.Name) and isinstance(value, ast.Attribute):
                    aliases[target.id] = value.attr
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            of = node.value
            name = of.attr if isinstance(of, ast.Attribute) else getattr(of, "id", "")
            yield aliases.get(name, name), node.attr


def parts(node: ast.expr) -> list[ast.expr]:
    """The elements of a tuple, or else the one expression."""
    return node.elts if isinstance(node, ast.Tuple) else [node]


def sandbox() -> Iterator[tuple[Endpoint, str]]:
    """What the sandbox serves, and the file that does."""
    for path, handlers in registry.routes():
        for verb, handler in handlers.items():
            yield (verb, shape(path)), handler.__module__.rpartition(".")[2]


if __name__ == "__main__":
    main()
