"""A resource's life as a table, and what plays it.

A `Life` says what a resource needs, how it looks when everything is declared, and, as `Step`s,
what happens to it: somebody edits the object behind Pulumi's back, a refresh shows what of that
is ours, the program declares something else, a deployment sends requests. All that a step does
not name must stay as it is: what is stored, what a refresh finds, what is sent.

Texts in a table may hold names in braces: `{id}` of the object, `{old}` of the one it has replaced,
those of its `needs`, `{user}` and `{other_user}`, `{run}`, which no other test has, and of any
declared property, such as `{project_id}`.
"""

import asyncio
import re
import secrets
import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, suppress
from fnmatch import fnmatchcase
from functools import partial
from io import StringIO
from typing import TYPE_CHECKING, Any, Literal, NotRequired, Protocol, TypeAlias, cast

import pytest
import requests
from pulumi.dynamic import Config, ConfigureRequest
from pulumi.runtime import rpc
from requests.adapters import HTTPAdapter
from typing_extensions import TypedDict

from pulumi_datadog_cases.engine import Resource, Timing
from pulumi_datadog_cases.engine.dynamic import DynamicProvider
from pulumi_datadog_cases.engine.values import UNKNOWN

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization, Stack


#: Values of properties by name.
Inputs: TypeAlias = Mapping[str, Any]
#: A request to the API and the `data` of its body: `("POST /cases/{id}/title", {"type": ...})`.
Edit: TypeAlias = tuple[str, object]
#: Requests in their order; those of a set are sent side by side.
Requests: TypeAlias = Sequence[str | frozenset[str]]
#: What a deployment has done to the resource.
Did: TypeAlias = Literal["nothing", "create", "update", "replace"]
#: One test.
Scene: TypeAlias = Callable[[], None]
#: Makes a resource to deploy in process.
NewInProcess: TypeAlias = "Callable[[type[Resource]], InProcess]"
#: Lets somebody act right before the first request that fits a pattern.
JustBefore: TypeAlias = Callable[[str, Callable[[], object]], None]


class Step(TypedDict, total=False):
    """One row: what happens, and all that comes of it."""

    given: Inputs | None
    """Deployed before; `full` by default, `None` for nothing. Within a story: what stands."""
    edits: Sequence[Edit]
    """Done by somebody else; then comes a refresh."""
    drift: set[str]
    """The outputs that the refresh shows as changed; none by default."""
    declare: Inputs
    """What the program says from now on beside what it said; `None` takes out."""
    refuses: Mapping[str, str]
    """Words of what the preview says instead, by property path; nothing is sent."""
    garbles: str
    """A request that is spoilt on its way, so that the API refuses it."""
    fails: str
    """Words of the error that the deployment ends with."""
    leaves: Mapping[str, Inputs]
    """What the API keeps of `needs`, by name, beside what it kept, although it has failed."""
    warns: str
    """Words of the warning that the deployment gives; it gives none by default."""
    does: Did
    """What the deployment does; by default `update` where there is something to do."""
    sends: Requests
    """What the deployment sends. Asked on a sandbox only, as is `stores`."""
    carries: Inputs
    """Attributes in the body of the last request that it sends; asked on a sandbox only."""
    stores: Inputs
    """What the API keeps from now on, beside what it kept; `None` where it is unset."""
    shows: Inputs
    """Outputs after the deployment."""
    otherwise: Inputs
    """What the life says of how it ends, where that is otherwise here."""


class Life(TypedDict):
    """The table of one kind."""

    kind: type[Resource]
    needs: Mapping[str, Edit]
    """What has to be there, by name: how it is made, in this order."""
    full: Inputs
    """Everything declared."""
    import_id: str
    stored_as: NotRequired[str]
    """Id or key by which the API keeps it, or what it is a part of; `{id}` by default."""
    reads: Requests
    #: What is asked where that does not show the object.
    then_reads: NotRequired[Requests]
    """What a refresh sends."""
    ends: Requests
    """What a destroy sends."""
    remains: Mapping[str, Inputs | None]
    """What the API keeps, by id or key, once the resource is destroyed."""
    warns: NotRequired[str]
    """Words of the warning that a destroy gives; it gives none by default."""
    vanishes: Edit
    """How somebody else ends it."""
    steps: Mapping[str, Step]
    story: Sequence[Step]
    """Steps in a row, which are also played through the real `pulumi`."""


