"""Supporting resources: images of a work. Ours are told by a mark in their file name, and keep one id when their file is replaced."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from lockgate.connectors.consonance.mapping.common import (
    Frame,
    Record,
    asset_id,
    isbn_of,
    kept,
    numbers,
    plain,
    revision,
    text,
    token,
    token_in,
)
from lockgate.model.item import ASSET, Item, Relation, Rendition
from lockgate.model.lifecycle import Status
from lockgate.model.rights import Duty, Rights

STATUS = {"APPROVED": Status.APPROVED, "DRAFT": Status.DRAFT}


def marked_name(filename: str, key: str, marker: str) -> str:
    """The file's name with our mark, fit for an upload."""
    stem = re.sub(r"[^A-Za-z0-9._-]+", "_", filename.rsplit(".", 1)[0]).strip("._") or "image"
    return f"{stem[:80]}{marker}{token(key)}.jpg"


def whole(one: Record) -> bool:
    """Whether the image was worked on to a good end, so that there is a file."""
    return one.get("isProcessing") is False and not one.get("delayedJobStatus") and bool(one.get("url"))


def copies(work: Record, marker: str) -> dict[str, list[dict[str, Any]]]:
    """A work's images by our mark, oldest first; more than one where replacing was broken off."""
    found: dict[str, list[dict[str, Any]]] = {}
    for one in sorted(work.get("supportingResources") or (), key=lambda each: int(each["id"])):
        if (mark := token_in(one.get("filename"), marker)) is not None:
            found.setdefault(mark, []).append(one)
    return found


def current(records: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The newest that is whole, else the newest."""
    known = list(records)
    return next((one for one in reversed(known) if whole(one)), known[-1])


def chosen(work: Record, marker: str) -> dict[str, Record]:
    """A work's images by id; of ours the one that counts."""
    ours = {asset_id(work["id"], one, marker): one for one in map(current, copies(work, marker).values())}
    every = work.get("supportingResources") or ()
    return {asset_id(work["id"], one, marker): one for one in every} | ours


def image_items(record: Record, frame: Frame) -> list[Item]:
    """Every image of a work."""
    found = chosen(record, frame.quirks.file_marker)
    return [image_item(id, one, record, frame) for id, one in found.items()]


def image_item(id: str, one: Record, work: Record, frame: Frame) -> Item:
    """An image. Consonance states who is to be credited, not what may be done: nothing is permitted by it."""
    about = [each for each in work.get("products") or () if each["id"] in (one.get("productIds") or ())]
    return Item(
        system=frame.system,
        kind=ASSET,
        id=id,
        revision=revision(one, [isbn_of(each) for each in about]),
        identifiers={**numbers(map(isbn_of, about)), "family": (str(work["id"]),)},
        title=text(one.get("caption")) or text(one.get("filename")),
        texts={
            name: said
            for name, field in (("caption", "caption"), ("copyright", "copyright"), ("credit", "requiredCredit"))
            if (said := text(one.get(field)))
        },
        status=STATUS.get(str(one.get("status")), Status.UNKNOWN),
        status_label=str(one.get("status") or ""),
        rights=rights(one),
        missing=missing(one),
        renditions=tuple(renditions(one)),
        relations=tuple(Relation(type="of", kind="product", id=str(each["id"])) for each in about),
        fields=kept(fields(one, work)),
        url=frame.page(work["id"]),
    )


def rights(one: Record) -> Rights | None:
    credit, notice = str(one.get("requiredCredit") or ""), str(one.get("copyright") or "")
    if not credit and not notice:
        return None
    return Rights(duties=(Duty(action="attribute", text=credit),) if credit else (), statement=notice)


def missing(one: Record) -> tuple[str, ...]:
    if one.get("delayedJobStatus") == "failed":
        return ("the image could not be worked on",)
    return () if whole(one) else ("the image is still worked on",)


def renditions(one: Record) -> Iterable[Rendition]:
    """The image as it was put in. Its address is public storage; the number of the record is what opens it here."""
    if whole(one):
        yield Rendition(
            name="original",
            filename=str(one.get("filename") or "image.jpg"),
            address=str(one["id"]),
            version=version(one),
            length=one.get("fileSize"),
            media_type=one.get("imageContentType") or "image/jpeg",
        )


def version(one: Record) -> str:
    """Of all that changes with another file: the record keeps no version of its own."""
    return revision([one.get(name) for name in ("id", "url", "fileSize", "width", "height", "createdAt")])[:16]


def fields(one: Record, work: Record) -> Mapping[str, Any]:
    return {
        "variant": one.get("resourceVariant"),
        "audience": plain(one.get("onixContentAudienceCode")),
        "width": one.get("width"),
        "height": one.get("height"),
        "work": str(work["id"]),
        "work_title": work.get("title"),
    }
