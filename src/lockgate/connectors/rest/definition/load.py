"""Read a definition: every problem at once, each with its line and what to do."""

from typing import Any

from lockgate.connectors.rest.definition import references
from lockgate.connectors.rest.definition.problems import DefinitionErrors
from lockgate.connectors.rest.definition.shapes import Definition
from lockgate.kit.document.check import typed
from lockgate.kit.document.kinds import for_editors
from lockgate.kit.document.tree import read

TITLE = "Lockgate: definition of a system"


def load(text: str, source: str) -> Definition:
    """The definition of this text; `source` names it in problems. Raises DefinitionErrors with every problem."""
    root, problems = read(text, source)
    if root is None:
        raise DefinitionErrors(problems)
    made, misfits = typed(Definition, root)
    told = {(one.line, one.path, one.sentence) for one in misfits}
    problems += misfits
    problems += (one for one in references.check(root) if (one.line, one.path, one.sentence) not in told)
    if made is None or problems:
        raise DefinitionErrors(problems)
    return made


def schema() -> dict[str, Any]:
    """JSON Schema of a definition, for editors."""
    made = for_editors(Definition.model_json_schema(by_alias=True))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made, "title": TITLE}
