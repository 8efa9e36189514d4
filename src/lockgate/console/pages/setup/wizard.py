"""Which step is open, what was answered so far, and going back to it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from nicegui import ui

from lockgate.app import views
from lockgate.app.views import RecipeView, SetupView
from lockgate.console.pages.setup import choosing, plan, questions, systems
from lockgate.console.parts.saying import EXPECTED, sentences
from lockgate.console.place import here

Answer = str | list[str]


@dataclass
class Answers:
    """What the person said so far."""

    recipe: str = ""
    uses: dict[str, str] = field(default_factory=dict)
    """Role to connection; a role stands here once its matches are confirmed, too."""
    connected: dict[str, str] = field(default_factory=dict)
    """Role to connection that answers, its matches not yet confirmed."""
    ask: dict[str, Answer] = field(default_factory=dict)
    asked: bool = False
    name: str = ""


Draw = Callable[["Wizard"], Awaitable[None]]


@dataclass(frozen=True)
class Step:
    """One part of the way: its title, what it came to (empty: not done yet), how it is drawn, and how its answer is taken back."""

    title: str
    done: str
    draw: Draw
    again: Callable[[], None]


class Wizard:
    """Steps one below the other: those done in a line, one open, the rest to come."""

    def __init__(self, ground: ui.element, recipe: str = "") -> None:
        self.ground = ground
        self.answers = Answers(recipe=recipe)
        self.recipe: RecipeView | None = None
        self.setup: SetupView | None = None

    async def show(self) -> None:
        """Draw all steps as they stand now."""
        await self._learn()
        steps = self._steps()
        open = next((number for number, step in enumerate(steps) if not step.done), len(steps) - 1)
        self.ground.clear()
        with self.ground:
            for number, step in enumerate(steps):
                await self._draw(step, number + 1, "open" if number == open else "done" if number < open else "ahead")

    async def _learn(self) -> None:
        """What the recipe needs and asks, given the connections chosen so far."""
        if not self.answers.recipe:
            self.recipe = self.setup = None
            return
        self.recipe = await views.recipe(self.answers.recipe)
        self.setup = await views.recipe_setup(here(), self.answers.recipe, self.answers.uses)

    def _steps(self) -> list[Step]:
        answers = self.answers
        steps = [
            Step("What should happen", self.recipe.title if self.recipe else "", choosing.draw, self._other_recipe)
        ]
        if self.recipe:
            steps += [self._system(role) for role in self.recipe.uses]
            steps.append(Step("A few questions", "answered" if answers.asked else "", questions.draw, self._ask_again))
            steps.append(Step("Plan, then switch on", "", plan.draw, lambda: None))
        return steps

    def _system(self, role: str) -> Step:
        async def draw(wizard: "Wizard") -> None:
            await systems.draw(wizard, role)

        def again() -> None:
            self.answers.uses.pop(role, None)
            self.answers.connected.pop(role, None)
            self._ask_again()

        assert self.recipe is not None  # noqa: S101 (roles are the recipe's)
        kinds = " and ".join(f"{kind}s" for kind in self.recipe.uses[role].kinds)
        verb = "Take" if role == self.source else "Bring"
        return Step(
            f"{verb} {kinds} {'from' if role == self.source else 'to'}", self.answers.uses.get(role, ""), draw, again
        )

    @property
    def source(self) -> str:
        """The role that is watched: the first one."""
        return next(iter(self.recipe.uses)) if self.recipe else ""

    def _other_recipe(self) -> None:
        self.answers = Answers()

    def _ask_again(self) -> None:
        self.answers.asked = False

    async def _draw(self, step: Step, number: int, state: str) -> None:
        with ui.element("section").classes(f"panel step {state}").props(f'aria-label="{step.title}"'):
            with ui.element("div").classes("head"):
                ui.label(f"{number}  {step.title}").classes("name").props('role="heading" aria-level="2"')
                if state == "done":
                    ui.label(step.done).classes("came")
                    ui.button("Change", on_click=lambda: self._back(step), color=None).props(
                        "flat no-caps dense"
                    ).classes("button small")
            if state == "open":
                try:
                    await step.draw(self)
                except EXPECTED as error:
                    for sentence in sentences(error):
                        ui.label(sentence).classes("sorry").props('role="alert"')

    async def _back(self, step: Step) -> None:
        step.again()
        await self.show()
