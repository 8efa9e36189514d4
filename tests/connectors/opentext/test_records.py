"""What makes a document a record, what keeps it, and what is known of its life."""

from datetime import UTC, datetime

import pytest

from lockgate.connectors.opentext.connector import OpenText
from lockgate.kit.errors import Conflict, ConnectorError, NotFound

from .conftest import RM_CLASS, Server


@pytest.fixture
async def document(server: Server) -> int:
    return await server.upload(await server.workspace("1"), "evidence.zip", user="admin")


async def test_classifications_are_added_without_losing_others(server: Server, ecm: OpenText, document: int) -> None:
    await server.call("POST", f"/v1/nodes/{document}/classifications", {"class_id": [700]})
    for _ in range(2):
        await ecm.classify(document, [701])
    assert [one.id for one in await ecm.classifications(document)] == [700, 701]
    assert len([one for one in await server.calls("POST", "/classifications") if one["status"] == 200]) == 2
    await ecm.unclassify(document, [700])
    assert [one.name for one in await ecm.classifications(document)] == ["Correspondence"]


async def test_a_document_becomes_an_official_record(ecm: OpenText, document: int) -> None:
    assert not (await ecm.record(document)).declared
    with pytest.raises(NotFound, match="declare it first"):
        await ecm.set_record(document, official=True)
    for _ in range(2):
        details = await ecm.declare_record(document, RM_CLASS)
    assert (details.classes, details.official) == ((RM_CLASS,), False)
    assert (await ecm.set_record(document, status="ACTIVE", official=True)).official
    await ecm.set_confidential(document, True)
    await ecm.finalize_records([document])


async def test_a_record_somebody_changed_meanwhile_is_not_overwritten(ecm: OpenText, document: int) -> None:
    before = await ecm.declare_record(document, RM_CLASS, rsi="7Y")
    assert before.rsi == "7Y"
    await ecm.set_record(document, status="INACTIVE")
    with pytest.raises(Conflict):
        await ecm.set_record(document, official=True, token=before.token)
    await ecm.undeclare_record(document, RM_CLASS)
    assert not (await ecm.record(document)).declared


async def test_what_is_on_hold_is_kept(server: Server, ecm: OpenText, document: int) -> None:
    for _ in range(2):
        await ecm.hold(document, "HOLD_10")
    assert [(one.name, one.active) for one in await ecm.holds(document)] == [("HOLD_10", True)]
    assert [one.name for one in await ecm.all_holds()] == ["HOLD_10"]
    with pytest.raises(ConnectorError):
        await ecm.delete(document)
    assert (await server.node(document))["name"] == "evidence.zip"
    for _ in range(2):
        await ecm.unhold(document, "HOLD_10")
    await ecm.delete(document)
    with pytest.raises(NotFound, match="no hold HOLD_11"):
        await ecm.hold(document, "HOLD_11")


async def test_a_record_is_kept_as_long_as_its_series_says(ecm: OpenText, document: int) -> None:
    assert {"file_status", "storage"} <= set(await ecm.record_codes())
    assert [(one.name, one.status) for one in await ecm.retention_series()] == [("7Y", "ACTIVE")]
    await ecm.declare_record(document, RM_CLASS)
    for _ in range(2):
        await ecm.set_series(document, RM_CLASS, "7Y")
    assert ([one.name for one in await ecm.series_of(document)], (await ecm.record(document)).rsi) == (["7Y"], "7Y")
    for _ in range(2):
        await ecm.drop_series(document, RM_CLASS)
    assert await ecm.series_of(document) == []
    with pytest.raises(NotFound, match="no record series 10Y"):
        await ecm.set_series(document, RM_CLASS, "10Y")


async def test_a_hold_is_made_once_and_keeps_what_is_put_on_it(ecm: OpenText, document: int) -> None:
    made = {await ecm.make_hold("Case 7", "LEGAL", comment="letter of 1 March") for _ in range(2)}
    assert len(made) == 1
    await ecm.hold(document, "Case 7")
    assert [one.id for one in await ecm.holds(document)] == list(made)
    with pytest.raises(ConnectorError):
        await ecm.delete(document)


async def test_the_audit_trail_says_who_did_what(server: Server, ecm: OpenText, document: int) -> None:
    await server.later(3600)
    await server.call("PUT", f"/v2/nodes/{document}", {"name": "renamed.zip"}, user="jdoe")
    trail = await ecm.audit(document)
    assert trail[0].event == "Create"
    (renamed,) = await ecm.audit(document, event=5)
    assert (renamed.event, renamed.by, renamed.by_id) == ("Rename", "jdoe", 1001)
    assert renamed.at is not None
    assert [one.type for one in await ecm.audit(document, since=renamed.at)] == [5]
    assert await ecm.audit(document, since=datetime(2100, 1, 1, tzinfo=UTC)) == []


async def test_documents_are_found_by_search(server: Server, ecm: OpenText, document: int) -> None:
    await server.later(60)
    (hit,) = await ecm.search("OTName: evidence* and OTSubType: 144")
    assert (hit.id, hit.name, hit.type) == (document, "evidence.zip", 144)
    with pytest.raises(ConnectorError):
        await ecm.search("OTName: (")
