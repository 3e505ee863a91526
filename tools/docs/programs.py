"""Translates a resource of a Python example, and its dependencies, into PCL and YAML.

PCL is the language that Pulumi's generators of TypeScript and Go programs read.
"""

import ast
import inspect
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import yaml

from pulumi_datadog_cases.cli.inventory import RESOURCE_TYPES
from pulumi_datadog_cases.engine.names import camel_case, with_camel_case_names
from pulumi_datadog_cases.engine.values import Value
from pulumi_datadog_cases.lookups import functions
from pulumi_datadog_cases.plugin.package import PACKAGE

_PLAIN_KEY: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Reference(str):
    """A reference to another part of the program: `desk`, or its value `desk.id`."""

    __slots__ = ()


@dataclass(frozen=True)
class Setting:
    """A value from the stack's config."""

    #: The name of the variable.
    label: str
    key: str
    #: None if the setting is required.
    default: str | None


@dataclass(frozen=True)
class Lookup:
    """A call of a lookup."""

    #: The name of the variable that the result is assigned to.
    label: str
    #: The name of the function, such as `getUser`.
    function: str
    arguments: Mapping[str, Value]


@dataclass(frozen=True)
class Declaration:
    """A resource with its declared inputs."""

    #: The name of the variable that the resource is assigned to.
    label: str
    resource_class: str
    #: The resource's name in Pulumi.
    name: str
    inputs: Mapping[str, Value]


Part: TypeAlias = Setting | Lookup | Declaration
Program: TypeAlias = Sequence[Part]


class UntranslatableError(Exception):
    """A part of an example cannot be expressed in other languages."""


def program_of(source: str, statement: str) -> Program:
    """Return the program that declares one resource of an example.

    The program also has the resources, lookups and settings to which the resource refers. Optional
    inputs that other languages cannot express are left out.

    Args:
        source: the Python program of the example.
        statement: the text of the statement that declares the resource.

    Raises:
        UntranslatableError: a required input, or a part to which the resource refers, cannot be
            expressed in other languages.
    """
    translator = _Translator(ast.parse(source))
    (declaration,) = ast.parse(statement).body
    translator.add(declaration)
    return [*translator.parts.values()]


class _Translator:
    """Collects the parts of a program. Each part comes after those to which it refers."""

    def __init__(self, module: ast.Module) -> None:
        self.parts: dict[str, Part] = {}
        self._assignments = {
            statement.targets[0].id: statement
            for statement in module.body
            if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)
        }
        self._constants: dict[str, Value] = {}

    def add(self, statement: ast.stmt) -> None:
        """Add what a statement assigns, and the parts to which it refers."""
        match statement:
            case ast.Assign(targets=[ast.Name(label)], value=value):
                pass
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr=name)) as value):
                label = name[:1].lower() + name[1:]
            case _:
                raise UntranslatableError(ast.unparse(statement))
        match value:
            case ast.Call(
                func=ast.Attribute(ast.Name("cases"), name), args=args, keywords=keywords
            ):
                if name in RESOURCE_TYPES:
                    self.parts[label] = self._declaration(label, name, args, keywords)
                else:
                    self.parts[label] = self._lookup(label, name, args, keywords)
            case ast.BoolOp(
                ast.Or(), [ast.Call(ast.Attribute(attr="get"), [key]), default]
            ):  # an optional setting
                self._add_setting(label, self._value(key), self._value(default))
            case _:
                self._constants[label] = self._value(value)

    def _declaration(
        self,
        label: str,
        resource_class: str,
        args: Sequence[ast.expr],
        keywords: Sequence[ast.keyword],
    ) -> Declaration:
        properties = RESOURCE_TYPES[resource_class].Provider.resource_type.properties
        inputs: dict[str, Value] = {}
        for each in keywords:
            name = str(each.arg)
            try:
                inputs[name] = self._value(each.value)
            except UntranslatableError:
                if properties[name].required:
                    raise
        inputs = with_camel_case_names(properties, inputs)
        return Declaration(label, resource_class, str(self._value(args[0])), inputs)

    def _lookup(
        self, label: str, name: str, args: Sequence[ast.expr], keywords: Sequence[ast.keyword]
    ) -> Lookup:
        parameters = inspect.signature(getattr(functions, name)).parameters
        given = dict(zip(parameters, args, strict=False))
        given |= {str(each.arg): each.value for each in keywords}
        arguments = {camel_case(each): self._value(value) for each, value in given.items()}
        return Lookup(label, camel_case(name), arguments)

    def _value(self, value: ast.expr) -> Value:  # noqa: PLR0911 - one for each type of expression
        match value:
            case ast.Constant():
                return value.value  # type: ignore[return-value] # examples contain JSON values
            case ast.BinOp():  # a calculation with integers, such as 90 * 86_400
                return int(eval(compile(ast.Expression(value), "", "eval")))  # noqa: S307 - our own examples
            case ast.Dict():
                keys = (str(self._value(key)) for key in value.keys if key)
                return dict(zip(keys, map(self._value, value.values), strict=True))
            case ast.List():
                return [*map(self._value, value.elts)]
            case ast.Attribute(value=ast.Name(label), attr=attribute):
                if isinstance(self._part(label), Lookup) and attribute != "id":
                    raise UntranslatableError(ast.unparse(value))
                return Reference(f"{label}.{camel_case(attribute)}")
            case ast.Name(label):
                found = self._part(label)
                return self._constants[label] if found is None else Reference(label)
            case ast.Call(func=ast.Attribute(attr="require"), args=[key]):
                name = str(self._value(key))
                if name in self._assignments:
                    raise UntranslatableError(f"a variable and a setting are named {name}")
                self._add_setting(name, name, None)
                return Reference(name)
            case _:
                raise UntranslatableError(ast.unparse(value))

    def _part(self, label: str) -> Part | None:
        """Return the part with a label, adding it if needed; None if the variable is a constant."""
        if label not in self.parts and label not in self._constants:
            if label not in self._assignments:
                raise UntranslatableError(label)
            self.add(self._assignments[label])
        return self.parts.get(label)

    def _add_setting(self, label: str, key: Value, default: Value) -> None:
        default = None if default is None else str(default)
        self.parts[label] = Setting(label, str(key), default)


