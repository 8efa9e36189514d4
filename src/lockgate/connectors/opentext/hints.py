"""How fields of a tenant are recognised: words of names and labels in English and German, likeliest first."""

from lockgate.kit.profile import Hint

TEXT = ("text",)
DATES = ("date", "instant")
STATUSES = {
    "draft": "draft",
    "entwurf": "draft",
    "in work": "draft",
    "in_review": "in_review",
    "in review": "in_review",
    "in prüfung": "in_review",
    "approved": "approved",
    "released": "approved",
    "freigegeben": "approved",
    "rejected": "rejected",
    "abgelehnt": "rejected",
    "archived": "archived",
    "archiviert": "archived",
}
"""Usual words of administrators."""

PLACES = ("workspace", "folder", "document_type")
"""Fields of documents that say where they lie. They are written, and read as the relation to a workspace."""
OBJECT = ("business_object", "workspace_type")
"""Fields of workspaces that are said when one is made."""


def hints(kind: str, *rows: tuple[str, tuple[str, ...], tuple[str, ...]]) -> tuple[Hint, ...]:
    return tuple(Hint(kind=kind, canonical=canonical, words=words, types=types) for canonical, words, types in rows)


SKU = ("article number", "sku", "material number", "product number", "Artikelnummer")
OBJECT_ID = "business object id"
"""By it a workspace is always found; a document only lies in one that stands for it."""
SHARED = (
    ("name", ("name",), TEXT),
    ("description", ("description", "Beschreibung"), TEXT),
    ("title", ("title", "headline", "Titel"), TEXT),
    ("ids.gtin", ("gtin", "ean", "barcode"), TEXT),
    ("ids.family", ("product family", "family", "Produktfamilie"), TEXT),
    ("language", ("language", "languages", "Sprache"), TEXT),
    ("campaign", ("campaign", "Kampagne"), TEXT),
)

HINTS = (
    *hints(
        "asset",
        *SHARED,
        ("ids.sku", (*SKU, OBJECT_ID), TEXT),
        ("keywords", ("keywords", "tags", "Schlagworte"), TEXT),
        ("copyright", ("copyright", "Urheberrecht"), TEXT),
        ("credit", ("credit", "credit line", "Bildnachweis"), TEXT),
        ("usage_rights", ("usage rights", "Nutzungsrechte"), TEXT),
        ("restrictions", ("restrictions", "Einschränkungen"), TEXT),
        ("license_until", ("license until", "licence until", "valid until", "Lizenz bis"), DATES),
        ("uploaded_by", ("uploaded by",), ("number",)),
        *((place, (place.replace("_", " "),), TEXT) for place in PLACES),
    ),
    *hints(
        "workspace",
        *SHARED,
        ("ids.sku", (OBJECT_ID, *SKU), TEXT),
        ("launch", ("launch date", "launch", "Markteinführung"), DATES),
        ("market", ("market", "region", "regions", "Markt"), TEXT),
        ("customer", ("customer number", "account number", "Kundennummer"), TEXT),
        *((place, (place.replace("_", " "),), TEXT) for place in OBJECT),
        ("documents", ("documents",), ("reference",)),
        ("children", ("children",), ("reference",)),
        ("parents", ("parents",), ("reference",)),
    ),
    *(
        Hint(kind=kind, canonical="status", words=("status", "document status", "state", "Freigabestatus"), types=TEXT,
             values=STATUSES)
        for kind in ("asset", "workspace")
    ),
)  # fmt: skip
