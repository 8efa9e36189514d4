"""Try one example: put the scenes, run the flow, do the steps, and compare each time."""

import time
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import msgspec

from lockgate.app.examples.cast import Cast
from lockgate.app.examples.comparing import Difference, differences, told
from lockgate.app.examples.reading import copies
from lockgate.app.examples.scenes import CHANGES, Scene, kind_of
from lockgate.app.examples.stage import PATIENCE, Seen, Stage, staged
from lockgate.engine.recipe import Example, Recipe
from lockgate.engine.recipe.document import ExpectShape, StepShape

UNITS = {"w": 604_800, "d": 86_400, "h": 3600, "m": 60, "s": 1}

Scenes = Mapping[str, Scene]
Given = Mapping[str, tuple[str, ...]]


class Played(msgspec.Struct, frozen=True, kw_only=True):
    """How an example went."""

    example: str
    holds: bool
    seconds: float
    differences: list[Difference]
    happened: list[str]
    """What became of each item, in sentences."""


async def play(recipe: Recipe, example: Example, cast: Cast, scenes: Scenes) -> Played:
    """Try an example on systems of its own. Raises Refused where a sandbox cannot be told what the scenes say."""
    begun = time.monotonic()
    async with staged(recipe, example, cast) as stage:
        run = Run(stage, scenes)
        try:
            await run.all(example)
        except TimeoutError:
            run.found.append(Difference(what="the flow", expected="to come to rest", found=f"none in {PATIENCE:.0f} s"))
    return Played(
        example=example.name,
        holds=not run.found,
        seconds=round(time.monotonic() - begun, 3),
        differences=run.found,
        happened=run.happened,
    )


class Run:
    """One example on its stage, and what was found to differ so far."""

    def __init__(self, stage: Stage, scenes: Scenes) -> None:
        self.stage, self.scenes = stage, scenes
        self.found: list[Difference] = []
        self.happened: list[str] = []

    async def all(self, example: Example) -> None:
        await self.compare("", example.expect, await self.give(example.given))
        for number, step in enumerate(example.then, 1):
            await self.step(f"then {number} ({', '.join(said(step)) or 'once more'})", step)
        await self.rest()

    async def step(self, name: str, step: StepShape) -> None:
        seen = await self.change(step)
        add(seen, await self.give(step.given))
        if step.wait is not None:
            add(seen, await self.stage.wait(step.wait))
        if not said(step):
            add(seen, await self.stage.look_again())
        await self.compare(name, step.expect, seen)

    async def give(self, given: Given) -> Seen:
        """Put the items that are not there yet, then announce all; what stands twice once more after that."""
        once: list[tuple[str, str]] = []
        again: list[tuple[str, str]] = []
        for role, name in listed(given):
            if not self.stage.there(role, name):
                await self.stage.make(role, self.scenes[name])
            (again if (role, name) in once else once).append((role, name))
        seen = await self.announce(once)
        for one in again:
            add(seen, await self.announce([one]))
        return seen

    async def change(self, step: StepShape) -> Seen:
        for role, items in step.change.items():
            for name, words in items.items():
                await self.stage.change(role, name, words_of(name, words))
        removed = list(listed(step.remove))
        for role, name in removed:
            await self.stage.remove(role, name)
        seen = await self.announce([(role, name) for role, items in step.change.items() for name in items])
        add(seen, await self.announce(removed, removed=True))
        return seen

    async def announce(self, items: list[tuple[str, str]], *, removed: bool = False) -> Seen:
        events = [self.stage.event(role, name, removed=removed) for role, name in items]
        return await self.stage.announce(events)

    async def compare(self, step: str, expect: ExpectShape, seen: Seen) -> None:
        there = await copies(self.stage)
        found = [msgspec.structs.replace(one, step=step) for one in differences(expect, seen, self.stage, there)]
        self.found += found
        self.happened += [f"{step + ': ' if step else ''}{told(look, self.stage)}" for look in seen.looks]

    async def rest(self) -> None:
        """What holds of every recipe: looked at once more, there is nothing left to do."""
        seen = await self.stage.look_again()
        if seen.account.written or seen.account.withdrawn:
            found = "; ".join(told(look, self.stage) for look in seen.looks if look.actions)
            self.found.append(Difference(what="looked at once more", expected="nothing left to do", found=found))


def add(seen: Seen, more: Seen) -> None:
    seen.account.add(more.account)
    seen.looks += more.looks
    seen.put_off = more.put_off


def listed(given: Given) -> Iterator[tuple[str, str]]:
    """Role and scene, in order."""
    return ((role, name) for role, names in given.items() for name in names)


def words_of(name: str, words: Mapping[str, Any]) -> dict[str, Any]:
    """What a step says of an item, typed."""
    return CHANGES[kind_of(name)].model_validate(words).said()


def said(step: StepShape) -> list[str]:
    """What is done in a step, in words."""
    done = [f"given {name}" for _, name in listed(step.given)]
    done += [f"changed {name}" for items in step.change.values() for name in items]
    done += [f"removed {name}" for _, name in listed(step.remove)]
    return done + ([f"after {spoken(step.wait)}"] if step.wait is not None else [])


def spoken(time: timedelta) -> str:
    """A length of time as it would be written in the recipe."""
    seconds = int(time.total_seconds())
    unit, length = next((unit, length) for unit, length in UNITS.items() if seconds % length == 0)
    return f"{seconds // length}{unit}"
