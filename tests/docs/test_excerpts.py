"""Runs every example of the reference as a program, against the sandbox."""

import json
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.processes import run
from tests.support_case import open_support_case

from tools.docs.examples import EXAMPLES, usages
from tools.docs.excerpts import excerpt

if TYPE_CHECKING:
    from tests.conftest import Organization

#: Runs programs, and prints the errors. Lookups send their requests, but the resources are mocks of
#: Pulumi's SDK. tests/test_examples.py deploys the examples to which these programs belong.
RUNNER = """
import runpy, sys, traceback
import pulumi

class Engine(pulumi.runtime.Mocks):
    def new_resource(self, args):
        id_ = "5a9d0c00-0000-4000-8000-000000000009"
        return id_, {"created_at": "2026-01-02T03:04:05Z", "created_by": id_, **args.inputs}

    def call(self, args):
        raise AssertionError(f"unexpected call of {args.token}")

pulumi.runtime.set_mocks(Engine())
for file in sys.argv[1:]:
    try:
        pulumi.runtime.test(lambda: runpy.run_path(file))()
    except BaseException:
        print(file, traceback.format_exc())
"""


def test_examples_of_the_reference_run(organization: "Organization", tmp_path: Path) -> None:
    if not organization.is_sandbox:
        pytest.skip("with --live only the resource lifecycle tests run")
    config = dict(open_support_case(organization))
    config["email"] = config["me"]
    for each in ("us", "eu"):
        config |= {f"{each}:apiKey": "key", f"{each}:appKey": "key"}
    shutil.copy(EXAMPLES / "maintenance_calendar" / "maintenance.ics", tmp_path)
    for name, usage in usages().items():
        (tmp_path / f"{name}.py").write_text(usage.program, encoding="utf-8")
    keys = {key if ":" in key else f"project:{key}": value for key, value in config.items()}
    done = run(
        *(sys.executable, "-c", RUNNER, *map(str, tmp_path.glob("*.py"))),
        cwd=tmp_path,
        env={**os.environ, **organization.environment, "PULUMI_CONFIG": json.dumps(keys)},
    )
    assert (done.returncode, done.stdout) == (0, "")
    requests = organization.request_lines()
    assert any(line.startswith("GET /cases/SUPPORT-1") for line in requests)


PROGRAM = """\
from datetime import date, timedelta

import pulumi

# Not needed.
first = date(2026, 1, 1)


def later(days: int) -> str:
    return str(START + timedelta(days=days))


START = date(2026, 1, 1)
if START:
    moment = later(1)
pulumi.export("moment", moment)
"""


def test_excerpt_has_only_what_a_statement_needs() -> None:
    assert (
        excerpt(PROGRAM, 15)
        == """\
from datetime import date, timedelta


def later(days: int) -> str:
    return str(START + timedelta(days=days))


START = date(2026, 1, 1)
if START:
    moment = later(1)
"""
    )
