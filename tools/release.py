"""Check that a version can be released, and print what its release says.

    python tools/release.py v0.1.0

All that stands in the way is said at once, a line for each; then it exits with 1. Otherwise the
version's section of CHANGELOG.md is printed, in Markdown.
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
GOLDEN = ROOT / "tests" / "state" / "golden"


def main() -> None:
    """Check the version that a tag names."""
    if len(sys.argv) != 2:  # noqa: PLR2004 - the program's name and the tag
        sys.exit(__doc__)
    tag = sys.argv[1]
    reasons = [*why_not(tag.removeprefix("v"), tag)]
    if reasons:
        sys.exit("\n".join(f"error: {reason}" for reason in reasons))
    print(sections()[tag.removeprefix("v")][1])


def why_not(version: str, tag: str) -> Iterator[str]:
    """What stands in the way of a release."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    if tag != (own := f"v{project['project']['version']}"):
        yield f"the tag is {tag}, but pyproject.toml's version is that of {own}"
    day, told = sections().get(version, ("", ""))
    if not (re.fullmatch(r"\d{4}-\d\d-\d\d", day) and told):
        yield (
            f"CHANGELOG.md has no section `## [{version}] - YYYY-MM-DD` with something in it: "
            "date what is under Unreleased"
        )
    if sections().get("Unreleased", ("", ""))[1]:
        yield f"CHANGELOG.md has something under Unreleased: it belongs to {version}"
    state = GOLDEN / version / "state.json"
    if not state.exists():
        yield f"there is no {state.relative_to(ROOT)}: see Release in CONTRIBUTING.md"
    elif missing := sorted(set(properties()) - declared(state)):
        names = ", ".join(missing)
        yield f"{state.relative_to(ROOT)} has no {names}: see Release in CONTRIBUTING.md"


def sections() -> dict[str, tuple[str, str]]:
    """By version, the day and the text of CHANGELOG.md's sections."""
    _, *parts = re.split(r"^## ", CHANGELOG.read_text(encoding="utf-8"), flags=re.MULTILINE)
    heads = (part.partition("\n") for part in parts)
    return {
        name.strip(" []"): (day.strip(), text.strip())
        for head, _, text in heads
        for name, _, day in [head.partition(" - ")]
    }


def properties() -> Iterator[str]:
    """What a program can declare: `CaseView.query`."""
    for name in resources.__all__:
        exported: type = getattr(resources, name)
        if issubclass(exported, CaseResource):
            inputs = exported.Provider.resource_type.inputs.values()
            # What a create is told and no object has stands in no state.
            yield from (f"{name}.{p.name}" for p in inputs if not p.adopts)


def declared(state: Path) -> set[str]:
    """What the program has declared that left a state."""
    found = json.loads(state.read_text(encoding="utf-8"))["deployment"]["resources"]
    return {
        f"{resource['type'].rpartition(':')[2]}.{name}"
        for resource in found
        for name in resource.get("inputs", {})
    }


if __name__ == "__main__":
    main()
