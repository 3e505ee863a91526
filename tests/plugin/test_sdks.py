"""The generated SDKs: programs in Python and TypeScript deploy, and programs in Go compile."""

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.plugin.conftest import ROOT
from tests.processes import run

from tools.docs.examples import translations
from tools.pulumi.get_pulumi import CLI_MODULE, SDK, go, pinned_version
from tools.translations import translate

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization

pytestmark = [pytest.mark.pulumi, pytest.mark.xdist_group("sdks")]  # they are generated once

EXAMPLES = ROOT / "examples"
#: The examples of the resources in each language, as the reference shows them.
TRANSLATIONS = translations()

GO = """
package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	cases "pulumi-datadog-cases.example.com/sdk/go/datadogcases"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		desk, err := cases.NewProject(ctx, "desk", &cases.ProjectArgs{
			Key:  pulumi.String("SEC"),
			Name: pulumi.String("Security"),
		})
		if err != nil {
			return err
		}
		_, err = cases.NewAutomationRule(ctx, "rule", &cases.AutomationRuleArgs{
			ProjectId: desk.ID(),
			Name:      pulumi.String("Triage"),
			Trigger:   &cases.AutomationRuleTriggerArgs{Type: pulumi.String("CASE_CREATED")},
			Action:    &cases.AutomationRuleActionArgs{Type: pulumi.String("EXECUTE_WORKFLOW")},
		})
		return err
	})
}
"""


def needs(command: str) -> None:
    """Skip the test if a command is missing."""
    if shutil.which(command) is None:
        pytest.skip(f"`{command}` is not on PATH")


def succeed(*command: str, cwd: Path) -> None:
    """Run a program that must succeed."""
    done = run(*command, cwd=cwd)
    assert done.returncode == 0, done.stdout


def test_python_quickstart_deploys(
    generated_sdks: Path, new_stack: "NewStack", organization: "Organization"
) -> None:
    stack = new_stack(organization)
    stack.use_native_plugin(generated_sdks / "python-installed")
    stack.write((EXAMPLES / "quickstart" / "__main__.py").read_text(encoding="utf-8"))
    assert "+ 11 created" in stack.up()
    types = {each["type"].partition(":")[0] for each in stack.resources.values()}
    assert types == {"pulumi", "datadog-cases"}
    stack.assert_no_changes()
    stack.destroy()
    assert organization.call("GET /cases/projects") == []


def test_typescript_quickstart_deploys_and_examples_compile(
    generated_sdks: Path, new_stack: "NewStack", organization: "Organization"
) -> None:
    needs("npm")
    sdk = generated_sdks / "nodejs"
    install = ["npm", "install", "--no-audit", "--no-fund"]
    succeed(*install, cwd=sdk)
    stack = new_stack(organization)
    shutil.copytree(EXAMPLES / "typescript", stack.folder, dirs_exist_ok=True)
    project = stack.folder / "Pulumi.yaml"
    project.write_text(project.read_text().replace("name: secops\n", "name: project\n"))
    succeed(*install, str(sdk), cwd=stack.folder)
    for name, program in TRANSLATIONS.items():
        (stack.folder / f"{name}.ts").write_text(program["typescript"], encoding="utf-8")
    files = ["index.ts", *(f"{name}.ts" for name in TRANSLATIONS)]
    config = stack.folder / "every_program.json"
    config.write_text(json.dumps({"extends": "./tsconfig.json", "files": files}))
    succeed("node_modules/.bin/tsc", "--noEmit", "--project", config.name, cwd=stack.folder)
    stack.use_language_host("nodejs")
    assert "+ 11 created" in stack.up()
    stack.assert_no_changes()
    title = {"type": "case", "attributes": {"title": "Somebody's title"}}
    organization.call(f"POST /cases/{stack.resources['drill']['id']}/title", title)
    assert '~ title: "Somebody\'s title" => ' in stack.preview("--refresh", "--diff")
    stack.up("--refresh")
    stack.destroy()
    assert organization.call("GET /cases/projects") == []


def test_examples_in_other_languages_are_current() -> None:
    """`make lint` checks only the programs from which Pulumi's generators write them."""
    sources = {name: each["pcl"] for name, each in TRANSLATIONS.items()}
    for name, written in translate(sources).items():
        for language, program in written.items():
            assert TRANSLATIONS[name][language] == program, (
                "delete tools/docs/translations.json and run `make generate`"
            )


def test_go_programs_compile(generated_sdks: Path, tmp_path: Path) -> None:
    module = "pulumi-datadog-cases.example.com/sdk/go/datadogcases"
    sdk = generated_sdks / "go" / "datadogcases"
    programs = {"Quickstart": GO, **{n: each["go"] for n, each in TRANSLATIONS.items()}}
    for name, program in programs.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.go").write_text(program, encoding="utf-8")
    go(["mod", "init", module], sdk)
    go(["mod", "init", "program"], tmp_path)
    go(["mod", "edit", f"-replace={module}={sdk}"], tmp_path)
    # Require the Go SDK in the version of the Pulumi CLI: its modules are on this machine already.
    version = pinned_version(CLI_MODULE, "github.com/pulumi/pulumi/pkg/v3 v")
    for folder in (sdk, tmp_path):
        go(["mod", "edit", f"-require={SDK}@v{version}"], folder)
        go(["mod", "tidy"], folder)
    (tmp_path / "built").mkdir()
    go(["build", "-trimpath", "-o", "built", "./..."], tmp_path)
    assert {each.name for each in (tmp_path / "built").iterdir()} == {*programs}
