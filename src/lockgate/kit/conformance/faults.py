"""Promises kept while the vendor or the network fails."""

from typing import Any

import pytest

from lockgate.kit.conformance.bench import HASTY, Bench, expect
from lockgate.kit.conformance.reading import index, item_of, limited
from lockgate.kit.conformance.suite import needs
from lockgate.kit.conformance.writing import FILE, OTHER, attempted, sha, written
from lockgate.kit.contract import Connector, Receipt
from lockgate.kit.errors import ConnectorError, ContractBroken, NeedsOperator, RateLimited, Rejected, Transient

SILENCE = 1.0
"""What a connector bears in tests of silence, in seconds."""

BRIEF: dict[str, dict[str, Any]] = {
    "unavailable": {"kind": "status", "status": 503},
    "bad gateway": {"kind": "status", "status": 502},
    "busy": {"kind": "rate_limit"},
    "busy for a second": {"kind": "rate_limit", "retry_after": 1},
    "reset": {"kind": "reset"},
    "silence": {"kind": "timeout"},
    "cut answer": {"kind": "cut"},
}
"""Faults that pass, and that a read must not notice."""

LASTING: dict[str, tuple[dict[str, Any], type[ConnectorError]]] = {
    "unavailable": ({"kind": "status", "status": 503}, Transient),
    "broken": ({"kind": "status", "status": 500}, Transient),
    "busy": ({"kind": "rate_limit"}, RateLimited),
    "busy for an hour": ({"kind": "rate_limit", "retry_after": 3600}, RateLimited),
    "reset": ({"kind": "reset"}, Transient),
    "silence": ({"kind": "timeout"}, Transient),
    "expired token": ({"kind": "expired_token"}, NeedsOperator),
    "forbidden": ({"kind": "status", "status": 403}, NeedsOperator),
    "half an answer in good form": ({"kind": "wrong_length"}, ContractBroken),
}

WRITING: dict[str, dict[str, Any]] = {
    "broken": {"kind": "status", "status": 500},
    "unavailable": {"kind": "status", "status": 503},
    "busy": {"kind": "rate_limit"},
    "reset": {"kind": "reset"},
    "silence": {"kind": "timeout"},
    "done but not answered": {"kind": "cut"},
    "half an answer in good form": {"kind": "wrong_length"},
    "expired token": {"kind": "expired_token"},
}
"""Faults of writing; with `cut` and `wrong_length` the vendor did what was asked, and only its answer is lost."""


