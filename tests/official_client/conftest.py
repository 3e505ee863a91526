"""Datadog's official client, connected to a sandbox, with a check of every response.

A test named `test_<operation>` must call that operation of the client successfully. A member of a
response must be in the client's models or in `UNDOCUMENTED`.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeAlias, TypeVar

import pytest
import requests
from datadog_api_client import ApiClient, Configuration
from datadog_api_client.api_client import Endpoint
from datadog_api_client.model_utils import ModelSimple, OpenApiModel, UnparsedObject
from datadog_api_client.v2.api.case_management_api import CaseManagementApi
from datadog_api_client.v2.api.case_management_attribute_api import CaseManagementAttributeApi
from datadog_api_client.v2.api.case_management_type_api import CaseManagementTypeApi
from datadog_api_client.v2.model.case_create_request import CaseCreateRequest
from datadog_api_client.v2.model.project_create_request import ProjectCreateRequest

M = TypeVar("M", bound=OpenApiModel)
#: A function that converts data to a request model of the client, as in
#: `body(CaseCreateRequest, {"type": "case", ...})`.
Body: TypeAlias = Callable[[type[M], object], M]
Make: TypeAlias = Callable[..., Any]

STANDARD: Final = "00000000-0000-0000-0000-000000000001"

#: Members of responses that the client's models lack, each with the evidence that the API returns
#: the member. The client accepts these members as additional properties.
UNDOCUMENTED: Final = {
    "CaseResponse.included": "recorded on every case",
    "CasesResponse.included": "recorded on every search",
    "CasesResponseMeta.total_cases": "recorded on every search",
    "CaseAttributes.comment_count": "recorded on every case",
    "CaseAttributes.created_by_author": "recorded on every case of a search",
    "CaseAttributes.creation_source": "recorded on every case",
    "CaseAttributes.insights": "recorded on every case",
    "CaseAttributes.internal_id": "recorded on every case",
    "CaseAttributes.merge_status": "recorded on every case",
    "CaseAttributes.public_id": "recorded on every case",
    "CaseCountResponseAttributes.total": "documented only in the reference's prose",
    "CaseTypeResourceAttributes.internal": "recorded on every case type",
    "CaseTypeResourceAttributes.statuses_config": "recorded on every case type",
    "CustomAttributeConfigResourceAttributes.case_type": "recorded on every definition",
    "TimelineCell.content": "recorded on every comment",
    "TimelineCellAuthorUserContent.ID": "recorded on every comment, where the model has `id`",
    "TimelineCellAuthorUserContent.active": "recorded on every comment",
}


class CheckedClient(ApiClient):
    """The official client. It records the parts of responses that do not match its models.

    Attributes:
        called: method and path of the operations that succeeded.
        unknown_members: members of responses that a model does not have, as `Model.member`.
        unparsed_values: values in responses that a model does not allow, as `Model: value`.
    """

    def __init__(self, configuration: Configuration) -> None:
        super().__init__(configuration)
        self.called: set[tuple[str, str]] = set()
        self.unknown_members: set[str] = set()
        self.unparsed_values: list[str] = []

    def call_api(self, resource_path: str, method: str, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - the client's own type
        response = super().call_api(resource_path, method, *args, **kwargs)
        self.called.add((method, resource_path))
        if response is not None:
            unparsed_before = len(self.unparsed_values)
            self.check(response)
            # The client sets this flag if it found a value that does not match its models.
            assert response._unparsed is (len(self.unparsed_values) > unparsed_before)  # noqa: SLF001 - there is no public attribute
        return response

    def check(self, value: object) -> None:
        """Record the parts of a parsed value that do not match the models."""
        if isinstance(value, OpenApiModel):
            self._check_model(value)
        elif isinstance(value, list | dict):
            for part in value.values() if isinstance(value, dict) else value:
                self.check(part)

    def _check_model(self, model: OpenApiModel) -> None:
        model_class, members = type(model), vars(model)["_data_store"]
        if isinstance(model, UnparsedObject | ModelSimple):
            if model._unparsed:  # noqa: SLF001 - there is no public attribute
                self.unparsed_values.append(
                    f"{model_class.__name__}: {members.get('value', members)}"
                )
            return
        for variant in vars(model).get("_composed_instances", ()):
            self.check(variant)
        # If a model has a type for additional properties, it is a map and may have any member.
        is_map = "additional_properties_type" in vars(model_class)
        for name, value in members.items():
            if is_map or name in model_class.attribute_map:
                self.check(value)
            else:
                self.unknown_members.add(f"{model_class.__name__}.{name}")


@pytest.fixture(scope="session")
def base_url(start_sandbox: Callable[..., Any]) -> str:
    """The URL of a sandbox that creates Jira issues and ServiceNow tickets immediately."""
    return str(start_sandbox("--async-delay", "0").settings.base_url)


@pytest.fixture
def checked_client(request: pytest.FixtureRequest, base_url: str) -> Iterator[CheckedClient]:
    """The official client, connected to an empty sandbox.

    After the test, the fixture checks the called operation and the responses, as the module
    docstring says.
    """
    requests.post(f"{base_url}/sandbox/reset", timeout=10).raise_for_status()
    keys = {"apiKeyAuth": "sandbox-api-key", "appKeyAuth": "sandbox-app-key"}
    configuration = Configuration(host=base_url, api_key=keys)  # type: ignore[no-untyped-call]  # the client has no annotations
    with CheckedClient(configuration) as client:
        yield client
    operation = request.node.originalname.removeprefix("test_")
    endpoint = operations(client).get(operation)
    assert endpoint is None or endpoint in client.called, f"{operation} was not called"
    assert client.unknown_members <= UNDOCUMENTED.keys(), (
        "the client's models do not have these members"
    )
    assert client.unparsed_values == [], "the client's models do not allow these values"


def operations(client: ApiClient) -> dict[str, tuple[str, str]]:
    """Return the method and the path of each case operation of the client, by name."""
    return {
        endpoint.settings["operation_id"]: (
            endpoint.settings["http_method"],
            endpoint.settings["endpoint_path"],
        )
        for api in (CaseManagementApi, CaseManagementTypeApi, CaseManagementAttributeApi)
        for endpoint in vars(api(client)).values()
        if isinstance(endpoint, Endpoint)
    }


@pytest.fixture
def client_operations(checked_client: CheckedClient) -> dict[str, tuple[str, str]]:
    """Method and path of the client's case operations, by name."""
    return operations(checked_client)


