"""Translate the example of each resource for programs in other languages.

    python -m tools.translations           write the file
    python -m tools.translations --check   exit with an error if the file is stale

Pulumi's generators write TypeScript and Go. They run only if an example has changed, and need Go.
"""

import json
import re
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pulumi_datadog_cases.cli.inventory import RESOURCE_TYPES
from tools.docs.examples import TRANSLATIONS, translations, usages
from tools.docs.programs import Program, UntranslatableError, pcl, program_of, yaml_program
from tools.generated import write_or_check
from tools.pulumi.get_pulumi import CLI_MODULE, UnavailableError, go
from tools.schema import schema

#: The name of the PCL program among the translations of an example.
SOURCE: Final = "pcl"


def main() -> None:
    """Write or check the file."""
    programs = {name: _program(name) for name in RESOURCE_TYPES}
    sources = {name: pcl(program) for name, program in programs.items()}
    known: Mapping[str, Mapping[str, str]] = translations() if TRANSLATIONS.exists() else {}
    changed = {
        name: source
        for name, source in sources.items()
        if known.get(name, {}).get(SOURCE) != source
    }
    try:
        generated = {**known, **translate(changed)}
    except UnavailableError as error:
        sys.exit(f"the examples of {', '.join(changed)} cannot be translated: {error}")
    document = {
        name: {
            **generated[name],
            SOURCE: source,
            "yaml": yaml_program(programs[name]),
        }
        for name, source in sources.items()
    }
    text = json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True)
    write_or_check(TRANSLATIONS, f"{text}\n")


def _program(name: str) -> Program:
    usage = usages().get(name)
    if usage is None:
        sys.exit(f"no example declares a {name}: add one to examples/")
    try:
        return program_of(usage.example.program, usage.code)
    except UntranslatableError as error:
        file = f"examples/{usage.example.name}/__main__.py"
        sys.exit(f"{file} has an example of {name} that other languages cannot express: {error}")


def translate(programs: Mapping[str, str]) -> Mapping[str, Mapping[str, str]]:
    """Translate PCL programs into TypeScript and Go.

    Raises:
        UnavailableError: Go is missing, or the generator fails.
    """
    if not programs:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        request = Path(folder, "request.json")
        content = {"schema": _without_enums(schema()), "programs": programs}
        request.write_text(json.dumps(content), encoding="utf-8")
        command = ["run", "-mod=readonly", "-trimpath", "./translate", str(request)]
        answer = go(command, CLI_MODULE)
    translated: dict[str, dict[str, str]] = json.loads(answer)
    return {name: {**each, "go": _corrected_go(each["go"])} for name, each in translated.items()}


def _without_enums(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return a schema with strings in place of open enums.

    The generators would write the names of the generated constants, of which several are wrong.
    """
    match value:
        case {"oneOf": [{"type": "string"}, {"$ref": _}]}:
            return {"type": "string"}
        case {**members}:
            return {name: _without_enums(each) for name, each in members.items()}
        case [*items]:
            return [_without_enums(each) for each in items]
        case _:
            return value


def _corrected_go(program: str) -> str:
    """Correct two faults of Pulumi's generator for Go.

    - The SDK calls a lookup `LookupCase` if `GetCase` reads a resource. The generator does not.
    - The generator writes `pulumi.Any{...}` for a list, but `pulumi.Any` is a function.
    """
    read_by_resource = "|".join(RESOURCE_TYPES)
    program = re.sub(rf"\.Get({read_by_resource})(?=\(|Args)", r".Lookup\1", program)
    return re.sub(r"pulumi\.Any\{(.*?\n\t*)\}", r"pulumi.Any([]any{\1})", program, flags=re.DOTALL)


if __name__ == "__main__":
    main()