# --- a resource under Pulumi -----------------------------------------------------------------


class Deployment(Protocol):
    """A resource in a stack."""

    @property
    def id(self) -> str | None: ...
    @property
    def outputs(self) -> dict[str, Any]: ...

    def up(self, inputs: Inputs) -> Did: ...
    def refused(self, inputs: Inputs) -> dict[str, str]: ...
    def refresh(self) -> set[str]: ...
    def settle(self, inputs: Inputs) -> None: ...
    def destroy(self) -> None: ...


class InProcess:
    """Calls the kind's dynamic provider as Pulumi's engine does, over the same wire."""

    def __init__(self, kind: type[Resource], organization: "Organization") -> None:
        self.id: str | None = None
        self.inputs: dict[str, Any] = {}
        self.outputs: dict[str, Any] = {}
        self._kind = kind
        self._config = organization.config
        self._running: DynamicProvider | None = None

    @contextmanager
    def one_run(self) -> Generator[None]:
        """What is done within is done in one run, as by `pulumi up --refresh`."""
        self._running = self.provider()
        yield
        self._running = None

    def adopt(self, id_: str, inputs: Inputs) -> None:
        """Manage an object that is there."""
        self.id, (self.inputs, _) = id_, self._check(self.provider(), inputs)
        self.outputs = self.inputs
        self.refresh()

    def provider(self) -> DynamicProvider:
        """A provider as a run of Pulumi has it, fresh from the state."""
        if self._running:
            return self._running
        provider = self._kind.Provider()
        provider.configure(ConfigureRequest(Config(self._config, "project")))
        return provider

    def refused(self, inputs: Inputs) -> dict[str, str]:
        return self._check(self.provider(), inputs)[1]

    def up(self, inputs: Inputs) -> Did:
        provider = self.provider()
        checked, refused = self._check(provider, inputs)
        assert refused == {}
        if self.id is None:
            self._create(provider, checked)
            return "create"
        diff = provider.diff(self.id, _wire(self.outputs, True), _wire(checked, True))
        if diff.replaces:
            old_id, old = self.id, _wire(self.outputs)
            if diff.delete_before_replace:
                provider.delete(old_id, old)
                self._create(provider, checked)
            else:
                self._create(provider, checked)
                provider.delete(old_id, old)
            return "replace"
        # Where a provider does not say, the engine compares the inputs by itself.
        changes = _differing(self.inputs, checked) if diff.changes is None else diff.changes
        olds, self.inputs = _wire(self.outputs), checked
        if not changes:
            return "nothing"
        self.outputs = _wire(provider.update(self.id, olds, _wire(checked)).outs or {})
        return "update"

    def refresh(self) -> set[str]:
        assert self.id is not None
        before = self.outputs
        result = self.provider().read(self.id, _wire(before))
        self.id, self.outputs = result.id or None, _wire(result.outs or {})
        self.inputs = _wire(result.inputs or {})
        return _differing(before, self.outputs)

    def settle(self, inputs: Inputs) -> None:
        assert self.up(inputs) == "nothing"
        assert self.refresh() == set()
        assert self.up(inputs) == "nothing"

    def destroy(self) -> None:
        assert self.id is not None
        self.provider().delete(self.id, _wire(self.outputs))
        self.id = None

    def _check(
        self, provider: DynamicProvider, inputs: Inputs
    ) -> tuple[dict[str, Any], dict[str, str]]:
        result = provider.check(_wire(self.inputs, True), _wire(inputs, True))
        failures = {each.property: each.reason for each in result.failures}
        return _wire(result.inputs, True), failures

    def _create(self, provider: DynamicProvider, checked: Inputs) -> None:
        result = provider.create(_wire(checked))
        self.id, self.inputs, self.outputs = result.id, dict(checked), _wire(result.outs or {})


