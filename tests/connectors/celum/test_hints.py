"""Fields a tenant named in its own way: what each is proposed for, and what never may be."""

import pytest

from lockgate.connectors.celum.connector import Celum
from lockgate.kit.profile import FieldInfo, Match, propose, schema_of

RIGHTS = {"0": "ungeklärt", "1": "geklärt", "2": "eingeschränkt"}
STATES = {"a": "in Bearbeitung", "b": "Freigegeben", "c": "Zurückgezogen", "d": "Sonderfall"}


def field(label: str, type: str = "text", name: str = "", **options: str) -> FieldInfo:
    return FieldInfo(name=name or f"if_{label}", label=label, type=type, options=options)


def proposed(*fields: FieldInfo) -> dict[str, Match]:
    return {match.canonical: match for match in propose(schema_of({"asset": fields}), Celum.hints)["asset"]}


NUMBERED = {
    "title": field("Bezeichnung"),
    "ids.sku": field("Bestellnummer"),
    "ids.family": field("Baureihe", "choice"),
    "ids.gtin": field("Produkt (EAN)"),
    "rights.from": field("Verwendungsrechte gültig von", "date"),
    "rights.until": field("Verwendungsrechte gültig bis", "date"),
    "rights.territories": field("Erlaubte Länder", "reference"),
    "rights.prohibited": field("Nicht erlaubte Länder", "reference"),
    "rights.channels": field("Erlaubte Medien", "reference"),
    "rights.cleared": FieldInfo(name="if_113", label="Rechtestatus", type="choice", options=RIGHTS),
    "rights.statement": field("Nutzungsumfang"),
    "rights.credit": field("Copyright / Bildnachweis"),
    "texts.copyright": field("Rechteinhaber"),
    "status": FieldInfo(name="if_125", label="Freigabestatus Marketing", type="choice", options=STATES),
    "keywords.subject": field("Stichworte", "reference"),
    "window.from": field("Veröffentlichung ab", "date"),
    "window.until": field("Veröffentlichung bis", "date"),
    "fields.creator": field("Fotograf"),
}
OTHERS = (
    field("Interne Notiz"),
    field("Typenschlüssel"),
    field("Messe/Veranstaltung"),
    field("Freigabe erteilt", "boolean"),
)


def test_a_tenant_that_numbers_its_fields_is_recognised_by_their_german_labels() -> None:
    found = proposed(*NUMBERED.values(), *OTHERS)
    assert {name: match.field for name, match in found.items()} == {name: one.name for name, one in NUMBERED.items()}


def test_choices_nobody_knows_stay_unknown() -> None:
    found = proposed(*NUMBERED.values())
    assert found["status"].values == {"a": "draft", "b": "approved", "c": "rejected"}
    assert found["rights.cleared"].values == {"1": "true"}


@pytest.mark.parametrize(
    "label",
    [
        "Ausgeschlossene Länder", "Nicht erlaubte Länder", "Gesperrte Regionen", "Länder ohne Rechte", "Sperrländer",
        "Excluded countries", "Markets - excluded", "Restricted regions", "Prohibited territories", "Countries not allowed",
    ],
)  # fmt: skip
def test_where_an_asset_must_not_be_used_is_never_proposed_for_where_it_may(label: str) -> None:
    found = proposed(field(label, "reference"))
    assert "rights.territories" not in found


@pytest.mark.parametrize(
    "label", ["Rights not cleared", "Rechte nicht geklärt", "Rechte ungeklärt", "Clearance missing"]
)
def test_a_doubt_about_rights_is_never_proposed_for_their_clearance(label: str) -> None:
    assert "rights.cleared" not in proposed(field(label, "boolean"))


@pytest.mark.parametrize("label", ["Untertitel", "Subtitle"])
def test_a_subtitle_is_no_title(label: str) -> None:
    assert "title" not in proposed(field(label))
