"""Telling what was measured: in the terminal, and in `docs/performance.md`."""

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from string import Template

from rich.console import Console
from rich.table import Table

from benchmarks import charts, startup
from benchmarks.contenders import CONTENDERS
from benchmarks.formulas import Finding
from benchmarks.goals import GOALS, Verdict
from benchmarks.measure import ASKING, MEMORY, REQUESTS, SECONDS, STATE, Key, Results
from benchmarks.workloads import WORKLOADS

ROOT = Path(__file__).resolve().parent.parent
#: What people have written of it.
TEMPLATE = Path(__file__).resolve().parent / "performance.md"
PAGE = ROOT / "docs" / "performance.md"
CHARTS = ROOT / "docs" / "performance"

Rows = Sequence[Sequence[str]]
_WIDE = 180
GOAL_COLUMNS = ("goal", "measured", "limit", "where", "holds")


def show(results: Results) -> None:
    """Print the figures and how the goals stand."""
    # In a file, lines may be as long as the tables need.
    console = Console(width=None if sys.stdout.isatty() else _WIDE)
    for about, columns, rows in _tables(results):
        _print(console, about, columns, rows)
    _print(console, "why there is no figure", ("what", "why"), [*_failures(results)])
    _print(console, "the goals", GOAL_COLUMNS, [*_goals(results)])


def publish(results: Results) -> None:
    """Write the page and its charts."""
    CHARTS.mkdir(exist_ok=True)
    charts.draw(results, CHARTS)
    PAGE.write_text(page(results), encoding="utf-8")


def page(results: Results) -> str:
    """The page, in Markdown."""
    tables = (
        f"### {about[0].upper()}{about[1:]}\n\n{_markdown(columns, rows)}"
        for about, columns, rows in _tables(results)
    )
    return Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        contenders=_markdown(("name", "what it is"), [(c.name, c.about) for c in CONTENDERS]),
        machine=_markdown(("", ""), [*results.machine.items()]),
        goals=_markdown(GOAL_COLUMNS, [*_goals(results)]),
        missed=_missed(results),
        tables="\n".join(tables),
        failures=_markdown(("what", "why"), [*_failures(results)]),
    )


def _goals(results: Results) -> Iterator[Sequence[str]]:
    for verdict in (goal.judge(results) for goal in GOALS):
        if not verdict.findings:
            yield verdict.goal.says, "", "", "", verdict.holds
            continue
        worst = verdict.findings[0]
        yield verdict.goal.says, _told(verdict, worst), _limit(worst), worst.where, verdict.holds


def _missed(results: Results) -> str:
    """Each figure beyond its limit, and by how much."""
    lines = [
        f"- {verdict.goal.says}. {finding.where}: {_told(verdict, finding)}, limit "
        f"{_limit(finding)}, beyond it by {finding.strain - 1:.0%}"
        for verdict in (goal.judge(results) for goal in GOALS)
        for finding in verdict.missed
    ]
    return "\n".join(lines) or "None is."


def _told(verdict: Verdict, finding: Finding) -> str:
    return f"{finding.measured:,.4g} {verdict.goal.unit}"


def _limit(finding: Finding) -> str:
    if finding.least == finding.most:
        return f"= {finding.most:,.4g}"
    return f"≥ {finding.least:,.4g}" if finding.least else f"≤ {finding.most:,.4g}"


def _tables(results: Results) -> Iterator[tuple[str, Sequence[str], Rows]]:
    """A table for each workload: contenders side by side."""
    about = {each.name: f"{each.name}: {each.about}" for each in WORKLOADS}
    about[startup.WORKLOAD] = f"{startup.WORKLOAD}: of one rule"
    for workload, title in about.items():
        keys = [key for key in results.rows if key.workload == workload]
        contenders = [*dict.fromkeys(key.contender for key in keys)]
        if not keys:
            continue
        places = {(key.step, key.n, key.latency): None for key in keys}
        rows = [
            [step, f"{n:,}", f"{latency}"]
            + [_cell(results, Key(workload, step, name, n, latency)) for name in contenders]
            for step, n, latency in _ordered(places)
        ]
        yield title, ["step", "N", "ms", *contenders], rows


def _ordered(places: Iterable[tuple[str, int, int]]) -> Iterator[tuple[str, int, int]]:
    """Steps in the order in which they are played, each by size and latency."""
    steps = defaultdict[str, list[tuple[str, int, int]]](list)
    for place in places:
        steps[place[0]].append(place)
    for of_step in steps.values():
        yield from sorted(of_step)


def _cell(results: Results, key: Key) -> str:
    """`2.31 s ± 0.12, 100 requests`: the median, half of the spread, and what else there is."""
    row = results.row(key)
    seconds = row.median(SECONDS)
    if seconds is None:
        return "no figure" if row.failure else ""
    told = f"{seconds:.2f} s"
    if spread := row.spread(SECONDS):
        told += f" ± {spread / 2:.2f}"
    for quantity, scale, unit in (
        (REQUESTS, 1, "req"),
        (ASKING, 1, "s asking"),
        (STATE, 1000 * key.n, "kB/res"),
        (MEMORY, 1_000_000, "MB"),
    ):
        figure = row.median(quantity)
        if figure is not None:
            told += f", {figure / scale:,.4g} {unit}"
    return told


def _failures(results: Results) -> Iterator[Sequence[str]]:
    """Why there is no figure, told once for all sizes for which it is the same."""
    reasons: dict[tuple[str, str, str, str], list[str]] = {}
    for key, row in results.rows.items():
        if row.failure:
            same = (key.workload, key.step, key.contender, row.failure)
            reasons.setdefault(same, []).append(f"{key.n:,} at {key.latency} ms")
    for (workload, step, contender, why), places in reasons.items():
        yield f"{contender}, {workload}: {step}, N = {'; '.join(places)}", why


def _print(console: Console, title: str, columns: Sequence[str], rows: Rows) -> None:
    if not rows:
        return
    table = Table(*columns, title=title, title_justify="left")
    for row in rows:
        table.add_row(*row)
    console.print(table)


def _markdown(columns: Sequence[str], rows: Rows) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join(f"| {' | '.join(map(_escaped, line))} |\n" for line in lines)


def _escaped(cell: str) -> str:
    return cell.replace("|", "\\|").replace("\n", " ")
