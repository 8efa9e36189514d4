"""What people do in Consonance's own user interface; it leaves the same traces as calls do."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from lockgate.kit.sandbox import ActionRefused, action
from lockgate.kit.sandbox.samples import sample_file

from . import resources, seeding, writing
from .feeds import take_in
from .state import CHILDREN, State
from .writing import Unfit

EDITED = (
    "Work",
    "Product",
    "MarketingText",
    "SupportingResource",
    "ToDo",
    "ProductionRun",
    "Contract",
    "ProductionFile",
)


class People:
    """Actions of a Consonance sandbox."""

    account: State

    @action("Edit a record as in the user interface: `type` and `id`, and under `set` the fields by the schema's names")
    def edit(self, type: str, id: int, set: dict[str, Any]) -> dict[str, Any]:
        with by_hand(self.account):
            if type not in EDITED:
                raise Unfit(f"A {type} cannot be edited here; it can be one of {', '.join(EDITED)}")
            before = writing.found(self.account, type, id)
            after = before | set | ({"changed": self.account.today()} if type in {"Work", "Product", "ToDo"} else {})
            self.account.save(type, after)
            self._told(type, before, after)
            return after

    def _told(self, type: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        match type:
            case "Product":
                writing.product_changed(self.account, dict(before), dict(after))
            case "Work":
                self.account.touch(after["id"])
            case "SupportingResource":
                resources.changed(self.account, dict(after))
            case "MarketingText":
                writing.text_changed(self.account, dict(after))
            case "ToDo":
                told = {"toDoId": after["id"], "workId": after["workId"]}
                self.account.touch(after["workId"], ("to_do.changed", told))
            case _:
                self.account.touch(after.get("workId"))

    @action("Delete a product; nothing tells of it")
    def delete_product(self, id: int) -> None:
        with by_hand(self.account):
            self.account.drop("Product", writing.found(self.account, "Product", id))

    @action("Add a work with one paperback")
    def add_book(self, title: str, isbn: str | None = None) -> dict[str, Any]:
        with by_hand(self.account):
            number = writing.checked_isbn(isbn) if isbn else None
            work, product = seeding.lone(self.account, title, number)
            self.account.touch(work["id"])
            return {"work": work["id"], "product": product["id"]}

    @action("Take in an ONIX message, given as text; answers the new products and what could not be read")
    def import_onix(self, message: str) -> dict[str, Any]:
        with by_hand(self.account):
            return take_in(self.account, message.encode())

    @action("Add an edition to a work: `type` is one of the seven product types")
    def add_edition(self, work: int, type: str, isbn: str | None = None, form: str = "BC") -> dict[str, Any]:
        with by_hand(self.account):
            record = writing.found(self.account, "Work", work)
            told = seeding.WORLD | {"onix21ProductFormCode": form}
            number = writing.checked_isbn(isbn) if isbn else None
            made = seeding.new_product(self.account, record, type, number, told)
            self.account.touch(work)
            return {"product": made["id"]}

    @action("Add a to-do to a work")
    def add_to_do(self, work: int, name: str, due: str | None = None, assignee: str | None = None) -> dict[str, Any]:
        with by_hand(self.account):
            writing.found(self.account, "Work", work)
            told = {
                "workId": work,
                "name": name,
                "dueDate": due,
                "assigneeName": assignee,
                "changed": self.account.today(),
            }
            made = self.account.make("ToDo", told)
            self.account.touch(work, ("to_do.changed", {"toDoId": made["id"], "workId": work}))
            return {"id": made["id"]}

    @action("Add a marketing text to a work, for all its products unless `products` says which")
    def add_text(self, work: int, variant: str, text: str, products: list[int] | None = None) -> dict[str, Any]:
        with by_hand(self.account):
            told = {"workId": work, "variant": variant, "externalTextMarkdown": text, "productIds": products}
            return {"id": writing.create_text(self.account, told)["marketingText"]["id"]}

    @action("Add an image to a work, finished; it is drawn, and another `version` is another picture")
    def add_resource(
        self,
        work: int,
        name: str = "cover.jpg",
        variant: str = "FRONT_COVER",
        status: str = "APPROVED",
        products: list[int] | None = None,
        version: int = 1,
    ) -> dict[str, Any]:
        return self.put_resource(work, sample_file(name, version), name, variant, status, products)

    def put_resource(
        self,
        work: int,
        content: bytes,
        name: str = "cover.jpg",
        variant: str = "FRONT_COVER",
        status: str = "APPROVED",
        products: list[int] | None = None,
    ) -> dict[str, Any]:
        """The same with bytes at hand."""
        with by_hand(self.account):
            record = writing.found(self.account, "Work", work)
            ids = writing.of_work(record, record.get("products") or () if products is None else products)
            told = {"filename": name, "resourceVariant": variant, "status": status}
            made = seeding.new_cover(self.account, record, ids, content, **told)
            resources.changed(self.account, made)
            return {"id": made["id"]}

    @action("Give an image another picture, drawn by version")
    def replace_image(self, id: int, version: int = 2) -> dict[str, Any]:
        with by_hand(self.account):
            record = writing.found(self.account, resources.TYPE, id)
            return self.put_image(id, sample_file(record.get("filename") or "cover.jpg", version))

    def put_image(self, id: int, content: bytes) -> dict[str, Any]:
        """The same with bytes at hand."""
        with by_hand(self.account):
            after = resources.put_in(self.account, writing.found(self.account, resources.TYPE, id), content)
            resources.changed(self.account, after)
            return {"url": after["url"]}

    @action("Count the records of each kind")
    def counts(self) -> dict[str, int]:
        return {type: self.account.store.count(type) for type in ("Work", *CHILDREN)}


@contextmanager
def by_hand(account: State) -> Iterator[None]:
    """One step of a person; what the business refuses becomes a sentence for people."""
    try:
        with account.store.transaction():
            yield
    except Unfit as refusal:
        raise ActionRefused(f"{refusal}.") from refusal