def _wire(values: Inputs, keep_unknowns: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002 - as the SDK's
    """Values as they arrive on the other side of Pulumi's wire."""
    sent = asyncio.run(rpc.serialize_properties({"__provider": "…", **values}, {}))
    arrived: dict[str, Any] = rpc.deserialize_properties(sent, keep_unknowns)
    return arrived


class ThroughPulumi:
    """Runs the real `pulumi` on a program that declares the one resource."""

    def __init__(self, kind: type[Resource], stack: "Stack") -> None:
        self._kind = kind
        self._stack = stack
        self._settled = False

    @property
    def id(self) -> str | None:
        resource = self._stack.resources.get("it")
        return None if resource is None else str(resource["id"])

    @property
    def outputs(self) -> dict[str, Any]:
        outputs: dict[str, Any] = self._stack.resources.get("it", {}).get("outputs", {})
        return outputs

    def up(self, inputs: Inputs) -> Did:
        before = self.id
        self._declare(inputs)
        said = self._stack.up()
        sys.stderr.write(said)
        if before is None:
            return "create"
        if "1 replaced" in said:
            return "replace"
        return "update" if "1 updated" in said else "nothing"

    def refused(self, inputs: Inputs) -> dict[str, str]:
        self._declare(inputs)
        said = self._stack.preview(fails=True)
        return dict(re.findall(r"property (\S+) value .* has a problem: (.*)", said))

    def refresh(self) -> set[str]:
        before = self.outputs
        self._stack.refresh()
        return _differing(before, self.outputs)

    def settle(self, inputs: Inputs) -> None:
        # Once in a story, since a run takes seconds; in process it is asked after each step.
        if not self._settled:
            self._declare(inputs)
            self._stack.is_settled()
            self._settled = True

    def destroy(self) -> None:
        sys.stderr.write(self._stack.destroy())

    def _declare(self, inputs: Inputs) -> None:
        resource = f"cases.{self._kind.__name__}('it', **{dict(inputs)!r})"
        self._stack.write(f"import pulumi_datadog_cases as cases\n\n{resource}\n")


def _differing(before: Inputs, after: Inputs) -> set[str]:
    names = {*before, *after} - {"__provider"}
    return {name for name in names if before.get(name) != after.get(name)}


# --- the player ------------------------------------------------------------------------------

#: Moved by every write.
STAMPS = {"modified_at", "modified_by", "updated_by"}


class Player:
    """Plays steps of a life on one resource, and removes all that was made."""

    def __init__(
        self,
        life: Life,
        organization: "Organization",
        deployment: Deployment,
        garble: Callable[[str], None],
    ) -> None:
        self.life = life
        self.organization = organization
        self.deployment = deployment
        self.garble = garble
        self.names: dict[str, Any] = {"run": secrets.token_hex(3).upper()}
        self.declared: dict[str, Any] = {}

    def play(self, *steps: Step) -> None:
        with self:
            for step in steps:
                self.step(step)
            if self.deployment.id is not None:
                self.end()

    def __enter__(self) -> None:
        people = self.organization.call("GET /users?page[size]=2")
        assert len(people) == 2, "the organisation needs two users to assign cases to"
        self.names |= zip(("user", "other_user"), (each["id"] for each in people), strict=True)
        for name, edit in self.life["needs"].items():
            self.names[name] = self.edit(edit)["id"]

    def __exit__(self, *_: object) -> None:
        if self.deployment.id is not None:
            self.deployment.destroy()
        for name in reversed([*self.life["needs"]]):
            made = self.life["needs"][name][0]
            with suppress(AssertionError):  # it may be gone with something else
                self.edit((f"{made.replace('POST', 'DELETE')}/{{{name}}}", None))

    def step(self, step: Step) -> None:
        if not self.declared and (given := step.get("given", self.life["full"])) is not None:
            self.declared = dict(given)
            assert self.deployment.up(self.fill(given)) == "create"
            self.names["id"] = self.deployment.id
        self.life = cast("Life", {**self.life, **step.get("otherwise", {})})
        if "garbles" in step:
            self.garble(re.sub(r"{\w+}", "[^/]+", step["garbles"]))
        before = self.stored()
        for edit in step.get("edits", ()):
            self.edit(edit)
        if "edits" in step and self.deployment.id is not None:
            self.refresh(step)
            before = before if step.get("drift") else self.stored()
        declared = self.overlaid(self.declared, step.get("declare", {}))
        if refuses := step.get("refuses"):
            self.refuse(self.fill(declared), refuses)
        elif fails := step.get("fails"):
            self.fail(self.fill(declared), step, fails)
        else:
            self.up(declared, step, before)

    def refresh(self, step: Step) -> None:
        sent = self.sent_by(self.deployment.refresh)
        if step.get("does") == "create":
            assert self.deployment.id is None
            # A list that lacks the object is read again, or the object by itself.
            looked_for = [*self.life["reads"], *self.life.get("then_reads", [])]
            self.assert_sent(sent[1] and [*dict.fromkeys(sent[1])], looked_for)
        else:
            assert sent[0] == step.get("drift", set())
            self.assert_sent(sent[1], self.life["reads"])

    def refuse(self, inputs: Inputs, words: Mapping[str, str]) -> None:
        refused, sent = self.sent_by(partial(self.deployment.refused, inputs))
        assert refused.keys() == words.keys()
        for path, phrase in words.items():
            assert self.fill(phrase) in refused[path]
        self.assert_sent(sent, [])

    def fail(self, inputs: Inputs, step: Step, words: str) -> None:
        id_, before, needs = self.deployment.id, self.stored(), self.stored_needs()
        with pytest.raises(Exception, match=self.fill(words)) as failure:
            self.deployment.up(inputs)
        assert "\n" not in str(failure.value)
        assert (self.deployment.id, self.stored()) == (id_, before)
        left = needs and self.overlaid(needs, step.get("leaves", {}))
        assert _bare(self.stored_needs()) == _bare(left)
        if "garbles" in step and id_ is None:
            ids = re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}", str(failure.value))
            self.assert_ended(ids[-1], self.life["remains"][self.stored_as])

    def up(self, declared: dict[str, Any], step: Step, before: dict[str, Any] | None) -> None:
        old, old_place = before, "" if before is None else self.fill(self.stored_as)
        self.declared = declared
        inputs = self.fill(declared)
        self.names["old"] = self.deployment.id
        with self.warned(step.get("warns")):
            did, sent = self.sent_by(partial(self.deployment.up, inputs))
        self.names["id"] = self.deployment.id
        something = step.get("declare") or step.get("drift")
        assert did == step.get("does", "update" if something else "nothing")
        self.assert_sent(sent, step.get("sends", [] if did == "nothing" else None))
        if "carries" in step and self.organization.is_sandbox:
            last = self.organization.journal()[-1]
            assert last["body"]["data"]["attributes"] == self.fill(step["carries"])
        for name, value in self.fill(step.get("shows", {})).items():
            shown = self.deployment.outputs.get(name)
            assert (name, shown) == (name, value)
            assert (name, shown is None) == (name, value is None)  # ANY takes None for something
        if did in {"create", "replace"}:
            before = self.stored()
        if before is not None:
            expected = self.overlaid(before, self.fill(step.get("stores", {})))
            assert _bare(self.stored()) == _bare(expected)
        if old and did == "replace" and old["id"] != (self.stored() or {}).get("id"):
            self.assert_ended(old_place, self.life["remains"][self.stored_as])
        _, sent = self.sent_by(partial(self.deployment.settle, inputs))
        assert [each for each in sent or () if not each.startswith("GET")] == []

    def end(self) -> None:
        with self.warned(self.life.get("warns")):
            _, sent = self.sent_by(self.deployment.destroy)
        self.assert_sent(sent, self.life["ends"])
        for name, kept in self.life["remains"].items():
            self.assert_ended(self.fill(name), kept)

    # --- the far side

    @property
    def stored_as(self) -> str:
        return self.life.get("stored_as", "{id}")

    def edit(self, edit: Edit) -> Any:  # noqa: ANN401 - JSON
        request, data = edit
        return self.organization.call(self.fill(request), self.fill(data))

    def stored(self) -> dict[str, Any] | None:
        """What a sandbox keeps of the object, or of what it is a part of."""
        if not self.organization.is_sandbox or self.deployment.id is None:
            return None
        return self.organization.stored(self.fill(self.stored_as))

    def stored_needs(self) -> dict[str, Any] | None:
        """What a sandbox keeps of all that the object needs."""
        if not self.organization.is_sandbox:
            return None
        return {name: self.organization.stored(self.names[name]) for name in self.life["needs"]}

    @contextmanager
    def warned(self, words: str | None) -> Generator[None]:
        """Listen to what the user is told meanwhile: a warning in these words, or none."""
        with redirect_stderr(StringIO()) as said:
            yield
        assert ("warning: " in said.getvalue()) is (words is not None)
        assert self.fill(words or "") in said.getvalue()

    def sent_by(self, act: Callable[[], Any]) -> tuple[Any, list[str] | None]:
        """The outcome of something, and the requests it has made, if a sandbox tells."""
        if not self.organization.is_sandbox:
            return act(), None
        before = len(self.organization.journal())
        outcome = act()
        return outcome, self.organization.asked()[before:]

    def assert_sent(self, sent: list[str] | None, expected: Requests | None) -> None:
        if sent is None or expected is None:
            return
        for each in expected:
            side_by_side = {each} if isinstance(each, str) else each
            batch, sent = sent[: len(side_by_side)], sent[len(side_by_side) :]
            assert sorted(batch) == sorted(map(self.fill, side_by_side))
        assert sent == []

    def assert_ended(self, name: str, remains: Inputs | None) -> None:
        if not self.organization.is_sandbox:
            return
        kept = self.organization.stored(name)
        assert _bare(kept) == _bare(remains and self.overlaid(kept or {}, self.fill(remains)))

    # --- values

    def fill(self, value: Any) -> Any:  # noqa: ANN401 - JSON
        """A value of the table, with the names in it filled in."""
        if isinstance(value, str):
            if whole := re.fullmatch(r"{(\w+)}", value):
                return self.named(whole[1])
            return re.sub(r"{(\w+)}", lambda name: str(self.named(name[1])), value)
        if isinstance(value, Mapping):
            return {self.fill(key): self.fill(item) for key, item in value.items()}
        return [self.fill(item) for item in value] if isinstance(value, list) else value

    def named(self, name: str) -> Any:  # noqa: ANN401 - a text or, in previews, an unknown
        return self.names[name] if name in self.names else self.fill(self.declared[name])

    def overlaid(self, base: Inputs, over: Inputs) -> dict[str, Any]:
        """Values with others laid over them, at any depth."""
        result = dict(base)
        for key, value in over.items():
            both = isinstance(value, Mapping) and isinstance(result.get(key), Mapping)
            result[key] = self.overlaid(result[key], value) if both else value
        return result


