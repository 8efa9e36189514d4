"""The definition of WordPress against WordPress itself: the promises of every connector, and its traps."""

import base64
import hashlib
import io
import shutil
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import aiohttp
import pytest
from PIL import Image
from tests.servers.relay import ServerBench, asked, defined
from tests.servers.running.wordpress import WordPress

from lockgate.kit.conformance import Carrier
from lockgate.kit.conformance.bench import KEY, PICTURE, source
from lockgate.kit.contract import Link, Receipt, Write
from lockgate.kit.errors import NeedsOperator, Rejected
from lockgate.kit.profile import Profile
from lockgate.kit.services import Services

CONNECTOR = defined("wordpress")
API = "/wp-json/wp/v2"
ALL = "context=edit&per_page=100&_fields=id"


class WordPressBench(ServerBench):
    """An editor's work beside ours."""

    server: WordPress
    read_route = "GET /wp-json/wp/v2/media"
    file_route = "GET /wp-content/*"
    counter: ClassVar[int] = 0

    def connector(self, services: Services, url: str, key: str) -> Any:
        password = self.server.application_password if key == KEY else key
        settings = {"site": url, "user": self.server.user, "password": password, "private_addresses": True}
        return CONNECTOR(CONNECTOR.settings_type.model_validate(settings), Profile(), services)

    def headers(self) -> dict[str, str]:
        token = f"{self.server.user}:{self.server.application_password}".encode()
        return {"Authorization": f"Basic {base64.b64encode(token).decode()}"}

    async def wipe(self) -> None:
        for path, status in (("media", "inherit,private"), ("pages", "any"), ("posts", "any")):
            for record in self.ask("GET", f"{API}/{path}?{ALL}&status={status}"):
                self.ask("DELETE", f"{API}/{path}/{record['id']}?force=true")

    async def make_item(self, content: bytes) -> str:
        type(self).counter += 1
        name = f'attachment; filename="theirs-{self.counter}.jpg"'
        headers = {"Content-Type": "image/jpeg", "Content-Disposition": name}
        return str(self.ask("POST", f"{API}/media", content, headers)["id"])

    async def change_item(self, id: str) -> None:
        type(self).counter += 1
        self.ask("POST", f"{API}/media/{id}", {"caption": f"seen {self.counter} times"})

    async def replace_item_file(self, id: str, content: bytes) -> None:
        body, headers = form(content)
        self.ask("POST", f"/wp-json/lockgate/v1/media/{id}/file", body, headers)

    def count(self) -> int:
        return len(self.ask("GET", f"{API}/media?{ALL}&status=inherit,private"))

    def fields(self, version: int) -> Mapping[str, Any]:
        return {
            "title": f"Larch {version}",
            "description": f"A tree, version {version}.",
            "alt": f"a larch in autumn, {version}",
            "keywords": ["tree", "autumn wood", f"v{version}"],
            "credit": f"Studio {version}",
            "license_until": f"2027-01-0{version}",
        }

    async def identified(self) -> tuple[str, str, str, str]:
        return "product", "sku", "LARCH-'1'", self.page(sku="LARCH-'1'")

    async def carrier(self) -> Carrier:
        return Carrier(kind="product", id=self.page(), field="images")

    async def attach(self, carrier: Carrier) -> str:
        theirs = await self.make_item(PICTURE)
        self.ask("POST", f"{API}/pages/{carrier.id}", {"meta": {"lockgate_images": [int(theirs)]}})
        return theirs

    def attached(self, carrier: Carrier) -> Sequence[str]:
        return [str(one) for one in self.read_page(carrier.id)["meta"]["lockgate_images"]]

    # ── what the traps need ──────────────────────────────────────────────────────────────────────────────────────

    def page(self, *, sku: str = "LARCH-2", **members: Any) -> str:
        content = {"title": "A page of theirs", "status": "publish", "meta": {"lockgate_sku": sku}, **members}
        return str(self.ask("POST", f"{API}/pages", content)["id"])

    def read_page(self, id: str) -> Any:
        return self.ask("GET", f"{API}/pages/{id}?context=edit")

    async def seen(self, post: str) -> int:
        """What a visitor is answered who asks for the post."""
        async with aiohttp.ClientSession() as http, http.get(f"{self.server.url}{API}/posts/{post}") as answer:
            return answer.status


def form(content: bytes) -> tuple[bytes, dict[str, str]]:
    """A form with a picture as its only part."""
    head = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="theirs.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    )
    return head + content + b"\r\n--x--\r\n", {"Content-Type": "multipart/form-data; boundary=x"}


@pytest.fixture
async def bench(wordpress_server: WordPress, tmp_path: Path) -> AsyncIterator[WordPressBench]:
    async with WordPressBench.on(wordpress_server, tmp_path) as ready:
        yield ready


TestWordPress = asked(CONNECTOR, WordPressBench)


# ── traps of WordPress ───────────────────────────────────────────────────────────────────────────────────────────────────


async def one(connector: Any, kind: str, write: Write) -> Receipt:
    (answer,) = await connector.upsert(kind, [write])
    assert isinstance(answer, Receipt), answer
    return answer


def picture(width: int, height: int) -> bytes:
    made = io.BytesIO()
    Image.effect_mandelbrot((width, height), (-2, -1.5, 1, 1.5), 20).convert("RGB").save(made, "JPEG")
    return made.getvalue()


