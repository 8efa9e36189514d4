"""What stands beside the connector's code says what is so."""

import re
from importlib.resources import files

from ruamel.yaml import YAML

from lockgate.app import registry
from lockgate.connectors.webhook import sending
from lockgate.connectors.webhook.connector import Webhook
from lockgate.connectors.webhook.settings import WebhookSettings

FOLDER = files("lockgate.connectors.webhook")
PAGE = (FOLDER / "README.md").read_text()


def test_the_registry_finds_the_connector() -> None:
    assert registry.get("webhook") is Webhook


def test_the_manifest_claims_no_system_in_use() -> None:
    manifest = YAML(typ="safe").load((FOLDER / "manifest.yaml").read_text())
    assert (manifest["id"], manifest["title"]) == (Webhook.id, Webhook.title)
    assert "never against a system in use" in manifest["verified"]


def test_the_page_names_each_type_of_event_that_is_sent() -> None:
    named = set(re.findall(r"^\| `(lockgate\.[a-z.]+)` \|", PAGE, re.MULTILINE))
    assert named == {sending.WRITTEN, sending.HIDDEN, sending.SHOWN, sending.REMOVED, sending.CHECK}


def test_each_setting_that_the_page_names_is_one() -> None:
    named = set(re.findall(r"`(hmac_\w+|file\w*|signing_secret|gone_types|deleted|version|sample|proof)`", PAGE))
    assert named <= set(WebhookSettings.model_fields)
    assert {"hmac_header", "file_digest", "signing_secret", "gone_types"} <= named
