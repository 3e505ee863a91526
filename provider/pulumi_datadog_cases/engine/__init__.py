"""The engine: implements Pulumi's resource protocol for any API, without knowing Datadog.

- `resource`: the base class of all resource classes.
- `property`: the declaration of a resource class's properties, one line for each property.
- `docstrings`, `signature`: what `help()` and editors show about a resource class.
- `inputs`, `natural`: convert the Python values that a program passes to a resource to JSON values.
- `program`: reports all mistakes of a program at once.
- `lifecycle`: the interface of the code that creates, reads, updates and deletes objects.
- `forms`, `stored_forms`: recognize a declared value that the API returns in another form, such as
  a trimmed text.
- `resource_type`, `validation`, `values`: validate and compare what a program declares.
- `operations`: Pulumi's operations (check, diff, create, ...) on plain Python values.
- `detailed_diff`: the paths of the values that differ, which Pulumi shows in previews.
- `names`: translates the names of properties for programs in other languages.
- `references`: finds the ids of objects that a program names by a key or in another way.
- `imports`: takes over existing objects for the resource option `import_`.
- `safety`: makes sure that no object is created twice or lost, even if a run is killed.
- `stack_state`: what the state of a stack contains, and when Pulumi saves it.
- `pulumi_command`: which command of Pulumi runs this process.
- `timing`: how long the engine waits for an API.
- `interruption`: ends every wait of this process when the user interrupts the run.
- `dynamic`: translates the calls of Pulumi's dynamic-provider protocol to `operations`.
- `plugin_host`: sets up the process in which Pulumi runs dynamic providers.
"""

from pulumi_datadog_cases.engine.forms import find_alike
from pulumi_datadog_cases.engine.interruption import interrupted, sleep
from pulumi_datadog_cases.engine.lifecycle import (
    Change,
    Dependent,
    DependentsText,
    Lifecycle,
    LiveObject,
    Organization,
)
from pulumi_datadog_cases.engine.natural import Input
from pulumi_datadog_cases.engine.plugin_host import warn
from pulumi_datadog_cases.engine.property import Prop, arg, computed
from pulumi_datadog_cases.engine.resource import Resource
from pulumi_datadog_cases.engine.timing import Timing
from pulumi_datadog_cases.engine.validation import (
    DependsOn,
    KnownInputs,
    Normalizer,
    Validator,
    Violations,
)
from pulumi_datadog_cases.engine.values import Value, Values, equivalent

__all__ = [
    "Change",
    "Dependent",
    "DependentsText",
    "DependsOn",
    "Input",
    "KnownInputs",
    "Lifecycle",
    "LiveObject",
    "Normalizer",
    "Organization",
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
    "find_alike",
    "interrupted",
    "sleep",
    "warn",
]