async def test_a_kind_of_file_it_does_not_take_is_refused_once_though_it_says_500(bench: WordPressBench) -> None:
    connector = await bench.connect()
    drawing = source(b"<svg xmlns='http://www.w3.org/2000/svg'/>", filename="logo.svg")
    (answer,) = await connector.upsert("asset", [Write(key="dam:1", fields={"title": "Logo"}, file=drawing)])
    assert isinstance(answer, Rejected)
    assert "not allowed to upload this file type" in answer.sentence
    assert bench.count() == 0


async def test_a_large_picture_is_held_as_it_was_sent_not_as_it_is_shown(bench: WordPressBench) -> None:
    connector, content = await bench.connect(), picture(2700, 100)
    receipt = await one(connector, "asset", Write(key="dam:1", fields={"title": "Wide"}, file=source(content)))
    shown = bench.ask("GET", f"{API}/media/{receipt.ref}")["source_url"]
    assert "-scaled" in shown, "WordPress made no smaller copy, so nothing is tested"
    assert await connector.file_digest("asset", receipt.ref) == hashlib.sha256(content).hexdigest()
    held = (await connector.held("asset", ["dam:1"]))["dam:1"]
    assert held.length == len(content)


async def test_a_name_with_umlauts_and_quotes_arrives_as_words(bench: WordPressBench) -> None:
    connector = await bench.connect()
    named = source(PICTURE, filename='Lärche "Herbst".jpg')
    receipt = await one(connector, "asset", Write(key="dam:1", fields={"title": 'Lärche "Herbst" <b>'}, file=named))
    record = bench.ask("GET", f"{API}/media/{receipt.ref}?context=edit")
    assert record["title"]["raw"] == 'Lärche "Herbst" <b>'
    assert "rche" in record["source_url"]
    assert "%" not in record["source_url"].rsplit("/", 1)[1]


async def test_a_draft_dated_ahead_hides_no_change_that_follows(bench: WordPressBench) -> None:
    connector = await bench.connect()
    cursor = [page async for page in connector.changes("product", None)][-1].cursor
    ahead = bench.page(status="draft", date_gmt="2040-01-01T00:00:00")
    assert bench.read_page(ahead)["modified_gmt"].startswith("2040"), "the trap is not there, so nothing is tested"
    seen = [page async for page in connector.changes("product", cursor)]
    assert ahead in {event.id for page in seen for event in page.records}
    other = bench.page()
    found = [event.id async for page in connector.changes("product", seen[-1].cursor) for event in page.records]
    assert other in found


async def test_the_first_image_is_the_featured_one_unless_somebody_chose_another(bench: WordPressBench) -> None:
    connector = await bench.connect()
    first, second = [
        (await one(connector, "asset", bench.write(f"dam:{n}", content=PICTURE + bytes([n])))).ref for n in (1, 2)
    ]
    page = bench.page()

    async def link(ref: str, *, present: bool = True) -> None:
        (done,) = await connector.link([Link(kind="product", id=page, field="images", ref=ref, present=present)])
        assert isinstance(done, Receipt), done

    await link(first)
    await link(second)
    assert bench.read_page(page)["featured_media"] == int(first)
    await link(first, present=False)
    assert bench.read_page(page)["featured_media"] == int(second)
    theirs = int(await bench.make_item(PICTURE))
    bench.ask("POST", f"{API}/pages/{page}", {"featured_media": theirs})
    await link(first)
    assert bench.read_page(page)["featured_media"] == theirs
    assert sorted(bench.read_page(page)["meta"]["lockgate_images"]) == sorted([int(first), int(second)])


@pytest.mark.parametrize("policy", ["hide", "unpublish"])
async def test_a_closed_post_is_closed_to_visitors_until_it_is_shown(bench: WordPressBench, policy: str) -> None:
    connector = await bench.connect()
    fields = {"title": "Autumn list", "description": "<p>What is new.</p>", "keywords": ["news"]}
    ref = (await one(connector, "post", Write(key="cms:7", fields=fields))).ref
    assert await bench.seen(ref) == 200
    await connector.withdraw("post", [ref], policy)
    assert await bench.seen(ref) == 401
    assert (await connector.held("post", ["cms:7"]))["cms:7"].hidden
    await connector.show("post", [ref])
    assert await bench.seen(ref) == 200
    (item,) = await connector.fetch("post", [ref])
    assert (item.title, item.keywords) == ({"und": "Autumn list"}, {"subject": ("news",)})


async def test_a_second_run_of_the_same_writes_changes_nothing(bench: WordPressBench) -> None:
    connector = await bench.connect()
    write = Write(key="cms:7", fields={"title": "Autumn list", "ids.sku": "4711"})
    first = await one(connector, "product", write)
    again = await one(connector, "product", write)
    assert (first.created, again.created, again.ref) == (True, False, first.ref)
    assert len(bench.ask("GET", f"{API}/pages?{ALL}&status=any")) == 1


async def test_without_its_plugin_a_person_is_told(bench: WordPressBench, tmp_path: Path) -> None:
    plugin = bench.server.site / "wp-content" / "mu-plugins" / "wordpress.php"
    plugin.rename(tmp_path / plugin.name)
    try:
        connector = await bench.connect()
        with pytest.raises(NeedsOperator):
            await connector.check()
    finally:
        shutil.move(tmp_path / plugin.name, plugin)
