"""Check that a version can be released, and print its release notes.

    python tools/release.py v0.1.0

If the version cannot be released, the program prints one line per problem and exits with 1.
Otherwise it prints the version's section of CHANGELOG.md, in Markdown.
"""

import json
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from pulumi_datadog_cases import resources
from pulumi_datadog_cases.resources._shared.base import CaseResource

ROOT = Path(__file__).resolve().parent.parent
CHANGELOG = ROOT / "CHANGELOG.md"
#: This folder has a subfolder for each released version, with a Pulumi state of that version.
GOLDEN = ROOT / "tests" / "state" / "golden"


def main() -> None:
    """Check the version of the tag on the command line."""
    if len(sys.argv) != 2:  # noqa: PLR2004 - the program's name and the tag
        sys.exit(__doc__)
    tag = sys.argv[1]
    found = [*problems(tag.removeprefix("v"), tag)]
    if found:
        sys.exit("\n".join(f"error: {problem}" for problem in found))
    print(changelog()[tag.removeprefix("v")][1])


def problems(version: str, tag: str) -> Iterator[str]:
    """Yield each reason why the version cannot be released."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    if tag != (expected := f"v{project['project']['version']}"):
        yield f"the tag is {tag}, but the version in pyproject.toml needs the tag {expected}"
    date, text = changelog().get(version, ("", ""))
    if not (re.fullmatch(r"\d{4}-\d\d-\d\d", date) and text):
        yield (
            f"CHANGELOG.md has no section `## [{version}] - YYYY-MM-DD`, or it is empty: move the "
            "entries under Unreleased to this section"
        )
    if changelog().get("Unreleased", ("", ""))[1]:
        yield f"CHANGELOG.md has entries under Unreleased: move them to {version}"
    state = GOLDEN / version / "state.json"
    if not state.exists():
        yield f"{state.relative_to(ROOT)} does not exist: see Release in CONTRIBUTING.md"
    elif missing := sorted(set(properties()) - properties_in(state)):
        names = ", ".join(missing)
        yield f"{state.relative_to(ROOT)} has no {names}: see Release in CONTRIBUTING.md"


def changelog() -> dict[str, tuple[str, str]]:
    """Return the date and the text of each section of CHANGELOG.md, by version."""
    _, *sections = re.split(r"^## ", CHANGELOG.read_text(encoding="utf-8"), flags=re.MULTILINE)
    parts = (section.partition("\n") for section in sections)
    return {
        name.strip(" []"): (date.strip(), text.strip())
        for heading, _, text in parts
        for name, _, date in [heading.partition(" - ")]
    }


def properties() -> Iterator[str]:
    """Yield every input property that a Pulumi state can contain, such as `CaseView.query`."""
    for name in resources.__all__:
        exported: type = getattr(resources, name)
        if issubclass(exported, CaseResource):
            inputs = exported.Provider.resource_type.inputs.values()
            # `adopt` affects only the creation of a resource, so no state contains `adopt`.
            yield from (f"{name}.{p.name}" for p in inputs if not p.adopts)


def properties_in(state: Path) -> set[str]:
    """Return the input properties that a Pulumi state contains, such as `CaseView.query`."""
    deployed = json.loads(state.read_text(encoding="utf-8"))["deployment"]["resources"]
    return {
        f"{resource['type'].rpartition(':')[2]}.{name}"
        for resource in deployed
        for name in resource.get("inputs", {})
    }


if __name__ == "__main__":
    main()
