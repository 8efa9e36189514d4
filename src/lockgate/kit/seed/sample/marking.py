"""Metadata to embed: an XMP packet, and the older IPTC records beside it in JPEG files."""

from xml.sax.saxutils import escape

import msgspec

from lockgate.model.item import Text

ID = "W5M0MpCehiHzreSzNTczkc9d"
SPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "plus": "http://ns.useplus.org/ldf/xmp/1.0/",
    "lr": "http://ns.adobe.com/lightroom/1.0/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
}


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """What a picture says of itself."""

    title: Text
    description: Text
    keywords: list[str]
    creator: str
    credit: str
    copyright: str
    campaign: str | None = None
    gtin: str | None = None
    terms: Text = {}
    instructions: str | None = None
    begins: str | None = None
    ends: str | None = None


def packet(mark: Mark) -> bytes:
    """The XMP packet."""
    parts = [
        alternatives("dc:title", mark.title),
        alternatives("dc:description", mark.description),
        listed("dc:subject", "Bag", mark.keywords),
        listed("dc:creator", "Seq", [mark.creator]),
        alternatives("dc:rights", {"x-default": mark.copyright}),
        simple("photoshop:Credit", mark.credit),
        simple("photoshop:Instructions", mark.instructions),
        alternatives("xmpRights:UsageTerms", mark.terms),
        simple("plus:LicenseStartDate", mark.begins),
        simple("plus:LicenseEndDate", mark.ends),
        listed("lr:hierarchicalSubject", "Bag", [f"Campaign|{mark.campaign}"] if mark.campaign else []),
        shown(mark.gtin),
    ]
    spaces = " ".join(f'xmlns:{prefix}="{address}"' for prefix, address in SPACES.items())
    body = f'<rdf:RDF {spaces}><rdf:Description rdf:about="">{"".join(parts)}</rdf:Description></rdf:RDF>'
    wrapped = f'<x:xmpmeta xmlns:x="adobe:ns:meta/">{body}</x:xmpmeta>'
    return f'<?xpacket begin="\ufeff" id="{ID}"?>{wrapped}<?xpacket end="w"?>'.encode()


def simple(name: str, text: str | None) -> str:
    return f"<{name}>{escape(text)}</{name}>" if text else ""


def listed(name: str, kind: str, words: list[str]) -> str:
    items = "".join(f"<rdf:li>{escape(word)}</rdf:li>" for word in words)
    return f"<{name}><rdf:{kind}>{items}</rdf:{kind}></{name}>" if words else ""


def alternatives(name: str, text: Text) -> str:
    """Each language; the English one, or the only one, is the default too."""
    if not text:
        return ""
    default = text.get("en") or next(iter(text.values()))
    every = {"x-default": default} | text
    items = "".join(f'<rdf:li xml:lang="{language}">{escape(words)}</rdf:li>' for language, words in every.items())
    return f"<{name}><rdf:Alt>{items}</rdf:Alt></{name}>"


def shown(gtin: str | None) -> str:
    if gtin is None:
        return ""
    product = f'<rdf:li rdf:parseType="Resource">{simple("Iptc4xmpExt:ProductGTIN", gtin)}</rdf:li>'
    return f"<Iptc4xmpExt:ProductInImage><rdf:Bag>{product}</rdf:Bag></Iptc4xmpExt:ProductInImage>"


def segment(mark: Mark) -> bytes:
    """The IPTC records as the JPEG segment in which Photoshop keeps them (APP13, resource 0x0404)."""
    records = record(1, 90, b"\x1b%G")
    for number, text in (
        (5, mark.title["en"]),
        (40, mark.instructions or ""),
        (80, mark.creator),
        (110, mark.credit),
        (116, mark.copyright),
        (120, mark.description["en"]),
    ):
        records += record(2, number, text.encode()) if text else b""
    for word in mark.keywords:
        records += record(2, 25, word.encode())
    if mark.ends:
        records += record(2, 37, mark.ends.replace("-", "").encode())
    padding = b"\0" * (len(records) % 2)
    resource = b"8BIM\x04\x04\0\0" + len(records).to_bytes(4, "big") + records + padding
    content = b"Photoshop 3.0\0" + resource
    return b"\xff\xed" + (len(content) + 2).to_bytes(2, "big") + content


def record(record: int, number: int, value: bytes) -> bytes:
    return bytes((0x1C, record, number)) + len(value).to_bytes(2, "big") + value
