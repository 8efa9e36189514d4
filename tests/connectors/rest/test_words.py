"""Words of the definition language that no other test says: how calls are signed, listed and refused, each over real HTTP."""

import base64
import hmac
import itertools
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from starlette.responses import JSONResponse
from yarl import URL

from lockgate.connectors.rest.library import read_text
from lockgate.kit.contract import Connector
from lockgate.kit.errors import Conflict, ContractBroken, NeedsOperator, NotFound, Rejected, Transient
from lockgate.kit.sandbox import SandboxConfig, serving

from .words import HEAD, Seen, Words, connected

SECRET = "a-secret-of-ours"
ONE_SECRET = "{site: {label: Site}, secret: {label: Secret, secret: true}}"
LISTED = "kinds: {thing: {record: {id: id}, index: {call: GET /things}}}"
THINGS = [{"id": 1}, {"id": 2}]


@pytest.fixture
async def system() -> AsyncIterator[Words]:
    words = Words(SandboxConfig())
    words.answers = {"GET /check": {"ok": True}, "GET /things": THINGS}
    async with serving(words):
        yield words


async def ids(connector: Connector[Any]) -> list[str]:
    return [ref.id async for page in connector.index("thing", None) for ref in page.records]


# ── sign in ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def of_hmac(algorithm: str, encoding: str) -> tuple[str, dict[str, str]]:
    digest = hmac.new(SECRET.encode(), b"GET/thingsa=1", algorithm).digest()
    told = digest.hex() if encoding == "hex" else base64.b64encode(digest).decode()
    message = '"{method}{path}{query}"'
    auth = f'style: hmac, header: X-Signed, key: "{{settings.secret}}", message: {message}'
    return f"{{{auth}, algorithm: {algorithm}, encoding: {encoding}}}", {"x-signed": told}


PAIR = base64.b64encode(f"ann:{SECRET}".encode()).decode()
SIGNED = {
    "none": ("{style: none}", {}),
    "basic": ('{style: basic, user: ann, password: "{settings.secret}"}', {"authorization": f"Basic {PAIR}"}),
    "bearer": ('{style: bearer, token: "{settings.secret}"}', {"authorization": f"Bearer {SECRET}"}),
    "hmac sha1, base64": of_hmac("sha1", "base64"),
    "hmac sha512, hex": of_hmac("sha512", "hex"),
    "hmac sha256, base64": of_hmac("sha256", "base64"),
}


@pytest.mark.parametrize("way", SIGNED)
async def test_calls_prove_who_we_are_in_each_way(system: Words, tmp_path: Path, way: str) -> None:
    auth, headers = SIGNED[way]
    text = f'auth: {auth}\nkinds: {{thing: {{record: {{id: id}}, index: {{call: GET /things, query: {{a: "1"}}}}}}}}'
    async with connected(system, tmp_path, text, ONE_SECRET, secret=SECRET) as connector:
        assert await ids(connector) == ["1", "2"]
    [seen] = system.came("GET /things")
    assert headers.items() <= dict(seen.headers).items()
    assert ("authorization" in seen.headers) == ("authorization" in headers)


async def test_the_token_of_a_session_is_sent_as_it_is_unless_base64_is_asked_for(
    system: Words, tmp_path: Path
) -> None:
    login = "{call: POST /login, form: {name: ann}, take: {id: sid}}"
    text = f'auth: {{style: session, header: X-Session, value: "{{token}}", token: "s-{{took.id}}", encode: plain, login: {login}}}\n'
    system.answers["POST /login"] = {"sid": 7}
    async with connected(system, tmp_path, text + LISTED) as connector:
        await ids(connector)
    assert system.came("POST /login")[0].body == b"name=ann"
    assert system.came("GET /things")[0].headers["x-session"] == "s-7"


OAUTH = (
    'auth: {style: oauth2, token_url: /token, client_id: app, client_secret: "{settings.secret}", scope: read write, '
)


@pytest.mark.parametrize("client", ["basic", "body"])
async def test_a_client_asks_for_a_token_with_its_scope_and_names_itself(
    system: Words, tmp_path: Path, client: str
) -> None:
    system.answers["POST /token"] = {"access_token": "t-1", "expires_in": "3600"}
    text = f"{OAUTH}grant: client-credentials, client: {client}, body: form}}\n{LISTED}"
    async with connected(system, tmp_path, text, ONE_SECRET, secret=SECRET) as connector:
        await ids(connector)
    [asked] = system.came("POST /token")
    told = dict(pair.split("=") for pair in asked.body.decode().split("&"))
    named = {"client_id": "app", "client_secret": SECRET} if client == "body" else {}
    assert told == {"grant_type": "client_credentials", "scope": "read+write", **named}
    assert asked.headers.get("authorization", "").startswith("Basic ") == (client == "basic")
    assert system.came("GET /things")[0].headers["authorization"] == "Bearer t-1"


