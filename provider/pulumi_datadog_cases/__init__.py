"""Datadog Case Management as code: Pulumi resources for projects, rules and cases."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pulumi_datadog_cases import api, arguments, components, exceptions, lookups, resources
    from pulumi_datadog_cases.api import *  # noqa: F403 - each part defines its own `__all__`
    from pulumi_datadog_cases.api import models
    from pulumi_datadog_cases.arguments import *  # noqa: F403 - as above
    from pulumi_datadog_cases.exceptions import *  # noqa: F403 - as above
    from pulumi_datadog_cases.lookups import *  # noqa: F403 - as above
    from pulumi_datadog_cases.resources import *  # noqa: F403 - as above

    __version__: str

    __all__ = ["components", "models"]
    __all__ += api.__all__
    __all__ += lookups.__all__
    __all__ += resources.__all__
    __all__ += exceptions.__all__
    __all__ += arguments.__all__
else:
    # On the first access to a name, the parts are imported in the order of `_PARTS` until one of
    # them has the name. So a program that uses only the client does not import Pulumi, and lookups
    # and components are imported only if they are used.
    from importlib import import_module

    _PARTS = ("api", "resources", "lookups", "exceptions", "arguments")

    def __getattr__(name: str) -> object:
        if name in _PARTS or name == "components":
            return import_module(f"{__name__}.{name}")
        if name == "models":
            return import_module(f"{__name__}.api.models")
        if name == "__version__":
            return import_module("importlib.metadata").version("pulumi-datadog-cases")
        if name == "__all__":
            names = (name for part in _PARTS for name in __getattr__(part).__all__)
            return ["components", "models", *names]
        for part in map(__getattr__, _PARTS):
            if name in part.__all__:
                return globals().setdefault(name, getattr(part, name))
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        return sorted(["__version__", *_PARTS, *__getattr__("__all__")])
