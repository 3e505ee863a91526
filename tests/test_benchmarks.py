"""The harness of `make bench`: what is measured is judged and told, and failures are results."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest
import requests

from benchmarks import charts, processes, report, startup
from benchmarks.contenders import CONTENDERS
from benchmarks.contenders.contender import Contender, Plan, UnableError
from benchmarks.contenders.script import Script
from benchmarks.goals import GOALS, Goal
from benchmarks.measure import ASKING, MEMORY, REQUESTS, SECONDS, STATE, Key, Results
from benchmarks.play import Player
from benchmarks.sandbox import KEYS, Sandbox
from benchmarks.workloads import CHECK, CREATE, DESTROY, RULES, WORKLOADS

if TYPE_CHECKING:
    from tests.conftest import Organization

#: Of one resource.
FIGURES = {SECONDS: 1.0, REQUESTS: 1, STATE: 1000, MEMORY: 1_000_000, ASKING: 1.0}
THOUSANDFOLD = {quantity: 1000 * figure for quantity, figure in FIGURES.items()}


def a_run(ours: dict[str, float], failure: str | None = None) -> Results:
    """A full run in which all others are alike."""
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
        keys += [Key(startup.WORKLOAD, step, name, 1, 0) for name in ("ours", "floor")]
    for key in keys:
        figures = ours if key.contender == "ours" else FIGURES
        results.add(key, {name: figure * key.n for name, figure in figures.items()})
        if failure and key.contender == "ours":
            results.fail(key, failure)
    return results


@pytest.mark.parametrize("goal", GOALS, ids=lambda goal: goal.says)
def test_each_goal_is_judged_by_what_a_full_run_measures(goal: Goal) -> None:
    verdict = goal.judge(a_run(THOUSANDFOLD, failure="it broke"))
    assert verdict.findings, "no figure is found that the formula asks for"
    if goal.says.startswith("time per rule"):  # a thousandfold at any size is no growth
        assert not verdict.missed
    else:
        assert verdict.missed, "a thousand times as much as the others is held to be good"


def test_goals_that_compare_hold_where_all_are_alike() -> None:
    held = {goal.says for goal in GOALS if goal.judge(a_run(FIGURES)).holds == "yes"}
    assert {"create N rules: exactly N requests", "rules: at most 1.15 times the floor"} <= held


def test_a_goal_without_figures_is_said_not_to_be_measured() -> None:
    assert {goal.judge(Results({})).holds for goal in GOALS} == {"not measured"}


def test_the_report_tells_all_that_was_measured(tmp_path: Path) -> None:
    kept = tmp_path / "results.json"
    a_run(THOUSANDFOLD, failure="it broke | badly").write(kept)
    results = Results.read(kept)
    page = report.page(results)
    assert "$" not in page
    assert all(workload.about in page for workload in WORKLOADS)
    assert all(contender.about in page for contender in CONTENDERS)
    assert all(f"| {goal.says} |" in page for goal in GOALS)
    assert r"it broke \| badly" in page
    assert "beyond it by" in page


def test_charts_are_the_same_for_the_same_results(tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
        charts.draw(a_run(FIGURES), folder)
    for name in ("requests.svg", "seconds.svg"):
        one, two = ((folder / name).read_bytes() for folder in folders)
        assert one == two
        assert b"<svg" in one


class Asking(Contender):
    """Makes its rules, and stumbles over the rest."""

    name = "asking"
    about = "asks"

    def prepare(self) -> None:
        """Nothing is to be prepared."""

    def up(self, plan: Plan) -> None:
        self.sandbox.make_rules(plan.project_id, plan.rules)

    def check(self) -> None:
        raise UnableError("it does not look")

    def destroy(self) -> None:
        self.run(sys.executable, "-c", "raise ValueError('too tired')")

    def take_over(self, plan: Plan) -> None:
        self.up(plan)


def test_requests_are_counted_and_failures_are_results(
    organization: "Organization", tmp_path: Path
) -> None:
    results = Results({})
    api = Sandbox(organization.settings.base_url)
    player = Player(results, [Asking], 60, tmp_path, lambda _: None)
    player.play(RULES, api, 3, 1, repeats=2)
    rows = {key.step: row for key, row in results.rows.items()}
    assert rows[CREATE].figures[REQUESTS] == [3, 3]
    assert len(rows[CREATE].figures[SECONDS]) == 2
    assert rows[CHECK].failure == "it does not look"
    assert rows[DESTROY].failure == "ValueError: too tired"
    api.reset()


class Aside(Asking):
    """Nobody's goal."""

    name = "aside"
    repeats = False


def test_what_no_goal_compares_is_played_once(organization: "Organization", tmp_path: Path) -> None:
    results = Results({})
    api = Sandbox(organization.settings.base_url)
    player = Player(results, [Aside, Asking], 60, tmp_path, lambda _: None)
    player.play(RULES, api, 1, 0, repeats=2)
    played = {
        name: len(results.row(Key("rules", CREATE, name, 1, 0)).figures[SECONDS])
        for name in ("aside", "asking")
    }
    assert played == {"aside": 1, "asking": 2}
    api.reset()


def test_a_script_whose_latencies_alone_take_too_long_is_not_waited_for(
    organization: "Organization", tmp_path: Path
) -> None:
    script = Script(tmp_path, Sandbox(organization.settings.base_url), 200, limit=19)
    with pytest.raises(processes.FailedError, match="the latencies alone would take 20 s"):
        script.up(Plan("", rules=[{}] * 100))


def test_a_watch_tells_how_long_the_api_was_asked(organization: "Organization") -> None:
    api = Sandbox(organization.settings.base_url)
    project = api.make_project()
    api.set_latency(200)
    with api.watched() as asking:
        for _ in range(2):
            url = f"{api.url}/api/v2/cases/projects/{project}"
            requests.get(url, headers=KEYS, timeout=10).raise_for_status()
    assert asking() >= 0.35
    api.reset()


def test_what_takes_too_long_is_ended_with_all_that_it_has_started(tmp_path: Path) -> None:
    program = (
        "import os, subprocess, time\n"
        "child = subprocess.Popen(['sleep', '1000'], start_new_session=True)\n"
        "open('child', 'w').write(str(child.pid)); time.sleep(1000)\n"
    )
    with pytest.raises(processes.FailedError, match="no end after 2 s"):
        processes.run(
            [sys.executable, "-c", program], cwd=tmp_path, environment=os.environ, limit=2
        )
    assert not psutil.pid_exists(int((tmp_path / "child").read_text()))