# --- PCL -------------------------------------------------------------------------------------


def pcl(program: Program) -> str:
    """Return a program in PCL."""
    return "\n".join(line for part in program for line in _pcl_part(part)) + "\n"


def _pcl_part(part: Part) -> Iterator[str]:
    match part:
        case Setting():
            yield f"config {part.label} string {{"
            yield f"  __logicalName = {json.dumps(part.key)}"
            if part.default is not None:
                yield f"  default = {_pcl_value(part.default)}"
            yield "}"
        case Lookup():
            token = f"{PACKAGE}:index:{part.function}"
            yield f"{part.label} = invoke({json.dumps(token)}, {_pcl_value(part.arguments)})"
        case Declaration():
            yield f'resource {part.label} "{PACKAGE}:index:{part.resource_class}" {{'
            yield f"  __logicalName = {json.dumps(part.name)}"
            for name, value in part.inputs.items():
                yield f"  {name} = {_pcl_value(value)}"
            yield "}"


def _pcl_value(value: Value) -> str:
    if isinstance(value, Reference):
        return value
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_pcl_key(k)} = {_pcl_value(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_pcl_value, value)) + "]"
    text = json.dumps(value, ensure_ascii=False)
    return text.replace("${", "$${").replace("%{", "%%{")


def _pcl_key(key: str) -> str:
    return key if _PLAIN_KEY.fullmatch(key) else json.dumps(key)


# --- YAML ------------------------------------------------------------------------------------


def yaml_program(program: Program) -> str:
    """Return a program in YAML, as the text of the file Pulumi.yaml."""
    keys = {each.label: each.key for each in program if isinstance(each, Setting)}
    names = ("config", "variables", "resources")
    sections: dict[str, dict[str, object]] = {name: {} for name in names}
    for part in program:
        match part:
            case Setting():
                default = {} if part.default is None else {"default": part.default}
                sections["config"][part.key] = {"type": "string", **default}
            case Lookup():
                call = {
                    "function": f"{PACKAGE}:{part.function}",
                    "arguments": _yaml_value(part.arguments, keys),
                }
                sections["variables"][part.label] = {"fn::invoke": call}
            case Declaration():
                resource: dict[str, object] = {"type": f"{PACKAGE}:{part.resource_class}"}
                if part.name != part.label:
                    resource["name"] = part.name
                resource["properties"] = _yaml_value(part.inputs, keys)
                sections["resources"][part.label] = resource
    used = {name: section for name, section in sections.items() if section}
    document = {"name": "example", "runtime": "yaml", **used}
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100)


def _yaml_value(value: Value, keys: Mapping[str, str]) -> object:
    """Return a value for YAML. `keys` maps the label of each setting to its config key."""
    if isinstance(value, Reference):
        label, dot, attribute = value.partition(".")
        return f"${{{keys.get(label, label)}{dot}{attribute}}}"
    if isinstance(value, str):
        return value.replace("${", "$${")
    if isinstance(value, Mapping):
        return {name: _yaml_value(each, keys) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_yaml_value(each, keys) for each in value]
    return value
