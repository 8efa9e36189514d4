"""The sandbox by itself, over HTTP: the documented examples, its manners, uploads, webhooks, and what it is filled with."""

import hashlib
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import msgspec
import pytest
from aiohttp import web

from lockgate.connectors.consonance.sandbox import SANDBOX, ConsonanceSandbox
from lockgate.kit.conformance.bench import PICTURE
from lockgate.kit.conformance.bench import eventually as seen_at_last
from lockgate.kit.sandbox import SandboxConfig, WrongOption, coverage, serving

from .conftest import EBOOK, KEY, PAPERBACK, READER, WORK, Account

PATIENCE = 60
COVER = """
query($w: Int!) {
  work(workSearch: {idEq: $w}) {
    supportingResources { id isProcessing delayedJobStatus status url width fileSize productIds }
  }
}
"""
BEGUN = """
mutation {
  createSupportingResource(input: {workId: 7001, resourceFileName: "a.jpg"}) {
    presignedUrl supportingResource { id isProcessing }
  }
}
"""
CODES = """
{ product(productSearch: {idEq: 9001}) {
    onix21ProductForm { code description value } onixPublishingStatus { code description value }
} }
"""
TEXTS = """
{ work(workSearch: {idEq: 7001}) {
    marketingTexts(variantIn: [SHORT_DESCRIPTION]) {
      externalText plain: externalText(stripHtml: true) externalTextMarkdown externalTextNumberOfCharacters
    }
} }
"""
BOOK = """
{ products(productSearch: {isbn13Eq: "9780553380958"}) {
    fullTitle prices { amount } marketingTexts { externalTextMarkdown }
} }
"""
EITHER = "Give either an image remote url or a resource file name"


async def eventually(look: Callable[[], Awaitable[Any]], wanted: Callable[[Any], bool]) -> Any:
    return await seen_at_last(look, wanted, "what was waited for did not come", PATIENCE)


async def resource(account: Account, id: int) -> dict[str, Any]:
    found = (await account.data(COVER, w=WORK))["work"]["supportingResources"]
    return next(one for one in found if one["id"] == id)


# ── what it serves ───────────────────────────────────────────────────────────────────────────────────────────────────


async def test_every_route_of_the_documents_is_served(account: Account) -> None:
    told = coverage(account.sandbox.routes(), SANDBOX.contract)
    assert told.missing == []
    assert len(told.contract) == 5


async def test_the_seed_has_each_hard_case_and_enough_for_three_pages() -> None:
    sandbox = ConsonanceSandbox(SandboxConfig(key=KEY))
    async with serving(sandbox):
        products = list(sandbox.state.all("Product"))
        states = {one["onixPublishingStatusCode"] for one in products}
        types = {one["onixSalesRightsTypeCode"] for product in products for one in product.get("salesRights", ())}
    assert len(products) == 259
    assert {"_01", "_02", "_03"} <= states
    assert {"_01", "_02", "_03"} <= types
    assert len([one for one in products if one["isbn13"] is None]) == 2


@pytest.mark.parametrize("search", [
    '{isbn13Eq: "978-1-905005-12-3"}', '{isbn13In: ["9781905005123"]}', '{titleEq: "The Tide Clock", onix21ProductFormCodeIn: [BC]}',
    '{titleCont: "tide clock", productTypes: [PHYSICAL_BOOK_PRODUCT]}', '{idEq: 9001, productTypes: []}',
    '{titlePrefixPresent: "true", publicationDateEq: "2027-03-18", isbn13In: ["9781905005123"]}',
])  # fmt: skip
async def test_products_are_searched_as_documented(account: Account, search: str) -> None:
    told = await account.data(f"{{ products(productSearch: {search}) {{ id }} }}")
    assert told == {"products": [{"id": PAPERBACK}]}


@pytest.mark.parametrize(
    "search", ['{titleEq: "the tide clock"}', '{isbn13Eq: ""}', "{isbn13Assigned: true, idEq: 9003}"]
)
async def test_a_search_that_fits_nothing_gives_an_empty_list(account: Account, search: str) -> None:
    assert await account.data(f"{{ products(productSearch: {search}) {{ id }} }}") == {"products": []}


