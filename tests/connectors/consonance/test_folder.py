"""What stands beside the connector's code: manifest, page and payloads say what is so."""

import ast
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from lockgate.app import registry
from lockgate.connectors.consonance.connector import CONNECTOR, Consonance
from lockgate.connectors.consonance.quirks import Quirks
from lockgate.connectors.consonance.settings import ConsonanceSettings
from lockgate.kit.contract import capabilities

FOLDER = files("lockgate.connectors.consonance")
PAGE = (FOLDER / "README.md").read_text()


def yaml(name: str) -> Any:
    return YAML(typ="safe").load((FOLDER / name).read_text())


def rows(head: str) -> set[str]:
    found = re.search(rf"<!-- generated: {head} -->\n(.*?)<!-- end -->", PAGE, re.DOTALL)
    assert found is not None
    return set(re.findall(r"^\| `(\w+)` \|", found[1], re.MULTILINE))


def test_the_registry_finds_the_connector() -> None:
    assert registry.get("consonance") is CONNECTOR is Consonance


def test_every_setting_quirk_and_operation_stands_on_the_page() -> None:
    assert rows("settings") == set(ConsonanceSettings.model_fields)
    assert rows("quirks") == set(Quirks.model_fields)
    assert rows("operations") == set(capabilities(Consonance))


def test_the_manifest_claims_no_live_account() -> None:
    manifest = yaml("manifest.yaml")
    assert (manifest["id"], manifest["title"]) == (Consonance.id, Consonance.title)
    assert manifest["verified"] == "against documents and our sandbox only; never against a live account"
    assert manifest["excuses"] == {}


def test_every_payload_states_its_source() -> None:
    shipped = {one.name for one in (FOLDER / "fixtures").iterdir() if one.name.endswith(".json")}
    sources = yaml("fixtures/sources.yaml")["payloads"]
    assert set(sources) == shipped
    assert all(one["from"] and one["marks"] for one in sources.values())


def test_the_sandbox_imports_nothing_of_the_connector_beside_it() -> None:
    for path in Path(str(FOLDER / "sandbox")).glob("*.py"):
        imported = [
            one for one in ast.walk(ast.parse(path.read_text())) if isinstance(one, ast.ImportFrom | ast.Import)
        ]
        names = [one.module or "" for one in imported if isinstance(one, ast.ImportFrom) and one.level == 0]
        names += [each.name for one in imported if isinstance(one, ast.Import) for each in one.names]
        assert not [name for name in names if name.startswith("lockgate.connectors")], path.name
        assert not [one for one in imported if isinstance(one, ast.ImportFrom) and one.level > 1], path.name
