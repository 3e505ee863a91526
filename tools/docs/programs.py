"""Reads a resource of an example, and what it refers to, as a program for any language.

`pcl` writes such a program in PCL, the language that Pulumi's generators of other languages read.
`yaml_program` writes it in YAML.
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
    """A value of another part of the program, such as `desk.id`."""

    __slots__ = ()


@dataclass(frozen=True)
class Setting:
    """A value from the stack's config."""

    label: str
    key: str
    #: None if the setting is required.
    default: str | None


@dataclass(frozen=True)
class Lookup:
    """The result of a lookup."""

    label: str
    #: The name of the function, such as `getUser`.
    function: str
    arguments: Mapping[str, Value]


@dataclass(frozen=True)
class Declaration:
    """A resource."""

    label: str
    kind: str
    name: str
    inputs: Mapping[str, Value]


Part: TypeAlias = Setting | Lookup | Declaration
Program: TypeAlias = Sequence[Part]


class UntranslatableError(Exception):
    """A value is computed by Python code that other languages cannot express."""


def program_of(source: str, statement: str) -> Program:
    """Return the program that declares one resource of an example.

    Args:
        source: the program of the example.
        statement: the statement of the example that declares the resource.

    Raises:
        UntranslatableError: a required input is computed by Python code.
    """
    reader = _Reader(ast.parse(source))
    (wanted,) = ast.parse(statement).body
    reader.read(wanted)
    return [*reader.parts.values()]


class _Reader:
    """Collects the parts of a program. Each part comes after those to which it refers."""

    def __init__(self, module: ast.Module) -> None:
        self.parts: dict[str, Part] = {}
        self._assignments = {
            statement.targets[0].id: statement
            for statement in module.body
            if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)
        }
        self._constants: dict[str, Value] = {}

    def read(self, statement: ast.stmt) -> None:
        """Add the part that a statement creates, and the parts to which it refers."""
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
            case ast.BoolOp(ast.Or(), [ast.Call(ast.Attribute(attr="get"), [key]), default]):
                self._add_setting(label, self._value(key), self._value(default))
            case _:
                self._constants[label] = self._value(value)

    def _declaration(
        self, label: str, kind: str, args: Sequence[ast.expr], keywords: Sequence[ast.keyword]
    ) -> Declaration:
        properties = RESOURCE_TYPES[kind].Provider.resource_type.properties
        inputs: dict[str, Value] = {}
        for each in keywords:
            name = str(each.arg)
            try:
                inputs[name] = self._value(each.value)
            except UntranslatableError:
                if properties[name].required:
                    raise
        inputs = with_camel_case_names(properties, inputs)
        return Declaration(label, kind, str(self._value(args[0])), inputs)

    def _lookup(
        self, label: str, name: str, args: Sequence[ast.expr], keywords: Sequence[ast.keyword]
    ) -> Lookup:
        parameters = inspect.signature(getattr(functions, name)).parameters
        given = dict(zip(parameters, args, strict=False))
        given |= {str(each.arg): each.value for each in keywords}
        arguments = {camel_case(each): self._value(value) for each, value in given.items()}
        return Lookup(label, camel_case(name), arguments)

    def _value(self, value: ast.expr) -> Value:  # noqa: PLR0911 - one for each kind of value
        match value:
            case ast.Constant():
                return value.value  # type: ignore[return-value] # examples contain JSON values
            case ast.BinOp():
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
        """Return the part with a label; None if the variable is a constant."""
        if label not in self.parts and label not in self._constants:
            if label not in self._assignments:
                raise UntranslatableError(label)
            self.read(self._assignments[label])
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
            yield f'resource {part.label} "{PACKAGE}:index:{part.kind}" {{'
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
    """Return the content of the file Pulumi.yaml of a YAML program."""
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
                resource: dict[str, object] = {"type": f"{PACKAGE}:{part.kind}"}
                if part.name != part.label:
                    resource["name"] = part.name
                resource["properties"] = _yaml_value(part.inputs, keys)
                sections["resources"][part.label] = resource
    used = {name: section for name, section in sections.items() if section}
    document = {"name": "example", "runtime": "yaml", **used}
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100)


def _yaml_value(value: Value, keys: Mapping[str, str]) -> object:
    """Return a value for YAML. `keys` has the config key of each setting by its label."""
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