async def test_prices_and_works_narrow_a_search_of_products(account: Account) -> None:
    query = '{ products(priceSearch: {amountLteq: 10, currencyCodeIn: [GBP]}, workSearch: {titleCont: "tide"}) { id } }'
    assert await account.data(query) == {"products": [{"id": PAPERBACK}]}


async def test_an_unknown_product_is_null_and_no_error(account: Account) -> None:
    assert await account.ask("{ product(productSearch: {idEq: 1}) { id } }") == {"data": {"product": None}}


async def test_codes_come_with_the_words_of_the_code_lists(account: Account) -> None:
    assert (await account.data(CODES))["product"] == {
        "onix21ProductForm": {"code": "BC", "description": "Paperback / softback", "value": "BC"},
        "onixPublishingStatus": {"code": "02", "description": "Forthcoming", "value": "_02"},
    }


async def test_a_text_is_html_plain_or_markdown_and_counted_without_marks(account: Account) -> None:
    assert (await account.data(TEXTS))["work"]["marketingTexts"] == [
        {
            "externalText": "<p>A clockmaker keeps the <em>sea</em>.</p>",
            "plain": "A clockmaker keeps the sea.",
            "externalTextMarkdown": "A clockmaker keeps the *sea*.",
            "externalTextNumberOfCharacters": 27,
        }
    ]


async def test_rest_answers_one_product_by_isbn_and_ignores_what_it_does_not_know(account: Account) -> None:
    found = await account.rest("?page=1&q[isbn_eq]=9781905005123")
    assert [one["isbn"] for one in found["products"]] == ["978-1-905005-12-3"]
    assert found["products"][0]["rights_not_available_countries"] == ["CA", "US"]
    everything = await account.rest("?q[isbn_equals]=9781905005123", path="/api/products.json")
    assert len(everything["products"]) == account.sandbox.state.count("Product")
    assert (await account.rest("?q[isbn_eq]=1"))["products"] == []


# ── manners ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_wrong_keys_are_told_in_the_words_of_each_interface(account: Account) -> None:
    assert await account.post({"query": "{ works { id } }"}, "nobody") == (
        401,
        {"errors": [{"message": "Unauthorized"}]},
    )
    async with account.session.get(f"{account.url}/api/v4/products.json") as answer:
        assert (answer.status, await answer.text()) == (401, "HTTP Token: Access denied.\n")
        assert answer.headers["WWW-Authenticate"] == 'Token realm="Application"'


@pytest.mark.parametrize("authorization", [f"Token token={KEY}", f'Token token="{KEY}"', f"Token token={READER}"])
async def test_rest_takes_its_key_with_and_without_quotes(account: Account, authorization: str) -> None:
    headers = {"Authorization": authorization}
    async with account.session.get(f"{account.url}/api/v4/products.json", headers=headers) as answer:
        assert answer.status == 200


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff"])
async def test_a_body_that_is_no_json_object_is_refused(account: Account, body: bytes) -> None:
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    async with account.session.post(f"{account.url}/graphql", data=body, headers=headers) as answer:
        assert (answer.status, await answer.json()) == (400, {"errors": [{"message": "Invalid JSON"}]})


async def test_a_throttled_call_says_when_to_come_again(account: Account) -> None:
    headers = {"Authorization": f"Bearer {KEY}", "X-Sandbox-Fault": "429"}
    async with account.session.post(
        f"{account.url}/graphql", json={"query": "{ works { id } }"}, headers=headers
    ) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (429, "2")
        assert await answer.json() == {"errors": [{"message": "Too many requests"}]}


async def test_a_record_that_is_not_there_is_told_in_the_payload(account: Account) -> None:
    told = await account.write("updateMarketingText", id=99, externalTextMarkdown="x", clientMutationId="m")
    assert told == {"clientMutationId": "m", "errors": ["Record not found"], "marketingText": None}
    assert await account.write("deleteWebLink", id=99) == {
        "clientMutationId": None, "errors": ["Record not found"], "success": False
    }  # fmt: skip


