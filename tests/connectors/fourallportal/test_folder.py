"""What stands beside the connector's code: manifest, page and payloads say what is so."""

import re
from importlib.resources import files
from typing import Any

import msgspec
from ruamel.yaml import YAML

from lockgate.app import registry
from lockgate.connectors.fourallportal.connector import CONNECTOR, FourAllPortal, PortalSettings
from lockgate.connectors.fourallportal.quirks import Quirks
from lockgate.kit.contract import capabilities

FOLDER = files("lockgate.connectors.fourallportal")
PAGE = (FOLDER / "README.md").read_text()


def yaml(name: str) -> Any:
    return YAML(typ="safe").load((FOLDER / name).read_text())


def section(head: str) -> str:
    """What stands between the generated markers of the page."""
    found = re.search(rf"<!-- generated: {head} -->\n(.*?)<!-- end -->", PAGE, re.DOTALL)
    assert found is not None
    return found[1]


def rows(head: str) -> set[str]:
    return set(re.findall(r"^\| `(\w+)` \|", section(head), re.MULTILINE))


def test_the_registry_finds_the_connector() -> None:
    assert registry.get("fourallportal") is CONNECTOR is FourAllPortal


def test_every_setting_quirk_and_operation_stands_on_the_page() -> None:
    assert rows("settings") == set(PortalSettings.model_fields)
    assert rows("quirks") == set(Quirks.model_fields)
    assert rows("operations") == set(capabilities(FourAllPortal))


def test_every_quirk_says_in_words_what_it_is() -> None:
    assert all(field.title for field in Quirks.model_fields.values())


def test_the_manifest_claims_no_live_tenant() -> None:
    manifest = yaml("manifest.yaml")
    assert (manifest["id"], manifest["title"]) == (FourAllPortal.id, FourAllPortal.title)
    assert manifest["verified"] == "against documents and our sandbox only; never against a live tenant"
    assert manifest["excuses"] == {}


def test_every_payload_states_its_source() -> None:
    shipped = {one.name for one in (FOLDER / "fixtures").iterdir() if one.name.endswith(".json")}
    sources = yaml("fixtures/sources.yaml")["payloads"]
    assert set(sources) == shipped
    assert all(one["from"] and one["marks"] for one in sources.values())


def test_the_webhook_template_on_the_page_is_json_with_what_is_read() -> None:
    (template,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert {"event", "module", "id"} <= set(msgspec.json.decode(template))


CONTRACT = {
    "check", "schema", "changes", "index", "fetch", "open", "receive",
    "find", "held", "file_digest", "upsert", "link", "withdraw", "show",
}  # fmt: skip


def test_the_page_names_each_operation_beyond_the_contract_and_where_it_stands_in_the_document() -> None:
    page = PAGE
    named = page.partition("## Operations beyond")[2].partition("\n## ")[0]
    covered = page.partition("## What of the document is covered")[2]
    beyond = set(capabilities(FourAllPortal)) - CONTRACT
    assert set(re.findall(r"`(\w+)`", named)) >= beyond
    assert set(re.findall(r"`(\w+)`", covered)) >= beyond
