"""What is kept out of logs and error texts."""

from urllib.parse import quote, quote_plus

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockgate.kit.scrub import HIDDEN, Scrubber


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer abc.def.ghi",
        "authorization: Basic bWU6c2VjcmV0",
        "X-API-KEY: 75d6a19f-7e44-4ae5",
        "GET /file?token=sesame-open&page=2",
        "GET /file?key=sesame-open",
        "https://me:sesame@dam.example.com/",
        '{"password": "sesame \\" open", "page": 2}',
        '{"access_token":"sesame","expires":3600}',
        "client_secret=sesame&grant_type=x",
        "the header said Bearer eyJhbGciOi.J9",
    ],
)
def test_what_is_named_like_a_secret_is_hidden(text: str) -> None:
    told = Scrubber().text(text)
    assert HIDDEN in told
    assert not [part for part in ("sesame", "abc.def", "bWU6", "75d6", "eyJ", "open") if part in told]


@pytest.mark.parametrize(
    "text",
    [
        "GET /assets?page=2&size=100",
        '{"title": "A basic guide", "key": "original"}',
        "sort_key=name",
        "tokenize the text",
    ],
)
def test_ordinary_text_stays(text: str) -> None:
    assert Scrubber().text(text) == text


@given(secret=st.text(min_size=4, max_size=40).filter(lambda text: text.strip() and HIDDEN not in text))
def test_a_known_value_is_hidden_in_every_form_it_travels_in(secret: str) -> None:
    scrub = Scrubber([secret])
    forms = [secret, quote(secret, safe=""), quote(secret), quote_plus(secret)]
    assert [scrub.text(f"<{form}>") for form in forms] == [f"<{HIDDEN}>"] * 4


def test_a_secret_that_ends_in_a_percent_sign_is_hidden_with_its_whole_encoding() -> None:
    assert Scrubber(["000%"]).text("<000%25> <000%>") == f"<{HIDDEN}> <{HIDDEN}>"


def test_a_known_value_is_hidden_as_json_escapes_it() -> None:
    secret = 'a"b/c\\d'
    assert secret[:3] not in Scrubber([secret]).text(msgspec.json.encode({"echo": secret}).decode())
    assert Scrubber([secret]).text('{"echo": "a\\"b\\/c\\\\d"}') == f'{{"echo": "{HIDDEN}"}}'


def test_a_secret_is_hidden_at_the_edge_of_a_shortened_body() -> None:
    told = Scrubber(["sesame-open"]).body(b"x" * 95 + b"sesame-open", limit=100)
    assert "sesa" not in told


def test_headers_and_values_are_hidden_by_name() -> None:
    scrub = Scrubber(["sesame-open"])
    assert scrub.headers({"X-API-KEY": "a", "Accept": "text/html", "X-Echo": "sesame-open"}) == {
        "X-API-KEY": HIDDEN,
        "Accept": "text/html",
        "X-Echo": HIDDEN,
    }
    assert scrub.value({"token": 4, "deep": [{"password": "x", "note": "sesame-open", "n": 1}]}) == {
        "token": HIDDEN,
        "deep": [{"password": HIDDEN, "note": HIDDEN, "n": 1}],
    }
