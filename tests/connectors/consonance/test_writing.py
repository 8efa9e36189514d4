"""What is put into titles: images, texts, keywords, stage, milestones, dates and links; and what is refused in words."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec
import pytest

from lockgate.connectors.consonance.connector import Consonance
from lockgate.kit.conformance.bench import PICTURE, source
from lockgate.kit.contract import Link, Receipt, Write
from lockgate.kit.errors import ConnectorError, NeedsOperator, NotFound, Rejected

from .conftest import EBOOK, PAPERBACK, READER, WORK, Account, Connect

ISBN = "9781905005123"
BORDER, BORDER_WORK = "9781905000012", 7003
COVER = PICTURE + b"the cover"
TEXT = {"isbn": [ISBN], "variant": "description", "text": "<p>Every night the harbour <b>stops</b>.</p>"}


def image(key: str = "dam:1", *, content: bytes | None = COVER, ref: str | None = None, **fields: Any) -> Write:
    told = {"isbn": [ISBN], **fields}
    return Write(key=key, ref=ref, fields=told, file=None if content is None else source(content))


def text(key: str = "pim:1", *, ref: str | None = None, **fields: Any) -> Write:
    return Write(key=key, ref=ref, fields=TEXT | fields)


async def done(titles: Consonance, kind: str, write: Write) -> Receipt:
    (answer,) = await titles.upsert(kind, [write])
    assert isinstance(answer, Receipt), answer
    return answer


async def refused(titles: Consonance, kind: str, write: Write) -> ConnectorError:
    (answer,) = await titles.upsert(kind, [write])
    assert isinstance(answer, ConnectorError), answer
    return answer


def resources(account: Account) -> list[dict[str, Any]]:
    return list(account.sandbox.state.all("SupportingResource"))


def ours(account: Account, type: str) -> Mapping[str, Any]:
    """The newest record of a type."""
    return max(account.sandbox.state.all(type), key=lambda one: int(one["id"]))


# ── images ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_approved_cover_is_in_its_title(account: Account, connect: Connect) -> None:
    async with connect() as titles:
        receipt = await done(titles, "asset", image(variant="front cover", credit="J. Quay", audience="00"))
    kept = ours(account, "SupportingResource")
    assert (kept["workId"], kept["productIds"], kept["status"]) == (WORK, [PAPERBACK], "APPROVED")
    assert (kept["resourceVariant"], kept["requiredCredit"]) == ("FRONT_COVER", "J. Quay")
    assert kept["filename"].startswith("larch-lg")
    assert kept["fileSize"] == receipt.bytes == len(COVER)


async def test_a_newer_cover_takes_the_place_of_ours_and_of_nobody_elses(account: Account, connect: Connect) -> None:
    async with connect() as titles:
        before = {one["id"] for one in resources(account)}
        first = await done(titles, "asset", image(caption="one", variant="FRONT_COVER"))
        second = await done(titles, "asset", image(content=PICTURE + b"newer", caption="two"))
    assert second.ref == first.ref
    now = {one["id"]: one for one in resources(account)}
    assert len(now) == len(before) + 1
    assert before <= set(now)
    assert (ours(account, "SupportingResource")["caption"], now[901]["productIds"]) == ("two", [PAPERBACK, EBOOK])
    assert ours(account, "SupportingResource")["resourceVariant"] == "FRONT_COVER"


async def test_what_another_process_put_in_is_found_before_it_is_put_in_again(
    account: Account, connect: Connect
) -> None:
    async with connect() as one, connect() as other:
        assert await one.held("asset", ["dam:1"]) == {}
        receipt = await done(other, "asset", image())
        held = await one.held("asset", ["dam:1"])
        again = await done(one, "asset", image(content=None, caption="later"))
    assert held["dam:1"].ref == receipt.ref == again.ref
    assert len(resources(account)) == 3


async def test_a_copy_that_was_moved_to_another_work_is_found_there(connect: Connect) -> None:
    """Its work was remembered; somebody of ours removed it there and delivered it anew elsewhere."""
    async with connect() as one, connect() as other:
        first = await done(one, "asset", image())
        await other.held("asset", ["dam:1"])
        await one.withdraw("asset", [first.ref], "remove")
        second = await done(one, "asset", image(isbn=[BORDER]))
        assert (await other.held("asset", ["dam:1"]))["dam:1"].ref == second.ref != first.ref


async def test_a_crash_between_creating_and_uploading_leaves_nothing_behind(account: Account, connect: Connect) -> None:
    async with connect() as titles:
        await done(titles, "asset", image())
        kept = ours(account, "SupportingResource")
        await account.write("createSupportingResource", workId=WORK, resourceFileName=kept["filename"])
        await done(titles, "asset", image(content=PICTURE + b"again"))
    assert [one["filename"] for one in resources(account)].count(kept["filename"]) == 1


async def test_an_image_that_cannot_be_worked_on_is_refused_and_removed(account: Account, connect: Connect) -> None:
    before = len(resources(account))
    async with connect() as titles:
        error = await refused(titles, "asset", image(content=b"no picture, whatever its name says"))
    assert (error.code, len(resources(account))) == ("file.refused", before)


async def test_a_picture_that_is_no_jpeg_costs_no_call(account: Account, connect: Connect) -> None:
    async with connect() as titles:
        await titles.check()
        await titles.held("asset", ["dam:1"])
        before = len([one for one in account.sandbox.calls.since() if one.method == "PUT"])
        file = msgspec.structs.replace(source(b"x", filename="cover.png"), media_type="image/png")
        png = Write(key="dam:1", fields={"isbn": [ISBN]}, file=file)
        error = await refused(titles, "asset", png)
    assert error.code == "file.jpeg"
    assert len([one for one in account.sandbox.calls.since() if one.method == "PUT"]) == before


@pytest.mark.parametrize(("fields", "code"), [
    ({"isbn": []}, "place"),
    ({"isbn": ["9780000000002"]}, "place"),
    ({"isbn": [ISBN, BORDER]}, "place"),
    ({"isbn": [], "work": "a title"}, "place"),
    ({"colour": "blue"}, "field.unknown"),
])  # fmt: skip
async def test_an_image_whose_place_is_not_clear_is_refused(
    account: Account, connect: Connect, fields: dict[str, Any], code: str
) -> None:
    before = len(resources(account))
    async with connect() as titles:
        assert (await refused(titles, "asset", image(**fields))).code == code
    assert len(resources(account)) == before


async def test_an_image_does_not_move_to_another_work_unsaid(connect: Connect) -> None:
    async with connect() as titles:
        await done(titles, "asset", image())
        assert (await refused(titles, "asset", image(isbn=[BORDER]))).code == "place.moved"


async def test_a_product_of_another_work_is_no_link(account: Account, connect: Connect) -> None:
    async with connect() as titles:
        receipt = await done(titles, "asset", image())
        other = next(one for one in account.sandbox.state.all("Product") if one["workId"] == BORDER_WORK)
        link = Link(kind="product", id=str(other["id"]), field="images", ref=receipt.ref)
        (answer,) = await titles.link([link])
    assert isinstance(answer, Rejected)
    assert answer.code == "link.work"


async def test_a_hidden_cover_is_a_draft_and_a_removed_one_is_gone(account: Account, connect: Connect) -> None:
    async with connect() as titles:
        ref = (await done(titles, "asset", image())).ref
        await titles.withdraw("asset", [ref], "hide")
        assert ours(account, "SupportingResource")["status"] == "DRAFT"
        assert (await titles.held("asset", ["dam:1"]))["dam:1"].hidden
        await titles.withdraw("asset", [ref], "remove")
        assert await titles.held("asset", ["dam:1"]) == {}
    assert {one["id"] for one in resources(account)} == {900, 901}


async def test_somebody_elses_image_is_never_withdrawn(account: Account, connect: Connect) -> None:
    async with connect() as titles:
        (answer,) = await titles.withdraw("asset", [f"{WORK}-901"], "hide")
    assert isinstance(answer, NotFound)
    cover = account.sandbox.state.get("SupportingResource", 901)
    assert cover is not None
    assert cover["status"] == "APPROVED"


async def test_without_a_guessed_mutation_an_image_is_put_in_approved_at_once(
    account: Account, connect: Connect
) -> None:
    account.sandbox.set_options({"lacks": "Mutation.updateSupportingResource"})
    async with connect() as titles:
        ref = (await done(titles, "asset", image())).ref
        assert ours(account, "SupportingResource")["status"] == "APPROVED"
        with pytest.raises(NeedsOperator, match=r"no Mutation\.updateSupportingResource"):
            await titles.withdraw("asset", [ref], "hide")
        (gone,) = await titles.withdraw("asset", [ref], "remove")
    assert isinstance(gone, Receipt)


async def test_a_key_that_reads_only_stops_the_connection_in_words(connect: Connect) -> None:
    async with connect(key=READER) as titles:
        with pytest.raises(NeedsOperator, match="lets this key read only"):
            await titles.upsert("asset", [image()])


# ── texts ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_enriched_copy_arrives_as_markdown_and_waits_for_an_editor(account: Account, connect: Connect) -> None:
    async with connect() as titles:
        receipt = await done(titles, "text", text(audiences=["00", "03"], language="en"))
        held = (await titles.held("text", ["pim:1"]))["pim:1"]
        assert held.fields == {
            **titles.as_held("text", {**TEXT, "audiences": ["00", "03"]}), "from": None, "until": None
        }  # fmt: skip
    kept = ours(account, "MarketingText")
    assert receipt.ref == f"{WORK}-{kept['id']}"
    assert kept["externalTextMarkdown"] == "Every night the harbour **stops**."
    assert (kept["variant"], kept["approvalStatus"], kept["productIds"]) == (
        "MAIN_DESCRIPTION",
        "FOR_APPROVAL",
        [PAPERBACK],
    )
    assert (kept["onixContentAudienceCodes"], kept["onixLanguageCode"]) == (["_00", "_03"], "eng")


async def test_the_same_text_twice_is_one_text_and_the_second_costs_no_write(
    account: Account, connect: Connect
) -> None:
    async with connect() as titles:
        first = await done(titles, "text", text())
        changed = account.sandbox.state.get("Work", WORK)
        second = await done(titles, "text", text())
        third = await done(titles, "text", text(text="Every night it stands still."))
    assert first.ref == second.ref == third.ref
    assert account.sandbox.state.count("MarketingText") == 2
    assert changed is not None
    assert ours(account, "MarketingText")["externalTextMarkdown"] == "Every night it stands still."


async def test_a_text_of_an_editor_is_left_alone_unless_taking_over_is_allowed(
    account: Account, connect: Connect
) -> None:
    short = text(variant="short_description", text="A clock and the sea.")
    async with connect() as titles:
        assert (await refused(titles, "text", short)).code == "text.theirs"
    async with connect(adopt_texts=True) as titles:
        assert (await done(titles, "text", short)).ref == f"{WORK}-801"
    kept = account.sandbox.state.get("MarketingText", 801)
    assert kept is not None
    assert (kept["externalTextMarkdown"], kept["productIds"]) == ("A clock and the sea.", [PAPERBACK, EBOOK])


async def test_a_short_description_may_not_be_long(connect: Connect) -> None:
    async with connect() as titles:
        fits = text(isbn=[BORDER], variant="SHORT_DESCRIPTION", text="<b>" + "x" * 350 + "</b>")
        too_long = text("pim:2", isbn=[BORDER], variant="SHORT_DESCRIPTION", text="x" * 351)
        await done(titles, "text", fits)
        error = await refused(titles, "text", too_long)
    assert error.sentence == "A short description may have 350 characters, and this one has 351."


async def test_scripts_and_unknown_markup_do_not_reach_a_title(account: Account, connect: Connect) -> None:
    markup = '<div class="x"><p>One &amp; <em>two</em></p><ul><li>three</li></ul></div>'
    async with connect() as titles:
        await done(titles, "text", text(text=markup))
    assert ours(account, "MarketingText")["externalTextMarkdown"] == "One & *two*\n\n- three"


async def test_a_withdrawn_text_is_a_draft_again_then_gone(account: Account, connect: Connect) -> None:
    async with connect() as titles:
        ref = (await done(titles, "text", text())).ref
        await titles.withdraw("text", [ref, f"{WORK}-801"], "hide")
        assert ours(account, "MarketingText")["approvalStatus"] == "DRAFT"
        assert (await titles.held("text", ["pim:1"]))["pim:1"].hidden
        await titles.show("text", [ref])
        assert ours(account, "MarketingText")["approvalStatus"] == "FOR_APPROVAL"
        gone, theirs = await titles.withdraw("text", [ref, f"{WORK}-801"], "remove")
    assert isinstance(gone, Receipt)
    assert isinstance(theirs, Receipt)
    assert [one["id"] for one in account.sandbox.state.all("MarketingText")] == [801]


# ── works, schedule, products ────────────────────────────────────────────────────────────────────────────────────────


async def test_keywords_of_others_stay(account: Account, connect: Connect) -> None:
    async with connect() as titles:
        assert await titles.set_keywords(str(WORK), ["island fiction", "Tides"], ["harbour"]) == [
            "tides", "clockmaker", "island fiction"
        ]  # fmt: skip
        before = len(account.sandbox.calls)
        await titles.set_keywords(str(WORK), ["island fiction"])
    assert len(account.sandbox.calls) == before + 1


async def test_a_stage_is_reached_by_its_name(account: Account, connect: Connect) -> None:
    async with connect() as titles:
        await titles.set_stage(str(WORK), "assets ready")
        assert (await titles.launch(str(WORK))).status_label == "Assets ready"
        with pytest.raises(Rejected, match="has no project stage Pulped; it has In production"):
            await titles.set_stage(str(WORK), "Pulped")
    assert account.sandbox.state.count("ProjectStage") == 3


async def test_a_ticked_milestone_keeps_the_day_it_was_due(connect: Connect) -> None:
    async with connect() as titles:
        await titles.tick("1002", date(2027, 1, 18))
        (item,) = await titles.fetch("task", ["1002"])
        assert (item.fields["done"], item.fields["due_when_done"]) == ("2027-01-18", "2027-01-20")
        await titles.tick("1002", None)
        (item,) = await titles.fetch("task", ["1002"])
        assert not item.fields["is_done"]
        with pytest.raises(NotFound, match="no to-do 77"):
            await titles.tick("77", date(2027, 1, 18))


async def test_a_delay_is_seen_between_two_looks(account: Account, connect: Connect) -> None:
    async with connect() as titles:
        before = await titles.launch(str(WORK))
        await titles.reschedule("1002", date(2027, 1, 27), "The printer is late")
        account.sandbox.edit("Product", PAPERBACK, {"publicationDate": "2027-04-15"})
        told = await titles.delays(before)
    about = [(one.kind, one.days) for one in told if one.product_id == str(PAPERBACK)]
    assert about == [("publication_date_moved", 28), ("milestone_slipped", 7)]


async def test_a_planned_date_is_proposed_without_moving_the_real_one(account: Account, connect: Connect) -> None:
    async with connect() as titles:
        await titles.amend(str(PAPERBACK), {"planned_publication_date": date(2027, 4, 15), "publishing_status": "03"})
        with pytest.raises(Rejected, match="price of a product cannot be set"):
            await titles.amend(str(PAPERBACK), {"price": "9.99"})
    kept = account.sandbox.state.get("Product", PAPERBACK)
    assert kept is not None
    assert (kept["plannedPublicationDate"], kept["publicationDate"]) == ("2027-04-15", "2027-03-18")
    assert kept["onixPublishingStatusCode"] == "_03"


async def test_a_link_back_to_the_asset_is_one_and_stays_out_of_onix(account: Account, connect: Connect) -> None:
    url = "https://assets.example.org/records/4711"
    async with connect() as titles:
        first = await titles.refer(str(PAPERBACK), url, "READY front cover v3")
        second = await titles.refer(str(PAPERBACK), url, "READY front cover v4")
        assert (first.created, second.created, first.ref) == (True, False, second.ref)
        kept = ours(account, "WebLink")
        assert (kept["description"], kept["includeInOnix"]) == ("READY front cover v4", False)
        await titles.unrefer(str(PAPERBACK), url)
    assert account.sandbox.state.count("WebLink") == 0


async def test_a_terminated_contract_closes_the_titles_of_its_work(connect: Connect) -> None:
    async with connect() as titles:
        assert (await titles.contract("301"))["licensedRights"] == [
            {"id": 311, "rightType": "Audio", "authorCut": 50.0}
        ]
        await titles.terminate("301", date(2026, 11, 1), "sold")
        (item,) = await titles.fetch("product", [str(PAPERBACK)])
        assert item.rights is not None
        assert item.rights.permissions[0].period.until is not None
        with pytest.raises(NotFound):
            await titles.contract("9999")


async def test_people_are_found_by_part_of_their_name(connect: Connect) -> None:
    async with connect() as titles:
        assert [one["keyNames"] for one in await titles.contacts("marl")] == ["Marlow"]


async def test_products_and_works_are_found_by_what_is_printed_on_them(connect: Connect) -> None:
    async with connect() as titles:
        assert await titles.find("product", "gtin", ["09781905005123", "4006381333931"]) == {"09781905005123": ["9001"]}
        assert await titles.find("work", "isbn", [ISBN, "190500512X"]) == {ISBN: [str(WORK)]}
        assert await titles.find("product", "isbn", ["1-905005-12-1"]) == {"1-905005-12-1": ["9001"]}
        assert await titles.find("product", "family", [str(WORK), "no"]) == {str(WORK): ["9001", "9002", "9003"]}
        assert await titles.find("product", "colour", ["blue"]) == {}
