"""What lies beside a file, or in it, and what is written beside a copy: the same in both directions."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from lockgate.connectors.files import sidecars
from lockgate.kit.contract import Receipt, Write
from lockgate.model.item import Item
from lockgate.model.lifecycle import Status
from lockgate.model.rights import Use, decide

from .conftest import Connect, picture

Put = Callable[[str, bytes | str], Path]
XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/"
 xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/" plus:LicenseEndDate="2030-06-30">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Larch</rdf:li><rdf:li xml:lang="de">Lärche</rdf:li></rdf:Alt></dc:title>
<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">© Larkfield</rdf:li></rdf:Alt></dc:rights>
<xmpRights:UsageTerms><rdf:Alt><rdf:li xml:lang="x-default">Web only</rdf:li></rdf:Alt></xmpRights:UsageTerms>
</rdf:Description></rdf:RDF></x:xmpmeta>"""
NOW = datetime(2026, 6, 1, tzinfo=UTC)


async def only(connect: Connect, id: str, **settings: Any) -> Item:
    async with connect(**settings) as files:
        (item,) = await files.fetch("asset", [id])
    return item


async def test_a_file_alone_states_its_name_and_permits_nothing(connect: Connect, put: Put) -> None:
    put("in/Larch.txt", "x")
    item = await only(connect, "in/Larch.txt")
    assert (item.title, item.status, item.rights) == ({"und": "Larch"}, Status.UNKNOWN, None)
    assert not decide(item.rights, Use(territory="DE"), NOW).allows


async def test_a_json_sidecar_states_what_it_states(connect: Connect, put: Put) -> None:
    put("a.txt", "x")
    said = {
        "title": {"de": "Lärche", "en": "Larch"},
        "status": "approved",
        "ids": {"sku": "4711"},
        "rights": {"cleared": True, "territories": ["DE", "AT"], "until": "2026-12-31", "credit": "Larkfield"},
        "keywords.subject": "tree; snow",
        "season": "winter",
    }
    put("a.txt.json", json.dumps(said))
    item = await only(connect, "a.txt")
    assert item.title == said["title"]
    assert (item.status, item.identifiers, item.missing) == (Status.APPROVED, {"sku": ("4711",)}, ())
    assert item.keywords == {"subject": ("tree", "snow")}
    assert item.fields == {"season": "winter"}
    assert decide(item.rights, Use(territory="AT"), NOW).allows
    assert not decide(item.rights, Use(territory="FR"), NOW).allows
    last = datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC)
    assert decide(item.rights, Use(territory="DE"), last).allows
    assert not decide(item.rights, Use(territory="DE"), last.replace(hour=23)).allows


@pytest.mark.parametrize(
    ("rights", "missing"),
    [
        ({"cleared": True}, None),
        ({"territories": ["WORLD"]}, None),
        ({"cleared": "no", "territories": ["WORLD"]}, None),
        ({"cleared": True, "territories": ["Atlantis"]}, "Atlantis is no territory"),
        ({"cleared": True, "territories": ["WORLD"], "until": "soon"}, "no date"),
        ({"cleared": True, "territories": ["WORLD"], "from": "31.31.2026"}, "no date"),
        ({"cleared": True, "territories": ["WORLD"], "prohibited": ["Atlantis"]}, None),
    ],
)
async def test_what_is_not_said_or_not_understood_permits_nothing(
    connect: Connect, put: Put, rights: dict[str, Any], missing: str | None
) -> None:
    put("a.txt", "x")
    put("a.txt.json", json.dumps({"rights": rights}))
    item = await only(connect, "a.txt")
    assert not decide(item.rights, Use(territory="DE"), NOW).allows
    assert missing is None or missing in " ".join(item.missing)


async def test_an_xmp_sidecar_carries_the_owners_words_and_permits_nothing(connect: Connect, put: Put) -> None:
    put("a.txt", "x")
    put("a.xmp", XMP)
    item = await only(connect, "a.txt")
    assert item.title == {"de": "Lärche", "und": "Larch"}
    assert item.rights is not None
    assert item.rights.statement == "Web only; © Larkfield"
    assert item.rights.permissions == ()


