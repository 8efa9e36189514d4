"""How a recipe and a flow file are laid out. The shapes check single values; `references` checks what must fit together."""

from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from lockgate.engine.recipe import kinds as k
from lockgate.model.lifecycle import Status


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Nothing(Shape):
    """A gate that asks nothing further: `current: {}`."""


def only(shape: Shape, names: tuple[str, ...], sentence: str) -> None:
    """Exactly one of these keys must be there."""
    given = [name for name in names if name in shape.model_fields_set]
    if len(given) != 1:
        listed = ", ".join(f"`{name}`" for name in names)
        stands = f"{' and '.join(given)} stand together" if given else "none is there"
        raise k.wrong(f"{sentence}; {stands}", f"keep one of {listed}")


class UseShape(Shape):
    """A role that a person binds to a connection."""

    kinds: Annotated[k.Texts, Field(min_length=1)]
    can: Annotated[tuple[k.Operation, ...], BeforeValidator(k.listed)] = ()


class Question(Shape):
    """One of the few things a person is asked."""

    label: k.Text
    help: k.Text = ""
    default: k.Answer = None
    choices: k.Answer = None
    """A list of texts, or `role.name` for the choices that the bound system knows for a canonical name."""
    many: k.Flag = False
    """The answer is a list; taken as said where the default is one."""

    @property
    def lists(self) -> bool:
        return self.many or isinstance(self.default, tuple)


class WatchShape(Shape):
    system: k.Text
    kind: k.Text
    poll: k.Duration = k.duration("5m")
    sweep: k.Pause = k.duration("daily")


class ApprovedShape(Shape):
    status: k.Statuses = (Status.APPROVED,)


class RightsShape(Shape):
    action: k.Text = "distribute"
    channel: k.Text | None = None
    territory: k.Territories = ()
    medium: k.Text | None = None
    language: k.Text | None = None
    purpose: k.Text | None = None
    match: k.Matching = "every"


class CompleteShape(Shape):
    needs: k.Paths = ()


GATES = ("approved", "rights", "window", "current", "complete", "when")


class GateShape(Shape):
    """A name in words and the one thing that is asked."""

    name: k.Text
    approved: ApprovedShape | None = None
    rights: RightsShape | None = None
    window: Nothing | None = None
    current: Nothing | None = None
    complete: CompleteShape | None = None
    when: k.Cel | None = None

    @field_validator("approved", "rights", "window", "current", "complete", mode="before")
    @classmethod
    def nothing_further(cls, value: Any) -> Any:
        return {} if value is None else value

    @model_validator(mode="after")
    def one_thing(self) -> Self:
        only(self, GATES, "a gate asks one thing")
        return self


class ResolveShape(Shape):
    """How the counterpart at the target is found."""

    system: k.Text
    by: Annotated[k.Texts, Field(min_length=1)]
    kind: k.Text | None = None
    missing: k.Missing = "park"


class FieldShape(Shape):
    """Where the value of a target field comes from."""

    path: k.Path | None = None
    value: k.Constant = None
    cel: k.Cel | None = None
    default: k.Constant = None

    @model_validator(mode="before")
    @classmethod
    def short(cls, value: Any) -> Any:
        return {"path": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def one_source(self) -> Self:
        only(self, ("path", "value", "cel"), "a field has one source")
        if "value" in self.model_fields_set and "default" in self.model_fields_set:
            raise k.wrong("a constant is always there, so its default never holds", "remove `default`")
        return self


class DeliverShape(Shape):
    to: k.Text
    as_: k.Text = Field(alias="as")
    rendition: k.Rendition = "original"
    """Name of the rendition whose file is sent; `none` for records without a file."""
    fields: Annotated[dict[k.TargetField, FieldShape], Field(min_length=1)]
    link: dict[k.Word, k.Word] = {}
    closed: k.Closed = "hide"


class ExpectShape(Shape):
    """What must come of an example: numbers of the account, the gate that stopped it, what the target holds.

    Where a number is stated, the outcomes that are not stated must be none, but for `unchanged`.
    """

    written: k.Number | None = None
    unchanged: k.Number | None = None
    blocked: k.Number | None = None
    parked: k.Number | None = None
    failed: k.Number | None = None
    linked: k.Number | None = None
    withdrawn: k.Number | None = None
    at: k.Text | None = None
    """Name of the gate that stopped it."""
    code: k.Text | None = None
    """Code of the reason: `rights.territory`, `product.missing`."""
    holds: dict[k.Word, dict[k.Text, k.Constant]] = {}
    """For the role that is delivered to: names and what our copy there holds afterwards."""


class StepShape(Shape):
    """What happens next in an example, and what comes of it. With `expect` alone everything is looked at once more."""

    given: dict[k.Word, k.Texts] = {}
    """Further sample items, or ones that are there and are announced again."""
    change: dict[k.Word, dict[k.Text, dict[k.Text, Any]]] = {}
    """By role and sample item: what is said of it now, in the words of sample items."""
    remove: dict[k.Word, k.Texts] = {}
    wait: k.Duration | None = None
    """Time that goes by, everywhere."""
    expect: ExpectShape


class Example(Shape):
    """One thing the recipe promises, as it is tried against the sandboxes."""

    name: k.Text
    given: dict[k.Word, k.Texts]
    """By role: sample items, in the order in which they are announced; one that stands twice is announced twice."""
    ask: dict[k.Word, k.Answer] = {}
    """Answers that differ from the defaults."""
    expect: ExpectShape
    then: tuple[StepShape, ...] = ()
    """What happens after that, step by step."""


class RecipeHead(Shape):
    """What of a recipe holds whatever the answers are."""

    model_config = ConfigDict(extra="ignore")

    recipe: k.Name
    title: k.Text
    why: k.Text = ""
    uses: Annotated[dict[k.Word, UseShape], Field(min_length=1)]
    ask: dict[k.Word, Question] = {}
    examples: tuple[Example, ...] = ()


class RecipeDocument(RecipeHead):
    """A whole recipe, its answers filled in."""

    model_config = ConfigDict(extra="forbid")

    watch: WatchShape
    gates: Annotated[tuple[GateShape, ...], Field(min_length=1)]
    resolve: Annotated[dict[k.Word, ResolveShape], Field(max_length=1)] = {}
    deliver: DeliverShape


class GuardShape(Shape):
    share: k.Share = 0.1
    least: k.Number = 20


class FlowDocument(Shape):
    """A flow file: a recipe bound to connections, with its answers."""

    flow: k.Name
    recipe: k.Name
    uses: dict[k.Word, k.Name]
    ask: dict[k.Word, k.Answer] = {}
    guard: GuardShape = GuardShape()
