"""Load a recipe: every problem at once, each with its line and what to do."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import msgspec

from lockgate.engine.recipe import answers, references
from lockgate.engine.recipe.document import Example, Question, RecipeDocument, RecipeHead, UseShape
from lockgate.engine.recipe.problems import RecipeErrors
from lockgate.kit.document.check import typed
from lockgate.kit.document.tree import Node, read

SECTION_NEEDS = {"watch": ("fetch",), "resolve": ("find",), "deliver": ("upsert", "withdraw", "show")}
"""What the connection of a role must be able to do because a section of the recipe names it."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """A recipe without its answers, checked as far as it can be without them."""

    name: str
    title: str
    why: str
    uses: Mapping[str, UseShape]
    """By role: the kinds its connection must have and what it must be able to do."""
    ask: Mapping[str, Question]
    gates: tuple[str, ...]
    """The names of its gates, in order."""
    examples: tuple[Example, ...]
    digest: str
    """Of all it says, whatever its layout and comments."""
    text: str = field(repr=False)
    source: str = ""
    tree: Node = field(compare=False, repr=False, kw_only=True)

    @property
    def sends_file(self) -> bool:
        rendition = self.tree.at(["deliver"]).get("rendition")
        return rendition is None or rendition.text() != "none"

    def needs(self, role: str) -> frozenset[str]:
        """Operations that the connection of this role must have: those listed and those its sections imply."""
        needed = set(self.uses[role].can)
        for section, key in (("watch", "system"), ("deliver", "to")):
            if (node := self.tree.get(section)) and (named := node.get(key)) and named.text() == role:
                needed.update(SECTION_NEEDS[section])
                needed.add("held" if section == "deliver" else "open" if self.sends_file else "fetch")
        for _, one in node.items() if (node := self.tree.get("resolve")) else ():
            if (system := one.get("system")) and system.text() == role:
                needed.update(SECTION_NEEDS["resolve"], ("link",))
        return frozenset(needed)


@lru_cache(maxsize=64)
def load(text: str, source: str) -> Recipe:
    """The recipe of this text; `source` names it in problems. Raises RecipeErrors with every problem.

    Kept in memory, as every flow of a recipe loads it again.
    """
    root, problems = read(text, source)
    if root is None:
        raise RecipeErrors(problems)
    filled, unasked = answers.answered(root, answers.defaults(root))
    _, misfits = typed(RecipeDocument, filled)
    head, _ = typed(RecipeHead, root)
    problems += [*unasked, *misfits, *references.check(filled)]
    if head is None or problems:
        raise RecipeErrors(problems)
    return recipe(head, root, text, source)


def recipe(head: RecipeHead, root: Node, text: str, source: str) -> Recipe:
    named = (gate.get("name") for gate in root.at(["gates"]).elements())
    return Recipe(
        name=head.recipe,
        title=head.title,
        why=head.why,
        uses=head.uses,
        ask=head.ask,
        gates=tuple(name.text() or "" for name in named if name is not None),
        examples=head.examples,
        digest=digest(root.plain()),
        text=text,
        source=source,
        tree=root,
    )


def digest(value: Any) -> str:
    """A hex digest of plain data, the same whatever the order of its keys."""
    return hashlib.sha256(msgspec.json.encode(value, order="deterministic")).hexdigest()
