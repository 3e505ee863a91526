"""What `datadog-cases import` can write: a Python program, a Python module, or another language."""

import ast
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final, Literal, TypeAlias

from pulumi_datadog_cases.cli.codegen import Declaration, program
from pulumi_datadog_cases.cli.group import WRONG_USAGE, CommandError
from pulumi_datadog_cases.cli.inventory import ObjectKey, ObjectKeys
from pulumi_datadog_cases.cli.output import counted
from pulumi_datadog_cases.cli.pulumi_cli import project_file_in, read_runtime
from pulumi_datadog_cases.cli.state import StackState

Language: TypeAlias = Literal["python", "yaml", "typescript", "go"]
"""The language of a Pulumi program."""

#: For each language, its name in a Pulumi project file.
_RUNTIMES: Final[Mapping[Language, str]] = {
    "python": "python",
    "yaml": "yaml",
    "typescript": "nodejs",
    "go": "go",
}

_PROGRAM, _MODULE, _PROJECT = "__main__.py", "imported.py", "Pulumi.yaml"

#: The line that a Python program needs in order to run the module of new objects.
_IMPORT_LINE = f"import {Path(_MODULE).stem}"


@dataclass(frozen=True)
class Plan:
    """The declarations of a program, chosen so that no object is managed twice."""

    #: The objects that the stack manages, and the new ones.
    declarations: Sequence[Declaration]
    #: The objects that the stack does not manage yet.
    new: Sequence[Declaration]
    #: Objects that must not be imported: one line for each, with the reason.
    left_out: Sequence[str]


def language_of(folder: Path) -> Language | None:
    """Return the language of a folder's Pulumi project; None if the folder has none.

    Raises:
        CommandError: the project file cannot be read, or its runtime is none of `_RUNTIMES`.
    """
    file = project_file_in(folder)
    if file is None:
        return None
    runtime = read_runtime(file).name
    for language, name in _RUNTIMES.items():
        if runtime == name:
            return language
    raise CommandError(
        f"{file} has the runtime {runtime!r}, for which nothing can be written: choose a folder "
        f"without a project, and one of the languages {', '.join(_RUNTIMES)} with --language",
        WRONG_USAGE,
    )


@dataclass(frozen=True)
class ImportTarget(ABC):
    """A place and a language for the declarations of existing objects."""

    #: Whether the native plugin deploys the resources.
    is_native: ClassVar[bool] = False

    #: The folder of the program.
    out: Path

    @property
    def declarations(self) -> Path:
        """The file with the declarations."""
        return self.out / self.file_name

    @property
    @abstractmethod
    def file_name(self) -> str:
        """The name of the file with the declarations."""

    @property
    @abstractmethod
    def import_options(self) -> Sequence[str]:
        """The options of `pulumi --cwd <out> import`, besides `--file`.

        Without `--protect=false`, Pulumi protects the imported objects.
        """

    @property
    def last_step(self) -> str:
        """What is left to do after `pulumi import`; "" for nothing."""
        return ""

    @abstractmethod
    def stack(self) -> StackState:
        """Return the state of the folder's selected stack.

        Raises:
            CommandError: the target does not fit the stack or the folder.
        """

    @abstractmethod
    def files(self, plan: Plan, stack: StackState) -> Mapping[str, str]:
        """Return the texts of the files to write, by name.

        Raises:
            CommandError: an existing file must not be overwritten.
        """

    @abstractmethod
    def summary(self, new: int, managed: int) -> str:
        """Say which objects the file `declarations` declares.

        Args:
            new: the number of objects that the stack does not manage yet.
            managed: the number of objects that the stack manages.
        """

    def _stack_of_project(self, *, show_secrets: bool = False) -> StackState:
        """Return the state of the folder's selected stack; without a project, no stack."""
        if project_file_in(self.out) is None:
            return StackState(is_selected=False)
        return StackState.of(self.out, show_secrets=show_secrets)

    def _require_own_resources(self, stack: StackState) -> None:
        """Require that the stack has no resources of the other front end."""
        other = next((each for each in stack.objects if each.is_native is not self.is_native), None)
        if other is not None:
            advice = (
                f"a resource of a Python program, {other.name}: run `datadog-cases migrate --to "
                "native` first"
                if self.is_native
                else f"a resource of the native plugin, {other.name}: use `pulumi import`, or run "
                "`datadog-cases migrate --to dynamic` first"
            )
            raise CommandError(f"the stack of {self.out} has {advice}", WRONG_USAGE)


