"""From an empty home to delivered, explained and proven items, one command after the other."""

import json
from pathlib import Path

from .commands import Place


def test_commands_carry_a_flow_from_nothing_to_proof(place: Place) -> None:
    place.connected()
    template = place("flow", "template", "approved-assets-to-products").out
    flow = (
        template.replace("my-dam", "dam")
        .replace("my-pim", "pim")
        .replace("flow: approved-assets-to-products", "flow: f")
    )
    assert place.ok("flow", "add", place.file("f.yaml", flow))["name"] == "f"
    expected = place.systems.expected

    planned = place.ok("flow", "plan", "f", "--limit", "3")
    assert planned["plan"]["summary"]["create"] == expected["written"]
    assert len(planned["changes"]["rows"]) == 3
    assert planned["changes"]["next"] is not None
    assert len(place.ok("flow", "plan", "f", "--all")["changes"]["rows"]) == expected["written"]

    first = place.ok("flow", "run", "f", status=1)["account"]
    assert (first["read"], first["written"]) == (expected["read"], expected["written"])
    assert first["reasons"] == {**expected["blocked"], **expected["parked"]}
    again = place.ok("flow", "run", "f", status=1)["account"]
    assert (again["written"], again["unchanged"]) == (0, expected["written"])

    waiting = place.ok("parked", "list", "f")["rows"]
    assert {one["code"] for one in waiting} == {"product.missing"}
    assert len(place.ok("parked", "retry", "f", status=1)["still_parked"]) == len(waiting)
    assert place("sandbox", "act", place.systems.portal, "create_missing_products").status == 0
    assert place.ok("parked", "retry", "f", "--reason", "product.missing")["retried"] == len(waiting)
    assert place.ok("flow", "status", "f")["rows"][0]["parked"] == 0

    key = waiting[0]["key"]
    item = place.ok("item", "show", key)
    assert item["place"]["held"] == "live"
    assert all(verdict["decision"] == "allow" for verdict in item["verdicts"])
    acts = [one["act"] for one in place.ok("item", "timeline", key)["rows"]]
    assert acts[0] == "written"
    assert acts[-1] == "parked"
    [number] = next(iter(item["identifiers"].values()))
    assert key in {one["key"] for one in place.ok("item", "where-used", number)["rows"]}
    assert place.ok("item", "look", key)["allowed"]


def test_the_audit_can_be_checked_elsewhere_and_shows_a_change(carried: Place, tmp_path: Path) -> None:
    place = carried
    report = place.ok("audit", "verify")
    assert report["intact"]
    bundle = tmp_path / "bundle.jsonl"
    place.ok("audit", "export", "--to", str(bundle))
    assert place.ok("audit", "verify", str(bundle), "--known", f"{report['last']['n']}:{report['last']['hash']}")[
        "intact"
    ]

    lines = bundle.read_text().splitlines()
    row = json.loads(lines[2])
    lines[2] = json.dumps({**row, "run": "another"})
    bundle.write_text("\n".join(lines))
    assert place.ok("audit", "verify", str(bundle), status=1)["broken"] == row["n"]


def test_people_read_tables_and_sentences_without_being_cut(carried: Place) -> None:
    done = carried("flow", "run", "f")
    expected = carried.systems.expected
    account = next(line for line in done.out.splitlines() if line.startswith("read "))
    assert f"read {expected['read']} = written 0 + unchanged {expected['written']}" in account
    parked = carried("parked", "list", "f").out
    assert "it goes on by itself once there is one" in parked
    assert "a product with sku" in parked
    assert "creative has approved it" in carried("flow", "show", "f").out


def test_the_profile_shows_samples_and_takes_a_persons_word(carried: Place) -> None:
    site = ("--set", f"site={carried.systems.celum}", "--set", "key=demo-key", "--set", "private_addresses=true")
    carried.ok("connect", "add", "celum", "other", *site)
    told = carried.ok("connect", "profile", "other")
    assert told["samples"]["asset"]["ids.sku"]
    assert told["profile"]["confirmed_at"] is None
    fields = {one["canonical"]: one["field"] for one in told["profile"]["matches"]}
    word = ("--set", f"asset.texts.alt={fields['texts.caption']}", "--zone", "Europe/Berlin")
    profile = carried.ok("connect", "profile", "other", *word)["profile"]
    assert profile["confirmed_at"] is not None
    assert profile["zone"] == "Europe/Berlin"
    [alt] = [one for one in profile["matches"] if one["canonical"] == "texts.alt"]
    assert (alt["field"], alt["confidence"]) == (fields["texts.caption"], 1.0)
    refused = carried("connect", "profile", "other", "--set", "asset.ids.sku=no-such-field")
    assert refused.status == 2
    assert "no-such-field" in refused.err
    assert carried.ok("connect", "remove", "other") == {"removed": "other"}


def test_the_doctor_finds_what_is_wrong_and_says_the_remedy(carried: Place) -> None:
    assert {one["state"] for one in carried.ok("doctor")["findings"]} == {"ok", "warn"}
    key, celum = carried.home / "secrets.key", carried.systems.celum
    key.chmod(0o644)
    carried("sandbox", "faults", celum, "--add", "status", "--status", "401", "--match", "GET /*")
    try:
        found = {one["what"]: one for one in carried.ok("doctor", status=1)["findings"]}
        unanswered = carried("connect", "check", "dam")
    finally:
        key.chmod(0o600)
        carried("sandbox", "faults", celum, "--clear")
    assert (found["key"]["state"], found["key"]["remedy"]) == ("fail", f"chmod 600 {key}")
    assert found["connection dam"]["state"] == "fail"
    assert found["connection dam"]["sentence"] in unanswered.err
    assert unanswered.status == 1
    assert carried("connect", "check", "dam").status == 0
