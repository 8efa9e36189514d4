"""Products and images made, changed and removed as canonical words say it, for examples, tests and demos."""

from typing import Any

from lockgate.kit.sandbox import ActionRefused, Sandbox, action
from lockgate.kit.sandbox.samples import sample_file
from lockgate.kit.sandbox.words import AssetWords, ProductWords, given, known, said
from lockgate.model.lifecycle import Status

from . import resources, writing
from .people import People, by_hand

STATUS = {Status.APPROVED: "APPROVED", Status.DRAFT: "DRAFT", Status.IN_REVIEW: "DRAFT", Status.REJECTED: "DRAFT"}
IMAGE_FIELDS = {"title": "caption", "copyright": "copyright", "credit": "requiredCredit"}


class Making(People, Sandbox):
    """Actions in canonical words. A product's SKU and GTIN are its ISBN; an image says by it which book it is about."""

    @action("Make a product with a work of its own, said in canonical words", takes=known(ProductWords))
    def make_book(self, **words: Any) -> dict[str, Any]:
        wanted = given(said(ProductWords, words))
        made = self.add_book(wanted.get("title") or "A Book", wanted.get("gtin") or wanted.get("sku"))
        return {"id": made["product"]}

    @action("Change a product, said in canonical words; what is not said stays", takes=("id", *known(ProductWords)))
    def change_book(self, id: int, **words: Any) -> dict[str, Any]:
        wanted = given(said(ProductWords, words))
        told: dict[str, Any] = {"titleWithoutPrefix": wanted["title"]} if "title" in wanted else {}
        number = wanted.get("gtin") or wanted.get("sku")
        with by_hand(self.account):
            told |= {"isbn13": writing.checked_isbn(number)} if number else {}
        self.edit("Product", int(id), told)
        return {"id": int(id)}

    @action("Remove a product")
    def remove_book(self, id: int) -> None:
        self.delete_product(int(id))

    @action("Make an image of a book, said in canonical words; ids.gtin says which", takes=known(AssetWords))
    def make_image(self, **words: Any) -> dict[str, Any]:
        wanted = given(said(AssetWords, {"status": "draft", "version": 1, **words}))
        name = str(wanted.get("file") or "cover.jpg")
        work, products = self._book(wanted.get("gtin") or wanted.get("sku"))
        image = sample_file(name, int(wanted["version"]))
        made = self.put_resource(work, image, name, status=self._status(wanted["status"]), products=products)
        words.pop("version", None)
        self.change_image(made["id"], **words)
        return {"id": f"{work}-{made['id']}"}

    @action("Change an image, said in canonical words; what is not said stays", takes=("id", *known(AssetWords)))
    def change_image(self, id: int | str, **words: Any) -> dict[str, Any]:
        number, wanted = int(str(id).rpartition("-")[2]), given(said(AssetWords, words))
        if "version" in wanted:
            self.replace_image(number, int(wanted["version"]))
        told = {theirs: wanted[ours] for ours, theirs in IMAGE_FIELDS.items() if ours in wanted}
        if "status" in wanted:
            told["status"] = self._status(wanted["status"])
        self.edit(resources.TYPE, number, told)
        return {"id": id}

    @action("Remove an image")
    def remove_image(self, id: int | str) -> None:
        with by_hand(self.account):
            number = int(str(id).rpartition("-")[2])
            writing.delete(resources.TYPE)(self.account, {"id": number})

    def _book(self, isbn: str | None) -> tuple[int, list[int]]:
        found = next((one for one in self.account.every("Product") if isbn and one.get("isbn13") == isbn), None)
        if found is None:
            raise ActionRefused(f"There is no book with the ISBN {isbn}; say ids.gtin.")
        return found["workId"], [found["id"]]

    @staticmethod
    def _status(word: Status) -> str:
        if word not in STATUS:
            raise ActionRefused(f"An image is a draft or approved here, not {word}.")
        return STATUS[word]
