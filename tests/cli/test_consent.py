"""Consent in a browser, and refresh tokens that are replaced with each use: commands against an authorization server of others."""

import html
import json
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import pytest

from lockgate.kit.consent import Consent, Grant, ask, code_of

from .commands import Commands, Done, Smith, clean, until

CLIENT, SECRET, PERSON, PASSWORD = "lockgate", "a-client-secret", "erika", "a-password"
THINGS = """\
definition: things
title: Things
settings:
  site: {label: Address}
  client_id: {label: Client}
  client_secret: {label: Its secret, secret: true}
  refresh_token: {label: Refresh token, secret: true, optional: true, help: Leave it empty to consent in a browser.}
base: "{settings.site}"
auth:
  style: oauth2
  grant: authorization-code
  authorize_url: /o/authorize/
  token_url: /o/token/
  client_id: "{settings.client_id}"
  client_secret: "{settings.client_secret}"
  refresh_token: "{settings.refresh_token}"
  scope: things
check: {call: GET /api/things, account: account}
kinds: {thing: {record: {id: id}, index: {call: GET /api/things, records: rows}}}
"""
ELSEWHERE = "https://console.example/back"


class Authority:
    """The server, as a test handles it."""

    def __init__(self, url: str) -> None:
        self.url = url

    def told(self, what: str = "look") -> Any:
        """Do something to it; how many refresh tokens it has given, how many are good, how many calls its API lets wait."""
        with urllib.request.urlopen(f"{self.url}/control/{what}", timeout=60) as answer:  # noqa: S310 (loopback)
            return json.load(answer)


