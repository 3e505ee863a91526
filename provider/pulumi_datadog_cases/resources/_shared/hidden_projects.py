"""Finds the restricted project that may hide an object.

For a project to which the keys have no access, the API may respond with 404 (assumed), as if the
project and its objects were deleted.
"""

from pulumi_datadog_cases.api import Client, NotFound
from pulumi_datadog_cases.engine.names import camel_case
from pulumi_datadog_cases.engine.stack_state import stack_objects
from pulumi_datadog_cases.engine.values import Values


def hidden_project(client: Client, urn: str | None, known: Values) -> str | None:
    """Describe the project that hides an object; None if no project hides it.

    A project counts as hidden if the state says that access to it is restricted, and the API does
    not find it. The stack has to manage the project.

    Args:
        client: the client with the current keys.
        urn: the URN of the object's resource.
        known: the properties of the object. They contain `project_id`, or the UUID of a case that
            the stack manages, in `case_id` or `parent_entity_id`.
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
        return restricted_project(project.outputs)
    return None


def restricted_project(outputs: Values) -> str:
    """Describe a restricted project in an error message."""
    return f"the restricted project {outputs.get('key')}"
