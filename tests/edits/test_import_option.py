"""Two ways to import with the real Pulumi.

The first way is the resource option `import_`. The second way is an import file of `pulumi preview`
that `datadog-cases import --complete` has completed.
"""

import json
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from tests.proof.test_edits import PROGRAM, Program, changed, text

import pulumi_datadog_cases as cases

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization, Stack

    from pulumi_datadog_cases.engine import Resource

pytestmark = pytest.mark.pulumi


def import_ids(stack: "Stack") -> dict[str, str]:
    """The import id of each resource of a stack, by name."""
    ids: dict[str, str] = {}
    for name, resource in stack.resources.items():
        if name in PROGRAM:
            resource_class: type[Resource] = getattr(cases, PROGRAM[name].resource_class)
            parents = resource_class.Provider.resource_type.parents
            ids[name] = "/".join([*(resource["outputs"][each] for each in parents), resource["id"]])
    return ids


def importing(program: Program, ids: dict[str, str]) -> Program:
    """The program with the option `import_` on each resource."""
    return {
        name: replace(each, options=f"import_={ids[name]!r}") if name in ids else each
        for name, each in program.items()
    }


@pytest.fixture
def existing(new_stack: "NewStack", organization: "Organization") -> dict[str, str]:
    """The import ids of objects of every type, by their names in `PROGRAM`."""
    stack = new_stack(organization, text(PROGRAM))
    stack.environment["ELSEWHERE"] = organization.settings.base_url
    stack.up()
    return import_ids(stack)


@pytest.fixture
def stack(new_stack: "NewStack", organization: "Organization") -> "Stack":
    stack = new_stack(organization)
    stack.environment["ELSEWHERE"] = organization.settings.base_url
    return stack


def test_import_of_every_resource_type(
    stack: "Stack", organization: "Organization", existing: dict[str, str]
) -> None:
    assert {each.resource_class for each in PROGRAM.values()} == {*cases.resources.__all__} - {
        "Provider"
    }
    before = organization.writes()
    program = importing(PROGRAM, existing)
    stack.write(text(program))
    stack.preview()
    output = stack.up()
    assert f"+ {len(PROGRAM) + 3} created" in output  # 3: the stack and two providers
    assert import_ids(stack) == existing
    stack.assert_no_changes()
    stack.write(text(PROGRAM))
    stack.assert_no_changes()
    assert organization.writes() == before


def assert_refused(stack: "Stack", *messages: str) -> None:
    """Check that preview and `up` fail with these messages."""
    for output in (stack.preview(fails=True), stack.up(fails=True)):
        for message in messages:
            assert message in " ".join(output.split())
        assert "Traceback" not in output


def test_difference_is_refused(
    stack: "Stack", organization: "Organization", existing: dict[str, str]
) -> None:
    before = organization.writes()
    desk = existing["desk"]
    changes = {
        "desk": ({"enabled_custom_case_types": "[]"}, "enabled_custom_case_types"),
        "rule": (
            {"project_id": f'"{desk}"', "name": '"Other"', "state": '"DISABLED"'},
            "name, state",
        ),
    }
    for name, (arguments, differing) in changes.items():
        program = {name: PROGRAM[name].with_arguments(**arguments)}
        stack.write(text(importing(program, existing)))
        assert_refused(
            stack,
            f"{PROGRAM[name].resource_class} {existing[name]} cannot be imported, because an "
            "import writes nothing, and the object differs from the declaration in "
            f"{differing}: declare the values that the object has, or change the object",
        )
    assert organization.writes() == before


