"""Scenes: the sample items that examples of recipes give by name, said in canonical words.

`asset__packshot` is `packshot` of the file `asset.yaml`. Which words there are is what sandboxes understand (`make_asset`).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from lockgate.engine.recipe import Problem, RecipeErrors
from lockgate.engine.recipe import kinds as k
from lockgate.engine.recipe.document import Shape
from lockgate.kit.document.check import typed
from lockgate.kit.document.problems import meant
from lockgate.kit.document.tree import Node, read
from lockgate.model.lifecycle import Status

MARK = "__"
"""Stands between kind and name."""
CLEARED = {"yes": True, "true": True, "no": False, "false": False, "unknown": None}


def emptied(value: Any) -> Any:
    """A text; nothing after the colon takes away what `like` said."""
    return None if value is None else k.text(value)


def moment(value: Any) -> timedelta | datetime | None:
    """A length of time from now, forwards or back, or an instant."""
    if value is None:
        return None
    word = k.text(value).strip()
    if found := re.fullmatch(r"([+-])\s*(\d.*)", word):
        return k.duration(found[2]) * (1 if found[1] == "+" else -1)
    try:
        instant = datetime.fromisoformat(word)
    except ValueError:
        raise k.wrong(f"`{word}` is not a time", "write `-1d`, `+2h` or `2027-01-31T09:00:00+01:00`") from None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def cleared(value: Any) -> bool | None:
    word = k.text(value).strip().lower()
    if word not in CLEARED:
        raise k.wrong(f"`{word}` does not say whether it is cleared", "write `yes`, `no` or `unknown`")
    return CLEARED[word]


Maybe = Annotated[str | None, BeforeValidator(emptied)]
Moment = Annotated[Any, BeforeValidator(moment)]
Cleared = Annotated[bool | None, BeforeValidator(cleared)]


class ItemWords(Shape):
    """What can be said of every sample item; the keys as written are those of the sandboxes' words."""

    title: k.Text = ""
    sku: Maybe = Field(None, alias="ids.sku")
    gtin: Maybe = Field(None, alias="ids.gtin")
    family: Maybe = Field(None, alias="ids.family")

    def said(self) -> dict[str, Any]:
        """What was said, by the words as they are written."""
        fields = {name: one.alias or name for name, one in type(self).model_fields.items() if name != "like"}
        return {word: getattr(self, name) for name, word in fields.items() if name in self.model_fields_set}


class AssetWords(ItemWords):
    description: Maybe = Field(None, alias="texts.description")
    copyright: Maybe = Field(None, alias="texts.copyright")
    language: k.Texts = ()
    subject: k.Texts = Field((), alias="keywords.subject")
    campaign: k.Texts = Field((), alias="keywords.campaign")
    status: k.StatusName = Status.DRAFT
    window_from: Moment = Field(None, alias="window.from")
    window_until: Moment = Field(None, alias="window.until")
    cleared: Cleared = None
    regions: k.Territories = ()
    prohibited: k.Territories = ()
    rights_from: Moment = Field(None, alias="rights.from")
    rights_until: Moment = Field(None, alias="rights.until")
    statement: Maybe = Field(None, alias="rights.statement")
    credit: Maybe = Field(None, alias="rights.credit")
    file: k.Text = ""
    version: k.Number = 1


class ProductScene(ItemWords):
    like: k.Text | None = None


class AssetScene(AssetWords):
    like: k.Text | None = None


SCENES: Mapping[str, type[ProductScene] | type[AssetScene]] = {"asset": AssetScene, "product": ProductScene}
CHANGES: Mapping[str, type[ItemWords]] = {"asset": AssetWords, "product": ItemWords}


@dataclass(frozen=True, slots=True)
class Scene:
    """One sample item."""

    name: str
    kind: str
    words: Mapping[str, Any]


def kind_of(name: str) -> str:
    return name.partition(MARK)[0]


def as_json(words: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Words as a sandbox is told them: times as instants."""
    return {word: plain(value, now) for word, value in words.items()}


def plain(value: Any, now: datetime) -> Any:
    if isinstance(value, timedelta):
        return (now + value).isoformat()
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Status):
        return value.value
    return list(value) if isinstance(value, tuple) else value


# ── files of scenes ──────────────────────────────────────────────────────────────────────────────────────────────────

Cases = dict[str, Node]


def load(*files: tuple[str, str, str]) -> dict[str, Scene]:
    """The scenes of these files, each given as kind, text and name; a later one replaces scenes of the same name.

    Raises RecipeErrors with every problem.
    """
    cases: dict[str, Cases] = {}
    problems: list[Problem] = []
    for kind, text, source in files:
        root, misread = read(text, source)
        problems += misread
        if root is not None and kind not in SCENES:
            problems.append(root.problem(f"there are no scenes of kind `{kind}`", meant(kind, SCENES)))
        elif root is not None:
            cases.setdefault(kind, {}).update(root.items())
    scenes = {}
    for kind, known in cases.items():
        for case in known:
            words, found = resolved(kind, case, known)
            problems += found
            scenes[f"{kind}{MARK}{case}"] = Scene(f"{kind}{MARK}{case}", kind, words)
    if problems:
        raise RecipeErrors(problems)
    return scenes


def resolved(kind: str, case: str, known: Cases, above: tuple[str, ...] = ()) -> tuple[dict[str, Any], list[Problem]]:
    """The words of a case with those it takes over."""
    shape, problems = typed(SCENES[kind], known[case])
    if shape is None:
        return {}, problems
    if shape.like is None:
        return shape.said(), problems
    if problems := list(wrong_model(known[case].at(["like"]), shape.like, known, (*above, case))):
        return {}, problems
    words, problems = resolved(kind, shape.like, known, (*above, case))
    return {**words, **shape.said()}, problems


def wrong_model(node: Node, like: str, known: Cases, above: tuple[str, ...]) -> Iterator[Problem]:
    if like not in known:
        yield node.problem(f"there is no scene `{like}` here", meant(like, known))
    elif like in above:
        yield node.problem(f"`{like}` is like itself in the end", "break the circle")
