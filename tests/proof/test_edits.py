"""Tests that no edit of a program loses or duplicates objects, or destroys what people created.

A round deploys a program with every resource type, lets people work on its objects, makes one edit,
and deploys again. The edit succeeds, or it fails with one readable error. After an error, the round
follows the error's advice, and the next deployment has to succeed.
"""

import random
import re
import subprocess
import time
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

import pytest

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization, Stack, StartSandbox
    from tests.proof.conftest import Audit, Faults, Measure, Name, NewAudit, ReadObjects

pytestmark = pytest.mark.pulumi

#: The number of tests among which the rounds are divided.
BATCHES = 4

# --- programs --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Declaration:
    """A resource in a program. Its arguments are Python expressions."""

    resource_class: str
    arguments: Mapping[str, str]
    resource_name: str = ""
    options: str = ""

    def refers_to(self, variable: str) -> bool:
        return any(re.search(rf"\b{variable}\b", value) for value in self.arguments.values())

    def with_arguments(self, **arguments: str) -> "Declaration":
        return replace(self, arguments={**self.arguments, **arguments})


#: The declarations of a program, by variable. Each comes after the declarations it refers to.
Program: TypeAlias = Mapping[str, Declaration]

_RULE = {"name": '"Rule"', "trigger": '{"type": "CASE_CREATED"}'}
_WORKFLOW = '{"type": "EXECUTE_WORKFLOW", "data": {"handle": "enrich"}}'
_ON_OWN = {"case_id": "own.id"}
INCIDENTS = [f"1c1de000-0000-4000-8000-00000000000{number}" for number in (1, 2)]
USERS = [f"5a9d0c00-0000-4000-8000-00000000000{number}" for number in (2, 3)]

PROGRAM: Program = {
    "kind": Declaration("CaseType", {"name": '"Intrusion"'}),
    "spare": Declaration("CaseType", {"name": '"Spare"'}),
    "host": Declaration(
        "CustomAttribute",
        {
            "case_type_id": "kind.id",
            "key": '"host"',
            "display_name": '"Host"',
            "type": '"TEXT"',
        },
    ),
    "desk": Declaration(
        "Project",
        {"key": '"DESK"', "name": '"Desk"', "enabled_custom_case_types": "[kind.id, spare.id]"},
    ),
    "annex": Declaration("Project", {"key": '"ANNEX"', "name": '"Annex"'}),
    "favorite": Declaration("ProjectFavorite", {"project_id": "desk.id"}),
    "rule": Declaration("AutomationRule", {"project_id": "desk.id", **_RULE, "action": _WORKFLOW}),
    "notification": Declaration(
        "NotificationRule",
        {
            "project_id": "desk.id",
            "query": '"priority:P1"',
            "recipients": '[{"type": "EMAIL", "data": {"email": "a@example.com"}}]',
            "triggers": '[{"type": "CASE_CREATED"}]',
        },
    ),
    "view": Declaration(
        "CaseView", {"project_id": "desk.id", "name": '"View"', "query": '"status:open"'}
    ),
    "window": Declaration(
        "MaintenanceWindow",
        {
            "name": '"Night"',
            "query": '"project:DESK"',
            "start_at": '"2031-01-01T00:00:00Z"',
            "end_at": '"2031-01-02T00:00:00Z"',
        },
    ),
    "own": Declaration("Case", {"project_id": "desk.id", "title": '"Own"'}),
    "other": Declaration("Case", {"project_id": "desk.id", "title": '"Other"'}),
    "typed": Declaration(
        "Case", {"project_id": "desk.id", "title": '"Typed"', "type_id": "kind.id"}
    ),
    "value": Declaration(
        "CaseCustomAttribute",
        {"case_id": "typed.id", "key": "host.key", "type": '"TEXT"', "value": '"a"'},
    ),
    "comment": Declaration("CaseComment", {**_ON_OWN, "comment": '"Hello"'}),
    "watcher": Declaration("CaseWatcher", {**_ON_OWN, "user_uuid": f'"{USERS[0]}"'}),
    "insight": Declaration(
        "CaseInsight",
        {**_ON_OWN, "type": '"MONITOR"', "ref": '"/monitors/1"', "resource_id": '"1"'},
    ),
    "link": Declaration(
        "CaseLink",
        {
            "parent_entity_type": '"CASE"',
            "parent_entity_id": "own.id",
            "child_entity_type": '"CASE"',
            "child_entity_id": "other.id",
            "relationship": '"BLOCKS"',
        },
    ),
    "jira": Declaration(
        "CaseJiraIssue",
        {**_ON_OWN, "jira_issue_url": '"https://example.atlassian.net/browse/SEC-1"'},
    ),
    "incident": Declaration("CaseIncident", {**_ON_OWN, "incident_id": f'"{INCIDENTS[0]}"'}),
    "ticket": Declaration(
        "CaseServiceNowTicket", {"case_id": "typed.id", "instance_name": '"prod"'}
    ),
    "notebook": Declaration("CaseNotebook", {"case_id": "other.id"}),
}

