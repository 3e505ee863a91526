"""Declares the rules and cases of `plan.json` with dynamic providers.

The dynamic providers are written as in Pulumi's documentation. Their classes are part of the
program. The URL and the keys are attributes of the providers, and each operation calls `requests`
directly.
"""

import json
import os
from pathlib import Path
from typing import Any

import pulumi
import requests
from pulumi.dynamic import CreateResult, ReadResult, Resource, ResourceProvider, UpdateResult

STANDARD = "00000000-0000-0000-0000-000000000001"
CREATED = ("title", "description", "priority", "status_name")
#: For each field whose endpoint has another name than the field, the name of the endpoint.
ENDPOINTS = {"status_name": "status"}


class Provider(ResourceProvider):
    """Stores the URL and keys of the API."""

    def __init__(self, url: str, headers: dict[str, str]) -> None:
        self.url = url
        self.headers = headers


class RuleProvider(Provider):
    """The provider of automation rules."""

    def body(self, props: dict[str, Any]) -> dict[str, Any]:
        """Return the request body of a rule."""
        attributes = {name: props[name] for name in ("name", "trigger", "action")}
        return {"data": {"type": "rule", "attributes": attributes}}

    def create(self, props: dict[str, Any]) -> CreateResult:
        """POST the rule."""
        rules = f"{self.url}/projects/{props['project_id']}/rules"
        response = requests.post(rules, headers=self.headers, json=self.body(props), timeout=60)
        response.raise_for_status()
        return CreateResult(response.json()["data"]["id"], props)

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """GET the rule."""
        rule = f"{self.url}/projects/{props['project_id']}/rules/{id_}"
        response = requests.get(rule, headers=self.headers, timeout=60)
        response.raise_for_status()
        return ReadResult(id_, {**props, "name": response.json()["data"]["attributes"]["name"]})

    def update(self, id_: str, _olds: dict[str, Any], news: dict[str, Any]) -> UpdateResult:
        """PUT the rule."""
        rule = f"{self.url}/projects/{news['project_id']}/rules/{id_}"
        response = requests.put(rule, headers=self.headers, json=self.body(news), timeout=60)
        response.raise_for_status()
        return UpdateResult(news)

    def delete(self, id_: str, props: dict[str, Any]) -> None:
        """DELETE the rule."""
        rule = f"{self.url}/projects/{props['project_id']}/rules/{id_}"
        requests.delete(rule, headers=self.headers, timeout=60).raise_for_status()


class CaseProvider(Provider):
    """The provider of cases."""

    def set(self, id_: str, endpoint: str, attributes: dict[str, Any]) -> None:
        """Set one field of a case, with a POST to the field's endpoint."""
        case = f"{self.url}/{id_}/{endpoint}"
        body = {"data": {"type": "case", "attributes": attributes}}
        requests.post(case, headers=self.headers, json=body, timeout=60).raise_for_status()

    def create(self, props: dict[str, Any]) -> CreateResult:
        """POST the case. Then set the fields that this request cannot set."""
        data = {
            "type": "case",
            "attributes": {"type_id": STANDARD, **{name: props[name] for name in CREATED}},
            "relationships": {"project": {"data": {"type": "project", "id": props["project_id"]}}},
        }
        response = requests.post(self.url, headers=self.headers, json={"data": data}, timeout=60)
        response.raise_for_status()
        id_ = response.json()["data"]["id"]
        for name in ("attributes", "due_date"):
            self.set(id_, name, {name: props[name]})
        return CreateResult(id_, props)

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """GET the case."""
        response = requests.get(f"{self.url}/{id_}", headers=self.headers, timeout=60)
        response.raise_for_status()
        return ReadResult(id_, {**props, "title": response.json()["data"]["attributes"]["title"]})

    def update(self, id_: str, olds: dict[str, Any], news: dict[str, Any]) -> UpdateResult:
        """POST each changed field to its own endpoint."""
        for name in (*CREATED, "attributes", "due_date"):
            if olds[name] != news[name]:
                self.set(id_, ENDPOINTS.get(name, name), {name: news[name]})
        return UpdateResult(news)

    def delete(self, id_: str, _props: dict[str, Any]) -> None:
        """Archive the case with a POST, because the API cannot delete cases."""
        body = {"data": {"type": "case"}}
        archive = f"{self.url}/{id_}/archive"
        requests.post(archive, headers=self.headers, json=body, timeout=60).raise_for_status()


class Rule(Resource):
    """An automation rule."""

    def __init__(self, name: str, props: dict[str, Any], opts: pulumi.ResourceOptions) -> None:
        super().__init__(RuleProvider(URL, HEADERS), name, props, opts)


class Case(Resource):
    """A case."""

    def __init__(self, name: str, props: dict[str, Any]) -> None:
        super().__init__(CaseProvider(URL, HEADERS), name, props)


URL = f"{os.environ['DD_HOST']}/api/v2/cases"
HEADERS = {
    "DD-API-KEY": os.environ["DD_API_KEY"],
    "DD-APPLICATION-KEY": os.environ["DD_APP_KEY"],
}
plan: dict[str, Any] = json.loads(Path("plan.json").read_text(encoding="utf-8"))
imported: list[str | None] = plan["ids"] or [None] * len(plan["rules"])
for number, (rule, id_) in enumerate(zip(plan["rules"], imported, strict=True)):
    opts = pulumi.ResourceOptions(import_=id_)
    Rule(f"rule-{number}", {"project_id": plan["project_id"], **rule}, opts)
for number, case in enumerate(plan["cases"]):
    Case(f"case-{number}", {"project_id": plan["project_id"], **case})