def test_missing_or_other_projects_object_is_refused(
    stack: "Stack", organization: "Organization", existing: dict[str, str]
) -> None:
    before = organization.writes()
    project, _, rule = existing["rule"].partition("/")
    other = existing["annex"]
    program = {
        name: PROGRAM[name].with_arguments(project_id=f'"{project}"') for name in ("rule", "view")
    }
    for name, id_, form in (
        ("rule", f"{project}/{other}", "<project_id>/<id>"),
        ("view", other, "<id>"),
    ):
        stack.write(text(importing({name: program[name]}, {name: id_})))
        resource_class = PROGRAM[name].resource_class
        assert_refused(
            stack,
            f"there is no {resource_class} {id_} to import: correct the option import_, whose "
            f"form is {form}",
        )
    moved = {"rule": program["rule"].with_arguments(project_id=f'"{other}"')}
    stack.write(text(importing(moved, existing)))
    assert_refused(stack, "differs from the declaration in project_id")
    stack.write(text(importing({"rule": program["rule"]}, {"rule": rule})))
    stack.up()  # the rule's own id is enough, because the program declares the project
    assert organization.writes() == before


def test_case_may_be_named_by_its_key(
    stack: "Stack", organization: "Organization", existing: dict[str, str]
) -> None:
    case, _, cell = existing["comment"].partition("/")
    key = organization.call(f"GET /cases/{case}")["attributes"]["key"]
    before = organization.writes()
    by_key = {"comment": PROGRAM["comment"].with_arguments(case_id=f'"{key}"')}
    for id_ in (f"{key}/{cell}", existing["comment"]):
        stack.write(text(importing(by_key, {"comment": id_})))
        stack.up()
        stack.assert_no_changes()
        stack("state", "delete", "--yes", stack.resources["comment"]["urn"])
    assert organization.writes() == before


def test_value_that_the_preview_does_not_know_is_compared_by_up(
    stack: "Stack", organization: "Organization", existing: dict[str, str]
) -> None:
    """The rule's action depends on the id of `kind`, which has no id before its import.

    So the preview does not know the action.
    """
    before = organization.writes()
    project = existing["rule"].partition("/")[0]
    handle = 'kind.id.apply(lambda _: "{}")'

    def rule(name: str) -> Program:
        action = f'{{"type": "EXECUTE_WORKFLOW", "data": {{"handle": {handle.format(name)}}}}}'
        arguments = {"project_id": f'"{project}"', "action": action}
        return {"kind": PROGRAM["kind"], "rule": PROGRAM["rule"].with_arguments(**arguments)}

    stack.write(text(importing(rule("other"), existing)))
    stack.preview()
    assert "differs from the declaration in action: " in " ".join(stack.up(fails=True).split())
    stack.write(text(importing(rule("enrich"), existing)))
    stack.up()
    stack.assert_no_changes()
    assert organization.writes() == before


def test_value_that_is_only_alike_is_refused(stack: "Stack", existing: dict[str, str]) -> None:
    """The API stores the name `Annex`, and the program declares the name `annex `.

    After a write, `Annex` would count as the API's form of `annex `. But an import writes nothing,
    so the two names are a difference.
    """
    annex = PROGRAM["annex"].with_arguments(name='"annex "')
    stack.write(text(importing({"annex": annex}, existing)))
    assert_refused(stack, "differs from the declaration in name: ")


def test_import_id_may_be_spelled_like_any_id(
    stack: "Stack", organization: "Organization", existing: dict[str, str]
) -> None:
    project, _, rule = existing["rule"].partition("/")
    program = {"rule": PROGRAM["rule"].with_arguments(project_id=f'"{project}"')}
    before = organization.writes()
    stack.write(text(importing(program, {"rule": f"{project.upper()}/{rule}"})))
    stack.up()
    stack.assert_no_changes()
    assert organization.writes() == before


def test_failed_read_is_an_error_in_one_line(stack: "Stack", existing: dict[str, str]) -> None:
    stack.environment["DD_HOST"] = "http://127.0.0.1:9"
    stack.write(text(importing({"annex": PROGRAM["annex"]}, existing)))
    output = stack.preview(fails=True)
    assert "error: pulumi_datadog_cases.ConnectionFailed: " in output
    assert "Traceback" not in output


