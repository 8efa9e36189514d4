"""A flow file to begin with: the recipe's questions with their defaults, and places for the connections."""

from collections.abc import Iterator

import msgspec

from lockgate.app.views import QuestionView, RecipeView
from lockgate.engine.recipe.dump import GUESSED, PLAIN


def flow_file(recipe: RecipeView) -> str:
    """YAML that is complete but for the names of the connections."""
    return "\n".join(lines(recipe)) + "\n"


def lines(recipe: RecipeView) -> Iterator[str]:
    yield f"# {recipe.title}"
    yield f"flow: {recipe.name}"
    yield f"recipe: {recipe.name}"
    yield "uses:  # which connection plays which role; `lockgate connect list` shows yours"
    for role, needed in recipe.uses.items():
        yield f"  {role}: my-{role}  # has {' and '.join(needed.kinds)}"
    if recipe.ask:
        yield "ask:"
    for question in recipe.ask:
        yield from asked(question)


def asked(question: QuestionView) -> Iterator[str]:
    yield f"  # {question.label}{f'. {question.help}' if question.help else ''}"
    if question.default is None:
        yield f'  {question.name}: ""  # must be answered'
    else:
        yield f"  {question.name}: {written(question.default)}"


def written(answer: str | list[str]) -> str:
    """Quoted where other readers of YAML would take it for something else."""
    if isinstance(answer, list):
        return f"[{', '.join(written(one) for one in answer)}]"
    plain = PLAIN.match(answer) and answer.lower() not in GUESSED
    return answer if plain else msgspec.json.encode(answer).decode()
