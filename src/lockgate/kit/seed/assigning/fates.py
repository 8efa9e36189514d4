"""Dealing the fates: what a file states decides first, then the shares."""

from datetime import UTC, datetime, timedelta
from random import Random

from lockgate.kit.seed.periods import end, start
from lockgate.kit.seed.types import FATES, Fate, SeedAsset, Shares
from lockgate.model import codes
from lockgate.model.rights import Period

MARKETS = ("DE", "AT", "CH")
"""What an asset must be cleared for to be delivered."""
SERVED = (["DE", "AT", "CH"], ["DE", "AT", "CH", "LI", "LU"], ["WORLD"])
ELSEWHERE = (["US"], ["US", "CA"], ["JP"])

# Rarest choice first: with few assets each of these happens before the next one does.
ORDER: tuple[Fate, ...] = (
    "draft",
    "unknown_product",
    "no_rights",
    "expired",
    "region_restricted",
    "not_yet",
    "in_review",
)


def deal(assets: list[SeedAsset], shares: Shares, rng: Random, now: datetime, notes: list[str]) -> None:
    """Give every asset its fate and what goes with it, in place."""
    free: list[SeedAsset] = []
    wanted = quotas(len(assets), shares)
    for asset in assets:
        asset.fate = stated(asset, now) or "deliver"
        asset.fate_stated = asset.fate != "deliver"
        if asset.fate_stated:
            wanted[asset.fate] -= 1
        else:
            free.append(asset)
    rng.shuffle(free)
    # What fewest files admit goes first, so that a file that states much does not use up one that states nothing.
    for fate in sorted(ORDER, key=lambda one: sum(admits(asset, one) for asset in free)):
        free = take(free, fate, wanted[fate], notes)
    for asset in assets:
        settle(asset, rng, now)


def quotas(number: int, shares: Shares) -> dict[Fate, int]:
    """How many assets get each fate: by share, but each at least once as long as there are assets, one left to deliver."""
    parts: dict[Fate, float] = {fate: getattr(shares, fate) for fate in ORDER}
    left = number - (1 if sum(parts.values()) < 1 else 0)
    counts: dict[Fate, int] = dict.fromkeys(FATES, 0)
    for fate, part in parts.items():
        counts[fate] = max(min(left, max(1, round(number * part)) if part else 0), 0)
        left -= counts[fate]
    return counts


def stated(asset: SeedAsset, now: datetime) -> Fate | None:
    """The fate that follows from the file's own licence, or None."""
    licence = licence_of(asset)
    if licence.ended(now):
        return "expired"
    if not licence.holds(now):
        return "not_yet"
    if asset.territories is not None and not serves(asset.territories):
        return "region_restricted"
    return None


def licence_of(asset: SeedAsset) -> Period:
    return Period(start(asset.rights_from), end(asset.rights_until))


def serves(territories: list[str]) -> bool:
    return all(any(codes.contains(code, market) for code in territories) for market in MARKETS)


def admits(asset: SeedAsset, fate: Fate) -> bool:
    """Whether the fate contradicts nothing that the file states."""
    if fate in {"expired", "not_yet"}:
        return asset.rights_from is None and asset.rights_until is None
    if fate == "no_rights":
        return not asset.rights_stated
    if fate == "region_restricted":
        return asset.territories is None
    return True


def take(free: list[SeedAsset], fate: Fate, number: int, notes: list[str]) -> list[SeedAsset]:
    """Deal one fate to the first assets that admit it; gives back the rest."""
    rest: list[SeedAsset] = []
    for asset in free:
        if number > 0 and admits(asset, fate):
            asset.fate = fate
            number -= 1
        else:
            rest.append(asset)
    if number > 0:
        notes.append(f"{number} fewer than wanted are {fate}: the other files state rights that speak against it")
    return rest


def settle(asset: SeedAsset, rng: Random, now: datetime) -> None:
    """Clearance, regions and availability as the fate wants them; what the file states stays."""
    asset.cleared = None if asset.fate == "no_rights" else True
    asset.regions = regions(asset, rng)
    asset.available_from = asset.available_until = None
    second = now.astimezone(UTC).replace(microsecond=0)
    if asset.fate == "expired":
        asset.available_until = end(asset.rights_until) or second - timedelta(days=rng.randint(3, 60))
    elif asset.fate == "not_yet":
        asset.available_from = start(asset.rights_from) or second + timedelta(days=rng.randint(30, 90))


def regions(asset: SeedAsset, rng: Random) -> list[str]:
    if asset.territories is not None:
        return list(asset.territories)
    if asset.fate == "no_rights":
        return []
    return list(rng.choice(ELSEWHERE if asset.fate == "region_restricted" else SERVED))
