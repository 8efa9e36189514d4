"""How a definition writes a call: its request, its answer, its pages, its errors."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from lockgate.connectors.rest.definition import values as v
from lockgate.kit.document import kinds as k

MEANINGS = (
    "absent", "rejected", "conflict", "transient", "rate-limited", "needs-operator", "broken", "fine",
)  # fmt: skip
Meaning = Annotated[str, v.one_of(*MEANINGS)]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, use_attribute_docstrings=True)


class Rule(Shape):
    """Which refusals it is about (all that is said must fit), and what they mean. The first rule that fits decides."""

    status: v.Statuses = ()
    code: k.Texts = ()
    """The system's own code, as `errors.code` finds it."""
    says: k.Text = ""
    """A part of the system's own sentence, in any letter case."""
    means: Meaning
    """What to do next: `absent` it is not there, `rejected` this item only, `conflict` read again, `transient` and
    `rate-limited` later, `needs-operator` a person, `broken` left its documents, `fine` is no error."""


class Failure(Shape):
    """An error inside an answer whose status says success."""

    at: v.Path
    """Where it stands; anything there that is not empty, null or false is an error."""
    code: v.Path = ""
    """Below `at`, or below its first element."""
    reason: v.Path = ""


class Errors(Shape):
    reason: v.Path = ""
    """Where the system's own sentence stands in a refusal; the usual places are tried if none is given."""
    code: v.Path = ""
    inside: tuple[Failure, ...] = ()
    rules: tuple[Rule, ...] = ()


class Upload(Shape):
    """How the bytes of a file travel with this call. They are streamed, never kept in memory."""

    style: Annotated[str, v.one_of("raw", "multipart", "graphql", "base64"), Field(alias="as")]
    """`raw` the body is the file · `multipart` a part of a form · `graphql` the multipart of GraphQL servers · `base64` a text
    inside the JSON, at the place of `=file.base64`."""
    field: v.Template = "file"
    """Name of the part; for `graphql` the variable that stands for the file, as `variables.input.0.file`."""
    parts: v.Tree = None
    """Further parts before the file: an object, or `=took.parameters` for a list of names and values."""
    media_type: v.Template = ""
    """Instead of the file's own."""
    filename: v.Template = ""
    """Instead of the file's own: `{key}.{file.extension}`."""


class Call(Shape):
    """One request and what is taken from its answer."""

    call: v.RequestLine | None = None
    graphql: k.Text | None = None
    """A GraphQL document; it is posted to `graphql.endpoint`, and `answer` begins below `data`."""
    variables: v.Tree = None
    rpc: v.Template | None = None
    """A JSON-RPC method; it is posted to `rpc.endpoint`, and `answer` begins below `result`."""
    params: v.Tree = None
    query: v.Members = Field(default_factory=dict)
    headers: v.Headers = Field(default_factory=dict)
    body: Annotated[v.Tree, Field(alias="json")] = None
    form: v.Members | None = None
    """Members of an `application/x-www-form-urlencoded` body."""
    lines: v.Tree = None
    """A list; each element becomes one line of JSON."""
    upload: Upload | None = None
    answer: v.Path = ""
    """Where in the answer all that follows is looked for; the whole answer if not given."""
    take: Mapping[str, v.Path] = {}
    """Names under which values of the answer are known to the calls after it: `{took.NAME}`."""
    when: v.Expression | None = None
    """Left out where this is not true."""
    repeatable: k.Flag | None = None
    """Whether a repeat does no harm; taken as said for GET, HEAD, PUT and DELETE."""
    errors: tuple[Rule, ...] = ()
    """Rules for this call, asked before those of the whole definition."""


class Work(Call):
    """One call, or several after another below `calls`."""

    calls: tuple[Call, ...] = ()


class Paging(Shape):
    """How a list goes on. `page.number`, `page.offset`, `page.size` and `page.cursor` are known to its call."""

    by: Annotated[str, v.one_of("page", "offset", "cursor", "link", "none")]
    size: v.Count = 100
    first: k.Number | None = None
    """The first number or offset; 1 for pages and 0 for offsets if not given."""
    next: v.Path = ""
    """Where the next cursor or address stands (`header:Link` for the link header); nothing there is the end."""
    more: v.Path = ""
    """What is true while pages follow."""
    total: v.Path = ""
    """How many records there are. An index that gives fewer is read once more, and one that stays short fails its run."""
    pages: v.Path = ""
    """How many pages there are."""
    short: k.Flag = True
    """Whether a page that is not full is the last one, where nothing else tells. `false` reads on until one is empty."""
    end: tuple[Rule, ...] = ()
    """Refusals that only mean that the list has ended."""


class Listing(Work):
    """A list of records."""

    records: v.Path = ""
    """Where the records stand below `answer`; the answer itself if not given."""
    paging: Paging | None = None


class Since(Shape):
    """How an instant is written where changes are asked for."""

    format: v.Format = "iso"
    """`iso`, `naive` (without zone), `seconds`, `milliseconds`, `date`, `parts` (an object of year … second) or a pattern as
    `%Y/%m/%d %H:%M`."""
    zone: v.Zone = "UTC"
    overlap: k.Duration = k.duration("2s")
    """How far back each look begins before the last change seen: at least the system's own grain of time."""


class Changes(Listing):
    """Records changed since an instant, oldest first, by `record.modified`; or, with `feed`, entries of a feed after a cursor."""

    since: Since = Since()
    feed: v.Path = ""
    """Where the feed's own cursor stands: it is kept and handed back as `{cursor}`; without it changes go by time."""
    start: v.Template = ""
    """The first cursor of a feed."""
    id: v.Path = ""
    """Where an entry of a feed names its item; `record.id` if not given."""
    newest_first: k.Flag = False
    """The system cannot sort oldest first: all pages of a look are read before its cursor moves."""


class Fetch(Work):
    """Records by what is asked for: one a call, or up to `batch` with one call."""

    records: v.Path = ""
    batch: v.Count = 1
    """How many one call may ask for. 1: `{id}`, `{key}` or `{value}` is known; more: `{ids}`, `{keys}` or `{values}`."""
    paging: Paging | None = None


class Find(Fetch):
    """Ids by an identifier."""

    at: v.Path = ""
    """Where the identifier stands in a record; as the field of this name says if not given."""
    id: v.Path = ""
    """Where the item's id stands; `record.id` if not given."""


class Write(Work):
    """Making or changing one item."""

    ref: v.Path = ""
    """Where the new id stands in the last answer, or `=took.id`; `record.id` if not given."""
    revision: v.Path = ""
    created: v.Path = ""
    """For `upsert`: what is true where it was new; status 201 if not given."""


class Bulk(Work):
    """Many writes with one call. `{items}` is the list of what `item` makes of each."""

    does: Annotated[str, v.one_of("create", "update", "upsert")]
    size: v.Count = 100
    item: v.Tree
    answers: v.Path | None = None
    """Where the list with an answer for each stands below `answer`; not given: one status for all."""
    answer_lines: k.Flag = False
    """The answer is lines of JSON."""
    match: v.Path = ""
    """Where an answer names our key or id; by position if not given."""
    ref: v.Path = ""
    status: v.Path = ""
    """A status of HTTP for each; 400 and more is a refusal."""
    failed: v.Path = ""
    """Anything there that is not empty is a refusal."""
    code: v.Path = ""
    reason: v.Path = ""
