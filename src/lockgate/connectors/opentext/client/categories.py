"""Categories on nodes: read, set, put on, handed down, taken away."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from lockgate.connectors.opentext.client.http import OtcsHttp, Record, result_of
from lockgate.kit.errors import ContractBroken, NotFound, Rejected

ABSENT = "category"
NOT_ON_NODE = "is not a category on node"


class CategoryCalls(OtcsHttp):
    """The calls about attributes of nodes."""

    async def categories(self, id: int) -> list[Record]:
        """Categories of a node with their definitions, one entry each."""
        told = (await self.get(f"/api/v2/nodes/{id}/categories", {"metadata": ""})).get("results")
        return [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []

    async def set_category(self, id: int, category: int, values: Mapping[str, Any]) -> None:
        """Values of one category; keys that are not sent stay. NotFound where the node does not have the category."""
        with telling_absence():
            await self.body("PUT", f"/api/v2/nodes/{id}/categories/{category}", values)

    async def add_category(self, id: int, category: int, values: Mapping[str, Any]) -> None:
        await self.body("POST", f"/api/v2/nodes/{id}/categories", {"category_id": category, **values})

    async def inherit_category(self, id: int, category: int, on: bool) -> None:
        """Whether new children get the category."""
        method = "POST" if on else "DELETE"
        await self.form(method, f"/api/v2/nodes/{id}/categories/{category}/inheritance", {}, repeatable=True)

    async def remove_category(self, id: int, category: int) -> None:
        await self.request("DELETE", f"/api/v2/nodes/{id}/categories/{category}")

    async def category(self, id: int, category: int) -> Record:
        """One category of a node with its definition. NotFound where the node does not have it."""
        with telling_absence():
            return result_of(await self.get(f"/api/v2/nodes/{id}/categories/{category}", {"metadata": ""}))

    async def category_token(self, id: int, category: int) -> str:
        """What proves to `set_category` that nobody changed the values meanwhile: only the form for people carries it."""
        with telling_absence():
            told = await self.get("/api/v1/forms/nodes/categories/update", {"id": id, "category_id": category})
        forms = told.get("forms")
        data = forms[0].get("data") if isinstance(forms, list) and forms and isinstance(forms[0], dict) else None
        state = data.get(f"{category}_1") if isinstance(data, dict) else None
        token = state.get("metadata_token") if isinstance(state, dict) else None
        if not isinstance(token, str):
            raise ContractBroken(f"The form of category {category} of item {id} came without its token.", code="token")
        return token

    async def apply_categories(self, id: int, categories: Sequence[int], *, add: bool, clear: bool) -> Record:
        """Put categories on everything below a node, or take them off there."""
        action = "add_upgrade" if add else "remove"
        content = {
            "categories": [{"id": one, "action": action} for one in categories],
            "add_version": False,
            "clear_existing_categories": clear,
        }
        return result_of(await self.body("POST", f"/api/v2/nodes/{id}/categories/apply", content, repeatable=True))

    async def upgrade_categories(self, id: int, categories: Sequence[int]) -> None:
        """Bring a node's categories to their newest definition."""
        await self.body("PUT", f"/api/v2/nodes/{id}/categories/upgrade", {"category_id": list(categories)})


@contextmanager
def telling_absence() -> Iterator[None]:
    """NotFound where the refusal says that the node does not have the category."""
    try:
        yield
    except Rejected as error:
        if NOT_ON_NODE in error.sentence:
            raise NotFound(error.sentence, code=ABSENT, detail=error.detail) from error
        raise
