"""API calls that create prerequisites: the objects to which a resource refers.

An argument may be a placeholder with the name of another prerequisite. For example,
`case("{project}")` creates a case in the prerequisite `project`.
"""

from collections.abc import Mapping

from tests.resources.harness.spec import ApiCall

#: Id of the case type "Standard", which every organisation has.
STANDARD = "00000000-0000-0000-0000-000000000001"
#: An id that no object has.
UNKNOWN_ID = "00000000-0000-4000-8000-000000000404"


def body(type_: str, **attributes: object) -> dict[str, object]:
    """The `data` of a request's body."""
    return {"type": type_, "attributes": attributes}


def project(key: str) -> ApiCall:
    """The call that creates a project."""
    return "POST /cases/projects", body("project", key=key, name=f"Project {key}")


def case(
    project_id: str, type_id: str = STANDARD, title: str = "Stolen laptop", **attributes: object
) -> ApiCall:
    """The call that creates a case in a project."""
    data = body("case", title=title, type_id=type_id, **attributes)
    data["relationships"] = {"project": {"data": {"type": "project", "id": project_id}}}
    return "POST /cases", data


def all_cases_request(query: str = "") -> str:
    """The request for the first page of cases that match `query`, which is URL-encoded."""
    query = query and f"filter={query}&"
    page = "page%5Bsize%5D=100&page%5Bnumber%5D=1"
    return f"GET /cases?{query}sort%5Bfield%5D=created_at&sort%5Basc%5D=true&{page}"


def case_type(name: str) -> ApiCall:
    """The call that creates a case type."""
    return "POST /cases/types", body("case_type", name=name)


def custom_attribute(case_type_id: str, key: str, type_: str, *, is_multi: bool) -> ApiCall:
    """The call that defines a custom attribute of a case type."""
    data = body("custom_attribute", key=key, display_name=key, type=type_, is_multi=is_multi)
    return f"POST /cases/types/{case_type_id}/custom_attributes", data


#: Two projects with the keys `P{run}` and `Q{run}`, where `{run}` is unique to the test.
PROJECTS: Mapping[str, ApiCall] = {
    "project": project("P{run}"),
    "other_project": project("Q{run}"),
}
#: Two projects with one case each. The keys of the cases are `P{run}-1` and `Q{run}-1`.
CASES: Mapping[str, ApiCall] = {
    **PROJECTS,
    "case": case("{project}"),
    "other_case": case("{other_project}"),
}
