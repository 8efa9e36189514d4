"""How the fields of the schema are answered from the records."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from . import naming, searches
from .codelists import onix_code
from .searches import filtered, fits
from .state import Record, State
from .texts import as_html, plain

Args = Mapping[str, Any]
Resolver = Callable[[State, Record, Args], Any]

PRODUCT_LISTS = ("contributions", "marketingTexts", "supportingResources")
"""Shared records of a work that say by `productIds` which products they are about."""


# ── roots ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def capped(state: State, found: Sequence[Record]) -> Sequence[Record]:
    return found[: state.switches.page_cap] if state.switches.page_cap else found


def products(state: State, _: Record, args: Args) -> Sequence[Record]:
    return capped(state, products_found(state, args))


def products_found(state: State, args: Args) -> list[Record]:
    search, works, prices = args.get("productSearch"), args.get("workSearch"), args.get("priceSearch")
    by_id = (search or {}).get("idEq")
    candidates = state.several("Product", [by_id]) if by_id is not None else state.every("Product")
    found = filtered(candidates, search, searches.PRODUCT)
    if works:
        found = [one for one in found if fits(state.get("Work", one["workId"]) or {}, works, searches.WORK)]
    if prices:
        found = [one for one in found if filtered(one.get("prices") or (), prices, searches.PRICE)]
    return found


def product(state: State, _: Record, args: Args) -> Record | None:
    return next(iter(products_found(state, args)), None)


def works_found(state: State, args: Args) -> list[Record]:
    search, wanted = args.get("workSearch"), args.get("productSearch")
    by_id = (search or {}).get("idEq")
    candidates = state.several("Work", [by_id]) if by_id is not None else state.every("Work")
    found = filtered(candidates, search, searches.WORK)
    return [
        one
        for one in found
        if not wanted or any(fits(each, wanted, searches.PRODUCT) for each in state.children(one, "Product"))
    ]


def works(state: State, _: Record, args: Args) -> Sequence[Record]:
    return capped(state, works_found(state, args))


def work(state: State, _: Record, args: Args) -> Record | None:
    return next(iter(works_found(state, args)), None)


def contract(state: State, _: Record, args: Args) -> Record | None:
    return next(iter(filtered(state.every("Contract"), args.get("contractSearch"), searches.CONTRACT)), None)


def contacts(state: State, _: Record, args: Args) -> Sequence[Record]:
    return capped(state, filtered(state.every("Contact"), args.get("contactSearch"), searches.CONTACT))


def organisation(state: State, _: Record, args: Args) -> Record | None:
    known = [one for one in state.every("Contact") if one["__typename"] == "Organisation"]
    return next(iter(filtered(known, args.get("organisationSearch"), searches.ORGANISATION)), None)


def person(state: State, _: Record, args: Args) -> Record | None:
    found = state.get("Contact", args["id"])
    return found if found and found["__typename"] == "Person" else None


def to_dos(state: State, _: Record, args: Args) -> Sequence[Record]:
    return capped(state, filtered(state.every("ToDo"), args.get("toDoSearch"), searches.TO_DO))


# ── members ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def children(type: str) -> Resolver:
    return lambda state, one, _: state.children(one, type)


def shared(type: str) -> Resolver:
    """A work's records that are about this product."""

    def resolve(state: State, one: Record, args: Args) -> list[Record]:
        found = state.children(state.get("Work", one["workId"]), type)
        return by_variant([each for each in found if one["id"] in each["productIds"]], args)

    return resolve


def by_variant(found: Sequence[Record], args: Args) -> list[Record]:
    wanted = args.get("variantIn")
    return [one for one in found if not wanted or one.get("variant") in wanted]


def linked(type: str, field: str) -> Resolver:
    return lambda state, one, _: state.get(type, one.get(field))


def name_of(type: str, field: str) -> Resolver:
    return lambda state, one, _: (state.get(type, one.get(field)) or {}).get("name")


def work_products(state: State, one: Record, args: Args) -> list[Record]:
    return filtered(state.children(one, "Product"), args.get("productSearch"), searches.PRODUCT)