#: The properties whose change replaces a resource, by variable. Each property has its new value.
REPLACING: Mapping[str, Mapping[str, str]] = {
    "host": {"key": '"machine"', "is_multi": "True", "case_type_id": "spare.id"},
    "desk": {"key": '"DESK2"'},
    "favorite": {"project_id": "annex.id"},
    "rule": {"project_id": "annex.id"},
    "notification": {"project_id": "annex.id"},
    "view": {"project_id": "annex.id"},
    "typed": {"type_id": "spare.id"},
    "comment": {"case_id": "other.id"},
    "watcher": {"case_id": "other.id", "user_uuid": f'"{USERS[1]}"'},
    "insight": {
        "case_id": "other.id",
        "type": '"SECURITY_SIGNAL"',
        "ref": '"/monitors/2"',
        "resource_id": '"2"',
    },
    "link": {"parent_entity_id": "typed.id", "relationship": '"CAUSES"'},
    "jira": {"case_id": "other.id"},
    "incident": {"case_id": "other.id", "incident_id": f'"{INCIDENTS[1]}"'},
    "ticket": {"case_id": "own.id"},
    "notebook": {"case_id": "own.id"},
}

#: Some changes in `REPLACING` make the program invalid if nothing else changes. For these changes,
#: this mapping has the further changes that keep the program valid. The keys are pairs of variable
#: and property. The values are the further changes, by variable.
WITH: Mapping[tuple[str, str], Mapping[str, Mapping[str, str]]] = {
    ("host", "is_multi"): {"value": {"value": '["a"]'}},
    ("host", "case_type_id"): {"typed": {"type_id": "spare.id"}},
    ("typed", "type_id"): {"host": {"case_type_id": "spare.id"}},
}

#: A change that updates a resource in place, by variable. Some resource types cannot be updated.
UPDATING: Mapping[str, Mapping[str, str]] = {
    "kind": {"name": '"Break-in"'},
    "host": {"display_name": '"Machine"'},
    "desk": {"name": '"New desk"'},
    "rule": {"name": '"New rule"'},
    "notification": {"query": '"priority:P2"'},
    "view": {"name": '"New view"'},
    "window": {"name": '"New night"'},
    "own": {"title": '"New title"'},
    "value": {"value": '"b"'},
    "comment": {"comment": '"New text"'},
}


#: Two explicit providers. The first is for the organisation that the environment variables select.
#: The second is for another organisation.
PREAMBLE = """
import os
import pulumi
import pulumi_datadog_cases as cases

keys = {"api_key": os.environ["DD_API_KEY"], "app_key": os.environ["DD_APP_KEY"]}
explicit = cases.Provider("explicit", api_url=os.environ["DD_HOST"], **keys)
elsewhere = cases.Provider("elsewhere", api_url=os.environ["ELSEWHERE"], **keys)
"""


