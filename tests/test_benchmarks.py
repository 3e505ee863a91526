"""Tests of the benchmarks (`make bench`): measurements, goals and report."""

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest
import requests

from benchmarks import charts, processes, report, startup
from benchmarks.contenders import CONTENDERS
from benchmarks.contenders.base import Contender, Plan, UnsupportedError
from benchmarks.contenders.script import Script
from benchmarks.goals import GOALS, Goal
from benchmarks.results import API_SECONDS, MEMORY, REQUESTS, SECONDS, STATE, Key, Results
from benchmarks.runner import Runner
from benchmarks.sandbox import KEYS, Sandbox
from benchmarks.workloads import CHECK, CREATE, DESTROY, RULES, WORKLOADS

if TYPE_CHECKING:
    from tests.conftest import Organization

#: One measured sample of each metric, for one resource.
SAMPLES = {SECONDS: 1.0, REQUESTS: 1, STATE: 1000, MEMORY: 1_000_000, API_SECONDS: 1.0}
THOUSANDFOLD = {metric: 1000 * sample for metric, sample in SAMPLES.items()}


def full_run(
    ours: dict[str, float], native: dict[str, float] = SAMPLES, failure: str | None = None
) -> Results:
    """Return results of a full run, with N times the given samples for N resources.

    The contenders `ours` and `native` are this project. They have the samples of the parameters
    `ours` and `native`. All other contenders have `SAMPLES`. If `failure` is set, the contender
    `ours` also has this failure.
    """
    results = Results({"processors": "2"})
    keys = [
        Key(workload.name, step.name, contender.name, n, latency)
        for workload in WORKLOADS
        for step in workload.steps
        for contender in CONTENDERS
        for n in workload.full.sizes
        for latency in workload.full.latencies
    ]
    for step in (startup.IMPORT, startup.READY, startup.FIRST_REQUEST):
        keys += [Key(startup.WORKLOAD, step, name, 1, 0) for name in ("ours", "native", "floor")]
    for key in keys:
        samples = {"ours": ours, "native": native}.get(key.contender, SAMPLES)
        results.add(key, {metric: sample * key.n for metric, sample in samples.items()})
        if failure and key.contender == "ours":
            results.fail(key, failure)
    return results


@pytest.mark.parametrize("goal", GOALS, ids=lambda goal: goal.text)
def test_goal_is_evaluated_from_full_run(goal: Goal) -> None:
    long = {"native": THOUSANDFOLD} if goal.text.startswith("native") else {}
    verdict = goal.evaluate(full_run(SAMPLES if long else THOUSANDFOLD, **long, failure="it broke"))
    assert verdict.figures, "the formula found no samples"
    # The goal "time per rule" limits a ratio: the time per rule at a large size, divided by that at
    # a small size. If both times are a thousand times as long, the ratio is the same.
    if goal.text.startswith("time per rule"):
        assert not verdict.missed
    else:
        assert verdict.missed, (
            "the goal is met by samples that are a thousand times those of other contenders"
        )


def test_relative_goals_are_met_by_equal_samples() -> None:
    met = {goal.text for goal in GOALS if goal.evaluate(full_run(SAMPLES)).summary == "yes"}
    assert {"create N rules: at most N + 1 requests", "rules: at most 1.15 times the floor"} <= met


def test_goals_without_samples_are_not_measured() -> None:
    assert {goal.evaluate(Results({})).summary for goal in GOALS} == {"not measured"}


