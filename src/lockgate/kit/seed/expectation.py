"""What the flow must account for, computed from the fates alone: it knows no gate and no engine."""

from collections import Counter

from lockgate.kit.seed.types import Content, Expected, Fate

BLOCKED: dict[Fate, str] = {
    "draft": "approved.no",
    "in_review": "approved.no",
    "expired": "window.ended",
    "not_yet": "window.not_yet",
    "region_restricted": "rights.territory",
    "no_rights": "rights.unknown",
}
PARKED: dict[Fate, str] = {"unknown_product": "product.missing"}


def expected(content: Content) -> Expected:
    """The account of `approved-assets-to-products` after a first run over this content, once `assign` has dealt the fates."""
    fates = Counter(asset.fate for asset in content.assets)
    return Expected(
        read=fates.total(),
        written=fates["deliver"],
        blocked=by_code(fates, BLOCKED),
        parked=by_code(fates, PARKED),
    )


def by_code(fates: Counter[Fate], codes: dict[Fate, str]) -> dict[str, int]:
    numbers: Counter[str] = Counter()
    for fate, code in codes.items():
        numbers[code] += fates[fate]
    return {code: number for code, number in sorted(numbers.items()) if number}