CONSENT = (
    "{site: {label: Site}, secret: {label: Secret, secret: true}, token: {label: Token, secret: true, optional: true}}"
)
LED = 'authorize_url: "/consent?a=1", authorize: {access_type: offline}, refresh_token: "{settings.token}"'
BY_CONSENT = f"{OAUTH}grant: authorization-code, {LED}}}\n{LISTED}"


async def test_a_refresh_token_that_is_replaced_is_used_once(system: Words, tmp_path: Path) -> None:
    numbers = itertools.count(1)

    def token(_: Seen) -> Any:
        number = next(numbers)
        return {"access_token": f"t-{number}", "refresh_token": f"r-{number}", "expires_in": 3600}

    def things(seen: Seen) -> Any:
        good = seen.headers["authorization"] != "Bearer t-1" or len(system.came("GET /things")) == 1
        return THINGS if good else JSONResponse({}, 401)

    system.answers |= {"POST /token": token, "GET /things": things}
    async with connected(system, tmp_path, BY_CONSENT, CONSENT, secret=SECRET, token="given") as connector:
        await ids(connector)
        await ids(connector)
    asked = [one.body.decode() for one in system.came("POST /token")]
    assert asked == ["grant_type=refresh_token&refresh_token=given", "grant_type=refresh_token&refresh_token=r-1"]


async def test_a_refresh_token_that_is_refused_is_for_a_person_and_stays_unsaid(system: Words, tmp_path: Path) -> None:
    system.answers["POST /token"] = JSONResponse({"error": "invalid_grant", "error_description": "given is old"}, 400)
    async with connected(system, tmp_path, BY_CONSENT, CONSENT, secret=SECRET, token="given-to-us") as connector:
        with pytest.raises(NeedsOperator, match="lockgate connect consent words") as caught:
            await ids(connector)
    assert "given-to-us" not in f"{caught.value} {caught.value.detail}"


def test_a_person_is_led_to_the_address_that_the_definition_says() -> None:
    made = read_text(f"{HEAD}settings: {CONSENT}\ncheck: {{call: GET /check}}\n{BY_CONSENT}", "words.yaml")
    consent = made.consent(made.settings_type.model_validate({"site": "https://a.example", "secret": SECRET}))
    assert consent is not None
    assert (consent.setting, consent.scope, consent.grant.url) == ("token", "read write", "https://a.example/token")
    assert URL(consent.address) == URL("https://a.example/consent?a=1")
    assert consent.parameters == {"access_type": "offline"}


# ── lists ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_pages_are_numbered_from_where_the_definition_says(system: Words, tmp_path: Path) -> None:
    system.answers["GET /things"] = lambda seen: [{"id": seen.query["p"]}] if int(seen.query["p"]) < 3 else []
    paging = "paging: {by: page, size: 1, first: 0}"
    text = (
        f"kinds: {{thing: {{record: {{id: id}}, index: {{call: GET /things, query: {{p: =page.number}}, {paging}}}}}}}"
    )
    async with connected(system, tmp_path, text) as connector:
        assert await ids(connector) == ["0", "1", "2"]


async def test_a_list_without_pages_is_asked_for_once(system: Words, tmp_path: Path) -> None:
    text = "kinds: {thing: {record: {id: id}, index: {call: GET /things, paging: {by: none, size: 2}}}}"
    async with connected(system, tmp_path, text) as connector:
        assert await ids(connector) == ["1", "2"]
    assert len(system.came("GET /things")) == 1


async def test_what_is_fetched_comes_in_pages_too(system: Words, tmp_path: Path) -> None:
    def found(seen: Seen) -> Any:
        wanted, at = seen.query["ids"].split(","), int(seen.query["from"])
        return [{"id": one} for one in wanted[at : at + 2]]

    system.answers["GET /things"] = found
    fetch = """{call: GET /things, query: {ids: "=join(ids, ',')", from: =page.offset}, batch: 5, paging: {by: offset, size: 2}}"""
    async with connected(system, tmp_path, f"kinds: {{thing: {{record: {{id: id}}, fetch: {fetch}}}}}") as connector:
        items = await connector.fetch("thing", [str(number) for number in range(7)])
    assert sorted(item.id for item in items) == [str(number) for number in range(7)]
    assert sorted(seen.query["from"] for seen in system.seen) == ["0", "0", "2", "2", "4"]