def test_option_has_no_effect_on_a_resource_in_the_state(
    stack: "Stack", organization: "Organization", existing: dict[str, str]
) -> None:
    """A later edit of the program updates or replaces the imported object as usual."""
    stack.write(text(importing(PROGRAM, existing)))
    stack.up()
    program = changed(changed(PROGRAM, "own", title='"New"'), "comment", case_id="other.id")
    stack.write(text(importing(program, existing)))
    before = organization.writes()
    output = stack.up()
    assert ("1 updated" in output, "1 replaced" in output) == (True, True)
    requests = sorted(line.split(" ")[0] for line in organization.writes()[len(before) :])
    assert requests == ["DELETE", "POST", "POST"]
    assert stack.resources["comment"]["id"] not in existing["comment"]
    stack.assert_no_changes()


def test_object_of_another_resource_is_refused(stack: "Stack", existing: dict[str, str]) -> None:
    stack.write(text(importing({"desk": PROGRAM["annex"]}, {"desk": existing["annex"]})))
    stack.up()
    stack.write(
        text(
            importing(
                {"desk": PROGRAM["annex"], "twin": PROGRAM["annex"]},
                {"desk": existing["annex"], "twin": existing["annex"]},
            )
        )
    )
    assert "cannot be managed twice" in stack.up(fails=True)


def complete(stack: "Stack", ids: dict[str, str], *, ends_with: int = 0) -> dict[str, Any]:
    """Let `pulumi preview` write an import file, and enter ids into the file.

    Then complete the file with `datadog-cases import --complete`. Return the document that this
    command prints.
    """
    stack.preview("--import-file", "imports.json")
    path = stack.folder / "imports.json"
    file = json.loads(path.read_text())
    for entry in file["resources"]:
        if entry["name"] in ids:
            entry["id"] = ids[entry["name"]]
    path.write_text(json.dumps(file))
    done = subprocess.run(
        [
            sys.executable,
            *("-c", "from pulumi_datadog_cases.cli import main; main()"),
            *("import", "--complete", "imports.json", "--json"),
        ],
        cwd=stack.folder,
        env=stack.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == ends_with, done.stdout + done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def import_completed(stack: "Stack") -> None:
    stack("import", "--file", "imports.json", "--generate-code=false", "--protect=false", "--yes")


def test_completed_import_file_covers_every_resource_type(
    stack: "Stack", organization: "Organization", existing: dict[str, str]
) -> None:
    before = organization.writes()
    program = {name: each for name, each in PROGRAM.items() if "provider" not in each.options}
    stack.write(text(program))
    document = complete(stack, existing)
    types = {each.resource_class for each in program.values()}
    assert document["imported"].keys() == types
    assert (document["left_out"], document["missing"]) == ([], [])
    import_completed(stack)
    assert import_ids(stack) == {name: existing[name] for name in program}
    stack.assert_no_changes()
    assert organization.writes() == before


def test_completed_import_file_leaves_out_what_it_cannot_import(
    stack: "Stack", organization: "Organization", existing: dict[str, str]
) -> None:
    before = organization.writes()
    program = {name: PROGRAM[name] for name in ("kind", "spare", "desk", "annex", "rule")}
    program["annex"] = replace(program["annex"], options="provider=explicit")
    stack.write(text(program))
    project = existing["rule"].partition("/")[0]
    ids = {name: existing[name] for name in ("kind", "spare", "annex")}
    ids["rule"] = f"{project}/00000000-0000-4000-8000-000000000000"
    document = complete(stack, ids, ends_with=1)
    assert sorted(document["left_out"]) == [
        "Project annex: it has an explicit provider; import it with the option import_",
        "Project desk: the file has no id for it",
    ]
    (missing,) = document["missing"]
    assert missing.startswith("AutomationRule rule: there is no AutomationRule")
    assert organization.writes() == before
