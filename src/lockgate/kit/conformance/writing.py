"""Promises of targets: upsert, held, file_digest, find, link, withdraw, show."""

import hashlib
from typing import Any

from lockgate.kit.conformance.bench import PICTURE, Bench, expect
from lockgate.kit.conformance.suite import needs
from lockgate.kit.contract import Connector, Held, Link, Receipt, Write
from lockgate.kit.errors import ConnectorError
from lockgate.kit.transfer import CHUNK

FILE = PICTURE + bytes(range(256)) * 64
OTHER = PICTURE + bytes(reversed(range(256))) * 96
LONG = PICTURE + bytes(range(256)) * (CHUNK // 64)


class WritingPromises:
    @needs("upsert", "held")
    async def test_what_was_written_is_held(self, bench: Bench) -> None:
        connector = await bench.connect()
        receipt = await written(connector, bench, bench.write("flow:1", content=FILE))
        held = (await connector.held(bench.kind, ["flow:1"]))["flow:1"]
        expect(receipt.created, "a receipt for a new object does not say that it was created")
        expect(
            (receipt.key, held.key, held.ref) == ("flow:1", "flow:1", receipt.ref), "key or ref are others than written"
        )
        sent = sha(FILE) if bench.files else None
        expect(receipt.sha256 == sent, "the receipt states another digest than that of the bytes sent")
        expect(held.length in {None, len(FILE)}, "what is held has another length than what was sent")
        expect(not held.hidden, "what was just written is hidden")
        expect_fields(connector, bench, 1, held)

    @needs("upsert", "file_digest")
    async def test_the_file_read_back_is_the_file_sent(self, bench: Bench) -> None:
        connector = await bench.connect()
        receipt = await written(connector, bench, bench.write("flow:1", content=LONG))
        expect(await connector.file_digest(bench.kind, receipt.ref) == sha(LONG), "the file held is not the file sent")
        md5 = hashlib.md5(LONG, usedforsecurity=False).hexdigest()
        expect(
            await connector.file_digest(bench.kind, receipt.ref, "md5") == md5, "its MD5 is not that of the file sent"
        )

    @needs("upsert")
    async def test_a_key_written_twice_is_one_object(self, bench: Bench) -> None:
        connector, before = await bench.connect(), bench.count()
        first = await written(connector, bench, bench.write("flow:1", content=FILE))
        second = await written(connector, bench, bench.write("flow:1", content=FILE))
        expect(first.ref == second.ref, "the same key leads to two objects")
        expect(not second.created, "a second write says that it created")
        expect(bench.count() == before + 1, f"a key written twice made {bench.count() - before} objects")

    @needs("upsert", "held")
    async def test_writes_are_answered_in_order_and_apart(self, bench: Bench) -> None:
        connector, before = await bench.connect(), bench.count()
        keys = [f"flow:{n}" for n in range(5)]
        answers = await connector.upsert(bench.kind, [bench.write(key, content=FILE + key.encode()) for key in keys])
        expect(
            [one.key for one in answers if isinstance(one, Receipt)] == keys, f"not all was written in order: {answers}"
        )
        expect(bench.count() == before + len(keys), "there are more or fewer objects than writes")
        held = await connector.held(bench.kind, [*keys, "flow:nobody"])
        expect(sorted(held) == keys, "held knows other keys than were written")

    @needs("upsert", "held", "file_digest")
    async def test_fields_are_updated_without_touching_the_file(self, bench: Bench) -> None:
        connector = await bench.connect()
        first = await written(connector, bench, bench.write("flow:1", content=FILE))
        second = await written(connector, bench, bench.write("flow:1", ref=first.ref, version=2))
        held = (await connector.held(bench.kind, ["flow:1"]))["flow:1"]
        expect(second.ref == first.ref and not second.created, "an update made another object")
        expect_fields(connector, bench, 2, held)
        expect(await connector.file_digest(bench.kind, first.ref) == sha(FILE), "an update of fields changed the file")

    @needs("upsert", "held", "file_digest")
    async def test_a_replaced_file_stays_at_its_object(self, bench: Bench) -> None:
        connector, before = await bench.connect(), bench.count()
        first = await written(connector, bench, bench.write("flow:1", content=FILE))
        second = await written(connector, bench, bench.write("flow:1", ref=first.ref, content=OTHER))
        expect(second.ref == first.ref, "a replaced file is at another object")
        expect(bench.count() == before + 1, "a replaced file made another object")
        expect(await connector.file_digest(bench.kind, first.ref) == sha(OTHER), "the file held is not the new one")

    @needs("upsert", "held", "file_digest")
    async def test_a_file_that_breaks_off_is_never_held_as_whole(self, bench: Bench) -> None:
        connector, before = await bench.connect(), bench.count()
        answer = await attempted(connector, bench, bench.write("flow:1", content=LONG, broken=True))
        expect(isinstance(answer, ConnectorError), "a file that broke off was confirmed as written")
        held = await connector.held(bench.kind, ["flow:1"])
        if "flow:1" in held:
            found = await connector.file_digest(bench.kind, held["flow:1"].ref)
            expect(found is None, "part of a file is held as if it were the file")
        await written(connector, bench, bench.write("flow:1", content=LONG))
        expect(bench.count() == before + 1, "the second attempt at a file that broke off made another object")

    @needs("held")
    async def test_keys_nobody_wrote_are_not_held(self, bench: Bench) -> None:
        expect(await (await bench.connect()).held(bench.kind, ["flow:nobody"]) == {}, "a key nobody wrote is held")

    @needs("find")
    async def test_items_are_found_by_identifier(self, bench: Bench) -> None:
        kind, by, value, id = await bench.identified()
        found = await (await bench.connect()).find(kind, by, [value, "no-such-value"])
        expect(found == {value: [id]}, f"looking for {by} {value} gave {found}, not {id} alone")

    @needs("upsert", "link", "held")
    async def test_a_link_leaves_what_others_attached(self, bench: Bench) -> None:
        connector, carrier = await bench.connect(), await bench.carrier()
        theirs = await bench.attach(carrier)
        ours = (await written(connector, bench, bench.write("flow:1", content=FILE))).ref
        link = Link(kind=carrier.kind, id=carrier.id, field=carrier.field, ref=ours)
        for _ in range(2):
            await linked(connector, link)
            expect(
                sorted(bench.attached(carrier)) == sorted([theirs, ours]),
                "after linking it is not theirs and ours, once",
            )
        held = (await connector.held(bench.kind, ["flow:1"]))["flow:1"]
        expect(carrier.id in held.links, "what is held does not tell of its link")

    @needs("upsert", "link")
    async def test_an_unlink_leaves_what_others_attached(self, bench: Bench) -> None:
        connector, carrier = await bench.connect(), await bench.carrier()
        theirs = await bench.attach(carrier)
        ours = (await written(connector, bench, bench.write("flow:1", content=FILE))).ref
        await linked(connector, Link(kind=carrier.kind, id=carrier.id, field=carrier.field, ref=ours))
        off = Link(kind=carrier.kind, id=carrier.id, field=carrier.field, ref=ours, present=False)
        for _ in range(2):
            await linked(connector, off)
            expect(list(bench.attached(carrier)) == [theirs], "after unlinking it is not theirs alone")

    @needs("upsert", "withdraw", "held")
    async def test_a_withdrawn_copy_is_seen_closed(self, bench: Bench) -> None:
        connector = await bench.connect()
        expect(type(connector).withdraw_policies, "the connector withdraws, but names no policy")
        for policy in type(connector).withdraw_policies:
            key = f"flow:{policy}"
            ref = (await written(connector, bench, bench.write(key, content=FILE))).ref
            for _ in range(2):
                confirmed(await connector.withdraw(bench.kind, [ref], policy), f"withdraw by {policy}")
            held = await connector.held(bench.kind, [key])
            expect(key not in held or held[key].hidden, f"a copy withdrawn by {policy} can still be seen")

    @needs("upsert", "withdraw", "show", "held")
    async def test_a_copy_shown_again_is_seen_open(self, bench: Bench) -> None:
        connector = await bench.connect()
        for policy in set(type(connector).withdraw_policies) - {"remove"}:
            key = f"flow:{policy}"
            ref = (await written(connector, bench, bench.write(key, content=FILE))).ref
            confirmed(await connector.withdraw(bench.kind, [ref], policy), f"withdraw by {policy}")
            confirmed(await connector.show(bench.kind, [ref]), "show")
            held = (await connector.held(bench.kind, [key]))[key]
            expect(not held.hidden and held.ref == ref, f"a copy withdrawn by {policy} is not seen after it was shown")

    @needs("upsert", "withdraw")
    async def test_a_copy_that_is_gone_already_stops_no_other(self, bench: Bench) -> None:
        connector = await bench.connect()
        ref = (await written(connector, bench, bench.write("flow:1", content=FILE))).ref
        policy = type(connector).withdraw_policies[0]
        gone, here = await connector.withdraw(bench.kind, [bench.absent_id, ref], policy)
        expect(isinstance(here, Receipt), f"a copy beside one that is gone was not withdrawn: {here}")
        expect(
            isinstance(gone, Receipt | ConnectorError),
            "the answer for a copy that is gone is neither receipt nor error",
        )


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def expect_fields(connector: Connector[Any], bench: Bench, version: int, held: Held) -> None:
    for name, value in connector.as_held(bench.kind, bench.fields(version)).items():
        expect(
            held.fields.get(name) == value, f"{name} was written as {value!r}, but is held as {held.fields.get(name)!r}"
        )


async def attempted(connector: Connector[Any], bench: Bench, write: Write) -> Receipt | ConnectorError:
    """One write's answer, whether the error was at its place or of the whole call."""
    try:
        answers = await connector.upsert(bench.kind, [write])
    except ConnectorError as error:
        return error
    expect(len(answers) == 1, f"one write was answered {len(answers)} times")
    return answers[0]


async def written(connector: Connector[Any], bench: Bench, write: Write) -> Receipt:
    answer = await attempted(connector, bench, write)
    if isinstance(answer, ConnectorError):
        raise AssertionError(f"{write.key} was not written: {answer.sentence} {answer.detail}") from answer  # noqa: TRY004
    return answer


async def linked(connector: Connector[Any], link: Link) -> None:
    confirmed(await connector.link([link]), "link" if link.present else "unlink")


def confirmed(answers: list[Receipt | ConnectorError], what: str) -> None:
    for answer in answers:
        if isinstance(answer, ConnectorError):
            raise AssertionError(f"{what} was refused: {answer.sentence} {answer.detail}") from answer  # noqa: TRY004
    expect(answers, f"{what} was not answered")
