"""Converts the resources in a state from one front end of the package to the other.

Python programs declare dynamic resources, of types such as
`pulumi-python:dynamic/datadog-cases:Case`. Programs in other languages declare resources of the
native plugin, of types such as `datadog-cases:index:Case`. Both have the same ids and values.
They differ in three points: the type, which is a part of the URN; the names of properties, such as
`project_id` or `projectId`; and the provider.
"""

import json
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from pulumi_datadog_cases.api.config.settings import config_key, is_setting
from pulumi_datadog_cases.cli.migrate import FrontEnd
from pulumi_datadog_cases.cli.state import (
    DYNAMIC_PREFIX,
    DYNAMIC_PROVIDER,
    NATIVE_PREFIX,
    NATIVE_PROVIDER,
    is_default,
    pickled_provider,
    resource_type_of,
)
from pulumi_datadog_cases.engine.dynamic import PROVIDER_KEY
from pulumi_datadog_cases.engine.names import (
    camel_case,
    camel_case_path,
    snake_case,
    snake_case_path,
    with_camel_case_names,
    with_snake_case_names,
)
from pulumi_datadog_cases.engine.property import Property
from pulumi_datadog_cases.engine.values import SECRET_KEY, Value, Values, is_list

#: The members of a resource that are lists of property paths.
_PATHS: Final = ("additionalSecretOutputs", "ignoreChanges", "replaceOnChanges", "hideDiff")

_Properties: TypeAlias = Mapping[str, Property]
_Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class _Conventions:
    """The types and names in the state of one front end."""

    #: The beginning of the type of every resource.
    prefix: str
    #: The type of providers.
    provider: str
    name: Callable[[str], str]
    path: Callable[[_Properties, str], str]
    values: Callable[[_Properties, Values], Values]
    #: Returns the name of a setting of a provider, from the name that the other front end uses.
    setting: Callable[[str], str]


_CONVENTIONS: Final[Mapping[FrontEnd, _Conventions]] = {
    "dynamic": _Conventions(
        DYNAMIC_PREFIX,
        DYNAMIC_PROVIDER,
        snake_case,
        snake_case_path,
        with_snake_case_names,
        config_key,
    ),
    "native": _Conventions(
        NATIVE_PREFIX,
        NATIVE_PROVIDER,
        camel_case,
        camel_case_path,
        with_camel_case_names,
        lambda key: key.partition(":")[2],
    ),
}


def convert(deployment: _Json, to: FrontEnd, config: Values) -> tuple[_Json, list[str]]:
    """Convert the Case Management resources in a state.

    Args:
        deployment: the member `deployment` of an exported state, with decrypted secrets.
        to: the front end to convert to.
        config: the settings of the native plugin in the stack's config, as a state stores them.

    Returns:
        The converted deployment, and the types of the converted resources. The list is empty if the
        state has no resource of the other front end.

    Raises:
        CommandError: the state has a resource type that this release does not know.
    """
    old, new = _CONVENTIONS["dynamic" if to == "native" else "native"], _CONVENTIONS[to]
    resources: list[_Json] = deployment.get("resources") or []
    own = [each for each in resources if each["type"].startswith(old.prefix)]
    used = {each.get("provider") for each in own}
    shared = {each.get("provider") for each in resources if each not in own}
    # The providers of the new front end, by URN. A state cannot have two resources with one URN.
    providers = {each["urn"]: each for each in resources if each["type"] == new.provider}
    renamed: dict[str, str] = {}
    result: list[_Json] = []
    for each in resources:
        reference = f"{each['urn']}::{each.get('id')}"
        if each["type"] == old.provider and (reference in used or _is_own(each, old)):
            provider = _provider(each, new, config)
            if reference in shared:  # by the user's own dynamic resources
                result.append(each)
            else:
                renamed[each["urn"]] = provider["urn"]
            if provider["urn"] not in providers:
                providers[provider["urn"]] = provider
                result.append(provider)
            provider = providers[provider["urn"]]
            renamed[reference] = f"{provider['urn']}::{provider['id']}"
        elif each["type"].startswith(old.prefix):
            result.append(_resource(each, old, new))
        else:
            result.append(each)
    # Everything except the values of resources may contain URNs.
    pattern = re.compile(rf"{re.escape(old.prefix)}(?=\w+(?:\$|::))")
    result = [
        {
            member: value
            if member in {"inputs", "outputs"}
            else _with_new_urns(value, lambda urn: renamed.get(urn) or pattern.sub(new.prefix, urn))
            for member, value in each.items()
        }
        for each in result
    ]
    return {**deployment, "resources": result}, [_type_name(each) for each in own]