async def test_of_several_dates_the_narrowest_holds_and_words_come_from_the_nearest(connect: Connect, put: Put) -> None:
    put("a.txt", "x")
    put("a.txt.xmp", XMP)
    put(
        "a.txt.json", '{"title": "By hand", "rights": {"cleared": true, "territories": "WORLD", "until": "2035-01-01"}}'
    )
    item = await only(connect, "a.txt")
    assert item.title == {"und": "By hand"}
    assert item.rights is not None
    assert item.rights.permissions[0].period.until == datetime(2030, 6, 30, 22, tzinfo=UTC)


async def test_rights_inside_a_picture_are_read(connect: Connect, root: Path) -> None:
    Image.new("RGB", (4, 4)).save(root / "a.jpg", xmp=XMP.encode())
    item = await only(connect, "a.jpg")
    assert item.rights is not None
    assert "Web only" in item.rights.statement


@pytest.mark.parametrize(("name", "said"), [("a.txt.json", "is no JSON"), ("a.txt.xmp", "XML")])
async def test_a_sidecar_that_cannot_be_read_is_told_and_the_file_still_comes(
    connect: Connect, put: Put, name: str, said: str
) -> None:
    put("a.txt", "x")
    put(name, '<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;' if name.endswith("xmp") else "{broken")
    item = await only(connect, "a.txt")
    assert item.missing
    assert "metadata" in item.missing[0] or said in item.missing[0]


async def test_what_holds_for_the_folder_holds_until_a_file_says_otherwise(connect: Connect, put: Put) -> None:
    put("a.txt", "x")
    put("b.txt", "x")
    put("b.txt.json", '{"status": "draft"}')
    stated = {"status": "approved", "rights.cleared": True, "rights.territories": "DACH"}
    async with connect(stated=stated) as files:
        a, b = await files.fetch("asset", ["a.txt", "b.txt"])
    assert (a.status, b.status) == (Status.APPROVED, Status.DRAFT)
    assert decide(a.rights, Use(territory="CH"), NOW).allows


async def test_copies_of_ours_are_read_as_they_were_written(connect: Connect) -> None:
    fields = {
        "title": {"de": "Lärche", "en": "Larch"},
        "texts.copyright": "© Larkfield",
        "keywords.subject": ["tree", "snow"],
        "rights.until": "2030-06-30",
    }
    for sidecar in ("json", "xmp"):
        async with connect(sidecar=sidecar, name=f"{sidecar}{{ext}}") as files:
            (receipt,) = await files.upsert("asset", [Write(key=sidecar, fields=fields, file=picture(b"x"))])
            assert isinstance(receipt, Receipt)
            (item,) = await files.fetch("asset", [f"{sidecar}.png"])
        assert item.title == fields["title"]
        assert item.texts["copyright"] == {"und": "© Larkfield"}
        assert item.keywords["subject"] == ("tree", "snow")


TEXT = (
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), min_size=1, max_size=40).map(str.strip).filter(bool)
)


@settings(max_examples=60, deadline=None)
@given(
    title=st.dictionaries(st.sampled_from(["de", "en", "de-AT", "fr"]), TEXT, min_size=1),
    words=st.lists(TEXT, max_size=4),
)
def test_texts_come_back_from_xmp_in_their_languages(title: dict[str, str], words: list[str]) -> None:
    back = sidecars.read("a.xmp", sidecars.to_xmp({"title": title, "keywords": words}))
    assert back["title"] == title
    assert list(back.get("keywords.subject", [])) == list(dict.fromkeys(words))


@given(text=st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_no_text_makes_xmp_that_cannot_be_read(text: str) -> None:
    assert "problems" not in sidecars.read("a.xmp", sidecars.to_xmp({"title": text, "creator": [text], "credit": text}))


async def test_a_sidecar_of_any_size_depth_or_beginning_holds_up_no_other_file(connect: Connect, put: Put) -> None:
    put("marked.txt", "x")
    put("marked.txt.json", b"\xef\xbb\xbf" + json.dumps({"title": "Larch"}).encode())
    put("long.txt", "x")
    put("long.txt.json", json.dumps({"title": "x" * 5_000_000}))
    put("deep.txt", "x")
    put("deep.txt.json", '{"a":' * 20_000 + "1" + "}" * 20_000)
    async with connect() as files:
        found = {item.id: item for item in await files.fetch("asset", ["marked.txt", "long.txt", "deep.txt"])}
    assert found["marked.txt"].title == {"und": "Larch"}
    assert "bytes, 4194304 are read" in found["long.txt"].missing[0]
    assert "is no JSON" in found["deep.txt"].missing[0]