def test_report_contains_all_results(tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    full_run(THOUSANDFOLD, failure="it broke | badly").write(file)
    results = Results.read(file)
    pages = report.pages(results)
    assert {path.name for path in pages} == {"performance.md", "figures.md"}
    assert not any(re.search(r"\$\w", text) for text in pages.values())
    page = pages[Path("performance/figures.md")]
    assert all(workload.about in page for workload in WORKLOADS)
    assert all(contender.about in page for contender in CONTENDERS)
    assert all(f"| {goal.text} |" in page for goal in GOALS)
    assert r"it broke \| badly" in page
    assert "missed by" in page


def test_pages_show_the_last_results() -> None:
    last = Results.read(report.ROOT / "benchmarks" / "results.json")
    for path, text in report.pages(last).items():
        assert (report.DOCS / path).read_text(encoding="utf-8") == text


def test_equal_results_give_equal_charts(tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
        charts.draw(full_run(SAMPLES), folder)
    for name in ("requests.svg", "seconds.svg"):
        one, two = ((folder / name).read_bytes() for folder in folders)
        assert one == two
        assert b"<svg" in one


class PartialContender(Contender):
    """A contender that supports only the creation of rules. Its check and destroy fail."""

    name = "partial"
    about = "creates rules only"

    def set_up(self) -> None:
        """Do nothing."""

    def up(self, plan: Plan) -> None:
        self.sandbox.create_rules(plan.project_id, plan.rules)

    def check(self) -> None:
        raise UnsupportedError("it cannot check")

    def destroy(self) -> None:
        self.run(sys.executable, "-c", "raise ValueError('out of order')")

    def import_existing(self, plan: Plan) -> None:
        self.up(plan)


def test_runner_counts_requests_and_records_failures(
    organization: "Organization", tmp_path: Path
) -> None:
    results = Results({})
    api = Sandbox(organization.settings.base_url)
    runner = Runner(results, [PartialContender], 60, tmp_path, lambda _: None)
    runner.run(RULES, api, 3, 1, repeats=2)
    rows = {key.step: row for key, row in results.rows.items()}
    assert rows[CREATE].samples[REQUESTS] == [3, 3]
    assert len(rows[CREATE].samples[SECONDS]) == 2
    assert rows[CHECK].failure == "it cannot check"
    assert rows[DESTROY].failure == "ValueError: out of order"
    api.reset()


class UnrepeatedContender(PartialContender):
    """A contender that runs only once, because no goal depends on its results."""

    name = "unrepeated"
    is_repeated = False


def test_unrepeated_contender_runs_once(organization: "Organization", tmp_path: Path) -> None:
    results = Results({})
    api = Sandbox(organization.settings.base_url)
    contenders = [UnrepeatedContender, PartialContender]
    runner = Runner(results, contenders, 60, tmp_path, lambda _: None)
    runner.run(RULES, api, 1, 0, repeats=2)
    repeats = {
        name: len(results.row(Key("rules", CREATE, name, 1, 0)).samples[SECONDS])
        for name in ("unrepeated", "partial")
    }
    assert repeats == {"unrepeated": 1, "partial": 2}
    api.reset()


def test_script_fails_early_if_latencies_exceed_limit(
    organization: "Organization", tmp_path: Path
) -> None:
    script = Script(tmp_path, Sandbox(organization.settings.base_url), 200, limit=19)
    with pytest.raises(processes.OperationFailedError, match="the latencies alone would take 20 s"):
        script.up(Plan("", rules=[{}] * 100))


def test_measured_traffic_spans_first_request_to_last_response(
    organization: "Organization",
) -> None:
    api = Sandbox(organization.settings.base_url)
    project_id = api.create_project()
    api.set_latency(500)
    with api.measured_traffic() as seconds:
        for _ in range(2):
            url = f"{api.url}/api/v2/cases/projects/{project_id}"
            requests.get(url, headers=KEYS, timeout=10).raise_for_status()
    # The two latencies add up to 1 s. On a busy machine, late polls shorten the measured time.
    assert seconds() > 0.5
    api.reset()


def test_timeout_kills_program_and_its_children(tmp_path: Path) -> None:
    program = (
        "import os, subprocess, time\n"
        "child = subprocess.Popen(['sleep', '1000'], start_new_session=True)\n"
        "open('child', 'w').write(str(child.pid)); time.sleep(1000)\n"
    )
    with pytest.raises(processes.OperationFailedError, match="timed out after 2 s"):
        processes.run(
            [sys.executable, "-c", program], cwd=tmp_path, environment=os.environ, limit=2
        )
    assert not psutil.pid_exists(int((tmp_path / "child").read_text()))
