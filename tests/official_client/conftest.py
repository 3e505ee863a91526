"""The vendor's own client, pointed at a sandbox, and a judge of what it makes of the answers.

A test that is called `test_<operation>` must have driven that operation of the client with success.
No answer may hold what the client has no place for, but for `UNDOCUMENTED`.
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
#: Converts data to a request model of the client: `body(CaseCreateRequest, {"type": "case", ...})`.
Body: TypeAlias = Callable[[type[M], object], M]
Make: TypeAlias = Callable[..., Any]

STANDARD: Final = "00000000-0000-0000-0000-000000000001"

#: Members of real traffic that the client's models lack; they become additional properties.
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
    "CaseCountResponseAttributes.total": "promised by the reference's prose alone",
    "CaseTypeResourceAttributes.internal": "recorded on every case type",
    "CaseTypeResourceAttributes.statuses_config": "recorded on every case type",
    "CustomAttributeConfigResourceAttributes.case_type": "recorded on every definition",
    "TimelineCell.content": "recorded on every comment",
    "TimelineCellAuthorUserContent.ID": "recorded on every comment, where the model has `id`",
    "TimelineCellAuthorUserContent.active": "recorded on every comment",
}


class Judge(ApiClient):
    """The vendor's client, which notes what it could not place in its models.

    Attributes:
        driven: Verb and path of the operations that succeeded.
        surplus: Members of answers that a model does not know, as `Model.member`.
        misfits: Values of answers that a model does not allow, as `Model: value`.
    """

    def __init__(self, configuration: Configuration) -> None:
        super().__init__(configuration)
        self.driven: set[tuple[str, str]] = set()
        self.surplus: set[str] = set()
        self.misfits: list[str] = []

    def call_api(self, resource_path: str, method: str, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as the client has it
        answer = super().call_api(resource_path, method, *args, **kwargs)
        self.driven.add((method, resource_path))
        if answer is not None:
            misfits_before = len(self.misfits)
            self.look_at(answer)
            # The client's own word on an answer, which must not differ from what was found in it.
            assert answer._unparsed is (len(self.misfits) > misfits_before)  # noqa: SLF001 - the only way to ask
        return answer

    def look_at(self, value: object) -> None:
        """Notes what is wrong with a value that the client has read."""
        if isinstance(value, OpenApiModel):
            self._look_at_model(value)
        elif isinstance(value, list | dict):
            for part in value.values() if isinstance(value, dict) else value:
                self.look_at(part)

    def _look_at_model(self, model: OpenApiModel) -> None:
        kind, members = type(model), vars(model)["_data_store"]
        if isinstance(model, UnparsedObject | ModelSimple):
            if model._unparsed:  # noqa: SLF001 - as above
                self.misfits.append(f"{kind.__name__}: {members.get('value', members)}")
            return
        for variant in vars(model).get("_composed_instances", ()):
            self.look_at(variant)
        # A model that says of which type further members are is a map: all may be there.
        is_map = "additional_properties_type" in vars(kind)
        for name, value in members.items():
            if is_map or name in kind.attribute_map:
                self.look_at(value)
            else:
                self.surplus.add(f"{kind.__name__}.{name}")


@pytest.fixture(scope="session")
def base_url(start_sandbox: Callable[..., Any]) -> str:
    """A sandbox in which Jira and ServiceNow finish at once."""
    return str(start_sandbox("--async-delay", "0").settings.base_url)


@pytest.fixture
def judge(request: pytest.FixtureRequest, base_url: str) -> Iterator[Judge]:
    """The vendor's client, on an empty sandbox; see the top of this file for what it must do."""
    requests.post(f"{base_url}/sandbox/reset", timeout=10).raise_for_status()
    keys = {"apiKeyAuth": "sandbox-api-key", "appKeyAuth": "sandbox-app-key"}
    configuration = Configuration(host=base_url, api_key=keys)  # type: ignore[no-untyped-call]  # the client does not say
    with Judge(configuration) as client:
        yield client
    operation = request.node.originalname.removeprefix("test_")
    where = operations(client).get(operation)
    assert where is None or where in client.driven, f"{operation} has not been driven"
    assert client.surplus <= UNDOCUMENTED.keys(), "the client has no place for these members"
    assert client.misfits == [], "the client's models do not allow these values"


def operations(client: ApiClient) -> dict[str, tuple[str, str]]:
    """Return method and path of the client's case operations, by name."""
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
def client_operations(judge: Judge) -> dict[str, tuple[str, str]]:
    """See `operations`."""
    return operations(judge)


@pytest.fixture
def undocumented() -> Mapping[str, str]:
    """See `UNDOCUMENTED`."""
    return UNDOCUMENTED


@pytest.fixture
def body(judge: Judge) -> Body[Any]:
    """Convert `data` to a request model of the client, which must have all its members."""

    def read(model: type[M], data: object) -> M:
        request: M = judge.deserialize(json.dumps({"data": data}), (model,), check_type=True)
        judge.look_at(request)
        return request

    return read


@pytest.fixture
def cases(judge: Judge) -> CaseManagementApi:
    """The client's operations, except case types and custom attributes."""
    return CaseManagementApi(judge)  # type: ignore[no-untyped-call]  # the client does not say


@pytest.fixture
def case_types(judge: Judge) -> CaseManagementTypeApi:
    """The client's operations on case types."""
    return CaseManagementTypeApi(judge)  # type: ignore[no-untyped-call]  # the client does not say


@pytest.fixture
def custom_attributes(judge: Judge) -> CaseManagementAttributeApi:
    """The client's operations on definitions of custom attributes."""
    return CaseManagementAttributeApi(judge)  # type: ignore[no-untyped-call]  # the client does not say


@pytest.fixture
def make_project(cases: CaseManagementApi, body: Body[ProjectCreateRequest]) -> Make:
    """Creates a project and returns it: `make_project("SEC", name="x")`."""

    def made(key: str, **attributes: object) -> Any:  # noqa: ANN401 - as the client has it
        data = {"type": "project", "attributes": {"key": key, "name": key, **attributes}}
        return cases.create_project(body(ProjectCreateRequest, data)).data

    return made


@pytest.fixture
def project_id(make_project: Make) -> str:
    """The id of a project with the key `SEC`."""
    return str(make_project("SEC").id)


@pytest.fixture
def make_case(cases: CaseManagementApi, body: Body[CaseCreateRequest], project_id: str) -> Make:
    """Creates a case in the project and returns it: `make_case(title="x")`."""

    def made(assignee: str | None = None, **attributes: object) -> Any:  # noqa: ANN401 - as above
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
    """The id of a fresh Standard case, `SEC-1`."""
    return str(make_case().id)
