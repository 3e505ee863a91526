"""The command line: `python -m benchmarks`, which is what `make bench` runs."""

import argparse
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from benchmarks import report, startup
from benchmarks.contenders import CONTENDERS
from benchmarks.crowd import crowded
from benchmarks.measure import Results, this_machine
from benchmarks.play import Player
from benchmarks.processes import FailedError
from benchmarks.sandbox import sandbox
from benchmarks.workloads import WORKLOADS, Workload, usual_repeats

#: The last full run.
RESULTS = Path(__file__).resolve().parent / "results.json"


def main() -> None:
    """Measure, or tell anew what was measured last."""
    signal.signal(signal.SIGTERM, _terminated)
    # A shell lets what it starts in the background ignore interrupts, and so would all that is
    # started here. Pulumi then waits 5 seconds for each helper that it interrupts (tried).
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # Installed packages have been compiled, this one in the checkout is on its first use.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    parser = _parser()
    options = parser.parse_args()
    if options.report:
        report.publish(Results.read(RESULTS))
        return
    is_full = options == parser.parse_args([])
    try:
        results = _measure(options, RESULTS if is_full else options.out)
    except FailedError as error:
        sys.exit(f"error: {error}")
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
    report.show(results)
    if is_full:
        report.publish(results)


def _terminated(_number: int, _frame: FrameType | None) -> None:
    """End as an interrupt does, so that nothing is left running; told twice, it is the same."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="make bench",
        description="Measure this project and what would be used in its place, in one run. Without "
        "options: all of it, in about an hour and a half, which renews benchmarks/results.json "
        "and docs/performance.md.",
    )
    names = [*(workload.name for workload in WORKLOADS), startup.WORKLOAD]
    contenders = [contender.name for contender in CONTENDERS]
    parser.add_argument(
        "--quick", action="store_true", help="small sizes, each played once: about 5 minutes"
    )
    parser.add_argument(
        "--only", type=_list(str, names), default=names, help=f"workloads of {','.join(names)}"
    )
    parser.add_argument(
        "--contenders",
        type=_list(str, contenders),
        default=contenders,
        help=f"of {','.join(contenders)}; start-up has its own",
    )
    parser.add_argument(
        "--n", type=_list(int), help="numbers of resources, of those that there are"
    )
    parser.add_argument("--latency", type=_list(int), help="milliseconds, of those that there are")
    parser.add_argument("--repeats", type=int, help="how often each is played")
    parser.add_argument(
        "--limit", type=float, default=300, help="seconds that one operation may take"
    )
    parser.add_argument("--out", type=Path, help="a file to keep the results in, as JSON")
    parser.add_argument(
        "--report", action="store_true", help="write the report of benchmarks/results.json anew"
    )
    return parser


def _list(kind: Callable[[str], object], known: Sequence[object] = ()) -> Callable[[str], object]:
    def read(text: str) -> list[object]:
        items = [kind(item) for item in text.split(",")]
        if known and (strangers := set(items) - set(known)):
            raise argparse.ArgumentTypeError(f"unknown: {', '.join(map(str, strangers))}")
        return items

    return read


def _measure(options: argparse.Namespace, out: Path | None) -> Results:
    began = time.monotonic()

    def say(what: str) -> None:
        sys.stderr.write(f"{time.monotonic() - began:6.0f} s  {what}\n")
        sys.stderr.flush()

    results = Results(this_machine(datetime.now(UTC).date().isoformat()))
    contenders = [each for each in CONTENDERS if each.name in options.contenders]
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        api = opened.enter_context(sandbox())
        player = Player(results, contenders, options.limit, folder, say)
        if startup.WORKLOAD in options.only:
            repeats = options.repeats or (3 if options.quick else 10)
            startup.measure(results, api, folder, repeats, say)
            if out:
                results.write(out)
        for workload in WORKLOADS:
            if workload.name in options.only:
                at = opened.enter_context(crowded()) if workload.crowded else api
                for n, latency in _places(workload, options):
                    repeats = options.repeats or (1 if options.quick else usual_repeats(n, latency))
                    player.play(workload, at, n, latency, repeats)
                    if out:
                        results.write(out)
    return results


def _places(workload: Workload, options: argparse.Namespace) -> list[tuple[int, int]]:
    grid = workload.quick if options.quick else workload.full
    return [
        (n, latency)
        for n in grid.sizes
        for latency in grid.latencies
        if n in (options.n or [n]) and latency in (options.latency or [latency])
    ]


if __name__ == "__main__":
    main()
