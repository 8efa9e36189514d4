"""What is wrong with a recipe or a flow file, all at once."""

from lockgate.kit.document.problems import DocumentErrors


class RecipeErrors(DocumentErrors):
    """Every problem of a recipe or a flow file."""
