"""How fields of a CELUM tenant are recognised: words of names and labels in English and German, likeliest first.

Administrators abbreviate and compound: `Art.-Nr.`, `Verwendungsländer`. A word that begins with a dash is the end of a compound.
"""

from collections.abc import Mapping

from lockgate.kit.profile import Hint

TEXT = ("text",)
WORDS = ("reference", "choice", "text")
DAY = ("date",)
BOX = ("boolean", "choice")

APPROVAL = {
    "approved": "approved",
    "released": "approved",
    "freigegeben": "approved",
    "rejected": "rejected",
    "blocked": "rejected",
    "abgelehnt": "rejected",
    "gesperrt": "rejected",
    "in review": "in_review",
    "in approval": "in_review",
    "in prüfung": "in_review",
    "in freigabe": "in_review",
    "zur freigabe": "in_review",
    "draft": "draft",
    "open": "draft",
    "new": "draft",
    "in progress": "draft",
    "work in progress": "draft",
    "neu": "draft",
    "entwurf": "draft",
    "offen": "draft",
    "in arbeit": "draft",
    "in bearbeitung": "draft",
    "withdrawn": "rejected",
    "zurückgezogen": "rejected",
    "archived": "archived",
    "expired": "archived",
    "archiviert": "archived",
    "abgelaufen": "archived",
}
"""What is not among these stays unknown, which opens no gate."""
YES = {"yes": "true", "ja": "true", "cleared": "true", "geklärt": "true", "freigegeben": "true"}
EXCLUDING = (
    "excl", "except", "restrict", "prohibit", "forbid", "block", "not", "without", "ausgeschl", "ausnahm", "sperr", "gesperr",
    "verbot", "nicht", "ohne",
)  # fmt: skip
"""What turns a list of where something may be used into one of where it may not."""
DOUBTING = ("not", "unclear", "open", "missing", "nicht", "offen", "ungekl", "ausstehend", "fehl")


def hint(
    canonical: str,
    words: tuple[str, ...],
    types: tuple[str, ...],
    values: Mapping[str, str] | None = None,
    *,
    never: tuple[str, ...] = (),
    kind: str = "asset",
) -> Hint:
    return Hint(kind=kind, canonical=canonical, words=words, types=types, values=values or {}, never=never)


SKU = ("sku", "article number", "Artikelnummer", "Art Nr", "Artikel Nr", "item number", "product number", "Produktnummer",
       "Materialnummer", "material number", "mat nr", "Sachnummer", "Bestellnummer")  # fmt: skip
GTIN = ("gtin", "ean", "ean code", "upc", "barcode", "Strichcode")
FAMILY = (
    "product family",
    "Produktfamilie",
    "family code",
    "category code",
    "Produktlinie",
    "product line",
    "Warengruppe",
    "Produktgruppe",
    "product group",
    "Baureihe",
)
DESCRIPTION = ("description", "Beschreibung", "-beschreibung", "Langtext")
SUBJECT = ("tags", "keywords", "Schlagworte", "Schlagwörter", "Stichworte", "Stichwörter")
CAMPAIGN = ("campaign", "Kampagne", "Kampagnen", "-kampagne")
SEASON = ("season", "Saison")
LAUNCH = ("launch date", "launch", "release date", "Markteinführung", "Erscheinungstermin", "Verkaufsstart")

