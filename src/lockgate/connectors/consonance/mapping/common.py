"""What every mapping needs: of which connection, with which profile, on which day."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from lockgate.connectors.consonance.quirks import Quirks
from lockgate.kit.onix.older.codes import FORMS
from lockgate.kit.profile import Profile, canonical
from lockgate.model.codes import gtin, isbn13
from lockgate.model.item import UND, Text
from lockgate.model.lifecycle import Status

Record = Mapping[str, Any]
DIGITS = 20


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """Everything beside the record that decides what it becomes."""

    system: str
    profile: Profile
    quirks: Quirks
    site: str
    today: date
    """In the profile's time zone."""

    def page(self, work: Any) -> str:
        """The address of a work's page for people."""
        return f"{self.site}/works/{work}"


def revision(*parts: Any) -> str:
    """A digest of a record: Consonance states no version or date of change."""
    return hashlib.sha256(msgspec.json.encode(parts, order="deterministic")).hexdigest()[:32]


def plain(code: Any) -> str | None:
    """An ONIX code as ONIX spells it: enums that begin with a digit carry an underscore here."""
    return None if code is None else str(code).removeprefix("_")


def text(value: Any) -> Text:
    return {UND: value.strip()} if isinstance(value, str) and value.strip() else {}


def day(value: Any) -> date | None:
    """A date as stated; None for none, and for what is no date."""
    try:
        return date.fromisoformat(value) if value else None
    except (TypeError, ValueError):
        return None


def kept(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Without what says nothing; zero and false say something."""
    return {name: value for name, value in fields.items() if value not in (None, "", [], {}, ())}


def form_of(code: Any) -> str | None:
    """A product form by list 150 of ONIX, as all others state it; Consonance has the codes of ONIX 2.1."""
    found = plain(code)
    return FORMS.get(found, found) if found else None


def isbn_of(record: Record) -> str | None:
    """A product's ISBN in comparable form; None where none is assigned, or it is none."""
    stated = (record.get("isbn") or {}).get("isbn13")
    return isbn13(stated) if stated else None


def numbers(isbns: Iterable[str | None]) -> dict[str, tuple[str, ...]]:
    """ISBNs as identifiers, also as the GTINs they are."""
    known = tuple(dict.fromkeys(one for one in isbns if one))
    gtins = tuple(one for one in map(gtin, known) if one)
    return {"isbn": known, "gtin": gtins} if known else {}


def asset_id(work: Any, image: Record, marker: str) -> str:
    """An image's id: the work's number, and our mark or the image's own number."""
    mark = token_in(image.get("filename"), marker)
    return f"{work}-{image['id']}" if mark is None else f"{work}-lg{mark}"


def token(key: str) -> str:
    """What stands for a key of ours in a name: keys are long, and file names are seen by people."""
    return hashlib.sha256(key.encode()).hexdigest()[:DIGITS]


def token_in(name: str | None, marker: str) -> str | None:
    """The mark in a name or a text; None where it is not ours."""
    found = re.search(rf"{re.escape(marker)} ?([0-9a-f]{{{DIGITS}}})(?![0-9a-f])", name or "")
    return found.group(1) if found else None


def about(records: Sequence[Record] | None, product: int) -> list[Record]:
    """Those of a work's shared records that are about this product."""
    return [one for one in records or () if product in (one.get("productIds") or ())]


def profiled_status(frame: Frame, kind: str, values: Mapping[str, Any]) -> Status | None:
    """The status by the field that the profile names; None where it names none. What it does not know is unknown."""
    match = frame.profile.match(kind, "status")
    if match is None or match.field not in values:
        return None
    word = canonical(match, values[match.field])
    return next((one for one in Status if one.value == word), Status.UNKNOWN)
