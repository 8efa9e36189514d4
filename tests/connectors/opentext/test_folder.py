"""What stands beside the connector's code: manifest, page and payloads say what is so."""

import re
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML

from lockgate.app import registry
from lockgate.connectors.opentext.connector import CONNECTOR, OpenText
from lockgate.connectors.opentext.quirks import Quirks
from lockgate.connectors.opentext.settings import OpenTextSettings
from lockgate.kit.contract import capabilities

FOLDER = files("lockgate.connectors.opentext")
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
    assert registry.get("opentext") is CONNECTOR is OpenText


def test_every_setting_quirk_and_operation_stands_on_the_page() -> None:
    assert rows("settings") == set(OpenTextSettings.model_fields)
    assert rows("quirks") == set(Quirks.model_fields)
    assert rows("operations") == set(capabilities(OpenText))


def test_every_call_is_served_by_an_operation_there_is_or_left_out_for_a_reason() -> None:
    part = PAGE.partition("## Coverage")[2].partition("## Operations")[0]
    rows = re.findall(r"^\| (?!\*\*|call|---)(.+) \| (.+) \| (.*) \|$", part, re.MULTILINE)
    said = [(set(re.findall(r"`(\w+)`", by)), why) for _, by, why in rows]
    assert not set().union(*(names for names, _ in said)) - set(capabilities(OpenText))
    assert all(names or why for names, why in said)
    served = sum(bool(names) for names, _ in said)
    assert f"Of the {len(rows)} calls" in part
    assert f"**{served} are served by operations and {len(rows) - served} are left out**" in part


def test_every_quirk_says_in_words_what_it_is() -> None:
    assert all(field.title for field in Quirks.model_fields.values())


def test_the_manifest_claims_no_live_tenant() -> None:
    manifest = yaml("manifest.yaml")
    assert (manifest["id"], manifest["title"]) == (OpenText.id, OpenText.title)
    assert manifest["verified"] == "against documents and our sandbox only; never against a live tenant"
    assert manifest["excuses"] == {}


def test_operations_of_every_group_state_what_a_repeat_does() -> None:
    can = capabilities(OpenText)
    assert {"upsert", "add_to_team", "start_workflow", "decide", "declare_record", "grant", "audit"} <= set(can)
    writes = {name for name, one in can.items() if one.effect in {"create", "upsert"} and one.idempotent == "natural"}
    assert not writes & {"start_workflow", "add_role", "copy", "folder", "upsert"}


def test_every_payload_states_its_source() -> None:
    shipped = {one.name for one in (FOLDER / "fixtures").iterdir() if one.name.endswith(".json")}
    sources = yaml("fixtures/sources.yaml")["payloads"]
    assert set(sources) == shipped
    assert all(one["from"] and one["marks"] for one in sources.values())
