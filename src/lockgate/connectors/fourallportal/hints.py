"""How fields of a tenant are recognised: words of names and labels in English and German, likeliest first."""

from lockgate.kit.profile import ANY_KIND, Hint

TEXT = ("text",)
WORDS = ("text", "choice")


STATUSES = {
    "draft": "draft",
    "entwurf": "draft",
    "in_review": "in_review",
    "in review": "in_review",
    "in prüfung": "in_review",
    "approved": "approved",
    "freigegeben": "approved",
    "rejected": "rejected",
    "abgelehnt": "rejected",
    "archived": "archived",
    "archiviert": "archived",
}
"""Usual words of administrators, as keys or labels."""


def hints(kind: str, *rows: tuple[str, tuple[str, ...], tuple[str, ...]]) -> tuple[Hint, ...]:
    return tuple(Hint(kind=kind, canonical=canonical, words=words, types=types) for canonical, words, types in rows)


HINTS = (
    *hints(
        "asset",
        ("title", ("title", "headline", "Titel"), TEXT),
        ("description", ("description", "Beschreibung"), TEXT),
        ("keywords", ("keywords", "tags", "Schlagworte"), WORDS),
        ("copyright", ("copyright", "Urheberrecht"), TEXT),
        ("license_until", ("license until", "licence until", "Lizenz bis"), ("date", "instant")),
        ("usage_rights", ("usage rights", "Nutzungsrechte"), TEXT),
        ("language", ("language", "languages", "Sprache"), WORDS),
        ("campaign", ("campaign", "Kampagne"), WORDS),
        ("format", ("format", "media type"), TEXT),
        ("credit", ("credit", "credit line", "Bildnachweis"), TEXT),
        ("restrictions", ("restrictions", "Einschränkungen"), TEXT),
    ),
    *hints(
        "product",
        ("ids.sku", ("article number", "sku", "item number", "Artikelnummer"), TEXT),
        ("ids.gtin", ("gtin", "ean", "barcode"), TEXT),
        ("ids.family", ("family", "product family", "Produktfamilie"), WORDS),
        ("title", ("name", "product name", "Bezeichnung"), TEXT),
        ("texts.description", ("description", "Beschreibung"), TEXT),
        ("images", ("images", "Bilder"), ("reference",)),
    ),
    *hints(
        ANY_KIND,
        ("title", ("name", "title", "label", "Bezeichnung", "Titel"), TEXT),
        ("ids.code", ("code", "key", "number", "Nummer"), TEXT),
        ("ids.sku", ("article number", "sku", "Artikelnummer"), TEXT),
        ("texts.description", ("description", "Beschreibung"), TEXT),
        ("keywords", ("keywords", "tags", "Schlagworte"), WORDS),
        ("fields.launch", ("launch date", "launch", "Markteinführung"), ("date", "instant")),
        ("images", ("images", "logo", "main image", "Bilder"), ("reference",)),
        ("fields.parent", ("parent", "parent id"), ("reference",)),
    ),
    *(
        Hint(kind=kind, canonical="status", words=("status",), types=("choice",), values=STATUSES)
        for kind in ("asset", "product", ANY_KIND)
    ),
)
