"""A toy resource type, an in-memory API for it, and a fake of Pulumi's engine."""

import copy
import gc
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, NotRequired, TypeAlias

import hypothesis
import pulumi
import pytest
from pulumi.dynamic import Config, ConfigureRequest, DiffResult
from tests import check_failures
from typing_extensions import TypedDict

from pulumi_datadog_cases.engine import (
    Change,
    KnownInputs,
    Lifecycle,
    LiveObject,
    Normalizer,
    Prop,
    Resource,
    Timing,
    Validator,
    Values,
    Violations,
    arg,
    computed,
)
from pulumi_datadog_cases.engine.dynamic import GET_KEY
from pulumi_datadog_cases.engine.safety import intent_log

#: During the consistency window after a create, the API may not show the new object yet. The window
#: is short here, because the in-memory API shows new objects at once.
TIMING = Timing(consistency_window=0.2, first_poll=0.01)

# With `derandomize`, every run has the same examples, so that failures can be repeated.
hypothesis.settings.register_profile("steady", deadline=None, derandomize=True, max_examples=100)
hypothesis.settings.load_profile("steady")


@pytest.fixture(autouse=True)
def own_intent_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test its own intent log, because different tests use the same ids.

    The intent log is the provider's record of unfinished create operations.
    """
    monkeypatch.setenv(intent_log.FOLDER_VARIABLE, str(tmp_path / "journal"))
    intent_log.intent_log.cache_clear()


#: The key by which Pulumi marks a mapping as a secret.
SECRET_MARK = "4dabf18193072939515e22adb298388d"  # noqa: S105 - a constant, not a secret

# --- the API ---------------------------------------------------------------------------------


class NotThereError(Exception):
    """The book does not exist."""


class Library:
    """An in-memory API. It records requests, and raises the errors that a test has set."""

    def __init__(self) -> None:
        self.books: dict[str, dict[str, Any]] = {}
        #: All requests except reads, such as `("update", "book-1", {"title": "b"})`.
        self.writes: list[tuple[object, ...]] = []
        self.reads = 0
        #: Errors by verb, such as `{"update": OSError()}`. The next request with this verb has no
        #: effect and raises the error.
        self.faults: dict[str, BaseException] = {}
        #: Errors by verb. The next request with this verb takes effect, and then raises the error.
        self.faults_after_effect: dict[str, BaseException] = {}
        #: The number of requests to which the API will respond as if there were no books.
        self.invisible_for = 0
        #: The value of `created_at` in new books. With `None`, new books have no `created_at`.
        self.dates: str | None = None
        self.ids: Iterator[str] = map("book-{}".format, itertools.count(1))

    def create(self, values: Values) -> LiveObject:
        self._write("create", values)
        id_ = next(self.ids)
        self.books[id_] = {"language": "en", "revision": 1, **copy.deepcopy(dict(values))}
        if self.dates is not None:
            self.books[id_]["created_at"] = self.dates
        self._fail("create", self.faults_after_effect)
        return self._answer(id_)

    def read(self, id_: str, shelf: str) -> LiveObject:
        self.reads += 1
        self._fail("read")
        if self._book(id_)["shelf_id"] != shelf:
            raise NotThereError(id_)
        return self._answer(id_)

    def all(self) -> list[LiveObject]:
        self._fail("list")
        if self._is_invisible():
            return []
        return [self._answer(id_) for id_ in self.books]

    def update(self, id_: str, values: Values) -> LiveObject:
        self._write("update", id_, values)
        book = self._book(id_)
        book.update(copy.deepcopy(dict(values)))
        book["revision"] += 1
        self._fail("update", self.faults_after_effect)
        return self._answer(id_)

    def delete(self, id_: str) -> None:
        self._write("delete", id_)
        self._book(id_)
        del self.books[id_]

    def _book(self, id_: str) -> dict[str, Any]:
        if id_ not in self.books or self._is_invisible():
            raise NotThereError(id_)
        return self.books[id_]

    def _is_invisible(self) -> bool:
        self.invisible_for -= 1
        return self.invisible_for >= 0

    def _answer(self, id_: str) -> LiveObject:
        """Return a book without its secret, its parent and empty members, as many APIs do."""
        hidden = ("pin", "shelf_id")
        shown = {k: v for k, v in self._book(id_).items() if k not in hidden and v not in ("", {})}
        return LiveObject(id_, copy.deepcopy(shown))

    def _write(self, verb: str, *what: object) -> None:
        self.writes.append((verb, *copy.deepcopy(what)))
        self._fail(verb)

    def _fail(self, verb: str, faults: dict[str, BaseException] | None = None) -> None:
        faults = self.faults if faults is None else faults
        if verb in faults:
            raise faults.pop(verb)


# --- the resource type -----------------------------------------------------------------------


class ReaderArgs(TypedDict, total=False):
    name: pulumi.Input[str]
    city: pulumi.Input[str]


class StampArgs(TypedDict):
    day: pulumi.Input[str]
    clerk: NotRequired[pulumi.Input[str]]


class LoanArgs(TypedDict, total=False):
    days: pulumi.Input[int]
    reader: pulumi.Input[ReaderArgs]
    stamps: pulumi.Input[Sequence[pulumi.Input[StampArgs]]]


def _normalize_isbn(value: str) -> str:
    digits = value.replace("-", "")
    if not digits.isdigit():
        raise ValueError("must be digits and dashes")
    return digits


def _reader_needs_days(loan: KnownInputs) -> Violations:
    if "reader" in loan and not loan.get("days"):
        yield "days", "is missing: a reader needs to know how long"


Tags: TypeAlias = Annotated[Sequence[pulumi.Input[str]], Normalizer(sorted)]


class Book(Resource):
    """A book in the library."""

    token_module = "library"  # noqa: S105 - a type token
    package = "library"
    delete_before_replace = True
    #: The in-memory API; the fixture `library` sets it.
    library: ClassVar[Library]

    shelf_id: Prop[str] = arg(parent=True, reference=True)
    title: Prop[str]
    isbn: Prop[Annotated[str, Normalizer(_normalize_isbn)] | None] = arg(
        default=None, replace_on_changes=True, unique=True
    )
    blurb: Prop[str | None] = arg(default=None, clears_to="")
    language: Prop[str | None] = arg(default=None)
    pages: Prop[int] = arg(default=1)
    price: Prop[float | None] = arg(default=None)
    genre: Prop[Literal["NOVEL", "POETRY"] | str | None] = arg(default=None)
    cover: Prop[Literal["SOFT", "HARD"] | None] = arg(default=None)
    labels: Prop[Mapping[str, pulumi.Input[str]] | None] = arg(default=None, clears_to={})
    tags: Prop[Tags | None] = arg(default=None, clears_to=[])
    pin: Prop[str | None] = arg(default=None, write_only=True)
    loan: Prop[Annotated[LoanArgs, Validator(_reader_needs_days)] | None] = arg(
        default=None, after_create=True
    )

    adopt: Prop[bool | str | None] = arg(default=None, adopts=True)

    revision: Prop[int] = computed()
    lost_at: Prop[str | None] = computed()
    touched_at: Prop[str | None] = computed(volatile=True)

    @classmethod
    def connect(cls, config: Callable[[str], str | None]) -> Lifecycle[Library]:
        """Connect to the in-memory API. Fail if the config contains `library:town`."""
        if town := config("library:town"):
            raise ValueError(f"there is no library in {town}")
        return cls.Lifecycle(cls.library)

    @staticmethod
    def validate_inputs(declared: KnownInputs) -> Violations:
        """Reject hard covers of books that are not novels."""
        genre = declared.get("genre")
        if genre != "NOVEL" and declared.get("cover") == "HARD":
            yield "cover", f"must be SOFT: genre is {genre}"

    @staticmethod
    def preview_warning(old: Values, new: Values) -> str | None:
        """Warn about a removed pin, which the API cannot clear."""
        return "the old pin may still work" if "pin" in old and "pin" not in new else None

    class Lifecycle(Lifecycle[Library]):
        not_found_error = NotThereError

        def create(self, new: Values) -> LiveObject:
            return self.client.create(new)

        def read(self, id_: str, known: Values) -> LiveObject:
            return self.client.read(id_, str(known["shelf_id"]))

        def update(self, change: Change) -> LiveObject:
            current = self.read_current(change) if change.is_partial else {}
            return self.client.update(change.id, change.merged_into(current))

        def delete(self, id_: str, known: Values) -> None:
            del known
            self.client.delete(id_)

        def list(self, within: LiveObject | None) -> Iterable[LiveObject]:
            del within
            return self.client.all()

        def may_have_succeeded(self, error: Exception) -> bool:
            return isinstance(error, ConnectionError)

        def is_deleted(self, live: LiveObject, new: Values) -> bool:
            del new
            return live.values.get("lost_at") is not None


# --- Pulumi ----------------------------------------------------------------------------------


def _wire(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Convert a value as Pulumi's protocol does: without `None`, and with numbers as floats.

    Pulumi sends a secret to a dynamic provider as plain text.
    """
    if isinstance(value, Mapping) and SECRET_MARK in value:
        return _wire(value["value"])
    if isinstance(value, Mapping):
        return {key: _wire(item) for key, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [_wire(item) for item in value]
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return float(value) if is_number else value


@dataclass
class Stack:
    """A fake of Pulumi's engine that calls the provider and keeps the state of one resource."""

    provider: Any
    id: str | None = None
    inputs: dict[str, Any] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)

    def check(self, **declared: object) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """Return the checked inputs, and the failures as pairs of property and reason."""
        sent = {"__provider": "…", **_wire(declared)}
        result = self.provider.check(self._stored(self.inputs), sent)
        return result.inputs, [*map(check_failures.split, result.failures)]

    def diff(self, **declared: object) -> DiffResult:
        """Run a preview, and return the provider's diff."""
        inputs, failures = self.check(**declared)
        assert failures == []
        result: DiffResult = self.provider.diff(
            self.id, self._stored(self.outputs), self._stored(inputs)
        )
        return result

    def up(self, **declared: object) -> str:
        """Deploy, and return the operation: `create`, `update`, `replace` or `nothing`."""
        inputs, failures = self.check(**declared)
        assert failures == []
        if self.id is None:
            return self._create(inputs, "create")
        diff = self.diff(**declared)
        if diff.replaces:
            self.destroy()
            return self._create(inputs, "replace")
        if diff.changes is False:
            self.inputs = inputs
            return "nothing"
        result = self.provider.update(self.id, self._stored(self.outputs), self._stored(inputs))
        self.inputs, self.outputs = inputs, result.outs
        return "update"

    def refresh(self) -> dict[str, tuple[object, object]]:
        """Refresh the resource. Return the changed outputs, as `{name: (old, new)}`."""
        result = self.provider.read(self.id, self._stored(self.outputs))
        before, self.outputs = self.outputs, result.outs
        self.id, self.inputs = result.id or None, result.inputs or {}
        names = {*before, *self.outputs}
        pairs = {name: (before.get(name), self.outputs.get(name)) for name in names}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}

    def get(self, id_: str, **parents: str) -> dict[str, Any]:
        """Read an object as `Resource.get` does, and return the object's outputs."""
        sent = self._stored({**parents, GET_KEY: True})
        outputs: dict[str, Any] = self.provider.read(id_, sent).outs
        return outputs

    def destroy(self) -> None:
        self.provider.delete(self.id, self._stored(self.outputs))
        self.id, self.inputs, self.outputs = None, {}, {}

    def _create(self, inputs: dict[str, Any], done: str) -> str:
        result = self.provider.create(self._stored(inputs))
        self.id, self.inputs, self.outputs = result.id, inputs, result.outs
        return done

    @staticmethod
    def _stored(values: Mapping[str, Any]) -> dict[str, Any]:
        stored: dict[str, Any] = _wire(values)
        return {"__provider": "…", **stored}


