"""What public material on Content Server leaves open or every installation sets otherwise: the one place to set it right."""

from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_validator

from lockgate.kit.contract import setting
from lockgate.kit.paging import exact_totals

Count = Annotated[int, Field(ge=1, le=500)]


class Quirks(BaseModel):
    """Inferred behaviour and names, each with the guess that our sandbox shares."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    # keys
    nickname_prefix: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,30}$")] = setting(
        "How the nicknames begin by which our copies are found again",
        default="lockgate_",
        help="The rest is a digest of our key. Change it only while nothing is delivered.",
    )
    adopt_workspaces: bool = setting(
        "Use a workspace that somebody else made for the same business object",
        default=True,
        help="It gets our nickname; one that it had is replaced.",
    )

    # where documents go
    folders: dict[str, str] = setting(
        "Folder inside a workspace for each document type or kind of link",
        default={"documents": ""},
        help="Such as Contracts/Signed; the empty one is the workspace itself. What is not named here is taken for the folder's name.",
    )
    make_folders: bool = setting("Make folders that are not there", default=True)

    # reading
    document_types: tuple[int, ...] = setting(
        "Types of nodes that are read as documents", default=(144,), help="144 is a document, 749 an e-mail."
    )
    server_zone: str = setting(
        "Time zone of dates that come without one",
        default="UTC",
        help="Workspaces state their dates so; such as Europe/Berlin.",
    )
    list_size: Count = setting("Nodes a page of a folder", default=100)
    workspace_list_size: Count = setting("Workspaces a page", default=500, help="500 is the server's own limit.")
    member_list_size: Annotated[int, Field(ge=1, le=20)] = setting(
        "Users a page", default=20, help="20 is the server's own limit."
    )
    content_path: str = setting(
        "Where a version's bytes are read, with {id} and {version}",
        default="/api/v2/nodes/{id}/versions/{version}/content",
    )
    parts_from: Annotated[int, Field(ge=1)] = setting(
        "Bytes from which on a file is uploaded in parts, where the server takes parts",
        default=1_000_000_000,
        help="Smaller ones travel in one piece; servers and proxies before them refuse very long calls.",
    )
    read_renditions: bool = setting(
        "Read the renditions of documents, too", default=False, help="A call more for each document."
    )
    overlap_seconds: Annotated[float, Field(ge=1, le=3600)] = setting(
        "How far back a look for changes reaches beyond its own duration",
        default=5,
        help="A change may become visible later than one that was made after it.",
    )

    # texts
    language: str = setting("Language of texts that are kept in one language only", default="en")

    # refusals
    exact_totals: bool = exact_totals()
    taken: str = setting("Words by which a refusal tells that a name is taken", default="already exists")
    absent: tuple[str, ...] = setting(
        "Words by which a refusal tells that something is not there or hidden from us",
        default=(
            "the item you requested could not be accessed",
            "could not get a node",
            "could not locate node",
            "no exact match was found",
        ),
    )
    not_allowed: tuple[str, ...] = setting(
        "Words by which a refusal tells that a right is missing", default=("insufficient permission",)
    )
    kept: tuple[str, ...] = setting(
        "Words by which a refusal tells that records management keeps an item", default=("on hold", "is a record")
    )

    @field_validator("server_zone")
    @classmethod
    def is_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("Give a time zone such as Europe/Berlin") from error
        return value
