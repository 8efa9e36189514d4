"""What CELUM says of an asset, and what the recipe's words make of it. Written from the vendor's document and the recipe alone."""

import mimetypes
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pycountry

MARKETS = frozenset({"DE", "AT", "CH"})
WORLD = "WORLD"
EVER_SINCE, FOR_EVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
A_MOMENT = timedelta(milliseconds=1)
LOCALES = {"de": "de_DE", "en": "en_US"}
"""The locales of the portal's tenant."""
FIELDS = {
    "sku": 643, "description": 646, "cleared": 653, "regions": 660, "tags": 670, "gtin": 701, "family": 702,
    "license_from": 704, "license_until": 705, "terms": 706, "copyright": 707, "credit": 708, "campaigns": 709,
    "prohibited": 711,
}  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """One asset at one instant."""

    id: str
    name: str
    released: bool
    opens: datetime
    closes: datetime
    """Its availability: from `opens`, before `closes`."""
    version: str
    md5: str
    filename: str
    said: Mapping[str, Any]
    """Its information fields, by the names above."""

    def allowed(self, at: datetime) -> bool:
        """Whether the portal may show it: released, within its time, and cleared for every market."""
        return self.released and self.opens <= at < self.closes and self.licensed(at)

    def licensed(self, at: datetime) -> bool:
        """Cleared, the regions named cover all markets, none of these is restricted, and the licence runs."""
        regions, prohibited = self.places("regions"), self.places("prohibited")
        covered = WORLD in regions or regions >= MARKETS
        barred = WORLD in prohibited or bool(prohibited & MARKETS)
        begins, ends = self.licence
        return self.said.get("cleared") is True and covered and not barred and begins <= at < ends

    @property
    def licence(self) -> tuple[datetime, datetime]:
        """From the beginning of its first day until the end of its last, in UTC."""
        first, last = self.said.get("license_from"), self.said.get("license_until")
        ends = datetime.fromisoformat(last) + timedelta(days=1) if last else FOR_EVER
        return datetime.fromisoformat(first) if first else EVER_SINCE, ends

    @property
    def edges(self) -> list[datetime]:
        """Instants at which the answer may change by itself."""
        return [edge for edge in (self.opens, self.closes, *self.licence) if edge not in {EVER_SINCE, FOR_EVER}]

    def allowed_within(self, first: datetime, last: datetime) -> bool:
        """Whether it was allowed at any instant from first to last."""
        tried = [first, last, *(edge for edge in self.edges), *(edge - A_MOMENT for edge in self.edges)]
        return any(self.allowed(at) for at in tried if first <= at <= last)

    def places(self, field: str) -> frozenset[str]:
        """Codes of the regions a field names; a name that is no place would be the tenant's mistake."""
        return frozenset(code_of(name) for name in names(self.said.get(field)))

    def shown(self) -> dict[str, Any]:
        """What the portal's fields should say of it, by field; texts by locale."""
        described = {LOCALES[tag]: text for tag, text in (self.said.get("description") or {}).items() if tag in LOCALES}
        return {
            "title": {LOCALES["en"]: self.name},
            "description": described,
            "usage_rights": self.usage_rights(),
            "keywords": names(self.said.get("tags")),
            "campaign": names(self.said.get("campaigns")),
            "copyright": self.said.get("copyright"),
            "credit": self.said.get("credit"),
            "license_until": f"{last}T00:00:00.000Z" if (last := self.last_day()) else None,
            "format": mimetypes.guess_type(self.filename)[0],
        }

    def last_day(self) -> str | None:
        """The day on which it ends: by its licence or its availability, whichever is first."""
        stated, (_, ends) = self.said.get("license_until"), self.licence
        return f"{self.closes:%Y-%m-%d}" if self.closes < ends else stated[:10] if stated else None

    def usage_rights(self) -> str:
        """The rights in one line, as people in the portal read them."""
        places, barred = sorted(self.places("regions")), sorted(self.places("prohibited"))
        begins, ends = self.licence
        period = f" from {begins:%Y-%m-%d %H:%M:%S} UTC" if begins != EVER_SINCE else ""
        period += f" until {ends:%Y-%m-%d %H:%M:%S} UTC" if ends != FOR_EVER else ""
        words = [f"distribute in {', '.join(places)}{period}"]
        words += [f"not distribute in {', '.join(barred)}"] if barred else []
        words += [f"attribute: {credit}"] if (credit := self.said.get("credit")) else []
        statement = dict.fromkeys(one for one in (self.said.get("terms"), self.said.get("copyright")) if one)
        return "; ".join([*words, *statement])


def facts(asset: Mapping[str, Any]) -> Facts:
    """An asset as the vendor shows it, with its field values."""
    values = dict(field_values(asset))
    version, stated = asset["currentVersion"], asset["availability"]
    opens, closes = EVER_SINCE, FOR_EVER
    if stated["type"] == "DATED":
        opens = datetime.fromisoformat(stated["from"]) if stated.get("from") else EVER_SINCE
        closes = datetime.fromisoformat(stated["to"]) if stated.get("to") else FOR_EVER
    elif not stated["available"]:
        closes = EVER_SINCE
    return Facts(
        id=str(asset["id"]),
        name=asset["name"],
        released=asset["releaseStatus"] == "RELEASED",
        opens=opens,
        closes=closes,
        version=str(version["id"]),
        md5=version["fileChecksum"],
        filename=version["filename"],
        said={name: values[number] for name, number in FIELDS.items() if values.get(number) not in (None, "", [], {})},
    )


def field_values(asset: Mapping[str, Any]) -> Iterator[tuple[int, Any]]:
    for group in asset["informationFieldValueSets"]:
        for one in group["informationFieldValues"]:
            yield one["field"]["id"], one.get("value")


def names(references: Any) -> list[str]:
    """Names of the keywords a field refers to: collections have one by locale, tags a single one."""
    found = [one["name"] for one in references or ()]
    return [name if isinstance(name, str) else name["en"] for name in found]


def code_of(name: str) -> str:
    return WORLD if name == WORLD else str(pycountry.countries.lookup(name).alpha_2)
