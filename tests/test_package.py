"""Tests that the package's public names, and its data in users' states, do not change.

The expected values are promises to users. They are written by hand, so that a change of the code
cannot change them.
"""

import base64
import inspect
import os
import pickletools
import pkgutil
import pydoc
import re
import subprocess
import sys
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import pytest

import pulumi_datadog_cases as cases
from pulumi_datadog_cases.engine import Resource

PACKAGE = Path(inspect.getfile(cases)).parent


@dataclass(frozen=True)
class Promise:
    """The parts of a released resource class that never change."""

    required: str
    optional: str
    outputs: str
    #: Properties whose change replaces the resource.
    replaces: str
    #: Parameters of `get` besides the id.
    parents: str
    #: The value of `__provider` in the states of stacks: the pickled dynamic provider, in base64.
    provider: str


PROMISES = {
    "AutomationRule": Promise(
        required="project_id name trigger action",
        optional="state",
        outputs="created_at modified_at created_by modified_by",
        replaces="project_id",
        parents="project_id",
        provider="gASVNwAAAAAAAACMFHB1bHVtaV9kYXRhZG9nX2Nhc2VzlIwXQXV0b21hdGlvblJ1bGUuUHJvdmlkZXKUk5Qp"
        "gZQu",
    ),
    "Case": Promise(
        required="project_id title",
        optional="type_id description priority status_name assignee_id attributes"
        " custom_attributes due_date security_resolved_reason archived",
        outputs="key public_id status status_group created_at modified_at created_by modified_by"
        " closed_at archived_at url",
        replaces="type_id",
        parents="",
        provider="gASVLQAAAAAAAACMFHB1bHVtaV9kYXRhZG9nX2Nhc2VzlIwNQ2FzZS5Qcm92aWRlcpSTlCmBlC4=",
    ),
    "CaseComment": Promise(
        required="case_id comment",
        optional="",
        outputs="created_at modified_at author",
        replaces="case_id",
        parents="case_id",
        provider="gASVNAAAAAAAAACMFHB1bHVtaV9kYXRhZG9nX2Nhc2VzlIwUQ2FzZUNvbW1lbnQuUHJvdmlkZXKUk5QpgZQu",
    ),
    "CaseCustomAttribute": Promise(
        required="case_id key type value",
        optional="is_multi",
        outputs="",
        replaces="case_id key",
        parents="case_id",
        provider="gASVPAAAAAAAAACMFHB1bHVtaV9kYXRhZG9nX2Nhc2VzlIwcQ2FzZUN1c3RvbUF0dHJpYnV0ZS5Qcm92aWRl"
        "cpSTlCmBlC4=",
    ),
    "CaseIncident": Promise(
        required="case_id incident_id",
        optional="",
        outputs="",
        replaces="case_id incident_id",
        parents="case_id",
        provider="gASVNQAAAAAAAACMFHB1bHVtaV9kYXRhZG9nX2Nhc2VzlIwVQ2FzZUluY2lkZW50LlByb3ZpZGVylJOUKYGU"
        "Lg==",
    ),
    "CaseInsight": Promise(
        required="case_id type ref resource_id",
        optional="",
        outputs="",
        replaces="case_id type ref resource_id",
        parents="case_id",
        provider="gASVNAAAAAAAAACMFHB1bHVtaV9kYXRhZG9nX2Nhc2VzlIwUQ2FzZUluc2lnaHQuUHJvdmlkZXKUk5QpgZQu",
    ),
    "CaseJiraIssue": Promise(
        required="case_id",
        optional="jira_issue_url jira_account_id jira_project_id issue_type_id fields",
        outputs="status issue_id issue_key project_key issue_url",
        replaces="case_id jira_issue_url jira_account_id jira_project_id issue_type_id fields",
        parents="",
        provider="gASVNgAAAAAAAACMFHB1bHVtaV9kYXRhZG9nX2Nhc2VzlIwWQ2FzZUppcmFJc3N1ZS5Qcm92aWRlcpSTlCmB"
        "lC4=",
    ),
    "CaseLink": Promise(
        required="parent_entity_type parent_entity_id child_entity_type child_entity_id "
        "relationship",
        optional="",
        outputs="",
        replaces="parent_entity_type parent_entity_id child_entity_type child_entity_id "
        "relationship",
        parents="parent_entity_type parent_entity_id",
        provider="gASVMQAAAAAAAACMFHB1bHVtaV9kYXRhZG9nX2Nhc2VzlIwRQ2FzZUxpbmsuUHJvdmlkZXKUk5QpgZQu",
    ),
    "CaseNotebook": Promise(
        required="case_id",
        optional="",
        outputs="",
        replaces="case_id",
        parents="",
        provider="gASVNQAAAAAAAACMFHB1bHVtaV9kYXRhZG9nX2Nhc2VzlIwVQ2FzZU5vdGVib29rLlByb3ZpZGVylJOUKYGU"
        "Lg==",
    ),
    "CaseServiceNowTicket": Promise(
        required="case_id instance_name",
        optional="assignment_group",
        outputs="status sys_target_link",
        replaces="case_id instance_name assignment_group",
        parents="",
        provider="gASVPQAAAAAAAACMFHB1bHVtaV9kYXRhZG9nX2Nhc2VzlIwdQ2FzZVNlcnZpY2VOb3dUaWNrZXQuUHJvdmlk"
        "ZXKUk5QpgZQu",
    ),
    "CaseType": Promise(
        required="name",
        optional="description emoji",
        outputs="internal statuses_config",
        replaces="",
        parents="",
        provider="gASVMQAAAAAAAACMFHB1bHVtaV9kYXRhZG9nX2Nhc2VzlIwRQ2FzZVR5cGUuUHJvdmlkZXKUk5QpgZQu",
    ),
    "CaseView": Promise(
        required="project_id name query",
        optional="np_rule_id",
        outputs="created_at modified_at created_by modified_by",
        replaces="project_id",
        parents="",
        provider="gASVMQAAAAAAAACMFHB1bHVtaV9kYXRhZG9nX2Nhc2VzlIwRQ2FzZVZpZXcuUHJvdmlkZXKUk5QpgZQu",
    ),
    "CaseWatcher": Promise(
        required="case_id user_uuid",
        optional="",
        outputs="",
        replaces="case_id user_uuid",
        parents="case_id",
        provider="gASVNAAAAAAAAACMFHB1bHVtaV9kYXRhZG9nX2Nhc2VzlIwUQ2FzZVdhdGNoZXIuUHJvdmlkZXKUk5QpgZQu",
    ),
    "CustomAttribute": Promise(
        required="case_type_id key display_name type",
        optional="is_multi description type_data map_from adopt force_destroy",
        outputs="",
        replaces="case_type_id key is_multi",
        parents="case_type_id",
        provider="gASVOAAAAAAAAACMFHB1bHVtaV9kYXRhZG9nX2Nhc2VzlIwYQ3VzdG9tQXR0cmlidXRlLlByb3ZpZGVylJOU"
        "KYGULg==",
    ),
    "MaintenanceWindow": Promise(
        required="name query start_at end_at",
        optional="",
        outputs="created_by updated_by",
        replaces="",
        parents="",
        provider="gASVOgAAAAAAAACMFHB1bHVtaV9kYXRhZG9nX2Nhc2VzlIwaTWFpbnRlbmFuY2VXaW5kb3cuUHJvdmlkZXKU"
        "k5QpgZQu",
    ),
    "NotificationRule": Promise(
        required="project_id recipients triggers",
        optional="query is_enabled",
        outputs="",
        replaces="project_id",
        parents="project_id",
        provider="gASVOQAAAAAAAACMFHB1bHVtaV9kYXRhZG9nX2Nhc2VzlIwZTm90aWZpY2F0aW9uUnVsZS5Qcm92aWRlcpST"
        "lCmBlC4=",
    ),
    "Project": Promise(
        required="key name",
        optional="team_uuid enabled_custom_case_types columns_config settings adopt force_destroy",
        outputs="restricted url",
        replaces="key",
        parents="",
        provider="gASVMAAAAAAAAACMFHB1bHVtaV9kYXRhZG9nX2Nhc2VzlIwQUHJvamVjdC5Qcm92aWRlcpSTlCmBlC4=",
    ),
    "ProjectFavorite": Promise(
        required="project_id",
        optional="",
        outputs="",
        replaces="project_id",
        parents="",
        provider="gASVOAAAAAAAAACMFHB1bHVtaV9kYXRhZG9nX2Nhc2VzlIwYUHJvamVjdEZhdm9yaXRlLlByb3ZpZGVylJOU"
        "KYGULg==",
    ),
}

