"""How fields are recognised: by our own names, or in whatever words people use, English or German, likeliest first."""

from lockgate.kit.profile import FieldInfo, Hint
from lockgate.model.item import ASSET, PRODUCT

YES = {"yes": "true", "ja": "true", "true": "true", "x": "true", "cleared": "true"}
WORDS: dict[str, tuple[str, ...]] = {
    "ids.sku": ("sku", "article number", "item number", "Artikelnummer", "Artikelnr", "material number"),
    "ids.gtin": ("gtin", "ean", "upc", "barcode"),
    "ids.isbn": ("isbn", "isbn13"),
    "ids.family": ("family", "product family", "Produktfamilie", "parent sku"),
    "title": ("title", "name", "product name", "Titel", "Bezeichnung"),
    "texts.description": ("description", "long description", "Beschreibung", "body"),
    "texts.caption": ("caption", "headline", "short description", "Kurztext"),
    "texts.alt": ("alt text", "alternative text", "Alternativtext"),
    "texts.copyright": ("copyright", "Urheberrecht"),
    "texts.credit": ("credit",),
    "keywords.subject": ("keywords", "tags", "Schlagworte"),
    "keywords.campaign": ("campaign", "Kampagne"),
    "languages": ("languages", "language", "Sprache", "locale"),
    "status": ("status", "approval status", "Freigabestatus"),
    "rights.cleared": ("cleared", "rights cleared", "usage cleared", "Rechte geklärt"),
    "rights.territories": ("territories", "regions", "countries", "markets", "Länder"),
    "rights.prohibited": ("restricted regions", "excluded countries", "gesperrte Länder"),
    "rights.channels": ("channels", "Kanäle"),
    "rights.from": ("license from", "licence from", "Lizenz ab"),
    "rights.until": ("license until", "licence until", "license expiry", "Lizenz bis"),
    "rights.statement": ("usage terms", "usage rights", "terms of use", "Nutzungsbedingungen"),
    "rights.credit": ("credit line", "Bildnachweis"),
    "window.from": ("embargo", "publish from", "available from", "Sperrfrist"),
    "window.until": ("expiry date", "publish until", "available until", "Ablaufdatum"),
}
"""Canonical names, with the words of columns that may hold them."""
TYPES = {
    "rights.cleared": "boolean",
    "rights.from": "date",
    "rights.until": "date",
    "window.from": "date",
    "window.until": "date",
}
SEVERAL = {
    "keywords.subject",
    "keywords.campaign",
    "languages",
    "rights.territories",
    "rights.prohibited",
    "rights.channels",
}
LOCALIZED = {"title", "texts.description", "texts.caption", "texts.alt", "texts.copyright"}

HINTS = tuple(
    Hint(kind=kind, canonical=name, words=(name, *words), values=YES if name == "rights.cleared" else {})
    for kind in (ASSET, PRODUCT)
    for name, words in WORDS.items()
)

OURS = tuple(
    FieldInfo(
        name=name,
        label=words[0],
        type=TYPES.get(name, "text"),
        multiple=name in SEVERAL or name.startswith("ids."),
        localized=name in LOCALIZED,
    )
    for name, words in WORDS.items()
)
"""What a record in our own names can state, whatever else it holds."""
