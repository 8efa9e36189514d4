"""How fields of a tenant are recognised: words of names and labels in English and German, likeliest first.

Names are at most 28 small letters, so they are often cut or abbreviated; then the label tells. A word that begins with a
dash is the end of a compound: `-bilder` is in `Produktbilder`.
"""

from lockgate.kit.profile import ANY_KIND, Hint

TEXT = ("text",)
WORDS = ("text", "choice")
DAY = ("date", "instant")
LINK = ("reference",)

STATUSES = {
    "draft": "draft",
    "open": "draft",
    "new": "draft",
    "in progress": "draft",
    "work in progress": "draft",
    "neu": "draft",
    "in anlage": "draft",
    "entwurf": "draft",
    "offen": "draft",
    "in arbeit": "draft",
    "in bearbeitung": "draft",
    "in_review": "in_review",
    "in review": "in_review",
    "in prüfung": "in_review",
    "in freigabe": "in_review",
    "zur freigabe": "in_review",
    "approved": "approved",
    "released": "approved",
    "freigegeben": "approved",
    "rejected": "rejected",
    "blocked": "rejected",
    "abgelehnt": "rejected",
    "gesperrt": "rejected",
    "withdrawn": "rejected",
    "zurückgezogen": "rejected",
    "archived": "archived",
    "expired": "archived",
    "archiviert": "archived",
    "abgelaufen": "archived",
}
"""Usual words of administrators, as keys or labels. What is not among these stays unknown, which opens no gate."""

SKU = ("article number", "sku", "item number", "Artikelnummer", "Artikel Nr", "Art Nr", "product number", "Produktnummer",
       "Materialnummer", "Sachnummer", "Bestellnummer")  # fmt: skip
DESCRIPTION = ("description", "Beschreibung", "-beschreibung", "Langtext")
KEYWORDS = ("keywords", "tags", "Schlagworte", "Schlagwörter", "Stichworte", "Stichwörter")
IMAGES = ("images", "Bilder", "-bilder", "pictures", "media", "Medien")


def hints(kind: str, *rows: tuple[str, tuple[str, ...], tuple[str, ...]]) -> tuple[Hint, ...]:
    return tuple(Hint(kind=kind, canonical=canonical, words=words, types=types) for canonical, words, types in rows)


HINTS = (
    *hints(
        "asset",
        ("description", DESCRIPTION, TEXT),
        ("keywords", KEYWORDS, WORDS),
        (
            "copyright",
            ("copyright", "copyright notice", "Urheberrecht", "Urhebervermerk", "Copyrightvermerk", "Rechteinhaber"),
            TEXT,
        ),
        (
            "license_until",
            (
                "license until",
                "licence until",
                "licensed until",
                "Lizenz bis",
                "Lizenz gültig bis",
                "Lizenzende",
                "Nutzungsrechte bis",
                "Nutzungsrechte gültig bis",
                "Rechte gültig bis",
                "Verwendung bis",
                "Nutzung bis",
            ),
            DAY,
        ),
        (
            "usage_rights",
            (
                "usage rights",
                "Nutzungsrechte",
                "Nutzungsrecht",
                "Lizenzbedingungen",
                "Nutzungsbedingungen",
                "Rechtetext",
                "Nutzungsumfang",
            ),
            TEXT,
        ),
        ("language", ("language", "languages", "Sprache", "Sprachen", "Sprachversion"), WORDS),
        ("campaign", ("campaign", "Kampagne", "Kampagnen", "-kampagne", "Aktion"), WORDS),
        ("format", ("format", "media type", "Dateiformat", "Medientyp"), TEXT),
        ("credit", ("credit", "credit line", "Bildnachweis", "Fotonachweis", "Bildquelle"), TEXT),
        (
            "restrictions",
            ("restrictions", "Einschränkungen", "Einschränkung", "Nutzungseinschränkungen", "-einschränkung"),
            TEXT,
        ),
    ),
    *hints(
        "product",
        ("ids.sku", SKU, TEXT),
        ("ids.gtin", ("gtin", "ean", "ean 13", "ean code", "barcode"), TEXT),
        (
            "ids.family",
            (
                "family",
                "product family",
                "Produktfamilie",
                "Produktlinie",
                "Warengruppe",
                "Produktgruppe",
                "product group",
                "Baureihe",
            ),
            WORDS,
        ),
        (
            "title",
            ("name", "product name", "Bezeichnung", "Produktname", "Artikelbezeichnung", "Produktbezeichnung"),
            TEXT,
        ),
        ("texts.description", DESCRIPTION, TEXT),
    ),
    *hints(
        ANY_KIND,
        ("title", ("name", "title", "label", "Bezeichnung", "Titel", "-name", "-bezeichnung"), TEXT),
        ("ids.code", ("code", "key", "number", "Nummer", "Kürzel", "Schlüssel", "-nummer", "-kürzel"), TEXT),
        ("ids.sku", SKU, TEXT),
        ("texts.description", DESCRIPTION, TEXT),
        ("keywords", KEYWORDS, WORDS),
        ("fields.launch", ("launch date", "launch", "Markteinführung", "Erscheinungstermin"), DAY),
        ("images", (*IMAGES, "logo", "main image", "-logo", "Hauptbild"), LINK),
        ("fields.parent", ("parent", "parent id", "übergeordnet"), LINK),
    ),
    Hint(
        kind="product",
        canonical="images",
        words=("images", "Bilder", "Produktbilder", "product images", *IMAGES[2:]),
        types=LINK,
        never=("main", "haupt", "titel", "title"),
    ),
    Hint(
        kind="asset",
        canonical="title",
        words=("title", "headline", "Titel", "Bildtitel", "Überschrift", "-titel"),
        types=TEXT,
        never=("sub", "unter"),
    ),
    *(
        Hint(
            kind=kind,
            canonical="status",
            words=("status", "approval status", "Freigabestatus", "Freigabestand", "Freigabe", "-status"),
            types=("choice",),
            values=STATUSES,
        )
        for kind in ("asset", "product", ANY_KIND)
    ),
)
