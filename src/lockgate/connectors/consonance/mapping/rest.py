"""Products as the older REST list shows them: fewer facts, in other spellings. What it does not say stays unknown."""

from decimal import Decimal, InvalidOperation
from typing import Any

from lockgate.connectors.consonance.mapping.common import Frame, Record, form_of, kept, numbers, revision, text
from lockgate.connectors.consonance.mapping.product import CLOSED, HELD
from lockgate.connectors.consonance.mapping.rights import SELL
from lockgate.model.codes import isbn13, territory
from lockgate.model.item import PRODUCT, Item, Rendition, Text
from lockgate.model.lifecycle import Status
from lockgate.model.rights import UNKNOWN, Rights, Rule

TEXTS = {
    "01": "description", "02": "short_description", "03": "description", "04": "contents", "08": "review", "09": "headline",
    "13": "biography", "18": "cover_copy", "23": "excerpt", "30": "endorsement",
}  # fmt: skip
"""Canonical names by ONIX 2.1 List 33."""
SIDES = ("height_mm", "width_mm", "thickness_mm")


def rest_item(record: Record, frame: Frame) -> Item:
    """The product. REST does not say whether it may go out, so its status stays unknown unless it is closed."""
    number = isbn13(str(record.get("isbn") or ""))
    work, state = record.get("work_id"), record.get("publishing_status")
    sku = {"isbn": number, "id": str(record["id"]), "none": None}[frame.quirks.sku]
    found = {**numbers([number]), "sku": (sku,) if sku else (), "family": (str(work),) if work else ()}
    return Item(
        system=frame.system,
        kind=PRODUCT,
        id=str(record["id"]),
        revision=revision(record),
        identifiers={name: values for name, values in found.items() if values},
        title=text(record.get("full_title")),
        texts={**texts(record), **({"subtitle": said} if (said := text(record.get("subtitle"))) else {})},
        status=Status.ARCHIVED if state in CLOSED else Status.DRAFT if state in HELD else Status.UNKNOWN,
        status_label=f"publishing status {state}" if state else "",
        keywords={"subject": words} if (words := tuple(map(str, record.get("keywords") or ()))) else {},
        rights=rights(record),
        renditions=tuple(renditions(record)),
        fields=kept(fields(record)),
        url=frame.page(work) if work else None,
    )


def texts(record: Record) -> dict[str, Text]:
    found: dict[str, Text] = {}
    for one in record.get("marketingtexts") or ():
        name = TEXTS.get(str(one.get("code")))
        if name and (said := text(one.get("external_text"))):
            found.setdefault(name, said)
    return found


def rights(record: Record) -> Rights:
    """REST says only where a product is not available: that forbids there, and permits nowhere."""
    stated = [territory(str(code)) for code in record.get("rights_not_available_countries") or ()]
    scope = UNKNOWN if any(one is None for one in stated) else frozenset(one for one in stated if one)
    return Rights(prohibitions=(Rule(action=SELL, territories=scope, source="Consonance REST"),) if stated else ())


def renditions(record: Record) -> list[Rendition]:
    """Rendered covers in public storage, by style."""
    found: dict[str, Rendition] = {}
    for resource in record.get("supportingresources") or ():
        for one in resource.get("style_urls") or ():
            style, url = str(one.get("style")), str(one.get("url"))
            found.setdefault(
                style, Rendition(name=style, filename=f"{style}.jpg", address=url, version=url, media_type="image/jpeg")
            )
    return list(found.values())


def fields(record: Record) -> dict[str, Any]:
    extents = record.get("extents") or {}
    return {
        "form": form_of(record.get("product_form")),
        "subtitle": record.get("subtitle"),
        "authors": record.get("authorship"),
        "publishing_status": record.get("publishing_status"),
        "publication_date": record.get("pub_date"),
        "out_of_print_date": record.get("out_of_print_date"),
        "edition": record.get("in_house_edition"),
        "format": record.get("in_house_format"),
        "edition_number": record.get("edition_number"),
        "edition_statement": record.get("edition_statement"),
        "imprint": record.get("imprint"),
        "season": record.get("season_name"),
        "project_stage": record.get("project_stage_name"),
        "marketing_tier": record.get("marketing_tier_name"),
        "work_type": record.get("work_type_name"),
        "work": str(record["work_id"]) if record.get("work_id") else None,
        "doi": record.get("work_doi"),
        "prices": [price(one) for one in record.get("prices") or ()],
        "not_sold_in": list(record.get("rights_not_available_countries") or ()),
        "pages": extents.get("main_content_page_count") or extents.get("page_count"),
        **sides(record),
    }


def price(one: Record) -> dict[str, Any]:
    """Amounts come as text or as a number."""
    try:
        amount = str(Decimal(str(one.get("price_amount"))))
    except InvalidOperation:
        amount = None
    return kept({"amount": amount, "currency": one.get("currency_code"), "qualifier": one.get("price_qualifier")})


def sides(record: Record) -> dict[str, float]:
    """`198 × 129 × 22` is height, width, thickness."""
    told = str((record.get("measurements") or {}).get("product_dimensions_mm") or "")
    try:
        found = [float(part) for part in told.split("×")] if told else []
    except ValueError:
        found = []
    return dict(zip(SIDES, found, strict=True)) if len(found) == len(SIDES) else {}
