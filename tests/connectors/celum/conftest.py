"""The fixtures of the CELUM connector as Python values, and the profile a person would confirm for them."""

from collections.abc import Callable
from importlib.resources import files
from typing import Any

import msgspec
import pytest

from lockgate.connectors.celum.mapping import to_item
from lockgate.connectors.celum.quirks import Quirks
from lockgate.kit.profile import Match, Profile
from lockgate.model.item import Item

FIELDS = {
    "ids.sku": "sku",
    "ids.gtin": "gtin",
    "ids.family": "product-family",
    "texts.caption": "caption",
    "texts.description": "description",
    "texts.copyright": "copyright",
    "keywords.subject": "tags",
    "keywords.campaign": "campaign",
    "languages": "languages",
    "rights.cleared": "cleared",
    "rights.territories": "regions",
    "rights.prohibited": "restricted-regions",
    "rights.channels": "channels",
    "rights.from": "license-from",
    "rights.until": "license-until",
    "rights.statement": "usage-terms",
    "rights.credit": "credit-line",
    "fields.creator": "creator",
    "fields.season": "season",
    "fields.rating": "rating",
    "fields.weight": "weight",
    "fields.taken": "shot-on",
}
"""Where the tenant of the fixtures, and of the sandbox, keeps what recipes ask for."""


@pytest.fixture
def payload() -> Callable[[str], Any]:
    """A shipped payload by its name without `.json`."""
    folder = files("lockgate.connectors.celum") / "fixtures"
    return lambda name: msgspec.json.decode((folder / f"{name}.json").read_bytes())


@pytest.fixture
def profile() -> Profile:
    matches = tuple(Match(canonical=canonical, field=field) for canonical, field in FIELDS.items())
    return Profile(matches={"asset": matches}, zone="Europe/Berlin")


@pytest.fixture
def item(payload: Callable[[str], Any], profile: Profile) -> Callable[..., Item]:
    """The item of a shipped payload, with parts of the payload replaced and the profile or quirks changed where asked."""

    def build(
        name: str = "asset__approved", /, *, by: Profile = profile, quirks: Quirks | None = None, **changed: Any
    ) -> Item:
        return to_item(payload(name) | changed, system="dam", profile=by, quirks=quirks or Quirks())

    return build