def text(program: Program) -> str:
    """The program's source."""
    lines = [PREAMBLE]
    for variable, each in program.items():
        arguments = "".join(f", {name}={value}" for name, value in each.arguments.items())
        options = each.options and f", opts=pulumi.ResourceOptions({each.options})"
        name = each.resource_name or variable
        lines.append(f'{variable} = cases.{each.resource_class}("{name}"{arguments}{options})')
    return "\n".join(lines) + "\n"


def without(program: Program, removed: str) -> Program:
    """The program without a resource, and without all resources that refer to it."""
    gone = {removed}
    for variable, each in program.items():
        if any(each.refers_to(other) for other in gone):
            gone.add(variable)
    return {variable: each for variable, each in program.items() if variable not in gone}


def changed(program: Program, variable: str, **arguments: str) -> Program:
    """The program with other arguments of a resource."""
    return {**program, variable: program[variable].with_arguments(**arguments)}


# --- edits -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Edit:
    """An edit of one resource: the new program, and the commands that deploy it."""

    name: str
    variable: str
    program: Program
    #: Options of `pulumi up`; `{urn}` is the URN of the resource.
    options: tuple[str, ...] = ()
    #: A command before `pulumi up`, such as `state taint {urn}`.
    before: tuple[str, ...] = ()
    command: str = "up"
    #: Whether the run is killed in the middle, and then repeated.
    is_killed: bool = False
    #: Whether the run connects to another organisation.
    in_other_organization: bool = False

    def __str__(self) -> str:
        return f"{self.name} {self.variable}"


def edits() -> Iterator[Edit]:
    """Yield every edit of every resource."""
    for variable, each in PROGRAM.items():
        yield Edit("remove", variable, without(PROGRAM, variable))
        renamed = {**PROGRAM, variable: replace(each, resource_name=f"new-{variable}")}
        yield Edit("rename", variable, renamed)
        for name, value in REPLACING.get(variable, {}).items():
            program = changed(PROGRAM, variable, **{name: value})
            for other, arguments in WITH.get((variable, name), {}).items():
                program = changed(program, other, **arguments)
            yield Edit(f"change {name} of", variable, program)
        yield Edit("--replace", variable, PROGRAM, options=("--replace", "{urn}"))
        yield Edit("taint", variable, PROGRAM, before=("state", "taint", "--yes", "{urn}"))
        if variable in UPDATING:
            program = changed(PROGRAM, variable, **UPDATING[variable])
            yield Edit("--target", variable, program, options=("--target", "{urn}"))
            yield Edit("interrupt an update of", variable, program, is_killed=True)
            yield Edit("other organisation for", variable, program, in_other_organization=True)
        yield Edit("interrupt the removal of", variable, without(PROGRAM, variable), is_killed=True)
        with_provider = {**PROGRAM, variable: replace(each, options="provider=explicit")}
        yield Edit("add provider= to", variable, with_provider)
        elsewhere = {**PROGRAM, variable: replace(each, options="provider=elsewhere")}
        yield Edit("provider= of another organisation for", variable, elsewhere)
    yield Edit("destroy", "desk", PROGRAM, command="destroy")
    yield Edit("interrupt the destroy of", "desk", PROGRAM, command="destroy", is_killed=True)


EDITS = [*edits()]

#: The edits that the test makes without `--soak`: a sample of `EDITS` with almost every kind.
SHORT = [
    edit
    for edit in EDITS
    if str(edit)
    in {
        "remove desk",
        "change key of desk",
        "rename desk",
        "remove kind",
        "change is_multi of host",
        "--replace own",
        "taint comment",
        "--target rule",
        "interrupt the removal of desk",
        "interrupt the destroy of desk",
        "other organisation for own",
        "provider= of another organisation for rule",
        "add provider= to own",
        "rename watcher",
        "rename link",
        "taint favorite",
        "taint jira",
        "--replace value",
        "--replace insight",
    }
]


# --- people ----------------------------------------------------------------------------------


