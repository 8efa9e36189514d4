"""What the documents of Consonance leave open: the one place to set it right for a real account."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from lockgate.kit.contract import setting

Count = Annotated[int, Field(ge=1, le=1000)]
Seconds = Annotated[float, Field(ge=0, le=3600)]


class Quirks(BaseModel):
    """Inferred behaviour, each with the guess that our sandbox shares. Everything else in this connector is documented."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    introspect: bool = setting(
        "Ask the account for its schema, and leave out of our reads what it lacks",
        default=True,
        help="Off: our own schema is taken for the account's.",
    )
    batch: Annotated[int, Field(ge=1, le=20)] = setting(
        "Records read in one request", default=20, help="Aliased look-ups; smaller where long requests are cut off."
    )
    overlap_days: Annotated[int, Field(ge=0, le=30)] = setting(
        "Days a poll looks back behind its own day",
        default=1,
        help="`changedSince` knows days only, in the account's time zone.",
    )
    graphql_path: str = setting("Path of the GraphQL interface", default="/graphql")
    rest_path: str = setting("Path of the REST list", default="/api/v4/products.json")
    sku: Literal["isbn", "id", "none"] = setting(
        "What stands for a SKU",
        default="isbn",
        help="isbn: the ISBN-13. id: the product's number. none: there is no SKU.",
    )
    contract_ends_rights: bool = setting(
        "A terminated contract ends the right to sell", default=True, help="`Work.contract` is a guess of ours."
    )
    file_marker: str = setting(
        "What marks our images in their file name", default="-lg", help="Followed by a digest of our key."
    )
    text_marker: str = setting(
        "What marks our texts in their internal version",
        default="Kept by Lockgate, key",
        help="Followed by a digest of our key.",
    )
    adopt_texts: bool = setting(
        "Take over a text of the same kind and products that somebody else wrote",
        default=False,
        help="Off: such a text is left alone and ours is refused, since both would go out.",
    )
    short_description_limit: Annotated[int, Field(ge=0)] = setting(
        "Longest short description in characters, 0 for no limit", default=350, help="What ONIX advises."
    )
    processing_seconds: Seconds = setting("How long an image may be worked on before we give up waiting", default=300.0)
    poll_seconds: Seconds = setting("Pause before we first ask whether an image is done; it grows", default=0.5)
    language: str = setting("Language of captions and texts we write, where we are given several", default="en")