# --- a whole program -------------------------------------------------------------------------


@dataclass(frozen=True)
class PythonProgram(ImportTarget):
    """A Python program that replaces the program of the folder, if there is one."""

    IMPORT_OPTIONS: ClassVar = ("--generate-code=false", "--protect=false")

    #: What the program contains, for its docstring.
    subject: str
    #: Whether an existing program may be replaced.
    force: bool

    @property
    def file_name(self) -> str:
        """The program."""
        return _PROGRAM

    @property
    def import_options(self) -> Sequence[str]:
        """Pulumi writes no program, and protects nothing."""
        return self.IMPORT_OPTIONS

    def stack(self) -> StackState:
        """Require that a generated program can replace the program."""
        if self.declarations.exists() and not self.force:
            raise CommandError(
                f"{self.declarations} exists and is not overwritten: choose another folder, pass "
                f"--new-only to write only new objects to {_MODULE}, or pass --force",
                WRONG_USAGE,
            )
        stack = self._stack_of_project()
        self._require_own_resources(stack)
        if obstacle := _undeclarable(stack):
            raise CommandError(
                f"the stack of {self.out} has {obstacle}. The generated program cannot declare it, "
                "so `pulumi up` would remove it from the stack: pass --new-only to write only new "
                f"objects to {_MODULE}",
                WRONG_USAGE,
            )
        return stack

    def files(self, plan: Plan, stack: StackState) -> Mapping[str, str]:
        """Return the program, and a project file if there is none."""
        del stack
        files = {_PROGRAM: program(f"{self.subject}, as imported.", plan.declarations)}
        return {**files, **_new_project(self.out, "python")}

    def summary(self, new: int, managed: int) -> str:
        """Count all objects, and those that the stack manages."""
        objects = counted(new + managed, "object")
        return (
            f"{self.declarations} declares {objects}; the stack already manages {managed} of them."
        )


def _new_project(out: Path, language: Language) -> Mapping[str, str]:
    """Return a Pulumi project file, if the folder has none."""
    if project_file_in(out):
        return {}
    # Pulumi accepts 1 to 100 letters, digits and these signs (documented). The quotes prevent that
    # YAML reads a name such as `1.0` as a number.
    name = re.sub(r"[^A-Za-z0-9_.-]+", "-", out.resolve().name)[:100] or "cases"
    return {_PROJECT: f'name: "{name}"\nruntime: {_RUNTIMES[language]}\n'}


def _undeclarable(stack: StackState) -> str | None:
    """Describe something in the stack that a generated program cannot declare, or return None."""
    if stack.others:
        return f"{stack.others[0]}, which is not a Case Management resource"
    keys = ObjectKeys(each.found for each in stack.objects)
    names = dict[ObjectKey, str]()
    for each in stack.objects:
        if (other := names.setdefault(keys.of(each.found), each.name)) != each.name:
            return f"two resources for one object, {other} and {each.name}"
        if each.secret:
            return f"a secret in {each.name}, which must not be in a program in plain text"
        if each.has_options or each.config is not None:
            return f"Pulumi options on {each.name}"
    return None


# --- new objects only ------------------------------------------------------------------------


