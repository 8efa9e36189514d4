"""The older REST interface: one list of products, by pages, read only."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from starlette.requests import Request

from . import naming
from .reading import contributors
from .resources import STYLES
from .searches import digits
from .state import Record, State
from .texts import as_html

PER_PAGE = 100
TEXT_CODES = {
    "MAIN_DESCRIPTION": "01", "SHORT_DESCRIPTION": "02", "TABLE_OF_CONTENTS": "04", "REVIEW_QUOTE": "08",
    "PROMOTIONAL_HEADLINE": "09", "BIOGRAPHICAL_NOTE": "13", "BACK_COVER_COPY": "18", "EXCERPT": "23", "ENDORSEMENT": "30",
}  # fmt: skip
"""ONIX 2.1 List 33 by variant."""
FILTERS: Mapping[str, Callable[[Record, str], bool]] = {
    "id_eq": lambda one, value: str(one["id"]) == value,
    "isbn_eq": lambda one, value: digits(one.get("isbn13")) == digits(value),
    "work_title_cont": lambda one, value: value.lower() in naming.full_title(one).lower(),
    "pub_date_eq": lambda one, value: one.get("publicationDate") == value,
    "shops_id_eq": lambda one, value: value in map(str, one.get("shopIds") or ()),
}
"""Any other condition is ignored, as the search library does: a mistyped one gives the whole catalogue."""


def answer(state: State, request: Request) -> dict[str, Any]:
    """One page of the products that fit."""
    found = matching(state, request.query_params.multi_items())
    size = per_page(state, request.query_params.get("per_page"))
    pages = max(1, math.ceil(len(found) / size)) if size else 1
    number = max(1, whole(request.query_params.get("page"), 1))
    page = found[(number - 1) * size : number * size] if size else found
    return {
        "current_page": number,
        "per_page": size or len(found),
        "total_pages": pages,
        "url": f"{state.base_url}{request.url.path}",
        "products": [product(state, one) for one in page],
    }


def per_page(state: State, asked: str | None) -> int:
    cap = state.switches.page_cap
    wanted = whole(asked, cap or PER_PAGE)
    return min(wanted, cap) if cap else (whole(asked, 0))


def whole(text: str | None, otherwise: int) -> int:
    return int(text) if text is not None and text.isdigit() and int(text) > 0 else otherwise


def matching(state: State, parameters: Sequence[tuple[str, str]]) -> list[Record]:
    asked = [
        (FILTERS[name[2:-1]], value) for name, value in parameters if name.startswith("q[") and name[2:-1] in FILTERS
    ]
    return [one for one in state.every("Product") if all(test(one, value) for test, value in asked)]


def product(state: State, one: Record) -> dict[str, Any]:
    work = state.get("Work", one["workId"]) or {}
    return {
        "id": one["id"],
        "work_id": one["workId"],
        "full_title": naming.full_title(one),
        "subtitle": one.get("subtitle"),
        "pub_date": one.get("publicationDate"),
        "publishing_status": code(one.get("onixPublishingStatusCode")),
        "out_of_print_date": None,
        "product_form": code(one.get("onix21ProductFormCode")),
        "edition_type_codes": None,
        "edition_statement": work.get("editionStatement"),
        "edition_number": work.get("editionNumber"),
        "isbn": hyphenated(one.get("isbn13")),
        "product_doi": one.get("productIdentifyingDoi"),
        "weblinks": [{"link": link["link"], "role": code(link["role"])} for link in links(state, one)],
        "extents": extents(one),
        "measurements": measurements(one),
        "authorship": contributors(state, work, {}),
        "prices": [price(each) for each in one.get("prices") or ()],
        "rights_not_available_countries": one.get("notForSaleCountryCodes") or [],
        **of_work(state, work),
        **classes(state, one, work),
        **shared(state, one, work),
    }


def of_work(state: State, work: Record) -> dict[str, Any]:
    return {
        "work_doi": work.get("identifyingDoi"),
        "lc_control_number": work.get("lccn"),
        "in_house_work_reference": work.get("inHouseWorkReference"),
        "publishers_url": work.get("publishersUrl"),
        "imprint": named(state, "Imprint", work.get("imprintId")),
        "main_subject_id": next((each.get("id") for each in work.get("subjects") or ()), None),
        "series_ids": [each["seriesId"] for each in work.get("seriesMemberships") or ()],
        "keywords": work.get("keywords") or [],
    }


def classes(state: State, one: Record, work: Record) -> dict[str, Any]:
    return {
        "in_house_format": named(state, "InHouseFormat", one.get("inHouseFormatId")),
        "in_house_edition": named(state, "InHouseEdition", one.get("inHouseEditionId")),
        "work_type_name": named(state, "WorkType", work.get("workTypeId")),
        "season_name": named(state, "Season", work.get("seasonId")),
        "marketing_tier_name": named(state, "MarketingTier", work.get("marketingTierId")),
        "project_stage_name": named(state, "ProjectStage", work.get("projectStageId")),
    }


def shared(state: State, one: Record, work: Record) -> dict[str, Any]:
    """Texts and images of the work that are about this product, and its other formats."""
    texts = [each for each in state.children(work, "MarketingText") if one["id"] in each["productIds"]]
    images = [each for each in state.children(work, "SupportingResource") if one["id"] in each["productIds"]]
    others = [each for each in state.children(work, "Product") if each["id"] != one["id"]]
    return {
        "marketingtexts": [
            {
                "code": TEXT_CODES.get(str(each.get("variant")), "99"),
                "external_text": as_html(each["externalTextMarkdown"]),
            }
            for each in texts
        ],
        "supportingresources": [{"style_urls": styles(state, each)} for each in images if each.get("blob")],
        "all_related_products": [{"relation_code": "06", "isbn": hyphenated(each.get("isbn13"))} for each in others],
    }


def styles(state: State, resource: Record) -> list[dict[str, str]]:
    base = f"{state.base_url}/files/{resource['id']}"
    return [{"style": style, "url": f"{base}/{style}.jpg"} for style in STYLES]


def links(state: State, one: Record) -> list[Record]:
    return state.several("WebLink", one.get("webLinks") or ())


def price(one: Record) -> dict[str, str]:
    qualifier = one["onixPriceTypeQualifierCode"].lstrip("_")
    return {
        "currency_code": one["currencyCode"],
        "price_amount": f"{one['amount']:.2f}",
        "price_qualifier": qualifier,
    }


def extents(one: Record) -> dict[str, Any]:
    pages = one.get("mainContentPageCount")
    return {"page_count": pages, "main_content_page_count": pages, "number_of_words": one.get("wordCount")}


def measurements(one: Record) -> dict[str, Any]:
    sides = [one.get(name) for name in ("productHeight", "productWidth", "productThickness")]
    known = [side for side in sides if side is not None]
    if len(known) < 3:
        return {"product_dimensions_mm": None, "product_dimensions_in": None}
    return {
        "product_dimensions_mm": " × ".join(f"{side:g}" for side in known),
        "product_dimensions_in": " × ".join(f"{round(side / 25.4 * 16) / 16:g}" for side in known),
    }


def named(state: State, type: str, id: int | None) -> str | None:
    found = state.get(type, id)
    return str(found["name"]) if found else None


def code(spelling: str | None) -> str | None:
    return None if spelling is None else spelling.removeprefix("_")


def hyphenated(isbn13: str | None) -> str:
    return str(naming.isbn_object(isbn13)["isbnWithDashes"]) if isbn13 else "No ISBN"
