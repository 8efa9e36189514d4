"""The proof can fail: what is wrong in the portal, in the books or in time is seen."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from prove.books import Books
from prove.checks import allowed
from prove.facts import EVER_SINCE, FOR_EVER, Facts
from prove.hints import Hints
from prove.journal import Journal, Standing
from prove.oracle import Copy, Product, State, complaints

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CLEARED: dict[str, Any] = {
    "sku": "P-1",
    "cleared": True,
    "regions": [{"name": {"en": name}} for name in ("Germany", "Austria", "Switzerland")],
}
ASSET = Facts("7", "Kettle", True, EVER_SINCE, FOR_EVER, "8", "md5", "kettle.png", CLEARED)
FIELDS = {
    "title": {"en_US": "Kettle"}, "description": {}, "usage_rights": "distribute in AT, CH, DE", "keywords": None, "campaign": None,
    "copyright": None, "credit": None, "license_until": None, "format": "image/png",
}  # fmt: skip
COPY = Copy("file-1", "7", visible=True, channels=False, md5="md5", fields=FIELDS)
PRODUCT = Product("product-1", "P-1", None, None, ["file-1"], "file-1")


def wrong(asset: Facts | None = ASSET, copies: tuple[Copy, ...] = (COPY,), product: Product = PRODUCT) -> list[str]:
    known = {asset.id: asset} if asset else {}
    return [str(one) for one in complaints(State(NOW, known, copies, [product]))]


def test_what_stands_as_it_should_is_not_complained_of() -> None:
    assert wrong() == []
    assert wrong(replace(ASSET, released=False), (), replace(PRODUCT, images=[], main=None)) == []


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"md5": "other"}, "holds a file"),
        ({"visible": False}, "its copy is hidden"),
        ({"fields": {**FIELDS, "title": {"en_US": "Old"}}}, "title of its copy"),
        ({"fields": {**FIELDS, "usage_rights": "distribute in AT"}}, "usage_rights of its copy"),
    ],
)
def test_a_copy_that_is_not_as_its_asset_is_seen(change: dict[str, Any], word: str) -> None:
    (one,) = wrong(copies=(replace(COPY, **change),))
    assert word in one


@pytest.mark.parametrize(
    "asset",
    [
        replace(ASSET, released=False),
        replace(ASSET, closes=NOW),
        replace(ASSET, opens=NOW + MINUTE),
        replace(ASSET, said={**CLEARED, "cleared": None}),
        replace(ASSET, said={**CLEARED, "regions": CLEARED["regions"][:2]}),
        replace(ASSET, said={**CLEARED, "prohibited": [{"name": {"en": "Austria"}}]}),
        replace(ASSET, said={**CLEARED, "license_until": "2026-05-03T00:00:00.000Z"}),
        None,
    ],
)
def test_a_copy_that_is_not_allowed_and_visible_or_linked_is_seen(asset: Facts | None) -> None:
    told = wrong(asset)
    assert any("its copy is visible" in one for one in told)
    assert any("too many" in one for one in told)
    hidden = replace(COPY, visible=False, channels=True)
    assert any("a channel publishes" in one for one in wrong(asset, (hidden,), replace(PRODUCT, images=[], main=None)))


def test_a_missing_a_second_and_an_unlinked_copy_are_seen() -> None:
    assert any("no copy of it" in one for one in wrong(copies=(), product=replace(PRODUCT, images=[], main=None)))
    assert any("stands 2 times" in one for one in wrong(copies=(COPY, replace(COPY, id="file-2"))))
    assert any("lack ['7']" in one for one in wrong(product=replace(PRODUCT, images=[], main=None)))


def test_a_hint_that_neither_waits_nor_was_worked_is_lost() -> None:
    hints, looked = Hints(), {"1": NOW - MINUTE, "2": NOW + MINUTE}
    books = Books(frozenset({"3"}), looked, frozenset())
    lost = list(hints.missing(dict.fromkeys(("1", "2", "3", "4"), NOW), books))
    assert [one.item for one in lost] == ["1", "4"]
    assert hints.lost == 2


def test_a_write_is_allowed_by_what_stood_when_a_process_alive_could_have_asked() -> None:
    journal = Journal(digests={"md5": "sha"}, lives=[(NOW - MINUTE, None)])
    journal.standings["7"] = [
        Standing(NOW - 2 * MINUTE, ASSET, NOW), Standing(NOW, replace(ASSET, released=False)),
    ]  # fmt: skip
    assert allowed(journal, "7", NOW + timedelta(seconds=5), "sha")
    assert not allowed(journal, "7", NOW + timedelta(seconds=5), "other")
    assert not allowed(journal, "7", NOW + MINUTE, "sha")
    journal.died(NOW + timedelta(seconds=1), all=True)
    journal.lives.append((NOW + timedelta(seconds=2), None))
    assert not allowed(journal, "7", NOW + timedelta(seconds=5), "sha")
