"""`Client.organization`: the organisation of the keys. A client requests it only once."""

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_datadog_cases.api import BadRequest

if TYPE_CHECKING:
    from tests.api.conftest import Server

    from pulumi_datadog_cases.api import Client


def user(**members: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """A response to GET /current_user."""
    org = {"org": {"data": {"type": "orgs", "id": "o-1"}}}
    return {"data": {"id": "u-1", "type": "users", "relationships": org}, **members}


def test_organization_has_id_and_name(client: "Client", server: "Server") -> None:
    roles = {"type": "roles", "id": "o-1", "attributes": {"name": "Admin"}}
    named = {"type": "orgs", "id": "o-1", "attributes": {"name": "Acme"}}
    server.answer(200, user(included=[roles, named]))
    found = client.organization()
    assert found is not None
    assert (found.id, found.attributes.name) == ("o-1", "Acme")


def test_included_objects_are_optional(client: "Client", server: "Server") -> None:
    server.answer(200, user())
    found = client.organization()
    assert found is not None
    assert (found.id, found.raw_attributes) == ("o-1", {})


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (403, {"errors": ["Forbidden"]}),
        (404, {"errors": ["Not Found"]}),
        (200, {"data": {"id": "u-1", "type": "users"}}),
    ],
)
def test_organization_may_be_unknown(
    status: int, body: dict[str, Any], client: "Client", server: "Server"
) -> None:
    server.answer(status, body)
    assert client.organization() is None
    assert client.organization() is None
    assert len(server.seen) == 1


@pytest.mark.parametrize("status", [200, 400])
def test_threads_share_one_request(status: int, client: "Client", server: "Server") -> None:
    server.answer(status, user() if status == 200 else {"errors": ["Bad Request"]})

    def organization(_: int) -> str:
        try:
            return str(client.organization())
        except BadRequest as error:
            return str(error)

    with ThreadPoolExecutor(16) as threads:
        assert len({*threads.map(organization, range(64))}) == 1
    assert len(server.seen) == 1
