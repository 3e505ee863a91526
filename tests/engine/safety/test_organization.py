"""Objects are touched only with keys of the organization in which they were created."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from tests.engine.safety.conftest import LEAST, KilledError

from pulumi_datadog_cases.engine import Organization
from pulumi_datadog_cases.engine.safety.intent_log import intent_log, pending_intents
from pulumi_datadog_cases.exceptions import WrongOrganizationError

if TYPE_CHECKING:
    from tests.engine.conftest import Book, Library, NewProcess, Stack

HOME = Organization("home", "Home (home)")
AWAY = Organization("away", "Away (away)")


class Keys:
    """The keys that the provider uses now.

    `account` is the name under which the intent log stores create operations with these keys. The
    keys belong to an organization, which the API may not return.
    """

    def __init__(self) -> None:
        self.use("home-key", HOME)

    def use(self, account: str, organization: Organization | Exception | None) -> None:
        self.account = account
        self._organization = organization
        #: How often the engine asked for the organization.
        self.requests = 0

    def organization(self) -> Organization | None:
        self.requests += 1
        if isinstance(self._organization, Exception):
            raise self._organization
        return self._organization


@pytest.fixture
def keys(book: "type[Book]", monkeypatch: pytest.MonkeyPatch) -> Keys:
    keys = Keys()
    monkeypatch.setattr(book.Lifecycle, "account", property(lambda _: keys.account))
    monkeypatch.setattr(book.Lifecycle, "organization", lambda _: keys.organization())
    return keys


@pytest.fixture
def deployed(keys: Keys, stack: "Stack") -> "Stack":
    """A stack with a book that was created with the keys of HOME."""
    assert keys.account == "home-key"
    stack.up(**LEAST)
    return stack


OPERATIONS: dict[str, Callable[["Stack"], object]] = {
    "preview": lambda stack: stack.diff(**LEAST),
    "update": lambda stack: stack.provider.update(stack.id, stack.outputs, {**LEAST, "title": "b"}),
    "refresh": lambda stack: stack.refresh(),
    "delete": lambda stack: stack.destroy(),
}


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS.keys())
def test_other_organization_is_refused(
    deployed: "Stack", library: "Library", keys: Keys, operation: Callable[["Stack"], object]
) -> None:
    library.writes.clear()
    keys.use("away-key", AWAY)
    with pytest.raises(WrongOrganizationError) as raised:
        operation(deployed)
    assert re.search(
        r"^Book book-1 was not touched: it belongs to the organisation Home \(home\), but the keys "
        r"belong to Away \(away\)\. .*provider=.*stack select.*pulumi state delete",
        str(raised.value),
    )
    assert (library.writes, library.reads, deployed.id) == ([], 0, "book-1")


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS.keys())
def test_same_keys_send_no_request(
    deployed: "Stack", keys: Keys, operation: Callable[["Stack"], object]
) -> None:
    keys.use("home-key", AssertionError("requested"))
    operation(deployed)


def test_rotated_keys_are_accepted_and_recorded(deployed: "Stack", keys: Keys) -> None:
    keys.use("new-key", HOME)
    deployed.refresh()
    deployed.up(**{**LEAST, "title": "b"})
    # The refresh asks for the organization twice: to check the book, and to record the new account.
    # A real lifecycle keeps the first response, so it sends only one request.
    assert keys.requests == 2
    keys.use("new-key", AssertionError("requested"))
    assert deployed.refresh() == {}


def test_state_without_organization_records_it_on_refresh(deployed: "Stack", keys: Keys) -> None:
    del deployed.outputs["__organization"]
    keys.use("new-key", HOME)
    assert deployed.diff(**LEAST).changes is False
    assert keys.requests == 0
    assert [*deployed.refresh()] == ["__organization"]
    assert deployed.refresh() == {}
    keys.use("away-key", AWAY)
    with pytest.raises(WrongOrganizationError):
        deployed.refresh()


def test_keys_are_recorded_if_their_organization_is_unknown(keys: Keys, stack: "Stack") -> None:
    keys.use("scoped-key", None)
    stack.up(**LEAST)
    assert stack.outputs["__organization"] == {"account": "scoped-key"}
    assert stack.refresh() == {}


def test_keys_of_unknown_organization_keep_the_record(deployed: "Stack", keys: Keys) -> None:
    """These keys have read the object, so they belong to its organization."""
    keys.use("scoped-key", None)
    assert [*deployed.refresh()] == ["__organization"]
    assert deployed.outputs["__organization"]["id"] == "home"
    assert deployed.refresh() == {}
    keys.use("away-key", AWAY)
    with pytest.raises(WrongOrganizationError):
        deployed.refresh()


@pytest.mark.parametrize("operation", ["refresh", "delete"])
@pytest.mark.parametrize("first", [HOME, None], ids=["known", "unknown"])
def test_absence_is_not_believed_if_the_organization_is_unknown(
    keys: Keys, stack: "Stack", library: "Library", operation: str, first: Organization | None
) -> None:
    keys.use("home-key", first)
    stack.up(**LEAST)
    books = dict(library.books)
    library.books.clear()  # as in another organization
    keys.use("scoped-key", None)
    with pytest.raises(WrongOrganizationError, match=r"seems to be deleted, but it may belong to"):
        OPERATIONS[operation](stack)
    keys.use("home-key", first)
    library.books.update(books)
    assert stack.refresh() == {}


def test_update_without_a_request_proves_nothing(deployed: "Stack", keys: Keys) -> None:
    keys.use("scoped-key", None)
    result = deployed.provider.update(deployed.id, deployed.outputs, LEAST)
    assert result.outs["__organization"]["account"] == "home-key"


def test_absence_is_believed_with_the_keys_that_created_the_object(
    keys: Keys, stack: "Stack", library: "Library"
) -> None:
    keys.use("scoped-key", None)
    stack.up(**LEAST)
    library.books.clear()
    assert stack.provider.read(stack.id, stack.outputs).id == ""
    stack.destroy()


def test_failed_request_stops_changes_but_not_previews(
    deployed: "Stack", library: "Library", keys: Keys
) -> None:
    library.writes.clear()
    keys.use("new-key", ConnectionError("no connection"))
    assert deployed.diff(**LEAST).changes is False
    for name, operation in OPERATIONS.items():
        if name != "preview":
            with pytest.raises(ConnectionError, match="no connection"):
                operation(deployed)
    with pytest.raises(ConnectionError, match="no connection"):
        # The preview could not check the organization of this book. So the create that replaces the
        # book requests the organization, and fails too.
        deployed.provider.create(LEAST)
    assert (library.writes, deployed.id) == ([], "book-1")


def test_failed_request_does_not_fail_a_create(
    keys: Keys, stack: "Stack", library: "Library"
) -> None:
    keys.use("home-key", ConnectionError("no connection"))
    stack.up(**LEAST)
    assert [*library.books] == [stack.id]


def test_get_records_no_organization(deployed: "Stack", keys: Keys) -> None:
    keys.use("home-key", AssertionError("requested"))
    assert "__organization" not in deployed.get("book-1", shelf_id="s")


def kill_create(new_process: "NewProcess", library: "Library") -> None:
    """Kill a process when the API has created the book, before the response arrives."""
    library.faults_after_effect["create"] = KilledError()
    with pytest.raises(KilledError):
        new_process().up(**LEAST)
    library.faults_after_effect.clear()
    assert [*library.books] == ["book-1"]


@pytest.mark.parametrize("is_known", [False, True])
def test_create_of_a_killed_run_is_recovered_with_rotated_keys(
    keys: Keys, new_process: "NewProcess", library: "Library", *, is_known: bool
) -> None:
    if is_known:
        keys.use("new-key", HOME)
        intent_log("new-key").identify(HOME.id)
        keys.use("home-key", HOME)
    kill_create(new_process, library)
    keys.use("new-key", HOME)
    stack = new_process()
    stack.up(**LEAST)
    assert (stack.id, [*library.books]) == ("book-1", ["book-1"])
    assert stack.refresh() == {}


def test_intents_of_rotated_keys_are_listed_once(
    keys: Keys, new_process: "NewProcess", library: "Library"
) -> None:
    kill_create(new_process, library)
    new_process()
    intent_log("new-key").identify(HOME.id)
    assert [account for account, _ in pending_intents()] == [keys.account]


@pytest.mark.parametrize("organization", [AWAY, None])
def test_create_in_another_organization_leaves_the_intent(
    keys: Keys, new_process: "NewProcess", library: "Library", organization: Organization | None
) -> None:
    kill_create(new_process, library)
    keys.use("away-key", organization)
    new_process().up(**LEAST)
    assert [*library.books] == ["book-1", "book-2"]
    assert "home-key" in [account for account, _ in pending_intents()]
