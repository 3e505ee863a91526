"""`datadog-cases import`: a program, and a state, for what is there."""

import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import chdir, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pulumi_datadog_cases.cli.common import (
    FAILED,
    WRONG_USAGE,
    AsJson,
    CommandError,
    case_queries,
    connect,
    find_project,
    print_json,
    print_table,
    printable,
    progress,
)

if TYPE_CHECKING:
    from pulumi_datadog_cases.api import Client
    from pulumi_datadog_cases.cli.codegen import Declaration
    from pulumi_datadog_cases.cli.inventory import InventoryItem
    from pulumi_datadog_cases.cli.state import StackState

_PROGRAM, _IMPORTS, _PROJECT = "__main__.py", "import.json", "Pulumi.yaml"


def import_(  # noqa: PLR0913 - one for each option
    *,
    out: Annotated[Path, typer.Option("--out", help="The folder to write the program into.")],
    project: Annotated[
        list[str] | None,
        typer.Option(help="Key or UUID of a project to import; may be given several times."),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Import every project, and what belongs to none.")
    ] = False,
    cases: Annotated[
        str | None,
        typer.Option(help="Import cases too: a filter as in the search bar, '*' for every one."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Write over the program that is there.")
    ] = False,
    run: Annotated[
        bool, typer.Option("--run", help="Run `pulumi import` on the folder's stack.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write a Pulumi program for what is there, and the file by which a stack takes it over.

    Objects that the folder's stack already has are left alone: it can be run again.

    Exit code: 0; 1 where something could not be read, and the rest was written; 2 wrong usage.
    """
    from pulumi_datadog_cases.cli.codegen import (  # noqa: PLC0415 - `--help` is to be quick
        declare,
        program,
    )
    from pulumi_datadog_cases.cli.state import (  # noqa: PLC0415 - as above
        StackState,
        import_file,
        import_into_stack,
    )

    if everything is bool(project):
        raise CommandError("say what to import: --all, or --project once or more", WRONG_USAGE)
    target = out / _PROGRAM
    if target.exists() and not force:
        raise CommandError(
            f"{target} is there already and is not written over: give another folder, or --force",
            WRONG_USAGE,
        )
    is_project = (out / _PROJECT).exists()
    stack = StackState.of(out) if is_project else StackState(is_selected=False)
    if run and not stack.is_selected:
        raise CommandError(
            f"--run takes objects into a stack, and none is selected in {out}: leave it out, then "
            f"`pulumi --cwd {out} stack init …` and run what is printed",
            WRONG_USAGE,
        )
    if more := _not_to_be_written(stack):
        raise CommandError(
            f"the stack of {out} has {more}, and `pulumi up` would undo that: import into a folder "
            "of its own, and take over by hand what is new",
            WRONG_USAGE,
        )
    with chdir(out) if is_project else nullcontext(), connect() as client:
        found, missing = _read(client, project or [], cases)
    objects = {each.at: each for each in found}
    objects |= {each.found.at: each.found for each in stack.objects}
    names = {each.found.at: each.name for each in stack.objects}
    declarations = declare([*objects.values()], names)
    new = [each for each in declarations if each.found.at not in names]
    files = {target: program(_about(project), declarations)}
    if new:
        files[out / _IMPORTS] = import_file(new)
    if not is_project:
        files[out / _PROJECT] = f"name: {out.resolve().name}\nruntime: python\n"
    _write(out, files)
    if run and new:
        import_into_stack(out, out / _IMPORTS)
        (out / _IMPORTS).unlink()
    _tell(out, new, declarations, missing, taken_over=run, as_json=as_json)
    raise typer.Exit(FAILED if missing else 0)


def _read(
    client: "Client", named: Sequence[str], cases: str | None
) -> "tuple[list[InventoryItem], Sequence[str]]":
    """What there is, and what could not be read."""
    from pulumi_datadog_cases.cli.inventory import Inventory  # noqa: PLC0415 - as above

    projects = {find_project(client, each).id for each in named} or None
    with progress("reading the organisation") as advance:
        census = Inventory(client, advance)
        return census.read(projects, case_queries(cases)), census.missing


def _not_to_be_written(stack: "StackState") -> str | None:
    """What a stack has that a program which is written here would not declare."""
    if stack.others:
        return f"{stack.others[0]}, which is not of Case Management"
    for each in stack.objects:
        if each.secret:
            return f"a secret in {each.name}, which must not stand in a program in plain text"
        if each.has_options or each.config is not None:
            return f"options of Pulumi's on {each.name}"
    return None


def _about(project: Sequence[str] | None) -> str:
    what = f"The project {', '.join(project)}" if project else "The organisation"
    return f"{what}, as it was found."


def _write(out: Path, files: Mapping[Path, str]) -> None:
    """Write files, each of them whole or not at all."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=".import-") as unfinished:
        for path, text in files.items():
            (Path(unfinished) / path.name).write_text(text, encoding="utf-8")
        for path in files:
            (Path(unfinished) / path.name).replace(path)


def _tell(  # noqa: PLR0913 - all there is to tell
    out: Path,
    new: "Sequence[Declaration]",
    declarations: "Sequence[Declaration]",
    missing: Sequence[str],
    *,
    taken_over: bool,
    as_json: bool,
) -> None:
    kinds = Counter(each.found.resource_type.name for each in new)
    if as_json:
        print_json(
            {
                "program": str(out / _PROGRAM),
                "import_file": str(out / _IMPORTS) if new and not taken_over else None,
                "imported": dict(kinds),
                "left_alone": len(declarations) - len(new),
                "missing": [*missing],
            }
        )
        return
    print_table(["kind", "new"], [[name, str(count)] for name, count in sorted(kinds.items())])
    left = len(declarations) - len(new)
    typer.echo(f"{out / _PROGRAM} declares {len(declarations)} objects, {left} of them as before.")
    for line in missing:
        typer.echo(f"missing: {printable(line)}", err=True)
    if taken_over or not new:
        typer.echo("The stack knows them all: `pulumi preview` shows what would change.")
        return
    typer.echo(
        f"Next, with a stack selected in {out}:\n"
        f"  pulumi --cwd {out} import --file {_IMPORTS} --generate-code=false --protect=false"
    )
