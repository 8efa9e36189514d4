"""Our marketing texts: written as Markdown, found again by a line in their internal version, which never leaves the house."""

import re
from collections.abc import Mapping, Sequence
from html import unescape
from typing import Any

from markdownify import markdownify

from lockgate.connectors.consonance.client import GraphQLClient, documents
from lockgate.connectors.consonance.mapping.common import revision, token, token_in
from lockgate.connectors.consonance.mapping.texts import CODES, VARIANTS
from lockgate.connectors.consonance.target.places import Place, Places, plain_list, plain_text
from lockgate.kit.contract import Held, Receipt, Write
from lockgate.kit.errors import ConnectorError, NotFound, Rejected
from lockgate.kit.together import apart

Record = dict[str, Any]
Answer = Receipt | ConnectorError

FIELDS = frozenset({"isbn", "work", "variant", "text", "audiences", "language", "from", "until"})
MARKUP = re.compile(r"<[a-zA-Z/!][^>]*>")
KEPT = ["p", "br", "b", "strong", "i", "em", "ul", "ol", "li", "h1", "h2", "h3", "h4", "blockquote", "a"]
"""Elements that have a form in Markdown; of others the words stay."""
MANY = frozenset({"REVIEW_QUOTE", "ENDORSEMENT"})


class Texts:
    """Writes texts for one connection. `arrive_as` is the approval status in which ours are put in."""

    def __init__(self, client: GraphQLClient, places: Places, arrive_as: str) -> None:
        self.client, self.places, self.quirks, self.arrive_as = client, places, client.quirks, arrive_as

    async def groups(self, works: Sequence[int]) -> dict[str, tuple[Record, Record]]:
        """Our texts by mark with their works; of two with one mark, left by a lost answer, the older."""
        found = await self.client.several("work", sorted(set(works)), documents.TEXTS)
        return {
            mark: (work, one)
            for work in found
            for one in sorted(work.get("marketingTexts") or (), key=lambda each: -int(each["id"]))
            if (mark := self.mark(one)) is not None
        }

    def mark(self, one: Record) -> str | None:
        return token_in(one.get("internalTextMarkdown"), self.quirks.text_marker)

    async def held(self, keys: Sequence[str]) -> dict[str, Held]:
        groups = await self.places.groups(keys, self.groups)
        return {key: self.shown(key, *groups[token(key)]) for key in keys if token(key) in groups}

    def shown(self, key: str, work: Record, one: Record) -> Held:
        return Held(
            key=key,
            ref=f"{work['id']}-{one['id']}",
            revision=revision(one),
            fields={
                "variant": one.get("variant"),
                "text": one.get("externalTextMarkdown"),
                "audiences": [code.removeprefix("_") for code in one.get("onixContentAudienceCodes") or ()],
                "from": one.get("fromDate"),
                "until": one.get("untilDate"),
            },
            hidden=one.get("approvalStatus") in {"DRAFT", "REJECTED"},
            links=tuple(str(id) for id in one.get("productIds") or ()),
        )

    def as_held(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Texts are held as Markdown in one language, variants in Consonance's spelling."""
        wire = self.wire(fields)
        told = {
            "variant": wire.get("variant"),
            "text": wire.get("externalTextMarkdown"),
            "audiences": [code.removeprefix("_") for code in wire.get("onixContentAudienceCodes") or ()],
            "from": wire.get("fromDate"),
            "until": wire.get("untilDate"),
        }
        return {name: value for name, value in told.items() if name in fields}

    async def upsert(self, writes: Sequence[Write]) -> list[Answer]:
        groups = await self.places.groups([one.key for one in writes], self.groups)
        return await apart(self.written(one, groups.get(token(one.key))) for one in writes)

    async def written(self, write: Write, found: tuple[Record, Record] | None) -> Receipt:
        wire = self.wire(write.fields)
        if found is not None:
            work, one = found
            await self.change(one, {name: value for name, value in wire.items() if name != "onixLanguageCode"})
            return Receipt(key=write.key, ref=f"{work['id']}-{one['id']}")
        if write.ref is not None:
            raise NotFound(f"{self.client.services.connection} holds no text under our key {write.key}.")
        return await self.create(write, wire)

    async def create(self, write: Write, wire: Record) -> Receipt:
        """A text of the same kind and products by somebody else is left alone, or taken over where that is allowed."""
        place = await self.places.of(write.fields)
        if place is None or not wire.get("variant") or not wire.get("externalTextMarkdown"):
            raise Rejected("A text needs its `text`, its `variant`, and its book by `isbn` or `work`.", code="place")
        work = await self.work(place)
        products = sorted(place.products) or sorted(int(one["id"]) for one in work.get("products") or ())
        marked = f"{self.quirks.text_marker} {token(write.key)}"
        theirs = self.rival(work, wire["variant"], products)
        if theirs is not None:
            if not self.quirks.adopt_texts:
                raise self.taken(theirs, work)
            await self.change(theirs, {**wire, "internalTextMarkdown": internal(theirs, marked)})
            self.places.put(token(write.key), place.work)
            return Receipt(key=write.key, ref=f"{place.work}-{theirs['id']}")
        told = {"workId": place.work, "productIds": products, "internalTextMarkdown": marked} | wire
        made = await self.client.write("createMarketingText", told | {"approvalStatus": self.arrive_as})
        self.places.put(token(write.key), place.work)
        return Receipt(key=write.key, ref=f"{place.work}-{made['marketingText']['id']}", created=True)

    async def work(self, place: Place) -> Record:
        found = await self.client.several("work", [place.work], documents.TEXTS)
        if not found:
            raise Rejected(f"{self.client.services.connection} has no work {place.work}.", code="place")
        return found[0]

    def rival(self, work: Record, variant: str, products: Sequence[int]) -> Record | None:
        """A text that would go out beside ours for one of its products; there may be many quotes."""
        return next(
            (
                one
                for one in work.get("marketingTexts") or ()
                if one.get("variant") == variant
                and variant not in MANY
                and set(one.get("productIds") or ()) & set(products)
            ),
            None,
        )

    def taken(self, one: Record, work: Record) -> Rejected:
        return Rejected(
            f"Work {work['id']} has a {one['variant']} already (text {one['id']}), and two would go out. Remove it there, or allow "
            "this connection to take such texts over (quirk `adopt_texts`).",
            code="text.theirs",
        )

    async def change(self, one: Record, wire: Record) -> None:
        change = {name: value for name, value in wire.items() if (value or None) != (one.get(name) or None)}
        if change:
            await self.client.write("updateMarketingText", {"id": one["id"], **change})

    def wire(self, fields: Mapping[str, Any]) -> Record:
        """Our fields in Consonance's names. Raises Rejected for what it has no place for."""
        if unknown := sorted(fields.keys() - FIELDS):
            raise Rejected(
                f"A text in Consonance has no field {unknown[0]}; it has {', '.join(sorted(FIELDS))}.",
                code="field.unknown",
            )
        wire: Record = {}
        if (told := fields.get("variant")) is not None:
            wire["variant"] = VARIANTS.get(str(told).lower(), str(told).upper())
        if "text" in fields:
            wire["externalTextMarkdown"] = self.text(fields["text"], wire.get("variant"))
        if audiences := plain_list(fields.get("audiences")):
            wire["onixContentAudienceCodes"] = [f"_{code.removeprefix('_')}" for code in audiences]
        if (code := CODES.get(str(fields.get("language") or ""))) is not None:
            wire["onixLanguageCode"] = code
        dates = {"from": "fromDate", "until": "untilDate"}
        return wire | {dates[name]: (str(fields[name])[:10] or None) for name in dates if fields.get(name) is not None}

    def text(self, value: Any, variant: str | None) -> str:
        """As Markdown, within the length that its kind allows."""
        text = markdown(plain_text(value, self.quirks.language) or "")
        limit = self.quirks.short_description_limit if variant == "SHORT_DESCRIPTION" else 0
        if limit and (length := len(words(text))) > limit:
            raise Rejected(
                f"A short description may have {limit} characters, and this one has {length}.", code="text.length"
            )
        return text

    # ── closing and opening ──────────────────────────────────────────────────────────────────────────────────────

    async def withdraw(self, refs: Sequence[str], policy: str) -> list[Answer]:
        return await apart(self.brought(ref, policy) for ref in refs)

    async def show(self, refs: Sequence[str]) -> list[Answer]:
        return await apart(self.brought(ref, "show") for ref in refs)

    async def brought(self, ref: str, policy: str) -> Receipt:
        """Remove, make a draft, or put back into the status in which ours arrive; only what was seen is confirmed."""
        one = await self.of_ref(ref)
        if policy == "remove":
            if one is not None:
                await self.client.write("deleteMarketingText", {"id": one["id"]})
            return self.confirmed(ref, await self.of_ref(ref) is None)
        if one is None:
            raise NotFound(f"{self.client.services.connection} has no text {ref} any more.")
        wanted = "DRAFT" if policy == "hide" else self.arrive_as
        if one.get("approvalStatus") != wanted:
            await self.client.write("updateMarketingText", {"id": one["id"], "approvalStatus": wanted})
        now = await self.of_ref(ref)
        return self.confirmed(ref, now is not None and now.get("approvalStatus") == wanted)

    def confirmed(self, ref: str, seen: bool) -> Receipt:
        if not seen:
            raise NotFound(f"Text {ref} is not as it was to be; it is looked at again.")
        return Receipt(key=ref, ref=ref)

    async def of_ref(self, ref: str) -> Record | None:
        """One of our texts; somebody else's is never touched."""
        work, _, id = ref.partition("-")
        if not (work.isdigit() and id.isdigit()):
            return None
        found = await self.client.several("work", [int(work)], documents.TEXTS)
        texts = [one for each in found for one in each.get("marketingTexts") or () if str(one["id"]) == id]
        return next((one for one in texts if self.mark(one) is not None), None)


def markdown(text: str) -> str:
    """HTML as Markdown; a text without markup is taken as it is. Escapes would be doubled otherwise."""
    if not MARKUP.search(text):
        return unescape(text).strip()
    return str(markdownify(text, convert=KEPT, heading_style="ATX", bullets="-")).strip()


def words(text: str) -> str:
    """A text without its Markdown marks, as it is counted."""
    return re.sub(r"[*_#>`]|\]\([^)]*\)|\[", "", text).strip()


def internal(one: Record, marked: str) -> str:
    """Our mark below what people wrote in the internal version."""
    return "\n\n".join(part for part in (str(one.get("internalTextMarkdown") or "").strip(), marked) if part)
