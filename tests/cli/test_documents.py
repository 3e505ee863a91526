"""The keys of the JSON documents. They must not change, because users' programs use them."""

import pytest

from pulumi_datadog_cases.cli.documents import DOCUMENTS

#: The keys of each document, by class name. Removing or renaming a key breaks users' programs.
KEYS = {
    "DoctorCheck": "check status found advice details",
    "ImportDocument": "program import_file imported left_alone left_out backups missing",
    "ExportDocument": "file objects missing",
    "DriftDocument": "compared changed gone unmanaged unread ignored",
    "ChangedObjectDocument": "kind within label name id properties",
    "DriftObject": "kind within label name id",
    "DriftProperty": "path declared live secret",
    "UnreadDocument": "kind reasons names",
    "RecoverDocument": "creates left_alone",
    "PendingCreateDocument": "urn kind name result objects reason",
    "RecoveredObject": "id label",
    "PendingOperationDocument": "urn operation",
    "MigrateDocument": "converted changes",
    "SimulateDocument": "rules left_out",
    "SimulateEventsDocument": "events left_out",
    "SimulatedEventDocument": "name rules",
    "SimulatedRule": "rule_id rule_name kind fired does why event change case_id at name",
    "BulkDocument": "found applied cases",
    "BulkCase": "id key before wanted why_not",
}
CLASSES = {each.__name__: each for documents in DOCUMENTS.values() for each in documents}


def test_keys_of_every_document_are_listed() -> None:
    assert CLASSES.keys() == KEYS.keys()


@pytest.mark.parametrize("name", KEYS)
def test_document_keys_are_unchanged(name: str) -> None:
    assert [*CLASSES[name].__annotations__] == KEYS[name].split()