@pytest.mark.parametrize(("told", "sentence"), [
    ({"resourceFileName": "a.jpg", "imageRemoteUrl": "https://x.example/a.jpg"}, EITHER),
    ({}, EITHER),
    ({"resourceFileName": "a.gif"}, "Resource file name must end in .jpg or .jpeg"),
    (
        {"resourceFileName": "a.jpg", "productIds": [9001], "linkToAllProducts": True},
        "Give either product ids or link to all products",
    ),
    ({"resourceFileName": "a.jpg", "productIds": [9005]}, "Product 9005 does not belong to this work"),
])  # fmt: skip
async def test_an_image_that_breaks_a_rule_is_not_kept(account: Account, told: dict[str, Any], sentence: str) -> None:
    before = account.sandbox.state.count("SupportingResource")
    assert (await account.write("createSupportingResource", workId=WORK, **told))["errors"] == [sentence]
    assert account.sandbox.state.count("SupportingResource") == before


@pytest.mark.parametrize(("mutation", "told", "sentence"), [
    ("updateWork", {"id": WORK, "projectStageId": 9}, "ProjectStage must exist"),
    ("updateWork", {"id": WORK, "title": " "}, "Title can't be blank"),
    ("updateProduct", {"id": PAPERBACK, "isbn": "9781905005124"}, "Isbn is invalid"),
    ("updateContract", {"id": 301, "contractName": ""}, "Contract name can't be blank"),
    ("createMarketingText", {"externalTextMarkdown": "x"}, "Work must exist"),
    ("createMarketingText", {"workId": WORK, "externalTextMarkdown": " "}, "External text can't be blank"),
    ("createWebLink", {"productIds": [], "link": "https://x.example", "role": "_00"}, "Product must exist"),
])  # fmt: skip
async def test_what_the_business_refuses_is_a_sentence(
    account: Account, mutation: str, told: dict[str, Any], sentence: str
) -> None:
    assert (await account.write(mutation, **told))["errors"] == [sentence]


async def test_a_wrong_switch_is_refused_with_the_switches_there_are() -> None:
    with pytest.raises(WrongOption, match="the switches are page_cap"):
        ConsonanceSandbox(SandboxConfig(key=KEY, options={"pages": "3"}))
    with pytest.raises(WrongOption, match=r"page_cap|int"):
        ConsonanceSandbox(SandboxConfig(key=KEY, options={"page_cap": "many"}))


# ── images ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_image_is_uploaded_worked_on_and_then_public(account: Account) -> None:
    made = (await account.data(BEGUN))["createSupportingResource"]
    id, address = made["supportingResource"]["id"], made["presignedUrl"]
    assert (await account.write("processSupportingResource", id=id))["errors"] == ["No file has been uploaded"]
    async with account.session.put(address, data=PICTURE, headers={"Content-Type": "image/jpeg"}) as answer:
        assert (answer.status, await answer.read()) == (200, b"")
    assert (await account.write("processSupportingResource", id=id))["errors"] == []
    done = await eventually(lambda: resource(account, id), lambda one: not one["isProcessing"] and one["url"])
    assert (done["width"], done["fileSize"], done["delayedJobStatus"]) == (32, len(PICTURE), None)
    async with account.session.get(done["url"]) as answer:
        assert await answer.read() == PICTURE
    async with account.session.get(done["url"].replace("original", "jpg_rgb_0050w")) as answer:
        assert (answer.status, answer.content_type) == (200, "image/jpeg")


async def test_an_upload_address_is_good_for_a_while_and_for_one_image(account: Account) -> None:
    address = (await account.data(BEGUN))["createSupportingResource"]["presignedUrl"]
    other = address.replace(f"{urlsplit(address).path}?", "/_uploads/901?")
    async with account.session.put(other, data=PICTURE) as answer:
        assert answer.status == 403
    account.sandbox.clock.advance(1000)
    async with account.session.put(address, data=PICTURE) as answer:
        assert answer.status == 403