@pytest.fixture
def book() -> type[Book]:
    return Book


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Library:
    """The in-memory API to which the providers of this test connect."""
    library = Library()
    monkeypatch.setattr(Book, "library", library, raising=False)
    return library


@pytest.fixture
def configure() -> Callable[..., Any]:
    """Return a function that configures a provider of books, as in `configure(town="x")`."""

    def configured(timing: Timing = TIMING, **config: str) -> Any:  # noqa: ANN401 - the SDK's methods are loosely typed
        provider = Book.Provider()
        provider.timing = timing
        raw = {f"library:{name}": value for name, value in config.items()}
        provider.configure(ConfigureRequest(Config(raw, "project")))
        return provider

    return configured


class NewProcess:
    """Imitates the run after a killed run.

    The objects and the intent log of the killed run still exist. The state is empty, as if Pulumi
    had saved nothing before the kill.
    """

    def __init__(self, configure: Callable[..., Any]) -> None:
        self._configure = configure
        self._stacks: list[Stack] = []
        self.timing = TIMING

    def __call__(self) -> "Stack":
        for stack in self._stacks:
            del stack.provider
        intent_log.intent_log.cache_clear()
        # The killed process counts as dead once its lock file is closed. Python closes the lock
        # file when the garbage collector frees the old `IntentLog`. But `configure` has called
        # `gc.freeze`: the collector then ignores all objects that existed at the time of the call.
        # `gc.unfreeze` reverts that.
        gc.unfreeze()
        gc.collect()
        self._stacks[:] = [Stack(self._configure(self.timing))]
        return self._stacks[0]


@pytest.fixture
def new_process(library: Library, configure: Callable[..., Any]) -> NewProcess:
    """Return a `NewProcess`. Each call of it returns the empty stack of a new process."""
    assert library is Book.library
    return NewProcess(configure)


@pytest.fixture
def stack(library: Library, configure: Callable[..., Any]) -> Stack:
    """An empty stack."""
    assert library is Book.library
    return Stack(configure())