EXPORTED = [getattr(cases, name) for name in cases.__all__]
RESOURCE_TYPES = [e.__name__ for e in EXPORTED if isinstance(e, type) and issubclass(e, Resource)]

EVERY_RESOURCE_TYPE = pytest.mark.parametrize("name", RESOURCE_TYPES)
EVERY_PROMISE = pytest.mark.parametrize("name", PROMISES)


def resource_class(name: str) -> type[Resource]:
    found = getattr(cases, name)
    assert isinstance(found, type)
    assert issubclass(found, Resource)
    return found


def names(of: type[Resource], **having: bool) -> set[str]:
    """Return the names of properties whose declarations have these field values."""
    return {
        name
        for name, declaration in of.properties.items()
        if all(getattr(declaration, field) is value for field, value in having.items())
    }


def python(program: str, **environment: str) -> str:
    """Run a program in a new Python process; return its output."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(PACKAGE.parent), **environment},
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    return done.stdout.strip()


# --- the public names ------------------------------------------------------------------------

# Which check fails if a public name is missing from the package:
# - a class of resources, the type of a mapping (`...Args`) or a lookup: `make lint`, because the
#   generated lists of these names are not up to date
# - a released class of resources: also `test_released_resources_have_promises`
# - the type of a mapping: also `test_package_exports_the_types_of_all_mappings`
# - an exception: `test_package_exports_all_its_exceptions`


def test_released_resources_have_promises(released: set[str]) -> None:
    assert set(PROMISES) == released
    assert released <= set(RESOURCE_TYPES)


@pytest.mark.parametrize("name", cases.__all__)
def test_public_names_exist_and_are_documented(name: str) -> None:
    documentation = inspect.getdoc(getattr(cases, name))
    assert documentation
    assert documentation.splitlines()[0].endswith((".", ":"))


def test_completion_shows_all_names() -> None:
    assert {*cases.__all__, "__version__", "api", "resources"} <= {*dir(cases)}
    assert not [name for name in dir(cases) if name in {"TYPE_CHECKING", "import_module"}]


def test_version_is_that_of_the_distribution() -> None:
    assert cases.__version__ == version("pulumi-datadog-cases")


def test_package_exports_the_types_of_all_mappings() -> None:
    modules = [import_module(each.__module__) for each in map(resource_class, RESOURCE_TYPES)]
    used = {name for module in modules for name in vars(module) if name.endswith("Args")}
    assert used <= {*cases.__all__}


def test_public_names_are_unique() -> None:
    assert len(set(cases.__all__)) == len(cases.__all__)


def test_package_exports_all_its_exceptions() -> None:
    """Users can import exceptions by the name that Pulumi prints, `pulumi_datadog_cases.<name>`."""
    modules = [
        import_module(module.name)
        for module in pkgutil.walk_packages(cases.__path__, "pulumi_datadog_cases.")
        if not module.name.endswith("__main__")
    ]
    claiming = {
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, BaseException)
        and value.__module__ == "pulumi_datadog_cases"
    }
    assert cases.AdoptionError in claiming
    for error in claiming:
        assert getattr(cases, error.__name__) is error
        assert error.__name__ in cases.__all__


# --- resource classes ------------------------------------------------------------------------


@EVERY_RESOURCE_TYPE
def test_type_token_is_unchanged(name: str) -> None:
    token = f"dynamic/datadog-cases:{name}"
    assert resource_class(name)._resource_type_name == token  # noqa: SLF001 - the SDK adds the prefix `pulumi-python:`


@EVERY_PROMISE
def test_properties_are_unchanged(name: str) -> None:
    promise = PROMISES[name]
    assert names(resource_class(name), required=True) == set(promise.required.split())
    assert names(resource_class(name), required=False, computed=False) == set(
        promise.optional.split()
    )
    assert names(resource_class(name), computed=True) == set(promise.outputs.split())


@EVERY_PROMISE
def test_replacing_properties_are_unchanged(name: str) -> None:
    assert names(resource_class(name), replace_on_changes=True) == set(
        PROMISES[name].replaces.split()
    )


@EVERY_PROMISE
def test_parent_properties_are_unchanged(name: str) -> None:
    assert names(resource_class(name), parent=True) == set(PROMISES[name].parents.split())


@EVERY_RESOURCE_TYPE
def test_get_has_pulumis_signature(name: str) -> None:
    positional = list(inspect.signature(resource_class(name).get).parameters)[:3]
    assert positional == ["resource_name", "id", "opts"]


@EVERY_RESOURCE_TYPE
def test_docstring_import_id_names_parents(name: str) -> None:
    documentation = inspect.getdoc(resource_class(name)) or ""
    parents = "".join(
        f"<{parent}>/" for parent in resource_class(name).Provider.resource_type.parents
    )
    assert f"Import id: `{parents}<" in documentation


@EVERY_RESOURCE_TYPE
@pytest.mark.parametrize("heading", ["Import id:", "Destroy:", "Errors:", "Endpoints:"])
def test_docstring_has_all_headings(name: str, heading: str) -> None:
    lines = (inspect.getdoc(resource_class(name)) or "").splitlines()
    assert any(line.startswith(heading) for line in lines)


@EVERY_RESOURCE_TYPE
def test_help_documents_every_property(name: str) -> None:
    shown = pydoc.plain(pydoc.render_doc(resource_class(name)))
    # The signature must not show a default value as an object with a memory address.
    assert "0x" not in shown.partition("Method resolution order")[0]
    for each in resource_class(name).properties:
        documentation = inspect.getdoc(getattr(resource_class(name), each))
        assert documentation is not None
        assert re.search(
            rf"^ \|  {each}\n \|      {re.escape(documentation)}$", shown, re.MULTILINE
        )


# --- the state -------------------------------------------------------------------------------


PICKLES = {name: base64.b64decode(promise.provider) for name, promise in PROMISES.items()}


@pytest.fixture(scope="module", params=["1", "2"])
def pickled(request: pytest.FixtureRequest) -> dict[str, bytes]:
    """The pickled provider of each resource type, from a separate process."""
    program = f"""
