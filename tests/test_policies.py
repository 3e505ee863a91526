"""Calls the checks of `examples/policies`, without Pulumi."""

import importlib.util
import json
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

FOLDER = Path(__file__).parents[1] / "examples" / "policies"
DYNAMIC = "pulumi-python:dynamic/datadog-cases:"
NATIVE = "datadog-cases:index:"
CONFIG: dict[str, Any] = json.loads((FOLDER / "config.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def checks() -> Iterator[ModuleType]:
    spec = importlib.util.spec_from_file_location("policy_checks", FOLDER / "pack" / "checks.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "policy_checks", module)  # dataclasses need it
        spec.loader.exec_module(module)
        yield module


def read(checks: ModuleType, token: str, name: str, **inputs: object) -> Any:  # noqa: ANN401
    protect = inputs.pop("protect", False)
    return checks.Declared.read(token, name, inputs, is_protected=protect)


def texts(found: Iterable[str]) -> list[str]:
    return [each.partition(":")[0] for each in found]


@pytest.mark.parametrize("token", [f"{DYNAMIC}AutomationRule", f"{NATIVE}NotificationRule"])
def test_rule_needs_a_known_owner(checks: ModuleType, token: str) -> None:
    owners = CONFIG["rule-has-owner"]["owners"]
    assert not texts(checks.without_owner(read(checks, token, "payments/page"), owners))
    for name in ("page", "payments", "sales/page"):
        problem = "name the rule after its owner, as in `TEAM/" + name + "`"
        assert texts(checks.without_owner(read(checks, token, name), owners)) == [problem]


@pytest.mark.parametrize(
    ("token", "force"),
    [(f"{DYNAMIC}Project", "force_destroy"), (f"{NATIVE}Project", "forceDestroy")],
)
def test_project_must_be_protected(checks: ModuleType, token: str, force: str) -> None:
    safe = read(checks, token, "desk", protect=True, **{force: False})
    assert not texts(checks.easily_deleted(safe))
    risky = read(checks, token, "desk", **{force: True})
    assert texts(checks.easily_deleted(risky)) == [
        "set the option protect=True, so that the project is not deleted by accident",
        "remove force_destroy",
    ]


@pytest.mark.parametrize(
    ("token", "disabled"),
    [
        (f"{DYNAMIC}AutomationRule", {"state": "DISABLED"}),
        (f"{DYNAMIC}NotificationRule", {"is_enabled": False}),
        (f"{NATIVE}NotificationRule", {"isEnabled": False}),
    ],
)
def test_disabled_rule_needs_a_date_in_the_future(
    checks: ModuleType, token: str, disabled: dict[str, object]
) -> None:
    until = CONFIG["rule-is-not-disabled-forever"]["disabledUntil"]
    last = date.fromisoformat(until["platform/page"])

    def problems(name: str, today: date, **inputs: object) -> list[str]:
        return texts(checks.disabled_too_long(read(checks, token, name, **inputs), until, today))

    assert not problems("platform/page", last, **disabled)
    assert problems("platform/page", last.replace(year=last.year + 1), **disabled) == [
        f"the rule was to be disabled until {last}"
    ]
    assert problems("platform/other", last, **disabled) == ["the rule is disabled"]
    assert not problems("platform/other", last)


def test_resources_of_other_packages_are_left_alone(checks: ModuleType) -> None:
    assert read(checks, "aws:s3/bucket:Bucket", "Project") is None


def test_config_names_the_policies_of_the_pack() -> None:
    pack = (FOLDER / "pack" / "__main__.py").read_text(encoding="utf-8")
    assert all(f'name="{policy}"' in pack for policy in CONFIG)