@asynccontextmanager
async def site(routes: dict[str, Callable[[web.Request], Awaitable[web.Response]]]) -> AsyncIterator[str]:
    """A web server of somebody else's on loopback."""
    app = web.Application()
    app.add_routes([web.route("*", path, handler) for path, handler in routes.items()])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        listening = web.TCPSite(runner, "127.0.0.1", 0)
        await listening.start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def test_an_image_by_address_is_fetched_and_takes_the_place_of_the_one_before(account: Account) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=PICTURE, content_type="image/jpeg")

    async with site({"/cover.jpg": answer}) as url:
        told = {"imageRemoteUrl": f"{url}/cover.jpg", "resourceVariant": "FRONT_COVER", "status": "APPROVED"}
        made = await account.write(
            "createSupportingResource", workId=WORK, productIds=[PAPERBACK], unlinkPrevious=True, **told
        )
        id = made["supportingResource"]["id"]
        done = await eventually(lambda: resource(account, id), lambda one: not one["isProcessing"])
    assert (done["fileSize"], done["productIds"]) == (len(PICTURE), [PAPERBACK])
    assert (await resource(account, 901))["productIds"] == [EBOOK]


async def test_a_source_that_is_no_jpeg_fails_in_the_background(account: Account) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=b"GIF89a", content_type="image/gif")

    async with site({"/cover.jpg": answer}) as url:
        made = await account.write("createSupportingResource", workId=WORK, imageRemoteUrl=f"{url}/cover.jpg")
        id = made["supportingResource"]["id"]
        done = await eventually(lambda: resource(account, id), lambda one: not one["isProcessing"])
    assert (done["delayedJobStatus"], done["url"]) == ("failed", None)


# ── changes and webhooks ─────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_write_to_a_work_marks_all_its_products_as_changed(account: Account) -> None:
    today = account.sandbox.clock.now().date().isoformat()
    query = "query($d: ISO8601Date) { works(workSearch: {changedSince: $d}) { id products { id } } }"
    assert (await account.data(query, d=today))["works"] == []
    await account.write("updateToDo", id=1002, note="at the printer's")
    assert (await account.data(query, d=today))["works"] == [
        {"id": WORK, "products": [{"id": 9001}, {"id": 9002}, {"id": 9003}]}
    ]


async def test_a_webhook_is_signed_and_names_what_moved(account: Account) -> None:
    got: list[tuple[str, bytes, str]] = []

    async def take(request: web.Request) -> web.Response:
        headers = request.headers
        got.append((headers["X-Consonance-Event"], await request.read(), headers["X-Consonance-Signature"]))
        return web.Response()

    async with site({"/hook": take}) as url:
        target = {"url": f"{url}/hook", "secret": "s3cret", "events": ["product.publication_date_changed"]}
        async with account.session.put(f"{account.url}/__sandbox/webhook", json=target) as answer:
            assert answer.ok
        await account.write("updateProduct", id=PAPERBACK, publicationDate="2027-04-15")

        async def look() -> int:
            return len(got)

        await eventually(look, bool)
    event, body, signature = got[0]
    assert event == "product.publication_date_changed"
    assert msgspec.json.decode(body)["data"] == {
        "productId": PAPERBACK, "workId": WORK, "field": "publicationDate", "from": "2027-03-18", "to": "2027-04-15"
    }  # fmt: skip
    assert signature == f"sha256={hmac.new(b's3cret', body, hashlib.sha256).hexdigest()}"


# ── what it is filled with ───────────────────────────────────────────────────────────────────────────────────────────


async def test_books_of_a_folder_become_works_with_their_editions(tmp_path: Path) -> None:
    folder = tmp_path / "content"
    folder.mkdir()
    (folder / "cover.jpg").write_bytes(PICTURE)
    (folder / "books.csv").write_text(
        "isbn,title,description,price\n9780553380958,Snow Crash,A pizza is late.,7.99\n9780441569595,Neuromancer,The sky.,6.50\n"
    )
    sandbox = ConsonanceSandbox(SandboxConfig(key=KEY, content=folder))
    async with serving(sandbox), aiohttp.ClientSession() as session:
        account = Account(sandbox, session)
        told = await account.data(BOOK)
        manifest = sandbox.state.setting("manifest")
    assert told["products"] == [
        {
            "fullTitle": "Snow Crash",
            "prices": [{"amount": 7.99}],
            "marketingTexts": [{"externalTextMarkdown": "A pizza is late."}],
        }
    ]
    assert manifest["content"] == str(folder)


