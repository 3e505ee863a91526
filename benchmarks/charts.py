"""Draw the two charts of the report. They show requests and seconds by the number of rules."""

# pyright: reportUnknownMemberType=false
# Some of Matplotlib's functions pass keyword arguments on to other functions. The type hints omit
# these arguments.

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from benchmarks.results import REQUESTS, SECONDS, Results
from benchmarks.workloads import CHECK, CREATE, DESTROY, RULES

_STEPS = (CREATE, CHECK, DESTROY)
#: Colour, marker and line width by contender. Colour-blind readers can tell the colours apart.
_STYLES = {
    "ours": ("#d55e00", "o", 2.5),
    "floor": ("#999999", "", 1.5),
    "tofu": ("#0072b2", "s", 1.5),
    "naive": ("#009e73", "^", 1.5),
    "script": ("#cc79a7", "v", 1.5),
    "threads": ("#e69f00", "D", 1.5),
}


def draw(results: Results, folder: Path) -> None:
    """Write `requests.svg` and `seconds.svg`. Equal results produce identical files."""
    latency = max((key.latency for key in results.rows if key.workload == RULES.name), default=0)
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "benchmarks"}):
        for metric in (REQUESTS, SECONDS):
            figure = _figure(results, metric, latency)
            figure.savefig(folder / f"{metric}.svg", metadata={"Date": None, "Creator": None})


def _figure(results: Results, metric: str, latency: int) -> Figure:
    figure = Figure(figsize=(10, 3.6), layout="constrained")
    figure.suptitle(f"{metric.capitalize()} for N rules, at {latency} ms per request")
    panels = figure.subplots(1, len(_STEPS), sharey=True)
    for panel, step in zip(panels, _STEPS, strict=True):
        panel.set(title=step, xscale="log", yscale="log", xlabel="N")
        panel.grid(visible=True, alpha=0.3)
        for contender, (colour, marker, width) in _STYLES.items():
            if points := _points(results, metric, step, contender, latency):
                sizes, medians = zip(*points, strict=True)
                panel.plot(
                    sizes, medians, color=colour, marker=marker, linewidth=width, label=contender
                )
    panels[0].set_ylabel(metric)
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside right center")
    return figure


def _points(
    results: Results, metric: str, step: str, contender: str, latency: int
) -> Sequence[tuple[int, float]]:
    """Return pairs of N and median. Zeros are left out, because a logarithmic axis has no zero."""
    rows = ((key, results.row(key)) for key in results.keys(RULES.name, step, contender))
    return sorted(
        (key.n, median)
        for key, row in rows
        if key.latency == latency and (median := row.median(metric))
    )
