"""Pulumi's resource protocol, independent of Datadog.

A resource class (`resource`) declares its properties (`property`) and a `Lifecycle` (`lifecycle`).
`ResourceType` (`resource_type`) validates (`validation`) and compares (`values`) declarations.
`Operations` (`operations`) answers Pulumi's calls on plain values, with `safety` making creates
safe, and `DynamicProvider` (`dynamic`) adapts it to dynamic resources in the process that
`plugin_host` sets up.
"""

from pulumi_datadog_cases.engine.lifecycle import Change, Lifecycle, LiveObject
from pulumi_datadog_cases.engine.plugin_host import warn
from pulumi_datadog_cases.engine.property import Prop, arg, computed
from pulumi_datadog_cases.engine.resource import Resource
from pulumi_datadog_cases.engine.timing import Timing
from pulumi_datadog_cases.engine.validation import KnownInputs, Normalizer, Validator, Violations
from pulumi_datadog_cases.engine.values import Value, Values, equivalent

__all__ = [
    "Change",
    "KnownInputs",
    "Lifecycle",
    "LiveObject",
    "Normalizer",
    "Prop",
    "Resource",
    "Timing",
    "Validator",
    "Value",
    "Values",
    "Violations",
    "arg",
    "computed",
    "equivalent",
    "warn",
]
