"""The operations we send. Every one of them is valid against our schema; a test sees to that."""

from collections.abc import Sequence

RESOURCE = """
  id resourceVariant status url filename imageRemoteUrl width height fileSize imageContentType createdAt isProcessing
  delayedJobStatus caption copyright requiredCredit onixContentAudienceCode productIds
"""
TEXT = """
  id variant approvalStatus externalText externalTextMarkdown externalTextNumberOfCharacters internalTextMarkdown
  onixContentAudienceCodes onixLanguageCode fromDate untilDate dateReleased productIds
"""
CONTRIBUTION = """
  sequenceNumber onixContributorRoleCode productIds
  contributor {
    __typename id name isni
    ... on Person { keyNames personNameInverted biographicalNote }
    ... on Organisation { organisationName biographicalNote }
  }
"""
PAPER = "productHeight(unit: MM) productWidth(unit: MM) productThickness(unit: MM)"

PRODUCT = f"""
fragment Parts on Product {{
  __typename id fullTitle titlePrefix titleWithoutPrefix subtitle asin authorshipDescription actualEditionStatement
  isbn {{ isbn13 }}
  onix21ProductFormCode onixPublishingStatusCode onixProductAvailabilityCode
  publicationDate plannedPublicationDate publicAnnouncementDate allowOnixExports
  inHouseEdition {{ id name code }} inHouseFormat {{ id name code }}
  prices {{ id amount currencyCode onixPriceTypeCode onixPriceTypeQualifierCode effectiveFrom effectiveTo }}
  forSaleCountryCodes notForSaleCountryCodes isForSaleWorldwide salesRightsDescription
  salesRights {{
    onixSalesRightsType {{ code }} countriesIncluded regionsIncluded countriesExcluded regionsExcluded
  }}
  webLinks {{ id link role description includeInOnix }}
  ... on PhysicalBookProduct {{ {PAPER} mainContentPageCount totalNumberedPages wordCount }}
  ... on ElectronicBookProduct {{ absolutePageCount approximatePageCount epubTypeDescription epubTypeVersion }}
  ... on ElectronicAudioProduct {{ durationMinutes }}
  ... on PhysicalAudioProduct {{ {PAPER} durationMinutes }}
  ... on PhysicalProduct {{ {PAPER} }}
  work {{
    id title subtitle season projectStage workType marketingTier keywords editionNumber editionStatement identifyingDoi
    inHouseWorkReference publishersUrl
    imprint {{ id name }}
    contributions {{ {CONTRIBUTION} }}
    subjectCodes {{ __typename code description main }}
    seriesMemberships {{ partNumber series {{ id name }} }}
    marketingTexts {{ {TEXT} }}
    supportingResources {{ {RESOURCE} }}
    productionFiles {{ id fileVariant approvalStatus allowDistribution exists fileFormat filename fileSize productIds }}
    products {{ id isbn {{ isbn13 }} onix21ProductFormCode }}
    contract {{ id terminatedDate }}
  }}
}}
"""
WORK = f"""
fragment Parts on Work {{
  id title subtitle season projectStage workType marketingTier keywords editionNumber editionStatement identifyingDoi
  inHouseWorkReference publishersUrl authorshipDescription
  imprint {{ id name }}
  contributions {{ {CONTRIBUTION} }}
  subjectCodes {{ __typename code description main }}
  seriesMemberships {{ partNumber series {{ id name }} }}
  marketingTexts {{ {TEXT} }}
  supportingResources {{ {RESOURCE} }}
  toDos {{ id name assigneeName dueDate doneDate dueDateWhenDone note }}
  productionRuns {{ id name deliveryDate productIds quantities {{ productId quantity receivedQuantity }} }}
  productionFiles {{ id fileVariant approvalStatus allowDistribution exists fileFormat filename fileSize productIds }}
  products {{
    id isbn {{ isbn13 }} onix21ProductFormCode onixPublishingStatusCode publicationDate plannedPublicationDate
    inHouseFormat {{ name }}
  }}
  contract {{
    id contractName signedDate term terminatedDate
    licensedRights {{ id rightType authorCut }}
    deliveryDates {{ id deliverableType dateDue slippedDate percentageOfTotal }}
  }}
}}
"""
IMAGES = f"""
fragment Parts on Work {{
  id title
  supportingResources {{ {RESOURCE} }}
  products {{ id isbn {{ isbn13 }} }}
}}
"""
TEXTS = f"""
fragment Parts on Work {{
  id
  marketingTexts {{ {TEXT} }}
  products {{ id isbn {{ isbn13 }} }}
}}
"""
TO_DO = "id name assigneeName dueDate doneDate dueDateWhenDone note workId"

