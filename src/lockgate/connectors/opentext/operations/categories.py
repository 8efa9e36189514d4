"""Categories and their values, by label or by the server's keys."""

from collections.abc import Mapping, Sequence
from typing import Any

from lockgate.connectors.opentext.answers import Applied, CategoryValues
from lockgate.connectors.opentext.client.categories import ABSENT
from lockgate.connectors.opentext.mapping.categories import attributes, flat, value_of
from lockgate.connectors.opentext.mapping.values import readable
from lockgate.connectors.opentext.operations.parts import Parts, Record
from lockgate.kit.contract import operation
from lockgate.kit.errors import NotFound


class CategoryOperations(Parts):
    """What is said of documents, folders and workspaces."""

    @operation(effect="read")
    async def categories(self, node: int) -> dict[str, Any]:
        """All category values of a node by their labels (`Customer: Customer Number`), sets of several rows as lists."""
        found: dict[str, Any] = {}
        for one in await self.client.categories(node):
            found |= labelled(one)
        return found

    @operation(effect="read")
    async def category(self, node: int, category: int) -> CategoryValues:
        """One category of a node, with the token that proves to `set_category` that nobody changed it meanwhile.

        NotFound where the node does not have it.
        """
        token = await self.client.category_token(node, category)
        one = await self.client.category(node, category)
        return CategoryValues(values=labelled(one), keys=flat((one.get("data") or {}).get("categories")), token=token)

    @operation(effect="upsert", idempotent="compare-and-set")
    async def set_category(self, node: int, category: int, values: Mapping[str, Any], token: str = "") -> None:
        """Set values of one category by the server's keys (`4711_2`, `4711_4_2_5`); the category is added where the node lacks it.

        Keys that are not given stay. Conflict where somebody changed it since `token` was read; without a token that is not asked.
        """
        guard = {f"{category}_1": {"metadata_token": token}} if token else {}
        try:
            await self.client.set_category(node, category, {**values, **guard})
        except NotFound as error:
            if error.code != ABSENT or token:
                raise
            await self.client.add_category(node, category, values)

    @operation(effect="upsert")
    async def inherit_category(self, node: int, category: int, inherit: bool) -> None:
        """Whether what is put into a folder or workspace from now on gets the category."""
        await self.client.inherit_category(node, category, inherit)

    @operation(effect="withdraw")
    async def drop_category(self, node: int, category: int) -> None:
        """Take a category with all its values from a node."""
        if category in await self._categories_on(node):
            await self.client.remove_category(node, category)

    @operation(effect="upsert")
    async def apply_categories(self, node: int, categories: Sequence[int], *, clear: bool = False) -> Applied:
        """Put categories, with the node's own values, on everything below it that does not have them yet.

        `clear` takes all others off there first.
        """
        return as_applied(await self.client.apply_categories(node, categories, add=True, clear=clear))

    @operation(effect="withdraw")
    async def take_categories(self, node: int, categories: Sequence[int]) -> Applied:
        """Take categories with their values from everything below a node."""
        return as_applied(await self.client.apply_categories(node, categories, add=False, clear=False))

    @operation(effect="upsert")
    async def upgrade_categories(self, node: int) -> None:
        """Bring all categories of a node to the definition that an administrator gave them since."""
        if found := await self._categories_on(node):
            await self.client.upgrade_categories(node, found)

    async def _categories_on(self, node: int) -> Sequence[int]:
        found = await self.client.categories(node)
        orders = [((one.get("metadata_order") or {}).get("categories")) or [] for one in found]
        return [int(id) for order in orders for id in order]


def labelled(one: Record) -> dict[str, Any]:
    """The values of a category by label."""
    values = flat((one.get("data") or {}).get("categories"))
    known = attributes((one.get("metadata") or {}).get("categories")).values()
    return {attribute.label: readable(attribute, value_of(values, attribute)) for attribute in known}


def as_applied(told: Record) -> Applied:
    changed, skipped = told.get("processed"), told.get("skipped")
    return Applied(changed=int(changed or 0), unchanged=int(skipped or 0), message=str(told.get("message") or ""))
