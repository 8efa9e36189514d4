"""The whole way, by the command line: approved assets of a DAM reach the pages of their products in a real WordPress."""

import csv
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.cli.commands import Commands, clean, smith
from tests.servers.running.wordpress import WordPress
from tests.servers.test_wordpress import ALL, API, WordPressBench

from lockgate.connectors.celum.sandbox import SANDBOX

FLOW = """\
flow: pictures
recipe: approved-assets-to-products
uses: {dam: dam, pim: site}
"""


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample content that ships with Lockgate."""
    folder = tmp_path_factory.mktemp("sample") / "content"
    command = [sys.executable, "-m", "lockgate.kit.seed", str(folder), "--generate"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=clean())  # noqa: S603 - our own program
    return folder


@pytest.fixture
def commands(tmp_path: Path) -> Iterator[Commands]:
    with smith(tmp_path) as forking, Commands(forking) as made:
        yield made


@pytest.fixture
async def site(wordpress_server: WordPress, tmp_path: Path) -> AsyncIterator[WordPressBench]:
    """WordPress without media and pages."""
    async with WordPressBench.on(wordpress_server, tmp_path) as ready:
        yield ready


def test_approved_assets_reach_the_pages_of_their_products(
    site: WordPressBench, commands: Commands, content: Path, tmp_path: Path
) -> None:
    with (content / "products.csv").open(newline="") as table:
        for row in csv.DictReader(table, delimiter=";"):
            names = {f"lockgate_{name}": row[name] for name in ("sku", "gtin", "family")}
            site.page(title=row["name-en"], meta=names)
    dam = commands.start("sandbox", "up", SANDBOX.id, "--content", str(content), "--json").document()["url"]
    expected = commands.run("sandbox", "manifest", dam, "--json").document["expected"]

    def ok(*arguments: str, status: int = 0) -> Any:
        done = commands.run("--home", str(tmp_path / "home"), *arguments, "--json")
        assert done.status == status, f"{' '.join(arguments)} ended with {done.status}: {done.out}{done.err}"
        return done.document

    here = ("--set", "private_addresses=true")
    ok("connect", "add", "celum", "dam", "--set", f"site={dam}", "--set", "key=demo-key", *here)
    account = (f"user={site.server.user}", f"password={site.server.application_password}")
    told = ok(
        "connect",
        "add",
        "wordpress",
        "site",
        "--set",
        f"site={site.server.url}",
        "--set",
        account[0],
        "--set",
        account[1],
        *here,
    )
    assert site.server.application_password not in str(told)
    for name in ("dam", "site"):
        ok("connect", "profile", name, "--confirm")
    (tmp_path / "pictures.yaml").write_text(FLOW)
    ok("flow", "add", str(tmp_path / "pictures.yaml"))

    first = ok("flow", "run", "pictures", status=1)["account"]
    arrived = expected["written"]
    assert (first["read"], first["written"], first["linked"]) == (expected["read"], arrived, arrived)
    assert first["reasons"] == {**expected["blocked"], **expected["parked"]}
    media = {record["id"]: record for record in media_of(site)}
    assert len(media) == arrived
    linked = {image for page in pages_of(site) for image in page["meta"]["lockgate_images"]}
    assert linked == set(media), "a picture is at no page, or a page has one that is not there"
    assert all(record["lockgate_file"]["length"] > 0 and record["title"]["raw"] for record in media.values())

    again = ok("flow", "run", "pictures", status=1)["account"]
    assert (again["written"], again["unchanged"]) == (0, arrived)
    assert {record["id"]: record["modified_gmt"] for record in media_of(site)} == {
        id: record["modified_gmt"] for id, record in media.items()
    }

    key = ok("item", "list", "--held", "live", "--outcome", "written")["rows"][0]["key"]
    ok("recall", key, "--reason", "the model withdrew consent")
    closed = [record for record in media_of(site) if record["status"] == "private"]
    assert [record["meta"]["lockgate_key"] for record in closed] == [f"dam:{key}"]


def media_of(site: WordPressBench) -> Any:
    whole = ALL.replace("_fields=id", "_fields=id,modified_gmt,status,title,meta,lockgate_file")
    return site.ask("GET", f"{API}/media?{whole}&status=inherit,private")


def pages_of(site: WordPressBench) -> Any:
    return site.ask("GET", f"{API}/pages?{ALL.replace('_fields=id', '_fields=id,meta')}&status=any")
