"""ONIX for Books as a feed: each product of a message a record, and records as the products of a message."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import pycountry

from lockgate.connectors.files.feeds.row import BadFeed, Row
from lockgate.kit import onix
from lockgate.kit.onix import records as parts
from lockgate.kit.records import values
from lockgate.kit.records.items import ONIX, PROBLEMS
from lockgate.model import codes
from lockgate.model.item import UND, Text, pick

NAMES = {
    "title": ("title",),
    "description": ("texts.description", "description"),
    "keywords": ("keywords.subject", "keywords"),
    "languages": ("languages", "language"),
    "publisher": ("fields.publisher", "publisher"),
    "form": ("fields.form", "form"),
    "status": ("fields.publishing_status", "publishing_status"),
}
"""Which fields fill what."""
IDENTIFIERS = {"isbn": "15", "gtin": "14", "sku": "01"}
"""List 5."""
UNKNOWN_FORM = "00"
CONFIRMED = "03"
Records = Callable[[], Iterator[tuple[str, Mapping[str, Any]]]]


def from_onix(file: BinaryIO, _key: str) -> Iterator[Row]:
    """The products of a message of any release, by their references. A message that is cut off is no whole feed."""
    for entry in onix.read(file, check=True):
        said = [f"line {one.line}, {one.element}: {one.sentence}" for one in entry.problems if one.fatal]
        if any(one.code == "cut" for one in entry.problems):
            raise BadFeed(f"is no whole ONIX message: {'; '.join(said)}")
        if entry.product is not None and entry.product.reference:
            record = {ONIX: msgspec.to_builtins(entry.product), PROBLEMS: said}
            yield Row(line=entry.line, id=entry.product.reference, record=record)
        elif said or entry.product is not None:
            yield Row(line=entry.line, problem="; ".join(said) or f"line {entry.line} has no RecordReference")


def to_onix(path: Path, every: Records, at: datetime) -> None:
    """An ONIX 3.0 message with reference names, stating what the fields state and nothing else."""
    header = onix.Header(sender=onix.Party(name="Lockgate"), sent=onix.sent(at))
    with path.open("wb") as file:
        onix.write(file, (product(key, fields) for key, fields in every()), header)


def product(key: str, fields: Mapping[str, Any]) -> onix.Product:
    told = {name: next((fields[one] for one in names if fields.get(one)), None) for name, names in NAMES.items()}
    title, text = values.text(told["title"]), values.text(told["description"])
    return onix.Product(
        reference=key,
        notification=CONFIRMED,
        identifiers=tuple(identifiers(key, fields)),
        composition="00",
        form=listed("150", told["form"]) or UNKNOWN_FORM,
        titles=titles(title or {UND: key}),
        languages=tuple(
            parts.Language(role="01", code=one) for one in map(language, values.words(told["languages"])) if one
        ),
        subjects=tuple(
            parts.Subject(scheme="20", headings=(parts.Words(text=word),)) for word in values.words(told["keywords"])
        ),
        texts=(described(text),) if text else (),
        publishers=(parts.Publisher(role="01", name=pick(values.text(told["publisher"]))),)
        if told["publisher"]
        else (),
        status=listed("64", told["status"]),
    )


def listed(number: str, code: Any) -> str | None:
    """The code, where the list has it: one that is none would make the whole message invalid."""
    return str(code) if code and onix.label(number, str(code), "3.0") else None


def titles(title: Text) -> tuple[parts.Title, ...]:
    """The title; ONIX has one of the product, so of several languages the one that is taken first elsewhere, too."""
    text = pick(title) or ""
    of = next((language(tag) for tag, said in title.items() if said == text and tag != UND), None)
    return (parts.Title(type="01", elements=(parts.TitleElement(level="01", text=text, language=of),)),)


def described(text: Text) -> parts.TextContent:
    said = tuple(parts.Words(text=one, language=language(tag)) for tag, one in sorted(text.items()))
    return parts.TextContent(type="03", audiences=("00",), texts=said)


def identifiers(key: str, fields: Mapping[str, Any]) -> Iterator[parts.Identifier]:
    """Those that are valid; our key where there is none, since ONIX wants one."""
    found = 0
    for kind, code in IDENTIFIERS.items():
        for word in values.words(fields.get(f"ids.{kind}") or fields.get(kind)):
            if (value := codes.identifier(kind, word)) is not None:
                found += 1
                yield parts.Identifier(type=code, value=value, name="SKU" if code == "01" else None)
    if not found:
        yield parts.Identifier(type="01", value=key, name="Lockgate")


def language(tag: str) -> str | None:
    """A language of BCP 47 as ISO 639-2/B (list 74); None where there is none."""
    head = tag.replace("_", "-").split("-", maxsplit=1)[0].lower()
    known = pycountry.languages.get(alpha_2=head) or pycountry.languages.get(alpha_3=head)
    return str(getattr(known, "bibliographic", known.alpha_3)) if known is not None else None
