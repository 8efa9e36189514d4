"""Files beside files that say more about them: JSON in our names, and XMP. Read and written."""

import codecs
import json
import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from threading import Lock
from typing import Any

import msgspec
from lxml import etree

from lockgate.kit.records import values
from lockgate.kit.records.items import PROBLEMS, Record, flat
from lockgate.model.item import UND, pick

JSON, XMP = ".json", ".xmp"
INSIDE = Lock()
"""Some of the libraries that look into files are not made for several threads."""


def beside(path: str) -> tuple[str, str, str]:
    """Where the sidecars of a file may lie: `photo.jpg.json`, `photo.jpg.xmp`, `photo.xmp`, the most telling first."""
    return path + JSON, path + XMP, str(PurePosixPath(path).with_suffix(XMP))


def owners(path: str) -> str | None:
    """The file that a path is a sidecar of by its name, where it names one whole."""
    name = path.rsplit("/", maxsplit=1)[-1].lower()
    if name.endswith((JSON, XMP)) and "." in name.rsplit(".", maxsplit=1)[0]:
        return path.rsplit(".", maxsplit=1)[0]
    return None


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────


def read(name: str, body: bytes) -> Record:
    """What a sidecar states; one that cannot be read says so."""
    return from_xmp(name, body) if name.lower().endswith(XMP) else from_json(name, body)


def from_json(name: str, body: bytes) -> Record:
    try:
        content = msgspec.json.decode(body.removeprefix(codecs.BOM_UTF8))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return {PROBLEMS: [f"{short(name)} is no JSON ({error})"]}
    if not isinstance(content, dict):
        return {PROBLEMS: [f"{short(name)} holds no object"]}
    return flat({str(key): value for key, value in content.items()})


def from_xmp(name: str, body: bytes) -> Record:
    from lockgate.kit.seed import embedded
    from lockgate.kit.seed.embedded import xmp  # imports that a target alone need not pay

    try:
        return from_facts(xmp.facts(body))
    except embedded.Unreadable as problem:
        return {PROBLEMS: [f"{short(name)} {problem}"]}


def from_facts(facts: Any) -> Record:
    """What XMP, IPTC and the like state, in our names. Terms are the owner's words: they permit nothing by themselves."""
    record: Record = {
        "title": facts.title or facts.headline,
        "texts.description": facts.description,
        "texts.caption": (facts.headline if facts.title else {}) or {},
        "texts.alt": facts.alt,
        "texts.copyright": facts.copyright,
        "texts.credit": facts.credit,
        "rights.credit": facts.credit,
        "rights.statement": "\n".join(facts.terms),
        "rights.from": facts.rights_from and facts.rights_from.isoformat(),
        "rights.until": facts.rights_until and facts.rights_until.isoformat(),
        "keywords.subject": facts.keywords,
        "keywords.campaign": facts.campaigns,
        "languages": facts.languages,
        "fields.creator": facts.creator,
        "ids.gtin": facts.gtins,
        PROBLEMS: facts.problems,
    }
    return {name: value for name, value in record.items() if value}


def inside(path: Any, media_type: str) -> Record:
    """What a file on this machine states about itself. Takes its time: to be called in a thread."""
    from lockgate.kit.seed import embedded

    with INSIDE:
        return from_facts(embedded.read(path, media_type, []))


def short(name: str) -> str:
    return name.rsplit("/", maxsplit=1)[-1]


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────


def to_json(fields: Mapping[str, Any]) -> bytes:
    """The fields as they were delivered, for people and programs; the same fields give the same bytes."""
    return json.dumps(fields, ensure_ascii=False, indent=2, sort_keys=True).encode() + b"\n"


RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
DC = "http://purl.org/dc/elements/1.1/"
PHOTOSHOP = "http://ns.adobe.com/photoshop/1.0/"
TERMS = "http://ns.adobe.com/xap/1.0/rights/"
PLUS = "http://ns.useplus.org/ldf/xmp/1.0/"
META = "adobe:ns:meta/"
XML = "http://www.w3.org/XML/1998/namespace"
NAMES = {"x": META, "rdf": RDF, "dc": DC, "photoshop": PHOTOSHOP, "xmpRights": TERMS, "plus": PLUS}
TEXTS = {
    f"{{{DC}}}title": ("title",),
    f"{{{DC}}}description": ("texts.description", "description"),
    f"{{{DC}}}rights": ("texts.copyright", "copyright"),
    f"{{{TERMS}}}UsageTerms": ("rights.statement", "rights.summary", "usage_rights"),
}
"""Where each text stands by "XMP Specification, Part 1" and the IPTC Photo Metadata Standard, and what fields fill it."""
PLAIN = {
    f"{{{PHOTOSHOP}}}Credit": ("rights.credit", "texts.credit", "credit"),
    f"{{{PLUS}}}LicenseStartDate": ("rights.from", "license_from"),
    f"{{{PLUS}}}LicenseEndDate": ("rights.until", "license_until"),
}
LISTS = {
    f"{{{DC}}}subject": ("Bag", ("keywords.subject", "keywords", "campaign")),
    f"{{{DC}}}language": ("Bag", ("languages", "language")),
    f"{{{DC}}}creator": ("Seq", ("fields.creator", "creator")),
}


def to_xmp(fields: Mapping[str, Any]) -> bytes:
    """A packet with those of the fields that XMP has a place for."""
    meta = etree.Element(f"{{{META}}}xmpmeta", nsmap=NAMES)
    about = etree.SubElement(etree.SubElement(meta, f"{{{RDF}}}RDF"), f"{{{RDF}}}Description", {f"{{{RDF}}}about": ""})
    for name, sources in TEXTS.items():
        if said := values.text(first(fields, sources)):
            alternatives(etree.SubElement(about, name), said)
    for name, sources in PLAIN.items():
        if said := values.text(first(fields, sources)):
            etree.SubElement(about, name).text = printable(pick(said) or "")
    for name, (kind, sources) in LISTS.items():
        if words := values.words(first(fields, sources)):
            listed = etree.SubElement(etree.SubElement(about, name), f"{{{RDF}}}{kind}")
            for word in words:
                etree.SubElement(listed, f"{{{RDF}}}li").text = printable(word)
    body = etree.tostring(meta, encoding="utf-8", pretty_print=True)
    return b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>\n' + body + b'<?xpacket end="w"?>\n'


def alternatives(element: etree._Element, said: Mapping[str, str]) -> None:
    """A text by language; one without a language is the default one."""
    listed = etree.SubElement(element, f"{{{RDF}}}Alt")
    for language in sorted(said, key=lambda one: one != UND):
        one = etree.SubElement(listed, f"{{{RDF}}}li", {f"{{{XML}}}lang": "x-default" if language == UND else language})
        one.text = printable(said[language])


def first(fields: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    return next((fields[name] for name in names if fields.get(name) not in (None, "", [], {})), None)


UNPRINTABLE = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold."""


def printable(text: str) -> str:
    return UNPRINTABLE.sub("", text)
