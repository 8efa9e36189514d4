"""Every page: its links lead somewhere, and the commands it names exist."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer.main

from lockgate.cli.main import app

from .pages import FENCE, ROOT, pages

LINK = re.compile(r"!?\[[^\]]*\]\((?P<to>[^)\s]+)\)")
SPAN = re.compile(r"`([^`\n]+)`")
CALL = re.compile(r"(?:^|[\s;&|(/])lockgate (?P<words>[^`\n;&|)>]+)")
SPOKEN = re.compile(r"`lockgate (?P<words>[^`]+)`")


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    broken = [to for to in links(page) if not leads_somewhere(page, to)]
    assert not broken, f"{page.relative_to(ROOT)}: {', '.join(broken)}"


def links(page: Path) -> list[str]:
    """Relative links of a page, outside of code."""
    text = SPAN.sub("", FENCE.sub("", page.read_text(encoding="utf-8")))
    found = [match["to"] for match in LINK.finditer(text)]
    return [to for to in found if not re.match(r"[a-z]+:", to)]


def leads_somewhere(page: Path, to: str) -> bool:
    path, _, anchor = to.partition("#")
    target = (page.parent / path).resolve() if path else page
    return target.exists() and (not anchor or anchor in anchors(target))


@cache
def anchors(page: Path) -> frozenset[str]:
    """The anchors of a page's headings, made as the usual viewers make them."""
    heads = re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return frozenset(re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads)


def test_every_page_is_reached_from_the_first_one() -> None:
    seen, todo = set[Path](), [ROOT / "README.md"]
    while todo:
        page = todo.pop()
        if page in seen or page.suffix != ".md" or not page.exists():
            continue
        seen.add(page)
        todo += [(page.parent / to.partition("#")[0]).resolve() for to in links(page) if not to.startswith("#")]
    docs = {page for page in pages() if (ROOT / "docs") in page.parents}
    assert not docs - seen, f"nothing leads to {sorted(str(page.relative_to(ROOT)) for page in docs - seen)}"


def test_every_command_that_is_named_exists() -> None:
    wrong = [f"{place}: lockgate {words}: {problem}" for place, words in named() if (problem := check(words))]
    assert not wrong, "\n" + "\n".join(wrong)


def test_enough_commands_are_named() -> None:
    assert len(list(named())) > 80


def named() -> Iterator[tuple[str, str]]:
    """Commands in the code of pages, and those that the program itself tells people to use."""
    for page in pages():
        text = page.read_text(encoding="utf-8")
        code = [*(match["text"] for match in FENCE.finditer(text)), *SPAN.findall(FENCE.sub("", text))]
        for piece in code:
            for call in CALL.finditer(piece.replace("\\\n", " ")):
                yield str(page.relative_to(ROOT)), call["words"]
    for source in sorted((ROOT / "src").rglob("*.py")):
        for call in SPOKEN.finditer(source.read_text(encoding="utf-8")):
            yield str(source.relative_to(ROOT)), call["words"]


def check(words: str) -> str:
    """What is wrong with a command, empty when nothing is."""
    command: Any = typer.main.get_command(app)
    rest = words.split()
    while rest and rest[0].startswith("--") and hasattr(command, "commands"):
        rest = rest[2:]  # --home DIR, --log LEVEL
    while rest and hasattr(command, "commands"):
        name = rest.pop(0).strip(".,:'\"")
        if name in {"…", "NOUN", "COMMAND", "-h", "--help"} or name.startswith("{"):
            return ""
        if name not in command.commands:
            return f"there is no {name!r}"
        command = command.commands[name]
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    strange = [one for one in map(option, rest) if one and one not in known | {"--help", "-h"}]
    return f"no option {', '.join(strange)}" if strange else ""


def option(word: str) -> str:
    found = re.match(r"--[a-z][a-z-]*", word)
    return found[0] if found else ""
