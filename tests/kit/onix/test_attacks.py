"""Messages made to exhaust memory, to read our files or to call home are refused; a plain DOCTYPE is not."""

import asyncio
import html
from pathlib import Path

import pytest

from .samples import BOOK, message, products, read

PLAIN = message(BOOK)
LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (number, b"&l%d;" % (number - 1) * 10) for number in range(1, 12))


def declared(subset: bytes, use: bytes = b"") -> bytes:
    data = PLAIN.replace(b"<ONIXMessage", b"<!DOCTYPE ONIXMessage [" + subset + b"]>\n<ONIXMessage", 1)
    return data.replace(b"For the trade.", use)


ATTACKS = {
    "a billion laughs": declared(b'<!ENTITY l0 "ha">' + LAUGHS, b"&l11;"),
    "a quadratic blow-up": declared(b'<!ENTITY a "' + b"a" * 50_000 + b'">', b"&a;" * 50_000),
    "a file of ours": declared(b'<!ENTITY f SYSTEM "file:///etc/passwd">', b"&f;"),
    "a parameter entity": declared(b'<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;', b"x"),
    "small letters": declared(b'<!entity f SYSTEM "file:///etc/passwd">', b"&f;"),
    "a DOCTYPE without end": PLAIN.replace(b"<ONIXMessage", b"<!DOCTYPE ONIXMessage [ " + b"x" * 200_000, 1),
}


@pytest.mark.parametrize("what", ATTACKS)
def test_a_message_that_declares_entities_is_not_read(what: str) -> None:
    [entry] = read(ATTACKS[what])
    assert (entry.product, [problem.code for problem in entry.problems]) == (None, ["entities"])


def test_an_entity_declared_behind_the_head_is_not_read_either() -> None:
    data = PLAIN.replace(b"</Header>", b'</Header><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>')
    assert all("root:" not in repr(entry) for entry in read(data))


async def test_no_dtd_is_ever_fetched() -> None:
    called = asyncio.Event()

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        called.set()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        for doctype in (
            'ONIXMessage SYSTEM "{}"',
            'ONIXMessage PUBLIC "-//x" "{}"',
            'ONIXMessage SYSTEM "{}" [<!-- x -->]',
        ):
            said = doctype.format(f"http://127.0.0.1:{port}/onix.dtd").encode()
            data = PLAIN.replace(b"<ONIXMessage", b"<!DOCTYPE " + said + b">\n<ONIXMessage", 1)
            assert await asyncio.to_thread(products, data) == [BOOK]
        server.close()
        await server.wait_closed()
    assert not called.is_set()


def test_no_file_is_included() -> None:
    include = (
        b'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="'
        + Path(__file__).as_uri().encode()
        + b'" parse="text"/>'
    )
    assert "include" not in repr(products(PLAIN.replace(b"For the trade.", include))).replace("xi:include", "")


NAMES = ["eacute", "uuml", "szlig", "nbsp", "mdash", "hellip", "euro", "Scaron", "alpha", "lang", "Zcaron", "trade"]


@pytest.mark.parametrize("name", NAMES)
def test_characters_by_name_are_read_without_the_dtd(name: str) -> None:
    doctype = b'<!DOCTYPE ONIXMessage SYSTEM "http://www.editeur.org/onix/2.1/reference/onix-international.dtd">\n<ONIXMessage'
    data = PLAIN.replace(b"<ONIXMessage", doctype, 1).replace(b"For the trade.", f"A &{name}; B".encode())
    [entry] = read(data)
    assert entry.problems == ()
    assert entry.product is not None
    expected = {"lang": "\u2329"}.get(name, html.unescape(f"&{name};"))
    assert entry.product.texts[1].texts[0].text == f"A {expected} B"


def test_a_character_by_name_without_a_doctype_is_read_and_told() -> None:
    [entry] = read(PLAIN.replace(b"For the trade.", b"\n&eacute; &amp; &lt;"))
    assert entry.product is not None
    assert entry.product.texts[1].texts[0].text == "é & <"
    assert [problem.code for problem in entry.problems] == ["entity"]