@pytest.fixture
def undocumented() -> Mapping[str, str]:
    """`UNDOCUMENTED`, the members that responses have and the client's models lack."""
    return UNDOCUMENTED


@pytest.fixture
def body(checked_client: CheckedClient) -> Body[Any]:
    """Return a function that converts data to a request model of the client.

    The data may contain only members that the model has.
    """

    def read(model: type[M], data: object) -> M:
        request: M = checked_client.deserialize(
            json.dumps({"data": data}), (model,), check_type=True
        )
        checked_client.check(request)
        return request

    return read


@pytest.fixture
def cases(checked_client: CheckedClient) -> CaseManagementApi:
    """The client's operations, except those on case types and custom attributes."""
    return CaseManagementApi(checked_client)  # type: ignore[no-untyped-call]  # the client has no annotations


@pytest.fixture
def case_types(checked_client: CheckedClient) -> CaseManagementTypeApi:
    """The client's operations on case types."""
    return CaseManagementTypeApi(checked_client)  # type: ignore[no-untyped-call]  # the client has no annotations


@pytest.fixture
def custom_attributes(checked_client: CheckedClient) -> CaseManagementAttributeApi:
    """The client's operations on definitions of custom attributes."""
    return CaseManagementAttributeApi(checked_client)  # type: ignore[no-untyped-call]  # the client has no annotations


@pytest.fixture
def make_project(cases: CaseManagementApi, body: Body[ProjectCreateRequest]) -> Make:
    """A function that creates and returns a project, as in `make_project("SEC", name="x")`."""

    def made(key: str, **attributes: object) -> Any:  # noqa: ANN401 - the client's own type
        data = {"type": "project", "attributes": {"key": key, "name": key, **attributes}}
        return cases.create_project(body(ProjectCreateRequest, data)).data

    return made


@pytest.fixture
def project_id(make_project: Make) -> str:
    """The id of a project with the key `SEC`."""
    return str(make_project("SEC").id)


@pytest.fixture
def make_case(cases: CaseManagementApi, body: Body[CaseCreateRequest], project_id: str) -> Make:
    """Return a function that creates and returns a case, as in `make_case(title="x")`."""

    def made(assignee: str | None = None, **attributes: object) -> Any:  # noqa: ANN401 - the client's own type
        related = {"project": (project_id, "project"), "assignee": (assignee, "user")}
        data = {
            "type": "case",
            "attributes": {"title": "A case", "type_id": STANDARD, **attributes},
            "relationships": {
                name: {"data": {"id": id_, "type": resource_type}}
                for name, (id_, resource_type) in related.items()
                if id_ is not None
            },
        }
        return cases.create_case(body(CaseCreateRequest, data)).data

    return made


@pytest.fixture
def case_id(make_case: Make) -> str:
    """The id of a new case of the type Standard with the key `SEC-1`."""
    return str(make_case().id)
