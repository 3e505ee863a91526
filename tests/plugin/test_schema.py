"""Tests of the schema of the package."""

import json
import subprocess
from pathlib import Path

import pytest
from tests.plugin.conftest import RESOURCE_CLASSES

from pulumi_datadog_cases.engine import Resource
from pulumi_datadog_cases.engine.names import camel_case
from pulumi_datadog_cases.plugin.package import package_schema

SCHEMA = package_schema()


@pytest.mark.parametrize("resource_class", RESOURCE_CLASSES)
def test_resources_have_all_their_properties(resource_class: type[Resource]) -> None:
    found = SCHEMA["resources"][f"datadog-cases:index:{resource_class.__name__}"]
    properties = resource_class.properties
    inputs = {camel_case(name): p for name, p in properties.items() if not p.computed}
    assert set(found["properties"]) == {*map(camel_case, properties)}
    assert set(found["inputProperties"]) == {*inputs}
    assert set(found["requiredInputs"]) == {name for name, p in inputs.items() if p.required}
    replacing = {n for n, p in found["inputProperties"].items() if p.get("willReplaceOnChanges")}
    assert replacing == {name for name, p in inputs.items() if p.replace_on_changes}
    assert all(each["description"] for each in found["properties"].values())


def test_keys_are_secrets() -> None:
    secret = {name for name, each in SCHEMA["config"]["variables"].items() if each.get("secret")}
    assert secret == {
        "apiKey",
        "appKey",
        "awsAccessKeyId",
        "awsSecretAccessKey",
        "awsSessionToken",
        "bearerToken",
    }


def test_every_setting_and_argument_is_described() -> None:
    described = [*SCHEMA["config"]["variables"].values()]
    for function in SCHEMA["functions"].values():
        described += function["inputs"]["properties"].values()
    assert all(each["description"] for each in described)


def test_enums_are_open() -> None:
    rule = SCHEMA["types"]["datadog-cases:index:AutomationRuleTrigger"]["properties"]["type"]
    kinds = [each.get("type") or each["$ref"] for each in rule["oneOf"]]
    assert kinds == ["string", "#/types/datadog-cases:index:AutomationRuleTriggerType"]
    values = SCHEMA["types"]["datadog-cases:index:AutomationRuleTriggerType"]["enum"]
    assert {"value": "CASE_CREATED"} in values


@pytest.mark.pulumi
def test_pulumi_accepts_the_schema(tmp_path: Path, pulumi_home: Path) -> None:
    del pulumi_home
    file = tmp_path / "schema.json"
    file.write_text(json.dumps(SCHEMA), encoding="utf-8")
    command = ["pulumi", "schema", "check", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
