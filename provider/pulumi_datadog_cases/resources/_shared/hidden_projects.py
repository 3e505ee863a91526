"""Finds the restricted project that may hide an object.

Assumed: for a project to which the keys have no access, the API can respond with 404, as if the
project and its objects were deleted.
"""

from pulumi_datadog_cases.api import Client, NotFound
from pulumi_datadog_cases.engine.names import camel_case
from pulumi_datadog_cases.engine.stack_state import stack_objects
from pulumi_datadog_cases.engine.values import Values


def hidden_project(client: Client, urn: str | None, known: Values) -> str | None:
    """Describe the project that hides an object; None if no project hides it.

    A project counts as hidden if the stack manages it, the state says that access to it is
    restricted, and the API does not find it.

    Args:
        client: the client with the current keys.
        urn: the URN of the object's resource.
        known: the properties of the object. Its project is that of `project_id`. If there is no
            `project_id`, its project is that of the case in `case_id` or `parent_entity_id`, if the
            stack manages this case.
    """
    managed = stack_objects(urn) or {}
    project_id = known.get("project_id")
    case_id = known.get("case_id", known.get("parent_entity_id"))
    if project_id is None and (case := managed.get(("Case", str(case_id)))):
        # The native plugin stores names in camelCase.
        name = "project_id"
        project_id = case.outputs.get(name, case.outputs.get(camel_case(name)))
    project = managed.get(("Project", str(project_id)))
    if project is None or project.outputs.get("restricted") is not True:
        return None
    try:
        client.projects.get(project.id)
    except NotFound:
        return describe_project(project.outputs)
    return None


def describe_project(outputs: Values) -> str:
    """Describe a restricted project in an error message."""
    return f"the restricted project {outputs.get('key')}"
