"""What there is to match: fields of the account's schema as profile discovery sees them, and by which words they are known.

Consonance's fields are the same everywhere; what differs between accounts is which of them the schema really has, and what
says that a title may go out.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from graphql import get_named_type, is_enum_type

from lockgate.connectors.consonance.client import LiveSchema
from lockgate.kit.profile import FieldInfo, Hint
from lockgate.model.item import ASSET, PRODUCT

RELEASE = {"true": "approved", "false": "draft"}
STAGES = {
    "published": "approved",
    "assets ready": "approved",
    "in production": "in_review",
    "acquisition": "draft",
    "editorial": "draft",
    "cancelled": "archived",
}
IMAGE = {"approved": "approved", "draft": "draft"}
APPROVAL = {"approved": "approved", "for_approval": "in_review", "draft": "draft", "rejected": "rejected"}


class Known(NamedTuple):
    """A field: its name in our records, where the schema has it, and what it means."""

    canonical: str
    name: str
    on: str
    label: str
    type: str
    multiple: bool = False
    writable: bool = False
    values: Mapping[str, str] = {}
    target: str | None = None


PRODUCTS = (
    Known("ids.isbn", "isbn.isbn13", "Product.isbn", "ISBN", "text"),
    Known("ids.gtin", "gtin", "Product.isbn", "GTIN, the ISBN's digits", "text"),
    Known("ids.sku", "sku", "Product.isbn", "SKU, see quirk sku", "text"),
    Known("ids.family", "work.id", "Product.work", "Work number", "text"),
    Known("title", "fullTitle", "Product.fullTitle", "Full title", "text"),
    Known("texts.subtitle", "subtitle", "Product.subtitle", "Subtitle", "text", writable=True),
    Known("texts.description", "texts.MAIN_DESCRIPTION", "Product.marketingTexts", "Main description", "text"),
    Known("texts.short_description", "texts.SHORT_DESCRIPTION", "Product.marketingTexts", "Short description", "text"),
    Known("keywords.subject", "work.keywords", "Work.keywords", "Keywords", "text", multiple=True),
    Known("status", "allowOnixExports", "Product.allowOnixExports", "Allow ONIX exports", "boolean", values=RELEASE),
    Known(
        "rights.territories", "forSaleCountryCodes", "Product.forSaleCountryCodes", "For sale in", "text", multiple=True
    ),
    Known(
        "rights.prohibited",
        "notForSaleCountryCodes",
        "Product.notForSaleCountryCodes",
        "Not for sale in",
        "text",
        multiple=True,
    ),
    Known("rights.statement", "salesRightsDescription", "Product.salesRightsDescription", "Sales rights", "text"),
    Known(
        "window.from",
        "publicAnnouncementDate",
        "Product.publicAnnouncementDate",
        "Announcement date",
        "date",
        writable=True,
    ),
    Known(
        "fields.publication_date",
        "publicationDate",
        "Product.publicationDate",
        "Publication date",
        "date",
        writable=True,
    ),
    Known(
        "fields.planned_publication_date",
        "plannedPublicationDate",
        "Product.plannedPublicationDate",
        "Planned publication date",
        "date",
        writable=True,
    ),
    Known(
        "fields.publishing_status",
        "onixPublishingStatusCode",
        "Product.onixPublishingStatusCode",
        "Publishing status",
        "choice",
    ),
    Known(
        "fields.availability",
        "onixProductAvailabilityCode",
        "Product.onixProductAvailabilityCode",
        "Product availability",
        "choice",
    ),
    Known("fields.form", "onix21ProductFormCode", "Product.onix21ProductFormCode", "Product form", "choice"),
    Known("fields.format", "inHouseFormat", "Product.inHouseFormat", "In-house format", "text"),
    Known("fields.edition", "inHouseEdition", "Product.inHouseEdition", "In-house edition", "text"),
    Known("fields.authors", "authorshipDescription", "Product.authorshipDescription", "Authorship", "text"),
    Known("fields.prices", "prices", "Product.prices", "Prices", "number", multiple=True),
    Known("fields.imprint", "work.imprint", "Work.imprint", "Imprint", "text"),
    Known("fields.season", "season", "Work.season", "Season", "text"),
    Known("fields.project_stage", "projectStage", "Work.projectStage", "Project stage", "choice"),
    Known(
        "images",
        "supportingResources",
        "Product.supportingResources",
        "Supporting resources",
        "reference",
        True,
        True,
        target=ASSET,
    ),
)
OF_PRODUCTS = (
    Known("ids.isbn", "isbn", "Product.isbn", "ISBN of its products", "text", multiple=True),
    Known("ids.gtin", "gtin", "Product.isbn", "GTIN of its products", "text", multiple=True),
    Known("ids.family", "work.id", "Product.work", "Work number", "text"),
)
WORKS = (
    *OF_PRODUCTS[:2],
    Known("ids.family", "id", "Work.id", "Work number", "text"),
    Known("title", "title", "Work.title", "Title", "text"),
    Known("texts.subtitle", "subtitle", "Work.subtitle", "Subtitle", "text"),
    Known("keywords.subject", "keywords", "Work.keywords", "Keywords", "text", multiple=True, writable=True),
    Known("status", "projectStage", "Work.projectStage", "Project stage", "choice", writable=True, values=STAGES),
    Known("fields.season", "season", "Work.season", "Season", "text"),
    Known("fields.imprint", "imprint", "Work.imprint", "Imprint", "text"),
    Known("fields.milestones", "toDos", "Work.toDos", "To-dos", "reference", True, target="task"),
)
IMAGES = (
    *OF_PRODUCTS,
    Known("texts.caption", "caption", "SupportingResource.caption", "Caption", "text", writable=True),
    Known("texts.copyright", "copyright", "SupportingResource.copyright", "Copyright", "text", writable=True),
    Known(
        "texts.credit", "requiredCredit", "SupportingResource.requiredCredit", "Required credit", "text", writable=True
    ),
    Known("status", "status", "SupportingResource.status", "Status", "choice", values=IMAGE),
    Known(
        "fields.variant",
        "resourceVariant",
        "SupportingResource.resourceVariant",
        "Resource variant",
        "choice",
        writable=True,
    ),
    Known(
        "fields.audience",
        "onixContentAudienceCode",
        "SupportingResource.onixContentAudienceCode",
        "Audience",
        "choice",
        writable=True,
    ),
)
TASKS = (
    Known("title", "name", "ToDo.name", "Name", "text"),
    Known("fields.due", "dueDate", "ToDo.dueDate", "Due date", "date", writable=True),
    Known("fields.done", "doneDate", "ToDo.doneDate", "Done date", "date", writable=True),
    Known("fields.assignee", "assigneeName", "ToDo.assigneeName", "Assignee", "text"),
    Known("fields.work", "workId", "ToDo.workId", "Work", "reference", target="work"),
)
TEXTS = (
    *OF_PRODUCTS,
    Known("status", "approvalStatus", "MarketingText.approvalStatus", "Approval status", "choice", values=APPROVAL),
    Known("variant", "variant", "MarketingText.variant", "Variant", "choice", writable=True),
    Known("text", "externalTextMarkdown", "MarketingText.externalTextMarkdown", "External text", "text", writable=True),
    Known(
        "audiences",
        "onixContentAudienceCodes",
        "MarketingText.onixContentAudienceCodes",
        "Audiences",
        "choice",
        True,
        True,
    ),
    Known("language", "onixLanguageCode", "MarketingText.onixLanguageCode", "Language", "choice", writable=True),
    Known("from", "fromDate", "MarketingText.fromDate", "From", "date", writable=True),
    Known("until", "untilDate", "MarketingText.untilDate", "Until", "date", writable=True),
)
KINDS: Mapping[str, Sequence[Known]] = {PRODUCT: PRODUCTS, "work": WORKS, ASSET: IMAGES, "task": TASKS, "text": TEXTS}
HINTS = tuple(
    Hint(kind=kind, canonical=one.canonical, words=(one.label, one.name), types=(one.type,), values=one.values)
    for kind, known in KINDS.items()
    for one in known
)


def fields_of(live: LiveSchema, kind: str, stages: Sequence[str]) -> tuple[FieldInfo, ...]:
    """The fields of a kind that this account's schema has; its project stages are the choices there."""
    return tuple(
        FieldInfo(
            name=one.name,
            label=one.label,
            type=one.type,
            multiple=one.multiple,
            options={stage: stage for stage in stages} if one.name == "projectStage" else options(live, one.on),
            writable=one.writable,
            target=one.target,
        )
        for one in KINDS[kind]
        if live.has(*one.on.split("."))
    )


def options(live: LiveSchema, on: str) -> dict[str, str]:
    """The values of an enum, with the codes behind them as labels."""
    type, _, field = on.partition(".")
    kind: Any = get_named_type(live.schema.type_map[type].fields[field].type)  # type: ignore[attr-defined]
    return {value: value.removeprefix("_") for value in kind.values} if is_enum_type(kind) else {}
