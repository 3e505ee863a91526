"""Show results in the terminal, and write them to the pages on performance in `docs/`."""

import sys
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from string import Template

from rich.console import Console
from rich.table import Table

from benchmarks import charts, startup
from benchmarks.contenders import CONTENDERS
from benchmarks.formulas import UNLIMITED, Figure
from benchmarks.goals import GOALS, Goal
from benchmarks.results import API_SECONDS, MEMORY, REQUESTS, SECONDS, STATE, Key, Results
from benchmarks.workloads import CASES, CHECK, CREATE, NO_CHANGES, RULES, WORKLOADS

ROOT = Path(__file__).resolve().parent.parent
#: The texts of the pages, with placeholders such as `$goals` for the tables. A page has the same
#: path in `docs/` as its text in this folder.
TEMPLATES = Path(__file__).resolve().parent / "pages"
DOCS = ROOT / "docs"
CHARTS = DOCS / "performance"

Rows = Sequence[Sequence[str]]
_FILE_WIDTH = 180
GOAL_COLUMNS = ("goal", "measured", "limit", "scenario", "met")
FAILURE_COLUMNS = ("scenario", "reason")
#: The scenarios of the short page: a description, the workload, the step, N and the latency.
SUMMARY = (
    ("create 10 rules", RULES, CREATE, 10, 50),
    ("create 500 rules", RULES, CREATE, 500, 200),
    ("deploy 100 rules without changes", RULES, NO_CHANGES, 100, 200),
    ("check 500 rules for drift", RULES, CHECK, 500, 200),
    ("check 500 cases for drift", CASES, CHECK, 500, 200),
)
SUMMARY_CONTENDERS = ("ours", "tofu", "threads")


def show(results: Results) -> None:
    """Print the figures and whether the goals are met."""
    console = Console(width=None if sys.stdout.isatty() else _FILE_WIDTH)
    for title, columns, rows in _tables(results):
        _print(console, title, columns, rows)
    _print(console, "missing figures", FAILURE_COLUMNS, [*_failures(results)])
    _print(console, "goals", GOAL_COLUMNS, [*_goals(results)])


def publish(results: Results) -> None:
    """Write the pages and their charts."""
    CHARTS.mkdir(exist_ok=True)
    charts.draw(results, CHARTS)
    for path, text in pages(results).items():
        (DOCS / path).write_text(text, encoding="utf-8")


def pages(results: Results) -> Mapping[Path, str]:
    """Return the pages in Markdown, by their paths in `docs/`."""
    tables = (
        f"### {title[0].upper()}{title[1:]}\n\n{_markdown(columns, rows)}"
        for title, columns, rows in _tables(results)
    )
    values = {
        "summary": _markdown(("step", "latency", *SUMMARY_CONTENDERS), [*_summary(results)]),
        "contenders": _markdown(("name", "description"), [(c.name, c.about) for c in CONTENDERS]),
        "machine": _markdown(("", ""), [*results.machine.items()]),
        "goals": _markdown(GOAL_COLUMNS, [*_goals(results)]),
        "missed": _missed(results),
        "tables": "\n".join(tables),
        "failures": _markdown(FAILURE_COLUMNS, [*_failures(results)]),
    }
    return {
        file.relative_to(TEMPLATES): Template(file.read_text(encoding="utf-8")).substitute(values)
        for file in sorted(TEMPLATES.rglob("*.md"))
    }


def _summary(results: Results) -> Iterator[Sequence[str]]:
    """Yield the rows of the short page's table."""
    for title, workload, step, n, latency in SUMMARY:
        keys = (Key(workload.name, step, name, n, latency) for name in SUMMARY_CONTENDERS)
        yield title, f"{latency} ms", *(_cell(results, key, (REQUESTS,)) for key in keys)


def _goals(results: Results) -> Iterator[Sequence[str]]:
    """Yield one row for each goal. The row shows the figure that is worst relative to its limit."""
    for goal in GOALS:
        verdict = goal.evaluate(results)
        if verdict.figures:
            worst = verdict.figures[0]
            cells = _value(goal, worst), _limit(worst), worst.scenario
        else:
            cells = "", "", ""
        yield goal.text, *cells, verdict.summary


