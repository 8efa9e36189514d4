"""The mutations. What the business refuses is said in the payload's `errors`; nothing is stored then."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from graphql import GraphQLError
from stdnum import isbn

from .searches import digits
from .state import Record, State

Input = Mapping[str, Any]
Mutation = Callable[[State, Input], dict[str, Any]]

NOT_FOUND = "Record not found"
OWN = frozenset({"clientMutationId", "id"})


class Unfit(Exception):
    """The business refuses; the message is the sentence."""


def found(state: State, type: str, id: int | None) -> Record:
    record = state.get(type, id)
    if record is None:
        raise Unfit(NOT_FOUND)
    return record


def given(told: Input, *names: str) -> dict[str, Any]:
    """Those of the members that were sent; null empties."""
    return {name: told[name] for name in names if name in told}


def of_work(work: Record, ids: Sequence[int]) -> list[int]:
    """Product ids that must all be products of the work."""
    if strangers := sorted(set(ids) - set(work.get("products") or ())):
        raise Unfit(f"Product {strangers[0]} does not belong to this work")
    return sorted(set(ids))


# ── marketing texts ──────────────────────────────────────────────────────────────────────────────────────────────────

TEXT_FIELDS = (
    "externalTextMarkdown", "internalTextMarkdown", "alternateExternalTextMarkdown", "variant", "onixLanguageCode",
    "fromDate", "untilDate", "datePublished", "dateReleased", "approvalStatus", "onix2Only",
)  # fmt: skip


def create_text(state: State, told: Input) -> dict[str, Any]:
    work = state.get("Work", told.get("workId"))
    if work is None:
        raise Unfit("Work must exist")
    ids = told.get("productIds")
    record = {"approvalStatus": "DRAFT"} | given(told, *TEXT_FIELDS)
    record |= {
        "workId": work["id"],
        "productIds": of_work(work, work["products"] if ids is None else ids),
        "onixContentAudienceCodes": list(told.get("onixContentAudienceCodes") or ["_00"]),
    }
    made = state.make("MarketingText", with_text(record))
    return {"marketingText": text_changed(state, made)}


def update_text(state: State, told: Input) -> dict[str, Any]:
    record = found(state, "MarketingText", told["id"])
    work = state.get("Work", record["workId"]) or {}
    record |= given(told, *TEXT_FIELDS, "onixContentAudienceCodes")
    if "productIds" in told:
        record["productIds"] = of_work(work, told["productIds"] or [])
    state.save("MarketingText", with_text(record))
    return {"marketingText": text_changed(state, record)}


def with_text(record: Record) -> Record:
    if not (record.get("externalTextMarkdown") or "").strip():
        raise Unfit("External text can't be blank")
    return record


def text_changed(state: State, record: Record) -> Record:
    state.touch(record["workId"], ("marketing_text.changed", {"marketingTextId": record["id"]}))
    return record


def delete(type: str) -> Mutation:
    def mutate(state: State, told: Input) -> dict[str, Any]:
        record = found(state, type, told["id"])
        state.drop(type, record)
        state.touch(record["workId"])
        return {"success": True}

    return mutate


# ── links, works, products, to-dos, contracts ────────────────────────────────────────────────────────────────────────


def create_link(state: State, told: Input) -> dict[str, Any]:
    products = [found(state, "Product", id) for id in told["productIds"]]
    if not products:
        raise Unfit("Product must exist")
    made = state.make(
        "WebLink", given(told, "link", "role", "description", "includeInOnix") | {"productId": products[0]["id"]}
    )
    for one in products:
        state.save("Product", one | {"webLinks": [*(one.get("webLinks") or ()), made["id"]]})
        state.touch(one["workId"])
    return {"webLink": made}


def update_link(state: State, told: Input) -> dict[str, Any]:
    record = found(state, "WebLink", told["id"]) | given(told, "link", "role", "description", "includeInOnix")
    state.save("WebLink", record)
    for one in holders(state, record["id"]):
        state.touch(one["workId"])
    return {"webLink": record}


def delete_link(state: State, told: Input) -> dict[str, Any]:
    record = found(state, "WebLink", told["id"])
    for one in holders(state, record["id"]):
        state.save("Product", one | {"webLinks": [id for id in one["webLinks"] if id != record["id"]]})
        state.touch(one["workId"])
    state.drop("WebLink", record)
    return {"success": True}


def holders(state: State, link: int) -> list[Record]:
    return [one for one in state.every("Product") if link in (one.get("webLinks") or ())]


CLASSES = {
    "projectStageId": "ProjectStage",
    "seasonId": "Season",
    "workTypeId": "WorkType",
    "marketingTierId": "MarketingTier",
}
WORK_FIELDS = (
    "title",
    "subtitle",
    "acronym",
    "alternativeTitles",
    "bisacs",
    "bics",
    "keywords",
    "inHouseSubjects",
    "nurs",
)


def update_work(state: State, told: Input) -> dict[str, Any]:
    record = found(state, "Work", told["id"])
    for field, type in CLASSES.items():
        if told.get(field) is not None and state.get(type, told[field]) is None:
            raise Unfit(f"{type} must exist")
    if "title" in told and not (told["title"] or "").strip():
        raise Unfit("Title can't be blank")
    inputs = [dict(one) for one in told.get("products") or ()]
    of_work(record, [one["id"] for one in inputs])
    changed = [changed_product(found(state, "Product", one["id"]), one) for one in inputs]
    staged = told.get("projectStageId", record.get("projectStageId")) != record.get("projectStageId")
    record |= given(told, *WORK_FIELDS, *CLASSES)
    for scheme in ("themas", "bisacs", "bics"):
        if scheme in told:
            record["subjects"] = subjects(record, scheme.removesuffix("s").upper(), told[scheme] or ())
    state.save("Work", record)
    for one in changed:
        state.save("Product", one)
    event = [("work.project_stage_changed", {"workId": record["id"]})] if staged else []
    state.touch(record["id"], *event)
    return {"work": state.get("Work", record["id"])}


def subjects(record: Record, scheme: str, codes: Sequence[str]) -> list[Record]:
    """The codes of a scheme replaced as a whole; the first is the main one."""
    others = [one for one in record.get("subjects") or () if one["scheme"] != scheme]
    return others + [{"scheme": scheme, "code": code, "main": place == 0} for place, code in enumerate(codes)]


PRODUCT_FIELDS = {
    "prefix": "titlePrefix", "title": "titleWithoutPrefix", "subtitle": "subtitle", "asin": "asin", "gtin": "gtin",
    "publishersReference": "publishersReference", "internalReference": "internalReference",
    "productIdentifyingDoi": "productIdentifyingDoi", "productFormDescription": "productFormDescription",
    "bookshopClassification": "bookshopClassification", "epubTypeDescription": "epubTypeDescription",
    "epubTypeVersion": "epubTypeVersion", "epubTypeNote": "epubTypeNote", "publicationDate": "publicationDate",
    "plannedPublicationDate": "plannedPublicationDate", "publicAnnouncementDate": "publicAnnouncementDate",
    "onixPublishingStatusCode": "onixPublishingStatusCode", "onixProductAvailabilityCode": "onixProductAvailabilityCode",
}  # fmt: skip
WATCHED = {
    "publicationDate": "product.publication_date_changed",
    "onixPublishingStatusCode": "product.publishing_status_changed",
    "prices": "product.price_changed",
}


def update_product(state: State, told: Input) -> dict[str, Any]:
    before = found(state, "Product", told["id"])
    after = changed_product(before, told)
    state.save("Product", after)
    product_changed(state, before, after)
    return {"product": state.get("Product", after["id"])}


def changed_product(record: Record, told: Input) -> Record:
    after = record | {ours: told[theirs] for theirs, ours in PRODUCT_FIELDS.items() if theirs in told}
    if told.get("isbn") is not None:
        after["isbn13"] = checked_isbn(told["isbn"])
    return after


def checked_isbn(text: str) -> str | None:
    if not digits(text):
        return None
    if not isbn.is_valid(text):
        raise Unfit("Isbn is invalid")
    return str(isbn.to_isbn13(digits(text)))


def product_changed(state: State, before: Record, after: Record) -> None:
    """Mark the work, and tell what changed."""
    told = {"productId": after["id"], "workId": after["workId"]}
    events = [
        (event, told | {"field": field, "from": before.get(field), "to": after.get(field)})
        for field, event in WATCHED.items()
        if before.get(field) != after.get(field)
    ]
    state.touch(after["workId"], *events, ("product.changed", told))


def update_to_do(state: State, told: Input) -> dict[str, Any]:
    record = found(state, "ToDo", told["id"])
    if told.get("doneDate") and not record.get("doneDate"):
        record["dueDateWhenDone"] = record.get("dueDate")
    if "doneDate" in told and told["doneDate"] is None:
        record["dueDateWhenDone"] = None
    record |= given(told, "dueDate", "doneDate", "note") | {"changed": state.today()}
    state.save("ToDo", record)
    state.touch(record["workId"], ("to_do.changed", {"toDoId": record["id"], "workId": record["workId"]}))
    return {"toDo": record}


def update_contract(state: State, told: Input) -> dict[str, Any]:
    record = found(state, "Contract", told["id"])
    record |= {name: value for name, value in told.items() if name not in OWN}
    if not record.get("contractName"):
        raise Unfit("Contract name can't be blank")
    state.save("Contract", record)
    for work in [one for one in state.every("Work") if one.get("contractId") == record["id"]]:
        state.touch(work["id"])
    return {"contract": record}


def mutated(mutation: Mutation, state: State, told: Input, nothing: Mapping[str, Any]) -> dict[str, Any]:
    """A payload: what the mutation answers, or why it was refused."""
    echo: dict[str, Any] = {"clientMutationId": told.get("clientMutationId"), "errors": []}
    try:
        with state.store.transaction():
            return {**echo, **mutation(state, told)}
    except Unfit as refusal:
        return {**echo, **nothing, "errors": [str(refusal)]}


def forbidden() -> GraphQLError:
    return GraphQLError("This API key may not write", extensions={"code": "forbidden"})


MUTATIONS: dict[str, Mutation] = {
    "createMarketingText": create_text,
    "updateMarketingText": update_text,
    "deleteMarketingText": delete("MarketingText"),
    "deleteSupportingResource": delete("SupportingResource"),
    "createWebLink": create_link,
    "updateWebLink": update_link,
    "deleteWebLink": delete_link,
    "updateContract": update_contract,
    "updateProduct": update_product,
    "updateWork": update_work,
    "updateToDo": update_to_do,
}
