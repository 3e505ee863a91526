"""The command line of `make bench`: `python -m benchmarks`."""

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
from benchmarks.populated import populated_sandbox
from benchmarks.processes import OperationFailedError
from benchmarks.results import Results, describe_machine
from benchmarks.runner import Runner
from benchmarks.sandbox import sandbox
from benchmarks.workloads import WORKLOADS, Workload, default_repeats

#: The results of the last full run.
RESULTS = Path(__file__).resolve().parent / "results.json"


def main() -> None:
    """Measure, or write the report of the last full run."""
    signal.signal(signal.SIGTERM, _terminate)
    # A process that a shell starts in the background ignores interrupts, and so do its children.
    # Pulumi stops each plugin with an interrupt, and waits 5 seconds if the plugin ignores the
    # interrupt (tried). The next line makes this process and its children accept interrupts.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # With this variable, Python would not store the bytecode of this checkout, and each start would
    # compile it again. Users run installed packages, whose bytecode is stored.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    parser = _parser()
    options = parser.parse_args()
    if options.report:
        report.publish(Results.read(RESULTS))
        return
    is_full = options == parser.parse_args([])
    try:
        results = _measure(options, RESULTS if is_full else options.out)
    except OperationFailedError as error:
        sys.exit(f"error: {error}")
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
    report.show(results)
    if is_full:
        report.publish(results)


def _terminate(_number: int, _frame: FrameType | None) -> None:
    """Handle a SIGTERM like an interrupt: kill all started processes, and stop.

    Further SIGTERMs are ignored.
    """
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="make bench",
        description="Measure this project and its alternatives in one run. Without options, "
        "measure everything, and update benchmarks/results.json and the pages on performance in "
        "docs/. This takes about an hour and a half.",
    )
    names = [*(workload.name for workload in WORKLOADS), startup.WORKLOAD]
    contenders = [contender.name for contender in CONTENDERS]
    parser.add_argument(
        "--quick",
        action="store_true",
        help="measure only small sizes, and each only once; this takes about 5 minutes",
    )
    parser.add_argument(
        "--only",
        type=_list(str, names),
        default=names,
        help=f"run only these workloads: {','.join(names)}",
    )
    parser.add_argument(
        "--contenders",
        type=_list(str, contenders),
        default=contenders,
        help=f"run only these contenders: {','.join(contenders)}; the workload "
        f"{startup.WORKLOAD} ignores this option",
    )
    parser.add_argument("--n", type=_list(int), help="measure only with these numbers of resources")
    parser.add_argument(
        "--latency", type=_list(int), help="measure only with these latencies, in milliseconds"
    )
    parser.add_argument("--repeats", type=int, help="how often each step is measured")
    parser.add_argument(
        "--limit", type=float, default=300, help="time limit of an operation, in seconds"
    )
    parser.add_argument("--out", type=Path, help="write the results to this file, as JSON")
    parser.add_argument(
        "--report",
        action="store_true",
        help="do not measure; only write the pages again from benchmarks/results.json",
    )
    return parser


def _list(
    convert: Callable[[str], object], allowed: Sequence[object] = ()
) -> Callable[[str], object]:
    """Return a function with which argparse parses an option with comma-separated values."""

    def parse(text: str) -> list[object]:
        values = [convert(value) for value in text.split(",")]
        if allowed and (unknown := set(values) - set(allowed)):
            raise argparse.ArgumentTypeError(f"unknown: {', '.join(map(str, unknown))}")
        return values

    return parse


def _measure(options: argparse.Namespace, out: Path | None) -> Results:
    started = time.monotonic()

    def log(line: str) -> None:
        sys.stderr.write(f"{time.monotonic() - started:6.0f} s  {line}\n")
        sys.stderr.flush()

    results = Results(describe_machine(datetime.now(UTC).date().isoformat()))
    contenders = [each for each in CONTENDERS if each.name in options.contenders]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        api = stack.enter_context(sandbox())
        runner = Runner(results, contenders, options.limit, folder, log)
        if startup.WORKLOAD in options.only:
            repeats = options.repeats or (3 if options.quick else 10)
            startup.measure(results, api, folder, repeats, log)
            if out:
                results.write(out)
        for workload in WORKLOADS:
            if workload.name in options.only:
                populated = workload.populated
                used = stack.enter_context(populated_sandbox()) if populated else api
                for n, latency in _sizes(workload, options):
                    default = 1 if options.quick else default_repeats(n, latency)
                    runner.run(workload, used, n, latency, options.repeats or default)
                    if out:
                        results.write(out)
    return results


def _sizes(workload: Workload, options: argparse.Namespace) -> list[tuple[int, int]]:
    """Return the pairs of size and latency that the options select."""
    grid = workload.quick if options.quick else workload.full
    return [
        (n, latency)
        for n in grid.sizes
        for latency in grid.latencies
        if n in (options.n or [n]) and latency in (options.latency or [latency])
    ]


if __name__ == "__main__":
    main()