def _missed(results: Results) -> str:
    """Return a list of the figures that miss their limits."""
    lines = [
        f"- {goal.text}. {figure.scenario}: {_value(goal, figure)}, limit {_limit(figure)}, "
        f"missed by {figure.limit_ratio - 1:.0%}"
        for goal in GOALS
        for figure in goal.evaluate(results).missed
    ]
    return "\n".join(lines) or "None."


def _value(goal: Goal, figure: Figure) -> str:
    return f"{figure.value:,.4g} {goal.unit}"


def _limit(figure: Figure) -> str:
    if figure.minimum == figure.maximum:
        return f"= {figure.maximum:,.4g}"
    if not figure.minimum:
        return f"≤ {figure.maximum:,.4g}"
    if figure.maximum == UNLIMITED:
        return f"≥ {figure.minimum:,.4g}"
    return f"{figure.minimum:,.4g} to {figure.maximum:,.4g}"


def _tables(results: Results) -> Iterator[tuple[str, Sequence[str], Rows]]:
    """Yield the title, the columns and the rows of each workload's table.

    A table has one column for each contender.
    """
    titles = {each.name: f"{each.name}: {each.about}" for each in WORKLOADS}
    titles[startup.WORKLOAD] = f"{startup.WORKLOAD}: one rule"
    for workload, title in titles.items():
        keys = [key for key in results.rows if key.workload == workload]
        contenders = [*dict.fromkeys(key.contender for key in keys)]
        if not keys:
            continue
        scenarios = dict.fromkeys((key.step, key.n, key.latency) for key in keys)
        rows = [
            [step, f"{n:,}", f"{latency}"]
            + [_cell(results, Key(workload, step, name, n, latency)) for name in contenders]
            for step, n, latency in _sorted(scenarios)
        ]
        yield title, ["step", "N", "ms", *contenders], rows


def _sorted(scenarios: Iterable[tuple[str, int, int]]) -> Iterator[tuple[str, int, int]]:
    """Yield the scenarios grouped by step. Within a step, they are sorted by size and latency."""
    by_step = defaultdict[str, list[tuple[str, int, int]]](list)
    for scenario in scenarios:
        by_step[scenario[0]].append(scenario)
    for of_step in by_step.values():
        yield from sorted(of_step)


def _cell(
    results: Results, key: Key, metrics: Collection[str] = (REQUESTS, API_SECONDS, STATE, MEMORY)
) -> str:
    """Return the text of a cell, such as `2.31 s ± 0.12, 100 req`.

    The cell contains the median of the seconds, half of their spread, and the other metrics.
    """
    row = results.row(key)
    seconds = row.median(SECONDS)
    if seconds is None:
        return "no figure" if row.failure else ""
    text = f"{seconds:.2f} s"
    if spread := row.spread(SECONDS):
        text += f" ± {spread / 2:.2f}"
    for metric, scale, unit in (
        (REQUESTS, 1, "req"),
        (API_SECONDS, 1, "s API"),
        (STATE, 1000 * key.n, "kB/res"),
        (MEMORY, 1_000_000, "MB"),
    ):
        median = row.median(metric)
        if metric in metrics and median is not None:
            text += f", {median / scale:,.4g} {unit}"
    return text


def _failures(results: Results) -> Iterator[Sequence[str]]:
    """Yield one row for each contender, step and reason why figures are missing.

    The row lists all sizes at which figures are missing for this reason.
    """
    sizes: dict[tuple[str, str, str, str], list[str]] = {}
    for key, row in results.rows.items():
        if row.failure:
            group = (key.workload, key.step, key.contender, row.failure)
            sizes.setdefault(group, []).append(f"{key.n:,} at {key.latency} ms")
    for (workload, step, contender, reason), of_group in sizes.items():
        yield f"{contender}, {workload}: {step}, N = {'; '.join(of_group)}", reason


def _print(console: Console, title: str, columns: Sequence[str], rows: Rows) -> None:
    if not rows:
        return
    table = Table(*columns, title=title, title_justify="left")
    for row in rows:
        table.add_row(*row)
    console.print(table)


def _markdown(columns: Sequence[str], rows: Rows) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join(f"| {' | '.join(map(_escape, line))} |\n" for line in lines)


def _escape(cell: str) -> str:
    return cell.replace("|", "\\|").replace("\n", " ")
