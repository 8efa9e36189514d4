"""The theme's colours: whatever is written in a tone can be read on the ground it stands on (WCAG 2.1, 1.4.3 and 1.4.11)."""

import re
from pathlib import Path

import pytest

import lockgate.console

CSS = Path(lockgate.console.__file__).parent / "static" / "console.css"
TONES = ("ok", "warn", "stop", "park", "calm", "live", "gone")
TEXTS = [
    *((tone, f"{tone}-ground") for tone in TONES),
    *((tone, ground) for tone in TONES for ground in ("panel", "ground")),
    *((ink, ground) for ink in ("ink", "muted") for ground in ("panel", "ground", "calm-ground")),
    *(("accent", ground) for ground in ("panel", "ground")),
    ("on-accent", "accent"),
]
"""What is written, and on what."""
DRAWN = [(fill, "panel") for fill in ("ok", "faint", "warn-fill", "park", "stop", "gone", "accent")]
"""What is only drawn: bars, dots, arrows."""
TEXT, GRAPHIC = 4.5, 3.0


def colours(theme: str) -> dict[str, tuple[int, int, int]]:
    """The colours by name; dark ones stand over the light ones."""
    css = CSS.read_text()
    selectors = (":root", ".body--dark") if theme == "dark" else (":root",)
    found: dict[str, str] = {}
    for selector in selectors:
        block = re.search(rf"^{re.escape(selector)} \{{(.*?)^\}}", css, re.DOTALL | re.MULTILINE)
        assert block, f"{selector} is not in {CSS.name}"
        found |= dict(re.findall(r"--([a-z-]+): #([0-9a-f]{6});", block.group(1)))
    return {name: (int(code[:2], 16), int(code[2:4], 16), int(code[4:], 16)) for name, code in found.items()}


def luminance(colour: tuple[int, int, int]) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (one / 255 for one in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_black_on_white_has_the_contrast_that_the_standard_states() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((0x77, 0x77, 0x77), (255, 255, 255)) == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("pairs", "least"), [(TEXTS, TEXT), (DRAWN, GRAPHIC)], ids=["what is written", "what is drawn"]
)
def test_a_tone_stands_out_from_its_ground(theme: str, pairs: list[tuple[str, str]], least: float) -> None:
    known = colours(theme)
    weak = {pair: round(contrast(known[pair[0]], known[pair[1]]), 2) for pair in pairs}
    assert {pair: found for pair, found in weak.items() if found < least} == {}


def test_each_tone_of_the_dark_theme_is_chosen_for_it() -> None:
    light, dark = colours("light"), colours("dark")
    assert {name for name in light if light[name] == dark[name]} == set()
