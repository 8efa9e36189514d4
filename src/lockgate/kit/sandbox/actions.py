"""What a person does in the vendor's own user interface, offered to tests and demos by name."""

import inspect
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import msgspec

F = TypeVar("F", bound=Callable[..., Any])
MARK = "__sandbox_action__"
TAKES = "__sandbox_takes__"


class ActionRefused(Exception):
    """The action cannot be done as things stand; the message is a sentence for people."""


class ActionInfo(msgspec.Struct, frozen=True):
    name: str
    text: str
    parameters: list[str]
    """Names of what may be given; an ending `?` marks what may be left out."""


def action(text: str, *, takes: Sequence[str] = ()) -> Callable[[F], F]:
    """Offer a method of a sandbox as `POST /__sandbox/actions/{name}`; the JSON object sent gives its arguments.

    The method may be plain or async and answers something JSON can hold. `ActionRefused` becomes a 409. `takes` names what
    a method of the form `(**words)` understands.
    """

    def mark(method: F) -> F:
        setattr(method, MARK, text)
        setattr(method, TAKES, tuple(takes))
        return method

    return mark


def actions_of(sandbox: object) -> dict[str, ActionInfo]:
    """Every action a sandbox offers, by name."""
    found = {}
    for name in sorted(dir(type(sandbox))):
        text = getattr(getattr(type(sandbox), name), MARK, None)
        if text is not None:
            found[name] = ActionInfo(name, text, list(_parameters(getattr(type(sandbox), name))))
    return found


def offered(sandbox: type) -> frozenset[str]:
    """The names of the actions that a kind of sandbox offers, without starting one."""
    return frozenset(name for name in dir(sandbox) if getattr(getattr(sandbox, name), MARK, None) is not None)


async def perform(sandbox: object, name: str, arguments: dict[str, Any]) -> Any:
    """Do one action. `ActionRefused` when it is not offered or the arguments do not fit."""
    if name not in actions_of(sandbox):
        raise ActionRefused(f"There is no action {name}; there are: {', '.join(actions_of(sandbox)) or 'none'}.")
    method = getattr(sandbox, name)
    try:
        bound = inspect.signature(method).bind(**arguments)
    except TypeError as problem:
        raise ActionRefused(f"Action {name} was called wrongly: {problem}.") from problem
    answer = method(*bound.args, **bound.kwargs)
    return await answer if inspect.isawaitable(answer) else answer


def _parameters(method: Callable[..., Any]) -> Iterator[str]:
    _, *parameters = inspect.signature(method).parameters.values()
    for parameter in parameters:
        if parameter.kind is inspect.Parameter.VAR_KEYWORD and (words := getattr(method, TAKES)):
            yield from (f"{word}?" for word in words)
        else:
            yield _shown(parameter)


def _shown(parameter: inspect.Parameter) -> str:
    return parameter.name if parameter.default is inspect.Parameter.empty else f"{parameter.name}?"