async def test_headers_of_the_definition_go_with_every_call_and_other_hosts_may_be_named(
    system: Words, tmp_path: Path
) -> None:
    text = (
        f'headers: {{X-Shop: "of {{settings.shop}}"}}\nhosts: ["*.cdn.example", "{{settings.shop}}.example"]\n{LISTED}'
    )
    both = "{site: {label: Site}, shop: {label: Shop}}"
    async with connected(system, tmp_path, text, both, shop="erika") as connector:
        await ids(connector)
        assert connector.settings.site_hosts()[1:] == ("*.cdn.example", "erika.example")
    assert system.came("GET /things")[0].headers["x-shop"] == "of erika"


# ── changes ──────────────────────────────────────────────────────────────────────────────────────────────────────────

NEWEST = """\
kinds:
  thing:
    record: {id: id, revision: rev, modified: {at: changed}}
    changes:
      call: GET /things
      query: {since: "{since}", page: =page.number}
      paging: {by: page, size: 2}
      newest_first: true
      since: {overlap: 10s}
"""


def changed(id: int, minute: int) -> dict[str, Any]:
    return {"id": id, "rev": minute, "changed": f"2026-03-01T10:{minute:02d}:00Z"}


async def test_where_the_newest_come_first_the_cursor_moves_after_the_last_page_only(
    system: Words, tmp_path: Path
) -> None:
    pages = {"1": [changed(5, 50), changed(4, 40)], "2": [changed(3, 30), changed(2, 20)], "3": [changed(1, 10)]}
    system.answers["GET /things"] = lambda seen: pages.get(seen.query["page"], [])
    begun = '{"at": "2026-03-01T10:00:00Z", "seen": {}}'
    async with connected(system, tmp_path, NEWEST) as connector:
        broken_off = await anext(connector.changes("thing", begun))
        told = [page async for page in connector.changes("thing", broken_off.cursor)]
        cursor = told[-1].cursor
        again = [event.id async for page in connector.changes("thing", cursor) for event in page.records]
    assert [event.id for event in broken_off.records] == ["5", "4"]
    assert [event.id for page in told for event in page.records] == ["5", "4", "3", "2", "1"]
    asked = [seen.query["since"] for seen in system.seen]
    assert asked[0] == asked[1] == "2026-03-01T09:59:50Z"  # nothing of the look that was broken off is lost
    assert asked[4] == "2026-03-01T10:49:50Z"
    assert "5" not in again


WRITTEN = {
    "iso": ("2026-03-01T10:00:00Z", "UTC"),
    "naive": ("2026-03-01T11:00:00", "Europe/Vienna"),
    "date": ("2026-03-01", "UTC"),
    "seconds": ("1772359200", "UTC"),
    "milliseconds": ("1772359200000", "UTC"),
    '"%d.%m.%Y %H:%M"': ("01.03.2026 11:00", "Europe/Vienna"),
}


@pytest.mark.parametrize("form", WRITTEN)
async def test_an_instant_is_asked_for_in_the_systems_own_form_and_zone(
    system: Words, tmp_path: Path, form: str
) -> None:
    wanted, zone = WRITTEN[form]
    since = f"since: {{format: {form}, zone: {zone}, overlap: 1s}}"
    text = f"""\
kinds:
  thing:
    record: {{id: id, modified: {{at: changed}}}}
    changes: {{call: GET /things, query: {{since: =since}}, {since}}}
"""
    async with connected(system, tmp_path, text) as connector:
        async for _ in connector.changes("thing", '{"at": "2026-03-01T10:00:01Z"}'):
            pass
    assert system.seen[0].query == {"since": wanted}


async def test_an_instant_in_parts_is_an_object(system: Words, tmp_path: Path) -> None:
    system.answers["POST /things"] = []
    text = """\
kinds:
  thing:
    record: {id: id, modified: {at: changed, format: parts, zone: Europe/Vienna}}
    changes: {call: POST /things, json: {since: =since}, since: {format: parts, zone: Europe/Vienna, overlap: 1h}}
"""
    async with connected(system, tmp_path, text) as connector:
        async for _ in connector.changes("thing", '{"at": "2026-03-01T10:00:00Z"}'):
            pass
    assert {"year": 2026, "month": 3, "day": 1, "hour": 10, "minute": 0}.items() <= system.seen[0].json["since"].items()


