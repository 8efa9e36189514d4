"""What the documents of the Content API leave open: the one place to set it right for a real server."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Quirks(BaseModel):
    """Inferred behaviour, each with the guess that our sandbox shares. Everything else in this connector is documented."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    page_size: int = Field(
        200, ge=1, le=1000, title="Assets a page; 200 is what public clients use, no maximum is documented"
    )
    ids_per_search: int = Field(200, ge=1, le=1000, title="Asset ids in one search")
    hidden_is_403_with_entity: bool = Field(
        True, title="A missing or hidden asset is answered 403 with `entity`; without it 403 always means the account"
    )
    overlap_seconds: int = Field(300, ge=0, title="How far behind the newest change a poll looks again")
    versioned_filter: bool = Field(
        True, title="ASSET_VERSIONED_DATE_RANGE finds new versions that leave `modification` alone"
    )
    entity_type: str = Field("ASSET", title="`entityType` that asks for the fields of assets; empty leaves it out")
    reference_lookup: bool = Field(True, title="GET /collections?ids= names references whose name the server left out")
    checksum: Literal["auto", "none"] = Field(
        "auto", title="`fileChecksum`: recognise the algorithm by its length, or do not compare at all"
    )
    last_day_counts: bool = Field(False, title="`availability.to` includes the whole day it names")
    availability_absent: Literal["closed", "open"] = Field(
        "closed", title="What an asset without `availability` is: unknown is closed unless you know better"
    )
    signature_header: str = Field("X-CELUM-Signature", title="Header of the webhook signature")
    signature_prefix: str = Field("sha256=", title="What stands before the hex digest in it")
    asset_page: str = Field("", title="Address of an asset's page for people, with {id}; none is documented")