ONIX = """<ONIXMessage xmlns="http://ns.editeur.org/onix/3.0/reference" release="3.0">
  <Header><Sender><SenderName>Larkfield</SenderName></Sender><SentDateTime>20261101</SentDateTime></Header>
  <Product>
    <RecordReference>larch-1</RecordReference><NotificationType>03</NotificationType>
    <ProductIdentifier><ProductIDType>15</ProductIDType><IDValue>9780553380958</IDValue></ProductIdentifier>
    <DescriptiveDetail>
      <ProductComposition>00</ProductComposition><ProductForm>ED</ProductForm><ProductFormDetail>E101</ProductFormDetail>
      <TitleDetail><TitleType>01</TitleType><TitleElement><TitleElementLevel>01</TitleElementLevel>
        <TitleText>Snow Crash</TitleText></TitleElement></TitleDetail>
    </DescriptiveDetail>
    <PublishingDetail>
      <PublishingStatus>04</PublishingStatus>
      <SalesRights><SalesRightsType>01</SalesRightsType>
        <Territory><CountriesIncluded>GB IE</CountriesIncluded></Territory></SalesRights>
      <SalesRights><SalesRightsType>03</SalesRightsType>
        <Territory><CountriesIncluded>US</CountriesIncluded></Territory></SalesRights>
    </PublishingDetail>
  </Product>
</ONIXMessage>"""
IMPORTED = """
query($id: Int!) { product(productSearch: {idEq: $id}) {
  __typename fullTitle isbn { isbn13 } onix21ProductFormCode onixPublishingStatusCode
  forSaleCountryCodes notForSaleCountryCodes isForSaleWorldwide
} }
"""


async def test_an_onix_message_can_be_taken_in(account: Account) -> None:
    body = {"message": ONIX}
    async with account.session.post(f"{account.url}/__sandbox/actions/import_onix", json=body) as answer:
        told = await answer.json()
    assert (len(told["products"]), told["problems"]) == (1, [])
    assert (await account.data(IMPORTED, id=told["products"][0]))["product"] == {
        "__typename": "ElectronicBookProduct",
        "fullTitle": "Snow Crash",
        "isbn": {"isbn13": "9780553380958"},
        "onix21ProductFormCode": "DG",
        "onixPublishingStatusCode": "_04",
        "forSaleCountryCodes": ["GB", "IE"],
        "notForSaleCountryCodes": ["US"],
        "isForSaleWorldwide": False,
    }


async def test_a_reset_brings_the_seed_back(account: Account) -> None:
    await account.write("deleteSupportingResource", id=901)
    async with account.session.post(f"{account.url}/__sandbox/reset") as answer:
        assert answer.status == 204
    assert (await resource(account, 901))["status"] == "APPROVED"


async def test_what_people_do_there_is_offered_in_canonical_words(account: Account) -> None:
    async def act(name: str, **words: Any) -> Any:
        async with account.session.post(f"{account.url}/__sandbox/actions/{name}", json=words) as answer:
            return answer.status, await answer.json()

    _, book = await act("make_book", title="The New One", **{"ids.gtin": "9780553380958"})
    assert (await act("change_book", id=book["id"], title="Another"))[0] == 200
    _, image = await act(
        "make_image", title="A cover", status="approved", **{"ids.gtin": "9780553380958", "rights.credit": "J."}
    )
    kept = account.sandbox.state.get("SupportingResource", image["id"].partition("-")[2])
    assert kept is not None
    assert (kept["caption"], kept["requiredCredit"], kept["productIds"]) == ("A cover", "J.", [book["id"]])
    assert (await act("make_image", title="x", **{"ids.gtin": "9999999999999"}))[0] == 409
    assert (await act("remove_book", id=book["id"]))[0] == 200
    assert account.sandbox.state.get("Product", book["id"]) is None
