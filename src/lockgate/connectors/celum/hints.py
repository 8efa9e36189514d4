"""How fields of a CELUM tenant are recognised: words of names and labels in English and German, likeliest first."""

from collections.abc import Mapping

from lockgate.kit.profile import Hint

TEXT = ("text",)
WORDS = ("reference", "choice", "text")
DAY = ("date",)
BOX = ("boolean", "choice")

APPROVAL = {
    "approved": "approved",
    "freigegeben": "approved",
    "rejected": "rejected",
    "abgelehnt": "rejected",
    "in review": "in_review",
    "in prüfung": "in_review",
    "draft": "draft",
    "entwurf": "draft",
    "archived": "archived",
    "archiviert": "archived",
}
YES = {"yes": "true", "ja": "true", "cleared": "true", "freigegeben": "true"}


def hint(
    canonical: str,
    words: tuple[str, ...],
    types: tuple[str, ...],
    values: Mapping[str, str] | None = None,
    *,
    kind: str = "asset",
) -> Hint:
    return Hint(kind=kind, canonical=canonical, words=words, types=types, values=values or {})


HINTS = (
    hint("ids.sku", ("sku", "article number", "item number", "Artikelnummer", "material number"), TEXT),
    hint("ids.gtin", ("gtin", "ean", "upc", "barcode"), ("text", "number")),
    hint("ids.isbn", ("isbn",), TEXT),
    hint("ids.family", ("product family", "Produktfamilie", "family code"), WORDS),
    hint("title", ("headline", "asset title", "Titel"), TEXT),
    hint("texts.caption", ("caption", "Bildunterschrift"), TEXT),
    hint("texts.description", ("description", "Beschreibung"), TEXT),
    hint("texts.alt", ("alt text", "alternative text", "Alternativtext"), TEXT),
    hint("texts.copyright", ("copyright", "copyright notice", "Urheberrecht"), TEXT),
    hint("keywords.subject", ("tags", "keywords", "Schlagworte", "Stichworte"), WORDS),
    hint("keywords.campaign", ("campaign", "Kampagne"), WORDS),
    hint("languages", ("languages", "Sprachen", "Sprache"), WORDS),
    hint("status", ("approval status", "Freigabestatus", "workflow status"), ("choice",), APPROVAL),
    hint("rights.cleared", ("cleared", "usage cleared", "rights cleared", "Rechte geklärt"), BOX, YES),
    hint("rights.territories", ("regions", "territories", "markets", "countries", "Länder", "Regionen"), WORDS),
    hint(
        "rights.prohibited", ("restricted regions", "excluded regions", "excluded countries", "gesperrte Länder"), WORDS
    ),
    hint("rights.channels", ("channels", "usage channels", "Kanäle"), WORDS),
    hint("rights.from", ("license from", "licence from", "license start", "Lizenz ab"), DAY),
    hint("rights.until", ("license until", "licence until", "license end", "license expiry", "Lizenz bis"), DAY),
    hint("rights.statement", ("usage terms", "terms of use", "usage restrictions", "Nutzungsbedingungen"), TEXT),
    hint("rights.credit", ("credit line", "credit", "Bildnachweis"), TEXT),
    hint("window.from", ("embargo", "publish from", "Sperrfrist"), DAY),
    hint("window.until", ("expiry date", "expires", "publish until", "Ablaufdatum"), DAY),
    hint("fields.creator", ("creator", "photographer", "Fotograf", "author"), TEXT),
    hint("fields.taken", ("shot on", "date taken", "Aufnahmedatum"), DAY),
    hint("fields.season", ("season", "Saison"), WORDS),
    hint("fields.rating", ("rating", "Bewertung"), ("number",)),
    hint("fields.weight", ("weight", "Gewicht"), ("number",)),
    hint("fields.notes", ("notes", "Bemerkungen"), TEXT),
    *(
        hint(canonical, words, types, kind="collection")
        for canonical, words, types in (
            ("ids.sku", ("sku", "article number", "item number", "Artikelnummer"), TEXT),
            ("ids.gtin", ("gtin", "ean", "barcode"), ("text", "number")),
            ("ids.isbn", ("isbn",), TEXT),
            ("ids.family", ("product family", "Produktfamilie", "family code", "category code"), WORDS),
            ("texts.description", ("description", "Beschreibung"), TEXT),
            ("keywords.subject", ("tags", "keywords", "Schlagworte"), WORDS),
            ("keywords.campaign", ("campaign", "Kampagne"), WORDS),
            ("fields.launch", ("launch date", "launch", "release date", "Markteinführung"), DAY),
            ("fields.season", ("season", "Saison"), WORDS),
        )
    ),
)
