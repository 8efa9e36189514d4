"""The default account: the work of the documented examples, one of each hard case, and enough small products for several pages."""

from datetime import timedelta
from typing import Any

from stdnum import ean

from lockgate.kit.sandbox.samples import sample_file

from .resources import TYPE, put_in
from .state import Record, State

COVER = sample_file("cover.jpg")


def isbn(number: int) -> str:
    """A valid ISBN below the prefix of the examples, by number."""
    body = f"978190500{number:03d}"
    return body + str(ean.calc_check_digit(body))


def fill(state: State) -> None:
    """Fill an emptied account; everything in it was last changed a month ago, but for what is processing."""
    with state.store.transaction():
        tide_clock(state)
        hard_cases(state)
        small_products(state)
        aged(state)


def aged(state: State) -> None:
    """As if nobody had touched anything for a month."""
    before = (state.clock.now() - timedelta(days=30)).date().isoformat()
    for type in ("Work", "Product", "ToDo"):
        state.store.put_many(type, [(one["id"], one | {"changed": before}) for one in state.every(type)])


def classes(state: State) -> dict[str, int]:
    """The account's own classifications; ids by name."""
    listed = {
        "Imprint": ("Sandbox Fiction",),
        "ProjectStage": ("In production", "Assets ready", "Published"),
        "InHouseEdition": ("Paperback", "E-book", "Audiobook", "Hardback"),
        "InHouseFormat": ("B format", "EPUB", "MP3", "Royal"),
        "Season": ("Spring 2027",),
        "WorkType": ("Novel",),
        "MarketingTier": ("A", "B"),
    }
    ids = {name: state.named(type, name) for type, names in listed.items() for name in names}
    for type, name, code in (("InHouseEdition", "Paperback", "PB"), ("InHouseFormat", "B format", "BF")):
        state.save(type, (state.get(type, ids[name]) or {}) | {"code": code})
    return ids


def tide_clock(state: State) -> None:
    """Paperback, EPUB and audio of one novel, with everything a work can have."""
    ids = classes(state)
    contract = state.make("Contract", CONTRACT)
    series = state.make("Series", {"name": "Harbour Stories"})
    work = new_work(
        state,
        "The Tide Clock",
        seasonId=ids["Spring 2027"],
        contractId=contract["id"],
        keywords=["tides", "harbour", "clockmaker"],
        subjects=[{"id": 61, "scheme": "THEMA", "code": "FBA", "main": True}],
        seriesMemberships=[{"id": 55, "seriesId": series["id"], "partNumber": "1"}],
        workTypeId=ids["Novel"],
    )
    paperback = new_product(state, work, "PhysicalBookProduct", "9781905005123", PAPERBACK)
    ebook = new_product(
        state,
        work,
        "ElectronicBookProduct",
        "9781905005130",
        LIMITED | {"onix21ProductFormCode": "DG", "inHouseFormatId": ids["EPUB"]},
    )
    new_product(state, work, "ElectronicAudioProduct", None, {"onix21ProductFormCode": "AJ", "publicationDate": None})
    both = [paperback["id"], ebook["id"]]
    author = state.make("Contact", PERSON)
    state.make("Contribution", CONTRIBUTION | {"workId": work["id"], "contactId": author["id"], "productIds": both})
    state.make("MarketingText", TEXT | {"workId": work["id"], "productIds": both})
    cover: Record = {"resourceVariant": "FRONT_COVER", "status": "APPROVED", "requiredCredit": "Design: J. Quay"}
    new_cover(state, work, both, filename="9781905005123.jpg", **cover)
    schedule(state, work, paperback)


def schedule(state: State, work: Record, product: Record) -> None:
    for name, due, done in (
        ("Manuscript to Production", "2026-09-01", "2026-09-03"),
        ("Files to press", "2027-01-20", None),
    ):
        state.make(
            "ToDo",
            {
                "workId": work["id"],
                "name": name,
                "assigneeName": "P. Okoro",
                "dueDate": due,
                "doneDate": done,
                "dueDateWhenDone": due if done else None,
            },
        )
    quantity = {"id": 451, "productId": product["id"], "quantity": 3000, "name": "Paperback"}
    state.make(
        "ProductionRun",
        {
            "workId": work["id"],
            "name": "First printing",
            "deliveryDate": "2027-02-25",
            "productIds": [product["id"]],
            "quantities": [quantity | {"runId": 401}],
        },
    )
    state.make("ProductionFile", PRODUCTION_FILE | {"workId": work["id"], "productIds": [product["id"]]})


def hard_cases(state: State) -> None:
    """No ISBN, limited territories, embargo, postponed, cancelled, a cover still worked on."""
    lone(state, "A Book Without a Number", None)
    lone(state, "The Border Country", isbn(1), **BORDERS)
    lone(state, "Sealed Orders", isbn(2), publicAnnouncementDate="2099-01-01", publicationDate="2099-03-01")
    lone(state, "The Late Arrival", isbn(3), onixPublishingStatusCode="_03", publicationDate=None)
    lone(state, "Nevermore Again", isbn(4), onixPublishingStatusCode="_01")
    work, product = lone(state, "Work in Progress", isbn(5))
    told = {"resourceVariant": "FRONT_COVER", "status": "DRAFT", "isProcessing": True, "delayedJobStatus": "queued"}
    told |= {"id": 900, "filename": "progress.jpg", "createdAt": state.now()}
    state.make(TYPE, told | {"workId": work["id"], "productIds": [product["id"]]})


