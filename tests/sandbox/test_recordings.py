"""Real traffic, replayed: the sandbox must answer each recorded request as the API did.

What differs from run to run (ids, keys, numbers, times, people's names) is mapped from the recorded
value to ours when it first appears and must then stay the same; all else must be equal.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import requests
import yaml

Send: TypeAlias = Callable[..., requests.Response]
Make: TypeAlias = Callable[..., dict[str, Any]]

RECORDINGS = Path(__file__).parents[3] / "shared" / "recordings"
FILES = [pytest.param(file, id=file.stem) for file in sorted(RECORDINGS.glob("*.yaml"))] or [
    pytest.param(
        None, marks=pytest.mark.skip(reason="no ../shared/recordings beside this checkout")
    )
]

# Members the API got in the autumn of 2025: recordings from before do not have them.
YOUNG = {"status_name", "status_group", "internal", "statuses_config"}

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|\+00:00)")
CASE_KEY = re.compile(r"[A-Z]+-\d+")
NUMBER = re.compile(r"\d+")
PROFILE = {"email", "handle", "name"}
BUILT_IN = "00000000-0000-0000-0000-"


@dataclass
class Exchange:
    """A recorded request and its response."""

    verb: str
    path: str
    body: str | None
    status: int
    content_type: str | None
    answer: Any

    @classmethod
    def all_of(cls, file: Path) -> "list[Exchange]":
        recording = yaml.load(file.read_text(), yaml.CSafeLoader)
        return [cls._read(interaction) for interaction in recording["interactions"]]

    @classmethod
    def _read(cls, interaction: dict[str, Any]) -> "Exchange":
        request, response = interaction["request"], interaction["response"]
        text = response["body"]["string"]
        return cls(
            verb=request["method"],
            path=request["uri"].partition("/api/v2")[2],
            body=request["body"],
            status=response["status"]["code"],
            content_type=response["headers"].get("content-type", [None])[0],
            answer=json.loads(text) if text else None,
        )


@dataclass
class Replay:
    """The mapping of recorded values to ours, and the comparison that fills it."""

    known: dict[str, str] = field(default_factory=dict)

    def ours(self, text: str) -> str:
        return UUID.sub(lambda found: self.known.get(found[0], found[0]), text)

    def compare(self, recorded: Any, ours: Any, where: str = "") -> None:  # noqa: ANN401 - JSON
        __tracebackhide__ = True
        assert type(ours) is type(recorded), f"{where}: {ours!r}, recorded {recorded!r}"
        if isinstance(recorded, dict):
            missing, surplus = recorded.keys() - ours.keys(), ours.keys() - recorded.keys() - YOUNG
            assert not missing, f"{where}: lacks {missing}"
            assert not surplus, f"{where}: {surplus} are not in the recording"
            person = recorded.keys() >= {"active", *PROFILE}
            for name, value in recorded.items():
                if name == "icon" or (person and name in PROFILE):
                    assert isinstance(ours[name], str)  # who holds the keys is another
                else:
                    self.compare(value, ours[name], f"{where}.{name}")
        elif isinstance(recorded, list):
            assert len(ours) == len(recorded), f"{where}: {len(ours)}, recorded {len(recorded)}"
            for number, (theirs, mine) in enumerate(zip(recorded, ours, strict=True)):
                self.compare(theirs, mine, f"{where}[{number}]")
        elif isinstance(recorded, str) and self._varies(recorded):
            shape = self._shape(recorded)
            assert self._shape(ours) == shape, f"{where}: {ours!r}, recorded {recorded!r}"
            mapped = self.known.setdefault(recorded, ours)
            assert ours == mapped, f"{where}: {ours!r}, but {recorded!r} was {mapped!r} before"
        else:
            assert ours == recorded, where

    def _varies(self, recorded: str) -> bool:
        return self._shape(recorded) is not None and BUILT_IN not in recorded

    @staticmethod
    def _shape(text: str) -> str | None:
        return next(
            (
                shape.pattern
                for shape in (UUID, TIME, CASE_KEY, NUMBER)
                if re.fullmatch(shape, text)
            ),
            None,
        )


def prepare(exchanges: list[Exchange], make: Make, send: Send) -> Replay:
    """Makes what a recording found in its organisation and did not make itself."""
    replay = Replay()
    for resource in found(exchanges):
        kind, attributes = resource["type"], resource["attributes"]
        if kind == "case":
            home = resource["relationships"]["project"]["data"]["id"]
            add_project(replay, make, home, attributes["key"].partition("-")[0])
        elif kind == "project":
            add_project(replay, make, resource["id"], attributes["key"])
        elif kind == "case_type" and not attributes.get("internal"):
            sent = {name: attributes[name] for name in ("name", "description", "emoji")}
            replay.known[resource["id"]] = make("/cases/types", kind, **sent)["id"]
            if "deleted_at" in attributes:
                send("DELETE", f"/cases/types/{replay.known[resource['id']]}")
        elif kind == "custom_attribute":
            home = attributes["case_type_id"]
            if home not in replay.known:
                replay.known[home] = make("/cases/types", "case_type", name="World")["id"]
            sent = {n: v for n, v in attributes.items() if not n.startswith("case_type")}
            path = f"/cases/types/{replay.known[home]}/custom_attributes"
            replay.known[resource["id"]] = make(path, kind, **sent)["id"]
    return replay


def add_project(replay: Replay, make: Make, recorded_id: str, key: str) -> None:
    if recorded_id not in replay.known:
        made = make("/cases/projects", "project", key=key, name="Found")
        replay.known[recorded_id] = made["id"]


def found(exchanges: list[Exchange]) -> Iterator[dict[str, Any]]:
    """The resources of a recording which it did not create, but for cases: those tell projects."""
    for exchange in exchanges:
        data = exchange.answer.get("data") if exchange.answer else None
        for resource in data if isinstance(data, list) else [data] if data else []:
            if exchange.status != 201 or resource["type"] == "case":
                yield resource


@pytest.mark.parametrize("file", FILES)
def test_replays(file: Path, send: Send, make: Make) -> None:
    exchanges = Exchange.all_of(file)
    replay = prepare(exchanges, make, send)
    for number, exchange in enumerate(exchanges, start=1):
        body = None if exchange.body is None else replay.ours(exchange.body).encode()
        response = send(exchange.verb, replay.ours(exchange.path), body=body)
        where = f"exchange {number}, {exchange.verb} {exchange.path}"
        assert response.status_code == exchange.status, f"{where}: {response.text}"
        assert response.headers.get("content-type") == exchange.content_type, where
        if exchange.answer is None:
            assert response.content == b"", where
        else:
            answer = response.json()
            arrange(replay, exchange, answer)
            replay.compare(exchange.answer, answer, where)


def arrange(replay: Replay, exchange: Exchange, answer: dict[str, Any]) -> None:
    """Puts our list into the order of the recorded one: the API's own is not reliable."""
    if exchange.verb == "GET" and isinstance(exchange.answer["data"], list):
        order = [replay.ours(resource["id"]) for resource in exchange.answer["data"]]
        answer["data"].sort(key=lambda resource: order.index(resource["id"]))