import pulumi_datadog_cases as cases
from pulumi.dynamic.dynamic import serialize_provider
for name in {RESOURCE_TYPES!r}:
    print(serialize_provider(getattr(cases, name).Provider()))
"""
    lines = python(program, PYTHONHASHSEED=request.param).split()
    return dict(zip(RESOURCE_TYPES, map(base64.b64decode, lines), strict=True))


@EVERY_RESOURCE_TYPE
def test_state_stores_provider_by_name(name: str, pickled: dict[str, bytes]) -> None:
    texts = [text for _, text, _ in pickletools.genops(pickled[name]) if isinstance(text, str)]
    assert texts == ["pulumi_datadog_cases", f"{name}.Provider"]
    assert len(pickled[name]) < 100


def test_fresh_process_unpickles_providers(
    pickled: dict[str, bytes],
) -> None:
    program = f"""
import dill
for name, pickled in {pickled | PICKLES!r}.items():
    provider = dill.loads(pickled)
    assert type(provider).__qualname__ == name + ".Provider", provider
    assert provider.resource_type.name == name
"""
    python(program)


@EVERY_PROMISE
def test_pickled_provider_is_unchanged(name: str, pickled: dict[str, bytes]) -> None:
    """Users' states contain these bytes, so the class must keep its name and its module."""
    # The second byte is the number of the pickle protocol: 4 before Python 3.14, then 5.
    assert pickled[name][2:] == PICKLES[name][2:]


