"""Promises of every connector."""

from lockgate.kit.conformance.bench import KEY, Bench, expect
from lockgate.kit.conformance.suite import needs
from lockgate.kit.contract import Connector, capabilities
from lockgate.kit.errors import NeedsOperator, Transient

WRONG_KEY = "a-key-nobody-gave-out"
NOBODY = "http://127.0.0.1:1"
"""Port 1 is reserved (tcpmux) and nobody listens there."""

OPERATIONS = (
    "changes", "index", "fetch", "open", "receive", "find", "held", "file_digest", "upsert", "link", "withdraw", "show",
)  # fmt: skip


class BasicPromises:
    @needs()
    async def test_check_tells_what_was_reached(self, bench: Bench) -> None:
        info = await (await bench.connect()).check()
        expect(info.product, "check names no product")

    @needs()
    async def test_check_refuses_a_wrong_key_in_words(self, bench: Bench) -> None:
        connector = await bench.connect(key=WRONG_KEY)
        try:
            await connector.check()
        except NeedsOperator as error:
            expect(" " in error.sentence, "the sentence for the operator is no sentence")
            told = f"{error} {error.sentence} {error.detail}"
            expect(WRONG_KEY not in told, "the error repeats the key")
        else:
            raise AssertionError("check is content with a key nobody gave out")

    @needs()
    async def test_check_says_when_nobody_is_there(self, bench: Bench) -> None:
        connector = await bench.connect(url=NOBODY)
        try:
            await connector.check()
        except (NeedsOperator, Transient) as error:
            expect(" " in error.sentence, "the sentence for the operator is no sentence")
        else:
            raise AssertionError("check is content where nobody listens")

    @needs()
    async def test_the_schema_is_the_same_as_long_as_the_tenant_is(self, bench: Bench) -> None:
        connector, other = await bench.connect(), await bench.connect(key=KEY)
        first, again, elsewhere = await connector.schema(), await connector.schema(), await other.schema()
        expect(first.digest, "the schema has no digest")
        expect(first.digest == again.digest == elsewhere.digest, "the same schema has two digests")
        expect(set(type(connector).kinds) <= set(first.kinds), "a kind the connector knows is not in the schema")

    @needs()
    async def test_each_field_of_the_schema_has_a_name_of_its_own(self, bench: Bench) -> None:
        schema = await (await bench.connect()).schema()
        for kind, fields in schema.kinds.items():
            names = [field.name for field in fields]
            expect(len(names) == len(set(names)), f"two fields of {kind} have one name")

    @needs()
    async def test_each_operation_that_is_there_is_marked(self, bench: Bench) -> None:
        kind = type(await bench.connect())
        there = {name for name in OPERATIONS if getattr(kind, name) is not getattr(Connector, name)}
        unmarked = sorted(there - set(capabilities(kind)))
        expect(there, "the connector has no operation")
        expect(not unmarked, f"the engine will not call {', '.join(unmarked)}: not marked with @operation")
