"""`lockgate connect define`: a system by declaration, in the library and out of an OpenAPI file; each in a process of its own."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lockgate.connectors.rest.definition.load import load
from lockgate.connectors.rest.openapi import NotOpenApi, propose
from lockgate.kit.sandbox import SandboxConfig, serving

from .larkfield import Larkfield

HERE = Path(__file__).parent
SCHEMA = HERE.parents[2] / "docs" / "reference" / "definition.schema.json"


def lockgate(home: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from lockgate.cli.main import main; main()", *map(str, words)]
    return subprocess.run(  # noqa: S603 (our own command)
        command,
        env={**os.environ, "LOCKGATE_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_a_defined_system_is_in_the_library(tmp_path: Path) -> None:
    said = lockgate(tmp_path, "connect", "define", HERE / "larkfield.yaml")
    assert (said.returncode, said.stderr) == (0, "")
    assert "connect one: lockgate connect add larkfield NAME" in said.stdout
    known = json.loads(lockgate(tmp_path, "connect", "library", "larkfield", "--json").stdout)
    assert known["title"] == "Larkfield"
    assert known["can"]["upsert"] == "upsert"


async def test_a_defined_system_is_connected_like_any_other(tmp_path: Path) -> None:
    async with serving(Larkfield(SandboxConfig(key="demo-key"))) as url:
        await asyncio.to_thread(lockgate, tmp_path, "connect", "define", HERE / "larkfield.yaml")
        settings = (f"site={url}", "key=demo-key", "private_addresses=true")
        given = [word for one in settings for word in ("--set", one)]
        said = await asyncio.to_thread(lockgate, tmp_path, "connect", "add", "larkfield", "ours", *given, "--json")
    assert (said.returncode, said.stderr) == (0, "")
    told = json.loads(said.stdout)
    assert (told["connector"], told["info"]["product"], told["info"]["account"]) == (
        "larkfield",
        "Larkfield",
        "sandbox",
    )
    assert "demo-key" not in said.stdout


def test_a_wrong_definition_is_told_line_by_line_and_not_stored(tmp_path: Path) -> None:
    wrong = tmp_path / "larkfield.yaml"
    wrong.write_text(
        (HERE / "larkfield.yaml").read_text().replace("GET /me", "GRAB /me").replace("at: sku", "at: sku..x")
    )
    said = lockgate(tmp_path, "connect", "define", wrong)
    assert said.returncode == 2
    assert [line.split(":")[0] for line in said.stderr.splitlines()] == [
        "larkfield.yaml line 20",
        "larkfield.yaml line 32",
    ]
    assert not (tmp_path / "definitions").exists()


def test_a_definition_that_was_spoilt_hides_no_other(tmp_path: Path) -> None:
    (tmp_path / "definitions").mkdir()
    (tmp_path / "definitions" / "spoilt.yaml").write_text("definition: spoilt\n")
    listed = lockgate(tmp_path, "connect", "library", "--json")
    assert listed.returncode == 0
    assert {"celum", "wordpress"} <= {one["id"] for one in json.loads(listed.stdout)["rows"]}
    assert "spoilt.yaml line 1: `title` is missing" in lockgate(tmp_path, "connect", "library", "spoilt").stderr


def test_a_name_that_a_connector_has_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text((HERE / "larkfield.yaml").read_text().replace("definition: larkfield", "definition: celum"))
    said = lockgate(tmp_path, "connect", "define", file)
    assert said.returncode == 2
    assert "there is a connector celum already" in said.stderr


@pytest.mark.parametrize("file", ["pages-v3.yaml", "orders-v2.json"])
def test_a_proposal_from_an_openapi_file_is_a_definition(file: str) -> None:
    made = load(propose((HERE / "openapi" / file).read_text(), file), "proposal.yaml")
    assert all(kind.index and kind.fetch and kind.update for kind in made.kinds.values())


def test_a_proposal_tells_pages_keys_credentials_and_statuses_apart() -> None:
    made = load(propose((HERE / "openapi" / "pages-v3.yaml").read_text(), "pages-v3.yaml"), "proposal.yaml")
    page = made.kinds["page"]
    assert (made.definition, made.base, made.auth.header) == ("larkfield_pages", "{settings.site}/api/v2", "X-Key")
    assert page.changes is not None
    assert page.changes.query["updated_since"] == "{since}"
    assert page.index is not None
    assert page.index.paging is not None
    assert (page.index.records, page.index.paging.by, page.index.paging.total) == ("data", "page", "total")
    assert page.record.fields["status"].values == {"draft": "draft", "published": "approved", "archived": "archived"}
    assert page.create is not None
    assert page.create.body == {"...": "=fields", "external_id": "=key"}


def test_a_proposal_says_what_a_person_has_to_add() -> None:
    said = propose((HERE / "openapi" / "orders-v2.json").read_text(), "orders-v2.json")
    assert "# `create` is left out: name the field that keeps our key" in said
    assert "# `modified: {at: …}` is needed for changes." in said


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("[1]", "no OpenAPI file"), ("{", "neither JSON nor YAML"), ("a: b", "no OpenAPI file of version 2 or 3")],
)
def test_what_is_no_openapi_file_is_refused_in_words(text: str, sentence: str) -> None:
    with pytest.raises(NotOpenApi, match=sentence):
        propose(text, "thing.json")


def test_the_schema_for_editors_is_the_one_in_the_reference(tmp_path: Path) -> None:
    said = lockgate(tmp_path, "connect", "define", "--schema")
    assert json.loads(said.stdout) == json.loads(SCHEMA.read_text())
