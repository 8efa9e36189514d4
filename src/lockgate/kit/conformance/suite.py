"""Builds the test class of a connector from the promises that go with its operations."""

from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import pytest

from lockgate.kit.contract import Connector, capabilities

F = TypeVar("F", bound=Callable[..., Any])
NEEDS = "__needs__"


def needs(*operations: str) -> Callable[[F], F]:
    """The promise is asked of connectors that have all these operations."""

    def mark(test: F) -> F:
        setattr(test, NEEDS, frozenset(operations))
        return test

    return mark


def promises(connector: type[Connector[Any]], bench: type[Any], *, excuses: Mapping[str, str] | None = None) -> type:
    """The test class for a connector; assign it to a name that begins with `Test`.

    `excuses` names promises that cannot be kept, with the reason: they are expected to fail, and no longer may once they pass.
    """
    from lockgate.kit.conformance.basics import BasicPromises
    from lockgate.kit.conformance.faults import FaultPromises
    from lockgate.kit.conformance.reading import ReadingPromises
    from lockgate.kit.conformance.writing import WritingPromises

    have = frozenset(capabilities(connector))
    groups = (BasicPromises, ReadingPromises, WritingPromises, FaultPromises)
    tests = {
        name: test
        for group in groups
        for name, test in vars(group).items()
        if getattr(test, NEEDS, have | {""}) <= have
    }
    return type(f"Test{connector.__name__}", (), {**excused(tests, excuses or {}), "bench": bench_fixture(bench)})


def excused(tests: Mapping[str, Any], excuses: Mapping[str, str]) -> dict[str, Any]:
    """The tests, those excused marked as expected to fail. An excuse for what is not asked is a mistake."""
    unknown = sorted(set(excuses) - set(tests))
    if unknown:
        raise ValueError(f"there is no such promise to excuse: {', '.join(unknown)}")
    return {
        name: pytest.mark.xfail(reason=excuses[name], strict=True)(forwarded(test)) if name in excuses else test
        for name, test in tests.items()
    }


def forwarded(test: Any) -> Any:
    """The test as a function of its own, so that a mark on it does not reach other connectors' classes."""
    import functools

    @functools.wraps(test)
    async def run(*args: Any, **kwargs: Any) -> None:
        await test(*args, **kwargs)

    run.pytestmark = list(getattr(test, "pytestmark", ()))  # type: ignore[attr-defined]
    return run


def bench_fixture(bench: type[Any]) -> Any:
    @pytest.fixture
    async def running(self: object, tmp_path: Path) -> AsyncIterator[Any]:  # noqa: ARG001 (a method of the test class)
        async with bench.running(tmp_path) as ready:
            yield ready

    return running
