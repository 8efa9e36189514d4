"""Whatever a title, a key or a file name holds: the name made of it stays in its folder, and any system takes it."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockgate.connectors.files.naming import (
    PATH_BYTES,
    SEGMENT_BYTES,
    BadTemplate,
    Template,
    allowed,
    check,
    short,
)

ANYTHING = st.text(st.characters(), max_size=400)
NASTY = st.sampled_from([
    "..", "../../etc/passwd", "..\\..\\windows", "/etc/passwd", "C:\\x", "CON", "con.txt", "nul", "LPT1", "COM¹.jpg", "aux .txt",
    ".htaccess", "...", " ", "\0", "a\0b", "a/b", "a\nb", "\u202egpj.exe", "e\u0301", "é", "\ud800", "x" * 5000, "ä" * 300, "🌲" * 90,
    "name.", "name ", "-rf", "~$doc", ".part", "a" * 179 + ".", "*?<>|:\"", "{id}", "%2e%2e%2f", "", "\u200b", "\ufeff",
])  # fmt: skip
WORD = ANYTHING | NASTY
TEMPLATES = st.sampled_from([
    "{title}-{id}{ext}", "{campaign}/{title}{ext}", "{key}{ext}", "{title}/{key}/{name}{ext}", "{name}{ext}", "x{title}", "{id}",
    "a/b/c/{campaign}/{title}-{name}-{key}-{id}{ext}",
])  # fmt: skip
DEVICES = {
    "con",
    "prn",
    "aux",
    "nul",
    "conin$",
    "conout$",
    *(f"{one}{n}" for one in ("com", "lpt") for n in "0123456789¹²³"),
}


def made(template: str, key: str, title: str, campaign: str, filename: str) -> str:
    return Template(template).path(key, {"title": {"en": title}, "campaign": campaign}, filename)


@settings(max_examples=300, deadline=None)
@given(template=TEMPLATES, key=WORD, title=WORD, campaign=WORD, filename=WORD)
def test_no_value_leads_out_of_the_folder_or_to_a_name_that_some_system_refuses(
    template: str, key: str, title: str, campaign: str, filename: str
) -> None:
    path = made(template, key, title, campaign, filename)
    parts = path.split("/")
    assert len(parts) == template.count("/") + 1
    assert allowed(path)
    assert len(path.encode()) <= PATH_BYTES
    for part in parts:
        assert part == part.strip()
        assert not part.startswith(".")
        assert not part.endswith(".")
        assert not set(part) & set('<>:"/\\|?*')
        assert all(unicodedata.category(letter) not in {"Cc", "Cf", "Cs"} for letter in part)
        assert part.split(".")[0].strip().lower() not in DEVICES
        assert 0 < len(part.encode()) <= SEGMENT_BYTES


@settings(max_examples=150, deadline=None)
@given(keys=st.lists(WORD, min_size=2, max_size=6, unique=True), title=WORD, filename=WORD)
def test_two_items_never_have_one_name_whatever_the_letter_case(keys: list[str], title: str, filename: str) -> None:
    paths = [made("{title}-{id}{ext}", key, title, "", filename) for key in keys]
    assert len({unicodedata.normalize("NFKD", path).casefold() for path in paths}) == len(keys)


@settings(max_examples=100, deadline=None)
@given(template=TEMPLATES, key=WORD, title=WORD, campaign=WORD, filename=WORD)
def test_the_same_item_always_has_the_same_name(
    template: str, key: str, title: str, campaign: str, filename: str
) -> None:
    assert made(template, key, title, campaign, filename) == made(template, key, title, campaign, filename)


@pytest.mark.parametrize(
    ("title", "filename", "name"),
    [
        ("Larch in snow", "DSC_0042.JPG", f"Larch in snow-{short('flow:1')}.jpg"),
        ("Grüße / Küsse: 50%?", "a.png", f"Grüße - Küsse- 50%--{short('flow:1')}.png"),
        ("", "a.tar.gz", f"-{short('flow:1')}.gz"),
        ("con", "a", f"con-{short('flow:1')}"),
        (". .. hidden", "a.txt", f"hidden-{short('flow:1')}.txt"),
        ("x" * 400, "a.jpeg", f"{'x' * 164}-{short('flow:1')}.jpeg"),
        ("ж" * 200, "a.jpeg", f"{'ж' * 82}-{short('flow:1')}.jpeg"),
    ],
)
def test_a_title_reads_as_it_is_as_far_as_a_name_can(title: str, filename: str, name: str) -> None:
    assert made("{title}-{id}{ext}", "flow:1", title, "", filename) == name


def test_a_device_of_windows_gets_another_name() -> None:
    assert made("{title}{ext}", "k", "Con", "", "a.txt") == "_Con.txt"


@pytest.mark.parametrize(
    "text", ["", "/x/{id}", "{id}/", "a//{id}", "../{id}", "{title", "fixed.jpg", "a\\{id}", ".x/{id}", "a:{id}"]
)
def test_a_template_that_leads_elsewhere_or_makes_one_name_for_all_is_refused(text: str) -> None:
    with pytest.raises(BadTemplate):
        check(text)
