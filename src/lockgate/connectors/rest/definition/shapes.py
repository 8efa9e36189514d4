"""How a definition is laid out. The shapes check single values; `references` checks what must fit together."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from lockgate.connectors.rest.definition import values as v
from lockgate.connectors.rest.definition.calls import (
    Bulk,
    Changes,
    Errors,
    Fetch,
    Find,
    Listing,
    Shape,
    Work,
    Write,
)
from lockgate.kit.document import kinds as k

POLICIES = ("hide", "unpublish", "flag", "remove")


class Setting(Shape):
    """Something a person fills in for each connection."""

    label: k.Text
    help: k.Text = ""
    example: k.Text = ""
    type: Annotated[str, v.one_of("text", "number", "flag")] = "text"
    default: k.Text | None = None
    optional: k.Flag = False
    """May be left empty."""
    choices: k.Texts = ()
    secret: k.Flag = False
    """Sealed and never shown; known to `auth` only."""
    advanced: k.Flag = False


class Login(Work):
    """The call that opens a session; what it takes is known to `token` as `{took.NAME}`."""


class Auth(Shape):
    """How calls prove who we are. Secrets of the settings are known here and nowhere else."""

    style: Annotated[str, v.one_of("none", "header", "basic", "bearer", "oauth2", "session", "hmac")]
    header: v.Header = ""
    """`header`, `session`, `hmac`: the header's name."""
    value: v.Template = ""
    """`header`, `session`, `hmac`: what stands in it; `{token}` and `{signature}` are known here."""
    user: v.Template = ""
    password: v.Template = ""
    token: v.Template = ""
    """`bearer`: the token. `session`: made of what the login took."""
    encode: Annotated[str, v.one_of("plain", "base64")] = "plain"
    """`session`: how the token is written."""
    grant: Annotated[str, v.one_of("client-credentials", "password", "authorization-code")] = "client-credentials"
    """`oauth2`; with `authorization-code` a setting holds the refresh token that a person's consent gave."""
    authorize_url: v.Template = ""
    """`authorization-code`: where a person consents; whoever adds a connection is led there. Without it the refresh token is asked
    for."""
    authorize: v.Members = Field(default_factory=dict)
    """`authorization-code`: further members of that address, as `access_type: offline`."""
    token_url: v.Template = ""
    client_id: v.Template = ""
    client_secret: v.Template = ""
    refresh_token: v.Template = ""
    scope: v.Template = ""
    client: Annotated[str, v.one_of("basic", "body")] = "basic"
    """`oauth2`: whether the client names itself by Basic or in the body."""
    body: Annotated[str, v.one_of("form", "json")] = "form"
    """`oauth2`: how the token is asked for."""
    login: Login | None = None
    key: v.Template = ""
    """`hmac`: the shared secret."""
    algorithm: Annotated[str, v.one_of("sha256", "sha512", "sha1")] = "sha256"
    encoding: Annotated[str, v.one_of("hex", "base64")] = "hex"
    message: v.Template = ""
    """`hmac`: what is signed, of `{method}`, `{path}`, `{query}`, `{time}`, `{body}`, `{body_sha256}` and `{newline}`."""
    headers: v.Headers = Field(default_factory=dict)
    """`hmac`: further headers, as `X-Time: "{time}"`."""


class Limits(Shape):
    rate: v.Rate | None = None
    """Calls a second."""
    concurrency: v.Count = 16
    """Calls at once."""


class Endpoint(Shape):
    endpoint: v.Template
    version: k.Text = "2.0"
    """`rpc`: the value of `jsonrpc`; `none` leaves it out."""


class Instant(Shape):
    at: v.Path
    format: v.Format = "iso"
    zone: v.Zone = "UTC"
    """The zone of instants that name none."""


class Key(Shape):
    """Where the system keeps our key, by which an item of ours is found again."""

    at: v.Path
    form: Annotated[str, v.one_of("plain", "hash", "uuid")] = "plain"
    """`hash` writes it as `prefix` and 32 letters and digits, for places that take no other signs; `uuid` as a UUID that follows
    from it."""
    prefix: k.Text = ""
    longest: v.Count | None = None
    """What the place can hold; a longer key is refused, never cut."""


