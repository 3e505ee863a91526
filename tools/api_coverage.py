"""Write `docs/coverage.md`, a table that lists the code and the tests of each API endpoint.

    python -m tools.api_coverage           write the page
    python -m tools.api_coverage --check   exit with an error if the page is stale

The sandbox is this project's local server that behaves like the API. If the sandbox lacks an
endpoint, or no test covers an endpoint, the program also exits with an error.

All data are read from the code:

- The endpoints come from the docstrings of the client's methods.
- A resource or lookup uses an endpoint if its code calls the client's method for the endpoint.
- The sandbox's endpoints come from the sandbox's routes.
"""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from datadog_cases_sandbox.endpoints import registry
from pulumi_datadog_cases import Client, Settings
from tools.generated import ROOT, write_or_check

PAGE = ROOT / "docs" / "coverage.md"
PACKAGE = ROOT / "provider" / "pulumi_datadog_cases"
SANDBOX_TESTS = sorted((ROOT / "tests" / "sandbox").glob("test_*.py"))
#: HTTP method and path below `/api/v2`.
Endpoint = tuple[str, str]
#: A method of the client: its endpoint group and its name.
ClientMethod = tuple[str, str]
#: Endpoint groups that are not part of Case Management.
OTHER_APIS = {"users", "teams"}

HEAD = """\
# Coverage

The table lists every endpoint of Case Management. Paths are below `/api/v2`. For each endpoint, the
table names the method of `cases.Client`, the resources and lookups that use this method, and the
file of the sandbox that serves the endpoint. The last column names the files that test these
resources and lookups, and those that test the sandbox's endpoint.

In addition, `tests/api/test_endpoints.py` tests each method of the client against its endpoint, and
`tests/official_client` calls each endpoint with Datadog's own client. `tools/api_coverage.py`
writes this page from the code.

| endpoint | client | resources and lookups | sandbox | tests |
|---|---|---|---|---|
"""


def main() -> None:
    """Write or check the page."""
    write_or_check(PAGE, HEAD + "".join(f"| {' | '.join(row)} |\n" for row in rows()))


def rows() -> Iterator[list[str]]:
    """Yield the rows of the table, sorted by path and HTTP method."""
    used = usage()
    sandbox_files = dict(sandbox_endpoints())
    methods: defaultdict[Endpoint, list[ClientMethod]] = defaultdict(list)
    for endpoint, method in client_endpoints():
        methods[endpoint].append(method)
    for verb, path in sorted(methods, key=lambda endpoint: (endpoint[1], endpoint[0])):
        users = sorted({user for method in methods[verb, path] for user in used[method]})
        module = sandbox_files.get((verb, without_names(path)))
        calling = {file.name for file in SANDBOX_TESTS if calls_path(file, path)}
        own = f"test_{module}.py"
        tests = {own} if own in calling else calling
        tests |= {test for _, test in users if (ROOT / "tests" / test).exists()}
        if not (module and tests):
            sys.exit(f"error: {verb} {path}: sandbox: {module}, tests: {tests or None}")
        yield [
            f"`{verb} {path}`",
            ", ".join(f"`{'.'.join(method)}`" for method in methods[verb, path]),
            ", ".join(f"`{user}`" for user, _ in users) or "none",
            f"`{module}`",
            ", ".join(f"`{Path(test).name}`" for test in sorted(tests)),
        ]


def without_names(path: str) -> str:
    """Replace each parameter with `{}`. The client and the sandbox name parameters differently."""
    return re.sub(r"{\w+}", "{}", path)


def calls_path(file: Path, path: str) -> bool:
    """Return whether a test file of the sandbox contains a path, with any parameter values."""
    pattern = without_names(path).replace("{}", r"(?:{[^}]+}|[\w-]+)")
    return bool(re.search(rf"{pattern}[\"?]", file.read_text(encoding="utf-8")))


def client_endpoints() -> Iterator[tuple[Endpoint, ClientMethod]]:
    """Yield pairs of an endpoint and the client method whose docstring names the endpoint."""
    with Client(Settings("key", "key", "https://api.datadoghq.com")) as client:
        for group, methods in vars(client).items():
            if group.startswith("_") or group in OTHER_APIS:
                continue
            for name in dir(methods):
                text = "" if name.startswith("_") else getattr(methods, name).__doc__ or ""
                if match := re.search(r"(GET|POST|PUT|PATCH|DELETE) (/[\w/{}]+)", text):
                    yield (match[1], match[2]), (group, name)


def usage() -> defaultdict[ClientMethod, set[tuple[str, str]]]:
    """Return the resources and lookups that call each client method, with their test files."""
    used: defaultdict[ClientMethod, set[tuple[str, str]]] = defaultdict(set)
    for file in sorted((PACKAGE / "resources").glob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        classes = [c.name for c in tree.body if isinstance(c, ast.ClassDef) and is_resource(c)]
        for method in client_calls(tree):
            used[method] |= {(name, f"resources/test_{file.stem}.py") for name in classes}
    for lookup in ast.parse(
        (PACKAGE / "lookups" / "functions.py").read_text(encoding="utf-8")
    ).body:
        if isinstance(lookup, ast.FunctionDef):
            for method in client_calls(lookup):
                used[method].add((lookup.name, "test_lookups.py"))
    return used


def is_resource(class_: ast.ClassDef) -> bool:
    """Return whether a class is a resource. Only resources have a nested class `Lifecycle`."""
    return any(isinstance(node, ast.ClassDef) and node.name == "Lifecycle" for node in class_.body)


def client_calls(tree: ast.AST) -> Iterator[ClientMethod]:
    """Yield the client methods that code uses.

    Finds `client.cases.get`, and also `x.get` after `x = client.cases`. Other attributes are
    yielded as well, but they match no client method.
    """
    aliases = {"Cases": "cases"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            targets, values = elements(node.targets[0]), elements(node.value)
            for target, value in zip(targets, values, strict=False):
                if isinstance(target, ast.Name) and isinstance(value, ast.Attribute):
                    aliases[target.id] = value.attr
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = node.value
            name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            yield aliases.get(name, name), node.attr


def elements(node: ast.expr) -> list[ast.expr]:
    """Return the elements of a tuple, or the expression itself."""
    return node.elts if isinstance(node, ast.Tuple) else [node]


def sandbox_endpoints() -> Iterator[tuple[Endpoint, str]]:
    """Yield each endpoint of the sandbox with the name of the endpoint's module."""
    for path, handlers in registry.routes():
        for verb, handler in handlers.items():
            yield (verb, without_names(path)), handler.__module__.rpartition(".")[2]


if __name__ == "__main__":
    main()
