"""The head of a 2.1 message."""

from lockgate.kit.onix.older.records import OldHeader
from lockgate.kit.onix.records import Header, Identifier, Party

GLN, SAN = "06", "07"
"""List 44."""


def header_of(old: OldHeader) -> Header:
    sender = Party(
        identifiers=(*known(old.from_ean, old.from_san), *old.sender_identifiers),
        name=old.from_company,
        contact=old.from_person,
        email=old.from_email,
    )
    addressee = Party(
        identifiers=(*known(old.to_ean, old.to_san), *old.addressee_identifiers),
        name=old.to_company,
        contact=old.to_person,
    )
    return Header(
        sender=sender,
        addressees=(addressee,) if addressee != Party() else (),
        number=old.number,
        repeat=old.repeat,
        sent=instant(old.sent),
        notes=(old.note,) if old.note else (),
        language=old.language,
        price_type=old.price_type,
        currency=old.currency,
        linear_unit=old.linear_unit,
        weight_unit=old.weight_unit,
    )


def known(ean: str | None, san: str | None) -> tuple[Identifier, ...]:
    return tuple(Identifier(type=kind, value=value) for kind, value in ((GLN, ean), (SAN, san)) if value)


def instant(stated: str) -> str:
    """`YYYYMMDDHHMM` as 3.0 writes it."""
    return f"{stated[:8]}T{stated[8:]}" if len(stated) == 12 and stated.isdigit() else stated