def _is_own(provider: _Json, old: _Conventions) -> bool:
    """Whether an explicit provider is one of this package, even if only lookups use it."""
    if is_default(provider["urn"]):
        return False
    inputs: _Json = provider.get("inputs") or {}
    return old.provider == NATIVE_PROVIDER or any(key.startswith("datadog") for key in inputs)


def _provider(provider: _Json, new: _Conventions, config: Values) -> _Json:
    stack, project, types, name = str(provider["urn"]).split("::", 3)
    settings: Values = provider.get("inputs") or {}
    inputs: Values
    if is_default(provider["urn"]):
        # Pulumi creates default providers itself. The inputs of that of the native plugin are the
        # plugin's settings in the stack's config.
        name = "default"
        inputs = config if new.provider == NATIVE_PROVIDER else dict[str, Value]()
    else:
        inputs = {
            new.setting(key): value if new.provider == NATIVE_PROVIDER else _as_text(value)
            for key, value in settings.items()
            if is_setting(key)
        }
    return {
        **provider,
        "urn": "::".join([stack, project, types.replace(provider["type"], new.provider), name]),
        "type": new.provider,
        "id": str(uuid.uuid4()),
        "inputs": inputs,
        "outputs": inputs,
    }


def _as_text(value: Value) -> Value:
    """Return a setting as Python programs pass it: as a string, perhaps a secret one."""
    if isinstance(value, Mapping) and SECRET_KEY in value:
        return {**value, "plaintext": json.dumps(_as_text(json.loads(str(value["plaintext"]))))}
    return value if isinstance(value, str) else json.dumps(value)


def _resource(resource: _Json, old: _Conventions, new: _Conventions) -> _Json:
    resource_type = resource_type_of(resource)
    properties = resource_type.properties
    is_dynamic = new.provider == DYNAMIC_PROVIDER
    provider = pickled_provider(resource_type.name) if is_dynamic else dict[str, object]()
    converted: _Json = {
        **resource,
        "type": resource["type"].replace(old.prefix, new.prefix),
        **{
            part: {**_values(resource[part], properties, new), **provider}
            for part in ("inputs", "outputs")
            if part in resource
        },
        **{
            member: [new.path(properties, path) for path in resource[member]]
            for member in _PATHS
            if member in resource
        },
    }
    if dependencies := resource.get("propertyDependencies"):
        converted["propertyDependencies"] = {
            new.name(name): urns for name, urns in dependencies.items() if name != PROVIDER_KEY
        }
    return converted


def _values(values: Values, properties: _Properties, new: _Conventions) -> Values:
    """Translate the names in the inputs or outputs of a resource, also in decrypted secrets."""
    found: dict[str, Value] = {}
    for name, value in values.items():
        if name == PROVIDER_KEY or value is None:
            continue
        if isinstance(value, Mapping) and SECRET_KEY in value:
            plain = new.values(properties, {name: json.loads(str(value["plaintext"]))})
            for key, each in plain.items():
                found[key] = {**value, "plaintext": json.dumps(each)}
        else:
            found.update(new.values(properties, {name: value}))
    return found


def _with_new_urns(value: Value, rename: Callable[[str], str]) -> Value:
    if isinstance(value, str) and value.startswith("urn:pulumi:"):
        return rename(value)
    if isinstance(value, Mapping):
        return {key: _with_new_urns(item, rename) for key, item in value.items()}
    if is_list(value):
        return [_with_new_urns(item, rename) for item in value]
    return value


def _type_name(resource: _Json) -> str:
    return str(resource["type"]).rpartition(":")[2]