async def test_a_feed_begins_where_it_is_said_and_names_items_in_its_own_way(system: Words, tmp_path: Path) -> None:
    entries = {"first": ("e-2", [{"about": 4}, {"about": 5}]), "e-2": ("e-2", [])}
    system.answers["GET /feed"] = lambda seen: dict(zip(("next", "entries"), entries[seen.query["after"]], strict=True))
    text = """\
kinds:
  thing:
    record: {id: id}
    changes: {call: GET /feed, query: {after: "{cursor}"}, records: entries, id: about, feed: next, start: first}
"""
    async with connected(system, tmp_path, text) as connector:
        pages = [page async for page in connector.changes("thing", None)]
    assert [event.id for page in pages for event in page.records] == ["4", "5"]
    assert pages[-1].cursor == "e-2"


# ── refusals ─────────────────────────────────────────────────────────────────────────────────────────────────────────

MEANT = {
    "absent": NotFound,
    "rejected": Rejected,
    "conflict": Conflict,
    "transient": Transient,
    "needs-operator": NeedsOperator,
    "broken": ContractBroken,
}


@pytest.mark.parametrize("means", MEANT)
async def test_a_refusal_means_what_the_rule_that_fits_it_says(system: Words, tmp_path: Path, means: str) -> None:
    system.answers["GET /things"] = JSONResponse({"why": "The QUOTA of today is spent."}, 418)
    text = f"""\
errors: {{reason: why, rules: [{{says: something else, means: fine}}, {{says: quota, means: {means}}}]}}
{LISTED}
"""
    async with connected(system, tmp_path, text) as connector:
        with pytest.raises(MEANT[means], match="QUOTA") as caught:
            await ids(connector)
    assert type(caught.value) is MEANT[means]


async def test_rules_of_a_call_go_before_those_of_the_definition(system: Words, tmp_path: Path) -> None:
    system.answers |= dict.fromkeys(("GET /things", "GET /check"), JSONResponse({"message": "Closed."}, 418))
    text = """\
errors: {rules: [{status: 418, means: transient}]}
kinds: {thing: {record: {id: id}, index: {call: GET /things, errors: [{status: 418, means: needs-operator}]}}}
"""
    async with connected(system, tmp_path, text) as connector:
        with pytest.raises(NeedsOperator):
            await ids(connector)
        with pytest.raises(Transient):
            await connector.check()


# ── settings and check ───────────────────────────────────────────────────────────────────────────────────────────────

ASKED = """\
{
  site: {label: Site},
  depth: {label: Depth, type: number, default: "2", help: How deep, advanced: true},
  drafts: {label: Drafts too, type: flag, default: "yes"},
  shelf: {label: Shelf, choices: [left, right]},
  note: {label: Note, type: text, optional: true},
}"""


async def test_settings_are_asked_for_as_they_are_declared(system: Words, tmp_path: Path) -> None:
    query = "{d: =settings.depth, on: =settings.drafts, s: =settings.shelf}"
    text = f"kinds: {{thing: {{record: {{id: id}}, index: {{call: GET /things, query: {query}}}}}}}"
    async with connected(system, tmp_path, text, ASKED, shelf="left") as connector:
        await ids(connector)
        fields = type(connector.settings).model_fields
        with pytest.raises(ValidationError, match="right"):
            type(connector.settings).model_validate({"site": "x", "shelf": "middle"})
    assert system.came("GET /things")[0].query == {"d": "2.0", "on": "true", "s": "left"}
    depth = fields["depth"]
    assert (depth.title, depth.description, depth.json_schema_extra) == (
        "Depth",
        "How deep",
        {"example": "", "advanced": True},
    )
    assert not fields["note"].is_required()


async def test_a_system_says_who_it_is_and_the_definition_what_to_know(system: Words, tmp_path: Path) -> None:
    system.answers["GET /check"] = {"about": {"name": "Shelf", "v": 3}, "me": "ann"}
    text = (
        f"check: {{call: GET /check, product: about.name, version: about.v, account: me, notes: [No images]}}\n{LISTED}"
    )
    async with connected(system, tmp_path, text) as connector:
        info = await connector.check()
    assert (info.product, info.version, info.account, info.notes) == ("Shelf", "3", "ann", ("No images",))
