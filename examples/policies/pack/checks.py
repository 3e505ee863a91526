"""What the policies check. The functions do not need `pulumi_policy`, so any test can call them."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

#: The type tokens of dynamic resources, and of resources of the native plugin.
_TOKEN = re.compile(r"(?:pulumi-python:dynamic/datadog-cases|datadog-cases:index):(\w+)")
_RULES = ("AutomationRule", "NotificationRule")


@dataclass(frozen=True)
class Declared:
    """A resource that a program declares."""

    #: The resource type, such as `Project`.
    kind: str
    #: The name of the resource in the program.
    name: str
    #: The inputs, with names as in Python, such as `force_destroy`.
    inputs: Mapping[str, object]
    #: Whether the option `protect` is set.
    is_protected: bool = False

    @classmethod
    def read(
        cls, token: str, name: str, inputs: Mapping[str, object], *, is_protected: bool
    ) -> "Declared | None":
        """Read a resource as Pulumi describes it; return None if another package provides it."""
        match = _TOKEN.fullmatch(token)
        if match is None:
            return None
        # Programs in other languages than Python declare `forceDestroy`.
        spelled = {
            re.sub("[A-Z]", lambda m: f"_{m[0].lower()}", key): inputs[key] for key in inputs
        }
        return cls(match[1], name, spelled, is_protected)

    @property
    def is_disabled_rule(self) -> bool:
        """Whether the resource is a rule that is switched off."""
        return self.kind in _RULES and (
            self.inputs.get("state") == "DISABLED" or self.inputs.get("is_enabled") is False
        )


def without_owner(resource: Declared, owners: Collection[str]) -> Iterator[str]:
    """Report a rule whose name does not begin with a team, as `payments/page` does.

    Args:
        resource: a resource of the program.
        owners: the names of the teams.
    """
    owner, slash, _ = resource.name.partition("/")
    if resource.kind in _RULES and not (slash and owner in owners):
        yield f"name the rule after its owner, as in `TEAM/{resource.name}`: {', '.join(owners)}"


def easily_deleted(resource: Declared) -> Iterator[str]:
    """Report a project without `protect`, or with `force_destroy`."""
    if resource.kind == "Project":
        if not resource.is_protected:
            yield "set the option protect=True, so that the project is not deleted by accident"
        if resource.inputs.get("force_destroy"):
            yield "remove force_destroy: with it, a delete also destroys the cases of other people"


def disabled_too_long(resource: Declared, until: Mapping[str, str], today: date) -> Iterator[str]:
    """Report a disabled rule without a date, or past its date.

    Args:
        resource: a resource of the program.
        until: the last day on which a rule may be disabled, such as `2026-12-31`, by the name of
            the rule's resource.
        today: the current date.
    """
    if resource.is_disabled_rule:
        last = until.get(resource.name)
        if last is None:
            yield "the rule is disabled: enable it, or add its name and a date to `disabledUntil`"
        elif date.fromisoformat(last) < today:
            yield f"the rule was to be disabled until {last}: enable it, or remove it"