def _bare(stored: Any) -> Any:  # noqa: ANN401 - JSON
    """What is stored, without what is unset and without stamps."""
    if not isinstance(stored, Mapping):
        return stored
    kept = {key: _bare(value) for key, value in stored.items() if key not in STAMPS}
    return {key: value for key, value in kept.items() if value is not None}


# --- scenes ----------------------------------------------------------------------------------

#: What every life goes through, whatever its table says, by the name of the test.
SCENES: dict[str, Callable[[Player], None]] = {}


def _scene(play: Callable[[Player], None]) -> Callable[[Player], None]:
    SCENES[play.__name__.strip("_").replace("_", " ")] = play
    return play


@_scene
def _preview_before_its_needs_are_there(player: Player) -> None:
    player.names |= dict.fromkeys(("user", *player.life["needs"]), UNKNOWN)
    refused, sent = player.sent_by(
        partial(player.deployment.refused, player.fill(player.life["full"]))
    )
    assert refused == {}
    player.assert_sent(sent, [])


@_scene
def _get(player: Player) -> None:
    kind = player.life["kind"].Provider.resource_type
    with player:
        player.step({})
        deployed = player.deployment
        assert isinstance(deployed, InProcess)
        assert deployed.id is not None
        parents = {name: deployed.outputs[name] for name in kind.parents}
        for id_, known in (player.fill(player.life["import_id"]), {}), (deployed.id, parents):
            result = deployed.provider().read(id_, _wire(known))
            assert result.id == deployed.id
            unseen = {name for name, p in kind.properties.items() if p.write_only}
            read = _wire(result.outs or {})
            # What is declared of it stands in the whole.
            assert _differing(player.overlaid(read, deployed.outputs), read) <= unseen


