"""All that knows Pulumi's dynamic-provider protocol, and nothing of Datadog.

A resource class (`resource`) declares its properties (`property`) and a `Lifecycle`. Taken
together they are a `Kind`, which validates (`schema`) and compares (`values`); the provider
(`provider`) speaks Pulumi's protocol for it.
"""

from pulumi_datadog_cases.engine.lifecycle import Change, Lifecycle, LiveObject
from pulumi_datadog_cases.engine.plugin_host import warn
from pulumi_datadog_cases.engine.property import Prop, arg, computed
from pulumi_datadog_cases.engine.resource import Resource
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
    "Validator",
    "Value",
    "Values",
    "Violations",
    "arg",
    "computed",
    "equivalent",
    "warn",
]
