"""Sends recorded requests to the sandbox. It must respond to each request as the API did.

Ids, keys, numbers and times differ between runs. When such a recorded value first occurs, it is
mapped to the sandbox's value at the same place. Where the recorded value occurs again, the sandbox
must return the mapped value. People's names may differ. All other values must be equal.
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

# Members that the API added in the autumn of 2025. Older recordings do not have them.
NEW_MEMBERS = {"status_name", "status_group", "internal", "statuses_config"}

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|\+00:00)")
CASE_KEY = re.compile(r"[A-Z]+-\d+")
NUMBER = re.compile(r"\d+")
PROFILE = {"email", "handle", "name"}
BUILT_IN = "00000000-0000-0000-0000-"


@dataclass
class Interaction:
    """A recorded request and its response."""

    method: str
    path: str
    body: str | None
    status: int
    content_type: str | None
    json_body: Any

    @classmethod
    def all_of(cls, file: Path) -> "list[Interaction]":
        recording = yaml.load(file.read_text(), yaml.CSafeLoader)
        return [cls._read(interaction) for interaction in recording["interactions"]]

    @classmethod
    def _read(cls, recorded: dict[str, Any]) -> "Interaction":
        request, response = recorded["request"], recorded["response"]
        text = response["body"]["string"]
        return cls(
            method=request["method"],
            path=request["uri"].partition("/api/v2")[2],
            body=request["body"],
            status=response["status"]["code"],
            content_type=response["headers"].get("content-type", [None])[0],
            json_body=json.loads(text) if text else None,
        )


@dataclass
class Replay:
    """Compares responses with recorded responses, and maps recorded values to sandbox values."""

    known: dict[str, str] = field(default_factory=dict)

    def translate(self, text: str) -> str:
        return UUID.sub(lambda found: self.known.get(found[0], found[0]), text)

    def compare(self, recorded: Any, ours: Any, where: str = "") -> None:  # noqa: ANN401 - JSON
        __tracebackhide__ = True
        assert type(ours) is type(recorded), f"{where}: {ours!r}, recorded {recorded!r}"
        if isinstance(recorded, dict):
            missing, surplus = (
                recorded.keys() - ours.keys(),
                ours.keys() - recorded.keys() - NEW_MEMBERS,
            )
            assert not missing, f"{where}: {missing} are missing"
            assert not surplus, f"{where}: {surplus} are not in the recording"
            person = recorded.keys() >= {"active", *PROFILE}
            for name, value in recorded.items():
                if name == "icon" or (person and name in PROFILE):
                    assert isinstance(ours[name], str)  # the sandbox's users have other names
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


def prepare(interactions: list[Interaction], make: Make, send: Send) -> Replay:
    """Creates the objects that existed before the recording."""
    replay = Replay()
    for resource in existing_resources(interactions):
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


def existing_resources(interactions: list[Interaction]) -> Iterator[dict[str, Any]]:
    """The resources that existed before the recording, and all cases of the recording.

    Cases that were created during the recording are included, because the recording may not contain
    their projects.
    """
    for interaction in interactions:
        data = interaction.json_body.get("data") if interaction.json_body else None
        for resource in data if isinstance(data, list) else [data] if data else []:
            if interaction.status != 201 or resource["type"] == "case":
                yield resource


@pytest.mark.parametrize("file", FILES)
def test_sandbox_responds_as_recorded(file: Path, send: Send, make: Make) -> None:
    replay_all(Interaction.all_of(file), send, make)


def test_recorded_error_of_get_is_replayed(send: Send, make: Make) -> None:
    """No recording contains an error response to a GET yet, but a new recording may."""
    missing = {"code": "resource_not_found", "title": "case not found"}
    error = Interaction(
        method="GET",
        path="/cases/67d80aa3-36ff-44b9-a694-c501a7591737",
        body=None,
        status=404,
        content_type="application/vnd.api+json",
        json_body={"errors": [missing]},
    )
    replay_all([error], send, make)
    error.json_body = {"errors": [{**missing, "title": "another"}]}
    with pytest.raises(AssertionError, match="title"):
        replay_all([error], send, make)


def replay_all(interactions: list[Interaction], send: Send, make: Make) -> None:
    """Sends the requests of a recording, and compares the responses."""
    replay = prepare(interactions, make, send)
    for number, interaction in enumerate(interactions, start=1):
        body = None if interaction.body is None else replay.translate(interaction.body).encode()
        response = send(interaction.method, replay.translate(interaction.path), body=body)
        where = f"interaction {number}, {interaction.method} {interaction.path}"
        assert response.status_code == interaction.status, f"{where}: {response.text}"
        assert response.headers.get("content-type") == interaction.content_type, where
        if interaction.json_body is None:
            assert response.content == b"", where
        else:
            json_body = response.json()
            sort_like_recording(replay, interaction, json_body)
            replay.compare(interaction.json_body, json_body, where)


def sort_like_recording(
    replay: Replay, interaction: Interaction, json_body: dict[str, Any]
) -> None:
    """Sorts a list into the order of the recorded list, because the API's order is not reliable."""
    if interaction.method == "GET" and isinstance(interaction.json_body.get("data"), list):
        order = [replay.translate(resource["id"]) for resource in interaction.json_body["data"]]
        json_body["data"].sort(key=lambda resource: order.index(resource["id"]))
