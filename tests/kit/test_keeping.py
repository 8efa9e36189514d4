"""What connectors renew by themselves, and the questions of a consent."""

import asyncio

import pytest
from yarl import URL

from lockgate.kit.consent import Consent, Grant, Question, ask, challenge, code_of
from lockgate.kit.errors import NeedsOperator
from lockgate.kit.keeping import InMemory


async def test_what_grew_from_the_settings_before_is_there_until_others_have_come_twice() -> None:
    keep = InMemory()
    for seed in ("old", "new", "old"):
        await keep.write(seed, f"of {seed}")
    assert await keep.read("new") == "of new"
    await keep.write("newest", "of newest")
    assert [await keep.read(seed) for seed in ("new", "old", "newest")] == [None, "of old", "of newest"]


async def test_one_after_another_has_its_turn() -> None:
    keep, inside, most = InMemory(), 0, 0

    async def turn() -> None:
        nonlocal inside, most
        async with keep.turn():
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(turn() for _ in range(5)))
    assert most == 1


GRANT = Grant(url="https://a.example/token", members={}, client_id="ours", client_secret="s")
REDIRECT = "http://127.0.0.1:8765/"


def question() -> Question:
    consent = Consent(
        setting="token",
        address="https://a.example/consent?tenant=4",
        grant=GRANT,
        scope="a b",
        parameters={"prompt": "x"},
    )
    return ask(consent, REDIRECT)


def test_a_question_carries_its_proof_and_what_the_system_wants_besides() -> None:
    asked = question()
    assert dict(URL(asked.address).query) == {
        "tenant": "4",
        "response_type": "code",
        "client_id": "ours",
        "redirect_uri": REDIRECT,
        "state": asked.state,
        "code_challenge": challenge(asked.verifier),
        "code_challenge_method": "S256",
        "scope": "a b",
        "prompt": "x",
    }
    assert asked.state != question().state


def test_the_challenge_is_that_of_the_standards_own_example() -> None:
    """RFC 7636, appendix B."""
    assert challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_the_code_is_read_from_the_address_to_which_the_browser_was_led() -> None:
    asked = question()
    assert code_of(asked, f" {REDIRECT}?code=c%2F1&state={asked.state}\n") == "c/1"


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("code=c&state=other", "not the answer to this question"),
        ("", "not the answer to this question"),
        ("error=access_denied&error_description=Not+today&state={state}", "was not given: Not today"),
        ("state={state}", "holds no code"),
    ],
)
def test_what_is_no_consent_is_told(told: str, said: str) -> None:
    asked = question()
    with pytest.raises(NeedsOperator, match=said):
        code_of(asked, f"{REDIRECT}?{told.format(state=asked.state)}")
