"""Creates the existing case that some examples refer to."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conftest import Organization


def open_support_case(organization: "Organization") -> Mapping[str, str]:
    """Open a case in a project for support. Return the stack config with which examples find it."""
    email = organization.call("GET /users")[1]["attributes"]["email"]
    outage = {"type": "case_type", "attributes": {"name": "Outage"}}
    case_type = organization.call("POST /cases/types", outage)
    region = {"key": "region", "display_name": "Region", "type": "TEXT", "is_multi": False}
    field = {"type": "custom_attribute", "attributes": region}
    organization.call(f"POST /cases/types/{case_type['id']}/custom_attributes", field)
    desk = {"type": "project", "attributes": {"key": "SUPPORT", "name": "Support"}}
    project = organization.call("POST /cases/projects", desk)
    related = {"project": {"data": {"id": project["id"], "type": "project"}}}
    attributes = {"title": "Checkout is down", "type_id": case_type["id"]}
    opened = {"type": "case", "attributes": attributes, "relationships": related}
    organization.call("POST /cases", opened)
    return {"project": "SUPPORT", "case": "SUPPORT-1", "me": email, "team": "platform"}