# --- provider and sandbox --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("imported", "other"),
    [
        ("pulumi_datadog_cases", "datadog_cases_sandbox"),
        ("datadog_cases_sandbox.app", "pulumi_datadog_cases"),
        ("datadog_cases_sandbox.app", "pulumi"),
    ],
)
def test_provider_and_sandbox_do_not_import_each_other(imported: str, other: str) -> None:
    assert python(f"import sys, {imported}; print({other!r} in sys.modules)") == "False"


def test_client_does_not_import_pulumi() -> None:
    program = "import pulumi_datadog_cases as c, sys; c.Client; print('pulumi' in sys.modules)"
    assert python(program) == "False"


def test_resource_does_not_import_requests() -> None:
    program = "import pulumi_datadog_cases as c, sys; c.Case; print('requests' in sys.modules)"
    assert python(program) == "False"


def test_client_imports_requests_with_first_request() -> None:
    program = (
        "import pulumi_datadog_cases as c, os, sys; "
        "client = c.Client(c.Settings.resolve(lambda key: None, os.environ)); client.close(); "
        "print('requests' in sys.modules)"
    )
    assert python(program, DD_API_KEY="a", DD_APP_KEY="b") == "False"


def test_program_imports_only_its_resources() -> None:
    program = (
        "import pulumi_datadog_cases as c, sys; c.CaseView; "
        "print([m.rpartition('.')[2] for m in sys.modules if '.resources.' in m])"
    )
    loaded = python(program)
    assert "'case_view'" in loaded
    assert "'project'" not in loaded


def test_unknown_name_raises_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Projct'"):
        getattr(cases, "Projct")  # noqa: B009 - type checkers reject the attribute
