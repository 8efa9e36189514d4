"""What is wrong with a definition, told by file and line."""

from lockgate.kit.document.problems import DocumentErrors, Problem


class DefinitionErrors(DocumentErrors):
    """Every problem of a definition at once, in the order of its lines."""

    def __str__(self) -> str:
        return "\n".join(line(one) for one in self.problems)


def line(problem: Problem) -> str:
    """`wordpress.yaml line 14: kinds.post.index: …`"""
    path = f"{problem.path}: " if problem.path else ""
    remedy = f" ({problem.remedy})" if problem.remedy else ""
    return f"{problem.source} line {problem.line}: {path}{problem.sentence}{remedy}"
