"""Write the Pulumi schema of the package, from the declarations of the resources and lookups.

    python -m tools.schema           write the file
    python -m tools.schema --check   exit with an error if the file is stale

The plugin sends this file to Pulumi. To build the schema takes longer than most runs of Pulumi.
The format is documented at https://www.pulumi.com/docs/iac/packages-and-automation/schema/.
"""

import inspect
import json
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, Literal, get_args, get_origin

from typing_extensions import is_typeddict

from pulumi_datadog_cases.api import Client, Item
from pulumi_datadog_cases.api.config.credentials import SECRETS
from pulumi_datadog_cases.engine.docstrings import attribute_docs
from pulumi_datadog_cases.engine.lifecycle import Lifecycle
from pulumi_datadog_cases.engine.names import camel_case, in_message, translate_words
from pulumi_datadog_cases.engine.property import Property
from pulumi_datadog_cases.engine.resource import Resource
from pulumi_datadog_cases.engine.validation import unwrap_annotation
from pulumi_datadog_cases.lookups import functions
from pulumi_datadog_cases.plugin.package import (
    PACKAGE,
    SCHEMA_FILE,
    Lookup,
    Schema,
    lookup,
    resource_classes,
)
from pulumi_datadog_cases.resources.provider import Provider
from tools.docs.examples import LANGUAGES, translations
from tools.generated import ROOT, write_or_check

FILE: Final = ROOT / "provider" / "pulumi_datadog_cases" / "plugin" / SCHEMA_FILE

#: The schema of a value of any type.
_ANY: Final[Schema] = {"$ref": "pulumi.json#/Any"}


def main() -> None:
    """Write or check the file."""
    document = schema()
    for token, resource in document["resources"].items():
        resource["description"] += _examples(token.rpartition(":")[2])
    write_or_check(FILE, json.dumps(document, indent=1, ensure_ascii=False) + "\n")


def _examples(name: str) -> str:
    """Return the example of a resource in each language, in the format of a schema (documented)."""
    programs = translations()[name]
    blocks = "\n".join(f"```{each}\n{programs[each]}```\n" for each in LANGUAGES)
    example = f"## Example Usage\n{{{{% example %}}}}\n{blocks}{{{{% /example %}}}}\n"
    return f"\n\n{{{{% examples %}}}}\n{example}{{{{% /examples %}}}}"


def lookups() -> Iterator[tuple[str, Lookup]]:
    """Yield the token and the function of each lookup."""
    for name in vars(functions):
        token = f"{PACKAGE}:index:{camel_case(name)}"
        if found := lookup(token):
            yield token, found


def schema() -> Schema:
    """Return the schema of the package, without its version and without examples."""
    builder = _Builder()
    resources = {token: builder.resource(cls) for token, cls in resource_classes()}
    functions_ = {token: builder.function(each) for token, each in lookups()}
    config = _config()
    return {
        "name": PACKAGE,
        "displayName": "Datadog Case Management",
        "description": "Datadog Case Management as code: projects, rules, cases and more.",
        "keywords": ["pulumi", "datadog", "kind/native", "category/monitoring"],
        "license": "Apache-2.0",
        "publisher": "pulumi-datadog-cases",
        "language": {
            "csharp": {"respectSchemaVersion": True},
            "go": {
                "generateResourceContainerTypes": True,
                "importBasePath": "pulumi-datadog-cases.example.com/sdk/go/datadogcases",
                "respectSchemaVersion": True,
            },
            "nodejs": {"packageName": "pulumi-datadog-cases", "respectSchemaVersion": True},
            "python": {
                "packageName": "pulumi_datadog_cases_sdk",
                "pyproject": {"enabled": True},
                "respectSchemaVersion": True,
            },
        },
        "config": {"variables": config},
        "provider": {
            "description": (inspect.getdoc(Provider) or "").partition("\n\n")[0],
            "inputProperties": config,
        },
        "types": builder.types,
        "resources": resources,
        "functions": functions_,
    }