@_scene
def _destroy_what_is_gone_already(player: Player) -> None:
    with player:
        player.step({})
        player.edit(player.life["vanishes"])
        player.deployment.destroy()


@_scene
def _story(player: Player) -> None:
    player.play(*player.life["story"])


@_scene
def _every_property_has_its_rows(player: Player) -> None:
    life, kind = player.life, player.life["kind"].Provider.resource_type
    steps = life["steps"].values()

    def declared(name: str, did: Did) -> list[Any]:
        return [
            s["declare"][name] for s in steps if _did(s) == did and name in s.get("declare", {})
        ]

    for name, p in kind.inputs.items():
        assert p.adopts or name in life["full"] or declared(name, "create")
        assert any(re.match(rf"{name}\b", path) for s in steps for path in s.get("refuses", {}))
        if p.replace_on_changes:
            assert declared(name, "replace"), f"{name} is never replaced"
            continue
        if p.adopts:
            continue  # it is nothing of the object's: see test_adopt.py
        assert any(v is not None for v in declared(name, "update")), f"{name} is never changed"
        assert p.required or None in declared(name, "update"), f"{name} is never taken out"
        assert p.write_only or any(name in s.get("drift", ()) for s in steps), (
            f"{name} never drifts"
        )


def _did(step: Step) -> Did | None:
    if step.keys() & {"refuses", "fails"}:
        return None
    return step.get("does", "update")