def lone(state: State, title: str, isbn13: str | None, **told: Any) -> tuple[Record, Record]:
    """A work with one paperback."""
    work = new_work(state, title)
    return work, new_product(state, work, "PhysicalBookProduct", isbn13, WORLD | told)


def small_products(state: State) -> None:
    for number in range(state.switches.small_books):
        lone(state, f"Small Book {number + 1:03d}", isbn(100 + number))


# ── making ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def new_work(state: State, title: str, **told: Any) -> Record:
    usual = {
        "title": title,
        "keywords": [],
        "imprintId": state.named("Imprint", "Sandbox Fiction"),
        "projectStageId": state.named("ProjectStage", "In production"),
        "changed": state.today(),
    }
    return state.make("Work", usual | told)


def new_product(state: State, work: Record, kind: str, isbn13: str | None, told: Record) -> Record:
    """An edition of the work; its title is the work's, an article in front set apart."""
    prefix, _, rest = str(work["title"]).partition(" ")
    parted = (prefix, rest) if prefix in {"The", "A", "An"} and rest else (None, work["title"])
    usual = {
        "__typename": kind,
        "workId": work["id"],
        "isbn13": isbn13,
        "titlePrefix": parted[0],
        "titleWithoutPrefix": parted[1],
        "onix21ProductFormCode": "BC",
        "onixPublishingStatusCode": "_02",
        "publicationDate": "2027-03-18",
        "allowOnixExports": True,
        "changed": state.today(),
    }
    return state.make("Product", usual | told)


def new_cover(state: State, work: Record, products: list[int], content: bytes = COVER, **told: Any) -> Record:
    made = state.make(TYPE, {"workId": work["id"], "productIds": products, "createdAt": state.now()} | told)
    return put_in(state, made, content)


PERSON = {
    "__typename": "Person",
    "name": "Ada Marlow",
    "personName": "Ada Marlow",
    "personNameInverted": "Marlow, Ada",
} | {
    "keyNames": "Marlow",
    "biographicalNote": "Ada Marlow keeps clocks.",
}
CONTRIBUTION = {"sequenceNumber": 1, "onixContributorRoleCode": "A01"}
CONTRACT = {
    "clientId": 1,
    "client": {"id": 1, "name": "Sandbox Press"},
    "contractName": "Marlow: The Tide Clock",
    "signedDate": "2025-06-02",
    "term": "84",
    "licensedRights": [{"id": 311, "rightType": "Audio", "authorCut": 50.0}],
    "deliveryDates": [
        {
            "id": 321,
            "deliverableType": "Manuscript",
            "dateDue": "2026-08-15",
            "slippedDate": "2026-08-31",
            "percentageOfTotal": 100.0,
        }
    ],
}
TEXT = {
    "variant": "SHORT_DESCRIPTION",
    "approvalStatus": "APPROVED",
    "externalTextMarkdown": "A clockmaker keeps the *sea*.",
    "onixContentAudienceCodes": ["_00"],
    "onixLanguageCode": "eng",
}
PRODUCTION_FILE = {
    "fileVariant": "PRINT_INTERIOR",
    "approvalStatus": "APPROVED",
    "allowDistribution": "NOT_ALLOWED",
    "analysisStatus": "NOT_ANALYSED",
    "exists": True,
    "fileFormat": "PDF",
    "filename": "tide-clock-interior.pdf",
    "fileSize": "5242880",
}


def sales_right(code: str, *countries: str, regions: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"onixSalesRightsTypeCode": code, "countriesIncluded": list(countries), "regionsIncluded": list(regions)}


LIMITED: Record = {
    "forSaleCountryCodes": ["AU", "GB", "IE", "NZ"],
    "notForSaleCountryCodes": ["CA", "US"],
    "isForSaleWorldwide": False,
    "salesRightsDescription": "UK and Commonwealth excluding Canada",
    "salesRights": [sales_right("_01", "AU", "GB", "IE", "NZ"), sales_right("_03", "CA", "US")],
}
BORDERS: Record = {
    "forSaleCountryCodes": ["DE", "GB"],
    "notForSaleCountryCodes": ["US"],
    "isForSaleWorldwide": False,
    "salesRightsDescription": "UK exclusive, Germany not",
    "salesRights": [sales_right("_01", "GB"), sales_right("_02", "DE"), sales_right("_03", "US")],
}
WORLD: Record = {"isForSaleWorldwide": True, "salesRights": [sales_right("_02", regions=("WORLD",))]}
PAPERBACK: Record = LIMITED | {
    "subtitle": "A Novel",
    "plannedPublicationDate": "2027-03-04",
    "inHouseEditionId": 11,
    "inHouseFormatId": 21,
    "prices": [
        {
            "id": 501,
            "amount": 9.99,
            "currencyCode": "GBP",
            "onixPriceTypeCode": "_02",
            "onixPriceTypeQualifierCode": "_05",
        }
    ],
    "productHeight": 198.0,
    "productWidth": 129.0,
    "productThickness": 22.0,
    "mainContentPageCount": 320,
}
