"""What stands beside the connector's code: manifest, page and payloads say what is so."""

import re
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest
from ruamel.yaml import YAML

from lockgate.app import registry
from lockgate.connectors.celum.connector import CONNECTOR, Celum, CelumSettings
from lockgate.connectors.celum.quirks import Quirks
from lockgate.kit.contract import capabilities

FOLDER = files("lockgate.connectors.celum")


def yaml(name: str) -> Any:
    return YAML(typ="safe").load((FOLDER / name).read_text())


def section(head: str) -> str:
    """What stands between the generated markers of the page."""
    found = re.search(rf"<!-- generated: {head} -->\n(.*?)<!-- end -->", (FOLDER / "README.md").read_text(), re.DOTALL)
    assert found is not None
    return found[1]


def test_the_registry_finds_the_connector() -> None:
    assert registry.get("celum") is CONNECTOR is Celum


def test_every_setting_and_operation_stands_on_the_page() -> None:
    assert set(re.findall(r"^\| `(\w+)` \|", section("settings"), re.MULTILINE)) == set(CelumSettings.model_fields)
    assert set(re.findall(r"^\| `(\w+)` \|", section("operations"), re.MULTILINE)) == set(capabilities(Celum))


def test_every_quirk_says_in_words_what_it_is() -> None:
    assert all(field.title for field in Quirks.model_fields.values())


def test_the_manifest_claims_no_live_tenant() -> None:
    manifest = yaml("manifest.yaml")
    assert (manifest["id"], manifest["title"]) == (Celum.id, Celum.title)
    assert manifest["verified"] == "against documents and our sandbox only; never against a live tenant"
    assert manifest["excuses"] == {}


def test_every_payload_states_its_source() -> None:
    shipped = {one.name for one in (FOLDER / "fixtures").iterdir() if one.name.endswith(".json")}
    sources = yaml("fixtures/sources.yaml")["payloads"]
    assert set(sources) == shipped
    assert all(one["from"] and one["marks"] for one in sources.values())


@pytest.mark.parametrize(
    ("name", "members"),
    [
        ("error__hidden_asset", {"code", "message", "entity"}),
        ("error__account_not_allowed", {"code", "message"}),
        ("error__argument", {"code", "message", "faults"}),
        ("error__information_field", {"code", "message", "faults"}),
    ],
)
def test_error_payloads_have_the_documented_members(
    payload: Callable[[str], Any], name: str, members: set[str]
) -> None:
    assert set(payload(name)) == members


CONTRACT = {
    "check", "schema", "changes", "index", "fetch", "open", "receive",
    "find", "held", "file_digest", "upsert", "link", "withdraw", "show",
}  # fmt: skip


def test_the_page_names_each_operation_beyond_the_contract_and_where_it_stands_in_the_document() -> None:
    page = (FOLDER / "README.md").read_text()
    named = page.partition("## Operations beyond")[2].partition("\n## ")[0]
    covered = page.partition("## What of the document is covered")[2]
    beyond = set(capabilities(Celum)) - CONTRACT
    assert set(re.findall(r"`(\w+)`", named)) >= beyond
    assert set(re.findall(r"`(\w+)`", covered)) >= beyond
