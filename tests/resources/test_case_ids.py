"""`CaseIds` finds the UUIDs of cases, with one request per key."""

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from tests.resources.harness.prerequisites import case, project

from pulumi_datadog_cases import CaseKeyError, Client
from pulumi_datadog_cases.resources._shared.case_ids import CaseIds

if TYPE_CHECKING:
    from tests.conftest import Organization


def test_concurrent_lookups_of_a_key_send_one_request(organization: "Organization") -> None:
    project_id = organization.call(*project("SEC"))["id"]
    id_ = organization.call(*case(project_id))["id"]
    since = len(organization.request_log())
    with Client(organization.settings) as client, ThreadPoolExecutor(8) as pool:
        assert {*pool.map(CaseIds(client).of, ["SEC-1", id_, id_.upper()] * 8)} == {id_}
    assert organization.request_lines()[since:] == ["GET /cases/SEC-1"]


def test_failed_lookup_is_repeated(organization: "Organization") -> None:
    project_id = organization.call(*project("SEC"))["id"]
    with Client(organization.settings) as client:
        ids = CaseIds(client)
        with pytest.raises(CaseKeyError, match="case SEC-1 may still exist"):
            ids.of("SEC-1")
        id_ = organization.call(*case(project_id))["id"]
        assert ids.of("SEC-1") == id_