class Entries(Shape):
    """A value inside a list of entries such as `[{locale, scope, data}]` or `[{languageCode, name}]`."""

    value: v.Place
    language: v.Place | None = None
    """The member with the language; without one the first entry is meant."""
    more: v.Members = Field(default_factory=dict)
    """Further members that an entry has: they are sent, and choose the entry that is read."""


class FieldShape(Shape):
    """One field: where it is read, how it is understood, where it is sent."""

    at: v.Path | None = None
    match: k.Texts = ()
    """Instead of `at`: words by which the tenant's own field is recognised; it is confirmed in the profile."""
    item: k.Text = ""
    """Its place in our items (`texts.caption`); by its name if not given."""
    send: v.Place | None = None
    """Where it is sent; `at` if not given and possible."""
    read_only: k.Flag = False
    type: Annotated[
        str, v.one_of("any", "text", "integer", "number", "flag", "instant", "date", "list", "texts"), Field(alias="as")
    ] = "any"
    """`texts` is an object by language; `list` a list of values."""
    format: v.Format = "iso"
    zone: v.Zone = "UTC"
    values: Mapping[str, k.Text] = {}
    """The system's word → ours."""
    entries: Entries | None = None
    language: v.Template = ""
    """The language of a plain text, where it is known."""
    separator: k.Text = ""
    """A list that is one text: what stands between."""
    to: v.Tree = None
    """What is sent, made of `{value}`, where it differs from what is read."""
    label: k.Text = ""


class Closed(Shape):
    at: v.Path
    any_of: Annotated[tuple[k.Text, ...], k.Listed(), Field(alias="is")]
    """The values that mean it; `true`, `false` and `null` are JSON's."""


class Rendition(Shape):
    name: k.Name = "original"
    address: v.Path
    """What `download` needs to open it; never an address that expires."""
    filename: v.Path | None = None
    version: v.Path | None = None
    """What differs for another file; the address if not given."""
    length: v.Path | None = None
    digest: v.Path | None = None
    """With its algorithm: `sha256:…`; see `algorithm`."""
    algorithm: Annotated[str, v.one_of("none", "md5", "sha1", "sha256")] = "none"
    """Put before a digest that comes without."""
    media_type: v.Path | None = None


class Relation(Shape):
    type: k.Text
    kind: k.Text
    at: v.Path
    """The id, or all ids (`images[].id`)."""


class Record(Shape):
    """One record of the system and the item it is."""

    id: v.Path
    revision: v.Path = "digest"
    """What differs whenever the record does; `digest` is computed from the record as it comes."""
    modified: Instant | None = None
    key: Key | None = None
    fields: Mapping[str, FieldShape] = {}
    hidden: tuple[Closed, ...] = ()
    """When one of our copies counts as hidden: any of these."""
    gone: tuple[Closed, ...] = ()
    """When a record counts as deleted: any of these."""
    renditions: tuple[Rendition, ...] = ()
    relations: tuple[Relation, ...] = ()
    length: v.Path | None = None
    """Bytes of the file that the item holds."""
    page: v.Template = ""
    """The system's own page for people, of `{settings.…}` and `{id}`."""


class LinkField(Shape):
    """A field of this kind that carries other items, such as a product's images."""

    of: k.Text
    """The kind of what is carried."""
    read: Fetch
    """The carrier `{id}`; `records` leads to the ids it carries."""
    attach: Work | None = None
    """Adds `{ref}` alone to `{id}`."""
    detach: Work | None = None
    write: Work | None = None
    """Instead of both: sets the whole list `{refs}`."""
    carriers: Fetch | None = None
    """The carriers of `{ref}`; `records` leads to their ids."""


