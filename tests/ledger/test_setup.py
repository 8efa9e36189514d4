"""Flows, connections and their secrets: kept, changed, and never readable without the key."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from lockgate.ledger import Ledger, connections, flows
from lockgate.ledger.connections import ConnectionRow
from lockgate.ledger.flows import FlowRow
from lockgate.ledger.secrets import Vault, VaultError

NOW = datetime(2030, 5, 1, 12, tzinfo=UTC)
PLAIN = {"token": "a-very-secret-token"}


def flow(name: str, **given: Any) -> FlowRow:
    return FlowRow(name=name, recipe="recipe: a\n", binding="dam: celum\n", created=NOW, **given)


async def test_flows_are_installed_paused_replaced_and_removed(ledger: Ledger) -> None:
    for name in ("b", "a"):
        await ledger.write(partial(flows.put, row=flow(name)))
    assert await ledger.write(lambda c: flows.set_state(c, "a", "paused"))
    assert not await ledger.write(lambda c: flows.set_state(c, "nobody", "paused"))
    await ledger.write(lambda c: flows.put(c, flow("b", version=2, digest="d2")))
    assert await ledger.read(flows.all) == [flow("a", state="paused"), flow("b", version=2, digest="d2")]
    assert await ledger.write(lambda c: flows.remove(c, "a"))
    assert await ledger.read(lambda c: (flows.get(c, "a"), flows.get(c, "b"))) == (
        None,
        flow("b", version=2, digest="d2"),
    )


async def keep(ledger: Ledger, *rows: ConnectionRow) -> None:
    for row in rows:
        await ledger.write(partial(connections.put, row=row))


async def test_a_connection_comes_back_with_its_secrets_for_whoever_has_the_key(ledger: Ledger) -> None:
    vault = Vault(Vault.new_key())
    row = ConnectionRow(
        name="dam",
        connector="celum",
        settings={"site": "http://127.0.0.1:1"},
        secrets=vault.seal(PLAIN),
        hook_secret=vault.seal("hook"),
        profile={"ids.sku": {"field": 643}},
        state="ready",
        checked_at=NOW,
        info={"version": "6.23"},
    )
    await keep(ledger, row)
    found = await ledger.read(lambda c: connections.get(c, "dam"))
    assert found == row
    assert found is not None
    assert found.secrets is not None
    assert found.hook_secret is not None
    assert (vault.open(found.secrets), vault.open(found.hook_secret)) == (PLAIN, "hook")


async def test_secrets_stand_nowhere_in_the_clear(ledger: Ledger) -> None:
    vault = Vault(Vault.new_key())
    row = ConnectionRow(name="dam", connector="celum", secrets=vault.seal(PLAIN))
    await keep(ledger, row)
    stored = await ledger.read(lambda c: c.execute(sa.text("SELECT * FROM connection")).one())
    assert PLAIN["token"].encode() not in bytes(stored.secrets)
    for text in (repr(row), repr(vault), str(row.secrets)):
        assert PLAIN["token"] not in text
    assert "gAAAA" not in repr(row)


async def test_some_fields_of_a_connection_change_and_the_rest_stays(ledger: Ledger) -> None:
    vault = Vault(Vault.new_key())
    row = ConnectionRow(name="dam", connector="celum", settings={"site": "x"}, secrets=vault.seal(PLAIN))
    await keep(ledger, row, ConnectionRow(name="a", connector="rest"))
    assert await ledger.write(
        lambda c: connections.update(c, "dam", state="broken", problem="refused", checked_at=NOW, info=None)
    )
    found = await ledger.read(lambda c: connections.get(c, "dam"))
    assert found is not None
    changed = {"state": "broken", "problem": "refused", "checked_at": NOW}
    assert found == msgspec.structs.replace(row, **changed)
    assert [one.name for one in await ledger.read(connections.all)] == ["a", "dam"]
    assert await ledger.write(lambda c: connections.remove(c, "dam"))
    assert not await ledger.write(lambda c: connections.remove(c, "dam"))


async def test_a_new_key_takes_over_from_the_old_one(ledger: Ledger) -> None:
    old, new = Vault.new_key(), Vault.new_key()
    sealed = Vault(old).seal(PLAIN)
    row = ConnectionRow(name="dam", connector="celum", secrets=sealed, hook_secret=sealed)
    await keep(ledger, row, ConnectionRow(name="a", connector="rest"))
    assert await ledger.write(lambda c: connections.reseal(c, Vault(new, old))) == 1
    found = await ledger.read(lambda c: connections.get(c, "dam"))
    assert found is not None
    assert found.secrets is not None
    assert found.hook_secret is not None
    assert [Vault(new).open(one) for one in (found.secrets, found.hook_secret)] == [PLAIN, PLAIN]
    with pytest.raises(VaultError):
        Vault(old).open(found.secrets)


async def test_a_key_that_opens_nothing_reseals_nothing(ledger: Ledger) -> None:
    sealed = Vault(Vault.new_key()).seal(PLAIN)
    row = ConnectionRow(name="dam", connector="celum", secrets=sealed)
    await keep(ledger, row)
    with pytest.raises(VaultError):
        await ledger.write(lambda c: connections.reseal(c, Vault(Vault.new_key())))
    assert await ledger.read(lambda c: connections.get(c, "dam")) == row


def test_the_wrong_key_says_what_to_do() -> None:
    sealed = Vault(Vault.new_key()).seal(PLAIN)
    with pytest.raises(VaultError, match="enter the secrets again"):
        Vault(Vault.new_key()).open(sealed)


@pytest.mark.parametrize("key", ["", "too-short", "é" * 43, "not base64 at all!!! not base64 at all!!!!!!"])
def test_what_is_no_key_is_refused_without_being_shown(key: str) -> None:
    with pytest.raises(VaultError, match="new_key") as caught:
        Vault(key)
    assert not key or key not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
