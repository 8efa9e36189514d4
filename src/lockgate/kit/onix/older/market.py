"""What 2.1 says of single markets beside their supply, put where 3.0 has it: around the supply of the same market."""

from collections.abc import Iterable

from msgspec.structs import replace

from lockgate.kit.onix.older.places import territory
from lockgate.kit.onix.older.records import OldMarket, OldProduct, Tell
from lockgate.kit.onix.records import Extra, Market, MarketPublishing, Supply, Words

UNSPECIFIED = "00"
"""List 68."""
SALES_AGENT = "<AgentRole>08</AgentRole>"
"""List 69; where 2.1 states none."""


def with_markets(old: OldProduct, supplies: Iterable[Supply], tell: Tell) -> tuple[Supply, ...]:
    """A market that nobody supplies stands by itself, which the schema of 3.0 does not take: better invalid than lost."""
    found = list(supplies)
    for one in old.old_markets:
        market = Market(territory=territory(one, tell))
        places = [place for place, supply in enumerate(found) if supply.markets == (market,)]
        for place in places:
            found[place] = replace(found[place], publishing=publishing(one))
        if not places:
            found.append(Supply(markets=(market,), publishing=publishing(one)))
    if old.promotions and not found:
        for extra in old.promotions:
            tell(f"Product/{extra.tag}")
    return tuple(promoted(one, old.promotions) for one in found)


def publishing(old: OldMarket) -> MarketPublishing:
    return MarketPublishing(
        status=old.status or UNSPECIFIED,
        notes=(Words(text=old.restriction),) if old.restriction else (),
        dates=old.dates,
        kept=(agent(old),) if old.agent else (),
    )


def agent(old: OldMarket) -> Extra:
    role = "".join(one.content for one in old.role) or SALES_AGENT
    inner = "".join(one.content for one in old.agent)
    tag = "PublisherRepresentative"
    return Extra(tag=tag, content=f"<{tag}>{role}{inner}</{tag}>")


def promoted(supply: Supply, promotions: tuple[Extra, ...]) -> Supply:
    """2.1 says of all markets at once how a product is promoted and printed."""
    if not promotions:
        return supply
    stated = supply.publishing or MarketPublishing(status=UNSPECIFIED)
    return replace(supply, publishing=replace(stated, kept=(*stated.kept, *promotions)))