class Discover(Work):
    """The tenant's own fields, for those with `match`."""

    records: v.Path = ""
    paging: None = None
    name: v.Template
    """The path of such a field in a record, of `{field.…}`: `values.{field.code}`."""
    label: v.Path = ""
    type: v.Path = ""
    types: Mapping[str, k.Text] = {}
    """The system's type → `text`, `number`, `boolean`, `date`, `instant`, `choice`, `reference`, `file`."""


class Kind(Shape):
    record: Record
    discover: Discover | None = None
    index: Listing | None = None
    changes: Changes | None = None
    fetch: Fetch | None = None
    download: Work | None = None
    """Opens a file by `{address}` and `{id}`; the address itself if not given."""
    download_base64: v.Path = ""
    """Where the bytes stand in the answer, as base64; such a file is read into memory."""
    find: Mapping[str, Find] = {}
    held: Fetch | None = None
    create: Write | None = None
    update: Write | None = None
    replace: Write | None = None
    """Another file for an item that is there."""
    upsert: Write | None = None
    """Instead of create and update, where the system itself goes by our key."""
    bulk: Bulk | None = None
    withdraw: Mapping[str, Work] = {}
    show: Work | None = None
    links: Mapping[str, LinkField] = {}


class Signature(Shape):
    header: v.Header
    algorithm: Annotated[str, v.one_of("sha256", "sha512", "sha1")] = "sha256"
    encoding: Annotated[str, v.one_of("hex", "base64")] = "hex"
    prefix: k.Text = ""


class HookEvent(Shape):
    when: v.Expression | None = None
    """Of `body` and `headers` (names in lower case)."""
    kind: k.Text
    each: v.Path = ""
    """Where several are named; the path of a list."""
    id: v.Path
    gone: k.Flag = False
    record: v.Path | None = None
    """The record itself, for a system that cannot be read back; the path of it, empty for all."""


class Hooks(Shape):
    signature: Signature | None = None
    """None: the secret address is the proof."""
    events: Annotated[tuple[HookEvent, ...], Field(min_length=1)]


class SetUp(Shape):
    """Something that must be there once. It is looked for before the first write, and made where it is not found."""

    title: k.Text
    find: Work
    """Nothing found, or `absent`: it is made. What is taken here and there is known as `{setup.NAME}`."""
    found: v.Path = ""
    """What is not empty where it is there."""
    make: Work


class Check(Work):
    """The cheapest call that needs good credentials."""

    product: v.Path = ""
    version: v.Path = ""
    account: v.Path = ""
    notes: k.Texts = ()


class Api(Shape):
    name: k.Text = ""
    version: k.Text = ""
    documents: k.Texts = ()
    not_used: k.Texts = ()


class Quality(Shape):
    tier: Annotated[str, v.one_of("draft", "solid", "proven")] = "draft"
    done: k.Texts = ()
    todo: k.Texts = ()


class About(Shape):
    """What it is and how far it is proven; shown in the reference."""

    summary: k.Text = ""
    kind: k.Text = ""
    api: Api = Api()
    quality: Quality = Quality()
    verified: k.Text = "never"
    excuses: Mapping[str, k.Text] = {}
    """Promises that cannot be kept, with the reason."""


class Definition(Shape):
    """A system, by declaration."""

    definition: k.Word
    """Its id: the connector's name."""
    title: k.Text
    about: About = About()
    settings: Mapping[k.Word, Setting] = {}
    base: v.Template
    """Where all addresses begin."""
    hosts: v.Hosts = ()
    """Hosts that are called besides that of `base`: `*.cdn.example`."""
    headers: v.Headers = Field(default_factory=dict)
    """Headers of every call."""
    auth: Auth = Auth(style="none")
    limits: Limits = Limits()
    graphql: Endpoint | None = None
    rpc: Endpoint | None = None
    languages: Mapping[str, k.Text] = {}
    """Our language tag → the system's (`de: de_DE`); others differ by `_` instead of `-` at most."""
    errors: Errors = Errors()
    check: Check
    setup: tuple[SetUp, ...] = ()
    kinds: Annotated[dict[k.Word, Kind], Field(min_length=1)]
    hooks: Hooks | None = None
