"""Generate the SDKs of the native plugin for Python, TypeScript and Go.

    python -m tools.sdks FOLDER

Writes FOLDER/schema.json, and the SDKs to FOLDER/python, FOLDER/nodejs and FOLDER/go. Needs Go,
with which it runs the program `tools/pulumi/cli/sdks`. YAML programs need no SDK.
"""

import json
import shutil
import sys
from pathlib import Path

from pulumi_datadog_cases.plugin.package import package_schema
from tools.pulumi.get_pulumi import CLI_MODULE, UnavailableError, go


def generate(folder: Path) -> None:
    """Replace the SDKs in a folder.

    Raises:
        UnavailableError: Go is missing, or the generator fails.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    schema = folder.resolve() / "schema.json"
    schema.write_text(json.dumps(package_schema(), indent=2) + "\n", encoding="utf-8")
    go(
        ["run", "-mod=readonly", "-trimpath", "./sdks", str(schema), str(folder.resolve())],
        CLI_MODULE,
    )


def main(arguments: list[str]) -> None:
    """Generate the SDKs; exit with an error if that fails."""
    if len(arguments) != 1:
        sys.exit("usage: python -m tools.sdks FOLDER")
    try:
        generate(Path(arguments[0]))
    except UnavailableError as error:
        sys.exit(f"error: the SDKs cannot be generated: {error}")
    print(arguments[0])


if __name__ == "__main__":
    main(sys.argv[1:])
