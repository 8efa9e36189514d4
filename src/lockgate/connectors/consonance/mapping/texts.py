"""Marketing texts: which of them may be seen today, and what they are called here."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from lockgate.connectors.consonance.mapping.common import Record, day, kept, plain
from lockgate.model.item import UND, Text

NAMES = {
    "SHORT_DESCRIPTION": "short_description",
    "MAIN_DESCRIPTION": "description",
    "TABLE_OF_CONTENTS": "contents",
    "REVIEW_QUOTE": "review",
    "ENDORSEMENT": "endorsement",
    "PROMOTIONAL_HEADLINE": "headline",
    "BIOGRAPHICAL_NOTE": "biography",
    "EXCERPT": "excerpt",
    "BACK_COVER_COPY": "cover_copy",
}
"""Canonical names of texts by variant."""
VARIANTS = {name: variant for variant, name in NAMES.items()}
LANGUAGES = {
    "eng": "en", "fre": "fr", "ger": "de", "spa": "es", "ita": "it", "dut": "nl", "wel": "cy", "gle": "ga", "por": "pt",
    "swe": "sv", "nor": "no", "dan": "da", "fin": "fi", "jpn": "ja", "chi": "zh",
}  # fmt: skip
"""BCP 47 tags by ISO 639-2/B code (ONIX List 74)."""
CODES = {tag: code for code, tag in LANGUAGES.items()}
PUBLIC = frozenset({"00", "03"})
"""Audiences that a reader belongs to: unrestricted, end customers (ONIX List 154)."""
MANY = frozenset({"REVIEW_QUOTE", "ENDORSEMENT"})
"""Of which there may be several; of the others the first counts."""


def visible(one: Record, today: date) -> bool:
    """Approved, for readers, and on no embargo today."""
    audiences = {plain(code) for code in one.get("onixContentAudienceCodes") or ()}
    begins = [at for at in (day(one.get("fromDate")), day(one.get("dateReleased"))) if at is not None]
    ends = day(one.get("untilDate"))
    return (
        one.get("approvalStatus") == "APPROVED"
        and bool(audiences & PUBLIC)
        and all(at <= today for at in begins)
        and (ends is None or today <= ends)
    )


def public_texts(records: Sequence[Record], today: date) -> dict[str, Text]:
    """The texts readers may see, as HTML, by canonical name and language."""
    found: dict[str, Text] = {}
    for one in records:
        name = NAMES.get(str(one.get("variant")))
        said = str(one.get("externalText") or "").strip()
        if name is None or not said or not visible(one, today):
            continue
        language, texts = LANGUAGES.get(str(one.get("onixLanguageCode")), UND), found.setdefault(name, {})
        if language not in texts:
            texts[language] = said
        elif one["variant"] in MANY:
            texts[language] += f"\n{said}"
    return found


def languages(records: Sequence[Record]) -> tuple[str, ...]:
    tags = [LANGUAGES.get(str(one.get("onixLanguageCode"))) for one in records]
    return tuple(dict.fromkeys(tag for tag in tags if tag))


def every_text(records: Sequence[Record]) -> list[dict[str, Any]]:
    """All texts with what is said about them, also those not approved: for feeds, reviews and boards."""
    return [told(one) for one in records]


def told(one: Record) -> dict[str, Any]:
    shown: Mapping[str, Any] = {
        "id": str(one.get("id")),
        "variant": one.get("variant"),
        "status": one.get("approvalStatus"),
        "text": one.get("externalTextMarkdown"),
        "length": one.get("externalTextNumberOfCharacters"),
        "audiences": [plain(code) for code in one.get("onixContentAudienceCodes") or ()],
        "language": LANGUAGES.get(str(one.get("onixLanguageCode"))),
        "from": one.get("fromDate"),
        "until": one.get("untilDate"),
        "products": [str(id) for id in one.get("productIds") or ()],
    }
    return kept(shown)