PRODUCT_IDS = """
query ProductIds($since: ISO8601Date, $after: Int) {
  products(productSearch: {changedSince: $since, after: $after}) { id }
}
"""
WORK_IDS = """
query WorkIds($since: ISO8601Date, $after: Int) {
  works(workSearch: {changedSince: $since, after: $after}) { id }
}
"""
MARKS = """
query Marks($since: ISO8601Date, $after: Int) {
  works(workSearch: {changedSince: $since, after: $after}) {
    id
    supportingResources { id filename }
    marketingTexts { id internalTextMarkdown }
  }
}
"""
TO_DOS = f"""
query ToDos($since: ISO8601Date, $after: Int) {{
  toDos(toDoSearch: {{changedSince: $since, after: $after}}) {{ {TO_DO} }}
}}
"""
TO_DO_BY_ID = f"""
query ToDo($id: Int!) {{
  toDos(toDoSearch: {{idEq: $id}}) {{ {TO_DO} }}
}}
"""
BY_ISBN = """
query ByIsbn($isbns: [String!]!, $after: Int) {
  products(productSearch: {isbn13In: $isbns, after: $after}) { id isbn { isbn13 } work { id } }
}
"""
STAGES = "query Stages { projectStages { id name } }"
CONTRACT = """
query Contract($id: Int!) {
  contract(contractSearch: {idEq: $id}) {
    id contractName signedDate term terminatedDate description
    licensedRights { id rightType authorCut }
    deliveryDates { id deliverableType dateDue slippedDate percentageOfTotal }
    work { id title }
  }
}
"""
CONTACTS = """
query Contacts($name: String!, $after: Int) {
  contacts(contactSearch: {personNameCont: $name, after: $after}) {
    __typename id name isni
    ... on Person { keyNames personNameInverted biographicalNote }
  }
}
"""
ORGANISATION = """
query Organisation($name: String!) {
  organisation(organisationSearch: {nameEq: $name}) { __typename id name organisationName isni }
}
"""
FIRST = "query First { works { id } }"
LINKS = "query Links($id: Int!) { product(productSearch: {idEq: $id}) { id webLinks { id link role description includeInOnix } } }"

RESULTS = {
    "createMarketingText": f"marketingText {{ {TEXT} }}",
    "updateMarketingText": f"marketingText {{ {TEXT} }}",
    "deleteMarketingText": "success",
    "createSupportingResource": f"presignedUrl supportingResource {{ {RESOURCE} }}",
    "updateSupportingResource": f"supportingResource {{ {RESOURCE} }}",
    "processSupportingResource": f"supportingResource {{ {RESOURCE} }}",
    "deleteSupportingResource": "success",
    "createWebLink": "webLink { id link role description includeInOnix }",
    "updateWebLink": "webLink { id link role description includeInOnix }",
    "deleteWebLink": "success",
    "updateContract": "contract { id terminatedDate terminationReason }",
    "updateProduct": (
        "product { id publicationDate plannedPublicationDate publicAnnouncementDate onixPublishingStatusCode "
        "onixProductAvailabilityCode subtitle }"
    ),
    "updateWork": "work { id projectStage keywords }",
    "updateToDo": f"toDo {{ {TO_DO} }}",
}
"""What we ask back of each mutation."""


def input_type(mutation: str) -> str:
    return f"{mutation[0].upper()}{mutation[1:]}Input"


MUTATIONS = {
    name: f"mutation Write($input: {input_type(name)}!) {{ {name}(input: $input) {{ errors {result} }} }}"
    for name, result in RESULTS.items()
}
QUERIES = {
    name: text
    for name, text in globals().copy().items()
    if isinstance(text, str) and text.lstrip().startswith("query ")
}
"""Every query but the batches, by the name it has here."""
FRAGMENTS = {"product": PRODUCT, "work": WORK, "images": IMAGES, "texts": TEXTS}
ROOTS = {"product": "product", "work": "work", "images": "work", "texts": "work"}


def batch(root: str, ids: Sequence[int], fragment: str) -> str:
    """Several look-ups by id in one request, each under the alias `r<id>`."""
    looks = " ".join(f"r{id}: {root}({root}Search: {{idEq: {id}}}) {{ ...Parts }}" for id in ids)
    return f"query Batch {{ {looks} }}\n{fragment}"