THROUGH_PULUMI = "story through pulumi"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a test of each step of a module's `LIFE`, and of each scene."""
    if "scene" in metafunc.fixturenames:
        through_pulumi = pytest.param(THROUGH_PULUMI, marks=pytest.mark.pulumi)
        names = [*metafunc.module.LIFE["steps"], *SCENES, through_pulumi]
        metafunc.parametrize("scene", names, indirect=True)


@pytest.fixture
def scene(
    request: pytest.FixtureRequest, organization: "Organization", monkeypatch: pytest.MonkeyPatch
) -> Scene:
    """A test of a life, ready to play."""
    # Configuring a provider takes the process's tracebacks away, which a test wants back.
    monkeypatch.setenv("PULUMI_DATADOG_CASES_DEBUG", "1")
    # What somebody ends a moment after it was created is gone: a sandbox shows all at once.
    monkeypatch.setattr(DynamicProvider, "timing", Timing(consistency_window=0.0))
    life: Life = request.module.LIFE
    name: str = request.param
    if not organization.is_sandbox:
        print("left out: what is sent and what is stored, which only a sandbox tells")  # noqa: T201 - pytest shows it
    if name == THROUGH_PULUMI:
        if not organization.is_sandbox:
            pytest.skip("with --live the story is played in process alone")
        new_stack: NewStack = request.getfixturevalue("new_stack")
        deployment: Deployment = ThroughPulumi(life["kind"], new_stack(organization))
    else:
        deployment = InProcess(life["kind"], organization)
    player = Player(life, organization, deployment, partial(_garble, monkeypatch))
    if (play := SCENES.get(name.removesuffix(" through pulumi"))) is not None:
        return partial(play, player)
    return partial(player.play, life["steps"][name])


@pytest.fixture
def in_process(organization: "Organization", monkeypatch: pytest.MonkeyPatch) -> NewInProcess:
    """Makes a resource to deploy in process: `in_process(cases.CaseType)`."""
    monkeypatch.setenv("PULUMI_DATADOG_CASES_DEBUG", "1")  # as in `scene`
    return lambda kind: InProcess(kind, organization)


@pytest.fixture
def just_before(monkeypatch: pytest.MonkeyPatch) -> JustBefore:
    """Lets somebody act right before a request is sent: `just_before("PUT /cases/types/*", act)`.

    The patterns are of the shell. Each acts once, before the first request that it fits.
    """
    waiting: list[tuple[str, Callable[[], object]]] = []
    send = HTTPAdapter.send

    def sending(
        self: HTTPAdapter,
        request: requests.PreparedRequest,
        *args: Any,  # noqa: ANN401 - passed on
        **options: Any,  # noqa: ANN401 - passed on
    ) -> requests.Response:
        asked = f"{request.method} {str(request.url).partition('/api/v2')[2]}"
        for each in [each for each in waiting if fnmatchcase(asked, each[0])][:1]:
            waiting.remove(each)  # what somebody does is a request, too
            each[1]()
        return send(self, request, *args, **options)

    monkeypatch.setattr(HTTPAdapter, "send", sending)
    return lambda pattern, act: waiting.append((pattern, act))


def _garble(monkeypatch: pytest.MonkeyPatch, request_pattern: str) -> None:
    """Spoil some requests on their way: the body or, where there is none, the id in the URL."""
    method, path = request_pattern.split(" ")
    send = HTTPAdapter.send

    def garbling(
        self: HTTPAdapter,
        request: requests.PreparedRequest,
        *args: Any,  # noqa: ANN401 - passed on
        **options: Any,  # noqa: ANN401 - passed on
    ) -> requests.Response:
        if request.method == method and re.fullmatch(f".*/api/v2{path}", str(request.url)):
            if request.body is None:
                request.url = f"{request.url}-"
            else:
                request.prepare_body(b"{}", None)
        return send(self, request, *args, **options)

    monkeypatch.setattr(HTTPAdapter, "send", garbling)