def subjects(_: State, one: Record, args: Args) -> list[Record]:
    wanted = args.get("schemesIn")
    spelled = {"BIC": "BIC", "THEMA": "Thema", "BISAC": "BISAC"}
    return [
        {"__typename": spelled[each["scheme"]], **each}
        for each in one.get("subjects") or ()
        if (not wanted or each["scheme"] in wanted) and (each["main"] or not args.get("mainOnly"))
    ]


def prices(_: State, one: Record, args: Args) -> list[Record]:
    found = filtered(one.get("prices") or (), args.get("priceSearch"), searches.PRICE)
    return [naming.price_object(each) for each in found]


def contributors(state: State, one: Record, _: Args) -> str | None:
    names = [
        (state.get("Contact", each["contactId"]) or {}).get("name") for each in state.children(one, "Contribution")
    ]
    return " and ".join(name for name in names if name) or None


def of_product(resolve: Resolver) -> Resolver:
    """The same of the product's work."""
    return lambda state, one, args: resolve(state, state.get("Work", one["workId"]) or {}, args)


def text(field: str) -> Resolver:
    return lambda _, one, args: (plain if args.get("stripHtml") else as_html)(one.get(field))


def day(field: str) -> Resolver:
    return lambda _, one, args: naming.formatted(one.get(field), args["directives"])


def dimension(field: str) -> Resolver:
    return lambda _, one, args: naming.length(one.get(field), args["unit"])


def same_contact(state: State, one: Record, _: Args) -> list[Record]:
    return [each for each in state.every("Contribution") if each["contactId"] == one["id"]]


def editions(type: str, field: str) -> Resolver:
    """How often a classification is used by products."""
    return lambda state, one, _: sum(1 for each in state.store.all(type) if each.get(field) == one["id"])


def pairs(type: str, theirs: str, ours: str) -> Resolver:
    """Formats that occur with an edition, or editions with a format."""

    def resolve(state: State, one: Record, _: Args) -> list[Record]:
        ids = {each.get(theirs) for each in state.store.all("Product") if each.get(ours) == one["id"]}
        return state.several(type, sorted(id for id in ids if id))

    return resolve


def member(state: State, one: Record, _: Args) -> list[Record]:
    return [each | {"series": state.get("Series", each["seriesId"])} for each in one.get("seriesMemberships") or ()]