def _config() -> dict[str, Schema]:
    """Return the settings of the provider: the keyword arguments of the class `Provider`."""
    docs = _argument_docs(Provider.__init__)
    secret = {setting.key.partition(":")[2] for setting in SECRETS}
    found: dict[str, Schema] = {}
    for name, parameter in inspect.signature(Provider.__init__).parameters.items():
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY:
            (member,) = unwrap_annotation(parameter.annotation)[0]
            kind = {bool: "boolean", int: "integer", float: "number"}.get(member, "string")  # type: ignore[call-overload]
            found[camel_case(name)] = {
                "type": kind,
                "description": docs.get(camel_case(name), ""),
                **({"secret": True} if camel_case(name) in secret else {}),
            }
    return found


class _Builder:
    """Builds the schemas of resources and functions, and collects those of their types."""

    def __init__(self) -> None:
        self.types: dict[str, Schema] = {}

    def resource(self, cls: type[Resource]) -> Schema:
        docs = attribute_docs(cls)
        inputs: dict[str, Schema] = {}
        outputs: dict[str, Schema] = {}
        required, always = list[str](), list[str]()
        for name, p in cls.properties.items():
            spelled = camel_case(name)
            description = {"description": in_message(cls.properties, docs.get(name, ""))}
            outputs[spelled] = {**self.type(p.annotation), **description}
            if p.required or (p.computed and not _is_optional(p.annotation)):
                always.append(spelled)
            if p.computed:
                continue
            enum = cls.__name__ + _capitalized(spelled)
            inputs[spelled] = {
                **self.type(p.annotation, enum),
                **description,
                **self._input_options(p),
            }
            if p.required:
                required.append(spelled)
        return {
            "description": in_message(cls.properties, inspect.getdoc(cls) or ""),
            "properties": outputs,
            "required": sorted(always),
            "inputProperties": inputs,
            "requiredInputs": sorted(required),
            **self._list_support(cls, inputs),
            "aliases": [{"type": f"pulumi-python:dynamic/{cls.token_module}:{cls.__name__}"}],
        }

    @staticmethod
    def _list_support(resource: type[Resource], inputs: Mapping[str, Schema]) -> Schema:
        """Return the inputs of the list of a type's objects: the property with the parent's id.

        Return nothing if the objects cannot be listed.
        """
        if resource.Lifecycle.list is Lifecycle[Client].list:
            return {}
        parent = resource.Lifecycle.parent_property
        names = [camel_case(parent)] if parent else []
        properties = {name: inputs[name] for name in names}
        return {"listInputs": {"properties": properties, "required": names}}

    @staticmethod
    def _input_options(p: Property) -> Schema:
        options: Schema = {}
        if p.replace_on_changes:
            options["willReplaceOnChanges"] = True
        if isinstance(p.default, str | bool | int | float):
            options["default"] = p.default
        return options

    def function(self, function: Lookup) -> Schema:
        docs = _argument_docs(function)
        properties: dict[str, Schema] = {}
        required: list[str] = []
        for name, parameter in inspect.signature(function).parameters.items():
            if name == "opts":
                continue
            spelled = camel_case(name)
            annotation = typing.get_type_hints(function).get(name, str)
            properties[spelled] = {**self.type(annotation), "description": docs.get(spelled, "")}
            if parameter.default is inspect.Parameter.empty:
                required.append(spelled)
        returned = typing.get_type_hints(function)["return"]
        is_list = get_origin(returned) is list
        item: Schema = {"$ref": "#/types/" + self._item()}
        result = (
            {"items": {"type": "array", "items": item}}
            if is_list
            else self.types[self._item()]["properties"]
        )
        return {
            "description": _doc(function).partition("\n\nArgs:")[0],
            "inputs": {"properties": properties, "required": sorted(required)},
            "outputs": {"properties": result, "required": sorted(result)},
        }

    def _item(self) -> str:
        token = f"{PACKAGE}:index:Item"
        self.types.setdefault(
            token,
            {
                "type": "object",
                "description": (inspect.getdoc(Item) or "").partition("\n\n")[0],
                "properties": {
                    "id": {"type": "string", "description": "The id of the object."},
                    "type": {"type": "string", "description": "The JSON:API type of the object."},
                    "values": {
                        "type": "object",
                        "additionalProperties": _ANY,
                        "description": "The attributes of the object, as the API names them, and "
                        "the ids of related objects.",
                    },
                },
                "required": ["id", "type", "values"],
            },
        )
        return token

    def type(self, annotation: object, enum: str | None = None) -> Schema:
        """Return the schema of a value with this annotation.

        Args:
            annotation: the annotation.
            enum: the name for the type of an enum; None to describe enums as strings.
        """
        members, _ = unwrap_annotation(annotation)
        schemas = list[Schema]()
        for member in members:
            schema = self._member(member, enum)
            if schema not in schemas:
                schemas.append(schema)
        if enum and (values := _enum_values(members)):
            # The enum is open: the API may know further values.
            token = f"{PACKAGE}:index:{enum}"
            self.types[token] = {"type": "string", "enum": [{"value": each} for each in values]}
            schemas.append({"$ref": f"#/types/{token}"})
        elif len(schemas) != 1 and any("items" in each or "$ref" in each for each in schemas):
            # Pulumi's Python SDK fails on a list inside a union (tried).
            return dict(_ANY)
        if not schemas:
            return dict(_ANY)
        return schemas[0] if len(schemas) == 1 else {"oneOf": schemas}

    def _member(self, member: object, enum: str | None) -> Schema:
        origin = get_origin(member)
        if is_typeddict(member):
            return {"$ref": f"#/types/{self._typed_mapping(member)}"}
        if origin is Literal:
            kind = "integer" if isinstance(get_args(member)[0], int) else "string"
            return {"type": kind}
        if origin in (dict, Mapping):
            return {"type": "object", "additionalProperties": self.type(get_args(member)[1], enum)}
        if isinstance(origin, type) and get_args(member):
            return {"type": "array", "items": self.type(get_args(member)[0], enum)}
        plain = {str: "string", bool: "boolean", int: "integer", float: "number"}
        if isinstance(member, type) and member in plain:
            return {"type": plain[member]}
        return dict(_ANY)

    def _typed_mapping(self, member: Any) -> str:  # noqa: ANN401 - a TypedDict class has no type of its own
        own_name = member.__name__.removesuffix("Args")
        token = f"{PACKAGE}:index:{own_name}"
        if token not in self.types:
            self.types[token] = {}  # types may refer to each other
            docs = attribute_docs(member)
            self.types[token] = {
                "type": "object",
                "description": translate_words(
                    member.__annotations__, inspect.getdoc(member) or ""
                ),
                "properties": {
                    camel_case(name): {
                        **self.type(each, own_name + _capitalized(camel_case(name))),
                        "description": translate_words(member.__annotations__, docs.get(name, "")),
                    }
                    for name, each in member.__annotations__.items()
                },
                "required": sorted(map(camel_case, member.__required_keys__)),
            }
        return token


