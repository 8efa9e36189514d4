"""Products made, changed and removed as canonical words say it, for examples, tests and demos."""

from typing import Any

from lockgate.kit.sandbox import ActionRefused, action
from lockgate.kit.sandbox.words import ProductWords, given, known, said

from .administration import Administration
from .people import by_hand
from .records import plain

FIELDS = {"title": "name", "sku": "article_number", "gtin": "gtin", "family": "family"}


class Making(Administration):
    """Actions in canonical words; they leave history, events and announcements as calls do."""

    @action("Make a product, said in canonical words", takes=known(ProductWords))
    def make_product(self, **words: Any) -> dict[str, Any]:
        wanted = given(said(ProductWords, words))
        if not wanted.get("sku"):
            raise ActionRefused("A product needs its article number: say ids.sku.")
        with by_hand(self.portal) as writing:
            sent = {"status": plain("approved"), **self._fields(wanted)}
            return {"id": writing.write(self.portal.module("product"), sent)}

    @action("Change a product, said in canonical words; what is not said stays", takes=("id", *known(ProductWords)))
    def change_product(self, id: str, **words: Any) -> dict[str, Any]:
        if self.portal.objects.live("product", id) is None:
            raise ActionRefused(f"There is no product with id {id}.")
        sent = {"id": id, **self._fields(given(said(ProductWords, words)))}
        with by_hand(self.portal) as writing:
            return {"id": writing.write(self.portal.module("product"), sent)}

    @action("Remove a product")
    def remove_product(self, id: str) -> None:
        self.delete("product", id)

    def _fields(self, wanted: dict[str, Any]) -> dict[str, Any]:
        return {FIELDS[name]: plain(value) for name, value in wanted.items()}
