"""Write the generated tables of the pages in `docs/`.

    python -m tools.docs.tables           write the tables
    python -m tools.docs.tables --check   exit with an error if a table is stale

The tables are in the files, so that they can also be read in the repository. A page marks the place
of a table with two comments, which contain the name of the table: see `TABLES` and `_PLACE`.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from pulumi_datadog_cases.cli.inventory import RESOURCE_TYPES
from tools.docs import configuration, lookups, resources
from tools.docs.examples import examples_table
from tools.generated import ROOT, write_or_check

TABLES: Final[Mapping[str, Callable[[], str]]] = {
    "examples": examples_table,
    "lookups": lookups.lookups_table,
    "resources": lambda: resources.resources_table(RESOURCE_TYPES.values()),
    "scopes": configuration.scopes_table,
    "settings": configuration.settings_table,
    "sites": configuration.sites_table,
}
_PLACE: Final = re.compile(
    r"(?P<begin><!-- (?P<name>\w+): written by `make generate` -->\n).*?(?P<end><!-- end -->\n)",
    re.DOTALL,
)


def main() -> None:
    """Write or check the tables of all pages."""
    for page in sorted((ROOT / "docs").rglob("*.md")):
        text = page.read_text(encoding="utf-8")
        write_or_check(page, _PLACE.sub(_filled, text))


def _filled(place: re.Match[str]) -> str:
    return f"{place['begin']}{TABLES[place['name']]()}{place['end']}"


if __name__ == "__main__":
    main()