class People:
    """What people create in an organisation, through the API."""

    def __init__(self, organization: "Organization", ids: Mapping[str, str]) -> None:
        self._call = organization.call
        #: Objects and values that no edit may destroy.
        self.valued: set[Name] = set()
        for project in ids["desk"], ids["annex"]:
            self._case(project, "Open")
            archived = self._case(project, "Evidence")
            self._call(f"POST /cases/{archived}/archive", {"type": "case"})
        host = {"host": {"type": "TEXT", "is_multi": False, "value": "theirs"}}
        typed = self._case(ids["desk"], "Typed", type_id=ids["kind"], custom_attributes=host)
        self.valued.add(f"CaseCustomAttribute {typed}/host")
        comment = {"type": "case", "attributes": {"comment": "Theirs"}}
        (cell,) = self._call(f"POST /cases/{ids['own']}/comment", comment)
        self.valued.add(f"CaseComment {ids['own']}/{cell['id']}")
        #: Objects that may be deleted with their project, but only if a warning names them. The
        #: values are the names in the warning.
        self.named: dict[Name, str] = {}
        view = {"name": "Their view", "query": "status:open", "project_id": ids["desk"]}
        created = self._call("POST /cases/views", {"type": "view", "attributes": view})
        self.named[f"CaseView {created['id']}"] = "Their view"

    def _case(self, project: str, title: str, **attributes: object) -> str:
        data = {
            "type": "case",
            "attributes": {
                "title": title,
                "type_id": "00000000-0000-0000-0000-000000000001",
                **attributes,
            },
            "relationships": {"project": {"data": {"type": "project", "id": project}}},
        }
        created: str = self._call("POST /cases", data)["id"]
        self.valued.add(f"Case {created}")
        return created


# --- rounds ----------------------------------------------------------------------------------

#: An error of this package in the output of Pulumi.
_ERROR = re.compile(r"pulumi_datadog_cases\.(\w+): (.*)")