def _enum_values(members: Iterable[object]) -> list[str]:
    """Return the listed values of an enum of strings; empty if the type is not an enum."""
    values = [value for each in members if get_origin(each) is Literal for value in get_args(each)]
    return [value for value in values if isinstance(value, str)]


def _capitalized(name: str) -> str:
    return name[:1].upper() + name[1:]


def _is_optional(annotation: object) -> bool:
    return types.NoneType in get_args(annotation)


def _doc(function: Callable[..., object]) -> str:
    """Return the docstring of a function, with the names of its arguments in camelCase."""
    named = {*inspect.signature(function).parameters, *vars(functions)}
    return translate_words(named, inspect.getdoc(function) or "")


def _argument_docs(function: Callable[..., object]) -> Mapping[str, str]:
    """Return the descriptions in the section `Args` of a docstring, by argument."""
    _, _, section = _doc(function).partition("Args:\n")
    return dict(_entries(section.partition("\n\n")[0]))


def _entries(section: str) -> Iterator[tuple[str, str]]:
    name, words = "", list[str]()
    for line in section.splitlines():
        if line.startswith("    ") and not line.startswith("     ") and ":" in line:
            if name:
                yield name, " ".join(words)
            name, _, first = line.strip().partition(":")
            words = [first.strip()]
        else:
            words.append(line.strip())
    if name:
        yield name, " ".join(words)


if __name__ == "__main__":
    main()
