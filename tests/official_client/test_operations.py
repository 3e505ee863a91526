"""Tests of the endpoints that the official client covers.

Further tests are about responses that the client cannot parse.
"""

import ast
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from datadog_api_client.exceptions import ApiException
from datadog_api_client.v2.api.case_management_api import CaseManagementApi
from datadog_api_client.v2.api.case_management_attribute_api import CaseManagementAttributeApi
from datadog_api_client.v2.api.case_management_type_api import CaseManagementTypeApi
from datadog_api_client.v2.model.case_comment_request import CaseCommentRequest
from datadog_api_client.v2.model.case_type_create_request import CaseTypeCreateRequest
from datadog_api_client.v2.model.custom_attribute_config_create_request import (
    CustomAttributeConfigCreateRequest,
)

from datadog_cases_sandbox.endpoints import registry

Body: TypeAlias = Callable[[type[Any], object], Any]
Make: TypeAlias = Callable[..., Any]

CHANGE_REQUEST = "00000000-0000-0000-0000-000000000004"
ERROR_TRACKING = "00000000-0000-0000-0000-000000000005"
UNKNOWN_CASE = "67d80aa3-36ff-44b9-a694-c501a7591737"

#: Endpoints of the sandbox for which the client has no Case Management operation. The values are
#: the reasons.
OTHER_API = {
    ("GET", "/users"): "Datadog's users API, for the users to whom cases are assigned",
    ("POST", "/users"): "Datadog's users API",
    ("GET", "/users/{}"): "Datadog's users API",
    ("DELETE", "/users/{}"): "Datadog's users API",
    ("GET", "/current_user"): "Datadog's users API",
    ("GET", "/team"): "Datadog's teams API, for the teams that own projects",
    ("POST", "/team"): "Datadog's teams API",
    ("GET", "/team/{}"): "Datadog's teams API",
    ("DELETE", "/team/{}"): "Datadog's teams API",
}


def test_each_operation_has_a_test(client_operations: dict[str, tuple[str, str]]) -> None:
    tests = [
        function.name.removeprefix("test_")
        for file in Path(__file__).parent.glob("test_*.py")
        for function in ast.parse(file.read_text()).body
        if isinstance(function, ast.FunctionDef)
    ]
    assert sorted(set(tests) & client_operations.keys()) == sorted(client_operations)
    assert len(client_operations) == 75


def test_client_covers_all_sandbox_endpoints(
    client_operations: dict[str, tuple[str, str]],
) -> None:
    called = {
        (verb, re.sub(r"{\w+}", "{}", path.removeprefix("/api/v2")))
        for verb, path in client_operations.values()
    }
    served = {
        (verb, re.sub(r"{\w+}", "{}", path)) for path, verbs in registry.routes() for verb in verbs
    }
    assert called <= served
    assert served - called == OTHER_API.keys()


def test_undocumented_members_are_present(  # noqa: PLR0913, PLR0917 - one fixture for each API
    checked_client: Any,  # noqa: ANN401 - its class is defined in conftest.py
    cases: CaseManagementApi,
    case_types: CaseManagementTypeApi,
    custom_attributes: CaseManagementAttributeApi,
    body: Body,
    case_id: str,
    undocumented: Mapping[str, str],
) -> None:
    cases.search_cases()
    cases.count_cases()
    case_types.get_all_case_types()
    text = {"type": "case", "attributes": {"comment": "x"}}
    cases.comment_case(case_id, body(CaseCommentRequest, text))
    config = {"key": "k", "display_name": "K", "type": "TEXT", "is_multi": False}
    data = {"type": "custom_attribute", "attributes": config}
    custom_attributes.create_custom_attribute_config(
        CHANGE_REQUEST, body(CustomAttributeConfigCreateRequest, data)
    )
    assert checked_client.unknown_members == undocumented.keys()


@pytest.mark.parametrize(
    ("type_id", "status_name", "unparsed_values"),
    [
        (None, "Open", ["CaseType: TUNKNOWN"]),
        (ERROR_TRACKING, "Open", ["CaseType: ERROR_TRACKING_ISSUE"]),
        (CHANGE_REQUEST, "Approved", ["CaseStatus: APPROVED", "CaseType: CHANGE_REQUEST"]),
    ],
)
def test_client_cannot_parse_other_case_types(  # noqa: PLR0913, PLR0917 - the parameters
    checked_client: Any,  # noqa: ANN401 - its class is defined in conftest.py
    case_types: CaseManagementTypeApi,
    body: Body,
    make_case: Make,
    type_id: str | None,
    status_name: str,
    unparsed_values: list[str],
) -> None:
    """The client's models do not allow some recorded values of a case.

    The models allow only STANDARD as the value of the deprecated attribute `type`, and only three
    values of `status`.
    """
    if type_id is None:
        data = {"type": "case_type", "attributes": {"name": "Own"}}
        type_id = case_types.create_case_type(body(CaseTypeCreateRequest, data)).data.id
    case = make_case(type_id=type_id, status_name=status_name)
    assert (case.attributes.type_id, case.attributes.status_name) == (type_id, status_name)
    assert sorted(checked_client.unparsed_values) == unparsed_values
    checked_client.unparsed_values.clear()


@pytest.mark.parametrize(
    ("case", "comment", "status", "title"),
    [(UNKNOWN_CASE, "x", 404, "case not found"), ("SEC-1", "", 400, "Bad Request")],
)
def test_error_responses_raise_exceptions(  # noqa: PLR0913, PLR0917 - the parameters
    cases: CaseManagementApi,
    body: Body,
    make_case: Make,
    case: str,
    comment: str,
    status: int,
    title: str,
) -> None:
    make_case()
    data = {"type": "case", "attributes": {"comment": comment}}
    with pytest.raises(ApiException) as raised:
        cases.comment_case(case, body(CaseCommentRequest, data))
    assert raised.value.status == status
    assert raised.value.body["errors"][0]["title"] == title
