"""The keys of the JSON documents, written out: programs rely on them."""

import pytest

from pulumi_datadog_cases.cli.documents import DOCUMENTS

#: By class name. A change here breaks users' programs.
KEYS = {
    "DoctorCheck": "check status found advice details",
    "ImportDocument": "program import_file imported left_alone missing",
    "ExportDocument": "file objects missing",
    "DriftDocument": "compared changed gone unmanaged unread",
    "ChangedObjectDocument": "kind within label name id properties",
    "DriftObject": "kind within label name id",
    "DriftProperty": "path declared live secret",
    "UnreadDocument": "kind reasons names",
    "SimulateDocument": "rules left_out",
    "SimulatedRule": "rule_id rule_name kind fired does why event change case_id at name",
    "BulkDocument": "found applied cases",
    "BulkCase": "id key before wanted why_not",
}
CLASSES = {each.__name__: each for documents in DOCUMENTS.values() for each in documents}


def test_every_document_is_pinned() -> None:
    assert CLASSES.keys() == KEYS.keys()


@pytest.mark.parametrize("name", KEYS)
def test_document_keys_are_unchanged(name: str) -> None:
    assert [*CLASSES[name].__annotations__] == KEYS[name].split()
