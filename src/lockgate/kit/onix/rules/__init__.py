"""The rules of the trade that no schema states: each takes a product and says what is wrong or doubtful about it."""

from lockgate.kit.onix.records import Product
from lockgate.kit.onix.rules import description, identity, publishing, rights, supply
from lockgate.kit.onix.rules.finding import Context, Finding, Findings

__all__ = ["RULES", "Context", "Finding", "broken"]

RULES = (*identity.RULES, *description.RULES, *publishing.RULES, *rights.RULES, *supply.RULES)


def broken(product: Product, context: Context) -> Findings:
    """What all rules find."""
    for rule in RULES:
        yield from rule(product, context)
