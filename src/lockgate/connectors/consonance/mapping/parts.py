"""Parts that products and works have in common, as plain values."""

from collections.abc import Sequence
from typing import Any

from lockgate.connectors.consonance.mapping.common import Record, kept, plain

SCHEMES = {"Thema": "thema", "BIC": "bic", "BISAC": "bisac"}


def contributors(records: Sequence[Record]) -> list[dict[str, Any]]:
    """Who made it, in the order of the title page."""
    ordered = sorted(records, key=lambda one: one.get("sequenceNumber") or 0)
    return [contributor(one) for one in ordered]


def contributor(one: Record) -> dict[str, Any]:
    who = one.get("contributor") or {}
    return kept(
        {
            "name": who.get("name"),
            "role": plain(one.get("onixContributorRoleCode")),
            "sequence": one.get("sequenceNumber"),
            "key_names": who.get("keyNames"),
            "inverted": who.get("personNameInverted"),
            "isni": who.get("isni"),
            "biography": who.get("biographicalNote"),
            "corporate": True if who.get("__typename") == "Organisation" else None,
        }
    )


def keywords(work: Record) -> dict[str, tuple[str, ...]]:
    """Keywords, and subject codes by scheme with the main one first."""
    found: dict[str, list[str]] = {"subject": [str(word) for word in work.get("keywords") or ()]}
    for one in sorted(work.get("subjectCodes") or (), key=lambda each: not each.get("main")):
        found.setdefault(SCHEMES.get(str(one.get("__typename")), "other"), []).append(str(one["code"]))
    return {name: tuple(dict.fromkeys(words)) for name, words in found.items() if words}


def classes(work: Record) -> dict[str, Any]:
    """What the publisher files a work under; none of it leaves in ONIX."""
    return {
        "season": work.get("season"),
        "project_stage": work.get("projectStage"),
        "work_type": work.get("workType"),
        "marketing_tier": work.get("marketingTier"),
        "imprint": (work.get("imprint") or {}).get("name"),
        "edition_number": work.get("editionNumber"),
        "edition_statement": work.get("editionStatement"),
        "doi": work.get("identifyingDoi"),
        "reference": work.get("inHouseWorkReference"),
        "publishers_url": work.get("publishersUrl"),
        "series": [
            kept({"name": (one.get("series") or {}).get("name"), "part": one.get("partNumber")})
            for one in work.get("seriesMemberships") or ()
        ],
    }


def production_files(records: Sequence[Record]) -> list[dict[str, Any]]:
    """Interiors, EPUBs and audio: what there is and whether it may go out. Consonance gives no address of their bytes."""
    return [
        kept(
            {
                "id": str(one.get("id")),
                "variant": one.get("fileVariant"),
                "filename": one.get("filename"),
                "format": one.get("fileFormat"),
                "bytes": int(one["fileSize"]) if str(one.get("fileSize") or "").isdigit() else None,
                "approved": one.get("approvalStatus") == "APPROVED",
                "may_go_out": one.get("allowDistribution") == "ALLOWED",
                "there": one.get("exists"),
            }
        )
        for one in records
    ]