RESOLVERS: Mapping[tuple[str, str], Resolver] = {
    ("Query", "products"): products,
    ("Query", "product"): product,
    ("Query", "works"): works,
    ("Query", "work"): work,
    ("Query", "contract"): contract,
    ("Query", "contacts"): contacts,
    ("Query", "organisation"): organisation,
    ("Query", "person"): person,
    ("Query", "toDos"): to_dos,
    ("Query", "projectStages"): lambda state, _, __: list(state.every("ProjectStage")),
    ("Work", "products"): work_products,
    ("Work", "contributions"): children("Contribution"),
    ("Work", "marketingTexts"): lambda state, one, args: by_variant(state.children(one, "MarketingText"), args),
    ("Work", "supportingResources"): children("SupportingResource"),
    ("Work", "productionRuns"): children("ProductionRun"),
    ("Work", "productionFiles"): children("ProductionFile"),
    ("Work", "toDos"): children("ToDo"),
    ("Work", "contract"): linked("Contract", "contractId"),
    ("Work", "imprint"): linked("Imprint", "imprintId"),
    ("Work", "projectStage"): name_of("ProjectStage", "projectStageId"),
    ("Work", "season"): name_of("Season", "seasonId"),
    ("Work", "workType"): name_of("WorkType", "workTypeId"),
    ("Work", "marketingTier"): name_of("MarketingTier", "marketingTierId"),
    ("Work", "alternativeTitles"): lambda _, one, __: "; ".join(one.get("alternativeTitles") or ()) or None,
    ("Work", "subjectCodes"): subjects,
    ("Work", "seriesMemberships"): member,
    ("Work", "authorshipDescription"): contributors,
    ("Work", "contributorPrettyList"): contributors,
    ("Work", "audience"): lambda _, one, __: one.get("audience") or {},
    ("Product", "fullTitle"): lambda _, one, __: naming.full_title(one),
    ("Product", "isbn"): lambda _, one, __: naming.isbn_object(one.get("isbn13")),
    ("Product", "work"): linked("Work", "workId"),
    ("Product", "contributions"): shared("Contribution"),
    ("Product", "marketingTexts"): shared("MarketingText"),
    ("Product", "supportingResources"): shared("SupportingResource"),
    ("Product", "prices"): prices,
    ("Product", "webLinks"): lambda state, one, _: state.several("WebLink", sorted(one.get("webLinks") or ())),
    ("Product", "inHouseEdition"): linked("InHouseEdition", "inHouseEditionId"),
    ("Product", "inHouseFormat"): linked("InHouseFormat", "inHouseFormatId"),
    ("Product", "authorshipDescription"): of_product(contributors),
    ("Product", "productAuthorshipDescription"): of_product(contributors),
    ("Product", "publicationDateString"): day("publicationDate"),
    ("Product", "plannedPublicationDateString"): day("plannedPublicationDate"),
    ("Product", "productHeight"): dimension("productHeight"),
    ("Product", "productWidth"): dimension("productWidth"),
    ("Product", "productThickness"): dimension("productThickness"),
    ("Product", "actualEditionStatement"): lambda state, one, _: (state.get("Work", one["workId"]) or {}).get(
        "editionStatement"
    ),
    ("MarketingText", "externalText"): text("externalTextMarkdown"),
    ("MarketingText", "internalText"): text("internalTextMarkdown"),
    ("MarketingText", "alternateExternalText"): text("alternateExternalTextMarkdown"),
    ("MarketingText", "externalTextNumberOfCharacters"): lambda _, one, __: len(plain(one.get("externalTextMarkdown"))),
    ("MarketingText", "internalTextNumberOfCharacters"): lambda _, one, __: len(plain(one.get("internalTextMarkdown"))),
    ("MarketingText", "htmlCharsCount"): lambda _, one, __: str(len(as_html(one.get("externalTextMarkdown")))),
    ("MarketingText", "approvalStatusName"): lambda _, one, __: (
        str(one.get("approvalStatus") or "").replace("_", " ").capitalize()
    ),
    ("MarketingText", "onixContentAudiences"): lambda _, one, __: [
        onix_code(154, code) for code in one["onixContentAudienceCodes"]
    ],
    ("MarketingText", "products"): lambda state, one, _: state.several("Product", one["productIds"]),
    ("MarketingText", "work"): linked("Work", "workId"),
    ("SupportingResource", "aspectRatio"): lambda _, one, __: (
        round(one["width"] / one["height"], 4) if one.get("width") and one.get("height") else None
    ),
    ("SupportingResource", "onixContentAudience"): lambda _, one, __: [
        found for found in [onix_code(154, one.get("onixContentAudienceCode"))] if found
    ],
    ("Contribution", "contributor"): linked("Contact", "contactId"),
    ("Contribution", "work"): linked("Work", "workId"),
    ("Contact", "contributions"): same_contact,
    ("ToDo", "work"): linked("Work", "workId"),
    ("ProductionRun", "work"): linked("Work", "workId"),
    ("ProductionRun", "workId"): linked("Work", "workId"),
    ("Quantity", "product"): linked("Product", "productId"),
    ("Quantity", "productionRunId"): linked("ProductionRun", "runId"),
    ("Contract", "work"): lambda state, one, _: next(
        (each for each in state.every("Work") if each.get("contractId") == one["id"]), None
    ),
    ("InHouseEdition", "productsCount"): editions("Product", "inHouseEditionId"),
    ("InHouseFormat", "productsCount"): editions("Product", "inHouseFormatId"),
    ("InHouseEdition", "inHouseFormats"): pairs("InHouseFormat", "inHouseFormatId", "inHouseEditionId"),
    ("InHouseFormat", "inHouseEditions"): pairs("InHouseEdition", "inHouseEditionId", "inHouseFormatId"),
    ("WebLink", "note"): lambda _, one, __: one.get("description"),
    ("WebLink", "type"): lambda _, __, ___: "OTHER",
    ("WebLink", "linktype"): lambda _, __, ___: "other",
}