HINTS = (
    hint("ids.sku", SKU, TEXT),
    hint("ids.gtin", GTIN, ("text", "number")),
    hint("ids.isbn", ("isbn", "isbn 13"), TEXT),
    hint("ids.family", FAMILY, WORDS),
    hint(
        "title",
        ("headline", "asset title", "Titel", "Bildtitel", "Überschrift", "-titel", "Bezeichnung"),
        TEXT,
        never=("sub", "unter"),
    ),
    hint("texts.caption", ("caption", "Bildunterschrift", "Bildtext"), TEXT),
    hint("texts.description", DESCRIPTION, TEXT),
    hint("texts.alt", ("alt text", "alternative text", "Alternativtext", "Alternativ Text"), TEXT),
    hint(
        "texts.copyright",
        (
            "copyright",
            "copyright notice",
            "Urheberrecht",
            "Urhebervermerk",
            "Copyrightvermerk",
            "Rechteinhaber",
            "rights holder",
            "copyright holder",
        ),
        TEXT,
    ),
    hint("keywords.subject", SUBJECT, WORDS),
    hint("keywords.campaign", CAMPAIGN, WORDS),
    hint("languages", ("languages", "Sprachen", "Sprache", "Sprachversion", "Sprachfassung"), WORDS),
    hint(
        "status",
        (
            "approval status",
            "Freigabestatus",
            "Freigabestand",
            "workflow status",
            "Freigabe",
            "approval",
            "release state",
            "release status",
            "Status Freigabe",
        ),
        ("choice",),
        APPROVAL,
    ),
    hint(
        "rights.cleared",
        (
            "cleared",
            "usage cleared",
            "rights cleared",
            "Rechte geklärt",
            "Nutzungsrechte geklärt",
            "Rechte ok",
            "Rechtestatus",
            "rights status",
            "Rechteklärung",
        ),
        BOX,
        YES,
        never=DOUBTING,
    ),
    hint(
        "rights.territories",
        (
            "regions",
            "territories",
            "markets",
            "countries",
            "Länder",
            "Regionen",
            "Märkte",
            "-länder",
            "Nutzungsgebiet",
            "Lizenzgebiet",
            "-gebiete",
            "-regionen",
            "-märkte",
        ),
        WORDS,
        never=EXCLUDING,
    ),
    hint(
        "rights.prohibited",
        (
            "restricted regions",
            "excluded regions",
            "excluded countries",
            "gesperrte Länder",
            "ausgeschlossene Länder",
            "gesperrte Regionen",
            "ausgeschlossene Regionen",
            "nicht in Ländern",
            "nicht erlaubte Länder",
            "verbotene Länder",
            "excluded markets",
            "restricted countries",
            "prohibited countries",
        ),
        WORDS,
    ),
    hint(
        "rights.channels",
        (
            "channels",
            "usage channels",
            "Kanäle",
            "Nutzungskanäle",
            "-kanäle",
            "-kanal",
            "Verwendungszweck",
            "Nutzungsart",
            "erlaubte Medien",
            "permitted media",
            "allowed media",
            "media usage",
        ),
        WORDS,
        never=EXCLUDING,
    ),
    hint(
        "rights.from",
        (
            "license from",
            "licence from",
            "license start",
            "Lizenz ab",
            "Lizenz von",
            "Lizenzbeginn",
            "Nutzungsrecht ab",
            "Nutzungsrechte von",
            "Rechte ab",
            "licence start date",
            "license start date",
            "Verwendungsrechte gültig von",
            "Nutzungsrechte gültig von",
            "Rechte gültig ab",
            "Rechte gültig von",
        ),
        DAY,
    ),
    hint(
        "rights.until",
        (
            "license until",
            "licence until",
            "license end",
            "license expiry",
            "Lizenz bis",
            "Lizenzende",
            "Lizenz gültig bis",
            "Lizenzablauf",
            "Nutzungsrecht bis",
            "Nutzungsrechte bis",
            "Rechte bis",
            "licence end date",
            "license end date",
            "Verwendungsrechte gültig bis",
            "Nutzungsrechte gültig bis",
            "Rechte gültig bis",
            "Verwendung bis",
            "Nutzung bis",
        ),
        DAY,
    ),
    hint(
        "rights.statement",
        (
            "usage terms",
            "terms of use",
            "usage restrictions",
            "Nutzungsbedingungen",
            "Lizenzbedingungen",
            "Nutzungshinweise",
            "Lizenzhinweis",
            "Nutzungseinschränkungen",
            "Nutzungsumfang",
            "Rechtetext",
            "scope of use",
        ),
        TEXT,
    ),
    hint(
        "rights.credit", ("credit line", "credit", "Bildnachweis", "Fotonachweis", "Bildquelle", "Quellenangabe"), TEXT
    ),
    hint(
        "window.from",
        (
            "embargo",
            "publish from",
            "Sperrfrist",
            "veröffentlichen ab",
            "online ab",
            "gültig ab",
            "Veröffentlichung ab",
            "Veröffentlichung von",
            "Sperrvermerk",
        ),
        DAY,
    ),
    hint(
        "window.until",
        (
            "expiry date",
            "expires",
            "publish until",
            "Ablaufdatum",
            "veröffentlichen bis",
            "online bis",
            "gültig bis",
            "Veröffentlichung bis",
        ),
        DAY,
    ),
    hint("fields.creator", ("creator", "photographer", "Fotograf", "Fotografin", "author", "Urheber"), TEXT),
    hint("fields.taken", ("shot on", "date taken", "Aufnahmedatum"), DAY),
    hint("fields.season", SEASON, WORDS),
    hint("fields.rating", ("rating", "Bewertung"), ("number",)),
    hint("fields.weight", ("weight", "Gewicht"), ("number",)),
    hint("fields.notes", ("notes", "Bemerkungen", "Bemerkung", "Anmerkung"), TEXT),
    *(
        hint(canonical, words, types, kind="collection")
        for canonical, words, types in (
            ("ids.sku", SKU, TEXT),
            ("ids.gtin", GTIN, ("text", "number")),
            ("ids.isbn", ("isbn", "isbn 13"), TEXT),
            ("ids.family", FAMILY, WORDS),
            ("texts.description", DESCRIPTION, TEXT),
            ("keywords.subject", SUBJECT, WORDS),
            ("keywords.campaign", CAMPAIGN, WORDS),
            ("fields.launch", LAUNCH, DAY),
            ("fields.season", SEASON, WORDS),
        )
    ),
)