@dataclass
class Round:
    """One edit, on a new stack in an empty organisation."""

    edit: Edit
    stack: "Stack"
    organization: "Organization"
    elsewhere: "Organization"
    audit: "Audit"
    read_objects: "ReadObjects"
    faults: "Faults"
    rng: random.Random
    has_people: bool
    failures: list[str] = field(default_factory=list[str])

    def run(self) -> None:
        """Deploy, let people work, deploy the edit, and follow the advice of its error, if any."""
        if self.edit.is_killed:
            self.stack.prepare_for_kills()
        self._deploy(PROGRAM)
        ids = {
            name: resource["id"]
            for name, resource in self.stack.resources.items()
            if name in PROGRAM
        }
        people = People(self.organization, ids) if self.has_people else None
        self.audit(self.stack)
        if self.edit.before:
            self.stack(*self._with_urn(self.edit.before))
        self.stack.write(text(self.edit.program))
        output = self._attempt(self.edit)
        if people:
            self._check(people, output)
        if error := _ERROR.search(output):
            self._follow_advice(error)
        elif "error:" in output:
            self.failures.append(f"unreadable error: {output}")
        self._check_state()

    def _deploy(self, program: Program) -> None:
        self.stack.write(text(program))
        self.stack.up()

    def _attempt(self, edit: Edit) -> str:
        """Run the command of an edit. If `is_killed`, first run the command once and kill it."""
        options = ("--yes", "--skip-preview", "--suppress-progress")
        arguments = (edit.command, *options, *self._with_urn(edit.options))
        if edit.is_killed:
            self._kill(*arguments)
            self.stack("cancel", "--yes")
        with self._other_organization(edit):
            return self.stack.attempt(*arguments).stdout

    def _with_urn(self, arguments: tuple[str, ...]) -> tuple[str, ...]:
        urn = self.stack.resources.get(self.edit.variable, {}).get("urn", "")
        return tuple(each.format(urn=urn) for each in arguments)

    @contextmanager
    def _other_organization(self, edit: Edit) -> Generator[None]:
        own = self.stack.environment["DD_HOST"]
        if edit.in_other_organization:
            self.stack.environment["DD_HOST"] = self.elsewhere.settings.base_url
        yield
        self.stack.environment["DD_HOST"] = own

    def _kill(self, *arguments: str) -> None:
        self.faults.add({"endpoint": "*", "kind": "latency", "seconds": 0.04})
        last = self.faults.count + self.rng.randrange(8)
        with subprocess.Popen(
            ["pulumi", "--non-interactive", *arguments],  # noqa: S607 - from PATH
            cwd=self.stack.folder,
            env=self.stack.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as cli:
            while cli.poll() is None and self.faults.count < last:
                time.sleep(0.01)
            cli.kill()
        self.faults.clear()

    def _check(self, people: People, output: str) -> None:
        """Check what people created: only objects that a warning names may be gone."""
        now = self.read_objects(self.organization)
        left = now.objects.keys() | now.children
        self.failures += [f"{each} of people is gone" for each in people.valued - left]
        self.failures += [
            f"{each} of people is gone without a warning"
            for each, label in people.named.items()
            if each not in left and label not in output
        ]

    def _follow_advice(self, error: re.Match[str]) -> None:
        """Follow the advice of the error, and check that the advice works."""
        if error[2].count("\n") or not re.search(r"[`=]", error[2]):
            self.failures.append(f"error without advice: {error[0]}")
        match error[1]:
            case "DeleteRefusedError" if not (self.edit.options or self.edit.before):
                self._deploy(_with_force(PROGRAM))
                self.stack.write(text(self.edit.program))
                self.stack(self.edit.command, "--yes", "--skip-preview")
            case "ManagedTwiceError":
                alias = f'aliases=[pulumi.Alias(name="{self.edit.variable}")]'
                each = self.edit.program[self.edit.variable]
                renamed = replace(each, options=alias)
                self._deploy({**self.edit.program, self.edit.variable: renamed})
            case _:
                if self.edit.before:
                    self.stack(*self._with_urn(("state", "untaint", "--yes", "{urn}")))
                self._deploy(PROGRAM)

    def _check_state(self) -> None:
        """Check that state and organisation agree, and that no change is left to deploy."""
        found = self.audit(self.stack)
        if found.wrong:
            self.failures.append(str(found))
        if self.edit.command == "up":
            self.stack.assert_no_changes()


def _with_force(program: Program) -> Program:
    """The program with `force_destroy` on every resource that has it."""
    return {
        variable: each.with_arguments(force_destroy="True")
        if each.resource_class in {"Project", "CustomAttribute"}
        else each
        for variable, each in program.items()
    }


@pytest.mark.parametrize("batch", range(BATCHES))
def test_edit_loses_nothing(  # noqa: PLR0913, PLR0917 - fixtures
    batch: int,
    soak: bool,  # noqa: FBT001 - a fixture
    rng: random.Random,
    new_front_end_stack: "NewStack",
    start_sandbox: "StartSandbox",
    organization: "Organization",
    faults: "Faults",
    new_audit: "NewAudit",
    read_objects: "ReadObjects",
    measure: "Measure",
) -> None:
    elsewhere = start_sandbox()
    failures: list[str] = []
    rounds = [(edit, True) for edit in (EDITS if soak else SHORT)]
    rounds += [(edit, False) for edit in (EDITS if soak else [])]
    for edit, has_people in rounds[batch::BATCHES]:
        organization.reset()
        stack = new_front_end_stack(organization)
        stack.environment["ELSEWHERE"] = elsewhere.settings.base_url
        audit = new_audit()
        one = Round(
            edit, stack, organization, elsewhere, audit, read_objects, faults, rng, has_people
        )
        try:
            one.run()
        except AssertionError as error:
            one.failures.append(str(error))
        measure("edits: rounds", 1)
        measure(
            "edits: rounds with a loss, an unreadable error or wrong advice", bool(one.failures)
        )
        failures += [f"{edit}, people: {has_people}: {each}" for each in one.failures]
    assert not failures, "\n\n".join(failures)
