"""Whether the examples of a recipe can be tried at all: every problem at once, at its line."""

from collections.abc import Iterator, Mapping

from lockgate.app.examples.scenes import CHANGES, MARK, Scene, kind_of
from lockgate.engine.recipe import Problem, Recipe
from lockgate.kit.document.check import typed
from lockgate.kit.document.problems import meant
from lockgate.kit.document.tree import Node

Scenes = Mapping[str, Scene]


def problems(recipe: Recipe, scenes: Scenes) -> list[Problem]:
    """What is given must be a scene, of a kind of its role; what is changed or removed must have been given before."""
    return [found for node in recipe.tree.at(["examples"]).elements() for found in Checked(recipe, scenes).all(node)]


class Checked:
    """Walks one example in the order in which it happens."""

    def __init__(self, recipe: Recipe, scenes: Scenes) -> None:
        self.recipe, self.scenes = recipe, scenes
        self.there: set[tuple[str, str]] = set()

    def all(self, example: Node) -> Iterator[Problem]:
        yield from self.unanswered(example)
        then = example.get("then")
        for step in (example, *(then.elements() if then else ())):
            yield from self.given(step)
            yield from self.changed(step)
            yield from self.removed(step)

    def unanswered(self, example: Node) -> Iterator[Problem]:
        """Nobody is there to be asked: what has no default is answered by the example itself."""
        answered = {name for name, _ in of(example.get("ask"))}
        for name, question in self.recipe.ask.items():
            if question.default is None and name not in answered:
                yield example.problem(f"`{name}` has no default and is not answered here", f"add `ask: {{{name}: …}}`")

    def given(self, step: Node) -> Iterator[Problem]:
        for role, node, name in named(step.get("given")):
            yield from self.scene(role, node, name)
            self.there.add((role, name))

    def changed(self, step: Node) -> Iterator[Problem]:
        for role, items in of(step.get("change")):
            for name, words in of(items):
                yield from self.before(role, items, name, key=name)
                if (kind := kind_of(name)) in CHANGES:
                    yield from typed(CHANGES[kind], words)[1]

    def removed(self, step: Node) -> Iterator[Problem]:
        for role, node, name in named(step.get("remove")):
            yield from self.before(role, node, name)
            self.there.discard((role, name))

    def scene(self, role: str, node: Node, name: str) -> Iterator[Problem]:
        if name not in self.scenes:
            yield node.problem(f"there is no scene `{name}`", meant(name, self.scenes))
        elif role in self.recipe.uses and kind_of(name) not in (kinds := self.recipe.uses[role].kinds):
            yield node.problem(f"`{role}` has no kind `{kind_of(name)}`", f"its scenes begin with {kinds[0]}{MARK}")

    def before(self, role: str, node: Node, name: str, *, key: str | None = None) -> Iterator[Problem]:
        if (role, name) not in self.there:
            here = [one for at, one in self.there if at == role]
            yield node.problem(f"`{name}` is not there at `{role}` at this point", meant(name, here), key=key)


def of(node: Node | None) -> Iterator[tuple[str, Node]]:
    if node is not None:
        yield from node.items()


def named(node: Node | None) -> Iterator[tuple[str, Node, str]]:
    """Role, place and name of each item that is listed."""
    for role, listed in of(node):
        for one in listed.elements() or (listed,):
            if (name := one.text()) is not None:
                yield role, one, name
