"""Marketing texts one by one, whatever their state: what readers may see today is at the product."""

from lockgate.connectors.consonance.mapping.common import Frame, Record, day, isbn_of, kept, numbers, revision
from lockgate.connectors.consonance.mapping.texts import LANGUAGES, NAMES, told
from lockgate.model.item import UND, Item, Relation
from lockgate.model.lifecycle import Status
from lockgate.model.rights import Period

STATUS = {
    "APPROVED": Status.APPROVED,
    "FOR_APPROVAL": Status.IN_REVIEW,
    "DRAFT": Status.DRAFT,
    "REJECTED": Status.REJECTED,
}


def text_items(record: Record, frame: Frame) -> list[Item]:
    """Every text of a work."""
    return [text_item(one, record, frame) for one in record.get("marketingTexts") or ()]


def text_item(one: Record, work: Record, frame: Frame) -> Item:
    """A text with its embargo as its window."""
    products = [each for each in work.get("products") or () if each["id"] in (one.get("productIds") or ())]
    language = LANGUAGES.get(str(one.get("onixLanguageCode")))
    begins = [at for at in (day(one.get("fromDate")), day(one.get("dateReleased"))) if at is not None]
    variant = str(one.get("variant") or "")
    said = str(one.get("externalText") or "").strip()
    return Item(
        system=frame.system,
        kind="text",
        id=f"{work['id']}-{one['id']}",
        revision=revision(one, [isbn_of(each) for each in products]),
        identifiers={**numbers(map(isbn_of, products)), "family": (str(work["id"]),)},
        title={UND: variant.replace("_", " ").capitalize()} if variant else {},
        texts={NAMES.get(variant, "text"): {language or UND: said}} if said else {},
        status=STATUS.get(str(one.get("approvalStatus")), Status.UNKNOWN),
        status_label=str(one.get("approvalStatus") or ""),
        languages=(language,) if language else (),
        window=Period.of_days(max(begins, default=None), day(one.get("untilDate")), frame.profile.zone),
        relations=tuple(Relation(type="of", kind="product", id=str(each["id"])) for each in products),
        fields=kept({**told(one), "work": str(work["id"])}),
        url=frame.page(work["id"]),
    )