class FaultPromises:
    @needs("fetch")
    @pytest.mark.parametrize("fault", BRIEF)
    async def test_a_read_survives_what_passes(self, bench: Bench, fault: str) -> None:
        made = await bench.make_item(FILE)
        connector = await bench.connect(read=SILENCE if fault == "silence" else HASTY.read)
        bench.fault(match=bench.read_route, times=1, **BRIEF[fault])
        expect((await item_of(connector, bench, made)).id == made, "the item was not read")

    @needs("fetch")
    @pytest.mark.parametrize("fault", LASTING)
    async def test_what_lasts_is_named_by_what_to_do(self, bench: Bench, fault: str) -> None:
        made = await bench.make_item(FILE)
        connector = await bench.connect(read=SILENCE if fault == "silence" else HASTY.read)
        rule, kind = LASTING[fault]
        bench.fault(match=bench.read_route, **rule)
        try:
            await connector.fetch(bench.kind, [made])
        except kind as error:
            expect(" " in error.sentence, "the sentence for the operator is no sentence")
            if rule.get("retry_after"):
                stated = getattr(error, "retry_after", None)
                expect(stated and stated > HASTY.retry_after, "the pause the vendor asked for is not passed on")
        except ConnectorError as error:
            raise AssertionError(f"{fault} is a {type(error).__name__}, not a {kind.__name__}: {error}") from error
        else:
            raise AssertionError(f"{fault} was not noticed")

    @needs("index", "fetch")
    async def test_a_record_that_a_page_skips_is_not_lost(self, bench: Bench) -> None:
        """Where the system says how many there are, the list is read again, and one that stays short is told.

        Elsewhere nobody can know; but what is asked for by its key is there, and the next list has it.
        """
        made = [await bench.make_item(FILE + bytes([n])) for n in range(3)]
        connector = await bench.connect()
        bench.skip(made[1], times=1)
        pages = [page async for page in limited(connector.index(bench.kind, None))]
        expect(bench.struck, "the fault met no list that shows the item; what is `list_route`, or `listed`?")
        ids = [ref.id for page in pages for ref in page.records]
        counted = bench.counted and any(page.total is not None for page in pages)
        expect({made[0], made[2]} <= set(ids), "with one record skipped others are missing, too")
        expect(len(ids) == len(set(ids)), "a list that is read again gives an item twice")
        expect(made[1] in ids or not counted, "the list says how many there are, but gave fewer")
        expect((await item_of(connector, bench, made[1])).id == made[1], "what a list skipped is not found by its key")
        expect(made[1] in {ref.id for ref in await index(connector, bench.kind)}, "the next list lacks it, too")
        bench.skip(made[1])
        if counted:
            await told_as_short(connector, bench)

    @needs("index")
    async def test_a_record_that_pages_give_twice_does_no_harm(self, bench: Bench) -> None:
        """The list comes to its end, and holds what there is and nothing else."""
        made = [await bench.make_item(FILE + bytes([n])) for n in range(3)]
        connector = await bench.connect()
        calm = {ref.id for ref in await index(connector, bench.kind)}
        bench.twice(made[1])
        ids = [ref.id for ref in await index(connector, bench.kind)]
        expect(bench.struck, "the fault met no list that shows the item; what is `list_route`, or `listed`?")
        expect(set(made) <= set(ids) == calm, "with one record shown twice the list holds something else")

    @needs("upsert", "file_digest")
    @pytest.mark.parametrize("fault", WRITING)
    async def test_no_fault_at_any_call_doubles_a_create(self, bench: Bench, fault: str) -> None:
        connector = await bench.connect(read=SILENCE if fault == "silence" else HASTY.read)
        for call in range(await calls_of_a_create(connector, bench)):
            key, before = f"flow:{fault}:{call}", bench.count()
            bench.fault(match="*", times=1, after=call, **WRITING[fault])
            await tolerable(connector, bench, key, FILE)
            bench.calm()
            receipt = await written(connector, bench, bench.write(key, content=FILE))
            made = bench.count() - before
            expect(made == 1, f"{fault} at call {call + 1} and a second attempt made {made} objects")
            found = await connector.file_digest(bench.kind, receipt.ref)
            expect(found == sha(FILE), f"after {fault} at call {call + 1} another file is held")

    @needs("upsert", "file_digest")
    @pytest.mark.parametrize("fault", WRITING)
    async def test_no_fault_at_any_call_leaves_a_replaced_file_unsaid(self, bench: Bench, fault: str) -> None:
        """What a receipt confirms is there; what is not confirmed is put right by the next attempt."""
        connector = await bench.connect(read=SILENCE if fault == "silence" else HASTY.read)
        calls = await calls_of_a_create(connector, bench)
        ref = (await written(connector, bench, bench.write("flow:1", content=FILE))).ref
        for call in range(calls):
            content = OTHER + bytes([call])
            bench.fault(match="*", times=1, after=call, **WRITING[fault])
            answer = await tolerable(connector, bench, "flow:1", content, ref)
            bench.calm()
            if not isinstance(answer, Receipt):
                await written(connector, bench, bench.write("flow:1", ref=ref, content=content))
            found = await connector.file_digest(bench.kind, ref)
            expect(found == sha(content), f"after {fault} at call {call + 1} another file is held than was confirmed")


async def told_as_short(connector: Connector[Any], bench: Bench) -> None:
    try:
        await index(connector, bench.kind)
    except ContractBroken as error:
        expect(" " in error.sentence, "the sentence for the operator is no sentence")
        return
    raise AssertionError("a list that stays shorter than it says is taken as whole")


async def calls_of_a_create(connector: Connector[Any], bench: Bench) -> int:
    """How many calls a create makes when all is well; what the connector learns once (folders, schema) is learnt by it."""
    await written(connector, bench, bench.write("flow:calm:0", content=FILE))
    before = len(bench.sandbox.calls)
    await written(connector, bench, bench.write("flow:calm:1", content=FILE))
    return len(bench.sandbox.calls) - before


async def tolerable(
    connector: Connector[Any], bench: Bench, key: str, content: bytes, ref: str | None = None
) -> Receipt | ConnectorError:
    """A write under a fault: a receipt, or an error that does not blame the item."""
    answer = await attempted(connector, bench, bench.write(key, ref=ref, content=content))
    if isinstance(answer, Rejected):
        # A broken promise, whatever its type.
        raise AssertionError(f"{key}: a fault of the system was blamed on the item: {answer.sentence}") from answer  # noqa: TRY004
    return answer