@dataclass(frozen=True)
class PythonModule(ImportTarget):
    """A module next to a Python program. It declares the objects that the stack does not manage.

    Until the program imports the module, `pulumi up` would delete the imported objects. So they
    stay protected. After the program imports the module, a preview shows no change, and the next
    `pulumi up` ends the protection. That preview and that `pulumi up` were tried.
    """

    #: Whether an existing module may be replaced.
    force: bool

    @property
    def file_name(self) -> str:
        """The module."""
        return _MODULE

    @property
    def import_options(self) -> Sequence[str]:
        """Pulumi writes no program, and protects the objects."""
        return ("--generate-code=false",)

    @property
    def last_step(self) -> str:
        """Import the module."""
        return (
            f"After the import, add the line `{_IMPORT_LINE}` to {self.out / _PROGRAM}. Without "
            "this line, `pulumi up` would try to delete the imported objects, and fail because "
            "they are protected."
        )

    def stack(self) -> StackState:
        """Require that a stack is selected.

        Secrets are decrypted: the id of a parent is part of the identity of a child, and may be
        secret.
        """
        stack = StackState.selected(
            self.out, show_secrets=True, instead="import without --new-only"
        )
        self._require_own_resources(stack)
        return stack

    def files(self, plan: Plan, stack: StackState) -> Mapping[str, str]:
        """Return the module, if there are new objects."""
        if not plan.new:
            return {}
        if self.declarations.exists():
            self._require_replaceable(stack)
        docstring = f"Imported objects; {_PROGRAM} needs `{_IMPORT_LINE}`."
        return {_MODULE: program(docstring, plan.new)}

    def summary(self, new: int, managed: int) -> str:
        """Count the new objects."""
        del managed
        objects = counted(new, "object")
        return f"{self.declarations} declares {objects} that the stack does not manage yet."

    def _require_replaceable(self, stack: StackState) -> None:
        path = self.declarations
        rename = f"rename it and its import in {_PROGRAM}, then run this again"
        if not self.force:
            raise CommandError(
                f"{path} exists and is not overwritten: {rename}; or pass --force if its objects "
                "are not imported yet",
                WRONG_USAGE,
            )
        written = _first_arguments(path)
        if declared := [each.name for each in stack.objects if each.name in written]:
            raise CommandError(
                f"{path} declares {declared[0]}, which the stack manages. Without this "
                f"declaration, `pulumi up` would delete the object: {rename}",
                WRONG_USAGE,
            )


def _first_arguments(path: Path) -> set[object]:
    """Return the constant first arguments of all calls in a program, such as resource names."""
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError) as error:
        raise CommandError(f"{path} cannot be read: {error}. Correct or rename it") from error
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args)
    return {call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant)}


# --- other languages -------------------------------------------------------------------------


#: For each language of the native plugin, the file for the declarations.
_FILES: Final[Mapping[Language, str]] = {
    "yaml": "imported.yaml",
    "typescript": "imported.ts",
    "go": "imported.go.txt",  # with the name `imported.go`, it would be part of the program
}


@dataclass(frozen=True)
class OtherLanguage(ImportTarget):
    """The new objects in a language of the native plugin. `pulumi import` writes the declarations.

    The objects stay protected until the program declares them, as with `PythonModule`.
    """

    is_native = True

    language: Language

    @property
    def import_options(self) -> Sequence[str]:
        """The file for the declarations."""
        return ("--out", self.file_name)

    @property
    def file_name(self) -> str:
        """The file that `pulumi import` writes."""
        return _FILES[self.language]

    @property
    def last_step(self) -> str:
        """Make the declarations part of the program."""
        return (
            f"`pulumi import` writes {self.declarations}. Move the declarations from this file "
            "into the program. Until then, `pulumi up` would try to delete the imported objects, "
            "and fail because they are protected."
        )

    def stack(self) -> StackState:
        """Require that no Python program declares the resources of the stack."""
        # If `pulumi import` fails, it may leave an empty file (read in Pulumi's source).
        if self.declarations.exists() and self.declarations.stat().st_size:
            raise CommandError(
                f"{self.declarations} exists and is not overwritten: move its resources into the "
                "program and delete it, or rename it",
                WRONG_USAGE,
            )
        stack = self._stack_of_project(show_secrets=True)
        self._require_own_resources(stack)
        return stack

    def files(self, plan: Plan, stack: StackState) -> Mapping[str, str]:
        """Return a project file, if there is none and there are new objects."""
        del stack
        return _new_project(self.out, self.language) if plan.new else {}

    def summary(self, new: int, managed: int) -> str:
        """Count the new objects."""
        del managed
        objects = counted(new, "object")
        return f"{self.declarations} is for {objects} that the stack did not manage before."