class Stay(urllib.request.HTTPRedirectHandler):
    """Where a browser is led to another machine, the address is what matters."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        if newurl.startswith(ELSEWHERE):
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class Browser:
    """A person who signs in and consents: forms, cookies and redirects."""

    def __init__(self) -> None:
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()), Stay())

    def consents(self, address: str) -> str:
        """The page at the end of it all, or the address of another machine to which it led."""
        place, page = self.open(address)
        place, page = self.submit(place, page, username=PERSON, password=PASSWORD)
        return self.submit(place, page, allow="Authorize")[1]

    def submit(self, place: str, page: str, **typed: str) -> tuple[str, str]:
        fields = [one for one in re.findall(r"<input[^>]*>", page) if 'type="hidden"' in one]
        hidden = {
            html.unescape(name[1]): html.unescape(value[1] if value else "")
            for one in fields
            if (name := re.search(r'name="([^"]*)"', one)) is not None
            for value in [re.search(r'value="([^"]*)"', one)]
        }
        return self.open(place, urllib.parse.urlencode(hidden | typed).encode())

    def open(self, address: str, form: bytes | None = None) -> tuple[str, str]:
        try:
            with self.opener.open(address, form, timeout=60) as answer:
                return answer.url, answer.read().decode()
        except urllib.error.HTTPError as led:
            with led:
                return led.url, led.headers["Location"] or led.read().decode()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    program, folder = str(Path(__file__).with_name("authority.py")), str(tmp_path_factory.mktemp("authority"))
    command = [sys.executable, program, folder, CLIENT, SECRET, PERSON, PASSWORD]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=clean()) as process:  # noqa: S603 (ours)
        assert process.stdout is not None
        yield Authority(json.loads(process.stdout.readline())["url"])
        process.kill()


@pytest.fixture
def authority(server: Authority) -> Authority:
    server.told("withdraw")
    server.told("open")
    return server


class Home:
    """An installation that knows the definition."""

    def __init__(self, folder: Path, commands: Commands, authority: Authority, **environment: str) -> None:
        (folder / "definitions").mkdir(parents=True)
        (folder / "definitions" / "things.yaml").write_text(THINGS)
        self.folder, self.commands, self.authority = folder, commands, authority
        self.environment = {"LOCKGATE_HOME": str(folder), **environment}

    def __call__(self, *arguments: str) -> Done:
        return self.commands.run(*arguments, **self.environment)

    def adding(self, redirect: str) -> list[str]:
        told = {"site": self.authority.url, "client_id": CLIENT, "client_secret": SECRET, "private_addresses": "true"}
        given = [word for name, value in told.items() for word in ("--set", f"{name}={value}")]
        return ["connect", "add", "things", "t", *given, "--consent", "--redirect", redirect, "--json"]

    def connected(self) -> Any:
        """The connection `t`, with a consent that was given by a browser on this machine; as it is told."""
        adding = self.commands.start(*self.adding(free_address()), **self.environment)
        page = Browser().consents(until(lambda: asked(adding.err), "the address is shown"))
        assert "close this page" in page
        done = adding.wait()
        assert done.status == 0, done.err
        assert done.document["info"]["account"] == PERSON
        return done.document

    def state(self) -> tuple[int, Any]:
        """How a look at the connection ended, and what is said of it."""
        done = self("connect", "check", "t", "--json")
        [line] = done.document["rows"]
        return done.status, line


def asked(said: str) -> str:
    """The address that is shown; empty while none is."""
    found = re.search(r"^(http\S+code_challenge=\S+)$", said, re.MULTILINE)
    return found[1] if found else ""


def free_address() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/back"


@pytest.fixture
def home(tmp_path: Path, forking: Smith, authority: Authority) -> Iterator[Home]:
    with Commands(forking) as commands:
        yield Home(tmp_path / "home", commands, authority)


def test_a_connection_is_added_by_consent_and_its_tokens_are_sealed(home: Home) -> None:
    before = home.authority.told()["given"]
    shown = home.connected()
    assert home.authority.told()["given"] == before + 1
    assert shown["secrets"] == ["client_secret", "refresh_token"]
    assert not {"refresh_token", "client_secret"} & shown["settings"].keys()


def test_the_address_is_typed_in_where_the_browser_runs_elsewhere(home: Home) -> None:
    command = [str(Path(sys.executable).with_name("lockgate")), *home.adding(ELSEWHERE)]
    pipe = subprocess.PIPE
    with subprocess.Popen(  # noqa: S603 (ours)
        command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env={**clean(), **home.environment}
    ) as process:
        assert process.stderr is not None
        try:
            address = next(found for line in process.stderr if (found := asked(line)))
            out, _ = process.communicate(f"\n{Browser().consents(address)}\n", timeout=60)
        finally:
            process.kill()
    assert process.returncode == 0
    assert json.loads(out)["info"]["account"] == PERSON


def test_a_replaced_token_is_kept_and_every_later_process_goes_on_with_it(home: Home) -> None:
    home.connected()
    before = home.authority.told("expire")["given"]
    assert home.state()[0] == 0
    assert home.authority.told()["given"] == before + 1
    assert home.state()[0] == 0
    assert home.authority.told("expire")["given"] == before + 1  # the access token is shared as well
    assert home.state()[0] == 0
    assert (home.authority.told()["given"], home.authority.told()["good"]) == (before + 2, 1)


def test_a_connection_that_is_added_again_with_its_first_token_goes_on_with_the_newest(home: Home) -> None:
    token = given_by_hand(home.authority)
    first = [word for word in home.adding(ELSEWHERE) if word != "--consent"] + ["--set", f"refresh_token={token}"]
    assert home(*first).status == 0
    home.authority.told("expire")
    assert home.state()[0] == 0
    home.authority.told("expire")
    assert home(*first, "--set", "rate=50").status == 0
    assert home.state()[0] == 0
    assert home.authority.told()["good"] == 1


def given_by_hand(authority: Authority) -> str:
    """A refresh token that somebody got by other means."""
    grant = Grant(url=f"{authority.url}/o/token/", members={}, client_id=CLIENT, client_secret=SECRET)
    asked = ask(Consent(setting="", address=f"{authority.url}/o/authorize/", grant=grant, scope="things"), ELSEWHERE)
    code = code_of(asked, Browser().consents(asked.address))
    told = {"grant_type": "authorization_code", "code": code, "redirect_uri": ELSEWHERE, "client_id": CLIENT}
    form = urllib.parse.urlencode({**told, "client_secret": SECRET, "code_verifier": asked.verifier})
    with urllib.request.urlopen(grant.url, form.encode(), timeout=60) as answer:  # noqa: S310 (loopback)
        token: str = json.load(answer)["refresh_token"]
        return token


def test_a_process_killed_right_after_a_token_was_replaced_loses_nothing(home: Home) -> None:
    home.connected()
    before = home.authority.told("expire")["given"]
    home.authority.told("shut")
    doomed = home.commands.start("connect", "check", "t", **home.environment)
    until(lambda: home.authority.told()["waiting"], "the call goes on with the new token")
    doomed.signal(signal.SIGKILL)
    doomed.wait()
    home.authority.told("open")
    home.authority.told("expire")
    assert home.state()[0] == 0
    assert home.authority.told()["given"] == before + 2


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_processes_that_renew_at_once_use_no_token_twice(
    home: Home, database: str, request: pytest.FixtureRequest
) -> None:
    if database == "postgres":
        home.environment["LOCKGATE_DATABASE"] = request.getfixturevalue("postgres_url")
    home.connected()
    for _ in range(2):
        before = home.authority.told("expire")["given"]
        running = [home.commands.start("connect", "check", "t", "--json", **home.environment) for _ in range(4)]
        assert [one.wait().status for one in running] == [0] * 4
        assert (home.authority.told()["given"], home.authority.told()["good"]) == (before + 1, 1)


def test_a_withdrawn_consent_is_told_with_what_to_do_and_given_anew(home: Home) -> None:
    home.connected()
    home.authority.told("withdraw")
    home.authority.told("expire")
    status, line = home.state()
    assert status == 1
    assert line["problem"].endswith("Give consent in a browser: lockgate connect consent t")
    again = home.commands.start("connect", "consent", "t", "--redirect", free_address(), **home.environment)
    Browser().consents(until(lambda: asked(again.err), "the address is shown"))
    assert again.wait().status == 0
    home.authority.told("expire")
    assert home.state()[0] == 0


def test_an_answer_to_another_question_is_refused_and_the_right_one_still_taken(home: Home) -> None:
    redirect = free_address()
    adding = home.commands.start(*home.adding(redirect), **home.environment)
    address = until(lambda: asked(adding.err), "the address is shown")
    place, _ = Browser().open(f"{redirect}?state=forged&code=stolen")
    assert place.startswith(redirect)
    assert not adding.ended()
    Browser().consents(address)
    assert adding.wait().status == 0


def test_a_consent_that_is_refused_stores_nothing(home: Home) -> None:
    redirect = free_address()
    adding = home.commands.start(*home.adding(redirect), **home.environment)
    address = until(lambda: asked(adding.err), "the address is shown")
    state = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(address).query))["state"]
    Browser().open(f"{redirect}?error=access_denied&state={state}")
    done = adding.wait()
    assert (done.status, "The consent was not given: access_denied" in done.err) == (2, True)
    assert home("connect", "list", "--json").document["rows"] == []


def test_without_a_terminal_and_a_token_nobody_is_asked(home: Home) -> None:
    done = home(*(word for word in home.adding(ELSEWHERE) if word != "--consent"))
    assert done.status == 2
    assert "has no consent yet" in done.err
